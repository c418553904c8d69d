"""Placing orders."""

import json
import os
from collections.abc import Sequence
from decimal import Decimal
from typing import TypedDict

import boto3

events = boto3.client("events")


class Item(TypedDict):
    sku: str
    quantity: int
    price: str


class OrderNotPublishedError(Exception):
    """The order could not be handed to its consumers."""


def place_order(order_id: str, email: str, items: Sequence[Item]) -> None:
    """Publish an order; mail, stock, shipping and fraud checks follow from it."""
    total = sum(Decimal(item["price"]) * item["quantity"] for item in items)
    detail = {
        "orderId": order_id,
        "customer": {"email": email},
        "items": [{"sku": item["sku"], "quantity": item["quantity"]} for item in items],
        "total": float(total),
    }
    answer = events.put_events(
        Entries=[
            {
                "Source": "com.ecommerce.orders",
                "DetailType": "OrderCreated",
                "Detail": json.dumps(detail),
                "EventBusName": os.environ["ORDERS_EVENT_BUS"],
            }
        ]
    )
    if answer["FailedEntryCount"]:
        failed = answer["Entries"][0]
        raise OrderNotPublishedError(f"{failed['ErrorCode']}: {failed['ErrorMessage']}")
