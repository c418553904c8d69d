def ship(event, context):
    return "shipped"


def test_the_function_gets_the_order_s_id_as_a_number(eventbridge):
    eventbridge.rule("ship", pattern={"source": ["com.shop.orders"]}, targets=[ship])

    eventbridge.publish("com.shop.orders", "OrderPlaced", {"id": "7"})

    eventbridge.assert_function_invoked(ship, event={"detail": {"id": 7}})
