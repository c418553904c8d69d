"""SQS queues as targets, and as dead-letter queues.

Adapter layer. Source: "Amazon EventBridge event bus targets" and "Using dead-letter queues" in the user guide;
SqsParameters in the API reference.
"""

from __future__ import annotations

from collections.abc import Mapping

from pytest_eventbridge.arns import Arn, queue_url
from pytest_eventbridge.aws.moto_seam import queues
from pytest_eventbridge.aws.session import clients
from pytest_eventbridge.recording.records import Delivery

__all__ = ["send_dead_letter", "send_to_queue"]


def send_to_queue(delivery: Delivery, queue: Arn) -> None:
    """Send a delivery's input to a queue.

    EventBridge gives a message group for a FIFO queue, but no deduplication id: the queue must deduplicate by content.

    Raises:
        AwsError: SQS refuses the message.
    """
    group = (delivery.target.get("SqsParameters") or {}).get("MessageGroupId")
    queues.send_message(
        queue.account,
        queue.region,
        queue.resource,
        delivery.input,
        group=group,
        trace_header=delivery.event.trace_header,
    )


def send_dead_letter(delivery: Delivery, queue: Arn, attributes: Mapping[str, str]) -> None:
    """Send a delivery's input to a dead-letter queue.

    Args:
        delivery: What was given up.
        queue: The dead-letter queue.
        attributes: The message's attributes; all are strings.

    Raises:
        botocore.exceptions.ClientError: SQS refuses the message.
    """
    trace_header = delivery.event.trace_header
    header = {"AWSTraceHeader": {"DataType": "String", "StringValue": trace_header}}
    traced = {} if trace_header is None else {"MessageSystemAttributes": header}
    clients("sqs", queue.region, queue.account).send_message(
        QueueUrl=queue_url(queue),
        MessageBody=delivery.input,
        MessageAttributes={name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()},
        **traced,
    )
