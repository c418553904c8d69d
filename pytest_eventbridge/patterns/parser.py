"""From the text of an event pattern to the alternatives that it stands for, or to the reason why AWS refuses it.

Core layer. A pattern without ``$or`` is one alternative: a set of fields that must all hold. A ``$or`` is expanded in
document order into flat alternatives, in which the last list written for a path counts: fields before it are defaults
that a branch may overwrite, fields after it overwrite the branches. Paths are member names joined by dots, so a
member ``a.b`` and a member ``b`` inside ``a`` are the same field.

Source: "Creating EventBridge event patterns" in the EventBridge user guide; event-ruler's JsonRuleCompiler.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from pytest_eventbridge.errors import InvalidEventPatternError
from pytest_eventbridge.patterns.field import Field
from pytest_eventbridge.patterns.operators import compares_numbers, term_of
from pytest_eventbridge.patterns.text import Members, Place, RefusalError, decode, located, refuse

__all__ = ["ALTERNATIVE_LIMIT", "RESERVED_IN_OR", "TEXT_LIMIT", "Alternative", "parse"]

TEXT_LIMIT = 4096
"""Characters in a pattern: the bound of the API model. (The default quota, 2,048, can be raised to it.)"""

ALTERNATIVE_LIMIT = 1000
"""Flat alternatives that the ``$or`` of one pattern may expand into."""

Alternative: TypeAlias = "dict[str, Field]"

RESERVED_IN_OR = frozenset(
    {
        "exactly",
        "equals-ignore-case",
        "prefix",
        "suffix",
        "anything-but",
        "exists",
        "wildcard",
        "numeric",
        "cidr",
        "=",
        "<",
        "<=",
        ">",
        ">=",
        "regex",
        "not-wildcard",
        "not-equals-ignore-case",
        "date-after",
        "date-on-or-after",
        "date-before",
        "date-on-or-before",
        "in-date-range",
        "ip-address-in-range",
        "ip-address-not-in-range",
    }
)


def parse(text: str) -> list[Alternative]:
    """Parse an event pattern.

    Returns:
        Its alternatives, of which one must match; each maps paths to fields, which must all hold.

    Raises:
        InvalidEventPatternError: AWS refuses the pattern.
    """
    if len(text) > TEXT_LIMIT:
        raise InvalidEventPatternError(
            f"the pattern has {len(text)} characters: Member must have length less than or equal to {TEXT_LIMIT}"
        )
    root = decode(text)
    try:
        if root.__class__ is not Members:
            refuse("Filter is not an object", ())
        return _expand(root, (), "", [{}], inside_or=False)
    except RefusalError as refusal:
        raise located(refusal, text) from None


def _expand(
    members: Members, place: Place, prefix: str, alternatives: list[Alternative], *, inside_or: bool
) -> list[Alternative]:
    """Write the members of an object into each alternative; nested objects wait on a stack, for they may be deep."""
    if not members:
        refuse("Empty objects are not allowed", place)
    unfinished = [(iter(enumerate(members)), place, prefix)]
    while unfinished:
        entries, place, prefix = unfinished[-1]
        for ordinal, (name, value) in entries:
            here = (*place, (ordinal, name))
            if name == "$or":
                alternatives = _expand_or(value, here, prefix, alternatives)
                continue
            if inside_or and name in RESERVED_IN_OR:
                refuse(f"{name} is Ruler reserved fieldName which cannot be used inside $or.", here)
            path = f"{prefix}.{name}" if prefix else name
            if value.__class__ is list:
                field = _field(path, value, here)
                for alternative in alternatives:
                    alternative[path] = field
            elif value.__class__ is Members:
                if not value:
                    refuse("Empty objects are not allowed", here)
                unfinished.append((iter(enumerate(value)), here, path))
                break
            else:
                refuse(f'"{name}" must be an object or an array', here)
        else:
            unfinished.pop()
    return alternatives


def _expand_or(branches: Any, place: Place, prefix: str, alternatives: list[Alternative]) -> list[Alternative]:
    if branches.__class__ is not list:
        refuse("It must be an Array followed with $or.", place)
    expanded: list[Alternative] = []
    for index, branch in enumerate(branches):
        here = (*place, (index, index))
        if branch.__class__ is not Members:
            refuse("Only JSON object is allowed in array of $or relationship.", here)
        copies = [dict(alternative) for alternative in alternatives]
        expanded += _expand(branch, here, prefix, copies, inside_or=True)
        if len(expanded) > ALTERNATIVE_LIMIT:
            refuse(f"Or operator is producing over {ALTERNATIVE_LIMIT} rule combinations", place, located=False)
    if len(branches) < 2:
        refuse("There must have at least 2 Objects in $or relationship.", place)
    return expanded


def _field(path: str, values: list[Any], place: Place) -> Field:
    if not values:
        refuse("Empty arrays are not allowed", place)
    walks_numbers = not any(compares_numbers(value) for value in values)
    terms = [term_of(value, place, index, walks_numbers=walks_numbers) for index, value in enumerate(values)]
    return Field(path, terms)
