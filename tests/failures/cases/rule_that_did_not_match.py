def test_paid_orders_are_shipped(eventbridge):
    pattern = {"source": ["com.shop.orders"], "detail": {"state": ["paid"], "total": [{"numeric": [">", 10]}]}}
    eventbridge.rule("ship", pattern=pattern)

    eventbridge.publish("com.shop.orders", "OrderPlaced", {"state": "draft", "total": 5})

    eventbridge.assert_rule_matched("ship")
