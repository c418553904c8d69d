"""S3's own events: what happens to the objects of a bucket that has EventBridge switched on.

Adapter layer. moto's S3 says what happened; the event goes the way of every event, on the default event bus of the
bucket's account and Region.

Source: "Using EventBridge" in the S3 user guide.
"""

from __future__ import annotations

from itertools import count

from pytest_eventbridge.delivery.engine import DeliveryEngine
from pytest_eventbridge.delivery.identifiers import Identifiers
from pytest_eventbridge.events.object_events import ObjectChange, object_event_detail, object_event_detail_type
from pytest_eventbridge.json_text import compact

__all__ = ["BucketEvents"]

_THIS_MACHINE = "127.0.0.1"


class BucketEvents:
    """Puts events about objects on their event bus."""

    def __init__(self, engine: DeliveryEngine, identifiers: Identifiers) -> None:
        """Take what it works with.

        Args:
            engine: Takes the events.
            identifiers: Of requests.
        """
        self._engine = engine
        self._identifiers = identifiers
        self._changes = count(1)

    def put(self, account: str, region: str, bucket_arn: str, change: ObjectChange) -> None:
        """Put an event about a change.

        Args:
            account: The bucket's.
            region: The bucket's.
            bucket_arn: The bucket's ARN.
            change: What happened.
        """
        detail = object_event_detail(
            change,
            request_id=self._identifiers.next().replace("-", "")[:16].upper(),
            sequencer=f"{next(self._changes):018X}",
            source_ip=_THIS_MACHINE,
        )
        entry = {
            "Source": "aws.s3",
            "DetailType": object_event_detail_type(change),
            "Detail": compact(detail),
            "Resources": [bucket_arn],
        }
        self._engine.put_events(account, region, [entry], by_service=True)
