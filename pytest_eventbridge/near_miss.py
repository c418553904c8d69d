"""The recorded event that came nearest to a wanted one, and how it differs, in words.

Harness layer. Events are ranked by how many parts of the filter agree, then by how alike the texts are that differ,
then by how few places differ, then by recency.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import Any

from pytest_eventbridge.json_text import compact
from pytest_eventbridge.recording.filters import NOTHING, Difference, EventFilter, Part
from pytest_eventbridge.recording.records import PublishedEvent

__all__ = [
    "near_miss_lines",
    "nearest_event",
    "rejection_hint",
    "value_with_type",
    "wanted_and_got",
]

_DIFFERENCES_SHOWN = 8
_VALUE_LENGTH = 60
_LIKELY_MISSPELT = 0.7
_COMPARED_LENGTH = 400
_COMPARED_EVENTS = 500


def nearest_event(wanted: EventFilter, events: Sequence[PublishedEvent]) -> tuple[PublishedEvent, list[Part]] | None:
    """Return the event that comes nearest to a filter, with its parts held against it; None without events."""
    ranked = [(event, wanted.parts(event)) for event in events]
    most = max((_agreeing(parts) for _, parts in ranked), default=0)
    # Comparing texts is slow, and only needed to choose among those that agree in as many parts.
    best = [(event, parts) for event, parts in ranked if _agreeing(parts) == most][-_COMPARED_EVENTS:]
    return max(best, key=_closeness, default=None)


def _agreeing(parts: Sequence[Part]) -> int:
    return sum(part.agrees for part in parts)


def _closeness(candidate: tuple[PublishedEvent, list[Part]]) -> tuple[float, int, int]:
    event, parts = candidate
    differences = [difference for part in parts for difference in part.differences]
    return sum(map(_likeness, differences)), -len(differences), event.number


def _likeness(difference: Difference) -> float:
    """How alike two texts are, so that a misspelt source outranks a different one."""
    wanted, got = difference.wanted, difference.got
    if not isinstance(wanted, str) or not isinstance(got, str) or len(wanted) + len(got) > _COMPARED_LENGTH:
        return 0.0
    return difflib.SequenceMatcher(None, wanted, got).ratio()


def near_miss_lines(wanted: EventFilter, events: Sequence[PublishedEvent]) -> Iterator[str]:
    """Yield the lines of a failure that show the nearest event and offer what to try."""
    nearest = nearest_event(wanted, events)
    if nearest is None:
        yield "  hint      nothing was published at all: was the code under test called, and with this AWS Region?"
        return
    event, parts = nearest
    summary = f"{_agreeing(parts)} of {len(parts)} parts agree" if parts else "no parts were asked for"
    yield f"  closest   event {event.number}: {summary}"
    shown = [difference for part in parts for difference in part.differences]
    width = max((len(difference.path) for difference in shown[:_DIFFERENCES_SHOWN]), default=0)
    for difference in shown[:_DIFFERENCES_SHOWN]:
        yield f"              {difference.path:<{width}}   {wanted_and_got(difference)}"
    if len(shown) > _DIFFERENCES_SHOWN:
        yield f"              and {len(shown) - _DIFFERENCES_SHOWN} more differences"
    yield f"            published {event.origin}"
    hint = _hint(shown)
    if event.rejection is not None:
        code, message = event.rejection
        yield f"            rejected with {code}: {message}"
        hint = rejection_hint(code) or hint
    if hint:
        yield f"  hint      {hint}"


_REJECTION_HINTS = {
    "InvalidArgument": "Source, DetailType and Detail must all be given, and not be empty",
    "MalformedDetail": "Detail is the text of a JSON object: json.dumps({...})",
    "NotAuthorizedForSourceException": "sources that begin with 'aws.' are AWS's own: in a test,"
    " eventbridge.publish_service_event() sends them",
}


def rejection_hint(code: str) -> str | None:
    """Return what to change about an entry that was rejected with a code, if that is known."""
    return _REJECTION_HINTS.get(code)


def wanted_and_got(difference: Difference) -> str:
    """Write both sides of a difference, with their types when those differ."""
    wanted, got = difference.wanted, difference.got
    if _kind(wanted) != _kind(got) and NOTHING not in (wanted, got):
        return f"wanted {value_with_type(wanted)}   got {value_with_type(got)}"
    return f"wanted {_shown(wanted)}   got {_shown(got)}"


def _hint(differences: Sequence[Difference]) -> str | None:
    for difference in differences:
        wanted, got = difference.wanted, difference.got
        if difference.path in ("source", "detail_type", "bus") and _likeness(difference) > _LIKELY_MISSPELT:
            return f"did you mean {difference.path}={got!r}?"
        if isinstance(got, str) and wanted is not NOTHING and not isinstance(wanted, str) and str(wanted) == got:
            return f"{difference.path} is text in the event: JSON keeps numbers and text apart"
    if [difference.path for difference in differences] == ["bus"]:
        got = differences[0].got
        return f"it was published on bus {got!r} instead: EventBusName decides, and without it the bus is 'default'"
    return None


def value_with_type(value: Any) -> str:
    """Write a value with the JSON type that it has, for messages in which the types differ."""
    kind = _kind(value)
    return f"{_shown(value)} ({kind})" if kind else _shown(value)


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    for types, name in (((int, float), "number"), ((str,), "string"), ((list, tuple), "array"), ((dict,), "object")):
        if isinstance(value, types):
            return name
    return ""


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        try:
            text = compact(value)
        except (TypeError, ValueError):
            text = repr(value)
    else:
        text = repr(value)
    return text if len(text) <= _VALUE_LENGTH else text[: _VALUE_LENGTH - 3] + "..."
