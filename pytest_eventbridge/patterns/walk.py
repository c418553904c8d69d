"""The walk over an event that decides whether a pattern matches, watched or not.

Core layer. Each alternative of a pattern is a list of fields that must all hold. The event's leaves at the pattern's
paths are found, and a consistent choice among them is searched for (see ``leaves``). An observer is told of every
alternative; without one the walk ends at the first that matches, and takes a short cut where it can (see ``shortcut``).

Source: "Creating EventBridge event patterns" in the EventBridge user guide; event-ruler where it is silent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from pytest_eventbridge.json_text import decode, plain
from pytest_eventbridge.patterns.field import Field
from pytest_eventbridge.patterns.leaves import (
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
from pytest_eventbridge.patterns.shortcut import branch_of, holds

__all__ = ["Observer", "Program", "event_from"]


class Observer(Protocol):
    """Who is told what the walk saw."""

    def alternative(self, fields: Sequence[Field], leaves: Mapping[str, Sequence[FoundLeaf]], choice: Choice) -> None:
        """Take note of one alternative, what was found for it, and how far it could be settled."""


class Program:
    """A pattern made ready to walk events."""

    __slots__ = ("_branches", "_tree", "alternatives")

    def __init__(self, alternatives: Sequence[Alternative]) -> None:
        self.alternatives = tuple(
            tuple(alternative[path] for path in sorted(alternative, key=_utf16)) for alternative in alternatives
        )
        self._branches = tuple(branch_of(fields) for fields in self.alternatives)
        self._tree: PathTree | None = None

    def matches(self, event: Mapping[str, Any]) -> bool:
        if event.__class__ is not dict:
            return self.walk(event)
        unsure = False
        for branch in self._branches:
            verdict = holds(branch, event) if branch is not None else None
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
