"""What PutTargets refuses of a single target and moto accepts.

Adapter layer. That a target exists is not checked: the service does not look.

Source: PutTargets in the EventBridge API reference; recorded refusals.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from pytest_eventbridge.arns import Arn, parse_arn
from pytest_eventbridge.aws.errors import invalid
from pytest_eventbridge.events.target_input import InvalidTargetInputError, target_input

__all__ = ["check_target"]

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
_Target: TypeAlias = "Mapping[str, Any]"


def check_target(target: _Target, own_bus: str) -> None:
    """Refuse a target that PutTargets refuses.

    Args:
        target: As PutTargets takes it.
        own_bus: The ARN of its rule's event bus.

    Raises:
        AwsError: with the service's code and text.
    """
    arn = parse_arn(target["Arn"])
    if arn is None or arn.service not in _TARGET_SERVICES:
        invalid(f"Parameter {target['Arn']} is not valid. Reason: Provided Arn is not in correct format.")
    if arn.service == "sqs" and arn.resource.endswith(".fifo") and not target.get("SqsParameters"):
        invalid(f"Parameter(s) SqsParameters must be specified for target: {target['Id']}.")
    if _needs_role(arn) and not target.get("RoleArn"):
        invalid(f"RoleArn is required for target {target['Arn']}.")
    if arn.is_event_bus:
        _check_event_bus_target(target, own_bus)
    if arn.service == "logs":
        _check_log_group_target(target)
    if arn.service == "ecs" and target.get("InputPath") is not None:
        invalid(f"InputPath is not supported for target {target['Id']}: the target is a task.")
    _check_dead_letter_queue(target, parse_arn(own_bus))
    _check_input(target)


def _needs_role(arn: Arn) -> bool:
    is_api_destination = arn.service == "events" and arn.resource.startswith("api-destination/")
    return arn.service in _SERVICES_WITH_ROLE or arn.is_event_bus or is_api_destination


def _check_event_bus_target(target: _Target, own_bus: str) -> None:
    if any(target.get(form) is not None for form in ("Input", "InputPath", "InputTransformer")):
        invalid(f"Modifying the input for target {target['Id']} is not supported when the target is an event bus.")
    if target.get("RetryPolicy") is not None:
        invalid(f"RetryPolicy is not supported for target {target['Id']} when the target is an event bus.")
    if target["Arn"] == own_bus:
        invalid(f"Parameter {target['Arn']} is not valid. Reason: An event bus cannot be a target of its own rules.")


def _check_log_group_target(target: _Target) -> None:
    for form in ("Input", "InputPath", "RoleArn"):
        if target.get(form) is not None:
            invalid(f"{form} is not supported for target {target['Id']}: the target is a log group.")
    template = (target.get("InputTransformer") or {}).get("InputTemplate")
    if template is not None and "".join(template.split()) != _LOG_TEMPLATE:
        invalid(f"InputTemplate for target {target['Id']} must be {_LOG_TEMPLATE}: the target is a log group.")


def _check_dead_letter_queue(target: _Target, own_bus: Arn | None) -> None:
    queue = (target.get("DeadLetterConfig") or {}).get("Arn")
    if queue is None:
        return
    arn = parse_arn(queue)
    if arn is None or arn.service != "sqs":
        invalid(f"Parameter {queue} is not valid. Reason: Provided Arn is not in correct format.")
    if arn.resource.endswith(".fifo"):
        invalid(f"Parameter {queue} is not valid. Reason: The dead-letter queue must be a standard queue.")
    if own_bus is not None and arn.region != own_bus.region:
        invalid(f"Parameter {queue} is not valid. Reason: The dead-letter queue must be in the rule's Region.")


def _check_input(target: _Target) -> None:
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
        invalid(str(error))
