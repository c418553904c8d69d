def ship(event, context):
    return "shipped"


def test_paid_orders_are_shipped(eventbridge):
    rule = eventbridge.rule("ship", pattern={"detail": {"state": ["paid"]}}, targets=[ship])
    rule.disable()

    eventbridge.publish("com.shop.orders", "OrderPlaced", {"state": "paid"})

    eventbridge.assert_function_invoked(ship)
