"""The order service's AWS: what its template would deploy."""

from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from order_service.fraud import request_review
from order_service.inventory import reserve_stock
from order_service.mail import send_confirmation

from pytest_eventbridge import EventBridge, Target

BUS = "orders"


@dataclass
class Shop:
    """The deployed service, as far as a test looks into it."""

    stock: Any
    shipping_queue_url: str
    sqs: Any

    def available(self, sku: str) -> int:
        return int(self.stock.get_item(Key={"sku": sku})["Item"]["available"])

    def shipping_notifications(self) -> list[str]:
        received = self.sqs.receive_message(QueueUrl=self.shipping_queue_url, MaxNumberOfMessages=10)
        return [message["Body"] for message in received.get("Messages", [])]


@pytest.fixture
def shop(eventbridge: EventBridge, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setenv("ORDERS_EVENT_BUS", BUS)
    monkeypatch.setenv("STOCK_TABLE", "stock")
    monkeypatch.setenv("MAIL_SENDER", "shop@example.com")

    boto3.client("ses").verify_email_identity(EmailAddress="shop@example.com")
    sqs = boto3.client("sqs")
    shipping_queue_url = sqs.create_queue(QueueName="shipping-notifications-queue")["QueueUrl"]
    sqs.create_queue(QueueName="undelivered-shipping-notifications")
    stock = boto3.resource("dynamodb").create_table(
        TableName="stock",
        KeySchema=[{"AttributeName": "sku", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "sku", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    for sku, available in (("BOOK", 10), ("LAMP", 1), ("DESK", 5)):
        stock.put_item(Item={"sku": sku, "available": available})

    eventbridge.bus(BUS)
    created = {"source": ["com.ecommerce.orders"], "detail-type": ["OrderCreated"]}
    eventbridge.rule(
        "confirmation-mail",
        bus=BUS,
        pattern=created,
        targets=[
            Target(
                send_confirmation,
                input_transformer=(
                    {"order": "$.detail.orderId", "address": "$.detail.customer.email"},
                    '{"order":<order>,"to":<address>}',
                ),
            )
        ],
    )
    eventbridge.rule("inventory", bus=BUS, pattern=created, targets=[reserve_stock])
    eventbridge.rule(
        "shipping-notifications",
        bus=BUS,
        pattern=created,
        targets=[
            Target(
                "arn:aws:sqs:us-east-1:123456789012:shipping-notifications-queue",
                dead_letter_queue="arn:aws:sqs:us-east-1:123456789012:undelivered-shipping-notifications",
            )
        ],
    )
    eventbridge.rule(
        "fraud-check",
        bus=BUS,
        pattern={**created, "detail": {"total": [{"numeric": [">", 1000]}]}},
        targets=[request_review],
    )
    return Shop(stock, shipping_queue_url, sqs)
