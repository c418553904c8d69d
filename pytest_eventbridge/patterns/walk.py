"""The walk over an event that decides whether a pattern matches, watched or not.

Core layer. Each alternative of a pattern is a list of fields that must all hold. Most events have at most one leaf at
each path and no array on the way; then :func:`settle` decides with a few dictionary look-ups, and says None when the
event is not so plain. Otherwise the leaves are found and searched (see ``leaves``). An observer is told of
every alternative; without one the walk ends at the first that matches.

Source: "Creating EventBridge event patterns" in the EventBridge user guide; event-ruler where it is silent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from pytest_eventbridge.json_text import decode, plain
from pytest_eventbridge.patterns.field import Field
from pytest_eventbridge.patterns.leaves import (
    SCALARS,
    Arrangement,
    Choice,
    FoundLeaf,
    NotPlainError,
    PathTree,
    RepeatedMembers,
    find_leaves,
    search,
)
from pytest_eventbridge.patterns.parser import Alternative

__all__ = ["Observer", "Program", "event_from"]

_MISSING = object()
_DETOUR_DEPTH = 6
"""Deeper paths have so many spellings with dotted member names that looking for each costs more than a search."""


class Observer(Protocol):
    """Who is told what the walk saw."""

    def alternative(self, fields: Sequence[Field], leaves: Mapping[str, Sequence[FoundLeaf]], choice: Choice) -> None:
        """Take note of one alternative, what was found for it, and how far it could be settled."""


class Program:
    """A pattern made ready to walk events."""

    __slots__ = ("_tree", "alternatives", "plans")

    def __init__(self, alternatives: Sequence[Alternative]) -> None:
        self.alternatives = tuple(
            tuple(alternative[path] for path in sorted(alternative, key=_utf16)) for alternative in alternatives
        )
        self.plans = tuple(_plan(fields) for fields in self.alternatives)
        self._tree: PathTree | None = None

    def matches(self, event: Mapping[str, Any]) -> bool:
        if event.__class__ is not dict:
            return self.walk(event)
        if len(self.plans) == 1:
            verdict = settle(self.plans[0], event)
            return self.walk(event) if verdict is None else verdict
        unsure = False
        for plan in self.plans:
            verdict = settle(plan, event)
            if verdict:
                return True
            unsure = unsure or verdict is None
        return unsure and self.walk(event)

    def walk(self, event: Mapping[str, Any], observer: Observer | None = None) -> bool:
        leaves = self._leaves(event)
        arranged: dict[Field, Arrangement] = {}
        matched = False
        for fields in self.alternatives:
            choice = search(fields, leaves, arranged)
            matched = matched or choice.settled == len(fields)
            if observer is not None:
                observer.alternative(fields, leaves, choice)
            elif matched:
                break
        return matched

    def _leaves(self, event: Mapping[str, Any]) -> dict[str, list[FoundLeaf]]:
        if self._tree is None:
            self._tree = PathTree(field.steps for fields in self.alternatives for field in fields)
        try:
            return find_leaves(self._tree, event)
        except NotPlainError:
            return find_leaves(self._tree, _plain_object(event))


def _utf16(path: str) -> bytes | str:
    return path.encode("utf-16-be", "surrogatepass")


def event_from(event: Mapping[str, Any] | str) -> Mapping[str, Any] | None:
    """Return an event as a mapping, decoding text; None when the text is not a JSON object."""
    if not isinstance(event, str):
        return event if isinstance(event, Mapping) else None
    try:
        decoded = decode(event, pairs=_object)
    except ValueError:
        return None
    return decoded if isinstance(decoded, dict) else None


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(members)
    return mapping if len(mapping) == len(members) else RepeatedMembers(members)


def _plain_object(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event in the types that ``json`` decodes to: an empty one when it contains itself."""
    try:
        converted = plain(event)
    except RecursionError:
        return {}
    return converted if isinstance(converted, dict) else {}


_Plan = tuple[tuple[str, ...], str, Any, bool, tuple[tuple[tuple[str, ...], str], ...]]


def _plan(fields: Sequence[Field]) -> tuple[_Plan, ...] | None:
    """Return what :func:`settle` needs of each field, shallow fields first; None when only a search will do."""
    plans = []
    for field in sorted(fields, key=_depth):
        steps = field.steps
        if len(steps) > _DETOUR_DEPTH or "" in steps:
            return None
        detours = tuple(
            (steps[:start], ".".join(steps[start:end]))
            for start in range(len(steps) - 1)
            for end in range(start + 2, len(steps) + 1)
        )
        plans.append((steps[:-1], steps[-1], field.accepts, field.allows_absence, detours))
    return tuple(plans)


def _depth(field: Field) -> int:
    return len(field.steps)


def settle(plan: tuple[_Plan, ...] | None, event: Mapping[str, Any]) -> bool | None:
    """Decide an alternative on an event that has at most one leaf a field; None when it is not that plain.

    A leaf outside arrays fits every other choice, so each field can be judged by itself.
    """
    if plan is None:
        return None
    for parents, name, accepts, allows_absence, detours in plan:
        holder: Any = event
        for step in parents:
            holder = holder.get(step)
            if holder.__class__ is not dict:
                break
        if holder.__class__ is dict:
            value = holder.get(name, _MISSING)
            if value.__class__ in SCALARS:
                if accepts(value):
                    continue
                if detours and _has_detour(detours, event):
                    return None
                return False
            if value is not _MISSING and value.__class__ is not dict:
                return None
        elif holder.__class__ not in SCALARS:
            return None
        if detours and _has_detour(detours, event):
            return None
        if not allows_absence:
            return False
    return True


def _has_detour(detours: tuple[tuple[tuple[str, ...], str], ...], event: Mapping[str, Any]) -> bool:
    """Whether the event spells part of the path with a dotted member name, so that more leaves may be found."""
    for parents, name in detours:
        holder: Any = event
        for step in parents:
            holder = holder.get(step)
            if holder.__class__ is not dict:
                break
        if holder.__class__ is dict and name in holder:
            return True
    return False
