"""moto's event buses, as the service keeps and describes them.

Adapter layer. moto lets an account have one statement of a bus's policy only, turns everybody into an account of that
name, keeps to itself some of what it knows of a bus, and takes only the end of a partner's name for one.

Source: PutPermission, CreateEventBus and ListEventBuses in the EventBridge API reference; recorded policies.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import moto.events.models
import moto.events.responses

from pytest_eventbridge.arns import event_bus_name
from pytest_eventbridge.aws.replacing import replaced

__all__ = ["event_buses"]

_ECHOED_MEMBERS = ("Description", "KmsKeyIdentifier", "DeadLetterConfig")


@contextmanager
def event_buses() -> Iterator[None]:
    """Let buses keep all their statements for a block, everybody be everybody, and answers be whole."""
    bus, handler = moto.events.models.EventBus, moto.events.responses.EventsHandler
    backend = moto.events.models.EventsBackend
    create, list_buses = handler.create_event_bus, handler.list_event_buses
    add_permission, add_policy = bus.add_permission, bus.add_policy

    def add_statement(self: Any, statement_id: str, action: str, principal: Any, condition: Any) -> None:
        everybody = str(principal.get("AWS", "")).endswith("::*:root")
        add_permission(self, statement_id, action, "*" if everybody else principal, condition)

    def replace_policy(self: Any, policy: dict[str, Any]) -> None:
        self.remove_statements()
        add_policy(self, policy)

    def create_event_bus(self: Any) -> Any:
        body, headers = create(self)
        echoed = {name: self._get_param(name) for name in _ECHOED_MEMBERS if self._get_param(name) is not None}
        return json.dumps({**json.loads(body), **echoed}), headers

    def list_event_buses(self: Any) -> Any:
        body, headers = list_buses(self)
        answer = json.loads(body)
        for described in answer["EventBuses"]:
            bus = self.events_backend.event_buses[described["Name"]]
            described.update(CreationTime=bus.creation_time, LastModifiedTime=bus.last_modified_time)
            if bus.description:
                described["Description"] = bus.description
        return json.dumps(answer), headers

    with replaced(
        (bus, "_remove_principals_statements", lambda self, *principals: None),
        (bus, "add_permission", add_statement),
        (bus, "add_policy", replace_policy),
        (backend, "_normalize_event_bus_arn", lambda self, bus: "default" if bus is None else event_bus_name(bus)),
        (handler, "create_event_bus", create_event_bus),
        (handler, "list_event_buses", list_event_buses),
    ):
        yield
