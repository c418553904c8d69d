"""The table of flights: who flies where, when, and how many seats are left."""

import os
from typing import Any

import boto3

dynamodb = boto3.resource("dynamodb")


def table() -> Any:
    return dynamodb.Table(os.environ["FLIGHTS_TABLE"])


def key(destination: str, date: str) -> dict[str, str]:
    return {"PK": f"DESTINATION#{destination}", "SK": date}


def seats_left(destination: str, date: str) -> int | None:
    """Return how many seats a flight has left, or None when there is no such flight."""
    flight = table().get_item(Key=key(destination, date)).get("Item")
    return None if flight is None else int(flight["availableSeats"])
