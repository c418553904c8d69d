import pytest

from pytest_eventbridge import Target

QUEUE, DEAD = (f"arn:aws:sqs:us-east-1:123456789012:{name}" for name in ("shipping", "dead"))


@pytest.mark.eventbridge(now="2026-03-01T00:00:00Z")
def test_an_order_reaches_shipping_in_the_end(eventbridge):
    for name in ("shipping", "dead"):
        eventbridge.client("sqs").create_queue(QueueName=name)
    target = Target(QUEUE, dead_letter_queue=DEAD, retry_policy=(2, 3600))
    eventbridge.rule("ship", pattern={"source": ["com.shop.orders"]}, targets=[target])
    eventbridge.faults.fail_delivery("shipping", "THROTTLING", times=3)

    eventbridge.publish("com.shop.orders", "OrderPlaced", {"id": "o-1"})
    eventbridge.clock.advance(minutes=5)

    eventbridge.assert_delivered("shipping")
