"""The one door to moto: the only module that touches moto's internals.

Adapter layer. moto is our AWS and keeps all state: buses, rules, targets, queues, tables. Taken over is its data
plane (PutEvents, TestEventPattern, invoking functions), which moto has only in part; and in front of its control plane
stand the checks that the service makes and moto does not. Everything touched here has a test in
``tests/moto_contract`` that says so when moto changes it.

Why classes are patched and not requests: the same seam then sees every caller (clients made before the mock, other
Regions and accounts, state machines, a server for other languages), and it has been stable since moto 5.0.
"""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from operator import is_not
from typing import Any, NamedTuple, Protocol
from unittest.mock import patch
from urllib.parse import unquote, urlsplit

import moto.awslambda.models
import moto.core.config
import moto.core.exceptions
import moto.core.models
import moto.events.models
import moto.events.responses
import moto.iam.models
import moto.scheduler.models
import moto.scheduler.responses
from moto import mock_aws

from pytest_eventbridge.arns import partition_of
from pytest_eventbridge.aws.errors import AwsError
from pytest_eventbridge.delivery.ports import LocatedRule, RuleState, ScheduleState
from pytest_eventbridge.instants import instant

__all__ = [
    "DataPlane",
    "MotoState",
    "answer_request",
    "intercept",
    "queues_without_waiting",
    "running_mock",
    "send_message",
]

_REFUSALS: tuple[type[Exception], ...] = tuple(
    getattr(moto.core.exceptions, name)
    for name in ("HTTPException", "ServiceException")
    if hasattr(moto.core.exceptions, name)
)

_HEADER_OF_INVOCATION_TYPE = "X-Amz-Invocation-Type"


class DataPlane(Protocol):
    """Who answers the calls that are taken over from moto."""

    def check(self, service: str, account: str, region: str, operation: str, parameters: Mapping[str, Any]) -> None:
        """Refuse a request to EventBridge or EventBridge Scheduler that the service would refuse.

        Raises:
            AwsError: it would.
        """

    def after(self, operation: str) -> None:
        """Take note that a request to one of them was answered."""

    def put_events(self, account: str, region: str, entries: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
        """Take entries, and return what PutEvents answers for each."""

    def test_event_pattern(self, pattern: str, event: str) -> bool:
        """Return whether an event matches.

        Raises:
            AwsError: the pattern or the event is refused.
        """

    def invoke_function(self, arn: str, payload: str, *, asynchronously: bool) -> FunctionAnswer:
        """Run a function, or plan to."""


class FunctionAnswer(Protocol):
    """What Lambda's Invoke answers."""

    @property
    def payload(self) -> str:
        """The result or the error, as JSON."""

    @property
    def failed(self) -> bool:
        """Whether the payload is an error."""

    @property
    def log(self) -> str:
        """What the function wrote."""


@contextmanager
def running_mock(account: str) -> Iterator[None]:
    """Run moto with every service, for one account unless a call says otherwise, keeping boto3's session."""
    settings = moto.core.config.default_user_config
    ours = {
        "core": {**settings.get("core", {}), "reset_boto3_session": False, "mock_credentials": False},
        "stepfunctions": {"execute_state_machine": True},
    }
    with ExitStack() as stack:
        if account != moto.core.models.DEFAULT_ACCOUNT_ID:
            stack.enter_context(patch.object(moto.iam.models, "DEFAULT_ACCOUNT_ID", account))
        stack.enter_context(patch.dict(settings, ours))
        # Inside a mock of the user's own there is nothing to start; moto would not undo our settings at its inner end.
        if not moto.core.models.MockAWS._nested_count:
            mock = mock_aws()
            mock.start()
            stack.callback(mock.stop)
        yield


@contextmanager
def intercept(data_plane: DataPlane) -> Iterator[None]:
    """Take moto's data plane over for a block."""
    handler = moto.events.responses.EventsHandler
    scheduler = moto.scheduler.responses.EventBridgeSchedulerResponse
    backend = moto.events.models.EventsBackend
    function = moto.awslambda.models.LambdaFunction
    call_events, call_scheduler, update = handler.call_action, scheduler.call_action, scheduler.update_schedule

    def call_action(self: Any) -> Any:
        return answered(self, "events", json.loads(self.body or "{}"), call_events)

    def call_scheduler_action(self: Any) -> Any:
        # Parts of such a request stand in its path and its query.
        parameters = {"Name": unquote(urlsplit(self.uri).path.rpartition("/")[2])}
        if "groupName" in self.querystring:
            parameters["GroupName"] = self.querystring["groupName"][0]
        return answered(self, "scheduler", {**parameters, **json.loads(self.body or "{}")}, call_scheduler)

    def answered(self: Any, service: str, parameters: dict[str, Any], original: Callable[[Any], Any]) -> Any:
        operation = self._get_action()
        try:
            data_plane.check(service, self.current_account, self.region, operation, parameters)
        except AwsError as error:
            return _refusal(error)
        response = original(self)
        data_plane.after(operation)
        return response

    def update_schedule(self: Any) -> str:
        # moto forgets one member of an update, and takes an absent state for none at all.
        answer: str = update(self)
        name = urlsplit(self.uri).path.rpartition("/")[2]
        schedule = self.scheduler_backend.get_schedule(self._get_param("GroupName"), name)
        schedule.action_after_completion = self._get_param("ActionAfterCompletion")
        schedule.state = schedule.state or "ENABLED"
        return answer

    def put_events(self: Any, events: list[dict[str, Any]]) -> list[dict[str, str]]:
        return data_plane.put_events(self.account_id, self.region_name, events)

    def test_event_pattern(self: Any) -> str:
        try:
            matches = data_plane.test_event_pattern(self._get_param("EventPattern"), self._get_param("Event"))
        except AwsError as error:
            raise moto.core.exceptions.JsonRESTError(error.code, error.message) from None
        return json.dumps({"Result": matches})

    def invoke(self: Any, body: str | bytes, request_headers: Any, response_headers: dict[str, str]) -> bytes:
        kind = request_headers.get(_HEADER_OF_INVOCATION_TYPE, "RequestResponse")
        if kind == "DryRun":
            return b""
        payload = body.decode() if isinstance(body, bytes) else body
        answer = data_plane.invoke_function(self.function_arn, payload or "{}", asynchronously=kind == "Event")
        if answer.failed:
            response_headers["x-amz-function-error"] = "Unhandled"
        return answer.payload.encode()

    def invoke_lambda(self: Any, event: Any = None) -> tuple[str, bool, str]:
        payload = event if isinstance(event, str) else json.dumps(event if event is not None else {})
        answer = data_plane.invoke_function(self.function_arn, payload, asynchronously=False)
        return answer.payload, answer.failed, answer.log

    replacements: list[tuple[type, str, Callable[..., Any]]] = [
        (handler, "call_action", call_action),
        (scheduler, "call_action", call_scheduler_action),
        (scheduler, "update_schedule", update_schedule),
        (handler, "test_event_pattern", test_event_pattern),
        (backend, "put_events", put_events),
        (function, "invoke", invoke),
        (function, "_invoke_lambda", invoke_lambda),
    ]
    with ExitStack() as stack:
        for owner, name, replacement in replacements:
            stack.enter_context(patch.object(owner, name, replacement))
        yield


@contextmanager
def queues_without_waiting() -> Iterator[None]:
    """Let SQS answer at once for a block: moto waits for its clock to pass, which a still clock never does."""
    import moto.sqs.models

    backend = moto.sqs.models.SQSBackend
    receive = backend.receive_message

    def receive_message(
        self: Any, queue_name: str, count: int, wait_seconds_timeout: int, *args: Any, **kw: Any
    ) -> Any:
        return receive(self, queue_name, count, 0, *args, **kw)

    with patch.object(backend, "receive_message", receive_message):
        yield


def _refusal(error: AwsError) -> tuple[int, dict[str, str], str]:
    return error.status, {"status": str(error.status)}, json.dumps({"__type": error.code, "message": error.message})


def answer_request(request: Any) -> Any:
    """Return moto's answer to a request of botocore's, or None when it has none."""
    response = moto.core.models.botocore_stubber("before-send", request)
    is_unknown = response is not None and response.status_code == 404 and response.text == "Not yet implemented"
    return None if is_unknown else response


class _Snapshot(NamedTuple):
    """What an event bus's rules were when they were last read: moto's objects, their states, and ours."""

    rules: list[Any]
    rule_states: list[str]
    states: list[RuleState]


class MotoState:
    """What moto's control plane has: read here, never copied."""

    def __init__(self) -> None:
        self._snapshots: dict[tuple[str, str, str], _Snapshot] = {}
        self._read_rules: list[Sequence[RuleState]] = []
        self._scheduled_rules: list[LocatedRule] = []
        self._read_schedules: list[tuple[Any, Any]] = []
        self._schedules: list[ScheduleState] = []

    def rules(self, account: str, region: str, bus: str) -> Sequence[RuleState] | None:
        """Return an event bus's rules; None when there is no such bus.

        The same object comes back until a rule is put, deleted, enabled or disabled.
        """
        event_bus = _event_bus(account, region, bus)
        return None if event_bus is None else self._rules_of(account, region, bus, event_bus)

    def _rules_of(self, account: str, region: str, bus: str, event_bus: Any) -> Sequence[RuleState]:
        rules = list(event_bus.rules.values())
        rule_states = [rule.state for rule in rules]
        known = self._snapshots.get((account, region, bus))
        if known is not None and known.rules == rules and known.rule_states == rule_states:
            return known.states
        states = [
            RuleState(
                name=rule.name,
                arn=rule.arn,
                bus=bus,
                pattern=rule.event_pattern.dump(),
                schedule=rule.scheduled_expression,
                state=rule.state,
                targets=rule.targets,
                managed_by=rule.managed_by,
                version=(rule, rule.state),
            )
            for rule in rules
        ]
        self._snapshots[account, region, bus] = _Snapshot(rules, rule_states, states)
        return states

    def has_bus(self, account: str, region: str, bus: str) -> bool:
        """Whether there is such an event bus."""
        return _event_bus(account, region, bus) is not None

    def all_rules(self) -> list[RuleState]:
        """Return the rules of all event buses, in every Region and account."""
        return [rule for _, _, rules in self._everywhere() for rule in rules]

    def scheduled_rules(self) -> Sequence[LocatedRule]:
        """Return the enabled rules that have a schedule, in every Region and account.

        The same object comes back until a rule changes.
        """
        everywhere = list(self._everywhere())
        read = [rules for _, _, rules in everywhere]
        if len(read) != len(self._read_rules) or any(map(is_not, read, self._read_rules)):
            self._read_rules = read
            self._scheduled_rules = [
                LocatedRule(account, region, rule)
                for account, region, rules in everywhere
                for rule in rules
                if rule.schedule is not None and rule.state != "DISABLED"
            ]
        return self._scheduled_rules

    def _everywhere(self) -> Iterator[tuple[str, str, Sequence[RuleState]]]:
        for account, backends in list(moto.events.models.events_backends.items()):
            for region, backend in list(backends.items()):
                for name, bus in list(backend.event_buses.items()):
                    yield account, region, self._rules_of(account, region, name, bus)

    def schedules(self) -> Sequence[ScheduleState]:
        """Return the enabled schedules of EventBridge Scheduler, in every Region and account.

        The same object comes back until a schedule is created, updated or deleted.
        """
        everywhere = [
            (account, region, schedule)
            for account, backends in list(moto.scheduler.models.scheduler_backends.items())
            for region, backend in list(backends.items())
            for group in list(backend.schedule_groups.values())
            for schedule in list(group.schedules.values())
        ]
        # An update leaves the object and gives it another target.
        read = [(schedule, schedule.target) for _, _, schedule in everywhere]
        if len(read) != len(self._read_schedules) or any(map(_differ, read, self._read_schedules)):
            self._read_schedules = read
            self._schedules = [
                _schedule_state(account, region, schedule)
                for account, region, schedule in everywhere
                if schedule.state != "DISABLED"
            ]
        return self._schedules

    def has_schedule_group(self, account: str, region: str, name: str) -> bool:
        """Whether there is such a schedule group."""
        return name in moto.scheduler.models.scheduler_backends[account][region].schedule_groups

    def delete_schedule(self, schedule: ScheduleState) -> None:
        """Delete a schedule that has completed."""
        backend = moto.scheduler.models.scheduler_backends[schedule.account][schedule.region]
        group = backend.schedule_groups.get(schedule.group)
        if group is not None:
            group.schedules.pop(schedule.name, None)

    def bus_arns(self, account: str, region: str) -> dict[str, str]:
        """Return the event buses' ARNs by name."""
        return {name: bus.arn for name, bus in _events_backend(account, region).event_buses.items()}

    def has_function(self, account: str, region: str, name: str) -> bool:
        """Whether moto's Lambda knows a function."""
        functions = moto.awslambda.models.lambda_backends[account][region].list_functions()
        return any(function.function_name == name for function in functions)

    def create_function(
        self, account: str, region: str, name: str, *, handler: str, environment: Mapping[str, str], timeout: float
    ) -> None:
        """Make a function known to moto's Lambda, unless it is; its code is a placeholder, never run."""
        backend = moto.awslambda.models.lambda_backends[account][region]
        if self.has_function(account, region, name):
            return
        iam = moto.iam.models.iam_backends[account][partition_of(region)]
        role_name = "pytest-eventbridge"
        if not any(role.name == role_name for role in iam.roles.values()):
            iam.create_role(role_name, "{}", "/", None, "", [], "3600")
        backend.create_function(
            {
                "FunctionName": name,
                "Runtime": "python3.13",
                "Role": f"arn:{partition_of(region)}:iam::{account}:role/{role_name}",
                "Handler": handler,
                "Code": {"ZipFile": _EMPTY_ARCHIVE},
                "Description": "",
                "Timeout": int(timeout) or 1,
                "MemorySize": 128,
                "Publish": False,
                "PackageType": "Zip",
                "Environment": {"Variables": dict(environment)},
            }
        )


def _differ(one: tuple[Any, Any], other: tuple[Any, Any]) -> bool:
    return one[0] is not other[0] or one[1] is not other[1]


def _schedule_state(account: str, region: str, schedule: Any) -> ScheduleState:
    window = schedule.flexible_time_window or {}
    return ScheduleState(
        name=schedule.name,
        group=schedule.group_name,
        arn=schedule.arn,
        account=account,
        region=region,
        expression=schedule.schedule_expression,
        timezone=schedule.schedule_expression_timezone or "UTC",
        start=None if schedule.start_date is None else instant(schedule.start_date),
        end=None if schedule.end_date is None else instant(schedule.end_date),
        window_minutes=window.get("MaximumWindowInMinutes", 0) if window.get("Mode") == "FLEXIBLE" else 0,
        target=schedule.target,
        is_deleted_after_completion=schedule.action_after_completion == "DELETE",
        version=(id(schedule), id(schedule.target)),
    )


def _events_backend(account: str, region: str) -> Any:
    return moto.events.models.events_backends[account][region]


def _event_bus(account: str, region: str, name: str) -> Any:
    try:
        return _events_backend(account, region).event_buses.get(name)
    except KeyError:  # there is no such Region
        return None


def send_message(account: str, region: str, queue: str, body: str, *, group: str | None) -> None:
    """Send a message to a queue, past boto3: it is EventBridge's own call, and boto3 would be most of its cost.

    Raises:
        AwsError: SQS refuses the message.
    """
    import moto.sqs.models

    try:
        moto.sqs.models.sqs_backends[account][region].send_message(queue_name=queue, message_body=body, group_id=group)
    except _REFUSALS as error:
        # moto's older errors are HTTP errors, whose code is a status.
        code = getattr(error, "error_type", None) or getattr(error, "code", "Unknown")
        raise AwsError(str(code), str(getattr(error, "message", error))) from error
    except KeyError:  # there is no such Region
        raise AwsError("QueueDoesNotExist", "The specified queue does not exist.") from None


def _empty_archive() -> str:
    archive = io.BytesIO()
    zipfile.ZipFile(archive, "w").close()
    return base64.b64encode(archive.getvalue()).decode()


_EMPTY_ARCHIVE = _empty_archive()
