"""Stock, in DynamoDB."""

import os
from typing import Any

import boto3

dynamodb = boto3.resource("dynamodb")


def reserve_stock(event: dict[str, Any], context: Any) -> None:
    """Count the stock of every ordered item down; an item that is short fails the whole invocation."""
    table = dynamodb.Table(os.environ["STOCK_TABLE"])
    for item in event["detail"]["items"]:
        table.update_item(
            Key={"sku": item["sku"]},
            UpdateExpression="SET available = available - :quantity",
            ConditionExpression="available >= :quantity",
            ExpressionAttributeValues={":quantity": item["quantity"]},
        )
