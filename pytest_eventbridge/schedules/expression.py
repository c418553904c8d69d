"""A schedule expression as users hold it: ``rate(...)``, ``cron(...)`` or ``at(...)``.

Core layer, usable on its own. There are two dialects: of scheduled rules on an event bus ("events"), which run in UTC
and know no ``at``, and of EventBridge Scheduler ("scheduler"), a service of its own. Daylight saving follows AWS's
rule: a wall time that does not exist is skipped, one that comes twice fires once, at its first occurrence; ``rate``
is elapsed time, whatever the zone.

Source: "Schedule expressions" in the EventBridge user guide; "Schedule types" in the Scheduler user guide; recorded
refusals of PutRule and CreateSchedule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import takewhile
from typing import Literal, NoReturn, TypeAlias, final
from zoneinfo import ZoneInfo

from pytest_eventbridge.errors import InvalidInputError, InvalidScheduleExpressionError
from pytest_eventbridge.instants import instant
from pytest_eventbridge.schedules.cron import Cron, parse_cron
from pytest_eventbridge.schedules.cron_fields import CronFieldError

__all__ = ["ScheduleExpression", "Service"]

Service: TypeAlias = "Literal['events', 'scheduler']"

_LENGTH_LIMIT = 256
_FORM = re.compile(r"(rate|cron|at)\((.*)\)", re.DOTALL)
_RATE = re.compile(r"([0-9]+) (minutes?|hours?|days?)")
_LOOSE_RATE = re.compile(_RATE.pattern, re.IGNORECASE)
_AT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}")
_SECONDS = {"minute": 60, "hour": 3600, "day": 86_400}


@final
class ScheduleExpression:
    """A parsed schedule expression.

    Attributes:
        text: As given.
        service: Whose dialect it is.
        timezone: The zone of its wall times; always UTC for rules.
        kind: ``rate``, ``cron`` or ``at``.

    Example:
        >>> weekdays = ScheduleExpression("cron(0 12 ? * MON-FRI *)")
        >>> next(weekdays.occurrences("2026-11-20T12:00:00Z")).isoformat()
        '2026-11-23T12:00:00+00:00'
    """

    __slots__ = ("_at", "_cron", "_period", "kind", "service", "text", "timezone")

    def __init__(self, expression: str, timezone: str | tzinfo = "UTC", service: Service = "events") -> None:
        """Parse an expression.

        Args:
            expression: ``rate(5 minutes)``, ``cron(0 12 * * ? *)`` or, for the scheduler, ``at(2026-03-01T00:00:00)``.
            timezone: An IANA name; a rule's is UTC.
            service: Whose dialect.

        Raises:
            InvalidScheduleExpressionError: the service refuses it, or AWS documents no such expression.
            InvalidInputError: the zone or the service is unknown, or a rule is given another zone than UTC.
        """
        if not isinstance(expression, str):
            raise InvalidInputError(f"a schedule expression is text, got {type(expression).__name__} {expression!r}")
        if service not in ("events", "scheduler"):
            raise InvalidInputError(f"service must be 'events' or 'scheduler', got {service!r}")
        self.text = expression
        self.service = service
        self.timezone = _zone(timezone)
        if service == "events" and str(self.timezone) != "UTC":
            raise InvalidInputError("rules on an event bus run in UTC: a time zone is for service='scheduler'")
        self._cron: Cron | None = None
        self._period: timedelta | None = None
        self._at: datetime | None = None
        match = _FORM.fullmatch(expression)
        if match is None or len(expression) > _LENGTH_LIMIT:
            self._refuse(self._form_fault())
        self.kind, body = match[1], match[2]
        if self.kind == "cron":
            try:
                self._cron = parse_cron(body)
            except CronFieldError as error:
                self._refuse(str(error))
        elif self.kind == "rate":
            self._period = self._parse_rate(body)
        else:
            self._at = self._parse_at(body)

    def occurrences(
        self,
        after: datetime | str | float,
        *,
        start: datetime | str | float | None = None,
        end: datetime | str | float | None = None,
    ) -> Iterator[datetime]:
        """Return the instants at which the expression fires, in UTC and in order.

        Args:
            after: They lie strictly after this instant.
            start: None lies before it. For ``rate`` it is the anchor, from which periods are counted: a rule first
                fires one period later, a schedule of EventBridge Scheduler at the anchor itself. Without it the anchor
                is ``after``.
            end: None lies after it.

        Raises:
            InvalidInputError: an argument is not an instant.
        """
        lower, upper = instant(after), None if end is None else instant(end)
        first = None if start is None else instant(start)
        occurrences = self._unbounded(lower, first)
        return occurrences if upper is None else takewhile(upper.__ge__, occurrences)

    def next_occurrence(self, after: datetime | str | float) -> datetime | None:
        """Return the first instant after one at which the expression fires, or None when it never does again."""
        return next(self.occurrences(after), None)

    def _unbounded(self, after: datetime, start: datetime | None) -> Iterator[datetime]:
        if self._period is not None:
            return self._periods(after, start)
        # Strictly after the one, and not before the other: one microsecond less makes both "strictly after".
        bound = after if start is None else max(after, start - timedelta(microseconds=1))
        if self._at is not None:
            return iter([self._at] if self._at > after else [])
        assert self._cron is not None
        if str(self.timezone) == "UTC":
            return self._cron.wall_times(bound)
        return self._in_zone(self._cron, bound)

    def _periods(self, after: datetime, start: datetime | None) -> Iterator[datetime]:
        assert self._period is not None
        anchor = after if start is None else start
        count = max((after - anchor) // self._period + 1, 0 if self.service == "scheduler" else 1)
        try:
            while True:
                yield anchor + count * self._period
                count += 1
        except OverflowError:  # the calendar of Python ends with the year 9999
            return

    def _in_zone(self, cron: Cron, after: datetime) -> Iterator[datetime]:
        # A wall time that comes twice may lie up to a day behind the instant's own, so enumeration begins earlier.
        wall_after = after.astimezone(self.timezone).replace(tzinfo=None) - timedelta(days=1)
        last = after
        for wall in cron.wall_times(wall_after):
            occurrence = wall.replace(tzinfo=self.timezone).astimezone(UTC)
            if occurrence <= last or occurrence.astimezone(self.timezone).replace(tzinfo=None) != wall:
                continue
            last = occurrence
            yield occurrence

    def _parse_rate(self, body: str) -> timedelta:
        # Recorded: rules insist on the plural and on lower case, EventBridge Scheduler does not.
        match = (_RATE if self.service == "events" else _LOOSE_RATE).fullmatch(body)
        if match is None:
            self._refuse(f"rate takes a number and a unit, such as 'rate(5 minutes)', got {body!r}")
        number, unit = int(match[1]), match[2].lower()
        if number == 0:
            self._refuse("a rate's number must be at least 1")
        if self.service == "events" and (number == 1) == unit.endswith("s"):
            wanted = unit.removesuffix("s") if number == 1 else f"{unit}s"
            self._refuse(f"with {number} the unit is {wanted!r}, got {unit!r}")
        try:
            return timedelta(seconds=number * _SECONDS[unit.removesuffix("s")])
        except OverflowError:
            self._refuse(f"a rate of {number} {unit} is longer than any calendar")

    def _parse_at(self, body: str) -> datetime:
        if self.service == "events":
            self._refuse("a rule takes rate(...) or cron(...); at(...) is for EventBridge Scheduler")
        if not _AT.fullmatch(body):
            self._refuse(f"at takes a wall time without a zone, such as 'at(2026-03-01T08:00:00)', got {body!r}")
        try:
            wall = datetime.fromisoformat(body)
        except ValueError as error:
            self._refuse(f"at has {body!r}: {error}")
        occurrence = wall.replace(tzinfo=self.timezone).astimezone(UTC)
        if occurrence.astimezone(self.timezone).replace(tzinfo=None) != wall:
            self._refuse(f"{body} does not exist in {self.timezone}: its clocks skip it")
        return occurrence

    def _form_fault(self) -> str:
        if len(self.text) > _LENGTH_LIMIT:
            return f"it has {len(self.text)} characters, but at most {_LENGTH_LIMIT} are allowed"
        forms = "rate(...) or cron(...)" if self.service == "events" else "rate(...), cron(...) or at(...)"
        return f"it must be {forms} in lower case, with nothing before or after"

    def _refuse(self, reason: str) -> NoReturn:
        message = (
            "Parameter ScheduleExpression is not valid."
            if self.service == "events"
            else f"Invalid Schedule Expression {self.text}."
        )
        raise InvalidScheduleExpressionError(
            message, expression=self.text, reason=reason[:1].upper() + reason[1:] + "."
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ScheduleExpression):
            return NotImplemented
        return (self.text, self.timezone, self.service) == (other.text, other.timezone, other.service)

    def __hash__(self) -> int:
        return hash((self.text, str(self.timezone), self.service))

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"ScheduleExpression({self.text!r}, timezone={str(self.timezone)!r}, service={self.service!r})"


def _zone(timezone: str | tzinfo) -> tzinfo:
    if isinstance(timezone, tzinfo):
        return UTC if timezone is UTC else timezone
    if timezone == "UTC":
        return UTC
    try:
        return ZoneInfo(timezone)
    except (KeyError, ValueError, OSError) as error:
        raise InvalidInputError(
            f"{timezone!r} is not a time zone: give an IANA name such as 'Europe/Berlin'"
        ) from error
