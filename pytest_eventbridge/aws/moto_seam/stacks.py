"""EventBridge's resources in the templates that moto's CloudFormation makes stacks of.

Adapter layer. Each is made by the request that makes it elsewhere, so that a template meets the same checks. moto would
go past them; it cannot name an event bus to the rest of a template, keeps only its name, and deletes it with its rules
to change it; it takes an archive's pattern and numbers only as the API spells them. What is refused makes CreateStack
fail at once: of a stack that fails later, as on AWS, a test would hear too late.

Source: AWS::Events::Rule, AWS::Events::EventBus and AWS::Events::Archive in the CloudFormation template reference.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import moto.events.models
from botocore import xform_name
from botocore.exceptions import ClientError, ParamValidationError
from botocore.model import ListShape, Shape, StructureShape

from pytest_eventbridge.arns import event_bus_name
from pytest_eventbridge.aws.moto_seam.backends import event_bus, events_backend
from pytest_eventbridge.aws.replacing import replaced
from pytest_eventbridge.aws.session import clients, service_model

__all__ = ["stack_resources"]

_UPDATED_MEMBERS = {
    "Description": "description",
    "KmsKeyIdentifier": "kms_key_identifier",
    "DeadLetterConfig": "dead_letter_config",
}


@contextmanager
def stack_resources() -> Iterator[None]:
    """Let stacks make and change EventBridge's resources by requests, for a block."""
    rule, bus, archive = moto.events.models.Rule, moto.events.models.EventBus, moto.events.models.Archive
    with replaced(
        (rule, "create_from_cloudformation_json", staticmethod(_create_rule)),
        (rule, "update_from_cloudformation_json", staticmethod(_update_rule)),
        (bus, "physical_resource_id", property(lambda self: self.name)),
        (bus, "create_from_cloudformation_json", staticmethod(_create_bus)),
        (bus, "update_from_cloudformation_json", staticmethod(_update_bus)),
        (archive, "create_from_cloudformation_json", staticmethod(_create_archive)),
        (archive, "update_from_cloudformation_json", staticmethod(_update_archive)),
    ):
        yield


def _create_rule(
    resource_name: str, cloudformation_json: Mapping[str, Any], account_id: str, region_name: str, **_: Any
) -> Any:
    properties = cloudformation_json["Properties"]
    bus = event_bus_name(properties.get("EventBusName") or "default")
    targets = properties.get("Targets") or ()
    named = {**properties, "Name": resource_name, "Rule": resource_name}
    _request("PutRule", resource_name, account_id, region_name, named)
    made = event_bus(account_id, region_name, bus).rules[resource_name]
    gone = {target["Id"] for target in made.targets} - {target.get("Id") for target in targets}
    if gone:
        _request("RemoveTargets", resource_name, account_id, region_name, {**named, "Ids": sorted(gone)})
    if targets:
        _request("PutTargets", resource_name, account_id, region_name, named)
    return made


def _update_rule(
    original_resource: Any,
    new_resource_name: str,
    cloudformation_json: Mapping[str, Any],
    account_id: str,
    region_name: str,
) -> Any:
    made = _create_rule(new_resource_name, cloudformation_json, account_id, region_name)
    if made.arn != original_resource.arn:
        original_resource.delete(account_id, region_name)
    return made


def _create_bus(
    resource_name: str, cloudformation_json: Mapping[str, Any], account_id: str, region_name: str, **_: Any
) -> Any:
    named = {**cloudformation_json["Properties"], "Name": resource_name}
    _request("CreateEventBus", resource_name, account_id, region_name, named)
    return event_bus(account_id, region_name, resource_name)


def _update_bus(
    original_resource: Any,
    new_resource_name: str,
    cloudformation_json: Mapping[str, Any],
    account_id: str,
    region_name: str,
) -> Any:
    if new_resource_name != original_resource.name:
        made = _create_bus(new_resource_name, cloudformation_json, account_id, region_name)
        original_resource.delete(account_id, region_name)
        return made
    for member, attribute in _UPDATED_MEMBERS.items():  # moto has no UpdateEventBus
        setattr(original_resource, attribute, cloudformation_json["Properties"].get(member))
    return original_resource


def _create_archive(
    resource_name: str, cloudformation_json: Mapping[str, Any], account_id: str, region_name: str, **_: Any
) -> Any:
    properties = cloudformation_json["Properties"]
    named = {**properties, "ArchiveName": resource_name, "EventSourceArn": properties["SourceArn"]}
    _request("CreateArchive", resource_name, account_id, region_name, named)
    return events_backend(account_id, region_name).archives[resource_name]


def _update_archive(
    original_resource: Any,
    new_resource_name: str,
    cloudformation_json: Mapping[str, Any],
    account_id: str,
    region_name: str,
) -> Any:
    if new_resource_name != original_resource.name:
        made = _create_archive(new_resource_name, cloudformation_json, account_id, region_name)
        original_resource.delete(account_id, region_name)
        return made
    named = {**cloudformation_json["Properties"], "ArchiveName": new_resource_name}
    _request("UpdateArchive", new_resource_name, account_id, region_name, named)
    return original_resource


def _request(operation: str, name: str, account: str, region: str, properties: Mapping[str, Any]) -> None:
    """Make a request of a resource's properties, and turn its refusal into the stack's."""
    shape = service_model("events").operation_model(operation).input_shape
    assert shape is not None, "each of these operations takes parameters"
    request = _spelt(shape, properties)
    try:
        getattr(clients("events", region, account), xform_name(operation))(**request)
    except ClientError as refused:
        error = refused.response["Error"]
        text = f"{operation} of {name}: {error['Code']}: {error['Message']}"
    except ParamValidationError as refused:
        text = f"{operation} of {name}: {refused}"
    else:
        return
    # Imported by name: it takes packages that only those have who make stacks.
    raise importlib.import_module("moto.cloudformation.exceptions").ValidationError(message=text)


def _spelt(shape: Shape, value: Any) -> Any:
    """Spell a property as the API does: members by its names, numbers as numbers, documents as text."""
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        names = {name.lower(): name for name in shape.members}
        known = {names[name.lower()]: member for name, member in value.items() if name.lower() in names}
        return {name: _spelt(shape.members[name], member) for name, member in known.items()}
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_spelt(shape.member, member) for member in value]
    if shape.type_name == "string" and isinstance(value, Mapping):
        return json.dumps(value)
    if shape.type_name in ("integer", "long") and isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    if shape.type_name == "boolean" and value in ("true", "false"):
        return value == "true"
    return value
