"""Whether EventBridge may call a target: by the resource's own policy, or by the role that the target names.

Adapter layer. Made only when a test asks for ``permissions="enforce"``. A failure says which statement is missing.

Source: "Using resource-based policies for Amazon EventBridge" and "Amazon EventBridge and IAM roles" in the user guide;
recorded NO_PERMISSIONS messages, and the condition keys that were seen to work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from pytest_eventbridge.arns import Arn, parse_arn
from pytest_eventbridge.aws.policies import Access, allows
from pytest_eventbridge.delivery.ports import DeliveryFailureError
from pytest_eventbridge.json_text import compact
from pytest_eventbridge.recording.records import Delivery

__all__ = ["Permissions"]

_Policy: TypeAlias = "str | Mapping[str, Any]"

_RULES, _SCHEDULER = "events.amazonaws.com", "scheduler.amazonaws.com"


@dataclass(frozen=True, slots=True)
class _Kind:
    """What calling a kind of target takes.

    Attributes:
        action: What EventBridge does.
        service_name: The target's service, as its messages name it.
        needs_role: Whether only a role can allow it.
    """

    action: str
    service_name: str
    needs_role: bool


_KINDS = {
    "batch": _Kind("batch:SubmitJob", "AWSBatch", needs_role=True),
    "codebuild": _Kind("codebuild:StartBuild", "AWSCodeBuild", needs_role=True),
    "codepipeline": _Kind("codepipeline:StartPipelineExecution", "AWSCodePipeline", needs_role=True),
    "ecs": _Kind("ecs:RunTask", "AmazonECS", needs_role=True),
    "firehose": _Kind("firehose:PutRecord", "AmazonKinesisFirehose", needs_role=True),
    "kinesis": _Kind("kinesis:PutRecord", "AmazonKinesis", needs_role=True),
    "lambda": _Kind("lambda:InvokeFunction", "Lambda", needs_role=False),
    "logs": _Kind("logs:PutLogEvents", "CloudWatchLogs", needs_role=False),
    "sns": _Kind("sns:Publish", "AmazonSNS", needs_role=False),
    "sqs": _Kind("sqs:SendMessage", "AmazonSQS", needs_role=False),
    "states": _Kind("states:StartExecution", "AWSStepFunctions", needs_role=True),
    "event-bus": _Kind("events:PutEvents", "AmazonEventBridge", needs_role=True),
    "api-destination": _Kind("events:InvokeApiDestination", "AmazonEventBridge", needs_role=True),
}


class Permissions:
    """Lets calls of targets through, or not."""

    def __init__(
        self,
        resource_policies: Callable[[Arn], Sequence[_Policy] | None],
        role_policies: Callable[[Arn], tuple[_Policy, Sequence[_Policy]] | None],
        new_id: Callable[[], str],
    ) -> None:
        """Take what it reads.

        Args:
            resource_policies: Returns the policies of a resource; None when there is no such resource.
            role_policies: Returns a role's trust policy and its permissions; None when there is no such role.
            new_id: Returns request ids for the messages.
        """
        self._resource_policies = resource_policies
        self._role_policies = role_policies
        self._new_id = new_id

    def check(self, delivery: Delivery) -> None:
        """Refuse a delivery whose target would not let EventBridge in.

        Raises:
            DeliveryFailureError: it would not.
        """
        arn = parse_arn(delivery.target_arn)
        kind = None if arn is None else _KINDS.get(_kind_of(arn))
        if arn is None or kind is None:
            return
        role = delivery.target.get("RoleArn")
        if role is not None:
            self._check_role(delivery, role, kind, arn)
        elif kind.needs_role:
            raise self._failure(
                delivery, kind, str(arn), "the target names no role", f'RoleArn, of a role that allows "{kind.action}"'
            )
        else:
            self._check_resource(delivery, kind, arn)
        if arn.service == "events" and arn.account != delivery.event.at_account:
            self._check_bus(delivery, kind, arn)

    def check_dead_letter_queue(self, delivery: Delivery, queue: Arn) -> None:
        """Refuse a dead letter whose queue would not let EventBridge in.

        Raises:
            DeliveryFailureError: it would not.
        """
        if delivery.event.schedule is not None:
            self._check_role(delivery, str(delivery.target.get("RoleArn")), _KINDS["sqs"], queue)
        else:
            self._check_resource(delivery, _KINDS["sqs"], queue)

    def _check_resource(self, delivery: Delivery, kind: _Kind, resource: Arn) -> None:
        access = Access(
            action=kind.action, resource=str(resource), service=_RULES, context=_context(delivery, resource)
        )
        if not self._lets_in(resource, access):
            statement = {
                "Effect": "Allow",
                "Principal": {"Service": _RULES},
                "Action": kind.action,
                "Resource": str(resource),
                "Condition": {"ArnEquals": {"aws:SourceArn": delivery.rule_arn}},
            }
            reason = f"no resource-based policy allows the {kind.action.lower()} action"
            raise self._failure(delivery, kind, str(resource), reason, f"to its policy {compact(statement)}")

    def _check_role(self, delivery: Delivery, role_arn: str, kind: _Kind, resource: Arn) -> None:
        service = _RULES if delivery.event.schedule is None else _SCHEDULER
        arn = parse_arn(role_arn)
        role = None if arn is None else self._role_policies(arn)
        trust = Access(action="sts:AssumeRole", resource=role_arn, service=service)
        if role is None or not allows([role[0]], trust):
            statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
            why = "does not exist" if role is None else f"does not trust {service}"
            mend = "create it." if role is None else f"add to its trust policy {compact(statement)}"
            hint = f"To let it through, {mend}"
            message = f"The role {role_arn} could not be assumed: it {why}."
            raise DeliveryFailureError("FAILED_TO_ASSUME_ROLE", message, retryable=False, hint=hint)
        access = Access(action=kind.action, resource=str(resource))
        if not allows(role[1], access, of_resource=False):
            statement = {"Effect": "Allow", "Action": kind.action, "Resource": str(resource)}
            reason = f"no identity-based policy allows the {kind.action.lower()} action"
            raise self._failure(
                delivery, kind, str(resource), reason, f"to the role {role_arn} {compact(statement)}", user=role_arn
            )

    def _check_bus(self, delivery: Delivery, kind: _Kind, bus: Arn) -> None:
        event = delivery.event
        context = {"events:source": event.source, "events:detail-type": event.detail_type,
                   "events:eventbusinvocation": "true"}  # fmt: skip
        access = Access(action=kind.action, resource=str(bus), account=event.at_account, context=context)
        if not self._lets_in(bus, access):
            statement = {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{event.at_account}:root"},
                "Action": kind.action,
                "Resource": str(bus),
            }
            reason = f"no resource-based policy allows the {kind.action} action"
            raise self._failure(delivery, kind, str(bus), reason, f"to the bus's policy {compact(statement)}")

    def _lets_in(self, resource: Arn, access: Access) -> bool:
        policies = self._resource_policies(resource)
        # What does not exist is found out by the call itself, which says so.
        return policies is None or allows(policies, access)

    def _failure(
        self, delivery: Delivery, kind: _Kind, resource: str, reason: str, missing: str, user: str | None = None
    ) -> DeliveryFailureError:
        caller = user or (_RULES if delivery.event.schedule is None else _SCHEDULER)
        message = (
            f"User: {caller} is not authorized to perform: {kind.action.lower()} on resource: {resource} because"
            f" {reason} (Service: {kind.service_name}; Status Code: 403; Error Code: AccessDenied;"
            f" Request ID: {self._new_id()}; Proxy: null)"
        )
        return DeliveryFailureError(
            "NO_PERMISSIONS",
            message,
            retryable=False,
            service_code="AccessDenied",
            hint=f"To let it through, add {missing}",
        )


def _kind_of(arn: Arn) -> str:
    return arn.resource.partition("/")[0] if arn.service == "events" else arn.service


def _context(delivery: Delivery, resource: Arn) -> dict[str, str]:
    context = {
        "aws:sourcearn": delivery.rule_arn,
        "aws:principalservicename": _RULES,
        "aws:principalisawsservice": "true",
    }
    # Lambda is told no account: with a condition on it, a function's policy keeps EventBridge out.
    return context if resource.service == "lambda" else {**context, "aws:sourceaccount": delivery.event.at_account}
