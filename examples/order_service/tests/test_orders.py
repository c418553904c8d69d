"""An order on its way to its consumers."""

import json

import boto3
import pytest
from order_service.fraud import request_review
from order_service.inventory import reserve_stock
from order_service.mail import send_confirmation
from order_service.orders import place_order

BOOKS = [{"sku": "BOOK", "quantity": 3, "price": "15.50"}]


def test_an_order_is_published_for_its_consumers(eventbridge, shop):
    place_order("o-1", "ann@example.com", BOOKS)

    event = eventbridge.assert_event_published(
        source="com.ecommerce.orders",
        detail_type="OrderCreated",
        bus="orders",
        detail={"orderId": "o-1", "total": 46.5},
        times=1,
    )
    assert event.rules == ["confirmation-mail", "inventory", "shipping-notifications"]


def test_the_customer_gets_a_confirmation_mail(eventbridge, shop):
    place_order("o-1", "ann@example.com", BOOKS)

    eventbridge.assert_function_invoked(send_confirmation, times=1)
    assert boto3.client("ses").get_send_quota()["SentLast24Hours"] == 1


def test_the_mail_function_sees_only_order_and_address(eventbridge, shop):
    place_order("o-1", "ann@example.com", BOOKS)

    invocation = eventbridge.assert_function_invoked(send_confirmation)
    assert invocation.event == {"order": "o-1", "to": "ann@example.com"}
    assert "for order o-1" in invocation.output


def test_ordered_items_leave_the_stock(eventbridge, shop):
    place_order("o-1", "ann@example.com", [*BOOKS, {"sku": "LAMP", "quantity": 1, "price": "80"}])

    assert shop.available("BOOK") == 7
    assert shop.available("LAMP") == 0


def test_shipping_hears_of_the_whole_order(eventbridge, shop):
    place_order("o-1", "ann@example.com", BOOKS)

    eventbridge.assert_delivered("shipping-notifications-queue", times=1)
    (notification,) = shop.shipping_notifications()
    assert json.loads(notification)["detail"]["items"] == [{"sku": "BOOK", "quantity": 3}]


def test_a_large_order_is_reviewed(eventbridge, shop):
    place_order("o-2", "ben@example.com", [{"sku": "DESK", "quantity": 4, "price": "300"}])

    review = eventbridge.assert_event_published(
        detail_type="ReviewRequested", detail={"orderId": "o-2", "total": 1200.0}
    )
    assert review.caused_by.function == "request_review"


@pytest.mark.parametrize("price", ["12.00", "333.33"])
def test_a_small_order_is_not_reviewed(eventbridge, shop, price):
    place_order("o-3", "ann@example.com", [{"sku": "BOOK", "quantity": 3, "price": price}])

    eventbridge.assert_rule_not_matched("fraud-check")
    eventbridge.assert_function_not_invoked(request_review)


def test_a_lost_shipping_queue_loses_no_notification(eventbridge, shop):
    shop.sqs.delete_queue(QueueUrl=shop.shipping_queue_url)

    place_order("o-1", "ann@example.com", BOOKS)

    letter = eventbridge.assert_dead_lettered(rule="shipping-notifications", error_code="NO_RESOURCE")
    assert json.loads(letter.body)["detail"]["orderId"] == "o-1"
    eventbridge.assert_function_invoked(send_confirmation, times=1)


def test_an_order_beyond_the_stock_still_reaches_the_others(eventbridge, shop):
    place_order("o-4", "ann@example.com", [{"sku": "LAMP", "quantity": 2, "price": "80"}])

    failed = eventbridge.assert_function_invoked(reserve_stock, times=1)
    assert "ConditionalCheckFailed" in str(failed.error)
    eventbridge.assert_function_invoked(send_confirmation, times=1)
    assert "attempt 2 of function 'reserve_stock'" in eventbridge.pending[0].label
