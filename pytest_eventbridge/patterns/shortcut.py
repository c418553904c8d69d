"""The walk's short cut: deciding an alternative by going down its paths and the event together.

Core layer. Nearly every event spells each path in one way only. Then fields that pass through the same array lie in one
branch of the paths' tree, so "all in one element" is just "some element in which the whole branch holds", and nothing
has to be searched. Whatever may need the search (dotted or repeated member names in the event, ``exists: false`` inside
an array) is answered with None.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from pytest_eventbridge.patterns.field import Field
from pytest_eventbridge.patterns.leaves import SCALARS

__all__ = ["Branch", "branch_of", "holds"]

_MISSING = object()
_DOTTED_NAMES_LIMIT = 32
_NESTING_LIMIT = 50

_Member: TypeAlias = "tuple[str, Callable[[Any], bool] | None, bool, Branch | None]"


class Branch:
    """The fields at and below a place of the paths' tree.

    Attributes:
        members: For each member: its name; what accepts its leaf and whether the leaf may be absent; or its own branch.
        dotted_names: Member names with dots by which an event could reach into the branch in another way.
        has_absence: Whether some field in the branch may be absent.
        all_absent: Whether every field may be.
    """

    __slots__ = ("all_absent", "dotted_names", "has_absence", "members")

    def __init__(self, members: tuple[_Member, ...], dotted_names: tuple[str, ...]) -> None:
        self.members = members
        self.dotted_names = dotted_names
        self.has_absence: bool = any(branch.has_absence if branch else absent for _, _, absent, branch in members)
        self.all_absent: bool = all(branch.all_absent if branch else absent for _, _, absent, branch in members)


def branch_of(fields: Sequence[Field]) -> Branch | None:
    """Return the tree of an alternative's fields; None when only a search will do."""
    return _branch([(field.steps, field) for field in fields])


def _branch(fields: Sequence[tuple[Sequence[str], Field]]) -> Branch | None:
    below: dict[str, list[tuple[Sequence[str], Field]]] = {}
    for steps, field in fields:
        below.setdefault(steps[0], []).append((steps[1:], field))
    dotted = dict.fromkeys(
        ".".join(steps[:end]) for steps, _ in fields for end in range(2, min(len(steps), _DOTTED_NAMES_LIMIT) + 1)
    )
    if "" in below or len(dotted) > _DOTTED_NAMES_LIMIT:
        return None
    leaves: list[_Member] = []
    branches: list[_Member] = []
    for name, group in below.items():
        if not group[0][0]:
            leaves.append((name, group[0][1].accepts, group[0][1].allows_absence, None))
            if len(group) > 1:
                return None
            continue
        branch = _branch(group) if all(steps for steps, _ in group) else None
        if branch is None:
            return None
        branches.append((name, None, False, branch))
    return Branch((*leaves, *branches), tuple(dotted))


def holds(branch: Branch, members: dict[str, Any]) -> bool | None:
    """Return whether all fields of a branch hold in an object of the event; None when only a search can tell."""
    if branch.has_absence and _has_any(branch.dotted_names, members):
        return None
    for name, accepts, may_be_absent, below in branch.members:
        value = members.get(name, _MISSING)
        kind = value.__class__
        if accepts is not None:
            if kind in SCALARS:
                if accepts(value):
                    continue
            elif kind is list:
                if may_be_absent:
                    return None
                verdict = _some_leaf(accepts, value, _NESTING_LIMIT)
                if verdict:
                    continue
                if verdict is None:
                    return None
            elif value is _MISSING or kind is dict:
                if may_be_absent:
                    continue
            else:
                return None
        elif below is not None:
            if kind is dict:
                verdict = holds(below, value)
            elif kind is list:
                verdict = None if below.has_absence else _some_element(below, value, _NESTING_LIMIT)
            elif value is _MISSING or kind in SCALARS:
                verdict = below.all_absent
            else:
                return None
            if verdict:
                continue
            if verdict is None:
                return None
        return None if branch.dotted_names and _has_any(branch.dotted_names, members) else False
    return True


def _has_any(names: tuple[str, ...], members: dict[str, Any]) -> bool:
    for name in names:  # noqa: SIM110  # half the cost of any(), at every mismatch
        if name in members:
            return True
    return False


def _some_leaf(accepts: Callable[[Any], bool], elements: list[Any], nesting: int) -> bool | None:
    """Return whether some scalar in an array is accepted, however deep it lies."""
    unsure = False
    for element in elements:
        kind = element.__class__
        if kind in SCALARS:
            if accepts(element):
                return True
        elif kind is list and nesting:
            verdict = _some_leaf(accepts, element, nesting - 1)
            if verdict:
                return True
            unsure = unsure or verdict is None
        elif kind is not dict:
            unsure = True
    return None if unsure else False


def _some_element(branch: Branch, elements: list[Any], nesting: int) -> bool | None:
    """Return whether the whole branch holds in some element of an array, however deep it lies."""
    unsure = False
    for element in elements:
        kind = element.__class__
        if kind is dict:
            verdict = holds(branch, element)
        elif kind is list and nesting:
            verdict = _some_element(branch, element, nesting - 1)
        elif kind in SCALARS:
            continue
        else:
            verdict = None
        if verdict:
            return True
        unsure = unsure or verdict is None
    return None if unsure else False
