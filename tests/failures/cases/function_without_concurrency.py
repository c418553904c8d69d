import boto3


def ship(event, context):
    return None


def stop(eventbridge):
    eventbridge.rule("ship", pattern={"source": ["com.shop.orders"]}, targets=[ship])
    boto3.client("lambda").put_function_concurrency(FunctionName="ship", ReservedConcurrentExecutions=0)


def test_an_order_is_shipped(eventbridge):
    stop(eventbridge)
    eventbridge.publish("com.shop.orders", "OrderPlaced", {"id": "o-1"})

    eventbridge.assert_function_invoked(ship)


def test_an_order_is_placed(eventbridge):
    stop(eventbridge)
    eventbridge.publish("com.shop.orders", "OrderPlaced", {"id": "o-2"})
