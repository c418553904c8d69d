"""Cron expressions: from six fields to the wall times at which they fire.

Core layer. The fields are read once into sorted values; then, month by month, the days that fire are listed and each
is combined with the minutes of a day. Nothing is searched minute by minute, and years end at 2199, so finding that
an expression never fires again is quick too.

Source: "Cron expressions reference" in the EventBridge user guide.
"""

from __future__ import annotations

import calendar
from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime, timedelta

from pytest_eventbridge.schedules.cron_fields import (
    HOUR,
    MINUTE,
    MONTH,
    YEAR,
    CronFieldError,
    DayOfMonth,
    DayOfWeek,
    parse_day_of_month,
    parse_day_of_week,
    values,
)

__all__ = ["Cron", "parse_cron"]

_SATURDAY, _SUNDAY = 5, 6


class Cron:
    """A parsed cron expression, without a time zone."""

    __slots__ = ("_day_of_month", "_day_of_week", "_months", "_times", "_years")

    def __init__(
        self,
        times: tuple[timedelta, ...],
        months: tuple[int, ...],
        years: tuple[int, ...],
        day_of_month: DayOfMonth | None,
        day_of_week: DayOfWeek | None,
    ) -> None:
        """Take the fields.

        Args:
            times: The times of day, since midnight.
            months: From 1 to 12.
            years: From 1970 to 2199.
            day_of_month: Or None where the field is ``?``.
            day_of_week: Or None where the field is ``?``.
        """
        self._times = times
        self._months = months
        self._years = years
        self._day_of_month = day_of_month
        self._day_of_week = day_of_week

    def wall_times(self, after: datetime) -> Iterator[datetime]:
        """Yield the wall times at which the expression fires, strictly after one, in order.

        Args:
            after: A naive time, or one in UTC; those that are yielded are of its kind.
        """
        for year in self._years[bisect_right(self._years, after.year - 1) :]:
            for month in self._months:
                if (year, month) < (after.year, after.month):
                    continue
                for day in self._days(year, month):
                    midnight = datetime(year, month, day, tzinfo=after.tzinfo)
                    elapsed = after - midnight
                    if elapsed.days > 0:
                        continue
                    start = bisect_right(self._times, elapsed) if elapsed.days == 0 else 0
                    yield from map(midnight.__add__, self._times[start:])

    def _days(self, year: int, month: int) -> list[int]:
        first_weekday, last = calendar.monthrange(year, month)
        if self._day_of_week is not None:
            return _weekdays(self._day_of_week, first_weekday, last)
        assert self._day_of_month is not None
        rule = self._day_of_month
        days = list(rule.days) if rule.before_last is None else [last - rule.before_last]
        days = [day for day in days if 1 <= day <= last]
        return [_nearest_weekday(day, first_weekday, last) for day in days] if rule.nearest_weekday else days


def _weekdays(rule: DayOfWeek, first_weekday: int, last: int) -> list[int]:
    days = [day for day in range(1, last + 1) if (first_weekday + day) % 7 + 1 in rule.days]
    if rule.occurrence is None:
        return days
    index = rule.occurrence - 1 if rule.occurrence > 0 else len(days) - 1
    return days[index : index + 1]


def _nearest_weekday(day: int, first_weekday: int, last: int) -> int:
    weekday = (first_weekday + day - 1) % 7
    if weekday == _SATURDAY:
        return day - 1 if day > 1 else day + 2
    if weekday == _SUNDAY:
        return day + 1 if day < last else day - 2
    return day


def parse_cron(text: str) -> Cron:
    """Parse the six fields of a cron expression.

    Raises:
        CronFieldError: AWS documents no such expression; the message says where it departs.
    """
    fields = text.split()
    if len(fields) != 6:
        raise CronFieldError(
            f"it has {len(fields)} fields, but cron takes six: minute, hour, day-of-month, month, day-of-week, year"
        )
    minute, hour, day_of_month, month, day_of_week, year = fields
    if (day_of_month == "?") == (day_of_week == "?"):
        raise CronFieldError(
            f"day-of-month and day-of-week: exactly one of them must be '?', got {day_of_month!r} and {day_of_week!r}"
        )
    minutes = values(minute, MINUTE)
    return Cron(
        tuple(timedelta(hours=hours, minutes=each) for hours in values(hour, HOUR) for each in minutes),
        values(month, MONTH),
        values(year, YEAR),
        None if day_of_month == "?" else parse_day_of_month(day_of_month),
        None if day_of_week == "?" else parse_day_of_week(day_of_week),
    )
