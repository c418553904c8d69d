"""EventBridge Scheduler: a service of its own beside the rules, whose schedules call a target each.

Engine layer. A schedule has a ``rate``, ``cron`` or ``at`` expression in a time zone, may begin and end, and sends its
target an input of its own, in which ``<aws.scheduler.*>`` stands for what is only known when it fires. Nothing of it
passes over an event bus, unless its target is one.

Source: "Schedule types", "Adding context attributes" and "Managing a schedule" in the EventBridge Scheduler user guide.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pytest_eventbridge.delivery.attempts import Attempts
from pytest_eventbridge.delivery.identifiers import Identifiers
from pytest_eventbridge.delivery.ports import ControlPlane, ScheduleState
from pytest_eventbridge.delivery.recurring import Recurring
from pytest_eventbridge.delivery.timeline import Call, Timeline
from pytest_eventbridge.instants import iso_seconds
from pytest_eventbridge.recording.recorder import Recorder
from pytest_eventbridge.recording.records import Delivery, PublishedEvent
from pytest_eventbridge.schedules import ScheduleExpression

__all__ = ["Scheduler"]

_EXECUTION_ID_LENGTH = 16


@dataclass(frozen=True, slots=True)
class _Schedule:
    """A schedule, as something that recurs."""

    state: ScheduleState
    expression: ScheduleExpression
    runs_past: bool
    fire: Callable[[ScheduleState, datetime, bool], None]

    @property
    def label(self) -> str:
        return f"schedule {_name(self.state)!r} on {self.expression}"

    @property
    def version(self) -> object:
        return self.state.version

    def occurrences(self, after: datetime, anchor: datetime, *, is_new: bool = False) -> Iterator[datetime]:
        state = self.state
        if self.expression.kind == "at":
            # Start and end do not concern it; in the past it does not fire, unless that was asked for.
            past = is_new and self.runs_past
            at = self.expression.next_occurrence(datetime.min) if past else None
            if at is not None and at <= after:
                return iter([after])
            return self.expression.occurrences(_just_before(after) if is_new else after)
        # A rate begins with an occurrence: at the start, or at once.
        start = state.start or anchor
        return self.expression.occurrences(_just_before(after) if is_new else after, start=start, end=state.end)

    def occur(self, at: datetime) -> None:
        self.fire(self.state, at, self._is_last(at))

    def _is_last(self, at: datetime) -> bool:
        return self.expression.kind == "at" or (
            self.state.end is not None and next(self.occurrences(at, at), None) is None
        )


class Scheduler:
    """The enabled schedules, as things that recur, and what happens when one does."""

    def __init__(
        self,
        *,
        control_plane: ControlPlane,
        timeline: Timeline,
        recorder: Recorder,
        identifiers: Identifiers,
        attempts: Attempts,
        send: Callable[[Delivery], None],
        window_seed: int | None = None,
        runs_past: bool = False,
    ) -> None:
        """Take what it works with.

        Args:
            control_plane: Who has the schedules.
            timeline: On which its work stands.
            recorder: Where what happens is kept.
            identifiers: Of events and executions.
            attempts: Sends deliveries, and tries again.
            send: Brings a delivery's input to its target.
            window_seed: Of the moment within a flexible time window at which the target is called; None for its start.
            runs_past: Whether an ``at`` that has passed when it is created runs at once.
        """
        self._control_plane = control_plane
        self._timeline = timeline
        self._recorder = recorder
        self._identifiers = identifiers
        self._attempts = attempts
        self._send_to_target = send
        self._chance = None if window_seed is None else random.Random(window_seed)  # noqa: S311  # it must repeat
        self._runs_past = runs_past
        self._read: Sequence[ScheduleState] = ()
        self._recurring: dict[str, Recurring] = {}

    def recurring(self) -> Mapping[str, Recurring]:
        """Return the schedules by ARN; the same object until one of them changes."""
        schedules = self._control_plane.schedules()
        if schedules is not self._read:
            self._read = schedules
            self._recurring = {
                state.arn: _Schedule(
                    state,
                    ScheduleExpression(state.expression, state.timezone, "scheduler"),
                    self._runs_past,
                    self._occur,
                )
                for state in schedules
            }
        return self._recurring

    def _occur(self, schedule: ScheduleState, at: datetime, is_last: bool) -> None:
        if is_last and schedule.is_deleted_after_completion:
            self._control_plane.delete_schedule(schedule)
        event = self._notification(schedule, at)
        self._recorder.add_occurrence(event)
        delivery = Delivery(event, _name(schedule), schedule.arn, {"Id": schedule.name, **schedule.target})
        delivery.execution_id = self._execution_id()
        self._recorder.add_delivery(delivery)
        label = f"call of {delivery.target_arn} by {event.label}"

        def call() -> None:
            self._attempts.attempt(delivery, self._send)

        if schedule.window_minutes and self._chance is not None:
            offset = timedelta(seconds=self._chance.randrange(schedule.window_minutes * 60))
            self._timeline.add_later(at + offset, label, call)
        else:
            self._timeline.add(Call(label, call))

    def _notification(self, schedule: ScheduleState, at: datetime) -> PublishedEvent:
        """Return what a target gets that has no input of its own."""
        return PublishedEvent(
            id=self._identifiers.next(),
            source="aws.scheduler",
            detail_type="Scheduled Event",
            detail="{}",
            resources=(schedule.arn,),
            time=at,
            account=schedule.account,
            region=schedule.region,
            bus="",
            entry={},
            schedule=_name(schedule),
            at_account=schedule.account,
            at_region=schedule.region,
            ingested_at=self._timeline.now(),
        )

    def _send(self, delivery: Delivery) -> None:
        if delivery.attempts > 1:
            delivery.execution_id = self._execution_id()
        text = delivery.target.get("Input")
        if text is None:
            delivery.input = delivery.event.text
        else:
            delivery.input = _filled(text, delivery)
        self._send_to_target(delivery)

    def _execution_id(self) -> str:
        return self._identifiers.next().replace("-", "")[:_EXECUTION_ID_LENGTH]


def _filled(text: str, delivery: Delivery) -> str:
    attributes = {
        "schedule-arn": delivery.rule_arn,
        "scheduled-time": iso_seconds(delivery.event.time),
        "execution-id": delivery.execution_id,
        "attempt-number": str(delivery.attempts),
    }
    for name, value in attributes.items():
        text = text.replace(f"<aws.scheduler.{name}>", value)
    return text


def _name(schedule: ScheduleState) -> str:
    return schedule.name if schedule.group == "default" else f"{schedule.group}/{schedule.name}"


def _just_before(moment: datetime) -> datetime:
    return moment - timedelta(microseconds=1)
