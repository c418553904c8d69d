"""Attempts at a delivery: the first one, the retries on the timeline, and the dead letter when it is given up.

Engine layer, and the same for what a rule sends and for what a schedule of EventBridge Scheduler sends.

Source: "How EventBridge retries delivering events" and "Using dead-letter queues" in the EventBridge user guide.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pytest_eventbridge.delivery.dead_letter import dead_letter_attributes
from pytest_eventbridge.delivery.faults import PlannedFaults
from pytest_eventbridge.delivery.ports import DeliveryFailureError, Targets
from pytest_eventbridge.delivery.retry_policy import RetryPolicy
from pytest_eventbridge.delivery.timeline import Timeline
from pytest_eventbridge.recording.recorder import Recorder
from pytest_eventbridge.recording.records import DeadLetter, Delivery

__all__ = ["Attempts"]


class Attempts:
    """Sends deliveries, again and again if need be."""

    def __init__(self, *, timeline: Timeline, recorder: Recorder, faults: PlannedFaults, targets: Targets) -> None:
        self._timeline = timeline
        self._recorder = recorder
        self._faults = faults
        self._targets = targets

    def attempt(self, delivery: Delivery, send: Callable[[Delivery], None]) -> None:
        """Send a delivery now, and plan what follows from its failure.

        Args:
            delivery: What to send.
            send: Does it; raises DeliveryFailureError when the target does not take it.
        """
        delivery.ended_at = now = self._timeline.now()
        delivery.attempts += 1
        delivery.started_at = delivery.started_at or now
        try:
            fault = self._faults.strike("delivery", delivery)
            if fault is not None:
                delivery.faults = (*delivery.faults, fault.label)
                message = f"planned by {fault.label}"
                raise DeliveryFailureError(fault.error_code, message, retryable=fault.retryable)
            self._targets.authorize(delivery)
            send(delivery)
        except DeliveryFailureError as failure:
            self._after_failure(delivery, failure, now, send)
        else:
            delivery.status = "delivered"

    def _after_failure(
        self, delivery: Delivery, failure: DeliveryFailureError, now: datetime, send: Callable[[Delivery], None]
    ) -> None:
        delivery.record_failure(failure.code, failure.explained)
        policy = RetryPolicy.of(delivery.target)
        due = None
        if failure.retryable:
            first = delivery.started_at or now
            due = policy.next_attempt(delivery.attempts, first, now, failure.retry_after_seconds)
        if due is None:
            condition = policy.exhausted_condition(delivery.attempts) if failure.retryable else None
            self.give_up(delivery, failure, condition)
            return
        label = f"attempt {delivery.attempts + 1} to deliver {delivery.event.label} to {delivery.target_arn}"
        self._timeline.add_later(due, label, lambda: self.attempt(delivery, send))

    def give_up(
        self, delivery: Delivery, failure: DeliveryFailureError, exhausted_condition: str | None = None
    ) -> None:
        """End a delivery that failed: in its target's dead-letter queue, or lost.

        Args:
            delivery: What was not taken.
            failure: Why.
            exhausted_condition: Which limit of the retry policy was reached, for a failure that is retried.
        """
        delivery.record_failure(failure.code, failure.explained)
        queue_arn = (delivery.target.get("DeadLetterConfig") or {}).get("Arn")
        if queue_arn is None:
            delivery.status = "failed"
            return
        attributes = dead_letter_attributes(delivery, failure, exhausted_condition)
        try:
            self._targets.send_dead_letter(delivery, queue_arn, attributes)
        except DeliveryFailureError as second:
            delivery.status = "failed"
            delivery.record_failure(
                failure.code,
                f"{failure.explained} The dead-letter queue {queue_arn} did not take it: {second.explained}",
            )
            return
        delivery.status = "dead-lettered"
        self._recorder.add_dead_letter(DeadLetter(delivery, queue_arn, delivery.input, attributes))
