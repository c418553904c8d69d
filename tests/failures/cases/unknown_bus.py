import boto3


def test_an_order_is_published(eventbridge):
    eventbridge.bus("orders")

    entry = {"Source": "com.shop.orders", "DetailType": "OrderPlaced", "Detail": "{}", "EventBusName": "order"}
    assert boto3.client("events").put_events(Entries=[entry])["FailedEntryCount"] == 0
