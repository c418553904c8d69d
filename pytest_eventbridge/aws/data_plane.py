"""What the seam into moto hands its calls to: checks, then our engine and our functions.

Adapter layer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pytest_eventbridge.arns import Arn, parse_arn
from pytest_eventbridge.aws.constraints import constraint_violations
from pytest_eventbridge.aws.control_plane_checks import check_control_plane, check_pattern
from pytest_eventbridge.aws.errors import AwsError, invalid
from pytest_eventbridge.aws.moto_seam.interception import FunctionAnswer
from pytest_eventbridge.aws.policies import Access, allows
from pytest_eventbridge.aws.schedule_checks import check_schedule_request
from pytest_eventbridge.aws.session import service_model
from pytest_eventbridge.delivery.engine import DeliveryEngine
from pytest_eventbridge.delivery.faults import PlannedFaults
from pytest_eventbridge.delivery.ports import ControlPlane, ReplayState
from pytest_eventbridge.delivery.recurring import RecurringWork
from pytest_eventbridge.errors import InvalidInputError, near_names
from pytest_eventbridge.events.entries import entry_size
from pytest_eventbridge.functions.asynchronous import AsynchronousInvocations
from pytest_eventbridge.functions.outcome import error_payload
from pytest_eventbridge.functions.registry import FunctionRegistry
from pytest_eventbridge.functions.runtime import FunctionRuntime
from pytest_eventbridge.instants import instant
from pytest_eventbridge.json_text import compact, decode
from pytest_eventbridge.recording.records import PublishedEvent

__all__ = ["EngineDataPlane"]

_SERVER_FAULTS = frozenset({"InternalException", "InternalFailure", "ServiceUnavailable"})
_PLANNING_OPERATIONS = frozenset({"PutRule", "EnableRule", "CreateSchedule", "UpdateSchedule"})
_WORKING_OPERATIONS = _PLANNING_OPERATIONS | {"StartReplay"}
_ENVELOPE_MEMBERS = ("id", "detail-type", "source", "account", "time", "region")
_UNKNOWN_PARTNER_SOURCE = {
    "ErrorCode": "NotAuthorizedForSourceException",
    "ErrorMessage": "Not authorized for the source.",
}


@dataclass(frozen=True, slots=True)
class _Answer:
    payload: str
    failed: bool
    log: str


class EngineDataPlane:
    """Answers the calls that are taken over from moto."""

    def __init__(
        self,
        *,
        engine: DeliveryEngine,
        control_plane: ControlPlane,
        registry: FunctionRegistry,
        runtime: FunctionRuntime,
        invocations: AsynchronousInvocations,
        recurring_work: RecurringWork,
        faults: PlannedFaults,
        entry_size_limit: int,
        bus_policies: Callable[[Arn], Sequence[str | Mapping[str, Any]] | None] | None = None,
    ) -> None:
        """Take what answers.

        Args:
            engine: Does the work.
            control_plane: Who has rules and schedules.
            registry: The functions.
            runtime: Runs them.
            invocations: Takes what they are to be run for later.
            recurring_work: What fires as the clock moves.
            faults: What is planned to go wrong.
            entry_size_limit: Bytes that the entries of one request must stay below.
            bus_policies: Returns an event bus's policies; None to let every account put events on it.
        """
        self._engine = engine
        self._control_plane = control_plane
        self._registry = registry
        self._runtime = runtime
        self._invocations = invocations
        self._recurring_work = recurring_work
        self._faults = faults
        self._entry_size_limit = entry_size_limit
        self._bus_policies = bus_policies

    def check(self, service: str, account: str, region: str, operation: str, parameters: Mapping[str, Any]) -> None:
        """Refuse a request to EventBridge or EventBridge Scheduler that the service would refuse.

        Raises:
            AwsError: it would.
        """
        violations = constraint_violations(service_model(service), operation, parameters)
        if violations is not None:
            invalid(violations)
        if service == "scheduler":
            check_schedule_request(
                self._control_plane, account, region, operation, parameters, self._engine.timeline.now()
            )
            return
        if operation == "PutEvents":
            self._check_size(parameters["Entries"])
            self._fail_on_demand(account, region, parameters["Entries"])
            self._check_permissions(account, parameters["Entries"])
        check_control_plane(self._control_plane, account, region, operation, parameters)

    def answered(self) -> None:
        """Take note that moto answered a request, of any service: a stack may have rules too."""
        self._control_plane.note_change()

    def after(self, operation: str) -> None:
        """Plan what recurs as soon as it is put or enabled, since its rate begins there, and do what is due."""
        if operation in _PLANNING_OPERATIONS:
            self._recurring_work.refresh()
        if operation in _WORKING_OPERATIONS and self._engine.immediate:
            self._engine.timeline.run()

    def _fail_on_demand(self, account: str, region: str, entries: Sequence[Mapping[str, Any]]) -> None:
        if not self._faults.is_planned:
            return
        fault = self._faults.strike("request", [self._engine.preview(entry, account, region) for entry in entries])
        if fault is not None:
            message = "Rate exceeded" if fault.error_code == "ThrottlingException" else f"planned by {fault.label}"
            raise AwsError(fault.error_code, message, 500 if fault.error_code in _SERVER_FAULTS else 400)

    def _check_size(self, entries: Sequence[Mapping[str, Any]]) -> None:
        if sum(entry_size(entry) for entry in entries) >= self._entry_size_limit:
            invalid("Total size of the entries in the request is over the limit.")

    def _check_permissions(self, account: str, entries: Sequence[Mapping[str, Any]]) -> None:
        """Refuse the whole request when one entry's bus belongs to another account and does not let this one in."""
        if self._bus_policies is None:
            return
        for entry in entries:
            bus = parse_arn(entry.get("EventBusName") or "")
            if bus is None or bus.account == account:
                continue
            context = {"events:source": entry.get("Source", ""), "events:detail-type": entry.get("DetailType", "")}
            access = Access(action="events:PutEvents", resource=str(bus), account=account, context=context)
            policies = self._bus_policies(bus)
            if policies is not None and not allows(policies, access):
                raise AwsError(
                    "AccessDeniedException",
                    f"User: arn:aws:iam::{account}:root is not authorized to perform: events:PutEvents on resource:"
                    f" {bus} because no resource-based policy allows the events:PutEvents action",
                )

    def put_events(self, account: str, region: str, entries: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
        """Take entries, and return what PutEvents answers for each."""
        return [_entry_answer(event) for event in self._engine.put_events(account, region, entries)]

    def put_partner_events(
        self, region: str, entries: Sequence[tuple[Mapping[str, Any], Sequence[str]]]
    ) -> list[dict[str, str]]:
        """Take a partner's entries, and return what PutPartnerEvents answers for each.

        Args:
            region: The Region that is called.
            entries: Each with the accounts that its source was made for; they get it on the event bus of that name.
        """
        answers = []
        for entry, accounts in entries:
            on_its_bus = {**entry, "EventBusName": entry.get("Source")}
            taken = [
                event
                for account in accounts
                for event in self._engine.put_events(account, region, [on_its_bus], by_service=True)
            ]
            answers.append(_entry_answer(taken[0]) if taken else _UNKNOWN_PARTNER_SOURCE)
        return answers

    def start_replay(self, replay: ReplayState) -> None:
        """Let a replay take its turn."""
        self._engine.archives.start(replay)

    def test_event_pattern(self, pattern: str, event: str) -> bool:
        """Return whether an event matches.

        Raises:
            AwsError: the pattern or the event is refused.
        """
        compiled = check_pattern(pattern)
        try:
            decoded = decode(event)
        except ValueError:
            raise AwsError("ValidationException", "Parameter Event is not valid.") from None
        if not isinstance(decoded, dict) or not all(member in decoded for member in _ENVELOPE_MEMBERS):
            invalid("Parameter Event is not valid.")
        try:
            instant(decoded["time"])
        except InvalidInputError:
            raise AwsError("ValidationException", "Parameter Event is not valid. Reason: Invalid time.") from None
        return compiled.matches(event)

    def invoke_function(self, arn: str, payload: str, *, asynchronously: bool) -> FunctionAnswer:
        """Run a registered function, or plan to.

        Raises:
            AwsError: its reserved concurrency is 0.
        """
        function = self._registry.by_arn(arn)
        if function is None:
            name = arn.rsplit(":function:", maxsplit=1)[-1].split(":", maxsplit=1)[0]
            known = near_names(name, (each.name for each in self._registry))
            message = (
                f"no handler is registered for function {name!r} ({known}): register it with"
                f" eventbridge.function(handler, name={name!r})"
            )
            return _Answer(compact({"errorMessage": message, "errorType": "NotFoundError"}), failed=True, log="")
        if asynchronously:
            self._invocations.take(function, payload)
            if self._engine.immediate:
                self._engine.timeline.run()
            return _Answer("", failed=False, log="")
        if self._runtime.is_shut(function):
            raise AwsError("TooManyRequestsException", "Rate Exceeded.", 429)
        invocation = self._runtime.invoke(function, payload)
        error = invocation.error
        if error is None:
            return _Answer(compact(invocation.result), failed=False, log=invocation.output)
        return _Answer(json.dumps(error_payload(invocation, error)), failed=True, log=invocation.output)


def _entry_answer(event: PublishedEvent) -> dict[str, str]:
    if event.rejection is None:
        return {"EventId": event.id}
    code, message = event.rejection
    return {"ErrorCode": code, "ErrorMessage": message}
