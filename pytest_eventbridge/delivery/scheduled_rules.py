"""Scheduled rules: rules of the default event bus that fire on a ``rate`` or ``cron`` expression, in UTC.

Engine layer. A rule first fires one period after it was put or enabled; missed occurrences are not made up for.

Source: "Creating a rule that runs on a schedule" in the EventBridge user guide; recorded Scheduled Events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pytest_eventbridge.delivery.ports import ControlPlane, LocatedRule
from pytest_eventbridge.delivery.recurring import Recurring
from pytest_eventbridge.schedules import ScheduleExpression

__all__ = ["ScheduledRules"]


@dataclass(frozen=True, slots=True)
class _ScheduledRule:
    """A rule, as something that recurs."""

    label: str
    located: LocatedRule
    expression: ScheduleExpression
    fire: Callable[[LocatedRule], object]

    @property
    def version(self) -> object:
        return self.located.rule.version

    def occurrences(self, after: datetime, anchor: datetime, *, is_new: bool = False) -> Iterator[datetime]:
        return self.expression.occurrences(after, start=anchor)

    def occur(self, at: datetime) -> None:
        self.fire(self.located)


class ScheduledRules:
    """The enabled rules that have a schedule, as things that recur."""

    def __init__(self, control_plane: ControlPlane, fire: Callable[[LocatedRule], object]) -> None:
        """Take who has the rules.

        Args:
            control_plane: Who has them.
            fire: Sends a rule's Scheduled Event, at the timeline's now.
        """
        self._control_plane = control_plane
        self._fire = fire
        self._read: Sequence[LocatedRule] = ()
        self._recurring: dict[str, Recurring] = {}

    def recurring(self) -> Mapping[str, Recurring]:
        """Return them by ARN; the same object until one of them changes."""
        rules = self._control_plane.scheduled_rules()
        if rules is not self._read:
            self._read = rules
            self._recurring = {
                located.rule.arn: self._scheduled(located, located.rule.schedule)
                for located in rules
                if located.rule.schedule is not None
            }
        return self._recurring

    def _scheduled(self, located: LocatedRule, schedule: str) -> _ScheduledRule:
        label = f"rule {located.rule.name!r} on its schedule {schedule}"
        return _ScheduledRule(label, located, ScheduleExpression(schedule), self._fire)
