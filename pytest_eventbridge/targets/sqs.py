"""SQS queues as targets, and as dead-letter queues.

Adapter layer. Source: "Amazon EventBridge event bus targets" in the user guide; SqsParameters in the API reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_eventbridge.arns import Arn
from pytest_eventbridge.aws.session import clients

__all__ = ["send_message"]


def send_message(
    queue: Arn, body: str, *, group: str | None = None, attributes: Mapping[str, str] | None = None
) -> None:
    """Send a message to a queue.

    Args:
        queue: The queue's ARN.
        body: The message's body.
        group: The message group, for a FIFO queue; EventBridge sends no deduplication id, so such a queue must
            deduplicate by content.
        attributes: Message attributes, all strings; only dead letters have them.

    Raises:
        botocore.exceptions.ClientError: SQS refuses the message.
    """
    request: dict[str, Any] = {
        "QueueUrl": f"https://sqs.{queue.region}.amazonaws.com/{queue.account}/{queue.resource}",
        "MessageBody": body,
    }
    if group is not None:
        request["MessageGroupId"] = group
    if attributes is not None:
        request["MessageAttributes"] = {
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
        }
    clients("sqs", queue.region, queue.account).send_message(**request)
