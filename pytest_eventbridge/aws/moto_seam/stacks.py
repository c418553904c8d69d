"""EventBridge's resources in the templates that moto's CloudFormation makes stacks of.

Adapter layer. moto makes them past the checks that requests pass; it cannot name an event bus to the rest of a template
and keeps only its name, wants an archive's pattern as text where templates have an object, and leaves numbers as they
are spelt where templates may have them as text. What is refused makes CreateStack fail at once: of a stack that fails
later, as on AWS, a test would hear too late.

Source: AWS::Events::Rule, AWS::Events::EventBus and AWS::Events::Archive in the CloudFormation template reference.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import moto.events.models
from botocore.model import ListShape, Shape, StructureShape

from pytest_eventbridge.aws.errors import AwsError
from pytest_eventbridge.aws.moto_seam.interception import DataPlane
from pytest_eventbridge.aws.replacing import replaced
from pytest_eventbridge.aws.session import service_model

__all__ = ["stack_resources"]

_BUS_MEMBERS = {
    "Description": "description",
    "KmsKeyIdentifier": "kms_key_identifier",
    "DeadLetterConfig": "dead_letter_config",
}


@contextmanager
def stack_resources(data_plane: DataPlane) -> Iterator[None]:
    """Let stacks make EventBridge's resources as requests do, for a block."""
    rule, bus, archive = moto.events.models.Rule, moto.events.models.EventBus, moto.events.models.Archive
    backends = moto.events.models.events_backends
    make_rule, make_bus = rule.create_from_cloudformation_json, bus.create_from_cloudformation_json
    make_archive = archive.create_from_cloudformation_json

    def checked(account: str, region: str, operation: str, name: str, properties: Mapping[str, Any]) -> dict[str, Any]:
        request = _as_request(operation, properties)
        # One request makes many resources, and each must find those before it.
        data_plane.answered()
        try:
            data_plane.check("events", account, region, operation, request)
        except AwsError as error:
            # Imported by name: it takes packages that only those have who make stacks.
            errors = importlib.import_module("moto.cloudformation.exceptions")
            text = f"{operation} of {name}: {error.code}: {error.message}"
            raise errors.ValidationError(message=text) from None
        return request

    def create_rule(
        _: Any, /, resource_name: str, template: Any, account_id: str, region_name: str, **more: Any
    ) -> Any:
        properties = dict(template["Properties"])
        targets = properties.pop("Targets", ())
        checked(account_id, region_name, "PutRule", resource_name, {**properties, "Name": resource_name})
        made = make_rule(resource_name, {**template, "Properties": properties}, account_id, region_name, **more)
        if targets:
            on_rule = {"Rule": made.name, "EventBusName": properties.get("EventBusName") or "default"}
            request = checked(account_id, region_name, "PutTargets", resource_name, {**on_rule, "Targets": targets})
            backends[account_id][region_name].put_targets(made.name, on_rule["EventBusName"], request["Targets"])
        data_plane.answered()
        data_plane.after("PutRule")
        return made

    def create_bus(_: Any, /, resource_name: str, template: Any, account_id: str, region_name: str, **more: Any) -> Any:
        properties = template["Properties"]
        checked(account_id, region_name, "CreateEventBus", resource_name, {**properties, "Name": resource_name})
        made = make_bus(resource_name, template, account_id, region_name, **more)
        for member, attribute in _BUS_MEMBERS.items():
            setattr(made, attribute, properties.get(member))
        return made

    def create_archive(
        _: Any, /, resource_name: str, template: Any, account_id: str, region_name: str, **more: Any
    ) -> Any:
        properties = template["Properties"]
        named = {**properties, "ArchiveName": resource_name, "EventSourceArn": properties["SourceArn"]}
        request = checked(account_id, region_name, "CreateArchive", resource_name, named)
        spelt = {**template, "Properties": {**request, "SourceArn": request["EventSourceArn"]}}
        return make_archive(resource_name, spelt, account_id, region_name, **more)

    with replaced(
        (bus, "physical_resource_id", property(lambda self: self.name)),
        (bus, "create_from_cloudformation_json", classmethod(create_bus)),
        (rule, "create_from_cloudformation_json", classmethod(create_rule)),
        (archive, "create_from_cloudformation_json", classmethod(create_archive)),
    ):
        yield


def _as_request(operation: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return a resource's properties as the parameters of the request that makes it."""
    shape = service_model("events").operation_model(operation).input_shape
    assert isinstance(shape, StructureShape), "each of these operations takes parameters"
    request: dict[str, Any] = _spelt(shape, properties)
    return request


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
