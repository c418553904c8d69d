"""Firehose delivery streams as targets.

Adapter layer. Each input is a record of its own, with nothing between records.

Source: "Amazon EventBridge event bus targets" in the user guide; recorded S3 objects.
"""

from __future__ import annotations

from pytest_eventbridge.arns import Arn
from pytest_eventbridge.aws.session import clients
from pytest_eventbridge.recording.records import Delivery

__all__ = ["put_into_delivery_stream"]


def put_into_delivery_stream(delivery: Delivery, stream: Arn) -> None:
    """Put a delivery's input into a delivery stream, as one record.

    Raises:
        botocore.exceptions.ClientError: Firehose refuses it.
    """
    clients("firehose", stream.region, stream.account).put_record(
        DeliveryStreamName=stream.resource.removeprefix("deliverystream/"), Record={"Data": delivery.input.encode()}
    )
