"""The in-process Lambda runtime: running a registered handler as Lambda would.

Adapter layer. A handler gets its own decoded copy of the event and a context object, sees its function's environment
variables, and must return something that JSON can carry. Coroutine functions run to completion. An asynchronous
invocation never tells its caller of an error: Lambda keeps the event and tries again one minute, then two minutes
later, under the same request id; that waits on the timeline.

Source: "Invoking a Lambda function asynchronously" and "Lambda function handler in Python" in the developer guide.
"""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from pytest_eventbridge.delivery.faults import PlannedFaults
from pytest_eventbridge.delivery.identifiers import Identifiers
from pytest_eventbridge.delivery.timeline import Timeline
from pytest_eventbridge.errors import FunctionError
from pytest_eventbridge.functions.context import LambdaContext
from pytest_eventbridge.functions.environment import FunctionEnvironment, environment_of
from pytest_eventbridge.functions.function import Function
from pytest_eventbridge.functions.outcome import Condition, Outcome
from pytest_eventbridge.functions.output import CapturedOutput
from pytest_eventbridge.functions.time_limit import FunctionTimedOut, TimeLimit
from pytest_eventbridge.json_text import decode
from pytest_eventbridge.recording.origin import current_invocation
from pytest_eventbridge.recording.recorder import Recorder
from pytest_eventbridge.recording.records import Delivery, Invocation

__all__ = ["FunctionRuntime"]

_RETRY_WAITS_SECONDS = (60, 120)
_NOT_INVOKED = "Function not invoked. Function isconfigured with zero reserved concurrent executions"
"""As Lambda spells it."""
_LOST = "its reserved concurrency is 0, and it has neither a dead-letter queue nor an on_failure destination"


class FunctionRuntime:
    """Runs functions and records each run.

    Attributes:
        pass_on: Told how each asynchronous invocation of a function ended.
    """

    def __init__(
        self,
        *,
        timeline: Timeline,
        recorder: Recorder,
        identifiers: Identifiers,
        faults: PlannedFaults,
        invoke_config: Callable[[str, str, str], Mapping[str, Any] | None],
        reserved_concurrency: Callable[[str, str, str], int | None],
    ) -> None:
        """Take what it works with.

        Args:
            timeline: On which asynchronous invocations wait their turn.
            recorder: Where each run is kept.
            identifiers: Of requests.
            faults: What is planned to go wrong.
            invoke_config: Returns what PutFunctionEventInvokeConfig set for a function: account, Region and name.
            reserved_concurrency: Likewise what PutFunctionConcurrency set.
        """
        self._timeline = timeline
        self._recorder = recorder
        self._identifiers = identifiers
        self._faults = faults
        self._invoke_config = invoke_config
        self._reserved_concurrency = reserved_concurrency
        self._environment = FunctionEnvironment()
        self._surroundings: dict[Function, _Surroundings] = {}
        timeline.after_work = lambda: self._environment.switch(None)
        self.pass_on: Callable[[Function, Outcome], None] = lambda function, outcome: None

    def invoke(self, function: Function, payload: str) -> Invocation:
        """Run a function now, as a synchronous Invoke does.

        Args:
            function: Which.
            payload: The event as JSON text.

        Raises:
            FunctionError: its reserved concurrency is 0.
        """
        if self.is_shut(function):
            raise FunctionError(f"function {function.name!r} is not run: its reserved concurrency is 0")
        return self._run(function, payload, attempt=1, request_id=self._identifiers.next(), delivery=None)

    def is_shut(self, function: Function) -> bool:
        """Whether a function cannot be run at all, since its reserved concurrency is 0."""
        return self._reserved_concurrency(function.account, function.region, function.name) == 0

    def invoke_asynchronously(self, function: Function, payload: str, delivery: Delivery | None = None) -> None:
        """Put an invocation on the timeline, as an Invoke of type Event does.

        Args:
            function: Which.
            payload: The event as JSON text.
            delivery: What it is run for, if EventBridge invokes it.
        """
        request_id = self._identifiers.next()
        accepted_at = self._timeline.now()
        subject = delivery.event.label if delivery else "a direct invocation"

        configured = self._configured(function)

        def end(invocation: Invocation, condition: Condition) -> None:
            if condition == "ZeroReservedConcurrency" and not configured.settings.keeps_failures:
                invocation.lost_outcome = _LOST
            if configured.settings.has_destinations:
                self.pass_on(configured, Outcome(invocation, condition, payload, self._timeline.now()))

        def attempt(number: int) -> None:
            if self.is_shut(function):
                end(self._not_run(function, payload, number - 1, request_id, delivery), "ZeroReservedConcurrency")
                return
            invocation = self._run(function, payload, attempt=number, request_id=request_id, delivery=delivery)
            if invocation.failure is None:
                end(invocation, "Success")
                return
            if number > configured.settings.maximum_retry_attempts:
                end(invocation, "RetriesExhausted")
                return
            wait = timedelta(seconds=_RETRY_WAITS_SECONDS[number - 1])
            due = self._timeline.now() + wait
            if (due - accepted_at) // timedelta(seconds=1) > configured.settings.maximum_event_age:
                end(invocation, "EventAgeExceeded")
                return
            label = f"attempt {number + 1} of function {function.name!r} at {subject}"
            self._timeline.add_later(due, label, lambda: attempt(number + 1))

        self._timeline.add(f"invocation of function {function.name!r} for {subject}", lambda: attempt(1))

    def _configured(self, function: Function) -> Function:
        """Return a function with the settings that its event invoke configuration replaces."""
        config = self._invoke_config(function.account, function.region, function.name)
        if config is None:
            return function
        destinations = config.get("DestinationConfig") or {}
        settings = replace(
            function.settings,
            maximum_retry_attempts=config.get("MaximumRetryAttempts", 2),
            maximum_event_age=config.get("MaximumEventAgeInSeconds", 21_600),
            on_success=(destinations.get("OnSuccess") or {}).get("Destination"),
            on_failure=(destinations.get("OnFailure") or {}).get("Destination"),
        )
        return replace(function, settings=settings)

    def _run(
        self, function: Function, payload: str, *, attempt: int, request_id: str, delivery: Delivery | None
    ) -> Invocation:
        surroundings = self._surroundings_of(function)
        context = _context(function, surroundings, request_id)
        invocation = Invocation(function.name, payload, context, attempt, self._timeline.now(), delivery=delivery)
        self._recorder.add_invocation(invocation)
        fault = self._faults.strike("function", invocation)
        if fault is not None:
            invocation.fault = fault.label
            invocation.record_failure(_timed_out(function))
        else:
            self._call(function, invocation, surroundings)
        invocation.ended = True
        return invocation

    def _not_run(
        self, function: Function, payload: str, attempts: int, request_id: str, delivery: Delivery | None
    ) -> Invocation:
        context = _context(function, self._surroundings_of(function), request_id)
        invocation = Invocation(
            function.name, payload, context, attempts, self._timeline.now(), delivery=delivery, was_run=False
        )
        invocation.record_failure(FunctionError(_NOT_INVOKED))
        self._recorder.add_not_run(invocation)
        return invocation

    def _call(self, function: Function, invocation: Invocation, surroundings: _Surroundings) -> None:
        outer = self._environment.switch(_traced(surroundings.variables, invocation))
        running = current_invocation.set(invocation)
        limit = invocation.context.time_limit
        try:
            with CapturedOutput() as output:
                try:
                    result = function.handler(decode(invocation.payload), invocation.context)
                    if result is not None and inspect.iscoroutine(result):
                        result = _completed(result)
                    invocation.result = _as_lambda_returns(result)
                except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever a handler raises is its result
                    invocation.record_failure(error)
                except FunctionTimedOut:
                    pass  # its limit says so too
                finally:
                    invocation.output = output.text
            if limit.remaining < 0:
                invocation.result = None
                invocation.record_failure(_timed_out(function))
        finally:
            current_invocation.reset(running)
            if outer is not None or not self._timeline.is_at_work:
                self._environment.switch(outer)

    def _surroundings_of(self, function: Function) -> _Surroundings:
        known = self._surroundings.get(function)
        if known is None:
            log_stream = f"{self._timeline.now():%Y/%m/%d}/[$LATEST]{self._identifiers.next().replace('-', '')}"
            variables = environment_of(
                name=function.name,
                region=function.region,
                handler=function.handler_label,
                log_stream=log_stream,
                memory="128",
                environment=function.settings.environment,
            )
            known = self._surroundings[function] = _Surroundings(log_stream, variables)
        return known


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What a function's runs have in common, as they would in one execution environment of Lambda's.

    Attributes:
        log_stream: Where their log would go.
        variables: Their environment variables.
    """

    log_stream: str
    variables: dict[str, str]


def _context(function: Function, surroundings: _Surroundings, request_id: str) -> LambdaContext:
    return LambdaContext(
        aws_request_id=request_id,
        function_name=function.name,
        invoked_function_arn=function.arn,
        log_group_name=surroundings.variables["AWS_LAMBDA_LOG_GROUP_NAME"],
        log_stream_name=surroundings.log_stream,
        time_limit=TimeLimit(function.settings.timeout),
    )


def _traced(variables: dict[str, str], invocation: Invocation) -> dict[str, str]:
    header = invocation.cause.trace_header if invocation.cause else None
    return variables if header is None else {**variables, "_X_AMZN_TRACE_ID": header}


def _timed_out(function: Function) -> FunctionError:
    return FunctionError(f"Task timed out after {function.settings.timeout:.2f} seconds")


def _completed(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine to its end, also while the test itself runs in an event loop."""
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        return asyncio.run(coroutine)
    finally:
        asyncio._set_running_loop(running)


def _as_lambda_returns(result: Any) -> Any:
    if result is None:
        return None
    try:
        return json.loads(json.dumps(result, default=_json_number))
    except (TypeError, ValueError, RecursionError) as error:
        raise FunctionError(f"Runtime.MarshalError: Unable to marshal response: {error}") from error


def _json_number(value: object) -> float:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
