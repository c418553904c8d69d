def place_order():
    pass


def test_an_order_is_published(eventbridge):
    place_order()

    eventbridge.assert_event_published(source="com.shop.orders")
