"""JSON as text: the one compact spelling that EventBridge delivers, strict decoding, and places in a text.

Ground layer. AWS decodes with Jackson and writes without blanks; Python's ``json`` is more lenient in what it
reads (``NaN``) and less compact in what it writes, so both directions go through here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn, TypeAlias

__all__ = ["JSON", "compact", "decode", "nesting_of", "plain", "position_of"]

JSON: TypeAlias = "str | int | float | bool | list[JSON] | dict[str, JSON] | None"

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def compact(value: Any) -> str:
    """Write a value as JSON without blanks, members in order, characters unescaped.

    Raises:
        TypeError: the value holds something that JSON has no form for.
        ValueError: the value holds NaN or an infinity, or contains itself.

    Source: EventBridge delivers events in this form (recorded SNS messages and SQS bodies).
    """
    return _encode(value)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_decoder = json.JSONDecoder(parse_constant=_refuse_constant)


def decode(text: str, *, pairs: Callable[[list[tuple[str, Any]]], Any] | None = None) -> Any:
    """Decode strict JSON: no NaN or Infinity, nothing after the value.

    Raises:
        ValueError: the text is not JSON (``json.JSONDecodeError`` for syntax), or is nested too deeply to decode.
    """
    try:
        if pairs is not None:
            return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=pairs)
        # Text that we wrote has no blanks around it, and needs not be looked through for any.
        try:
            value, end = _decoder.raw_decode(text)
        except ValueError:
            return _decoder.decode(text)
        return value if end == len(text) else _decoder.decode(text)
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None


def plain(value: Any) -> JSON:
    """Turn mappings, sequences and number types of Python into the JSON types they stand for.

    Anything that JSON has no form for becomes its ``str()``, so that a walk over the result never fails.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, Mapping):
        return {str(name): plain(member) for name, member in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [plain(member) for member in value]
    if isinstance(value, set | frozenset):
        return [plain(member) for member in value]
    try:
        number = float(value)
        return int(number) if number.is_integer() and number == value else number
    except (TypeError, ValueError, OverflowError):
        return str(value)


_BLANK = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_SCALAR = re.compile(r"[^\s,\]}]+")


def position_of(text: str, ordinals: Sequence[int]) -> int:
    """Return the offset at which a value begins in a valid JSON text.

    Args:
        text: The text of a JSON value.
        ordinals: For each level from the root, the position of the member or element to enter. Members are counted,
            not named, since a text may hold one name twice.
    """
    offset = _skip_blanks(text, 0)
    for ordinal in ordinals:
        is_object = text[offset] == "{"
        offset = _skip_blanks(text, offset + 1)
        for _ in range(ordinal):
            offset = _skip_name(text, offset) if is_object else offset
            offset = _skip_blanks(text, _end_of_value(text, offset)) + 1
            offset = _skip_blanks(text, offset)
        if is_object:
            offset = _skip_name(text, offset)
    return offset


def nesting_of(text: str) -> int:
    """Return how many objects and arrays lie inside each other in a text, whether it is valid JSON or not."""
    depth = deepest = 0
    for match in _STRUCTURE.finditer(text):
        if match[0] in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif match[0] in "]}":
            depth -= 1
    return deepest


def _skip_blanks(text: str, offset: int) -> int:
    match = _BLANK.match(text, offset)
    return match.end() if match else offset


def _skip_name(text: str, offset: int) -> int:
    match = _STRING.match(text, offset)
    assert match, "position_of is only called with valid JSON"
    colon = _skip_blanks(text, match.end())
    return _skip_blanks(text, colon + 1)


def _end_of_value(text: str, offset: int) -> int:
    if text[offset] not in "[{":
        match = _STRING.match(text, offset) or _SCALAR.match(text, offset)
        assert match, "position_of is only called with valid JSON"
        return match.end()
    depth = 0
    for match in _STRUCTURE.finditer(text, offset):
        if match[0] in "[{":
            depth += 1
        elif match[0] in "]}":
            depth -= 1
            if depth == 0:
                return match.end()
    raise AssertionError("position_of is only called with valid JSON")
