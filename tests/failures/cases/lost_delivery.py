QUEUE = "arn:aws:sqs:us-east-1:123456789012:shiping"


def test_orders_are_shipped(eventbridge):
    eventbridge.client("sqs").create_queue(QueueName="shipping")
    eventbridge.rule("ship", pattern={"source": ["com.shop.orders"]}, targets=[QUEUE])

    eventbridge.publish("com.shop.orders", "OrderPlaced", {"id": "o-1"})

    eventbridge.assert_delivered(QUEUE)
