import boto3


def test_an_order_is_published(eventbridge):
    boto3.client("events").put_events(
        Entries=[{"Source": "com.shop.orders", "DetailType": "OrderPlaced", "Detail": "['o-1']"}]
    )

    eventbridge.assert_event_published(source="com.shop.orders")
