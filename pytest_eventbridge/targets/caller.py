"""Calling a target: by its ARN to the kind that knows it.

Adapter layer. Source: "Amazon EventBridge event bus targets" in the user guide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, ParamSpec

from botocore.exceptions import BotoCoreError, ClientError

from pytest_eventbridge.arns import Arn, parse_arn
from pytest_eventbridge.aws.errors import AwsError
from pytest_eventbridge.delivery.ports import DeliveryFailureError
from pytest_eventbridge.errors import near_names
from pytest_eventbridge.functions.asynchronous import AsynchronousInvocations
from pytest_eventbridge.functions.registry import FunctionRegistry
from pytest_eventbridge.recording.records import Delivery
from pytest_eventbridge.targets.api_destination import ApiDestinations
from pytest_eventbridge.targets.api_gateway import call_api
from pytest_eventbridge.targets.failures import failure_from
from pytest_eventbridge.targets.firehose import put_into_delivery_stream
from pytest_eventbridge.targets.kinesis import put_into_stream
from pytest_eventbridge.targets.lambda_function import deliver_to_function
from pytest_eventbridge.targets.log_group import put_log_event
from pytest_eventbridge.targets.permissions import Permissions
from pytest_eventbridge.targets.recorded import RECORDED_SERVICES, record_request
from pytest_eventbridge.targets.sns import publish_to_topic
from pytest_eventbridge.targets.sqs import send_dead_letter, send_to_queue
from pytest_eventbridge.targets.step_functions import start_execution

__all__ = ["TargetCaller"]

_What = ParamSpec("_What")


class TargetCaller:
    """Brings deliveries to targets, and dead letters to their queues."""

    def __init__(
        self,
        registry: FunctionRegistry,
        invocations: AsynchronousInvocations,
        new_id: Callable[[], str],
        api_destination: Callable[[Arn], tuple[Mapping[str, Any], Mapping[str, Any]] | None],
        permissions: Permissions | None,
        resource_names: Callable[[Arn], Iterable[str] | None],
    ) -> None:
        """Take what the kinds need.

        Args:
            registry: The functions that Lambda targets name.
            invocations: Takes what they are to be run for.
            new_id: Returns ids for what a target's API wants named.
            api_destination: Returns an API destination and its connection; None when there is none.
            permissions: Who lets calls through; None to let all through.
            resource_names: Returns the names of the resources that there are of an ARN's kind; None if
                that is not known.
        """
        self._new_id = new_id
        self._permissions = permissions
        self._resource_names = resource_names
        destinations = ApiDestinations(api_destination)
        self._kinds: dict[str, Callable[[Delivery, Arn], None]] = {
            **dict.fromkeys(RECORDED_SERVICES, record_request),
            "api-destination": destinations.call,
            "execute-api": partial(call_api, new_id=new_id),
            "firehose": put_into_delivery_stream,
            "kinesis": partial(put_into_stream, new_id=new_id),
            "lambda": partial(deliver_to_function, registry=registry, invocations=invocations),
            "logs": partial(put_log_event, new_id=new_id),
            "sns": publish_to_topic,
            "sqs": send_to_queue,
            "states": partial(start_execution, new_id=new_id),
        }

    def authorize(self, delivery: Delivery) -> None:
        """Refuse a delivery that EventBridge would not be allowed to make.

        Raises:
            DeliveryFailureError: it would not.
        """
        permissions = self._permissions
        if permissions is not None:
            self.guarded("iam", permissions.check, delivery)

    def deliver(self, delivery: Delivery) -> None:
        """Call the target with the delivery's input.

        Raises:
            DeliveryFailureError: the target did not take it.
        """
        arn = _parsed(delivery.target_arn)
        kind = self._kinds.get(_kind_of(arn))
        if kind is None:
            message = f"{arn.service} is not a service whose resources a rule can have as targets."
            raise DeliveryFailureError("INVALID_PARAMETER", message, retryable=False)
        try:
            self.guarded(arn.service, kind, delivery, arn)
        except DeliveryFailureError as failure:
            names = self._resource_names(arn) if failure.code == "NO_RESOURCE" else None
            if names is not None:
                failure.hint = _what_there_is(arn, names)
            raise

    def send_dead_letter(self, delivery: Delivery, queue_arn: str, attributes: Mapping[str, str]) -> None:
        """Put the delivery's input into a dead-letter queue.

        Raises:
            DeliveryFailureError: the queue did not take it.
        """
        queue = _parsed(queue_arn)
        permissions = self._permissions
        if permissions is not None:
            self.guarded("iam", permissions.check_dead_letter_queue, delivery, queue)
        self.guarded("sqs", send_dead_letter, delivery, queue, attributes)

    def guarded(self, service: str, call: Callable[_What, None], *what: _What.args, **more: _What.kwargs) -> None:
        """Make a call, and turn whatever goes wrong into the delivery's failure.

        Args:
            service: Whose API is called.
            call: Makes it.
            what: Its arguments.
            more: Its arguments by name.

        Raises:
            DeliveryFailureError: the call failed.
        """
        try:
            call(*what, **more)
        except DeliveryFailureError:
            raise
        except (ClientError, AwsError) as error:
            raise failure_from(error, service, self._new_id()) from error
        except BotoCoreError as error:
            raise DeliveryFailureError("SDK_CLIENT_ERROR", str(error), retryable=False) from error
        except Exception as error:
            # Whatever goes wrong behind one target must not reach the publisher, nor the other targets.
            message = f"calling the target raised {type(error).__name__}: {error}"
            raise DeliveryFailureError("INTERNAL_ERROR", message, retryable=False) from error


def _what_there_is(arn: Arn, names: Iterable[str]) -> str:
    wanted = arn.resource.rpartition("/")[2].rpartition(":")[2] if arn.service != "logs" else arn.resource
    return f"There is no {arn.service} resource {wanted!r} in {arn.region}: {near_names(wanted, names)}"


def _kind_of(arn: Arn) -> str:
    is_api_destination = arn.service == "events" and arn.resource.startswith("api-destination/")
    return "api-destination" if is_api_destination else arn.service


def _parsed(text: str) -> Arn:
    arn = parse_arn(text)
    if arn is None:
        raise DeliveryFailureError("INVALID_PARAMETER", f"{text} is not an ARN", retryable=False)
    return arn
