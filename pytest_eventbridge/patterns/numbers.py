"""Which numbers EventBridge can compare, and as what.

Core layer. EventBridge turns a number into the nearest double and compares those, but only when nothing is lost:
a number is *comparable* when its decimal value is the shortest decimal that reads back to the same double. So 300,
300.0 and 3.0e2 are one number, and 9007199254740993, which no double holds, is none: it is matched as text.

Source: event-ruler's ComparableNumber; verdicts of the TestEventPattern API.
"""

from __future__ import annotations

import math
from decimal import Decimal

__all__ = ["EXACT_INTEGER_LIMIT", "comparable_literal", "comparable_value"]

EXACT_INTEGER_LIMIT = 2**53
"""Every integer up to this size is its own double."""


def comparable_literal(text: str) -> float | None:
    """Return the double that a number literal of a pattern stands for, or None when it is not comparable."""
    number = float(text)
    if math.isfinite(number) and Decimal(text) == Decimal(repr(number)):
        return number
    return None


def comparable_value(value: float) -> float | None:
    """Return what a number of an event compares as, or None when it is not comparable.

    A float is already a double: the service reads fractions of events through one before it matches them.
    """
    if isinstance(value, int):
        if -EXACT_INTEGER_LIMIT <= value <= EXACT_INTEGER_LIMIT:
            return value
        try:
            number = float(value)
        except OverflowError:
            return None
        return number if math.isfinite(number) and Decimal(repr(number)) == value else None
    return value if math.isfinite(value) else None
