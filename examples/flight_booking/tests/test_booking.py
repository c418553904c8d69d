"""Booking a flight, and what follows from it."""

import pytest
from flight_booking.register_booking import register_booking
from flight_booking.send_booking_receipt import send_booking_receipt

BOOKING = {"destination": "Rome", "flightDate": "2026-03-01", "numberOfSeats": 2, "email": "ann@example.com"}


def test_a_booking_is_answered_and_announced(eventbridge, airline):
    airline.offer("Rome", "2026-03-01", seats=10)

    assert airline.book(**BOOKING) == (200, "Flight booked")

    eventbridge.assert_event_published(source="bookFlight", detail_type="flightBooked", bus="flights", detail=BOOKING)


def test_a_booking_takes_its_seats(eventbridge, airline):
    airline.offer("Rome", "2026-03-01", seats=10)

    airline.book(**BOOKING)

    eventbridge.assert_function_invoked(register_booking, times=1)
    assert airline.seats("Rome", "2026-03-01") == 8


def test_the_passenger_gets_a_receipt(eventbridge, airline):
    airline.offer("Rome", "2026-03-01", seats=10)

    airline.book(**BOOKING)

    invocation = eventbridge.assert_function_invoked(send_booking_receipt, times=1)
    assert invocation.event["detail"]["email"] == "ann@example.com"
    assert airline.mails_sent() == 1


def test_two_seats_are_refused_when_one_is_left(eventbridge, airline):
    airline.offer("Rome", "2026-03-01", seats=1)

    assert airline.book(**BOOKING) == (400, "Not enough seats: 1 left")

    eventbridge.assert_nothing_published()
    assert airline.seats("Rome", "2026-03-01") == 1
    assert airline.mails_sent() == 0


def test_a_flight_that_does_not_exist_is_not_found(eventbridge, airline):
    assert airline.book(**BOOKING) == (404, "No flight to Rome on 2026-03-01")

    eventbridge.assert_nothing_published()


@pytest.mark.parametrize("missing", BOOKING)
def test_a_booking_needs_all_its_parameters(eventbridge, airline, missing):
    airline.offer("Rome", "2026-03-01", seats=10)
    incomplete = {name: value for name, value in BOOKING.items() if name != missing}

    status, message = airline.book(**incomplete)

    assert (status, message) == (
        400,
        "Parameters missing: destination, flightDate, numberOfSeats, email are required",
    )
    eventbridge.assert_nothing_published()


def test_two_bookings_of_the_last_seats_cannot_both_take_them(eventbridge, airline):
    airline.offer("Rome", "2026-03-01", seats=3)

    with eventbridge.hold():
        assert airline.book(**BOOKING)[0] == 200
        assert airline.book(**BOOKING)[0] == 200, "the seats are only taken when the event arrives"

    assert airline.seats("Rome", "2026-03-01") == 1
    second = eventbridge.function(register_booking).invocations.last
    assert "ConditionalCheckFailedException" in str(second.error)


def test_other_events_on_the_bus_book_nothing(eventbridge, airline):
    event = eventbridge.publish("bookFlight", "flightCancelled", BOOKING, bus="flights")

    eventbridge.assert_rule_not_matched("flight-booked")
    assert event.rules == []
