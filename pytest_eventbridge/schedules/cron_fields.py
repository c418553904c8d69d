"""The six fields of a cron expression: reading each into the values it names.

Core layer. The language is Quartz's without seconds, as far as AWS documents it: lists of values, ranges and steps,
with names for months and weekdays; ``?`` in exactly one of the two day fields; ``L``, ``W`` and ``#`` alone in theirs.
What Quartz may take beyond that is refused, with what AWS documents.

Source: "Cron expressions reference" in the EventBridge user guide and "Schedule types" in the Scheduler user guide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = [
    "CronFieldError",
    "DayOfMonth",
    "DayOfWeek",
    "FieldRange",
    "parse_day_of_month",
    "parse_day_of_week",
    "values",
]

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


class CronFieldError(ValueError):
    """A field that AWS does not document; the message says what is allowed."""


@dataclass(frozen=True, slots=True)
class FieldRange:
    """A field's name and the values it can have.

    Attributes:
        name: As users call it.
        low: The smallest value.
        high: The largest value.
        names: Names for the values, from the smallest on.
        wraps: Whether a range may run from a larger value through the end to a smaller one.
    """

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()
    wraps: bool = True

    @property
    def allowed(self) -> str:
        """What the field takes, in words."""
        names = f" or {self.names[0]}-{self.names[-1]}" if self.names else ""
        return f"{self.name} takes {self.low}-{self.high}{names}"


MINUTE = FieldRange("minute", 0, 59)
HOUR = FieldRange("hour", 0, 23)
DAY_OF_MONTH = FieldRange("day-of-month", 1, 31)
MONTH = FieldRange("month", 1, 12, _MONTHS)
DAY_OF_WEEK = FieldRange("day-of-week", 1, 7, _WEEKDAYS)
YEAR = FieldRange("year", 1970, 2199, wraps=False)

_ITEM = re.compile(r"(?P<first>\*|[0-9]+|[A-Z]{3})(?:-(?P<last>[0-9]+|[A-Z]{3}))?(?:/(?P<step>[0-9]+))?")


def values(text: str, field: FieldRange) -> tuple[int, ...]:
    """Return the values that a field names, sorted.

    Raises:
        CronFieldError: AWS documents no such field.
    """
    found: set[int] = set()
    for item in text.upper().rstrip(",").split(","):
        found |= _item_values(item, field)
    return tuple(sorted(found))


def _item_values(item: str, field: FieldRange) -> set[int]:
    match = _ITEM.fullmatch(item)
    if match is None:
        raise CronFieldError(f"{field.name} has {item!r}: {field.allowed}, with '*', ',', '-' and '/'")
    first, last, step_text = match["first"], match["last"], match["step"]
    if first == "*" and last is not None:
        raise CronFieldError(f"{field.name} has {item!r}: a range needs two values, such as {field.low}-{field.high}")
    named = [text.isalpha() for text in (first, last) if text is not None and text != "*"]
    if len(set(named)) > 1:
        raise CronFieldError(f"{field.name} has {item!r}: a range is of two numbers or of two names")
    if any(named) and step_text is not None:
        raise CronFieldError(f"{field.name} has {item!r}: only numbers take a step")
    low = field.low if first == "*" else _value(first, item, field)
    if last is not None:
        high = _value(last, item, field)
    else:
        high = field.high if first == "*" or step_text is not None else low
    step = _step(step_text, item, field)
    if low <= high:
        return set(range(low, high + 1, step))
    if not field.wraps:
        raise CronFieldError(f"{field.name} has {item!r}: a range of {field.name}s runs upwards")
    size = field.high - field.low + 1
    return {(value - field.low) % size + field.low for value in range(low, high + size + 1, step)}


def _value(text: str, item: str, field: FieldRange) -> int:
    if text.isdigit():
        value = int(text)
        if field.low <= value <= field.high:
            return value
    elif text in field.names:
        return field.names.index(text) + field.low
    raise CronFieldError(f"{field.name} has {text!r}{'' if text == item else f' in {item!r}'}: {field.allowed}")


def _step(text: str | None, item: str, field: FieldRange) -> int:
    if text is None:
        return 1
    step = int(text)
    if not 1 <= step <= field.high:
        raise CronFieldError(f"{field.name} has {item!r}: a step is 1 to {field.high}")
    return step


@dataclass(frozen=True, slots=True)
class DayOfMonth:
    """Which days of a month fire.

    Attributes:
        days: Days by number; empty when the others say it.
        before_last: How many days before the month's last, or None.
        nearest_weekday: Whether the weekday nearest to that day fires in its place, inside the month.
    """

    days: tuple[int, ...] = ()
    before_last: int | None = None
    nearest_weekday: bool = False


@dataclass(frozen=True, slots=True)
class DayOfWeek:
    """Which weekdays fire.

    Attributes:
        days: From 1, Sunday, to 7, Saturday.
        occurrence: Only the n-th in the month; -1 for the last; None for all.
    """

    days: tuple[int, ...]
    occurrence: int | None = None


_LAST_DAY = re.compile(r"L(?:-([0-9]+))?(W)?")
_NEAREST_WEEKDAY = re.compile(r"([0-9]+)W")
_LAST_WEEKDAY = re.compile(r"([0-9]+|[A-Z]{3})L")
_NTH_WEEKDAY = re.compile(r"([0-9]+|[A-Z]{3})#([0-9]+)")


def parse_day_of_month(text: str) -> DayOfMonth:
    """Read the day-of-month field.

    Raises:
        CronFieldError: AWS documents no such field.
    """
    upper = text.upper()
    if match := _LAST_DAY.fullmatch(upper):
        before = int(match[1] or 0)
        if before > 30:
            raise CronFieldError(f"day-of-month has {text!r}: L-n takes 0-30")
        return DayOfMonth(before_last=before, nearest_weekday=match[2] is not None)
    if match := _NEAREST_WEEKDAY.fullmatch(upper):
        return DayOfMonth(days=(_value(match[1], upper, DAY_OF_MONTH),), nearest_weekday=True)
    _refuse_specials(text, DAY_OF_MONTH, "LW")
    return DayOfMonth(days=values(text, DAY_OF_MONTH))


def parse_day_of_week(text: str) -> DayOfWeek:
    """Read the day-of-week field.

    Raises:
        CronFieldError: AWS documents no such field.
    """
    upper = text.upper()
    if upper == "L":
        return DayOfWeek(days=(7,))
    if match := _LAST_WEEKDAY.fullmatch(upper):
        return DayOfWeek(days=(_value(match[1], upper, DAY_OF_WEEK),), occurrence=-1)
    if match := _NTH_WEEKDAY.fullmatch(upper):
        if not 1 <= int(match[2]) <= 5:
            raise CronFieldError(f"day-of-week has {text!r}: '#' takes 1-5, which one of the month it is")
        return DayOfWeek(days=(_value(match[1], upper, DAY_OF_WEEK),), occurrence=int(match[2]))
    _refuse_specials(text, DAY_OF_WEEK, "#")
    return DayOfWeek(days=values(text, DAY_OF_WEEK))


def _refuse_specials(text: str, field: FieldRange, marks: str) -> None:
    names = set(field.names)
    for item in text.upper().split(","):
        if any(mark in item and item not in names for mark in marks) and not set(re.findall("[A-Z]{3}", item)) & names:
            raise CronFieldError(f"{field.name} has {text!r}: L, W and # stand alone in their field, after one value")
