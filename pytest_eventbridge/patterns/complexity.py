"""Whether the wildcards of a pattern are together too complex for EventBridge.

Core layer. What :mod:`wildcards <pytest_eventbridge.patterns.wildcards>` measures for one field is asked here of every
field of every alternative. A field that can only be reached past ``exists: false`` does not count. Alternatives
that hold wildcards are one in a field when every earlier field of theirs shares an equal term, for then the service
keeps their states together.

Source: event-ruler's wildcard complexity evaluator; verdicts of the TestEventPattern API.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_eventbridge.patterns.field import Field
from pytest_eventbridge.patterns.terms import (
    Absent,
    AnythingButMatching,
    Cidr,
    Number,
    NumericRange,
    Term,
    WildcardTerm,
)
from pytest_eventbridge.patterns.wildcards import COMPLEXITY_LIMIT, Wildcard, complexity

__all__ = ["COMPLEXITY_REFUSAL", "is_too_complex"]

COMPLEXITY_REFUSAL = (
    "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a "
    "wildcard character"
)


def is_too_complex(alternatives: Sequence[Sequence[Field]]) -> bool:
    """Return whether AWS refuses the pattern for its wildcards.

    Args:
        alternatives: Each alternative's fields in the order of their paths.
    """
    with_wildcards = [fields for fields in alternatives if any(_holds_wildcards(field) for field in fields)]
    for number in range(max((len(fields) for fields in with_wildcards), default=0)):
        for group in _groups([fields for fields in with_wildcards if _is_reachable(fields, number)], number):
            terms = {term.text: term for fields in group for term in fields[number].terms}
            single = [term.wildcard for term in terms.values() if isinstance(term, WildcardTerm)]
            lists = [excluded for term in terms.values() if (excluded := _excluded_wildcards(term))]
            if (single or lists) and complexity(single, lists) > COMPLEXITY_LIMIT:
                return True
    return False


def _is_reachable(fields: Sequence[Field], number: int) -> bool:
    if number >= len(fields):
        return False
    return all(any(term.__class__ is not Absent for term in field.terms) for field in fields[:number])


def _groups(alternatives: Sequence[Sequence[Field]], number: int) -> Iterator[list[Sequence[Field]]]:
    """Yield the alternatives that are one in a field."""
    groups: list[list[Sequence[Field]]] = []
    for fields in alternatives:
        mine = [group for group in groups if any(_merge(fields, other, number) for other in group)]
        groups = [group for group in groups if group not in mine]
        groups.append([fields, *(other for group in mine for other in group)])
    yield from groups


def _merge(one: Sequence[Field], other: Sequence[Field], number: int) -> bool:
    if one[number].path != other[number].path:
        return False
    return all(
        mine.path == theirs.path and (mine is theirs or not _keys(mine).isdisjoint(_keys(theirs)))
        for mine, theirs in zip(one[:number], other[:number], strict=True)
    )


def _keys(field: Field) -> set[object]:
    return {_key(term) for term in field.terms}


def _key(term: Term) -> object:
    if isinstance(term, Number) and term.value is not None:
        return term.value
    if isinstance(term, NumericRange) and term.is_equality:
        return float(term.text.removeprefix('{"numeric":["=",').removesuffix("]}"))
    if isinstance(term, Cidr):
        return term.addresses
    return term.text


def _holds_wildcards(field: Field) -> bool:
    return any(isinstance(term, WildcardTerm) or _excluded_wildcards(term) for term in field.terms)


def _excluded_wildcards(term: Term) -> list[Wildcard]:
    if not isinstance(term, AnythingButMatching):
        return []
    return [excluded.wildcard for excluded in term.excluded if isinstance(excluded, WildcardTerm)]
