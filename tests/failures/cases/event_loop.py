def echo(event, context):
    event_bridge.publish("com.shop.echo", "Echo")


def test_an_echo_ends(eventbridge):
    global event_bridge
    event_bridge = eventbridge
    eventbridge.rule("echo", pattern={"source": ["com.shop.echo"]}, targets=[echo])

    eventbridge.publish("com.shop.echo", "Echo")
