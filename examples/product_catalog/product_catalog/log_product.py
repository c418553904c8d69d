"""Logging the products that were added, in DynamoDB."""

import os
from typing import Any

import boto3

dynamodb = boto3.resource("dynamodb")


def log_product(event: dict[str, Any], context: Any) -> None:
    """Keep a row for an event; a second delivery of it writes the same row."""
    table = dynamodb.Table(os.environ["PRODUCT_LOG_TABLE"])
    table.put_item(Item={"eventId": event["id"], "addedAt": event["time"], **event["detail"]})
