"""The paths by which a target's input reaches into an event: AWS's small subset of JSONPath.

Core layer. ``$``, then any number of ``.name`` (letters, digits, ``_``, ``-``, ``/``), ``[n]`` and ``[*]``. Brackets
with names, slices, negative indexes and wildcards for members are refused by the service, whatever its
documentation says.

Source: InputPath and InputPathsMap in the EventBridge API reference; 22 recorded paths.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final, TypeAlias

from pytest_eventbridge.errors import InvalidInputError

__all__ = ["MISSING", "EventPath", "parse_event_path"]

PATH_LENGTH_LIMIT = 256

_PATH = re.compile(r"\$(?:\.[A-Za-z0-9_\-/]+|\[(?:[0-9]+|\*)\])*")
_STEP = re.compile(r"\.([A-Za-z0-9_\-/]+)|\[([0-9]+|\*)\]")


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()
"""What a path finds where the event has nothing; null is a value."""

_Step: TypeAlias = "str | int | None"


class EventPath:
    """A parsed path.

    Attributes:
        text: As written.
    """

    __slots__ = ("_steps", "text")

    def __init__(self, text: str, steps: tuple[_Step, ...]) -> None:
        """Take the steps: a member name, an index, or None for every element."""
        self.text = text
        self._steps = steps

    def find(self, event: Any) -> Any:
        """Return the value at the path, a list of values when it has ``[*]``, or :data:`MISSING`."""
        found, is_list = [event], False
        for step in self._steps:
            if step is None:
                is_list = True
                found = [element for value in found if isinstance(value, list) for element in value]
            else:
                found = [member for value in found if (member := _member(value, step)) is not MISSING]
        if not found:
            return MISSING
        return found if is_list else found[0]


def _member(value: Any, step: str | int) -> Any:
    if isinstance(step, int):
        return value[step] if isinstance(value, list) and step < len(value) else MISSING
    return value.get(step, MISSING) if isinstance(value, dict) else MISSING


@lru_cache(maxsize=4096)
def parse_event_path(text: str) -> EventPath:
    """Parse a path.

    Raises:
        InvalidInputError: EventBridge refuses it.
    """
    if len(text) > PATH_LENGTH_LIMIT or not _PATH.fullmatch(text):
        raise InvalidInputError(
            f"{text!r} is not a path into an event: allowed are '$', '.name' with letters, digits, '_', '-' and '/',"
            " '[0]' and '[*]'"
        )
    steps: list[_Step] = []
    for name, index in _STEP.findall(text):
        if name:
            steps.append(name)
        else:
            steps.append(None if index == "*" else int(index))
    return EventPath(text, tuple(steps))
