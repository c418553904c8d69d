"""Booking flights, with everything that follows a booking done by functions that hear of it."""
