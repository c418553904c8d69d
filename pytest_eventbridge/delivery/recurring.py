"""What recurs stands on the timeline by its next occurrence: scheduled rules, and schedules of EventBridge Scheduler.

Engine layer. Whoever keeps the definitions is asked again before every step of the clock, so that what a handler puts,
changes, disables or deletes is obeyed at once. Putting or enabling something again begins its ``rate`` anew.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from operator import is_
from typing import Protocol

from pytest_eventbridge.delivery.ports import ControlPlane
from pytest_eventbridge.delivery.timeline import Call, Occurrence, PlannedWork, Timeline

__all__ = ["Recurring", "RecurringWork"]


class Recurring(Protocol):
    """Something that occurs on a schedule."""

    @property
    def label(self) -> str:
        """What occurs, in words."""

    @property
    def version(self) -> object:
        """Equal for as long as its definition is not put again."""

    def occurrences(self, after: datetime, anchor: datetime, *, is_new: bool = False) -> Iterator[datetime]:
        """Yield when it occurs.

        Args:
            after: Strictly after this instant, unless it is new.
            anchor: When it was put or enabled.
            is_new: Whether it was put just now, so that an occurrence at that very instant may count.
        """

    def occur(self, at: datetime) -> None:
        """Do what it does, for an occurrence at an instant."""


@dataclass(slots=True)
class _Plan:
    """Something's place on the timeline.

    Attributes:
        recurring: As it was planned.
        anchor: When it was put or enabled.
        occurrences: Those to come.
        due: The next of them, or None when it never occurs again.
        work: The next of them on the timeline, while it lies ahead.
        has_occurred: Whether there was one.
    """

    recurring: Recurring
    anchor: datetime
    occurrences: Iterator[datetime]
    due: datetime | None = None
    work: PlannedWork | None = None
    has_occurred: bool = False


class RecurringWork:
    """Keeps the next occurrence of everything that recurs on the timeline."""

    def __init__(
        self, timeline: Timeline, control_plane: ControlPlane, *sources: Callable[[], Mapping[str, Recurring]]
    ) -> None:
        """Plan nothing yet; :meth:`refresh` does.

        Args:
            timeline: Where the occurrences stand.
            control_plane: Who knows whether anything may have changed.
            sources: Each returns what recurs now, by ARN; the same object for as long as nothing changes.
        """
        self._timeline = timeline
        self._control_plane = control_plane
        self._changes = -1
        self._sources = sources
        self._known: list[Mapping[str, Recurring]] = []
        self._plans: dict[str, _Plan] = {}

    def refresh(self) -> None:
        """Bring the timeline up to what there is now."""
        changes = self._control_plane.changes
        if changes == self._changes:
            return
        current = [source() for source in self._sources]
        self._changes = changes
        if len(current) == len(self._known) and all(map(is_, current, self._known)):
            return
        self._known = current
        found = {arn: recurring for source in current for arn, recurring in source.items()}
        for arn, plan in list(self._plans.items()):
            if arn not in found or found[arn].version != plan.recurring.version:
                self._cancel(plan)
                del self._plans[arn]
        now = self._timeline.now()
        for arn, recurring in found.items():
            if arn not in self._plans:
                plan = _Plan(recurring, now, recurring.occurrences(now, now, is_new=True))
                self._plans[arn] = plan
                self._plan_next(plan)

    def begin_anew(self) -> None:
        """Let everything begin at the timeline's now: the clock was just set."""
        self.refresh()
        now = self._timeline.now()
        for plan in self._plans.values():
            self._cancel(plan)
            plan.anchor = now
            plan.occurrences = plan.recurring.occurrences(now, now)
            self._plan_next(plan)

    def skip_past(self) -> None:
        """Plan again from now on, letting go of occurrences that the clock has passed."""
        for plan in self._plans.values():
            self._cancel(plan)
            plan.occurrences = plan.recurring.occurrences(self._timeline.now(), plan.anchor)
            self._plan_next(plan)

    def upcoming(self, count: int, arn: str | None = None) -> list[Occurrence]:
        """Return the next occurrences, without moving anything.

        Args:
            count: How many.
            arn: Of this rule or schedule only; of all when absent.
        """
        self.refresh()
        now = self._timeline.now()
        streams = [_upcoming(plan, now) for key, plan in self._plans.items() if arn in (None, key)]
        return list(islice(heapq.merge(*streams, key=lambda occurrence: occurrence.instant), count))

    @property
    def never_occurring(self) -> list[str]:
        """What is enabled, has not occurred, and never will, in words."""
        self.refresh()
        return [plan.recurring.label for plan in self._plans.values() if plan.due is None and not plan.has_occurred]

    def _cancel(self, plan: _Plan) -> None:
        if plan.work is not None:
            self._timeline.cancel(plan.work)

    def _plan_next(self, plan: _Plan) -> None:
        plan.due = due = next(plan.occurrences, None)
        plan.work = None
        if due is None:
            return
        if due <= self._timeline.now():
            self._timeline.add(Call(plan.recurring.label, lambda: self._occur(plan, due)))
        else:
            plan.work = self._timeline.add_later(
                due, plan.recurring.label, lambda: self._occur(plan, due), is_schedule=True
            )

    def _occur(self, plan: _Plan, at: datetime) -> None:
        plan.has_occurred = True
        self._plan_next(plan)
        plan.recurring.occur(at)


def _upcoming(plan: _Plan, after: datetime) -> Iterator[Occurrence]:
    for due in plan.recurring.occurrences(after, plan.anchor):
        yield Occurrence(due, plan.recurring.label)
