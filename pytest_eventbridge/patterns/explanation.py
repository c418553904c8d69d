"""Why a pattern matched an event, or why it did not: what a watched walk saw, in words.

Core layer.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pytest_eventbridge.errors import dotted_path
from pytest_eventbridge.json_text import compact
from pytest_eventbridge.patterns.field import Field
from pytest_eventbridge.patterns.leaves import Choice, FoundLeaf, place_of

__all__ = ["BranchExplanation", "Explanation", "FieldExplanation", "Reporter"]

_VALUES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class FieldExplanation:
    """What became of one field.

    Attributes:
        path: The field's path in the pattern.
        wanted: What its terms accept, in words.
        got: The event's leaves at that path as JSON, or why there are none.
        matches: Whether the field held, together with those before it.
        reason: The whole finding as one line.
    """

    path: str
    wanted: str
    got: str
    matches: bool
    reason: str

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True, slots=True)
class BranchExplanation:
    """What became of one alternative of a pattern: the whole of it, unless it has a ``$or``.

    Attributes:
        matches: Whether all fields held.
        fields: In the order of their paths.
    """

    matches: bool
    fields: tuple[FieldExplanation, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a pattern matched or not; true when it did, and printed field by field.

    Attributes:
        matches: The verdict.
        branches: One for each alternative that the pattern's ``$or`` expand to; one in all without ``$or``.
    """

    matches: bool
    branches: tuple[BranchExplanation, ...]

    def __bool__(self) -> bool:
        return self.matches

    @property
    def mismatches(self) -> tuple[FieldExplanation, ...]:
        """The fields that did not hold, of the branch that came nearest; empty when the pattern matched."""
        if self.matches or not self.branches:
            return ()
        nearest = min(self.branches, key=lambda branch: sum(not field.matches for field in branch.fields))
        return tuple(field for field in nearest.fields if not field.matches)

    def __str__(self) -> str:
        lines = ["matches" if self.matches else "does not match"]
        for number, branch in enumerate(self.branches, start=1):
            indent = "  "
            if len(self.branches) > 1:
                verdict = "matches" if branch.matches else "does not match"
                lines.append(f"  $or branch {number} of {len(self.branches)} {verdict}")
                indent = "    "
            lines += [f"{indent}{field.reason}" for field in branch.fields]
        return "\n".join(lines)


class Reporter:
    """An observer of the walk that puts what it is told into words."""

    def __init__(self, event: Mapping[str, Any]) -> None:
        self._event = event
        self.branches: list[BranchExplanation] = []

    def alternative(self, fields: Sequence[Field], leaves: Mapping[str, Sequence[FoundLeaf]], choice: Choice) -> None:
        """Take note of one alternative."""
        explained = []
        for number, field in enumerate(fields):
            found = leaves.get(field.path, ())
            if number < choice.settled:
                explained.append(self._held(field, choice.leaves[number]))
            elif number == choice.settled and _could_hold(field, found):
                explained.append(self._inconsistent(field, found, choice))
            elif _could_hold(field, found):
                explained.append(self._held(field, next((leaf for leaf in found if field.accepts(leaf.value)), None)))
            else:
                explained.append(self._missed(field, found))
        self.branches.append(BranchExplanation(choice.settled == len(fields), tuple(explained)))

    def _held(self, field: Field, leaf: FoundLeaf | None) -> FieldExplanation:
        place = dotted_path(place_of(leaf)) if leaf else field.path
        got = _json(leaf.value) if leaf else "no value"
        reason = f"{place}: matches, wanted {field.wanted}, got {got}"
        return FieldExplanation(field.path, field.wanted, got, matches=True, reason=reason)

    def _missed(self, field: Field, found: Sequence[FoundLeaf]) -> FieldExplanation:
        place = dotted_path(place_of(found[0])) if len(found) == 1 else field.path
        got = _shown(found) if found else self._missing(field)
        reason = f"{place}: wanted {field.wanted}, got {got}"
        return FieldExplanation(field.path, field.wanted, got, matches=False, reason=reason)

    def _inconsistent(self, field: Field, found: Sequence[FoundLeaf], choice: Choice) -> FieldExplanation:
        got = _shown(found)
        reason = (
            f"{field.path}: wanted {field.wanted}, got {got}, but not in the element that the fields before it hold in"
        )
        for chosen, other in ((a, b) for a in reversed(choice.leaves) if a for b in found if field.accepts(b.value)):
            place, wanted_place = place_of(chosen), _moved(place_of(other), place_of(chosen))
            if wanted_place:
                reason = (
                    f"{dotted_path(place)}: matches, but {dotted_path(wanted_place)} does not: both must hold in one"
                    f" element (wanted {field.wanted})"
                )
                break
        return FieldExplanation(field.path, field.wanted, got, matches=False, reason=reason)

    def _missing(self, field: Field) -> str:
        value: Any = self._event
        for position, step in enumerate(field.steps):
            parent = ".".join(field.steps[:position]) or "the event"
            if isinstance(value, list):
                return f"nothing: no element of {parent} has it"
            if not isinstance(value, Mapping):
                return f"nothing: {parent} is {_json(value)}, not an object"
            if step not in value:
                near = difflib.get_close_matches(step, [str(name) for name in value], n=1)
                hint = f", but {near[0]!r}" if near else ""
                return f"nothing: {parent} has no member {step!r}{hint}"
            value = value[step]
        return "no value, only an object or an empty array"


def _could_hold(field: Field, found: Sequence[FoundLeaf]) -> bool:
    if field.allows_absence and not found:
        return True
    return any(field.accepts(leaf.value) for leaf in found)


def _shown(found: Sequence[FoundLeaf]) -> str:
    values = list(dict.fromkeys(_json(leaf.value) for leaf in found))
    text = ", ".join(values[:_VALUES_SHOWN])
    return text if len(values) <= _VALUES_SHOWN else f"{text} and {len(values) - _VALUES_SHOWN} more"


def _json(value: Any) -> str:
    try:
        return compact(value)
    except ValueError:
        return str(value)


def _moved(place: tuple[str | int, ...], beside: tuple[str | int, ...]) -> tuple[str | int, ...] | None:
    """Return a place moved to the array element that another place goes through, if they part at an array."""
    for position, (step, other) in enumerate(zip(place, beside, strict=False)):
        if step != other:
            if isinstance(step, int) and isinstance(other, int):
                return (*place[:position], other, *place[position + 1 :])
            return None
    return None
