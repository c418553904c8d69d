"""From the text of an event pattern to the alternatives that it stands for, or to the reason why AWS refuses it.

Core layer. A pattern without ``$or`` is one alternative: a set of fields that must all hold. A ``$or`` is expanded in
document order into flat alternatives, in which the last list written for a path counts: fields before it are defaults
that a branch may overwrite, fields after it overwrite the branches. Paths are member names joined by dots, so a
member ``a.b`` and a member ``b`` inside ``a`` are the same field.

Text is decoded by the standard library's scanner; where a fault lies in the text is only looked for once there is one.

Source: "Creating EventBridge event patterns" in the EventBridge user guide; refusals recorded from PutRule and
TestEventPattern; event-ruler where those are silent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TypeAlias, TypedDict

from pytest_eventbridge.errors import InvalidEventPatternError
from pytest_eventbridge.json_text import nesting_of, position_of
from pytest_eventbridge.patterns.addresses import InvalidRangeError, address_digits, parse_range
from pytest_eventbridge.patterns.field import Field
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
from pytest_eventbridge.patterns.wildcards import InvalidWildcardError, Wildcard

__all__ = ["ALTERNATIVE_LIMIT", "RESERVED_IN_OR", "TEXT_LIMIT", "Alternative", "parse", "text_of"]

TEXT_LIMIT = 4096
"""Characters in a pattern: the bound of the API model. (The default quota, 2,048, can be raised to it.)"""

NESTING_LIMIT = 1000
"""Objects and arrays inside each other that the service's reader follows."""

ALTERNATIVE_LIMIT = 1000
"""Flat alternatives that the ``$or`` of one pattern may expand into."""

Alternative: TypeAlias = "dict[str, Field]"
_Place: TypeAlias = "tuple[tuple[int, str | int], ...]"

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
_BLANKS = " \t\r\n"
_EXPECTED = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
_LOWER_BOUNDS = (">", ">=")
_UPPER_BOUNDS = ("<", "<=")
_OPERAND_NAMES = {"=": "equals"}


class _Location(TypedDict):
    line: int
    column: int


class _Members(list[tuple[str, Any]]):
    """The members of a JSON object in order, with names that occur twice."""

    __slots__ = ()


class _RefusalError(Exception):
    """A reason to refuse the pattern, with the place of the value at fault.

    Attributes:
        reason: In the service's words.
        place: The way to the value: at each level its position and its name.
        located: Whether the service says where: it does not for faults found after it has read the text.
    """

    def __init__(self, reason: str, place: _Place, *, located: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place
        self.located = located


def text_of(pattern: str | Mapping[str, Any]) -> str:
    """Return a pattern's text: as it is, or a mapping written as JSON.

    Raises:
        InvalidEventPatternError: the pattern is neither, or the mapping holds what JSON has no form for.
    """
    if isinstance(pattern, str):
        return pattern
    if not isinstance(pattern, Mapping):
        raise InvalidEventPatternError(
            f"Filter is not an object: an event pattern is a mapping or JSON text, not {type(pattern).__name__}"
        )
    _check_names(pattern)
    try:
        return json.dumps(dict(pattern), ensure_ascii=False, allow_nan=False, default=_json_form)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidEventPatternError(f"the mapping cannot be written as JSON: {error}") from None


def _json_form(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} {value!r} has no JSON form")


def _check_names(pattern: Mapping[Any, Any]) -> None:
    unvisited: list[tuple[tuple[str | int, ...], Any]] = [((), pattern)]
    visited: set[int] = set()
    while unvisited:
        path, value = unvisited.pop()
        if id(value) in visited:
            continue
        if isinstance(value, Mapping):
            visited.add(id(value))
            for name, member in value.items():
                if not isinstance(name, str):
                    raise InvalidEventPatternError(
                        f"member names must be strings, got {type(name).__name__} {name!r}", path=path
                    )
                unvisited.append(((*path, name), member))
        elif isinstance(value, list | tuple):
            visited.add(id(value))
            unvisited.extend(((*path, index), element) for index, element in enumerate(value))


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
    root = _decode(text)
    try:
        if root.__class__ is not _Members:
            _refuse("Filter is not an object", ())
        return _expand(root, (), "", [{}], inside_or=False)
    except _RefusalError as refusal:
        raise _error(refusal, text) from None


def _decode(text: str) -> Any:
    if text.count("{") + text.count("[") > NESTING_LIMIT and nesting_of(text) > NESTING_LIMIT:
        raise InvalidEventPatternError(f"Document nesting depth exceeds the maximum allowed ({NESTING_LIMIT})")
    try:
        return json.loads(
            text,
            object_pairs_hook=_Members,
            parse_int=NumberText,
            parse_float=NumberText,
            parse_constant=_refuse_constant,
        )
    except json.JSONDecodeError as error:
        raise _syntax_error(text, error) from None
    except _RefusalError as refusal:
        reason = f"Unrecognized token '{refusal.reason}': was expecting {_EXPECTED}"
        raise InvalidEventPatternError(
            reason, text=text, **_line_and_column(text, text.index(refusal.reason))
        ) from None
    except RecursionError:
        raise InvalidEventPatternError("Document nesting depth exceeds what can be read here") from None


def _refuse_constant(name: str) -> NoReturn:
    raise _RefusalError(name, ())


def _syntax_error(text: str, error: json.JSONDecodeError) -> InvalidEventPatternError:
    """Return the refusal of a text that is not JSON, in words that do not change with Python's."""
    offset = error.pos
    if error.msg.startswith("Illegal trailing comma"):
        # Newer Pythons point at the comma, older ones and the service at what follows it.
        offset += len(text[offset + 1 :]) - len(text[offset + 1 :].lstrip(_BLANKS)) + 1
    rest = text[offset:]
    if not text.strip(_BLANKS):
        reason, offset = "Filter is not an object", 0
    elif not rest:
        reason = "Unexpected end-of-input"
    elif error.msg.startswith("Unterminated string"):
        reason = "Unexpected end-of-input: a string is not closed"
    elif error.msg.startswith("Invalid control character"):
        reason = f"Illegal unquoted character ((CTRL-CHAR, code {ord(rest[0])})): has to be escaped using backslash"
    elif error.msg.startswith("Invalid \\"):
        reason = f"Unrecognized character escape {rest[:2]!r}"
    elif error.msg.startswith("Extra data"):
        reason = f"Unexpected character ({rest[0]!r} (code {ord(rest[0])})): nothing may follow the pattern's object"
    elif word := re.match(r"[A-Za-z_]\w*", rest):
        reason = f"Unrecognized token '{word[0]}': was expecting {_EXPECTED}"
    else:
        reason = f"Unexpected character ({rest[0]!r} (code {ord(rest[0])})): the text is not JSON"
    return InvalidEventPatternError(reason, text=text, **_line_and_column(text, offset))


def _error(refusal: _RefusalError, text: str) -> InvalidEventPatternError:
    path = tuple(name for _, name in refusal.place)
    if not refusal.located:
        return InvalidEventPatternError(refusal.reason, path=path)
    start = position_of(text, [ordinal for ordinal, _ in refusal.place])
    return InvalidEventPatternError(
        refusal.reason, path=path, text=text, **_line_and_column(text, _consumed(text, start))
    )


def _consumed(text: str, start: int) -> int:
    """Return how far the service's reader is when it meets a value: past a scalar, but only past a string's quote."""
    if start < len(text) and text[start] in '{["':
        return start + 1
    scalar = re.compile(r"[^\s,\]}]*").match(text, start)
    return scalar.end() if scalar else start


def _line_and_column(text: str, offset: int) -> _Location:
    return {"line": text.count("\n", 0, offset) + 1, "column": offset - (text.rfind("\n", 0, offset) + 1) + 1}


def _refuse(reason: str, place: _Place, *, located: bool = True) -> NoReturn:
    raise _RefusalError(reason, place, located=located)


def _expand(
    members: _Members, place: _Place, prefix: str, alternatives: list[Alternative], *, inside_or: bool
) -> list[Alternative]:
    """Write the members of an object into each alternative; nested objects wait on a stack, for they may be deep."""
    if not members:
        _refuse("Empty objects are not allowed", place)
    unfinished = [(iter(enumerate(members)), place, prefix)]
    while unfinished:
        entries, place, prefix = unfinished[-1]
        for ordinal, (name, value) in entries:
            here = (*place, (ordinal, name))
            if name == "$or":
                alternatives = _expand_or(value, here, prefix, alternatives)
                continue
            if inside_or and name in RESERVED_IN_OR:
                _refuse(f"{name} is Ruler reserved fieldName which cannot be used inside $or.", here)
            path = f"{prefix}.{name}" if prefix else name
            if value.__class__ is list:
                field = _field(path, value, here)
                for alternative in alternatives:
                    alternative[path] = field
            elif value.__class__ is _Members:
                if not value:
                    _refuse("Empty objects are not allowed", here)
                unfinished.append((iter(enumerate(value)), here, path))
                break
            else:
                _refuse(f'"{name}" must be an object or an array', here)
        else:
            unfinished.pop()
    return alternatives


def _expand_or(branches: Any, place: _Place, prefix: str, alternatives: list[Alternative]) -> list[Alternative]:
    if branches.__class__ is not list:
        _refuse("It must be an Array followed with $or.", place)
    expanded: list[Alternative] = []
    for index, branch in enumerate(branches):
        here = (*place, (index, index))
        if branch.__class__ is not _Members:
            _refuse("Only JSON object is allowed in array of $or relationship.", here)
        copies = [dict(alternative) for alternative in alternatives]
        expanded += _expand(branch, here, prefix, copies, inside_or=True)
        if len(expanded) > ALTERNATIVE_LIMIT:
            _refuse(f"Or operator is producing over {ALTERNATIVE_LIMIT} rule combinations", place, located=False)
    if len(branches) < 2:
        _refuse("There must have at least 2 Objects in $or relationship.", place)
    return expanded


def _field(path: str, values: list[Any], place: _Place) -> Field:
    if not values:
        _refuse("Empty arrays are not allowed", place)
    compares_numbers = any(_compares_numbers(value) for value in values)
    terms = [_term(value, place, index, walks_numbers=not compares_numbers) for index, value in enumerate(values)]
    return Field(path, terms)


def _compares_numbers(value: Any) -> bool:
    if value.__class__ is NumberText:
        return True
    if value.__class__ is not _Members or not value:
        return False
    operator, operand = value[0]
    if operator == "anything-but":
        operands = operand if operand.__class__ is list else [operand]
        return any(item.__class__ is NumberText for item in operands)
    return bool(operator == "numeric")


def _term(value: Any, place: _Place, index: int, *, walks_numbers: bool) -> Term:
    if value.__class__ is str:
        digits = address_digits(value)
        return ExactString(value) if digits is None else Address(value, digits)
    if value.__class__ is NumberText:
        return Number(value)
    here = (*place, (index, index))
    if value.__class__ is _Members:
        return _operator(value, here, walks_numbers=walks_numbers)
    if value.__class__ is list:
        _refuse("Match value must be String, number, true, false, or null", here)
    return Constant(value)


def _operator(members: _Members, place: _Place, *, walks_numbers: bool) -> Term:
    if not members:
        _refuse("Match expression name not found", place)
    name, operand = members[0]
    here = (*place, (0, name))
    if name == "cidr":
        term: Term = _cidr(operand, here, walks_numbers=walks_numbers)
    else:
        parse_operand = _OPERATORS.get(name)
        if parse_operand is None:
            _refuse(f"Unrecognized match type {name}", here)
        term = parse_operand(operand, here)
    if len(members) > 1:
        takes_list = name in ("numeric", "anything-but")
        _refuse(
            "Too many elements in numeric expression" if takes_list else "Only one key allowed in match expression",
            (*place, (1, members[1][0])),
        )
    return term


def _exactly(operand: Any, place: _Place) -> Term:
    if operand.__class__ is not str:
        _refuse("exact match pattern must be a string", place)
    return ExactString(operand, operator="exactly")


def _exists(operand: Any, place: _Place) -> Term:
    if operand is True:
        return Present()
    if operand is False:
        return Absent()
    _refuse("exists match pattern must be either true or false.", place)


def _equals_ignore_case(operand: Any, place: _Place) -> EqualsIgnoreCase:
    if operand.__class__ is not str:
        _refuse("equals-ignore-case match pattern must be a string", place)
    return EqualsIgnoreCase(operand)


def _prefix(operand: Any, place: _Place) -> Prefix:
    text, ignore_case = _affix("prefix", operand, place)
    return Prefix(text, ignore_case=ignore_case)


def _suffix(operand: Any, place: _Place) -> Suffix:
    text, ignore_case = _affix("suffix", operand, place)
    return Suffix(text, ignore_case=ignore_case)


def _affix(operator: str, operand: Any, place: _Place) -> tuple[str, bool]:
    """Read the operand of prefix or suffix: a string, or one whose case is ignored."""
    if operand.__class__ is str:
        return operand, False
    if operand.__class__ is not _Members:
        _refuse(f"{operator} match pattern must be a string", place)
    if not operand:
        _refuse(f"{operator.capitalize()} expression name not found", place)
    name, text = operand[0]
    if name != "equals-ignore-case":
        _refuse(f"Unsupported {operator} pattern: {name}", (*place, (0, name)))
    if text.__class__ is not str:
        _refuse("equals-ignore-case match pattern must be a string", (*place, (0, name)))
    if len(operand) > 1:
        _refuse("Only one key allowed in match expression", (*place, (1, operand[1][0])))
    return text, True


def _wildcard(operand: Any, place: _Place) -> WildcardTerm:
    if operand.__class__ is not str:
        _refuse("wildcard match pattern must be a string", place)
    try:
        return WildcardTerm(Wildcard(operand))
    except InvalidWildcardError as error:
        _refuse(str(error), place)


def _cidr(operand: Any, place: _Place, *, walks_numbers: bool) -> Term:
    if operand.__class__ is not str:
        _refuse("prefix match pattern must be a string", place)
    try:
        return Cidr(parse_range(operand), operand, walks_numbers=walks_numbers)
    except InvalidRangeError as error:
        _refuse(str(error), place, located=False)


def _shown(value: Any) -> str:
    """Write a value as the service names it in a refusal: the text that its reader stands on."""
    if value.__class__ is list:
        return "["
    if value.__class__ is _Members:
        return "{"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)


def _numeric(operand: Any, place: _Place) -> NumericRange:
    if operand.__class__ is not list:
        _refuse("Value of numeric must be an array.", place)
    operator = operand[0] if operand else "]"
    if operator.__class__ is not str or not operand:
        _refuse(f"Invalid member in numeric match: {_shown(operator)}", _element(place, 0, operand))
    if operator not in ("=", *_LOWER_BOUNDS, *_UPPER_BOUNDS):
        _refuse(f"Unrecognized numeric range operator: {operator}", _element(place, 0, operand))
    bound = operand[1] if len(operand) > 1 else None
    if bound.__class__ is not NumberText:
        _refuse(f"Value of {_OPERAND_NAMES.get(operator, operator)} must be numeric", _element(place, 1, operand))
    comparisons = [(operator, _comparable(bound, _element(place, 1, operand)))]
    if len(operand) > 2:
        if operator not in _LOWER_BOUNDS:
            _refuse("Too many elements in numeric expression", _element(place, 2, operand))
        comparisons.append(_upper_bound(operand, place))
        if not float(comparisons[0][1]) < float(comparisons[1][1]):
            _refuse("Bottom must be less than top", place)
    return NumericRange(comparisons)


def _upper_bound(operand: list[Any], place: _Place) -> tuple[str, NumberText]:
    operator = operand[2]
    if operator.__class__ is not str:
        _refuse(f"Bad value in numeric range: {_shown(operator)}", _element(place, 2, operand))
    if operator not in _UPPER_BOUNDS:
        _refuse(f"Bad numeric range operator: {operator}", _element(place, 2, operand))
    bound = operand[3] if len(operand) > 3 else None
    if bound.__class__ is not NumberText:
        _refuse(f"Value of {operator} must be numeric", _element(place, 3, operand))
    if len(operand) > 4:
        _refuse("Too many terms in numeric range expression", _element(place, 4, operand))
    return operator, _comparable(bound, _element(place, 3, operand))


def _element(place: _Place, index: int, elements: list[Any]) -> _Place:
    """Return the place of an element, or of its array when the array is too short to have it."""
    return (*place, (index, index)) if index < len(elements) else place


def _comparable(number: NumberText, place: _Place, *, located: bool = True) -> NumberText:
    if comparable_literal(number) is None:
        _refuse(f"Cannot compare number : {number}", place, located=located)
    return number


def _anything_but(operand: Any, place: _Place) -> Term:
    if operand.__class__ is NumberText:
        return AnythingBut([_comparable(operand, place, located=False)], is_list=False)
    if operand.__class__ is str:
        return AnythingBut([operand], is_list=False)
    if operand.__class__ is list:
        return _anything_but_list(operand, place)
    if operand.__class__ is not _Members:
        _refuse("Value of anything-but must be an array or single string/number value.", place)
    if not operand:
        _refuse("Anything-But expression name not found", place)
    operator, values = operand[0]
    here = (*place, (0, operator))
    parse_operand = _EXCLUDING_OPERATORS.get(operator)
    if parse_operand is None:
        _refuse(f"Unsupported anything-but pattern: {operator}", here)
    is_list = values.__class__ is list
    if not is_list and values.__class__ is not str and values.__class__ is not NumberText:
        _refuse("Value of anything-but must be an array or single string/number value.", here)
    texts = values if is_list else [values]
    excluded = [
        _excluded(operator, text, here if not is_list else _element(here, i, texts)) for i, text in enumerate(texts)
    ]
    if not excluded:
        _refuse(f"{operator} list of anything-but is empty", here)
    if len(operand) > 1:
        _refuse("Too many elements in numeric expression", (*place, (1, operand[1][0])))
    return AnythingButMatching(operator, texts, excluded, is_list=is_list)


def _anything_but_list(values: list[Any], place: _Place) -> AnythingBut:
    for index, value in enumerate(values):
        if value.__class__ is not str and value.__class__ is not NumberText:
            kind = _kind(value)
            _refuse(f"Inside anything but list, {kind} is not supported.", _element(place, index, values))
    if len({value.__class__ for value in values}) != 1:
        _refuse("Inside anything but list, either all values are number or string, mixed type is not supported", place)
    for index, value in enumerate(values):
        if value.__class__ is NumberText:
            _comparable(value, _element(place, index, values))
    return AnythingBut(values, is_list=True)


def _excluded(operator: str, text: Any, place: _Place) -> Term:
    if operator == "equals-ignore-case" and text.__class__ is not str:
        kind = "number" if text.__class__ is NumberText else _kind(text)
        _refuse(f"Inside anything-but/equals-ignore-case list, {kind} is not supported.", place)
    if operator in ("prefix", "suffix"):
        if text.__class__ is not str:
            _refuse("prefix/suffix match pattern must be a string", place)
        if not text:
            _refuse("Null prefix/suffix not allowed", place)
    return _EXCLUDING_OPERATORS[operator](text, place)


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    return "boolean" if isinstance(value, bool) else "start"


_EXCLUDING_OPERATORS: dict[str, Callable[[Any, _Place], Term]] = {
    "prefix": _prefix,
    "suffix": _suffix,
    "wildcard": _wildcard,
    "equals-ignore-case": _equals_ignore_case,
}

_OPERATORS: dict[str, Callable[[Any, _Place], Term]] = {
    **_EXCLUDING_OPERATORS,
    "anything-but": _anything_but,
    "exactly": _exactly,
    "exists": _exists,
    "numeric": _numeric,
}
