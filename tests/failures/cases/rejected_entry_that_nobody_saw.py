import boto3


def place_order():
    boto3.client("events").put_events(
        Entries=[{"Source": "com.shop.orders", "DetailType": "OrderPlaced", "Detail": "['o-1']"}]
    )


def test_an_order_is_placed(eventbridge):
    place_order()
