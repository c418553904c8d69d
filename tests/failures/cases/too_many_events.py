def test_an_order_is_published_once(eventbridge):
    for attempt in range(3):
        eventbridge.publish("com.shop.orders", "OrderPlaced", {"attempt": attempt})

    eventbridge.assert_event_published(source="com.shop.orders", times=1)
