def reserve(event, context):
    event_bridge.publish("com.shop.stock", "Reserved", event["detail"])
    return {"reserved": 1}


def notify(event, context):
    event_bridge.publish("com.shop.mail", "Sent", {"to": "ann@example.com"})


def test_a_chain_ends_with_a_bill(eventbridge):
    global event_bridge
    event_bridge = eventbridge
    eventbridge.rule("reserve", pattern={"source": ["com.shop.orders"]}, targets=[reserve])
    eventbridge.rule("notify", pattern={"source": ["com.shop.stock"]}, targets=[notify])

    eventbridge.publish("com.shop.orders", "OrderPlaced", {"id": "o-1"})

    eventbridge.assert_event_published(source="com.shop.mail", detail={"to": "bob@example.com"})
