"""Asynchronous invocations: Lambda takes the event at once, and nobody who sent it learns what becomes of it.

Adapter layer. After an error Lambda tries again one minute later, then two, under the same request id; that waits on
the timeline. How it ends goes to the function's destinations and to its dead-letter queue.

Source: "Invoking a Lambda function asynchronously" in the developer guide; PutFunctionEventInvokeConfig in the API
reference; recorded destinations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from pytest_eventbridge.delivery.identifiers import Identifiers
from pytest_eventbridge.delivery.timeline import Timeline, Work
from pytest_eventbridge.functions.function import Function, FunctionConfiguration, FunctionSettings
from pytest_eventbridge.functions.outcome import Condition, Outcome
from pytest_eventbridge.functions.runtime import FunctionRuntime
from pytest_eventbridge.recording.records import Delivery, Invocation

__all__ = ["AsynchronousInvocations"]

_RETRY_WAITS_SECONDS: Final = (60, 120)
_LOST = "its reserved concurrency is 0, and it has neither a dead-letter queue nor an on_failure destination"


class AsynchronousInvocations:
    """Lambda's own queue.

    Attributes:
        pass_on: Told how each invocation of a function that has destinations ended.
    """

    def __init__(
        self,
        *,
        runtime: FunctionRuntime,
        timeline: Timeline,
        identifiers: Identifiers,
        configuration: Callable[[str, str, str], FunctionConfiguration],
    ) -> None:
        """Take what it works with.

        Args:
            runtime: Runs functions.
            timeline: On which invocations wait their turn.
            identifiers: Of requests.
            configuration: Returns what Lambda's API has set for a function: account, Region and name.
        """
        self.pass_on: Callable[[Function, FunctionSettings, Outcome], None] = lambda function, settings, outcome: None
        self._runtime = runtime
        self._timeline = timeline
        self._identifiers = identifiers
        self._configuration = configuration

    def take(self, function: Function, payload: str, delivery: Delivery | None = None) -> None:
        """Take an event for a function, as an Invoke of type Event does.

        Args:
            function: Which.
            payload: The event as JSON text.
            delivery: What it is run for, if EventBridge invokes it.
        """
        settings, request_id = self._settings_of(function), self._identifiers.next()
        self._timeline.add(
            _Taken(self._attempt, function, settings, payload, delivery, request_id, self._timeline.now())
        )

    def _settings_of(self, function: Function) -> FunctionSettings:
        """Return a function's settings, with those that its event invoke configuration replaces."""
        config = self._configuration(function.account, function.region, function.name).event_invoke_config
        if config is None:
            return function.settings
        destinations = config.get("DestinationConfig") or {}
        return replace(
            function.settings,
            maximum_retry_attempts=config.get("MaximumRetryAttempts", 2),
            maximum_event_age=config.get("MaximumEventAgeInSeconds", 21_600),
            on_success=(destinations.get("OnSuccess") or {}).get("Destination"),
            on_failure=(destinations.get("OnFailure") or {}).get("Destination"),
        )

    def _attempt(self, taken: _Taken, number: int) -> None:
        function, payload, request_id, delivery = taken.function, taken.payload, taken.request_id, taken.delivery
        if self._runtime.is_shut(function):
            invocation = self._runtime.give_up(
                function, payload, attempts=number - 1, request_id=request_id, delivery=delivery
            )
            if not taken.settings.keeps_failures:
                invocation.lost_outcome = _LOST
            self._end(taken, invocation, "ZeroReservedConcurrency")
            return
        invocation = self._runtime.run(function, payload, attempt=number, request_id=request_id, delivery=delivery)
        if invocation.failure is None:
            self._end(taken, invocation, "Success")
        elif number > taken.settings.maximum_retry_attempts:
            self._end(taken, invocation, "RetriesExhausted")
        else:
            self._try_again(taken, invocation, number + 1)

    def _try_again(self, taken: _Taken, invocation: Invocation, number: int) -> None:
        due = self._timeline.now() + timedelta(seconds=_RETRY_WAITS_SECONDS[number - 2])
        if (due - taken.at) // timedelta(seconds=1) > taken.settings.maximum_event_age:
            self._end(taken, invocation, "EventAgeExceeded")
            return
        label = f"attempt {number} of function {taken.function.name!r} at {taken.occasion}"
        self._timeline.add_later(due, label, lambda: self._attempt(taken, number))

    def _end(self, taken: _Taken, invocation: Invocation, condition: Condition) -> None:
        if taken.settings.has_destinations:
            outcome = Outcome(invocation, condition, taken.payload, self._timeline.now())
            self.pass_on(taken.function, taken.settings, outcome)


@dataclass(slots=True, repr=False)
class _Taken(Work):
    """An event that Lambda has taken, and its first attempt's turn.

    Attributes:
        attempt: Makes the attempt of a number.
        function: For which function.
        settings: The function's, as they were then.
        payload: The event as JSON text.
        delivery: What it is run for, if EventBridge invoked it.
        request_id: The same for all attempts.
        at: When it was taken.
    """

    attempt: Callable[[_Taken, int], None]
    function: Function
    settings: FunctionSettings
    payload: str
    delivery: Delivery | None
    request_id: str
    at: datetime

    @property
    def occasion(self) -> str:
        """What it is for, in words."""
        return "a direct invocation" if self.delivery is None else self.delivery.event.label

    def in_words(self) -> str:
        return f"invocation of function {self.function.name!r} for {self.occasion}"

    def do(self) -> None:
        self.attempt(self, 1)
