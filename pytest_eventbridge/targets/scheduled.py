"""What schedules of EventBridge Scheduler call: templated targets, and universal ones.

Adapter layer. A templated target is named by a resource: a queue, a function and so on; an event bus gets an entry with
the source and the detail type that the schedule names. A universal target is any action of any AWS service, with the
schedule's input as the request; it is run through boto3 inside the mock.

Source: "Using templated targets" and "Using universal targets" in the EventBridge Scheduler user guide.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from botocore.exceptions import UnknownServiceError

from pytest_eventbridge.arns import Arn, parse_arn
from pytest_eventbridge.aws.session import clients, service_name
from pytest_eventbridge.delivery.ports import DeliveryFailureError
from pytest_eventbridge.recording.records import Delivery, PublishedEvent
from pytest_eventbridge.targets.caller import TargetCaller

__all__ = ["ScheduledTargets"]

_UNIVERSAL = "aws-sdk:"


class ScheduledTargets:
    """Brings what schedules send to their targets."""

    def __init__(self, caller: TargetCaller, put_events: Callable[..., Sequence[PublishedEvent]]) -> None:
        """Take what the kinds need.

        Args:
            caller: Calls templated targets, which rules have too.
            put_events: Puts entries, for an account and a Region.
        """
        self._caller = caller
        self._put_events = put_events

    def deliver(self, delivery: Delivery) -> None:
        """Call the target with the delivery's input.

        Raises:
            DeliveryFailureError: the target did not take it.
        """
        arn = parse_arn(delivery.target_arn)
        if arn is not None and arn.service == "scheduler" and arn.resource.startswith(_UNIVERSAL):
            self._caller.guarded(_service_of(arn), _call_action, delivery, arn)
        elif arn is not None and arn.is_event_bus:
            self._put_event(delivery, arn)
        else:
            self._caller.deliver(delivery)

    def _put_event(self, delivery: Delivery, bus: Arn) -> None:
        names = delivery.target.get("EventBridgeParameters") or {}
        entry = {
            "Source": names.get("Source"),
            "DetailType": names.get("DetailType"),
            "Detail": delivery.input,
            "EventBusName": str(bus),
        }
        (event,) = self._put_events(bus.account, bus.region, [entry], sent_by=delivery)
        if event.rejection is not None:
            event.looked_at = True  # it stands with the delivery
            code, message = event.rejection
            raise DeliveryFailureError("ERROR_FROM_TARGET", message, retryable=False, service_code=code)


def _service_of(arn: Arn) -> str:
    return service_name(arn.resource.removeprefix(_UNIVERSAL).partition(":")[0])


def _call_action(delivery: Delivery, arn: Arn) -> None:
    event, service = delivery.event, _service_of(arn)
    action = arn.resource.rpartition(":")[2]
    try:
        client = clients(service, event.region, event.account)
    except UnknownServiceError:
        message = f"boto3 knows no service {service!r} for the universal target {arn}"
        raise DeliveryFailureError("INVALID_PARAMETER", message, retryable=False) from None
    operations = {name.replace("_", ""): name for name in client.meta.method_to_api_mapping}
    method = operations.get(action.lower())
    if method is None:
        message = f"{service} has no action {action!r}, which the universal target {arn} names"
        raise DeliveryFailureError("INVALID_PARAMETER", message, retryable=False)
    request = json.loads(delivery.input) if delivery.target.get("Input") else {}
    getattr(client, method)(**_checked(request, delivery))


def _checked(request: Any, delivery: Delivery) -> dict[str, Any]:
    if not isinstance(request, dict):
        message = f"the input of a universal target is the request as a JSON object, got {delivery.input:.80}"
        raise DeliveryFailureError("INVALID_PARAMETER", message, retryable=False)
    return request
