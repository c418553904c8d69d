"""Taking the seats of a booking."""

from typing import Any

from flight_booking.flights import key, table


def register_booking(event: dict[str, Any], context: Any) -> None:
    """Count a flight's seats down; when another booking was faster, nothing is taken and the invocation fails."""
    booking = event["detail"]
    table().update_item(
        Key=key(booking["destination"], booking["flightDate"]),
        UpdateExpression="SET availableSeats = availableSeats - :seats",
        ConditionExpression="availableSeats >= :seats",
        ExpressionAttributeValues={":seats": booking["numberOfSeats"]},
    )
