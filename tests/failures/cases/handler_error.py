import json

import pytest


def parse(text):
    return json.loads(text)["total"]


def charge(event, context):
    return parse(event["detail"]["body"])


@pytest.mark.eventbridge(now="2026-03-01T00:00:00Z")
def test_an_order_is_charged(eventbridge):
    eventbridge.rule("charge", pattern={"source": ["com.shop.orders"]}, targets=[charge])

    eventbridge.publish("com.shop.orders", "OrderPlaced", {"body": '{"sum": 3}'})
