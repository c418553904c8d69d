"""The API: a booking is checked and announced; what follows from it, others do."""

import json
import os
from typing import Any

import boto3

from flight_booking.flights import seats_left

events = boto3.client("events")

_PARAMETERS = ("destination", "flightDate", "numberOfSeats", "email")


def book_flight(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer an API Gateway proxy event: 200 when the flight is booked, else 400 or 404."""
    booking = _parameters(event.get("body"))
    if booking is None:
        return _answer(400, f"Parameters missing: {', '.join(_PARAMETERS)} are required")
    left = seats_left(booking["destination"], booking["flightDate"])
    if left is None:
        return _answer(404, f"No flight to {booking['destination']} on {booking['flightDate']}")
    if left < booking["numberOfSeats"]:
        return _answer(400, f"Not enough seats: {left} left")
    events.put_events(
        Entries=[
            {
                "Source": "bookFlight",
                "DetailType": "flightBooked",
                "Detail": json.dumps(booking),
                "EventBusName": os.environ["EVENT_BUS_NAME"],
            }
        ]
    )
    return _answer(200, "Flight booked")


def _parameters(body: str | None) -> dict[str, Any] | None:
    try:
        given = json.loads(body or "{}")
        booking = {name: given[name] for name in _PARAMETERS}
        booking["numberOfSeats"] = int(booking["numberOfSeats"])
    except (KeyError, TypeError, ValueError):
        return None
    return booking


def _answer(status: int, message: str) -> dict[str, Any]:
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps({"message": message}),
    }
