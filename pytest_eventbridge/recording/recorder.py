"""The recorder: the one place where what happened is kept, in order.

Engine layer. Several threads may publish at once: an event is numbered and kept under a lock, and to append to a list
needs none.
"""

from __future__ import annotations

from threading import Lock

from pytest_eventbridge.recording.records import DeadLetter, Delivery, Invocation, PublishedEvent

__all__ = ["Recorder"]


class Recorder:
    """What one test did, in the order in which it happened.

    Attributes:
        events: Every entry that reached PutEvents.
        deliveries: Every attempt to bring an event to a target.
        invocations: Every run of a function.
        not_run: Every asynchronous invocation that Lambda gave up where it would have run.
        dead_letters: Every delivery that ended in a dead-letter queue.
        occurrences: Whenever a schedule of EventBridge Scheduler fired; they are on no bus, so not in ``events``.
        loops: The events at which a causal chain was cut because it did not end.
    """

    def __init__(self) -> None:
        self.events: list[PublishedEvent] = []
        self.deliveries: list[Delivery] = []
        self.invocations: list[Invocation] = []
        self.not_run: list[Invocation] = []
        self.dead_letters: list[DeadLetter] = []
        self.occurrences: list[PublishedEvent] = []
        self.loops: list[PublishedEvent] = []
        self._lock = Lock()

    def add_event(self, event: PublishedEvent) -> None:
        """Keep an event, and number it."""
        with self._lock:
            event.number = len(self.events)
            self.events.append(event)

    def add_occurrence(self, event: PublishedEvent) -> None:
        """Keep an occurrence of a schedule."""
        self.occurrences.append(event)

    def add_delivery(self, delivery: Delivery) -> None:
        """Keep a delivery, here and with its event."""
        self.deliveries.append(delivery)
        delivery.event.deliveries.append(delivery)

    def add_invocation(self, invocation: Invocation) -> None:
        """Keep an invocation, here and, when it is the first, with its delivery."""
        self.invocations.append(invocation)
        if invocation.delivery is not None and invocation.delivery.invocation is None:
            invocation.delivery.invocation = invocation

    def add_not_run(self, invocation: Invocation) -> None:
        """Keep an invocation that never was a run."""
        self.not_run.append(invocation)

    def add_dead_letter(self, letter: DeadLetter) -> None:
        """Keep a dead letter."""
        self.dead_letters.append(letter)

    def add_loop(self, event: PublishedEvent) -> None:
        """Keep where an endless causal chain was cut."""
        self.loops.append(event)
