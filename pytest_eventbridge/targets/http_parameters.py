"""The parameters that a target and a connection give an HTTP request: path, headers, query and body.

Adapter layer. A target's values may be paths into the event, which stand for what they find there. Where a connection
and a target give the same parameter, the connection's counts.

Source: HttpParameters and ConnectionHttpParameters in the EventBridge API reference; "Dynamic path parameters" in the
user guide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from pytest_eventbridge.errors import InvalidInputError
from pytest_eventbridge.events.event_paths import MISSING, parse_event_path
from pytest_eventbridge.json_text import compact
from pytest_eventbridge.recording.records import Delivery

__all__ = ["HttpParameters", "filled_path", "pairs"]


class HttpParameters:
    """A target's own parameters, filled from the event that is delivered."""

    def __init__(self, delivery: Delivery) -> None:
        """Read them."""
        given: Mapping[str, Any] = delivery.target.get("HttpParameters") or {}
        event = delivery.event.envelope

        def filled(values: Mapping[str, str]) -> dict[str, str]:
            return {name: _filled(value, event) for name, value in values.items()}

        self.path = [_filled(value, event) for value in given.get("PathParameterValues") or ()]
        self.headers = filled(given.get("HeaderParameters") or {})
        self.query = filled(given.get("QueryStringParameters") or {})


def _filled(value: str, event: Any) -> str:
    if not value.startswith("$."):
        return value
    try:
        found = parse_event_path(value).find(event)
    except InvalidInputError:  # a value that only looks like a path
        return value
    if found is MISSING or found is None:
        return ""
    return found if isinstance(found, str) else compact(found)


def filled_path(path: str, values: Iterable[str]) -> str:
    """Return a path with each ``*`` replaced by a value, in order; a ``*`` too many stays."""
    for value in values:
        path = path.replace("*", quote(value, safe=""), 1)
    return path


def pairs(parameters: Mapping[str, Any], kind: str) -> dict[str, str]:
    """Return a connection's parameters of a kind, such as ``HeaderParameters``, by name."""
    return {each["Key"]: each["Value"] for each in parameters.get(kind) or () if "Value" in each}
