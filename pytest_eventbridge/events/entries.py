"""PutEvents entries: what EventBridge checks of each, and how large it is.

Core layer. An entry is refused alone, with an error in its place of the answer; only faults of the whole request
(their number and total size) refuse everything.

Source: PutEvents in the EventBridge API reference; "Calculating PutEvents event entry size" in the user guide;
error texts recorded from the service.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pytest_eventbridge.errors import InvalidInputError
from pytest_eventbridge.json_text import decode

__all__ = ["ENTRY_SIZE_LIMIT", "TIME_SIZE", "CheckedEntry", "EntryError", "check_entry", "entry_size"]

ENTRY_SIZE_LIMIT = 1_048_576
"""The sum of the sizes of a request's entries must be less than this many bytes (256 KiB until January 2026)."""

TIME_SIZE = 14
_INTEGER_LIMIT = 2**63
_NESTING_LIMIT = 1000


class EntryError(NamedTuple):
    """Why an entry was rejected: what the answer holds in its place."""

    code: str
    message: str


class CheckedEntry(NamedTuple):
    """An entry's decoded detail, or why it is rejected."""

    detail: dict[str, Any] | None
    error: EntryError | None


_MALFORMED = EntryError("MalformedDetail", "Detail is malformed.")
_RESERVED_SOURCE = EntryError("NotAuthorizedForSourceException", "Not authorized for the source.")


def check_entry(entry: Mapping[str, Any], *, reserved_sources: bool = False) -> CheckedEntry:
    """Check an entry as the service does, in the service's order.

    Args:
        entry: The members of a PutEventsRequestEntry.
        reserved_sources: Whether sources that begin with ``aws.`` may pass: only AWS itself sends those.
    """
    for member in ("Source", "DetailType", "Detail"):
        if not entry.get(member):
            message = f"Parameter {member} is not valid. Reason: {member} is a required argument."
            return CheckedEntry(None, EntryError("InvalidArgument", message))
    try:
        detail = decode(entry["Detail"])
    except ValueError:
        return CheckedEntry(None, _MALFORMED)
    if not isinstance(detail, dict) or not _is_representable(detail):
        return CheckedEntry(None, _MALFORMED)
    if entry["Source"].startswith("aws.") and not reserved_sources:
        return CheckedEntry(None, _RESERVED_SOURCE)
    return CheckedEntry(detail, None)


def _is_representable(detail: dict[str, Any]) -> bool:
    """Whether nesting and integers keep to the bounds that the API reference gives."""
    unvisited: list[tuple[Any, int]] = [(detail, 1)]
    while unvisited:
        value, depth = unvisited.pop()
        if isinstance(value, dict | list):
            if depth > _NESTING_LIMIT:
                return False
            members = value.values() if isinstance(value, dict) else value
            unvisited.extend((member, depth + 1) for member in members)
        elif not _is_finite_and_small(value):
            return False
    return True


def _is_finite_and_small(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, int) or -_INTEGER_LIMIT <= value < _INTEGER_LIMIT


def entry_size(entry: Mapping[str, Any]) -> int:
    """Return the size of an entry in bytes as EventBridge counts it.

    14 for Time when it is given, and the UTF-8 bytes of Source, DetailType, Detail (as sent, blanks included) and each
    item of Resources. EventBusName and TraceHeader count nothing.

    Raises:
        InvalidInputError: a member that counts is not text.
    """
    size = TIME_SIZE if entry.get("Time") is not None else 0
    for member in ("Source", "DetailType", "Detail"):
        size += _bytes(entry.get(member, ""), member)
    resources: Sequence[Any] = entry.get("Resources") or ()
    return size + sum(_bytes(resource, "Resources") for resource in resources)


def _bytes(text: Any, member: str) -> int:
    if not isinstance(text, str):
        raise InvalidInputError(f"entry member {member} must be text, got {type(text).__name__} {text!r}")
    return len(text.encode("utf-8", "surrogatepass"))
