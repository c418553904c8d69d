"""The terms of an event pattern: one small class for each operator.

Core layer. A term says of one leaf of an event (a string, number, true, false or null) whether it accepts it. A field
of a pattern holds a list of terms, of which one must accept.

Source: "Comparison operators in EventBridge event patterns" in the user guide; verdicts of TestEventPattern.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

from pytest_eventbridge.json_text import compact
from pytest_eventbridge.patterns.addresses import AddressRange, address_digits
from pytest_eventbridge.patterns.folding import FoldedText
from pytest_eventbridge.patterns.numbers import comparable_literal, comparable_value
from pytest_eventbridge.patterns.wildcards import Wildcard

__all__ = [
    "Absent",
    "Address",
    "AnythingBut",
    "AnythingButMatching",
    "Cidr",
    "Constant",
    "EqualsIgnoreCase",
    "ExactString",
    "Leaf",
    "Number",
    "NumberText",
    "NumericRange",
    "Prefix",
    "Present",
    "Suffix",
    "Term",
    "WildcardTerm",
]

Leaf: TypeAlias = "str | int | float | bool | None"


class NumberText(str):
    """A number of a pattern as its author wrote it."""

    __slots__ = ()


class Term(Protocol):
    """What a field's list holds."""

    @property
    def text(self) -> str:
        """The term as JSON, in the one spelling that equal terms share."""

    @property
    def wanted(self) -> str:
        """What the term accepts, in words."""

    def accepts(self, value: Leaf) -> bool:
        """Whether a leaf of the event satisfies the term."""


class ExactString:
    """A string literal, or the ``exactly`` operator."""

    __slots__ = ("operator", "value")

    def __init__(self, value: str, *, operator: str | None = None) -> None:
        self.value = value
        self.operator = operator

    @property
    def text(self) -> str:
        return compact({self.operator: self.value}) if self.operator else compact(self.value)

    @property
    def wanted(self) -> str:
        return compact(self.value)

    def accepts(self, value: Leaf) -> bool:
        return value == self.value


class Address:
    """A string literal that is an IP address; it matches every spelling of that address."""

    __slots__ = ("digits", "text", "wanted")

    def __init__(self, value: str, digits: str) -> None:
        self.digits = digits
        self.text = self.wanted = compact(value)

    def accepts(self, value: Leaf) -> bool:
        return isinstance(value, str) and address_digits(value) == self.digits


class Number:
    """A number literal: compared by value, or as text when no double holds it."""

    __slots__ = ("text", "value", "wanted")

    def __init__(self, text: str) -> None:
        self.text = self.wanted = text
        self.value = comparable_literal(text)

    def accepts(self, value: Leaf) -> bool:
        if value.__class__ is int:
            comparable = comparable_value(value)
            return comparable == self.value if comparable is not None else _integer_text(value) == self.text
        return value.__class__ is float and self.value is not None and value == self.value


class Constant:
    """The literals null, true and false."""

    __slots__ = ("text", "value", "wanted")

    def __init__(self, value: bool | None) -> None:
        self.value = value
        self.text = self.wanted = compact(value)

    def accepts(self, value: Leaf) -> bool:
        return value is self.value


class Prefix:
    """``prefix``, which runs over the value with its quotes: the closing one can be part of a prefix."""

    __slots__ = ("folded", "prefix", "text", "wanted")

    def __init__(self, prefix: str, *, ignore_case: bool = False) -> None:
        self.prefix = prefix
        self.folded = FoldedText(prefix) if ignore_case else None
        self.text = compact({"prefix": {"equals-ignore-case": prefix} if ignore_case else prefix})
        self.wanted = f"prefix {compact(prefix)}" + (" in any case" if ignore_case else "")

    def accepts(self, value: Leaf) -> bool:
        if not isinstance(value, str):
            return False
        if self.prefix.endswith('"'):
            value += '"'
        return self.folded.begins(value) if self.folded else value.startswith(self.prefix)


class Suffix:
    """``suffix``, which runs over the value with its quotes: the opening one can be part of a suffix."""

    __slots__ = ("folded", "suffix", "text", "wanted")

    def __init__(self, suffix: str, *, ignore_case: bool = False) -> None:
        self.suffix = suffix
        self.folded = FoldedText(suffix) if ignore_case else None
        self.text = compact({"suffix": {"equals-ignore-case": suffix} if ignore_case else suffix})
        self.wanted = f"suffix {compact(suffix)}" + (" in any case" if ignore_case else "")

    def accepts(self, value: Leaf) -> bool:
        if not isinstance(value, str):
            return False
        if self.suffix.startswith('"'):
            value = '"' + value
        return self.folded.ends(value) if self.folded else value.endswith(self.suffix)


class EqualsIgnoreCase:
    """``equals-ignore-case``."""

    __slots__ = ("folded", "text", "wanted")

    def __init__(self, value: str) -> None:
        self.folded = FoldedText(value)
        self.text = compact({"equals-ignore-case": value})
        self.wanted = f"{compact(value)} in any case"

    def accepts(self, value: Leaf) -> bool:
        return isinstance(value, str) and self.folded.equals(value)


class WildcardTerm:
    """``wildcard``."""

    __slots__ = ("text", "wanted", "wildcard")

    def __init__(self, wildcard: Wildcard) -> None:
        self.wildcard = wildcard
        self.text = compact({"wildcard": wildcard.text})
        self.wanted = f"wildcard {compact(wildcard.text)}"

    def accepts(self, value: Leaf) -> bool:
        return isinstance(value, str) and self.wildcard.matches(value)


class NumericRange:
    """``numeric`` with one or two comparisons."""

    __slots__ = ("accepts", "is_equality", "text", "wanted")

    def __init__(self, comparisons: Sequence[tuple[str, NumberText]]) -> None:
        """Build the range.

        Args:
            comparisons: One or two pairs of operator and bound; the parser has checked that they make a range.
        """
        operands = ",".join(f'"{operator}",{bound}' for operator, bound in comparisons)
        self.text = f'{{"numeric":[{operands}]}}'
        self.wanted = "number " + " and ".join(f"{operator} {bound}" for operator, bound in comparisons)
        self.is_equality = comparisons[0][0] == "="
        self.accepts: Callable[[Leaf], bool] = _comparison(comparisons)


class Present:
    """``exists: true``."""

    text = '{"exists":true}'
    wanted = "any value"

    def accepts(self, value: Leaf) -> bool:
        return True


class Absent:
    """``exists: false``: no leaf satisfies it, only the want of one, which the walk looks after."""

    text = '{"exists":false}'
    wanted = "no value"

    def accepts(self, value: Leaf) -> bool:
        return False


class Cidr:
    """``cidr``."""

    __slots__ = ("addresses", "text", "walks_numbers", "wanted")

    def __init__(self, addresses: AddressRange, value: str, *, walks_numbers: bool) -> None:
        """Build the term.

        Args:
            addresses: The range.
            value: As written in the pattern.
            walks_numbers: Whether the digits of a JSON number are walked as if it were an address: so they are,
                unless the field's list also compares numbers.
        """
        self.addresses = addresses
        self.walks_numbers = walks_numbers
        self.text = compact({"cidr": value})
        self.wanted = f"address in {value}"

    def accepts(self, value: Leaf) -> bool:
        if isinstance(value, str):
            digits = address_digits(value)
            return digits is not None and self.addresses.contains(digits)
        if not self.walks_numbers or value is None or isinstance(value, bool):
            return False
        return self.addresses.contains(_integer_text(value) if isinstance(value, int) else repr(value))


class AnythingBut:
    """``anything-but`` with strings or with numbers: every leaf that is not one of them."""

    __slots__ = ("numbers", "strings", "text", "wanted")

    def __init__(self, values: Sequence[str], *, is_list: bool) -> None:
        """Build the term.

        Args:
            values: All strings, or all :class:`NumberText`.
            is_list: Whether the pattern has them in a list.
        """
        written = [value if isinstance(value, NumberText) else compact(value) for value in values]
        operand = f"[{','.join(written)}]" if is_list else written[0]
        self.text = f'{{"anything-but":{operand}}}'
        self.wanted = f"anything but {', '.join(written)}"
        self.strings = frozenset(value for value in values if not isinstance(value, NumberText))
        self.numbers = frozenset(comparable_literal(value) for value in values if isinstance(value, NumberText))

    def accepts(self, value: Leaf) -> bool:
        if isinstance(value, str):
            return value not in self.strings
        if value is None or isinstance(value, bool):
            return True
        comparable = comparable_value(value)
        return comparable is None or comparable not in self.numbers


class AnythingButMatching:
    """``anything-but`` with prefix, suffix, wildcard or equals-ignore-case inside."""

    __slots__ = ("excluded", "text", "wanted")

    def __init__(self, operator: str, values: Sequence[str], excluded: Sequence[Term], *, is_list: bool) -> None:
        self.excluded = tuple(excluded)
        self.text = compact({"anything-but": {operator: list(values) if is_list else values[0]}})
        self.wanted = "anything but " + ", ".join(term.wanted for term in excluded)

    def accepts(self, value: Leaf) -> bool:
        return not any(term.accepts(value) for term in self.excluded)


def _comparison(comparisons: Sequence[tuple[str, NumberText]]) -> Callable[[Leaf], bool]:
    # Doubles are discrete: "more than 100" is "at least the double after 100", so one chained comparison will do.
    low, high = -sys.float_info.max, sys.float_info.max
    for operator, bound in comparisons:
        number = float(bound)
        if operator in (">", ">=", "="):
            low = math.nextafter(number, math.inf) if operator == ">" else number
        if operator in ("<", "<=", "="):
            high = math.nextafter(number, -math.inf) if operator == "<" else number

    def accepts(value: Leaf) -> bool:
        kind = value.__class__
        if kind is float:
            return low <= value <= high  # type: ignore[operator]  # its class was just compared, which is faster
        if kind is not int:
            return False
        number = comparable_value(value)  # type: ignore[arg-type]  # likewise
        return number is not None and low <= number <= high

    return accepts


def _integer_text(value: Leaf) -> str:
    try:
        return str(value)
    except ValueError:  # Python refuses to print integers of thousands of digits in decimal
        return hex(value)  # type: ignore[arg-type]  # only an int raises it
