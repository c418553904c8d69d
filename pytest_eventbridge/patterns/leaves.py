"""The leaves of an event that a pattern can see, and which of them may be chosen together.

Core layer. A leaf is a string, number, true, false or null at a path; arrays are flattened, whatever their depth.
*Array consistency*: on its way through an array to an element that is itself an object or an array, a leaf is pinned
to that element, and a pattern's fields may not be pinned to different elements of one array. So the fields are settled
in the order of their paths, by a search over *states*: a field's number and the pins so far, of those arrays only
that a later field passes through too. A state that was met before is never entered again. As the fields of one array
follow each other in that order, there are no more states than fields times elements, however the event is built.
(The exception is an event that spells one path in several ways, by dotted or repeated member names, each with arrays
of its own. To choose among those is the set cover problem, for which no fast way is known.)

Source: "Creating EventBridge event patterns" in the EventBridge user guide; event-ruler's ArrayMembership.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from pytest_eventbridge.patterns.field import Field
from pytest_eventbridge.patterns.terms import Leaf

__all__ = [
    "SCALARS",
    "Arrangement",
    "Choice",
    "FoundLeaf",
    "NotPlainError",
    "PathTree",
    "RepeatedMembers",
    "find_leaves",
    "place_of",
    "search",
]

SCALARS = frozenset({str, int, float, bool, type(None)})
"""The types of leaves, to be compared with the class of a value: no subclasses."""

NESTING_LIMIT = 1000
"""Arrays directly inside each other in an event; the service reads no more."""

_Place: TypeAlias = "tuple[Any, str | int] | None"
_Pins: TypeAlias = "tuple[tuple[int, int], ...]"


class RepeatedMembers(dict[str, Any]):
    """A JSON object whose text names a member more than once.

    Attributes:
        others: The members that the mapping itself lost.
    """

    __slots__ = ("others",)

    def __init__(self, members: list[tuple[str, Any]]) -> None:
        super().__init__(members)
        self.others = [(name, value) for name, value in members if self[name] is not value]


class FoundLeaf(NamedTuple):
    """A leaf of an event.

    Attributes:
        value: The scalar.
        pins: For each array on the way, from the outermost: the array's number and the element's index.
        place: How to reach it, from the last step backwards; see :func:`place_of`.
    """

    value: Leaf
    pins: _Pins
    place: _Place


class PathTree:
    """The paths of a pattern as a tree of their steps."""

    __slots__ = ("children", "path", "visits_empty_names")

    def __init__(self, paths: Iterable[Sequence[str]] = ()) -> None:
        """Build the tree.

        Args:
            paths: Each path's steps.
        """
        self.children: dict[str, PathTree] = {}
        self.path: str | None = None
        # A member named "" is only looked at when some path has an empty step that is not a trailing one.
        self.visits_empty_names = False
        for steps in paths:
            node = self
            for step in steps:
                node = node.children.setdefault(step, PathTree())
            node.path = ".".join(steps)
            self.visits_empty_names |= "" in node.path.rstrip(".").split(".") or not node.path

    def descend(self, name: str) -> PathTree | None:
        """Follow a member name that may hold dots."""
        node: PathTree | None = self
        for step in name.split("."):
            if node is None:
                return None
            node = node.children.get(step)
        return node


class NotPlainError(Exception):
    """The event holds something that no JSON decodes to, or lists nested without end."""


def find_leaves(tree: PathTree, event: Mapping[str, Any]) -> dict[str, list[FoundLeaf]]:
    """Return the event's leaves at each path of the tree, in the event's order.

    Raises:
        NotPlainError: a value on the way is of a type that JSON does not decode to.
    """
    leaves: dict[str, list[FoundLeaf]] = {}
    arrays = 0
    unvisited: list[tuple[PathTree, Any, _Pins, _Place, int]] = [(tree, event, (), None, 0)]
    while unvisited:
        node, value, pins, place, nesting = unvisited.pop()
        kind = value.__class__
        if kind in SCALARS:
            if node.path is not None:
                leaves.setdefault(node.path, []).append(FoundLeaf(value, pins, place))
        elif kind is dict or kind is RepeatedMembers:
            unvisited.extend(
                (child, member, pins, (place, name), 0)
                for name, child, member in _members_seen(node, value, visits_empty_names=tree.visits_empty_names)
            )
        elif kind is list and nesting < NESTING_LIMIT:
            # One element that can be pinned leaves no choice, so there is nothing to remember about it.
            pinning = sum(element.__class__ not in SCALARS for element in value) > 1
            arrays += 1
            for index in range(len(value) - 1, -1, -1):
                element = value[index]
                pinned = (*pins, (arrays, index)) if pinning and element.__class__ not in SCALARS else pins
                unvisited.append((node, element, pinned, (place, index), nesting + 1))
        else:
            raise NotPlainError
    return leaves


def _members_seen(
    node: PathTree, members: dict[str, Any], *, visits_empty_names: bool
) -> Iterator[tuple[str, PathTree, Any]]:
    others = members.others if isinstance(members, RepeatedMembers) else []
    for name, member in reversed([*members.items(), *others]):
        child = node.descend(name) if "." in name else node.children.get(name)
        if child is not None and (name or visits_empty_names):
            yield name, child, member


def place_of(leaf: FoundLeaf) -> tuple[str | int, ...]:
    """Return the member names and list positions that lead to a leaf."""
    steps: list[str | int] = []
    place = leaf.place
    while place is not None:
        place, step = place
        steps.append(step)
    return tuple(reversed(steps))


class Arrangement:
    """The leaves at a field's path, and those of them that the field accepts, by the arrays that they are pinned in."""

    __slots__ = ("accepted", "arrays", "present")

    def __init__(self, field: Field, leaves: Sequence[FoundLeaf]) -> None:
        self.present = _Branches()
        self.accepted = _Branches()
        for leaf in leaves:
            self.present.add(leaf)
            if field.accepts(leaf.value):
                self.accepted.add(leaf)
        self.arrays = frozenset(array for leaf in leaves for array, _ in leaf.pins)


class Choice(NamedTuple):
    """The outcome of a search.

    Attributes:
        settled: How many fields, in order, could be settled together.
        leaves: The leaf chosen for each of them; None where it held for want of a leaf.
    """

    settled: int
    leaves: tuple[FoundLeaf | None, ...]


class _Branches:
    """Leaves of one path, arranged by the arrays that they are pinned in."""

    __slots__ = ("arrays", "free")

    def __init__(self) -> None:
        self.free: FoundLeaf | None = None
        self.arrays: dict[int, dict[int, _Branches]] = {}

    def add(self, leaf: FoundLeaf) -> None:
        node = self
        for array, index in leaf.pins:
            node = node.arrays.setdefault(array, {}).setdefault(index, _Branches())
        node.free = node.free or leaf

    def any_consistent(self, pins: Mapping[int, int]) -> bool:
        return next(self.consistent(pins, frozenset()), None) is not None

    def consistent(self, pins: Mapping[int, int], relevant: frozenset[int]) -> Iterator[FoundLeaf]:
        """Yield the leaves that fit the pins, one for each way to pin the relevant arrays."""
        unvisited = [self]
        while unvisited:
            node = unvisited.pop()
            if node.free is not None:
                yield node.free
            for array, elements in node.arrays.items():
                if array in pins:
                    if pins[array] in elements:
                        unvisited.append(elements[pins[array]])
                elif array in relevant:
                    unvisited.extend(reversed(elements.values()))
                else:
                    unvisited.append(next(iter(elements.values())))


def search(
    fields: Sequence[Field], leaves: Mapping[str, Sequence[FoundLeaf]], arranged: dict[Field, Arrangement]
) -> Choice:
    """Choose a consistent leaf for every field.

    Args:
        fields: An alternative's fields in the order of their paths.
        leaves: What :func:`find_leaves` found.
        arranged: What is known of fields from other alternatives on the same event; added to.

    Returns:
        The choice that settles the most fields; all of them when the alternative matches.
    """
    for field in fields:
        if field not in arranged:
            arranged[field] = Arrangement(field, leaves.get(field.path, ()))
    relevant = _relevant_arrays([arranged[field] for field in fields])
    furthest = Choice(0, ())
    start = (0, frozenset[tuple[int, int]]())
    seen = {start}
    unexplored: list[tuple[tuple[int, frozenset[tuple[int, int]]], Any]] = [(start, None)]
    while unexplored:
        (number, pins), chosen = unexplored.pop()
        if number > furthest.settled:
            furthest = Choice(number, _unlinked(chosen))
        if number == len(fields):
            break
        pinned = dict(pins)
        ways: list[tuple[frozenset[tuple[int, int]], Any]] = [
            (pins | set(leaf.pins), (chosen, leaf))
            for leaf in arranged[fields[number]].accepted.consistent(pinned, relevant[number + 1])
        ]
        if fields[number].allows_absence and not arranged[fields[number]].present.any_consistent(pinned):
            ways.append((pins, (chosen, None)))
        for all_pins, way in reversed(ways):
            kept = frozenset(pin for pin in all_pins if pin[0] in relevant[number + 1])
            state = (number + 1, kept)
            if state not in seen:
                seen.add(state)
                unexplored.append((state, way))
    return furthest


def _relevant_arrays(arrangements: Sequence[Arrangement]) -> list[frozenset[int]]:
    """Return for each field's number the arrays that this field or a later one passes through."""
    relevant = [frozenset[int]()]
    for arrangement in reversed(arrangements):
        relevant.append(relevant[-1] | arrangement.arrays if arrangement.arrays else relevant[-1])
    return relevant[::-1]


def _unlinked(chosen: Any) -> tuple[FoundLeaf | None, ...]:
    leaves = []
    while chosen is not None:
        chosen, leaf = chosen
        leaves.append(leaf)
    return tuple(reversed(leaves))
