import json

import boto3


def place_order(total):
    detail = json.dumps({"order": {"id": "o-1", "total": total}, "state": "paid"})
    entry = {"Source": "com.shop.order", "DetailType": "OrderPlaced", "Detail": detail}
    boto3.client("events").put_events(Entries=[entry])


def test_an_order_is_published(eventbridge):
    place_order(total="30")

    eventbridge.assert_event_published(
        source="com.shop.orders", detail_type="OrderPlaced", detail={"order": {"total": 30}}
    )
