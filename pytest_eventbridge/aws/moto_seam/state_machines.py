"""What moto's Step Functions lack for state machines that publish: a service's documented name, and JSONata.

Adapter layer. moto runs executions in threads of its own; their events come back onto the bus when they do.

Source: "AWS SDK service integrations" and "Transforming data with JSONata" in the Step Functions developer guide.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from pytest_eventbridge.aws.session import service_name

__all__ = ["publishing_state_machines"]

_PARSER = "moto.stepfunctions.parser.asl"
_SDK_TASK = f"{_PARSER}.component.state.exec.state_task.service.state_task_service_aws_sdk"


@contextmanager
def publishing_state_machines() -> Iterator[None]:
    """Let state machines call services by their SDK names, and use JSONata if its library is there, for a block."""
    # Imported by name: the parser is large, and comes with the first state machine only.
    task, jsonata = importlib.import_module(_SDK_TASK), importlib.import_module(f"{_PARSER}.jsonata.jsonata")
    client_for = task.boto_client_for

    def boto_client_for(*, region: str, service: str, **kwargs: Any) -> Any:
        return client_for(region=region, service=service_name(service), **kwargs)

    with ExitStack() as stack:
        stack.enter_context(patch.object(task, "boto_client_for", boto_client_for))
        if jsonata._eval_jsonata is None and importlib.util.find_spec("jsonata") is not None:
            stack.enter_context(patch.object(jsonata, "_eval_jsonata", _evaluate))
        yield


def _evaluate(expression: str) -> Any:
    from jsonata import Jsonata

    return Jsonata(expression).evaluate(None)
