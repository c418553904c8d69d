"""What is recorded: events, who caused them, where they were published, and the views over them."""

import boto3
import pytest

from pytest_eventbridge import InvalidInputError, NotFoundError

SHOP = {"source": ["shop"]}


def here():
    import sys

    return sys._getframe(1).f_lineno


def test_an_event_names_the_line_of_application_code_that_published_it(eventbridge, events, entry):
    events.put_events(Entries=[entry()]); line = here()  # fmt: skip  # noqa: E702  # one line, to know its number

    published_from = eventbridge.events.one().published_from
    assert (published_from.file.endswith("test_recording.py"), published_from.line) == (True, line)


def test_an_event_of_a_handler_names_its_invocation(eventbridge):
    client = boto3.client("events")

    def ship(event, context):
        client.put_events(Entries=[{"Source": "warehouse", "DetailType": "Shipped", "Detail": "{}"}])

    eventbridge.rule("r", pattern=SHOP, targets=[ship])
    paid = eventbridge.publish("shop", "Paid")

    shipped = eventbridge.assert_event_published(source="warehouse")
    assert shipped.caused_by is eventbridge.invocations.one()
    assert shipped.caused_by.cause is paid
    assert (paid.caused_by, paid.hops, shipped.hops) == (None, 0, 1)
    assert shipped.origin == f"at {shipped.published_from}, while function 'ship' ran for event 0"


def test_an_event_leads_to_its_rules_deliveries_and_invocations(eventbridge):
    def handler(event, context):
        return 7

    eventbridge.rule("r", pattern=SHOP, targets=[handler])
    event = eventbridge.publish("shop", "Paid")

    assert event.rules == ["r"]
    assert event.deliveries[0].invocation.result == 7
    assert event.deliveries[0].payload == event.envelope


def test_rejected_unmatched_and_dropped_events_are_kept(eventbridge, events, entry):
    events.put_events(Entries=[entry(), entry(Detail="[]")])

    assert len(eventbridge.events) == 2
    assert [event.number for event in eventbridge.events.unmatched] == [0]
    (rejected,) = eventbridge.events.rejected
    assert (rejected.accepted, rejected.error_code, rejected.error_message) == (
        False,
        "MalformedDetail",
        "Detail is malformed.",
    )
    assert (rejected.id, rejected.envelope, rejected.detail) == ("", None, "[]")


def test_views_filter_by_the_parts_of_events(eventbridge):
    eventbridge.publish("shop", "Paid", {"order": {"id": 1, "tags": ["a", "b"]}}, resources=["arn:x"])
    eventbridge.publish("shop", "Sent", {"order": {"id": 2}})

    events = eventbridge.events
    assert len(events.matching(source="shop")) == 2
    assert events.matching(detail_type="Paid").one().number == 0
    assert events.matching(detail={"order": {"id": 2}}).one().number == 1
    assert events.matching(detail={"order": {"id": 2}}, exact=True).one().number == 1
    assert events.matching(detail={"order": {"id": 1}}, exact=True) == []
    assert events.matching(detail={"order": {"tags": ["a"]}}) == []
    assert events.matching(resources=["arn:x"]).one().number == 0
    assert events.matching(bus="default", region="us-east-1", account="123456789012") == list(events)
    assert events.matching(pattern={"detail": {"order": {"tags": ["b"]}}}).one().number == 0


def test_anything_with_an_equality_of_its_own_can_be_wanted(eventbridge):
    from unittest.mock import ANY

    eventbridge.publish("shop", "Paid", {"total": 0.1 + 0.2, "lines": [{"id": "x", "n": 1}], "flag": True})

    assert eventbridge.events.matching(detail={"total": pytest.approx(0.3), "lines": [{"id": ANY, "n": 1}]})
    assert eventbridge.events.matching(detail={"flag": ANY})
    assert not eventbridge.events.matching(detail={"flag": 1})


def test_views_are_sequences_that_print_like_tables(eventbridge):
    for number in range(14):
        eventbridge.publish("shop", "Paid", {"n": number})
    events = eventbridge.events

    assert (events.first.detail, events.last.detail, events[1].detail) == ({"n": 0}, {"n": 13}, {"n": 1})
    assert [event.number for event in events[2:4]] == [2, 3]
    assert repr(events.matching(detail={"n": 3})) == ("1 events:\n  <event 3 'shop' 'Paid' {\"n\":3} on 'default'>")
    assert repr(events).splitlines()[-1] == "  and 2 more"
    assert repr(eventbridge.deliveries) == "no deliveries"


def test_asking_an_empty_view_for_a_record_says_so(eventbridge):
    with pytest.raises(NotFoundError, match="there are no events"):
        _ = eventbridge.events.first
    with pytest.raises(NotFoundError, match="wanted exactly one of the invocations, got no invocations"):
        eventbridge.invocations.one()


def test_an_unknown_filter_is_refused_with_near_names(eventbridge):
    with pytest.raises(InvalidInputError, match="events have no part 'detailtype': did you mean 'detail_type'"):
        eventbridge.events.matching(detailtype="Paid")
    with pytest.raises(InvalidInputError, match="exact=True says that the whole detail must be equal"):
        eventbridge.events.matching(source="shop", exact=True)


def test_deliveries_invocations_and_dead_letters_have_filters_of_their_own(eventbridge, queue):
    def handler(event, context):
        return None

    eventbridge.rule("a", pattern=SHOP, targets=[handler])
    eventbridge.rule("b", pattern={"detail": {"n": [1]}}, targets=["arn:aws:sqs:us-east-1:123456789012:work"])
    eventbridge.publish("shop", "Paid", {"n": 1})
    eventbridge.publish("shop", "Paid", {"n": 2})

    deliveries = eventbridge.deliveries
    assert len(deliveries.matching(rule="a")) == 2
    assert deliveries.matching(target="work", payload={"detail": {"n": 1}}).one().rule == "b"
    assert deliveries.matching(rule="a", detail={"n": 2}).one().event.number == 1
    assert deliveries.matching(status="failed") == deliveries.matching(error_code="NO_RESOURCE") == []
    assert eventbridge.invocations.matching(function="handler", event={"detail": {"n": 2}}, attempt=1).one()
    assert eventbridge.invocations.matching(detail={"n": 1}).one().cause.number == 0
    assert eventbridge.dead_letters.matching(rule="a") == []


@pytest.mark.eventbridge(allow=["event-loops"])
def test_an_endless_chain_of_events_is_cut(eventbridge):
    def again(event, context):
        eventbridge.publish("shop", "Again")

    eventbridge.rule("r", pattern=SHOP, targets=[again])
    eventbridge.publish("shop", "Again")

    assert len(eventbridge.invocations) == 101
    assert eventbridge.events.last.hops == 101
