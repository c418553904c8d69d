"""What the delivery engine needs of the world: the control plane's rules, and the targets.

Engine layer. The engine knows these protocols; the adapters in ``aws`` and ``targets`` stand behind them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from pytest_eventbridge.recording.records import Delivery

__all__ = ["ControlPlane", "DeliveryFailureError", "LocatedRule", "RuleState", "Targets"]


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


class ControlPlane(Protocol):
    """Who keeps event buses, rules and targets."""

    def rules(self, account: str, region: str, bus: str) -> Sequence[RuleState] | None:
        """Return an event bus's rules, or None when there is no such bus.

        The same object is returned until a rule changes, so that what was worked out for it can be kept.
        """

    def has_bus(self, account: str, region: str, bus: str) -> bool:
        """Whether there is such an event bus."""

    def scheduled_rules(self) -> Sequence[LocatedRule]:
        """Return the enabled rules that have a schedule, in every Region and account."""


class Targets(Protocol):
    """Who brings a delivery's input to its target."""

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
    """

    def __init__(self, code: str, message: str, *, retryable: bool) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.retryable = retryable
