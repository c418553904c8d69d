"""Calling a target: by its ARN to the kind that knows it.

Adapter layer. Source: "Amazon EventBridge event bus targets" in the user guide.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from botocore.exceptions import BotoCoreError, ClientError

from pytest_eventbridge.arns import Arn, parse_arn
from pytest_eventbridge.delivery.ports import DeliveryFailureError
from pytest_eventbridge.functions.registry import FunctionRegistry
from pytest_eventbridge.functions.runtime import FunctionRuntime
from pytest_eventbridge.recording.records import Delivery
from pytest_eventbridge.targets.failures import failure_from
from pytest_eventbridge.targets.lambda_function import deliver_to_function
from pytest_eventbridge.targets.sqs import send_message

__all__ = ["TargetCaller"]


class TargetCaller:
    """Brings deliveries to targets, and dead letters to their queues."""

    def __init__(self, registry: FunctionRegistry, runtime: FunctionRuntime) -> None:
        self._registry = registry
        self._runtime = runtime
        self._kinds: dict[str, Callable[[Delivery, Arn], None]] = {"lambda": self._function, "sqs": self._queue}

    def deliver(self, delivery: Delivery) -> None:
        """Call the target with the delivery's input.

        Raises:
            DeliveryFailureError: the target did not take it.
        """
        arn = _parsed(delivery.target_arn)
        kind = self._kinds.get(arn.service)
        if kind is None:
            raise DeliveryFailureError(
                "SDK_CLIENT_ERROR",
                f"pytest-eventbridge does not deliver to {arn.service} targets yet, only to"
                f" {' and '.join(sorted(self._kinds))}",
                retryable=False,
            )
        _translated(arn.service, lambda: kind(delivery, arn))

    def send_dead_letter(self, delivery: Delivery, queue_arn: str, attributes: Mapping[str, str]) -> None:
        """Put the delivery's input into a dead-letter queue.

        Raises:
            DeliveryFailureError: the queue did not take it.
        """
        queue = _parsed(queue_arn)
        _translated("sqs", lambda: send_message(queue, delivery.input, attributes=attributes))

    def _function(self, delivery: Delivery, arn: Arn) -> None:
        deliver_to_function(delivery, self._registry, self._runtime)

    def _queue(self, delivery: Delivery, arn: Arn) -> None:
        group = (delivery.target.get("SqsParameters") or {}).get("MessageGroupId")
        send_message(arn, delivery.input, group=group)


def _parsed(text: str) -> Arn:
    arn = parse_arn(text)
    if arn is None:
        raise DeliveryFailureError("INVALID_PARAMETER", f"{text} is not an ARN", retryable=False)
    return arn


def _translated(service: str, call: Callable[[], None]) -> None:
    try:
        call()
    except ClientError as error:
        raise failure_from(error, service) from error
    except BotoCoreError as error:
        raise DeliveryFailureError("SDK_CLIENT_ERROR", str(error), retryable=False) from error
