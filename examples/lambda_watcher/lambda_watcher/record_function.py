"""Keeping what CloudTrail reports of a new function."""

import json
import os
from typing import Any

import boto3

dynamodb = boto3.resource("dynamodb")


def record_function(event: dict[str, Any], context: Any) -> None:
    """Write a row for a function that was created."""
    call = event["detail"]
    request = call["requestParameters"]
    dynamodb.Table(os.environ["TABLE_NAME"]).put_item(
        Item={
            "id": event["id"],
            "time": event["time"],
            "eventSource": call["eventSource"],
            "eventName": call["eventName"],
            "functionName": request["functionName"],
            "runtime": request["runtime"],
            "event": json.dumps(event),
        }
    )
