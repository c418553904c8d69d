"""What EventBridge's control plane refuses and moto accepts, so that a test fails where a deployment would.

Adapter layer. Each check looks at a request before moto sees it. Lengths, patterns and enumerations of single members
are checked before (see ``constraints``).

Source: PutRule, PutTargets, DeleteRule and DeleteEventBus in the EventBridge API reference; recorded refusals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from pytest_eventbridge.arns import event_bus_arn, event_bus_name
from pytest_eventbridge.aws.errors import AwsError, invalid
from pytest_eventbridge.aws.target_checks import check_target
from pytest_eventbridge.delivery.ports import ControlPlane, RuleState
from pytest_eventbridge.errors import InvalidEventPatternError, InvalidScheduleExpressionError
from pytest_eventbridge.instants import instant
from pytest_eventbridge.patterns import EventPattern
from pytest_eventbridge.schedules import ScheduleExpression

__all__ = ["check_control_plane"]

TARGETS_PER_RULE = 5
RULES_PER_BUS = 300
ACTIVE_REPLAYS = 10

_LIMIT_EXCEEDED = AwsError("LimitExceededException", "The requested resource exceeds the maximum number allowed.")
_POLICY_LENGTH = 10_240
_Parameters: TypeAlias = "Mapping[str, Any]"


class _Caller:
    """Who calls, and what the control plane has."""

    def __init__(self, control_plane: ControlPlane, account: str, region: str) -> None:
        self.control_plane = control_plane
        self.account = account
        self.region = region

    def bus_of(self, parameters: _Parameters) -> str:
        return event_bus_name(parameters.get("EventBusName") or "default")

    def rules(self, bus: str) -> Sequence[RuleState]:
        rules = self.control_plane.rules(self.account, self.region, bus)
        if rules is None:
            raise AwsError("ResourceNotFoundException", f"Event bus {bus} does not exist.")
        return rules

    def rule(self, bus: str, name: str) -> RuleState:
        for rule in self.rules(bus):
            if rule.name == name:
                return rule
        raise AwsError("ResourceNotFoundException", f"Rule {name} does not exist on EventBus {bus}.")


def check_control_plane(
    control_plane: ControlPlane, account: str, region: str, operation: str, parameters: _Parameters
) -> None:
    """Refuse a request that the service refuses.

    Raises:
        AwsError: with the service's code and text.
    """
    check = _CHECKS.get(operation)
    if check is not None:
        check(_Caller(control_plane, account, region), parameters)


def _refuse_managed(rule: RuleState, *, force: object = False) -> None:
    if rule.managed_by is not None and not force:
        message = f"{rule.name} is a managed rule. Set 'force' parameter to true to override."
        raise AwsError("ManagedRuleException", message)


def _put_rule(caller: _Caller, parameters: _Parameters) -> None:
    pattern, schedule = parameters.get("EventPattern"), parameters.get("ScheduleExpression")
    bus = caller.bus_of(parameters)
    if not pattern and not schedule:
        invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.")
    if schedule and bus != "default":
        invalid("ScheduleExpression is supported only on the default event bus.")
    rules = caller.rules(bus)
    if schedule:
        _check_schedule(schedule)
        if parameters.get("State") == "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS":
            invalid("State ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS is not supported for scheduled rules.")
    if pattern:
        check_pattern(pattern)
    known = next((rule for rule in rules if rule.name == parameters["Name"]), None)
    if known is not None:
        _refuse_managed(known)
    elif len(rules) >= RULES_PER_BUS:
        raise _LIMIT_EXCEEDED


def check_pattern(pattern: str) -> EventPattern:
    """Compile a pattern, refusing it as the service does."""
    try:
        return EventPattern(pattern)
    except InvalidEventPatternError as error:
        raise AwsError("InvalidEventPatternException", str(error)) from None


def _check_schedule(expression: str) -> None:
    try:
        ScheduleExpression(expression)
    except InvalidScheduleExpressionError as error:
        invalid(str(error))


def _existing_rule(caller: _Caller, parameters: _Parameters) -> RuleState:
    return caller.rule(caller.bus_of(parameters), str(parameters.get("Name") or parameters.get("Rule")))


def _own_rule(caller: _Caller, parameters: _Parameters) -> None:
    _refuse_managed(_existing_rule(caller, parameters), force=parameters.get("Force"))


def _delete_rule(caller: _Caller, parameters: _Parameters) -> None:
    for rule in caller.rules(caller.bus_of(parameters)):
        if rule.name == parameters["Name"]:
            _refuse_managed(rule, force=parameters.get("Force"))


def _delete_event_bus(caller: _Caller, parameters: _Parameters) -> None:
    name = event_bus_name(parameters["Name"])
    if name != "default" and caller.control_plane.rules(caller.account, caller.region, name):
        invalid("EventBus can't be deleted since it has rules.")


def _create_event_bus(caller: _Caller, parameters: _Parameters) -> None:
    name = str(parameters["Name"])
    if "/" in name and not parameters.get("EventSourceName"):
        invalid("Event bus name must not contain '/'.")


def _put_targets(caller: _Caller, parameters: _Parameters) -> None:
    bus = caller.bus_of(parameters)
    rule = caller.rule(bus, str(parameters["Rule"]))
    _refuse_managed(rule)
    targets = parameters["Targets"]
    ids = {target["Id"] for target in (*rule.targets, *targets)}
    if len(ids) > TARGETS_PER_RULE:
        raise _LIMIT_EXCEEDED
    for target in targets:
        check_target(target, event_bus_arn(caller.account, caller.region, bus))


def _create_connection(caller: _Caller, parameters: _Parameters) -> None:
    name = str(parameters["Name"])
    if name in caller.control_plane.connections(caller.account, caller.region):
        raise AwsError("ResourceAlreadyExistsException", f"Connection '{name}' already exists.")


def _existing_connection(caller: _Caller, parameters: _Parameters) -> None:
    name = str(parameters["Name"])
    if name not in caller.control_plane.connections(caller.account, caller.region):
        message = f"Failed to describe the connection(s). Connection '{name}' does not exist."
        raise AwsError("ResourceNotFoundException", message)


def _create_api_destination(caller: _Caller, parameters: _Parameters) -> None:
    name = str(parameters["Name"])
    if name in caller.control_plane.api_destinations(caller.account, caller.region):
        raise AwsError("ResourceAlreadyExistsException", f"An api-destination '{name}' already exists.")
    _check_connection(caller, parameters)


def _update_api_destination(caller: _Caller, parameters: _Parameters) -> None:
    if parameters.get("ConnectionArn") is not None:
        _check_connection(caller, parameters)


def _check_connection(caller: _Caller, parameters: _Parameters) -> None:
    wanted = parameters["ConnectionArn"]
    if wanted not in caller.control_plane.connections(caller.account, caller.region).values():
        raise AwsError("ResourceNotFoundException", f"Connection '{wanted}' does not exist.")


def _existing_api_destination(caller: _Caller, parameters: _Parameters) -> None:
    name = str(parameters["Name"])
    if name not in caller.control_plane.api_destinations(caller.account, caller.region):
        message = f"Failed to describe the api-destination(s). An api-destination '{name}' does not exist."
        raise AwsError("ResourceNotFoundException", message)


def _create_archive(caller: _Caller, parameters: _Parameters) -> None:
    caller.rules(event_bus_name(parameters["EventSourceArn"]))
    if parameters.get("EventPattern"):
        check_pattern(parameters["EventPattern"])


def _update_archive(caller: _Caller, parameters: _Parameters) -> None:
    if all(parameters.get(name) is None for name in ("EventPattern", "RetentionDays", "Description")):
        invalid("At least one of EventPattern, RetentionDays or Description must be provided.")
    if parameters.get("EventPattern"):
        check_pattern(parameters["EventPattern"])


def _start_replay(caller: _Caller, parameters: _Parameters) -> None:
    if instant(parameters["EventStartTime"]) >= instant(parameters["EventEndTime"]):
        invalid("Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.")
    if caller.control_plane.active_replays(caller.account, caller.region) >= ACTIVE_REPLAYS:
        raise _LIMIT_EXCEEDED


def _put_permission(caller: _Caller, parameters: _Parameters) -> None:
    if len(parameters.get("Policy") or "") > _POLICY_LENGTH:
        message = f"The policy is longer than {_POLICY_LENGTH} characters."
        raise AwsError("PolicyLengthExceededException", message)


_CHECKS: dict[str, Callable[[_Caller, _Parameters], object]] = {
    "CreateApiDestination": _create_api_destination,
    "CreateArchive": _create_archive,
    "CreateConnection": _create_connection,
    "CreateEventBus": _create_event_bus,
    "DeleteEventBus": _delete_event_bus,
    "DeleteRule": _delete_rule,
    "DeleteApiDestination": _existing_api_destination,
    "DeleteConnection": _existing_connection,
    "DescribeApiDestination": _existing_api_destination,
    "DescribeConnection": _existing_connection,
    "DescribeRule": _existing_rule,
    "DisableRule": _own_rule,
    "EnableRule": _own_rule,
    "ListTargetsByRule": _existing_rule,
    "PutPermission": _put_permission,
    "PutRule": _put_rule,
    "PutTargets": _put_targets,
    "RemoveTargets": _own_rule,
    "StartReplay": _start_replay,
    "UpdateApiDestination": _update_api_destination,
    "UpdateArchive": _update_archive,
}
