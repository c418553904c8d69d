"""Kinesis data streams as targets.

Adapter layer. The partition key is the value at ``PartitionKeyPath`` of the original event, written as JSON (a string
keeps its quotes); without that parameter it is the event's id and another one. A schedule of EventBridge Scheduler
names the key itself.

Source: KinesisParameters in the EventBridge API reference; recorded records.
"""

from __future__ import annotations

from collections.abc import Callable

from pytest_eventbridge.arns import Arn
from pytest_eventbridge.aws.session import clients
from pytest_eventbridge.events.event_paths import MISSING, parse_event_path
from pytest_eventbridge.json_text import compact
from pytest_eventbridge.recording.records import Delivery

__all__ = ["put_into_stream"]


def put_into_stream(delivery: Delivery, stream: Arn, new_id: Callable[[], str]) -> None:
    """Put a delivery's input into a stream, as one record.

    Raises:
        botocore.exceptions.ClientError: Kinesis refuses it.
    """
    clients("kinesis", stream.region, stream.account).put_record(
        StreamName=stream.resource.removeprefix("stream/"),
        Data=delivery.input.encode(),
        PartitionKey=_partition_key(delivery, new_id),
    )


def _partition_key(delivery: Delivery, new_id: Callable[[], str]) -> str:
    parameters = delivery.target.get("KinesisParameters") or {}
    if "PartitionKey" in parameters:
        return str(parameters["PartitionKey"])
    path = parameters.get("PartitionKeyPath")
    if path is None:
        return f"{delivery.event.id}_{new_id()}"
    value = parse_event_path(path).find(delivery.event.envelope)
    return "{}" if value is MISSING or value is None else compact(value)
