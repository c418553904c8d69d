def test_an_order_is_paid_before_it_is_shipped(eventbridge):
    eventbridge.publish("com.shop.orders", "OrderShipped")
    eventbridge.publish("com.shop.orders", "OrderPaid")

    eventbridge.assert_events_published_in_order([{"detail_type": "OrderPaid"}, {"detail_type": "OrderShipped"}])
