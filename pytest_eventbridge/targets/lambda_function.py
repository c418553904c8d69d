"""Lambda functions as targets.

Adapter layer. EventBridge invokes asynchronously: once Lambda has taken the event, what the function does with it is
Lambda's affair, and an error in the handler never makes the delivery fail.

Source: "Using AWS Lambda with Amazon EventBridge" in the Lambda developer guide.
"""

from __future__ import annotations

from pytest_eventbridge.arns import Arn
from pytest_eventbridge.delivery.ports import DeliveryFailureError
from pytest_eventbridge.errors import near_names
from pytest_eventbridge.functions.asynchronous import AsynchronousInvocations
from pytest_eventbridge.functions.registry import FunctionRegistry
from pytest_eventbridge.recording.records import Delivery

__all__ = ["deliver_to_function"]


def deliver_to_function(
    delivery: Delivery, arn: Arn, registry: FunctionRegistry, invocations: AsynchronousInvocations
) -> None:
    """Hand a delivery's input to the function that its target names.

    Raises:
        DeliveryFailureError: no handler is registered for that function.
    """
    function = registry.by_arn(delivery.target_arn)
    if function is None:
        name = arn.resource.removeprefix("function:").partition(":")[0]
        known = near_names(name, (each.name for each in registry))
        raise DeliveryFailureError(
            "NO_RESOURCE",
            f"no handler is registered for function {name!r} ({known}): register it with"
            f" eventbridge.function(handler, name={name!r})",
            retryable=False,
        )
    invocations.take(function, delivery.input, delivery)
