"""Targets that only start something elsewhere: nothing runs, and the request that AWS would make is kept.

Adapter layer. A task, a build or a command has no place in a test; that it would be started, and with what, has.

Source: the target parameters of PutTargets in the EventBridge API reference; "Amazon EventBridge event bus targets" in
the user guide.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pytest_eventbridge.arns import Arn
from pytest_eventbridge.delivery.ports import DeliveryFailureError
from pytest_eventbridge.events.event_paths import MISSING, parse_event_path
from pytest_eventbridge.instants import iso_seconds
from pytest_eventbridge.recording.records import Delivery, RecordedRequest

__all__ = ["RECORDED_SERVICES", "record_request"]


def record_request(delivery: Delivery, arn: Arn) -> None:
    """Keep the request that AWS would make for a delivery, as ``delivery.request``.

    Raises:
        DeliveryFailureError: the service has no such target.
    """
    request = _KINDS[arn.service](delivery, arn)
    if request is None:
        message = f"{arn} is not something that a rule can have as its target."
        raise DeliveryFailureError("INVALID_PARAMETER", message, retryable=False)
    delivery.request = request


def _run_task(delivery: Delivery, arn: Arn) -> RecordedRequest:
    own = _filled(_as_ecs_spells(_parameters(delivery, "EcsParameters")), delivery.event.envelope)
    # The event itself does not reach a task: only what an input form makes of it, as overrides.
    overrides = {"overrides": delivery.payload} if {"Input", "InputTransformer"} & delivery.target.keys() else {}
    count = {"count": own.pop("taskCount")} if "taskCount" in own else {}
    return RecordedRequest(
        "ecs",
        "RunTask",
        {"cluster": str(arn), "taskDefinition": own.pop("taskDefinitionArn", None), **count, **own,
         "startedBy": f"events-rule/{delivery.rule}"[:36], **overrides},
    )  # fmt: skip


def _as_ecs_spells(value: Any) -> Any:
    """Return parameters with their names as RunTask has them, which begin with a small letter."""
    if isinstance(value, Mapping):
        return {name[:1].lower() + name[1:]: _as_ecs_spells(member) for name, member in value.items()}
    return [_as_ecs_spells(element) for element in value] if isinstance(value, list) else value


def _submit_job(delivery: Delivery, arn: Arn) -> RecordedRequest:
    own = _parameters(delivery, "BatchParameters")
    payload = delivery.payload if isinstance(delivery.payload, dict) else {}
    request = {
        "jobQueue": str(arn),
        "jobDefinition": own.get("JobDefinition"),
        "jobName": own.get("JobName"),
        "arrayProperties": {"size": own["ArrayProperties"]["Size"]} if "ArrayProperties" in own else None,
        "retryStrategy": {"attempts": own["RetryStrategy"]["Attempts"]} if "RetryStrategy" in own else None,
        "containerOverrides": payload.get("ContainerOverrides"),
        "dependsOn": payload.get("DependsOn"),
        "parameters": payload.get("Parameters"),
    }
    return RecordedRequest("batch", "SubmitJob", {name: value for name, value in request.items() if value is not None})


def _start_build(delivery: Delivery, arn: Arn) -> RecordedRequest:
    project = arn.resource.removeprefix("project/")
    has_input = {"Input", "InputPath", "InputTransformer"} & delivery.target.keys()
    payload = delivery.payload if has_input and isinstance(delivery.payload, dict) else {}
    return RecordedRequest("codebuild", "StartBuild", {"projectName": project, **payload})


def _start_pipeline(delivery: Delivery, arn: Arn) -> RecordedRequest:
    return RecordedRequest("codepipeline", "StartPipelineExecution", {"name": arn.resource})


def _execute_statement(delivery: Delivery, arn: Arn) -> RecordedRequest:
    own = _filled_parameters(delivery, "RedshiftDataParameters")
    kind = "WorkgroupName" if arn.service == "redshift-serverless" else "ClusterIdentifier"
    return RecordedRequest(
        "redshift-data", "ExecuteStatement", {kind: arn.resource.rpartition(":")[2].rpartition("/")[2], **own}
    )


def _start_sagemaker_pipeline(delivery: Delivery, arn: Arn) -> RecordedRequest:
    own = _filled_parameters(delivery, "SageMakerPipelineParameters")
    name = arn.resource.removeprefix("pipeline/")
    request = {"PipelineName": name, "PipelineParameters": own.get("PipelineParameterList") or []}
    return RecordedRequest("sagemaker", "StartPipelineExecution", request)


def _systems_manager(delivery: Delivery, arn: Arn) -> RecordedRequest | None:
    kind, _, name = arn.resource.partition("/")
    if kind == "document":
        own = _parameters(delivery, "RunCommandParameters")
        parameters = delivery.payload if isinstance(delivery.payload, dict) else {}
        request = {"DocumentName": name, "Targets": own.get("RunCommandTargets") or [], "Parameters": parameters}
        return RecordedRequest("ssm", "SendCommand", request)
    if kind == "automation-definition":
        document, _, version = name.partition(":")
        parameters = delivery.payload if isinstance(delivery.payload, dict) else {}
        request = {"DocumentName": document, "DocumentVersion": version or "$DEFAULT", "Parameters": parameters}
        return RecordedRequest("ssm", "StartAutomationExecution", request)
    if kind == "opsitem":
        event = delivery.event
        request = {
            "Title": event.detail_type,
            "Description": f"{event.detail_type} from {event.source}",
            "Source": event.source,
            "OperationalData": {"/aws/event": {"Value": delivery.input, "Type": "String"}},
        }
        return RecordedRequest("ssm", "CreateOpsItem", request)
    return None


_INSTANCE_ACTIONS = {
    "reboot-instance": "RebootInstances",
    "stop-instance": "StopInstances",
    "terminate-instance": "TerminateInstances",
}


def _built_in(delivery: Delivery, arn: Arn) -> RecordedRequest | None:
    kind = arn.resource.removeprefix("target/")
    if kind == "create-snapshot":
        return RecordedRequest("ec2", "CreateSnapshot", {"VolumeId": delivery.payload})
    action = _INSTANCE_ACTIONS.get(kind)
    return None if action is None else RecordedRequest("ec2", action, {"InstanceIds": [delivery.payload]})


def _notify_workflow(delivery: Delivery, arn: Arn) -> RecordedRequest:
    return RecordedRequest("glue", "NotifyEvent", {"Workflow": str(arn), "Input": delivery.input})


def _start_incident(delivery: Delivery, arn: Arn) -> RecordedRequest:
    event = delivery.event
    trigger = {
        "source": event.source,
        "timestamp": iso_seconds(event.time),
        "triggerArn": delivery.rule_arn,
        "rawData": delivery.input,
    }
    return RecordedRequest("ssm-incidents", "StartIncident", {"responsePlanArn": str(arn), "triggerDetails": trigger})


def _start_of(service: str, operation: str, member: str) -> Callable[[Delivery, Arn], RecordedRequest]:
    """Return a kind whose request names the resource to start, and nothing else."""
    return lambda delivery, arn: RecordedRequest(service, operation, {member: str(arn)})


def _mutation(delivery: Delivery, arn: Arn) -> RecordedRequest:
    own = _parameters(delivery, "AppSyncParameters")
    request = {"Api": str(arn), "Query": own.get("GraphQLOperation"), "Variables": delivery.payload}
    return RecordedRequest("appsync", "GraphQL", request)


def _parameters(delivery: Delivery, name: str) -> Mapping[str, Any]:
    """Return a target's own parameters as they were put."""
    return delivery.target.get(name) or {}


def _filled_parameters(delivery: Delivery, name: str) -> dict[str, Any]:
    """Return a target's own parameters, with paths into the event replaced by what they find.

    EventBridge does so for these kinds and for HTTP parameters only; elsewhere a path stays as it stands.
    """
    filled = _filled(delivery.target.get(name) or {}, delivery.event.envelope)
    assert isinstance(filled, dict)
    return filled


def _filled(value: Any, event: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _filled(member, event) for name, member in value.items()}
    if isinstance(value, list):
        return [_filled(element, event) for element in value]
    if isinstance(value, str) and value.startswith("$."):
        try:
            found = parse_event_path(value).find(event)
        except ValueError:
            return value
        return None if found is MISSING else found
    return value


_KINDS: dict[str, Callable[[Delivery, Arn], RecordedRequest | None]] = {
    "appsync": _mutation,
    "batch": _submit_job,
    "codebuild": _start_build,
    "codepipeline": _start_pipeline,
    "ec2": _built_in,
    "ecs": _run_task,
    "events": _built_in,
    "glue": _notify_workflow,
    "imagebuilder": _start_of("imagebuilder", "StartImagePipelineExecution", "imagePipelineArn"),
    "inspector": _start_of("inspector", "StartAssessmentRun", "assessmentTemplateArn"),
    "redshift": _execute_statement,
    "redshift-data": _execute_statement,
    "redshift-serverless": _execute_statement,
    "sagemaker": _start_sagemaker_pipeline,
    "ssm": _systems_manager,
    "ssm-incidents": _start_incident,
}

RECORDED_SERVICES = frozenset(_KINDS)
"""Services whose resources are started, not delivered to."""
