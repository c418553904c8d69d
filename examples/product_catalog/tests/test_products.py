"""Adding a product, and what happens when a half of it fails."""

from decimal import Decimal

import pytest
from product_catalog.add_product import add_product
from product_catalog.log_product import log_product
from product_catalog.publishing import NotPublishedError, publish_with_retries
from sqlalchemy.exc import IntegrityError

LAMP = ("LAMP-1", "Desk lamp", Decimal("39.90"))


def test_a_product_is_stored_and_then_published(eventbridge, catalog):
    product_id, event_id = add_product(*LAMP)

    event = eventbridge.assert_event_published(source="log.addProduct", detail_type="add-product", times=1)
    assert event.id == event_id
    assert event.detail == {"productId": product_id, "sku": "LAMP-1", "name": "Desk lamp", "price": "39.90"}
    assert catalog.products() == ["LAMP-1"]


def test_the_log_gets_a_row_for_it(eventbridge, catalog):
    product_id, event_id = add_product(*LAMP)

    (row,) = catalog.log()
    assert (row["eventId"], row["productId"], row["sku"]) == (event_id, product_id, "LAMP-1")


def test_nothing_is_published_when_the_insert_fails(eventbridge, catalog):
    add_product(*LAMP)

    with pytest.raises(IntegrityError):
        add_product(*LAMP)

    eventbridge.assert_event_published(source="log.addProduct", times=1)
    assert catalog.products() == ["LAMP-1"]


def test_without_an_outbox_a_rejected_entry_leaves_a_product_without_its_event(eventbridge, catalog):
    eventbridge.faults.fail_entries("InternalFailure")

    with pytest.raises(NotPublishedError, match="InternalFailure"):
        add_product(*LAMP)

    eventbridge.assert_entry_rejected("InternalFailure")
    assert catalog.products() == ["LAMP-1"], "the insert stays"
    assert catalog.log() == []


def test_with_retries_a_rejected_entry_is_put_again(eventbridge, catalog):
    eventbridge.faults.fail_entries("InternalFailure", times=2)

    _, event_id = add_product(*LAMP, publish=publish_with_retries)

    assert [event.accepted for event in eventbridge.events] == [False, False, True]
    assert [row["eventId"] for row in catalog.log()] == [event_id]


def test_retries_end_when_it_stays_bad(eventbridge, catalog):
    eventbridge.faults.fail_entries("InternalFailure", times=3)

    with pytest.raises(NotPublishedError):
        add_product(*LAMP, publish=publish_with_retries)

    assert len(eventbridge.events.rejected) == 3


def test_a_throttled_request_is_tried_again_by_boto3_itself(eventbridge, catalog):
    eventbridge.faults.throttle_put_events()

    add_product(*LAMP)

    eventbridge.assert_event_published(source="log.addProduct", times=1)


def test_a_second_delivery_leaves_one_row(eventbridge, catalog):
    eventbridge.faults.duplicate_deliveries()

    add_product(*LAMP)

    eventbridge.assert_function_invoked(log_product, times=2)
    assert len(catalog.log()) == 1


def test_the_log_is_idempotent_and_takes_events_in_any_order(eventbridge, catalog):
    for sku in ("A", "B", "C"):
        add_product(sku, "Thing", Decimal(1))
    added = list(eventbridge.events)

    eventbridge.assert_idempotent(log_product, added[0], watching=catalog.log)
    eventbridge.assert_order_independent(
        log_product, added, watching=lambda: sorted(row["sku"] for row in catalog.log())
    )
