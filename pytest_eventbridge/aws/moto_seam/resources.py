"""What moto has of the resources that targets are: their policies, their roles, their names. Read here, never copied.

Adapter layer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import moto.iam.models
import moto.logs.models
import moto.sns.models
import moto.sqs.models

from pytest_eventbridge.arns import Arn, event_bus_name
from pytest_eventbridge.aws.moto_seam.backends import event_bus, lambda_function

__all__ = ["resource_names", "resource_policies", "role_policies"]


def resource_policies(resource: Arn) -> Sequence[str | Mapping[str, Any]] | None:
    """Return the policies of a queue, topic, function, log group or event bus; None when there is none such."""
    account, region, name = resource.account, resource.region, resource.resource
    found: Any
    match resource.service:
        case "sqs":
            found = moto.sqs.models.sqs_backends[account][region].queues.get(name)
            policies = [found.policy] if found is not None else []
        case "sns":
            found = moto.sns.models.sns_backends[account][region].topics.get(str(resource))
            policies = [found.policy] if found is not None else []
        case "lambda":
            found = lambda_function(account, region, name.split(":")[1])
            policies = [{"Statement": found.policy.statements}] if found is not None else []
        case "logs":
            backend = moto.logs.models.logs_backends[account][region]
            found = backend.groups.get(name.removeprefix("log-group:").removesuffix(":*"))
            policies = [each.policy_document for each in backend.resource_policies.values()]
        case "events":
            found = event_bus(account, region, event_bus_name(resource))
            policies = [found.policy] if found is not None else []
        case _:
            found, policies = None, []
    return None if found is None else [policy for policy in policies if policy]


def role_policies(arn: Arn) -> tuple[str | Mapping[str, Any], Sequence[str | Mapping[str, Any]]] | None:
    """Return a role's trust policy and its permissions; None when there is no such role."""
    roles = moto.iam.models.iam_backends[arn.account][arn.partition].roles.values()
    role = next((each for each in roles if each.arn == str(arn)), None)
    if role is None:
        return None
    attached = [policy.document for policy in role.managed_policies.values()]
    return role.assume_role_policy_document, [*role.policies.values(), *attached]


def resource_names(arn: Arn) -> list[str] | None:
    """Return the names of the queues, topics or log groups that there are where an ARN points; None for others."""
    account, region = arn.account, arn.region
    match arn.service:
        case "sqs":
            return list(moto.sqs.models.sqs_backends[account][region].queues)
        case "sns":
            topics = moto.sns.models.sns_backends[account][region].topics
            return [topic.rpartition(":")[2] for topic in topics]
        case "logs":
            return [f"log-group:{name}" for name in moto.logs.models.logs_backends[account][region].groups]
    return None
