def cancel(eventbridge):
    eventbridge.publish("com.shop.orders", "OrderShipped", {"id": "o-1"})


def test_a_cancelled_order_is_not_shipped(eventbridge):
    cancel(eventbridge)

    eventbridge.assert_event_not_published(detail_type="OrderShipped")
