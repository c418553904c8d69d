"""Scheduled rules: their next occurrence stands on the timeline like any other work.

Engine layer. The control plane says which scheduled rules there are, and is asked again before every step of the clock,
so that a rule put, changed, disabled or deleted by a handler is obeyed at once. Putting a rule again, or enabling it,
begins its ``rate`` anew; a rule first fires one period after that.

Source: "Creating a rule that runs on a schedule" in the EventBridge user guide; recorded Scheduled Events.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from pytest_eventbridge.delivery.ports import ControlPlane, LocatedRule, RuleState
from pytest_eventbridge.delivery.timeline import Occurrence, PlannedWork, Timeline
from pytest_eventbridge.schedules import ScheduleExpression

__all__ = ["ScheduledRules"]


@dataclass(slots=True)
class _Plan:
    """A rule's place on the timeline.

    Attributes:
        rule: The rule as it was planned.
        anchor: When it was put or enabled.
        occurrences: Those to come.
        work: The next of them, or None when the rule never fires again.
    """

    rule: LocatedRule
    anchor: datetime
    occurrences: Iterator[datetime]
    work: PlannedWork | None = None


class ScheduledRules:
    """Keeps the next occurrence of every enabled scheduled rule on the timeline."""

    def __init__(
        self, *, control_plane: ControlPlane, timeline: Timeline, fire: Callable[[LocatedRule], object]
    ) -> None:
        """Plan nothing yet; :meth:`refresh` does.

        Args:
            control_plane: Who has the rules.
            timeline: Where the occurrences stand.
            fire: Sends a rule's Scheduled Event, at the timeline's now.
        """
        self._control_plane = control_plane
        self._timeline = timeline
        self._fire = fire
        self._plans: dict[str, _Plan] = {}

    def refresh(self) -> None:
        """Bring the timeline up to what the control plane has now."""
        current = {scheduled.rule.arn: scheduled for scheduled in self._control_plane.scheduled_rules()}
        for arn, plan in list(self._plans.items()):
            found = current.get(arn)
            if found is None or found.rule.version != plan.rule.rule.version:
                if plan.work is not None:
                    self._timeline.cancel(plan.work)
                del self._plans[arn]
        for arn, scheduled in current.items():
            if arn not in self._plans:
                now = self._timeline.now()
                occurrences = _expression(scheduled.rule).occurrences(now, start=now)
                plan = self._plans[arn] = _Plan(scheduled, now, occurrences)
                self._plan_next(plan)

    def begin_anew(self) -> None:
        """Let every rule begin at the timeline's now: the clock was just set."""
        for plan in self._plans.values():
            if plan.work is not None:
                self._timeline.cancel(plan.work)
        self._plans.clear()
        self.refresh()

    def skip_past(self) -> None:
        """Plan again from now on, letting go of occurrences that the clock has passed."""
        for plan in self._plans.values():
            if plan.work is not None:
                self._timeline.cancel(plan.work)
            plan.occurrences = _expression(plan.rule.rule).occurrences(self._timeline.now(), start=plan.anchor)
            self._plan_next(plan)

    def upcoming(self, count: int, rule: RuleState | None = None) -> list[Occurrence]:
        """Return the next occurrences, without moving anything.

        Args:
            count: How many.
            rule: Of this rule only; of all when absent.
        """
        self.refresh()
        now = self._timeline.now()
        streams = [
            _occurrences(plan, now) for plan in self._plans.values() if rule is None or rule.arn == plan.rule.rule.arn
        ]
        return list(islice(heapq.merge(*streams, key=lambda occurrence: occurrence.instant), count))

    def _plan_next(self, plan: _Plan) -> None:
        due = next(plan.occurrences, None)
        plan.work = None
        if due is not None:
            plan.work = self._timeline.add_later(
                due, _label(plan.rule.rule), lambda: self._occur(plan), is_schedule=True
            )

    def _occur(self, plan: _Plan) -> None:
        self._plan_next(plan)
        self._fire(plan.rule)


def _occurrences(plan: _Plan, after: datetime) -> Iterator[Occurrence]:
    for due in _expression(plan.rule.rule).occurrences(after, start=plan.anchor):
        yield Occurrence(due, _label(plan.rule.rule))


def _label(rule: RuleState) -> str:
    return f"rule {rule.name!r} on its schedule {rule.schedule}"


def _expression(rule: RuleState) -> ScheduleExpression:
    assert rule.schedule is not None
    return ScheduleExpression(rule.schedule)
