"""CloudWatch log groups as targets.

Adapter layer. The event is one log event, at the event's own time, in a stream with a generated name. An input
transformer may give both: ``{"timestamp":<timestamp>,"message":<message>}``.

Source: "Amazon EventBridge event bus targets" in the user guide; recorded log events.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytest_eventbridge.arns import Arn
from pytest_eventbridge.aws.session import clients
from pytest_eventbridge.delivery.ports import DeliveryFailureError
from pytest_eventbridge.instants import epoch_milliseconds, from_epoch, instant, iso_seconds
from pytest_eventbridge.json_text import compact
from pytest_eventbridge.recording.records import Delivery

__all__ = ["put_log_event"]


def put_log_event(delivery: Delivery, group: Arn, new_id: Callable[[], str]) -> None:
    """Put a delivery's input into a log group.

    Raises:
        botocore.exceptions.ClientError: CloudWatch Logs refuses it.
        DeliveryFailureError: CloudWatch Logs drops it for its time.
    """
    logs = clients("logs", group.region, group.account)
    name = group.resource.removeprefix("log-group:").removesuffix(":*")
    stream = new_id()
    timestamp, message = _log_event(delivery)
    logs.create_log_stream(logGroupName=name, logStreamName=stream)
    answer = logs.put_log_events(
        logGroupName=name, logStreamName=stream, logEvents=[{"timestamp": timestamp, "message": message}]
    )
    if answer.get("rejectedLogEventsInfo"):
        at = iso_seconds(from_epoch(timestamp / 1000))
        text = f"The log event of {at} is more than 14 days old, or more than 2 hours ahead: CloudWatch Logs drops it."
        raise DeliveryFailureError("INVALID_PARAMETER", text, retryable=False)


def _log_event(delivery: Delivery) -> tuple[int, str]:
    payload: Any = delivery.payload
    if "InputTransformer" not in delivery.target or not isinstance(payload, dict):
        return epoch_milliseconds(delivery.event.time), delivery.input
    timestamp, message = payload["timestamp"], payload["message"]
    at = timestamp if isinstance(timestamp, int) else epoch_milliseconds(instant(timestamp))
    return at, message if isinstance(message, str) else compact(message)
