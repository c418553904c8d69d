"""The operators of the pattern language: from what stands in a field's list to terms.

Core layer. Each function reads one operator's operand and refuses what AWS refuses, in AWS's words and order.

Source: "Comparison operators in EventBridge event patterns" in the user guide; refusals recorded from TestEventPattern;
event-ruler where those are silent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytest_eventbridge.patterns.addresses import InvalidRangeError, address_digits, parse_range
from pytest_eventbridge.patterns.numbers import comparable_literal
from pytest_eventbridge.patterns.terms import (
    Absent,
    Address,
    AnythingBut,
    AnythingButMatching,
    Cidr,
    Constant,
    EqualsIgnoreCase,
    ExactString,
    Number,
    NumberText,
    NumericRange,
    Prefix,
    Present,
    Suffix,
    Term,
    WildcardTerm,
)
from pytest_eventbridge.patterns.text import Members, Place, refuse
from pytest_eventbridge.patterns.wildcards import InvalidWildcardError, Wildcard

__all__ = ["compares_numbers", "term_of"]

_LOWER_BOUNDS = (">", ">=")
_UPPER_BOUNDS = ("<", "<=")
_OPERAND_NAMES = {"=": "equals"}


def term_of(value: Any, place: Place, index: int, *, walks_numbers: bool) -> Term:
    """Return the term that an element of a field's list stands for.

    Args:
        value: The element.
        place: The list's place.
        index: Where in the list it is.
        walks_numbers: Whether ``cidr`` walks the digits of JSON numbers.
    """
    if value.__class__ is str:
        digits = address_digits(value)
        return ExactString(value) if digits is None else Address(value, digits)
    if value.__class__ is NumberText:
        return Number(value)
    here = (*place, (index, index))
    if value.__class__ is Members:
        return _operator(value, here, walks_numbers=walks_numbers)
    if value.__class__ is list:
        refuse("Match value must be String, number, true, false, or null", here)
    return Constant(value)


def _operator(members: Members, place: Place, *, walks_numbers: bool) -> Term:
    if not members:
        refuse("Match expression name not found", place)
    name, operand = members[0]
    here = (*place, (0, name))
    if name == "cidr":
        term: Term = _cidr(operand, here, walks_numbers=walks_numbers)
    else:
        parse_operand = _OPERATORS.get(name)
        if parse_operand is None:
            refuse(f"Unrecognized match type {name}", here)
        term = parse_operand(operand, here)
    if len(members) > 1:
        takes_list = name in ("numeric", "anything-but")
        refuse(
            "Too many elements in numeric expression" if takes_list else "Only one key allowed in match expression",
            (*place, (1, members[1][0])),
        )
    return term


def _exactly(operand: Any, place: Place) -> Term:
    if operand.__class__ is not str:
        refuse("exact match pattern must be a string", place)
    return ExactString(operand, operator="exactly")


def _exists(operand: Any, place: Place) -> Term:
    if not isinstance(operand, bool):
        refuse("exists match pattern must be either true or false.", place)
    return Present() if operand else Absent()


def _equals_ignore_case(operand: Any, place: Place) -> EqualsIgnoreCase:
    if operand.__class__ is not str:
        refuse("equals-ignore-case match pattern must be a string", place)
    return EqualsIgnoreCase(operand)


def _prefix(operand: Any, place: Place) -> Prefix:
    text, ignore_case = _affix("prefix", operand, place)
    return Prefix(text, ignore_case=ignore_case)


def _suffix(operand: Any, place: Place) -> Suffix:
    text, ignore_case = _affix("suffix", operand, place)
    return Suffix(text, ignore_case=ignore_case)


def _affix(operator: str, operand: Any, place: Place) -> tuple[str, bool]:
    """Read the operand of prefix or suffix: a string, or one whose case is ignored."""
    if operand.__class__ is str:
        return operand, False
    if operand.__class__ is not Members:
        refuse(f"{operator} match pattern must be a string", place)
    if not operand:
        refuse(f"{operator.capitalize()} expression name not found", place)
    name, text = operand[0]
    if name != "equals-ignore-case":
        refuse(f"Unsupported {operator} pattern: {name}", (*place, (0, name)))
    if text.__class__ is not str:
        refuse("equals-ignore-case match pattern must be a string", (*place, (0, name)))
    if len(operand) > 1:
        refuse("Only one key allowed in match expression", (*place, (1, operand[1][0])))
    return text, True


def _wildcard(operand: Any, place: Place) -> WildcardTerm:
    if operand.__class__ is not str:
        refuse("wildcard match pattern must be a string", place)
    try:
        return WildcardTerm(Wildcard(operand))
    except InvalidWildcardError as error:
        refuse(str(error), place)


def _cidr(operand: Any, place: Place, *, walks_numbers: bool) -> Term:
    if operand.__class__ is not str:
        refuse("prefix match pattern must be a string", place)
    try:
        return Cidr(parse_range(operand), operand, walks_numbers=walks_numbers)
    except InvalidRangeError as error:
        refuse(str(error), place, located=False)


def _shown(value: Any) -> str:
    """Write a value as the service names it in a refusal: the text that its reader stands on."""
    if value.__class__ is list:
        return "["
    if value.__class__ is Members:
        return "{"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)


def _numeric(operand: Any, place: Place) -> NumericRange:
    if operand.__class__ is not list:
        refuse("Value of numeric must be an array.", place)
    operator = operand[0] if operand else "]"
    if operator.__class__ is not str or not operand:
        refuse(f"Invalid member in numeric match: {_shown(operator)}", _element(place, 0, operand))
    if operator not in ("=", *_LOWER_BOUNDS, *_UPPER_BOUNDS):
        refuse(f"Unrecognized numeric range operator: {operator}", _element(place, 0, operand))
    bound = operand[1] if len(operand) > 1 else None
    if bound.__class__ is not NumberText:
        refuse(f"Value of {_OPERAND_NAMES.get(operator, operator)} must be numeric", _element(place, 1, operand))
    comparisons = [(operator, _comparable(bound, _element(place, 1, operand)))]
    if len(operand) > 2:
        if operator not in _LOWER_BOUNDS:
            refuse("Too many elements in numeric expression", _element(place, 2, operand))
        comparisons.append(_upper_bound(operand, place))
        if not float(comparisons[0][1]) < float(comparisons[1][1]):
            refuse("Bottom must be less than top", place)
    return NumericRange(comparisons)


def _upper_bound(operand: list[Any], place: Place) -> tuple[str, NumberText]:
    operator = operand[2]
    if operator.__class__ is not str:
        refuse(f"Bad value in numeric range: {_shown(operator)}", _element(place, 2, operand))
    if operator not in _UPPER_BOUNDS:
        refuse(f"Bad numeric range operator: {operator}", _element(place, 2, operand))
    bound = operand[3] if len(operand) > 3 else None
    if bound.__class__ is not NumberText:
        refuse(f"Value of {operator} must be numeric", _element(place, 3, operand))
    if len(operand) > 4:
        refuse("Too many terms in numeric range expression", _element(place, 4, operand))
    return operator, _comparable(bound, _element(place, 3, operand))


def _element(place: Place, index: int, elements: list[Any]) -> Place:
    """Return the place of an element, or of its array when the array is too short to have it."""
    return (*place, (index, index)) if index < len(elements) else place


def _comparable(number: NumberText, place: Place, *, located: bool = True) -> NumberText:
    if comparable_literal(number) is None:
        refuse(f"Cannot compare number : {number}", place, located=located)
    return number


def _anything_but(operand: Any, place: Place) -> Term:
    if operand.__class__ is NumberText:
        return AnythingBut([_comparable(operand, place, located=False)], is_list=False)
    if operand.__class__ is str:
        return AnythingBut([operand], is_list=False)
    if operand.__class__ is list:
        return _anything_but_list(operand, place)
    if operand.__class__ is not Members:
        refuse("Value of anything-but must be an array or single string/number value.", place)
    if not operand:
        refuse("Anything-But expression name not found", place)
    operator, values = operand[0]
    here = (*place, (0, operator))
    parse_operand = _EXCLUDING_OPERATORS.get(operator)
    if parse_operand is None:
        refuse(f"Unsupported anything-but pattern: {operator}", here)
    is_list = values.__class__ is list
    if not is_list and values.__class__ is not str and values.__class__ is not NumberText:
        refuse("Value of anything-but must be an array or single string/number value.", here)
    texts = values if is_list else [values]
    excluded = [
        _excluded(operator, text, here if not is_list else _element(here, i, texts)) for i, text in enumerate(texts)
    ]
    if not excluded:
        refuse(f"{operator} list of anything-but is empty", here)
    if len(operand) > 1:
        refuse("Too many elements in numeric expression", (*place, (1, operand[1][0])))
    return AnythingButMatching(operator, texts, excluded, is_list=is_list)


def _anything_but_list(values: list[Any], place: Place) -> AnythingBut:
    for index, value in enumerate(values):
        if value.__class__ is not str and value.__class__ is not NumberText:
            kind = _kind(value)
            refuse(f"Inside anything but list, {kind} is not supported.", _element(place, index, values))
    if len({value.__class__ for value in values}) != 1:
        refuse("Inside anything but list, either all values are number or string, mixed type is not supported", place)
    for index, value in enumerate(values):
        if value.__class__ is NumberText:
            _comparable(value, _element(place, index, values))
    return AnythingBut(values, is_list=True)


def _excluded(operator: str, text: Any, place: Place) -> Term:
    if operator == "equals-ignore-case" and text.__class__ is not str:
        kind = "number" if text.__class__ is NumberText else _kind(text)
        refuse(f"Inside anything-but/equals-ignore-case list, {kind} is not supported.", place)
    if operator in ("prefix", "suffix"):
        if text.__class__ is not str:
            refuse("prefix/suffix match pattern must be a string", place)
        if not text:
            refuse("Null prefix/suffix not allowed", place)
    return _EXCLUDING_OPERATORS[operator](text, place)


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    return "boolean" if isinstance(value, bool) else "start"


_EXCLUDING_OPERATORS: dict[str, Callable[[Any, Place], Term]] = {
    "prefix": _prefix,
    "suffix": _suffix,
    "wildcard": _wildcard,
    "equals-ignore-case": _equals_ignore_case,
}

_OPERATORS: dict[str, Callable[[Any, Place], Term]] = {
    **_EXCLUDING_OPERATORS,
    "anything-but": _anything_but,
    "exactly": _exactly,
    "exists": _exists,
    "numeric": _numeric,
}


def compares_numbers(value: Any) -> bool:
    """Whether an element of a field's list compares numbers."""
    if value.__class__ is NumberText:
        return True
    if value.__class__ is not Members or not value:
        return False
    operator, operand = value[0]
    if operator == "anything-but":
        operands = operand if operand.__class__ is list else [operand]
        return any(item.__class__ is NumberText for item in operands)
    return bool(operator == "numeric")
