"""Instants as AWS takes and writes them.

Ground layer. Inside this package an instant is an aware datetime in UTC.
"""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta

from pytest_eventbridge.errors import InvalidInputError

__all__ = ["epoch_milliseconds", "epoch_seconds", "from_epoch", "instant", "iso_milliseconds", "iso_seconds"]


def instant(value: datetime | date | str | float) -> datetime:
    """Return the instant that a value means, read as boto3 reads timestamps.

    Args:
        value: An aware datetime; a naive one, which is UTC whatever the local zone; ISO 8601 text; or seconds since
            the epoch.

    Raises:
        InvalidInputError: the value is none of these.
    """
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return from_epoch(value)
    if isinstance(value, str):
        try:
            return instant(datetime.fromisoformat(value.strip()))
        except ValueError:
            pass
    raise InvalidInputError(
        f"{value!r} is not an instant: give a datetime, ISO 8601 text such as '2026-03-01T00:00:00Z',"
        " or seconds since the epoch"
    )


def from_epoch(seconds: float) -> datetime:
    """Return the instant that lies a number of seconds after 1970-01-01T00:00:00Z."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


def iso_seconds(value: datetime) -> str:
    """Write an instant as an envelope's ``time``: seconds, the fraction cut off."""
    in_utc = value if value.tzinfo is UTC else value.astimezone(UTC)
    return f"{in_utc.isoformat()[:19]}Z"


def iso_milliseconds(value: datetime) -> str:
    """Write an instant as ``aws.events.event.ingestion-time`` has it."""
    return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03d}Z"


def epoch_seconds() -> int:
    """Return the present instant as whole seconds since the epoch."""
    return int(datetime.now(UTC).timestamp())


def epoch_milliseconds(value: datetime) -> int:
    """Return an instant as whole milliseconds since the epoch."""
    return calendar.timegm(value.utctimetuple()) * 1000 + value.microsecond // 1000
