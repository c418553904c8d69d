"""Step Functions state machines as targets.

Adapter layer. An execution is started and not waited for; what becomes of it does not concern the delivery.

Source: "Amazon EventBridge event bus targets" in the user guide; recorded execution names.
"""

from __future__ import annotations

from collections.abc import Callable

from pytest_eventbridge.arns import Arn
from pytest_eventbridge.aws.session import clients
from pytest_eventbridge.recording.records import Delivery

__all__ = ["start_execution"]


def start_execution(delivery: Delivery, state_machine: Arn, new_id: Callable[[], str]) -> None:
    """Start an execution with a delivery's input; its name begins with the event's id.

    Raises:
        botocore.exceptions.ClientError: Step Functions refuses it.
    """
    clients("stepfunctions", state_machine.region, state_machine.account).start_execution(
        stateMachineArn=str(state_machine),
        name=f"{delivery.event.id}_{new_id()}",
        input=delivery.input,
    )
