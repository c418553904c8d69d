"""The mistakes that people make with PutEvents, and how they show."""

import json

import boto3
import pytest
from botocore.exceptions import ParamValidationError
from order_service.orders import OrderNotPublishedError, place_order

GOOD_ENTRY = {
    "Source": "com.ecommerce.orders",
    "DetailType": "OrderCreated",
    "Detail": json.dumps({"orderId": "o-1", "customer": {"email": "ann@example.com"}, "items": [], "total": 0}),
    "EventBusName": "orders",
}


def test_entry_members_in_lower_case_never_leave_boto3(eventbridge, shop):
    entry = {"source": "com.ecommerce.orders", "detail-type": "OrderCreated", "detail": "{}"}

    with pytest.raises(ParamValidationError, match='Unknown parameter in Entries\\[0\\]: "source", must be one of'):
        boto3.client("events").put_events(Entries=[entry])

    eventbridge.assert_nothing_published()


def test_a_detail_that_is_no_text_never_leaves_boto3(eventbridge, shop):
    with pytest.raises(ParamValidationError, match="Invalid type for parameter Entries\\[0\\].Detail"):
        boto3.client("events").put_events(Entries=[{**GOOD_ENTRY, "Detail": {"orderId": "o-1"}}])

    eventbridge.assert_nothing_published()


def test_a_failed_entry_is_no_exception(eventbridge, shop):
    answer = boto3.client("events").put_events(Entries=[{**GOOD_ENTRY, "DetailType": ""}, GOOD_ENTRY])

    assert answer["FailedEntryCount"] == 1
    rejected = eventbridge.assert_entry_rejected("InvalidArgument")
    assert rejected.error_message == "Parameter DetailType is not valid. Reason: DetailType is a required argument."
    eventbridge.assert_event_published(detail_type="OrderCreated", times=1)


def test_a_number_that_is_none_is_not_json_to_aws(eventbridge, shop):
    with pytest.raises(OrderNotPublishedError, match=r"MalformedDetail: Detail is malformed\."):
        place_order("o-1", "ann@example.com", [{"sku": "BOOK", "quantity": 1, "price": "NaN"}])

    rejected = eventbridge.assert_entry_rejected("MalformedDetail")
    assert '"total": NaN' in rejected.entry["Detail"]


@pytest.mark.eventbridge(allow=["unknown-buses"])
def test_an_event_for_a_misspelt_bus_is_accepted_and_lost(eventbridge, shop, monkeypatch):
    monkeypatch.setenv("ORDERS_EVENT_BUS", "order")

    place_order("o-1", "ann@example.com", [])

    event = eventbridge.assert_event_published(bus="order")
    assert not event.known_bus
    assert eventbridge.deliveries == []
