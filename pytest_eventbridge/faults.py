"""Faults on demand, as a test plans them: ``eventbridge.faults``.

Harness layer. All are undone with the test; one that was planned and did not strike fails it.

Source: "How EventBridge retries delivering events" in the user guide; PutEvents' errors in the API reference.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Unpack, final

from pytest_eventbridge.delivery.faults import Fault, PlannedFaults
from pytest_eventbridge.delivery.timeline import Timeline
from pytest_eventbridge.errors import InvalidInputError
from pytest_eventbridge.functions.registry import FunctionRegistry
from pytest_eventbridge.recording.filters import EventFilter, EventParts
from pytest_eventbridge.recording.records import Delivery, Invocation, PublishedEvent

__all__ = ["Faults"]


@final
class Faults:
    """Plans what goes wrong next.

    Attributes:
        shuffle_seed: The seed of :meth:`shuffle_deliveries`, if it was called.
    """

    def __init__(
        self,
        planned: PlannedFaults,
        timeline: Timeline,
        registry: FunctionRegistry,
        deliveries_to: Callable[[object], tuple[str, Callable[[Delivery], bool]]],
    ) -> None:
        """Plan nothing yet.

        Args:
            planned: Where the engine looks for faults.
            timeline: Whose order can be shuffled.
            registry: The functions that can time out.
            deliveries_to: Returns what a target is called, and whether a delivery goes to it.
        """
        self._planned = planned
        self._timeline = timeline
        self._registry = registry
        self._deliveries_to = deliveries_to
        self.shuffle_seed: int | None = None

    def throttle_put_events(self, times: int = 1, **filters: Unpack[EventParts]) -> None:
        """Throttle whole PutEvents requests. boto3 tries again by itself, as in production.

        Args:
            times: How many requests.
            filters: Only requests with such an event among their entries: see :class:`EventParts`.
        """
        label = f"throttle_put_events(times={times})"
        self._plan(Fault("request", label, times, _any_of(filters), "ThrottlingException"))

    def fail_put_events(self, error_code: str, times: int = 1, **filters: Unpack[EventParts]) -> None:
        """Fail whole PutEvents requests.

        Args:
            error_code: Such as ``InternalException``, which boto3 tries again, or ``AccessDeniedException``.
            times: How many requests.
            filters: Only requests with such an event among their entries: see :class:`EventParts`.
        """
        label = f"fail_put_events({error_code!r}, times={times})"
        self._plan(Fault("request", label, times, _any_of(filters), error_code))

    def fail_entries(self, error_code: str = "InternalFailure", times: int = 1, **filters: Unpack[EventParts]) -> None:
        """Reject single entries; the others of a request go on.

        Args:
            error_code: The entry's ErrorCode: ``InternalFailure`` and ``ThrottlingException`` are those to retry.
            times: How many entries.
            filters: Of which events: see :class:`EventParts`.
        """
        label = f"fail_entries({error_code!r}, times={times})"
        self._plan(Fault("entry", label, times, EventFilter(**filters).accepts, error_code))

    def fail_delivery(
        self, to: object, error_code: str, times: int = 1, retryable: bool = True, **filters: Unpack[EventParts]
    ) -> None:
        """Let attempts to deliver fail.

        Args:
            to: A rule, a target, an ARN, a function, or a queue's, function's or target's name.
            error_code: As in a dead letter's ERROR_CODE: ``THROTTLING``, ``NO_PERMISSIONS``, ...
            times: How many attempts.
            retryable: Whether EventBridge tries again.
            filters: Of which events: see :class:`EventParts`.

        Raises:
            NotFoundError: no rule has such a target.
        """
        name, goes_there = self._deliveries_to(to)
        label = f"fail_delivery({name}, {error_code!r}, times={times})"
        self._plan(Fault("delivery", label, times, _both(goes_there, filters), error_code, retryable))

    def time_out_function(self, function: object, times: int = 1, **filters: Unpack[EventParts]) -> None:
        """Let a function time out instead of running.

        Args:
            function: The function, its handler, its name, its ARN or its handler's import string.
            times: How many invocations.
            filters: For which events: see :class:`EventParts`.

        Raises:
            NotFoundError: no such function is registered.
        """
        known = self._registry.find(function)
        label = f"time_out_function({known.name!r}, times={times})"
        wanted = EventFilter(**filters) if filters else None

        def applies(invocation: Invocation) -> bool:
            if invocation.function != known.name:
                return False
            return wanted is None or (invocation.cause is not None and wanted.accepts(invocation.cause))

        self._plan(Fault("function", label, times, applies))

    def duplicate_deliveries(self, to: object = None, times: int = 1, **filters: Unpack[EventParts]) -> None:
        """Deliver twice, as AWS may: it promises at least once.

        Args:
            to: To which target: see :meth:`fail_delivery`; to any when absent.
            times: How many deliveries.
            filters: Of which events: see :class:`EventParts`.
        """
        name, goes_there = ("any", lambda _: True) if to is None else self._deliveries_to(to)
        self._plan(
            Fault("duplicate", f"duplicate_deliveries({name}, times={times})", times, _both(goes_there, filters))
        )

    def shuffle_deliveries(self, seed: int | None = None) -> int:
        """Do the work that is due in a random order: AWS promises none.

        Args:
            seed: Of the order; a random one when absent.

        Returns:
            The seed, which is also printed when the test fails.
        """
        chosen = random.randrange(1_000_000) if seed is None else seed  # noqa: S311  # to vary from run to run
        self._timeline.choose = random.Random(chosen).randrange  # noqa: S311  # and to repeat on demand
        self.shuffle_seed = chosen
        return chosen

    def _plan(self, fault: Fault) -> None:
        if isinstance(fault.times, bool) or not isinstance(fault.times, int) or fault.times < 1:
            raise InvalidInputError(f"times must be a whole number, 1 or more, got {fault.times!r}")
        self._planned.plan(fault)


def _any_of(filters: EventParts) -> Callable[[Sequence[PublishedEvent]], bool]:
    wanted = EventFilter(**filters)
    return lambda events: any(map(wanted.accepts, events))


def _both(goes_there: Callable[[Delivery], bool], filters: EventParts) -> Callable[[Delivery], bool]:
    wanted = EventFilter(**filters)
    return lambda delivery: goes_there(delivery) and wanted.accepts(delivery.event)
