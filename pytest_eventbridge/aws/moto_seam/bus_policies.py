"""The policies of moto's event buses, as the service keeps them.

Adapter layer. moto lets an account have one statement only, and turns everybody into an account of that name.

Source: PutPermission in the EventBridge API reference; recorded policies.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import moto.events.models

from pytest_eventbridge.aws.replacing import replaced

__all__ = ["bus_policies"]


@contextmanager
def bus_policies() -> Iterator[None]:
    """Let buses keep all their statements for a block, and everybody be everybody."""
    bus = moto.events.models.EventBus
    add_permission, add_policy = bus.add_permission, bus.add_policy

    def add_statement(self: Any, statement_id: str, action: str, principal: Any, condition: Any) -> None:
        everybody = str(principal.get("AWS", "")).endswith("::*:root")
        add_permission(self, statement_id, action, "*" if everybody else principal, condition)

    def replace_policy(self: Any, policy: dict[str, Any]) -> None:
        self.remove_statements()
        add_policy(self, policy)

    with replaced(
        (bus, "_remove_principals_statements", lambda self, *principals: None),
        (bus, "add_permission", add_statement),
        (bus, "add_policy", replace_policy),
    ):
        yield
