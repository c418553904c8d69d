def test_a_fault_that_never_comes(eventbridge):
    eventbridge.faults.throttle_put_events(times=2)


def test_nothing_is_published(eventbridge):
    eventbridge.publish("com.shop.orders", "OrderPlaced", {"id": "o-1"})
    eventbridge.publish("com.shop.orders", "OrderPaid", {"id": "o-1"})

    assert eventbridge.events.matching(detail_type="OrderPaid") == []
