"""What EventBridge's control plane refuses and moto accepts, so that a test fails where a deployment would.

Adapter layer. Each check looks at a request before moto sees it. Lengths, patterns and enumerations of single members
are checked before (see ``constraints``).

Source: PutRule, PutTargets, DeleteRule and DeleteEventBus in the EventBridge API reference; recorded refusals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn, TypeAlias

from pytest_eventbridge.arns import Arn, event_bus_arn, parse_arn
from pytest_eventbridge.aws.errors import AwsError
from pytest_eventbridge.delivery.ports import ControlPlane, RuleState
from pytest_eventbridge.errors import InvalidEventPatternError, InvalidScheduleExpressionError
from pytest_eventbridge.events.target_input import InvalidTargetInputError, target_input
from pytest_eventbridge.instants import instant
from pytest_eventbridge.patterns import EventPattern
from pytest_eventbridge.schedules import ScheduleExpression

__all__ = ["check_control_plane"]

TARGETS_PER_RULE = 5
RULES_PER_BUS = 300
ACTIVE_REPLAYS = 10

_TARGET_SERVICES = frozenset(
    {
        "lambda",
        "sqs",
        "sns",
        "states",
        "kinesis",
        "firehose",
        "logs",
        "events",
        "execute-api",
        "ecs",
        "batch",
        "codebuild",
        "codepipeline",
        "redshift",
        "redshift-serverless",
        "redshift-data",
        "sagemaker",
        "ssm",
        "ssm-incidents",
        "ec2",
        "glue",
        "imagebuilder",
        "inspector",
        "appsync",
    }
)
_SERVICES_WITH_ROLE = frozenset(
    {
        "states",
        "kinesis",
        "firehose",
        "ecs",
        "batch",
        "codebuild",
        "codepipeline",
    }
)
_LOG_TEMPLATE = '{"timestamp":<timestamp>,"message":<message>}'
_LIMIT_EXCEEDED = AwsError("LimitExceededException", "The requested resource exceeds the maximum number allowed.")
_Parameters: TypeAlias = "Mapping[str, Any]"


class _Caller:
    """Who calls, and what the control plane has."""

    def __init__(self, control_plane: ControlPlane, account: str, region: str) -> None:
        self.control_plane = control_plane
        self.account = account
        self.region = region

    def bus_of(self, parameters: _Parameters) -> str:
        return str(parameters.get("EventBusName") or "default").rpartition("/")[2]

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


def _invalid(message: str) -> NoReturn:
    raise AwsError("ValidationException", message)


def _put_rule(caller: _Caller, parameters: _Parameters) -> None:
    pattern, schedule = parameters.get("EventPattern"), parameters.get("ScheduleExpression")
    bus = caller.bus_of(parameters)
    if not pattern and not schedule:
        _invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.")
    if schedule and bus != "default":
        _invalid("ScheduleExpression is supported only on the default event bus.")
    rules = caller.rules(bus)
    if schedule:
        _check_schedule(schedule)
        if parameters.get("State") == "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS":
            _invalid("State ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS is not supported for scheduled rules.")
    if pattern:
        check_pattern(pattern)
    if len(rules) >= RULES_PER_BUS and all(rule.name != parameters["Name"] for rule in rules):
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
        _invalid(str(error))


def _existing_rule(caller: _Caller, parameters: _Parameters) -> None:
    caller.rule(caller.bus_of(parameters), str(parameters.get("Name") or parameters.get("Rule")))


def _existing_bus(caller: _Caller, parameters: _Parameters) -> None:
    caller.rules(caller.bus_of(parameters))


def _delete_event_bus(caller: _Caller, parameters: _Parameters) -> None:
    name = str(parameters["Name"]).rpartition("/")[2]
    if name != "default" and caller.control_plane.rules(caller.account, caller.region, name):
        _invalid("EventBus can't be deleted since it has rules.")


def _create_event_bus(caller: _Caller, parameters: _Parameters) -> None:
    name = str(parameters["Name"])
    if "/" in name and not parameters.get("EventSourceName"):
        _invalid("Event bus name must not contain '/'.")


def _put_targets(caller: _Caller, parameters: _Parameters) -> None:
    bus = caller.bus_of(parameters)
    rule = caller.rule(bus, str(parameters["Rule"]))
    targets = parameters["Targets"]
    ids = {target["Id"] for target in (*rule.targets, *targets)}
    if len(ids) > TARGETS_PER_RULE:
        raise _LIMIT_EXCEEDED
    for target in targets:
        _check_target(caller, target, event_bus_arn(caller.account, caller.region, bus))


def _check_target(caller: _Caller, target: _Parameters, own_bus: str) -> None:
    arn = parse_arn(target["Arn"])
    if arn is None or arn.service not in _TARGET_SERVICES:
        _invalid(f"Parameter {target['Arn']} is not valid. Reason: Provided Arn is not in correct format.")
    if arn.service == "sqs" and arn.resource.endswith(".fifo") and not target.get("SqsParameters"):
        _invalid(f"Parameter(s) SqsParameters must be specified for target: {target['Id']}.")
    if _needs_role(arn) and not target.get("RoleArn"):
        _invalid(f"RoleArn is required for target {target['Arn']}.")
    if _is_event_bus(arn):
        _check_event_bus_target(target, own_bus)
    if arn.service == "logs":
        _check_log_group_target(target)
    if arn.service == "ecs" and target.get("InputPath") is not None:
        _invalid(f"InputPath is not supported for target {target['Id']}: the target is a task.")
    _check_dead_letter_queue(target)
    _check_input(target)


def _needs_role(arn: Arn) -> bool:
    return arn.service in _SERVICES_WITH_ROLE or (
        arn.service == "events" and arn.resource.startswith(("event-bus/", "api-destination/"))
    )


def _is_event_bus(arn: Arn) -> bool:
    return arn.service == "events" and arn.resource.startswith("event-bus/")


def _check_event_bus_target(target: _Parameters, own_bus: str) -> None:
    if any(target.get(form) is not None for form in ("Input", "InputPath", "InputTransformer")):
        _invalid(f"Modifying the input for target {target['Id']} is not supported when the target is an event bus.")
    if target.get("RetryPolicy") is not None:
        _invalid(f"RetryPolicy is not supported for target {target['Id']} when the target is an event bus.")
    if target["Arn"] == own_bus:
        _invalid(f"Parameter {target['Arn']} is not valid. Reason: An event bus cannot be a target of its own rules.")


def _check_log_group_target(target: _Parameters) -> None:
    for form in ("Input", "InputPath", "RoleArn"):
        if target.get(form) is not None:
            _invalid(f"{form} is not supported for target {target['Id']}: the target is a log group.")
    template = (target.get("InputTransformer") or {}).get("InputTemplate")
    if template is not None and "".join(template.split()) != _LOG_TEMPLATE:
        _invalid(f"InputTemplate for target {target['Id']} must be {_LOG_TEMPLATE}: the target is a log group.")


def _check_dead_letter_queue(target: _Parameters) -> None:
    queue = (target.get("DeadLetterConfig") or {}).get("Arn")
    if queue is None:
        return
    arn = parse_arn(queue)
    if arn is None or arn.service != "sqs":
        _invalid(f"Parameter {queue} is not valid. Reason: Provided Arn is not in correct format.")
    if arn.resource.endswith(".fifo"):
        _invalid(f"Parameter {queue} is not valid. Reason: The dead-letter queue must be a standard queue.")


def _check_input(target: _Parameters) -> None:
    transformer = target.get("InputTransformer")
    try:
        target_input(
            target["Id"],
            input=target.get("Input"),
            input_path=target.get("InputPath"),
            input_transformer=None
            if transformer is None
            else (transformer.get("InputPathsMap") or {}, transformer["InputTemplate"]),
        )
    except InvalidTargetInputError as error:
        _invalid(str(error))


def _existing_connection(caller: _Caller, parameters: _Parameters) -> None:
    name = str(parameters["Name"])
    if name not in caller.control_plane.connections(caller.account, caller.region):
        message = f"Failed to describe the connection(s). Connection '{name}' does not exist."
        raise AwsError("ResourceNotFoundException", message)


def _existing_api_destination(caller: _Caller, parameters: _Parameters) -> None:
    name = str(parameters["Name"])
    if name not in caller.control_plane.api_destinations(caller.account, caller.region):
        message = f"Failed to describe the api-destination(s). An api-destination '{name}' does not exist."
        raise AwsError("ResourceNotFoundException", message)


def _create_archive(caller: _Caller, parameters: _Parameters) -> None:
    caller.rules(str(parameters["EventSourceArn"]).rpartition("/")[2])
    if parameters.get("EventPattern"):
        check_pattern(parameters["EventPattern"])


def _update_archive(caller: _Caller, parameters: _Parameters) -> None:
    if all(parameters.get(name) is None for name in ("EventPattern", "RetentionDays", "Description")):
        _invalid("At least one of EventPattern, RetentionDays or Description must be provided.")
    if parameters.get("EventPattern"):
        check_pattern(parameters["EventPattern"])


def _start_replay(caller: _Caller, parameters: _Parameters) -> None:
    if instant(parameters["EventStartTime"]) >= instant(parameters["EventEndTime"]):
        _invalid("Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.")
    if caller.control_plane.active_replays(caller.account, caller.region) >= ACTIVE_REPLAYS:
        raise _LIMIT_EXCEEDED


_CHECKS: dict[str, Callable[[_Caller, _Parameters], None]] = {
    "CreateArchive": _create_archive,
    "CreateEventBus": _create_event_bus,
    "DeleteEventBus": _delete_event_bus,
    "DeleteRule": _existing_bus,
    "DeleteApiDestination": _existing_api_destination,
    "DeleteConnection": _existing_connection,
    "DescribeApiDestination": _existing_api_destination,
    "DescribeConnection": _existing_connection,
    "DescribeRule": _existing_rule,
    "DisableRule": _existing_rule,
    "EnableRule": _existing_rule,
    "ListTargetsByRule": _existing_rule,
    "PutRule": _put_rule,
    "PutTargets": _put_targets,
    "RemoveTargets": _existing_rule,
    "StartReplay": _start_replay,
    "UpdateArchive": _update_archive,
}
