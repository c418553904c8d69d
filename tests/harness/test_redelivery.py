"""What a function does when AWS delivers twice, or in another order."""

import boto3
import pytest

from pytest_eventbridge import InvalidInputError

EVENT = {"id": "e-1", "detail": {"sku": "BOOK", "stock": 3, "version": 1}}


@pytest.fixture
def table(eventbridge):
    return boto3.resource("dynamodb").create_table(
        TableName="t",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def test_a_function_that_writes_a_value_is_idempotent(eventbridge, table):
    def write(event, context):
        table.put_item(Item={"pk": event["detail"]["sku"], "stock": event["detail"]["stock"]})

    state = eventbridge.assert_idempotent(write, EVENT, watching=lambda: table.scan()["Items"])

    assert state == [{"pk": "BOOK", "stock": 3}]


def test_a_function_that_adds_is_not(eventbridge):
    counts = {"total": 0}

    def count(event, context):
        counts["total"] += 1

    with pytest.raises(AssertionError) as failed:
        eventbridge.assert_idempotent(count, EVENT, watching=lambda: counts)

    assert str(failed.value) == (
        "function 'count' is not idempotent: a second delivery changed what is watched\n"
        "  once      {'total': 1}\n"
        "  twice     {'total': 2}\n"
        "  differs   watched.total: 1 became 2\n"
        "  hint      AWS delivers at least once: remember the event's id, or write a value instead of adding to one"
    )


def test_a_published_event_is_given_as_it_was_delivered(eventbridge):
    seen = []

    def handler(event, context):
        seen.append(event["id"])

    published = eventbridge.publish("shop", "Paid")
    eventbridge.assert_idempotent(handler, published, watching=lambda: None)

    assert seen == [published.id] * 2


def test_what_the_function_raises_is_raised(eventbridge):
    def fail(event, context):
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        eventbridge.assert_idempotent(fail, EVENT, watching=lambda: None)


def versions(*numbers):
    return [{"detail": {"sku": "BOOK", "version": number}} for number in numbers]


def test_a_function_that_keeps_the_newest_does_not_depend_on_the_order(eventbridge, table):
    def keep_newest(event, context):
        version = event["detail"]["version"]
        known = table.get_item(Key={"pk": "BOOK"}).get("Item", {"version": 0})
        if version > known["version"]:
            table.put_item(Item={"pk": "BOOK", "version": version})

    state = eventbridge.assert_order_independent(keep_newest, versions(1, 2, 3), watching=lambda: table.scan()["Items"])

    assert state == [{"pk": "BOOK", "version": 3}]


def test_every_order_begins_from_the_same_state_also_of_variables(eventbridge):
    counts = {"total": 0}

    def count(event, context):
        counts["total"] += event["detail"]["version"]

    assert eventbridge.assert_order_independent(count, versions(1, 2, 3), watching=lambda: counts) == {"total": 6}
    assert len(eventbridge.invocations) == 3, "the other orders left nothing behind"


def test_a_function_that_keeps_the_last_one_depends_on_the_order(eventbridge):
    kept = {}

    def keep_last(event, context):
        kept["version"] = event["detail"]["version"]

    with pytest.raises(AssertionError) as failed:
        eventbridge.assert_order_independent(keep_last, versions(1, 2), watching=lambda: kept)

    assert str(failed.value) == (
        "function 'keep_last' depends on the order of its events, and AWS promises none\n"
        "  order     0, 1: {'version': 2}\n"
        "  order     1, 0: {'version': 1}\n"
        "  differs   watched.version: 2 became 1\n"
        "  hint      compare a version or a time that the event carries before writing, or make the writes commute\n"
        "  seed      0"
    )


@pytest.mark.eventbridge(allow=["handler-errors"])
def test_an_order_in_which_it_raises_is_told(eventbridge):
    known = set()

    def needs_the_first(event, context):
        version = event["detail"]["version"]
        if version > 1 and version - 1 not in known:
            raise LookupError(f"no version {version - 1}")
        known.add(version)

    with pytest.raises(AssertionError) as failed:
        eventbridge.assert_order_independent(needs_the_first, versions(1, 2), watching=lambda: sorted(known))

    assert "  order     0, 1: [1, 2]\n  order     1, 0: raised LookupError: no version 1\n" in str(failed.value)


def test_many_events_are_tried_in_some_orders(eventbridge):
    counts = {"total": 0}

    def count(event, context):
        counts["total"] += event["detail"]["version"]

    assert eventbridge.assert_order_independent(count, versions(*range(8)), watching=lambda: counts) == {"total": 28}


def test_an_order_takes_two_events(eventbridge):
    with pytest.raises(InvalidInputError, match="an order takes two events or more, got 1"):
        eventbridge.assert_order_independent(lambda event, context: None, versions(1), watching=lambda: None)


def test_an_event_is_a_mapping(eventbridge):
    with pytest.raises(InvalidInputError, match="an event is a published one or a mapping, got str 'x'"):
        eventbridge.assert_idempotent(lambda event, context: None, "x", watching=lambda: None)
