"""What EventBridge Scheduler refuses and moto accepts, so that a test fails where a deployment would.

Adapter layer. Lengths, patterns and enumerations of single members are checked before (see ``constraints``). The
service publishes few of its texts; where none is known, ours say what is wrong and what is allowed.

Source: CreateSchedule, UpdateSchedule and the schedule groups in the EventBridge Scheduler API reference; "Using
universal targets" in its user guide; recorded refusals of schedule expressions.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from pytest_eventbridge.arns import Arn, parse_arn
from pytest_eventbridge.aws.errors import AwsError, invalid
from pytest_eventbridge.delivery.ports import ControlPlane
from pytest_eventbridge.errors import InvalidInputError, InvalidScheduleExpressionError
from pytest_eventbridge.instants import instant
from pytest_eventbridge.json_text import decode
from pytest_eventbridge.schedules import ScheduleExpression

__all__ = ["check_schedule_request"]

_Parameters: TypeAlias = "Mapping[str, Any]"

_START_MAY_LIE_BACK = timedelta(minutes=5)
_INPUT_LIMIT_BYTES = 262_144

_TEMPLATED = {
    "codebuild": None,
    "codepipeline": None,
    "ecs": "EcsParameters",
    "events": "EventBridgeParameters",
    "firehose": None,
    "inspector": None,
    "kinesis": "KinesisParameters",
    "lambda": None,
    "sagemaker": None,
    "sns": None,
    "sqs": None,
    "states": None,
}
"""Services whose resources can be targets, and the parameters that such a target cannot do without."""

_JSON_INPUT = frozenset({"events", "lambda", "states"})

_READING_ACTIONS = (
    "get", "describe", "list", "poll", "receive", "search", "scan", "query", "select", "read", "lookup", "discover",
    "validate", "batchget", "batchdescribe", "batchread", "transactget", "adminget", "adminlist", "testmigration",
    "retrieve", "testconnection", "translatedocument", "isauthorized", "invokemodel",
)  # fmt: skip
"""How the actions begin that universal targets do not have."""


def check_schedule_request(
    control_plane: ControlPlane, account: str, region: str, operation: str, parameters: _Parameters, now: datetime
) -> None:
    """Refuse a request that the service refuses.

    Raises:
        AwsError: with the service's code and text.
    """
    if operation in ("CreateSchedule", "UpdateSchedule"):
        group = parameters.get("GroupName") or "default"
        if not control_plane.has_schedule_group(account, region, group):
            raise AwsError("ResourceNotFoundException", f"Schedule group {group} does not exist.", 404)
        _check_times(parameters, now)
        _check_window(parameters["FlexibleTimeWindow"])
        _check_target(parameters["Target"])
    elif operation == "CreateScheduleGroup" and control_plane.has_schedule_group(account, region, parameters["Name"]):
        raise AwsError("ConflictException", f"Schedule group {parameters['Name']} already exists.", 409)
    elif operation == "DeleteScheduleGroup":
        if parameters["Name"] == "default":
            invalid("The default schedule group can't be deleted.")
        if not control_plane.has_schedule_group(account, region, parameters["Name"]):
            raise AwsError("ResourceNotFoundException", f"Schedule group {parameters['Name']} does not exist.", 404)


def _check_times(parameters: _Parameters, now: datetime) -> None:
    zone = parameters.get("ScheduleExpressionTimezone") or "UTC"
    try:
        expression = ScheduleExpression(parameters["ScheduleExpression"], zone, "scheduler")
    except InvalidScheduleExpressionError as error:
        invalid(str(error))
    except InvalidInputError:
        invalid(f"Invalid ScheduleExpressionTimezone {zone}. It must be an IANA name such as Europe/Berlin.")
    if expression.kind == "at":
        return
    start, end = (
        None if parameters.get(name) is None else instant(parameters[name]) for name in ("StartDate", "EndDate")
    )
    if start is not None and start < now - _START_MAY_LIE_BACK:
        invalid("The StartDate you specify cannot be earlier than 5 minutes ago.")
    if end is not None and end < now:
        invalid("The EndDate you specify cannot be earlier than now.")
    if start is not None and end is not None and start >= end:
        invalid("The StartDate you specify must come before the EndDate you specify.")


def _check_window(window: _Parameters) -> None:
    minutes = window.get("MaximumWindowInMinutes")
    if window.get("Mode") == "FLEXIBLE" and minutes is None:
        invalid("MaximumWindowInMinutes must be provided when the FlexibleTimeWindow mode is FLEXIBLE.")
    if window.get("Mode") == "OFF" and minutes is not None:
        invalid("MaximumWindowInMinutes must not be provided when the FlexibleTimeWindow mode is OFF.")


def _check_target(target: _Parameters) -> None:
    arn = parse_arn(target["Arn"])
    if arn is None:
        invalid(f"Provided Arn is not in correct format: {target['Arn']}.")
    text = target.get("Input")
    if text is not None and len(text.encode()) > _INPUT_LIMIT_BYTES:
        invalid(f"Target input must not be larger than {_INPUT_LIMIT_BYTES} bytes.")
    if arn.service == "scheduler":
        _check_universal(arn, text)
    else:
        _check_templated(arn, target)
    queue = (target.get("DeadLetterConfig") or {}).get("Arn")
    if queue is not None and queue.endswith(".fifo"):
        invalid(f"The dead-letter queue must be a standard queue, got {queue}.")


def _check_universal(arn: Arn, text: str | None) -> None:
    prefix, _, name = arn.resource.partition(":")
    service, _, action = name.partition(":")
    if prefix != "aws-sdk" or not service or not action or ":" in action:
        invalid(f"{arn} is not a universal target: it must be arn:aws:scheduler:::aws-sdk:service:apiAction.")
    if action.lower().startswith(_READING_ACTIONS):
        invalid(f"{service}:{action} is not supported as a universal target: it only reads.")
    _check_json(arn, text)


def _check_templated(arn: Arn, target: _Parameters) -> None:
    if arn.service not in _TEMPLATED:
        invalid(
            f"Unsupported target {arn}: {arn.service} has no templated target. Use a universal target,"
            f" arn:aws:scheduler:::aws-sdk:{arn.service}:apiAction."
        )
    needed = _TEMPLATED[arn.service]
    if needed is not None and not target.get(needed):
        invalid(f"{needed} must be provided for target {arn}.")
    if arn.service == "sqs" and arn.resource.endswith(".fifo") and not target.get("SqsParameters"):
        invalid(f"SqsParameters must be provided for target {arn}: a FIFO queue needs a message group.")
    if arn.service in _JSON_INPUT:
        _check_json(arn, target.get("Input"))


def _check_json(arn: Arn, text: str | None) -> None:
    try:
        if text is not None:
            decode(text)
    except ValueError as error:
        invalid(f"Input must be JSON for target {arn}: {error}.")
