"""SNS topics as targets.

Adapter layer. The input is the message; there is no subject and there are no message attributes, so attribute filters
of subscriptions never match.

Source: "Amazon EventBridge event bus targets" in the user guide; recorded notifications.
"""

from __future__ import annotations

from pytest_eventbridge.arns import Arn
from pytest_eventbridge.aws.session import clients
from pytest_eventbridge.recording.records import Delivery

__all__ = ["publish_to_topic"]


def publish_to_topic(delivery: Delivery, topic: Arn) -> None:
    """Publish a delivery's input to a topic.

    Raises:
        botocore.exceptions.ClientError: SNS refuses it.
    """
    clients("sns", topic.region, topic.account).publish(TopicArn=str(topic), Message=delivery.input)
