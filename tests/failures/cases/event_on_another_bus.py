def test_an_order_goes_to_the_orders_bus(eventbridge):
    eventbridge.bus("orders")

    eventbridge.publish("com.shop.orders", "OrderPlaced", {"id": "o-1"})

    eventbridge.assert_event_published(source="com.shop.orders", bus="orders")
