"""Reviews of large orders."""

import json
import os
from typing import Any

import boto3

events = boto3.client("events")


def request_review(event: dict[str, Any], context: Any) -> None:
    """Ask for a person's look at an order."""
    review = {"orderId": event["detail"]["orderId"], "total": event["detail"]["total"]}
    answer = events.put_events(
        Entries=[
            {
                "Source": "com.ecommerce.fraud",
                "DetailType": "ReviewRequested",
                "Detail": json.dumps(review),
                "EventBusName": os.environ["ORDERS_EVENT_BUS"],
            }
        ]
    )
    if answer["FailedEntryCount"]:
        raise RuntimeError(answer["Entries"][0]["ErrorCode"])
