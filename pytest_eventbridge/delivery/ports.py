"""What the delivery engine needs of the world: the control plane's rules, and the targets.

Engine layer. The engine knows these protocols; the adapters in ``aws`` and ``targets`` stand behind them.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from pytest_eventbridge.recording.records import Delivery

__all__ = [
    "ArchiveState",
    "ControlPlane",
    "DeliveryFailureError",
    "LocatedRule",
    "ReplayState",
    "RuleState",
    "ScheduleState",
    "Targets",
]


@dataclass(frozen=True, slots=True)
class RuleState:
    """A rule as the control plane has it now.

    Attributes:
        name: Its name.
        arn: Its ARN.
        bus: Its event bus's name.
        pattern: Its event pattern's text, if it has one.
        schedule: Its schedule expression, if it has one.
        state: ``ENABLED``, ``DISABLED`` or ``ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS``.
        targets: Its targets as PutTargets took them; the control plane's own list, always current.
        managed_by: The AWS service that it belongs to (an archive's rule), if any.
        version: Equal for as long as the rule is neither put again nor enabled or disabled.
    """

    name: str
    arn: str
    bus: str
    pattern: str | None
    schedule: str | None
    state: str
    targets: Sequence[Mapping[str, Any]]
    managed_by: str | None = None
    version: object = None


class LocatedRule(NamedTuple):
    """A rule, and where it is."""

    account: str
    region: str
    rule: RuleState


@dataclass(frozen=True, slots=True)
class ScheduleState:
    """A schedule of EventBridge Scheduler as the control plane has it now.

    Attributes:
        name: Its name.
        group: Its schedule group's name.
        arn: Its ARN.
        account: Whose it is.
        region: Where it is.
        expression: Its schedule expression.
        timezone: The IANA name of the zone of its wall times.
        start: Nothing fires before, if given.
        end: Nothing fires after, if given.
        window_minutes: How long after an occurrence the target may be called; 0 when the window is off.
        target: As CreateSchedule took it.
        is_deleted_after_completion: Whether it goes once it has fired for the last time.
        version: Equal for as long as the schedule is not updated.
    """

    name: str
    group: str
    arn: str
    account: str
    region: str
    expression: str
    timezone: str
    start: datetime | None
    end: datetime | None
    window_minutes: int
    target: Mapping[str, Any]
    is_deleted_after_completion: bool
    version: object


@dataclass(frozen=True, slots=True)
class ArchiveState:
    """An archive as the control plane has it now.

    Attributes:
        name: Its name.
        pattern: Its event pattern's text; None when it keeps everything.
        retention_days: For how long it keeps events; 0 for ever.
        events: What is in it: the control plane's own list.
    """

    name: str
    pattern: str | None
    retention_days: int
    events: list[Any]


class ReplayState(Protocol):
    """A replay, which the control plane keeps and the engine runs."""

    name: str
    archive: str
    account: str
    region: str
    bus: str
    rule_arns: Sequence[str]
    start: datetime
    end: datetime

    @property
    def state(self) -> str:
        """``STARTING``, ``RUNNING``, ``CANCELLING``, ``COMPLETED``, ``CANCELLED`` or ``FAILED``."""

    def change(
        self, state: str, now: datetime, *, reason: str | None = None, last_replayed: datetime | None = None
    ) -> None:
        """Change its state.

        Args:
            state: The new one.
            now: When.
            reason: Why, if it failed.
            last_replayed: The time of the last event that was replayed.
        """


class ControlPlane(Protocol):
    """Who keeps event buses, rules, targets, archives and schedules.

    Attributes:
        changes: The same for as long as nothing of that can have changed.
    """

    changes: int

    def rules(self, account: str, region: str, bus: str, /) -> Sequence[RuleState] | None:
        """Return an event bus's rules, or None when there is no such bus.

        The same object is returned until a rule changes, so that what was worked out for it can be kept.
        """

    def note_change(self) -> None:
        """Look again at what there is: a request was answered that may have changed it."""

    def has_bus(self, account: str, region: str, bus: str) -> bool:
        """Whether there is such an event bus."""

    def scheduled_rules(self) -> Sequence[LocatedRule]:
        """Return the enabled rules that have a schedule, in every Region and account.

        The same object is returned until one of them changes.
        """

    def archives(self, account: str, region: str, bus: str, /) -> Sequence[ArchiveState]:
        """Return an event bus's archives."""

    def archive(self, account: str, region: str, name: str) -> ArchiveState | None:
        """Return an archive, or None when there is none of that name."""

    def active_replays(self, account: str, region: str) -> int:
        """Return how many replays are starting or running."""

    def connections(self, account: str, region: str) -> Mapping[str, str]:
        """Return the ARNs, by name, of the connections that API destinations use."""

    def api_destinations(self, account: str, region: str) -> Container[str]:
        """Return the names of the API destinations."""

    def schedules(self) -> Sequence[ScheduleState]:
        """Return the enabled schedules of EventBridge Scheduler, in every Region and account.

        The same object is returned until one of them changes.
        """

    def has_schedule_group(self, account: str, region: str, name: str) -> bool:
        """Whether there is such a schedule group."""

    def delete_schedule(self, schedule: ScheduleState) -> None:
        """Delete a schedule that has completed."""


class Targets(Protocol):
    """Who brings a delivery's input to its target."""

    def authorize(self, delivery: Delivery) -> None:
        """Refuse a delivery that EventBridge would not be allowed to make.

        Raises:
            DeliveryFailureError: it would not.
        """

    def deliver(self, delivery: Delivery) -> None:
        """Call the target with the delivery's input.

        Raises:
            DeliveryFailureError: the target did not take it.
        """

    def send_dead_letter(self, delivery: Delivery, queue_arn: str, attributes: Mapping[str, str]) -> None:
        """Put the delivery's input into a dead-letter queue.

        Raises:
            DeliveryFailureError: the queue did not take it.
        """


class DeliveryFailureError(Exception):
    """A target did not take a delivery.

    Attributes:
        code: One of the ERROR_CODEs that a dead letter can have.
        message: The target's words.
        retryable: Whether EventBridge tries again.
        service_code: The target's own error code, if it answered with one.
        retry_after_seconds: How long the target asks to be left alone.
        hint: What to do about it, for whoever reads the test's failure; AWS says no such thing.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        retryable: bool,
        service_code: str | None = None,
        retry_after_seconds: float = 0,
        hint: str = "",
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.retryable = retryable
        self.service_code = service_code
        self.retry_after_seconds = retry_after_seconds
        self.hint = hint

    @property
    def explained(self) -> str:
        """The target's words, and what to do about them."""
        return f"{self.message}\n{self.hint}" if self.hint else self.message
