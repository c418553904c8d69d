def ship(event, context):
    return "shipped"


def test_paid_orders_are_shipped(eventbridge):
    eventbridge.function(ship)

    eventbridge.publish("com.shop.orders", "OrderPlaced", {"state": "paid"})

    eventbridge.assert_function_invoked(ship)


def test_a_function_is_named_by_its_name(eventbridge):
    eventbridge.function(ship)

    eventbridge.assert_function_not_invoked("shipp")
