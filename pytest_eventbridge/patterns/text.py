"""The text of an event pattern: reading it as JSON, and the place of a fault in it.

Core layer. Text is read by the standard library's scanner; where a fault lies is only looked for once there is one.
Objects are read as lists of members, since a pattern may name one twice, and numbers keep the text their author wrote.

Source: refusals recorded from PutRule and TestEventPattern.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn, TypeAlias, TypedDict

from pytest_eventbridge.errors import InvalidEventPatternError
from pytest_eventbridge.json_text import nesting_of, position_of
from pytest_eventbridge.patterns.terms import NumberText

__all__ = ["NESTING_LIMIT", "Members", "Place", "RefusalError", "decode", "located", "refuse", "text_of"]

NESTING_LIMIT = 1000
"""Objects and arrays inside each other that the service's reader follows."""

Place: TypeAlias = "tuple[tuple[int, str | int], ...]"
"""The way to a value of a pattern: at each level its position and its name."""

_BLANKS = " \t\r\n"
_EXPECTED = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"


class _Location(TypedDict):
    line: int
    column: int


class Members(list[tuple[str, Any]]):
    """The members of a JSON object in order, with names that occur twice."""

    __slots__ = ()


class RefusalError(Exception):
    """A reason to refuse the pattern, with the place of the value at fault.

    Attributes:
        reason: In the service's words.
        place: The way to the value: at each level its position and its name.
        located: Whether the service says where: it does not for faults found after it has read the text.
    """

    def __init__(self, reason: str, place: Place, *, located: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place
        self.located = located


def refuse(reason: str, place: Place, *, located: bool = True) -> NoReturn:
    """Refuse the pattern for a value."""
    raise RefusalError(reason, place, located=located)


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


def decode(text: str) -> Any:
    """Read a pattern's text.

    Raises:
        InvalidEventPatternError: it is not JSON, or nested too deeply.
    """
    if text.count("{") + text.count("[") > NESTING_LIMIT and nesting_of(text) > NESTING_LIMIT:
        raise InvalidEventPatternError(f"Document nesting depth exceeds the maximum allowed ({NESTING_LIMIT})")
    try:
        return json.loads(
            text,
            object_pairs_hook=Members,
            parse_int=NumberText,
            parse_float=NumberText,
            parse_constant=_refuse_constant,
        )
    except json.JSONDecodeError as error:
        raise _syntax_error(text, error) from None
    except RefusalError as refusal:
        reason = f"Unrecognized token '{refusal.reason}': was expecting {_EXPECTED}"
        raise InvalidEventPatternError(
            reason, text=text, **_line_and_column(text, text.index(refusal.reason))
        ) from None
    except RecursionError:
        raise InvalidEventPatternError("Document nesting depth exceeds what can be read here") from None


def _refuse_constant(name: str) -> NoReturn:
    raise RefusalError(name, ())


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


def located(refusal: RefusalError, text: str) -> InvalidEventPatternError:
    """Return the error for a refusal, with its place in the text where the service gives one."""
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
