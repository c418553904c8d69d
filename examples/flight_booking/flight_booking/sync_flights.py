"""Putting the day's flights on sale."""

from datetime import UTC, datetime
from typing import Any

from flight_booking.flights import key, table

DESTINATIONS = ("Amsterdam", "Berlin", "Lisbon", "London", "Madrid", "Paris", "Rome")
SEATS = 60


def sync_flights(event: dict[str, Any], context: Any) -> None:
    """Write a flight to each destination for the current date."""
    today = datetime.now(UTC).date().isoformat()
    with table().batch_writer() as batch:
        for destination in DESTINATIONS:
            batch.put_item(Item={**key(destination, today), "availableSeats": SEATS})
