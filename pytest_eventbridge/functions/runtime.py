"""The in-process Lambda runtime: running a registered handler as Lambda would.

Adapter layer. A handler gets its own decoded copy of the event and a context object, sees its function's environment
variables, and must return something that JSON can carry. Coroutine functions run to completion.

Source: "Lambda function handler in Python" and "Configuring reserved concurrency" in the developer guide.
"""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pytest_eventbridge.delivery.faults import PlannedFaults
from pytest_eventbridge.delivery.identifiers import Identifiers
from pytest_eventbridge.delivery.timeline import Timeline
from pytest_eventbridge.errors import FunctionError
from pytest_eventbridge.functions.context import LambdaContext
from pytest_eventbridge.functions.environment import FunctionEnvironment, environment_of
from pytest_eventbridge.functions.function import Function, FunctionConfiguration
from pytest_eventbridge.functions.output import CapturedOutput
from pytest_eventbridge.functions.time_limit import FunctionTimedOut, TimeLimit
from pytest_eventbridge.json_text import decode
from pytest_eventbridge.recording.origin import current_invocation
from pytest_eventbridge.recording.recorder import Recorder
from pytest_eventbridge.recording.records import Delivery, Invocation

__all__ = ["FunctionRuntime"]

_NOT_INVOKED = "Function not invoked. Function isconfigured with zero reserved concurrent executions"
"""As Lambda spells it."""


class FunctionRuntime:
    """Runs functions and records each run."""

    def __init__(
        self,
        *,
        timeline: Timeline,
        recorder: Recorder,
        identifiers: Identifiers,
        faults: PlannedFaults,
        configuration: Callable[[str, str, str], FunctionConfiguration],
    ) -> None:
        """Take what it works with.

        Args:
            timeline: Whose now it is, and during whose work a function's environment may stay.
            recorder: Where each run is kept.
            identifiers: Of requests.
            faults: What is planned to go wrong.
            configuration: Returns what Lambda's API has set for a function: account, Region and name.
        """
        self._timeline = timeline
        self._recorder = recorder
        self._identifiers = identifiers
        self._faults = faults
        self._configuration = configuration
        self._environment = FunctionEnvironment()
        self._surroundings: dict[Function, _Surroundings] = {}
        timeline.after_work = lambda: self._environment.switch(None)

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
        return self.run(function, payload, attempt=1, request_id=self._identifiers.next())

    def is_shut(self, function: Function) -> bool:
        """Whether a function cannot be run at all, since its reserved concurrency is 0."""
        return self._configuration(function.account, function.region, function.name).reserved_concurrency == 0

    def run(
        self, function: Function, payload: str, *, attempt: int, request_id: str, delivery: Delivery | None = None
    ) -> Invocation:
        """Run a function now, and record it.

        Args:
            function: Which.
            payload: The event as JSON text.
            attempt: 1 for the first.
            request_id: The same for all attempts at one invocation.
            delivery: What it is run for, if EventBridge invokes it.
        """
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

    def give_up(
        self, function: Function, payload: str, *, attempts: int, request_id: str, delivery: Delivery | None
    ) -> Invocation:
        """Record an invocation that cannot be run, since the function's reserved concurrency is 0.

        Args:
            function: Which.
            payload: The event as JSON text.
            attempts: How many were run before.
            request_id: The same for all attempts at one invocation.
            delivery: What it would have been run for, if EventBridge invoked it.
        """
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
                    if result is not None:
                        invocation.result = _as_lambda_returns(_completed(result))
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
    log_group = surroundings.variables["AWS_LAMBDA_LOG_GROUP_NAME"]
    limit = TimeLimit(function.settings.timeout)
    return LambdaContext(request_id, function.name, function.arn, log_group, surroundings.log_stream, limit)


def _traced(variables: dict[str, str], invocation: Invocation) -> dict[str, str]:
    delivery = invocation.delivery
    header = None if delivery is None else delivery.event.trace_header
    return variables if header is None else {**variables, "_X_AMZN_TRACE_ID": header}


def _timed_out(function: Function) -> FunctionError:
    return FunctionError(f"Task timed out after {function.settings.timeout:.2f} seconds")


def _completed(result: Any) -> Any:
    """Run what a coroutine function returned to its end, also while the test itself runs in an event loop."""
    if not inspect.iscoroutine(result):
        return result
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        return asyncio.run(result)
    finally:
        asyncio._set_running_loop(running)


def _as_lambda_returns(result: Any) -> Any:
    try:
        return json.loads(json.dumps(result, default=_json_number))
    except (TypeError, ValueError, RecursionError) as error:
        raise FunctionError(f"Runtime.MarshalError: Unable to marshal response: {error}") from error


def _json_number(value: object) -> float:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
