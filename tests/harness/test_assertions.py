"""Assertions: what they return, and the whole text that they fail with."""

import re

import boto3
import pytest

from pytest_eventbridge import InvalidInputError, NotFoundError, Target

SHOP = {"source": ["shop.orders"]}
WORK = "arn:aws:sqs:us-east-1:123456789012:work"
MISSING = "arn:aws:sqs:us-east-1:123456789012:missing"


def confirm(event, context):
    return None


def failure(assertion, *args, **kwargs):
    """Return the text that an assertion fails with, lines of this file without their numbers."""
    with pytest.raises(AssertionError) as failed:
        assertion(*args, **kwargs)
    return re.sub(r"\S*test_assertions\.py:\d+", "test.py:N", str(failed.value))


class TestEventPublished:
    def test_returns_the_event(self, eventbridge):
        event = eventbridge.publish("shop.orders", "Paid", {"a": 1})

        assert eventbridge.assert_event_published(source="shop.orders", detail={"a": 1}) is event
        assert eventbridge.assert_event_published(times=1) is event

    def test_returns_all_when_a_number_is_wanted(self, eventbridge):
        for number in range(3):
            eventbridge.publish("shop.orders", "Paid", {"n": number})

        assert [each.detail["n"] for each in eventbridge.assert_event_published(times=3)] == [0, 1, 2]
        assert eventbridge.assert_event_published(source="nobody", times=0) == []

    def test_shows_the_nearest_event_and_how_it_differs(self, eventbridge):
        eventbridge.publish("billing", "Charged")
        eventbridge.publish("shop.order", "Paid", {"total": "30"})

        assert failure(
            eventbridge.assert_event_published,
            source="shop.orders",
            detail_type="Paid",
            detail={"total": 30},
            bus="default",
        ) == (
            "no event with source 'shop.orders', detail type 'Paid', detail {'total': 30} on bus 'default' (2 recorded)\n"
            "  closest   event 1: 2 of 4 parts agree\n"
            "              source         wanted 'shop.orders'   got 'shop.order'\n"
            "              detail.total   wanted 30 (number)   got '30' (string)\n"
            "            published at test.py:N\n"
            "  hint      did you mean source='shop.order'?"
        )

    def test_says_what_is_missing_and_what_is_too_much(self, eventbridge):
        eventbridge.publish("shop", "Paid", {"a": 1, "c": [1, 2]})

        assert failure(eventbridge.assert_event_published, detail={"a": 1, "b": 2}, exact=True) == (
            "no event with detail {'a': 1, 'b': 2} (1 recorded)\n"
            "  closest   event 0: 0 of 1 parts agree\n"
            "              detail.b   wanted 2   got nothing\n"
            "              detail.c   wanted nothing   got [1,2]\n"
            "            published at test.py:N"
        )

    def test_names_the_other_bus(self, eventbridge):
        eventbridge.bus("orders")
        eventbridge.publish("shop", "Paid", bus="orders")

        assert failure(eventbridge.assert_event_published, source="shop", bus="order") == (
            "no event with source 'shop' on bus 'order' (1 recorded)\n"
            "  closest   event 0: 1 of 2 parts agree\n"
            "              bus   wanted 'order'   got 'orders'\n"
            "            published at test.py:N\n"
            "  hint      did you mean bus='orders'?"
        )

    def test_explains_a_pattern(self, eventbridge):
        eventbridge.publish("shop", "Paid", {"total": 30})

        assert failure(
            eventbridge.assert_event_published, pattern={"detail": {"total": [{"numeric": [">", 100]}]}}
        ) == (
            'no event with pattern {"detail": {"total": [{"numeric": [">", 100]}]}} (1 recorded)\n'
            "  closest   event 0: 0 of 1 parts agree\n"
            "              detail.total   wanted number > 100   got 30\n"
            "            published at test.py:N"
        )

    def test_says_when_nothing_was_published_at_all(self, eventbridge):
        assert failure(eventbridge.assert_event_published, source="shop") == (
            "no event with source 'shop' (0 recorded)\n"
            "  hint      nothing was published at all: was the code under test called, and with this AWS Region?"
        )

    def test_counts(self, eventbridge):
        eventbridge.publish("shop", "Paid", {"n": 1})

        assert failure(eventbridge.assert_event_published, source="shop", times=2) == (
            "1 event with source 'shop', wanted 2 (1 recorded)\n"
            "  found     <event 0 'shop' 'Paid' {\"n\":1} on 'default'>\n"
            "            published at test.py:N"
        )

    @pytest.mark.eventbridge(allow=["rejected-entries"])
    def test_says_when_the_entry_was_rejected(self, eventbridge, events, entry):
        events.put_events(Entries=[entry(Detail="[]")])

        assert failure(eventbridge.assert_event_published, source="shop") == (
            "no event with source 'shop' (1 recorded)\n"
            "  closest   event 0: 1 of 1 parts agree\n"
            "            published at test.py:N\n"
            "            rejected with MalformedDetail: Detail is malformed.\n"
            "  hint      Detail is the text of a JSON object: json.dumps({...})"
        )

    def test_many_differences_are_cut(self, eventbridge):
        eventbridge.publish("shop", "Paid")

        text = failure(eventbridge.assert_event_published, detail={f"m{number:02}": number for number in range(30)})

        assert "              and 22 more differences" in text
        assert len(text.splitlines()) < 25

    def test_the_latest_of_equals_is_shown_and_long_texts_cost_nothing(self, eventbridge):
        for _ in range(30):
            eventbridge.publish("shop", "Paid", {"text": "x" * 50_000})

        text = failure(eventbridge.assert_event_published, detail={"text": "y" * 50_000})

        assert "  closest   event 29: 0 of 1 parts agree" in text
        assert len(text) < 500

    def test_an_unknown_filter_is_refused(self, eventbridge):
        with pytest.raises(InvalidInputError, match="events have no part 'sorce': did you mean 'source'"):
            eventbridge.assert_event_published(sorce="shop")


class TestNothingPublished:
    def test_passes(self, eventbridge):
        eventbridge.assert_nothing_published()
        eventbridge.assert_event_not_published(source="shop")

    def test_shows_what_was(self, eventbridge):
        eventbridge.publish("shop", "Paid")
        found = "  found     <event 0 'shop' 'Paid' {} on 'default'>\n            published at test.py:N"

        assert failure(eventbridge.assert_nothing_published) == f"1 event was published where none was wanted\n{found}"
        assert failure(eventbridge.assert_event_not_published, source="shop") == (
            f"an event with source 'shop' was published once\n{found}"
        )


class TestInOrder:
    def test_others_may_lie_between(self, eventbridge):
        for kind in ("Created", "Paid", "Noise", "Shipped"):
            eventbridge.publish("shop", kind)

        found = eventbridge.assert_events_published_in_order([{"detail_type": "Created"}, {"detail_type": "Shipped"}])
        assert [event.number for event in found] == [0, 3]

    def test_says_which_came_too_early(self, eventbridge):
        eventbridge.publish("shop", "Shipped")
        eventbridge.publish("shop", "Paid")

        assert failure(
            eventbridge.assert_events_published_in_order, [{"detail_type": "Paid"}, {"detail_type": "Shipped"}]
        ) == (
            "no event with detail type 'Shipped' after event 1 (number 2 in the wanted order)\n"
            "  early     event 0 is one, but it came before\n"
            "            published at test.py:N\n"
            "  in order  <event 1 'shop' 'Paid' {} on 'default'>\n"
            "            published at test.py:N"
        )


class TestEntryRejected:
    def test_returns_the_event_and_counts_as_having_looked(self, eventbridge, events, entry):
        events.put_events(Entries=[entry(Detail="[]")])

        assert (
            eventbridge.assert_entry_rejected("MalformedDetail", source="shop").error_message == "Detail is malformed."
        )
        assert eventbridge.complaints() == []

    def test_shows_what_was_rejected_instead(self, eventbridge, events, entry):
        events.put_events(Entries=[entry(Detail="[]")])

        assert failure(eventbridge.assert_entry_rejected, "InvalidArgument") == (
            "no rejected entry with InvalidArgument (1 rejected)\n"
            "  rejected  <event 0 'shop' 'Paid' [] on 'default' rejected='MalformedDetail'>\n"
            "            MalformedDetail: Detail is malformed."
        )
        eventbridge.assert_entry_rejected()


class TestRules:
    def test_returns_what_matched(self, eventbridge):
        rule = eventbridge.rule("r", pattern=SHOP)
        event = eventbridge.publish("shop.orders", "Paid")

        assert eventbridge.assert_rule_matched(rule) is event
        assert eventbridge.assert_rule_matched("r", detail_type="Paid", times=1) is event
        assert eventbridge.assert_rule_matched(rule.arn) is event
        eventbridge.assert_rule_not_matched("r", detail_type="Sent")

    def test_says_why_the_rule_did_not_match(self, eventbridge):
        eventbridge.rule("ship", pattern={**SHOP, "detail": {"state": ["paid"]}})
        eventbridge.publish("shop.orders", "Saved", {"state": "draft"})

        assert failure(eventbridge.assert_rule_matched, "ship") == (
            "no event matched rule 'ship' (1 recorded)\n"
            '  rule      \'ship\' did not match event 0: detail.state: wanted "paid", got "draft"'
        )

    def test_says_that_the_rule_is_disabled_scheduled_or_elsewhere(self, eventbridge):
        eventbridge.bus("orders")
        eventbridge.rule("off", pattern=SHOP, state="DISABLED")
        eventbridge.rule("daily", schedule="rate(1 day)")
        eventbridge.rule("there", bus="orders", pattern=SHOP)
        eventbridge.publish("shop.orders", "Paid")

        assert failure(eventbridge.assert_rule_matched, "off").endswith(
            "\n  rule      'off' is disabled: its enable() enables it"
        )
        assert failure(eventbridge.assert_rule_matched, "daily").endswith(
            "\n  rule      'daily' has only a schedule, rate(1 day): published events never match it"
        )
        assert failure(eventbridge.assert_rule_matched, "there").endswith(
            "\n  rule      'there' listens on bus 'orders', where nothing was published, only on 'default'"
        )

    def test_says_what_a_rule_for_events_of_services_may_overlook(self, eventbridge):
        eventbridge.bus("orders")
        eventbridge.rule("uploads", pattern={"source": ["aws.s3"]})
        eventbridge.rule("elsewhere", bus="orders", pattern={"source": [{"prefix": "x"}, "aws.s3"]})
        boto3.client("s3").create_bucket(Bucket="images")
        boto3.client("s3").put_object(Bucket="images", Key="k", Body=b"")

        assert failure(eventbridge.assert_rule_matched, "uploads") == (
            "no event matched rule 'uploads' (0 recorded)\n"
            "  rule      'uploads' listens on bus 'default', where nothing was published\n"
            "  hint      a bucket tells nothing before put_bucket_notification_configuration switches EventBridge on"
        )
        assert failure(eventbridge.assert_rule_matched, "elsewhere").endswith(
            "\n  hint      events of aws.s3 are on the default event bus only"
        )

    def test_says_nothing_of_services_where_nothing_was_overlooked(self, eventbridge):
        partner = "aws.partner/example.com/orders"
        client = eventbridge.client()
        client.create_partner_event_source(Name=partner, Account="123456789012")
        client.create_event_bus(Name=partner, EventSourceName=partner)
        eventbridge.rule("deletions", pattern={"source": ["aws.s3"], "detail-type": ["Object Deleted"]})
        eventbridge.rule("orders", bus=partner, pattern={"source": [partner]})
        eventbridge.publish_service_event("aws.s3", "Object Created")

        for rule in ("deletions", "orders"):
            assert "hint" not in failure(eventbridge.assert_rule_matched, rule)

    def test_shows_what_should_not_have_matched(self, eventbridge):
        eventbridge.rule("r", pattern=SHOP)
        eventbridge.publish("shop.orders", "Paid")

        assert failure(eventbridge.assert_rule_not_matched, "r") == (
            "rule 'r' matched once where no match was wanted\n"
            "  matched   <event 0 'shop.orders' 'Paid' {} on 'default'>\n"
            "            published at test.py:N\n"
            '  pattern   {"source": ["shop.orders"]}'
        )

    def test_an_unknown_rule_is_named_with_near_ones(self, eventbridge):
        eventbridge.rule("ship", pattern=SHOP)

        with pytest.raises(NotFoundError, match="there is no rule 'shp': did you mean 'ship'"):
            eventbridge.assert_rule_matched("shp")


class TestDeliveries:
    @pytest.fixture
    def rule(self, eventbridge, queue):
        return eventbridge.rule("r", pattern=SHOP, targets=[Target(WORK, id="first"), confirm])

    def test_a_target_has_many_names(self, eventbridge, rule):
        eventbridge.publish("shop.orders", "Paid", {"n": 1})

        for name in (WORK, "work", "first", Target(WORK), Target(WORK, id="first")):
            assert eventbridge.assert_delivered(name, payload={"detail": {"n": 1}}).target["Id"] == "first"
        assert eventbridge.assert_delivered(confirm).target["Id"] == "confirm"
        assert eventbridge.assert_delivered(eventbridge.function(confirm)).rule == "r"
        assert len(eventbridge.assert_delivered(rule, times=2)) == 2
        assert len(eventbridge.assert_delivered(rule.arn, times=2)) == 2
        eventbridge.assert_not_delivered("work", detail={"n": 2})

    def test_says_how_the_attempts_went(self, eventbridge):
        eventbridge.rule("r", pattern=SHOP, targets=[MISSING])
        eventbridge.publish("shop.orders", "Paid")

        text = failure(eventbridge.assert_delivered, "missing")

        assert re.sub("Request ID: [^;]*;", "Request ID: X;", text) == (
            "no delivery to 'missing' (1 tried)\n"
            "  delivery  event 0 by rule 'r': failed\n"
            "            NO_RESOURCE: The specified queue does not exist or you do not have access to it. (Service:"
            " AmazonSQS; Status Code: 400; Error Code: AWS.SimpleQueueService.NonExistentQueue; Request ID: X; Proxy: null)\n"
            "            There is no sqs resource 'missing' in us-east-1: there are none yet"
        )
        assert eventbridge.deliveries.one().error_code == "NO_RESOURCE"

    def test_shows_the_nearest_event_when_nothing_was_tried(self, eventbridge, rule):
        eventbridge.publish("shop.other", "Paid")

        assert failure(eventbridge.assert_delivered, "work", source="shop.orders") == (
            "no delivery to 'work' with source 'shop.orders' (0 tried)\n"
            "  closest   event 0: 0 of 1 parts agree\n"
            "              source   wanted 'shop.orders'   got 'shop.other'\n"
            "            published at test.py:N\n"
            "  hint      did you mean source='shop.other'?"
        )

    def test_shows_what_should_not_have_been_delivered(self, eventbridge, rule):
        eventbridge.publish("shop.orders", "Paid")

        assert failure(eventbridge.assert_not_delivered, "work") == (
            "delivered to 'work' once where no delivery was wanted\n  delivery  event 0 by rule 'r': delivered"
        )

    def test_an_unknown_target_is_named_with_near_ones(self, eventbridge, rule):
        with pytest.raises(NotFoundError, match="no rule has a target 'wrok': did you mean 'work'"):
            eventbridge.assert_delivered("wrok")

    def test_a_dead_letter_that_is_not_there(self, eventbridge, rule):
        eventbridge.publish("shop.orders", "Paid")

        assert failure(eventbridge.assert_dead_lettered, rule="r", error_code="NO_RESOURCE") == (
            "no dead letter with rule 'r', error code 'NO_RESOURCE' (0 recorded)"
        )


class TestFunctions:
    def test_returns_the_invocation(self, eventbridge):
        eventbridge.rule("r", pattern=SHOP, targets=[confirm])
        eventbridge.publish("shop.orders", "Paid", {"n": 1})

        invocation = eventbridge.assert_function_invoked(confirm, times=1)
        for name in (
            "confirm",
            f"{__name__}.confirm",
            eventbridge.function(confirm),
            eventbridge.function(confirm).arn,
        ):
            assert eventbridge.assert_function_invoked(name) is invocation
        assert (
            eventbridge.assert_function_invoked(confirm, event={"detail": {"n": 1}}, source="shop.orders") is invocation
        )

    def test_says_that_no_rule_leads_to_it(self, eventbridge):
        eventbridge.function(confirm)

        assert failure(eventbridge.assert_function_invoked, confirm) == (
            "function 'confirm' was not invoked\n"
            "  rules     none has function 'confirm' as its target\n"
            "  hint      add it: eventbridge.rule(name, pattern=..., targets=[confirm])"
        )

    def test_says_why_its_rule_did_not_match(self, eventbridge):
        eventbridge.rule("r", pattern={**SHOP, "detail-type": ["Paid"]}, targets=[confirm])
        eventbridge.publish("shop.orders", "Payed")

        assert failure(eventbridge.assert_function_invoked, confirm, times=1) == (
            "function 'confirm' was not invoked, wanted 1\n"
            '  rule      \'r\' did not match event 0: detail-type: wanted "Paid", got "Payed"'
        )

    def test_shows_the_events_that_it_got_instead(self, eventbridge):
        eventbridge.rule("r", pattern=SHOP, targets=[confirm])
        eventbridge.publish("shop.orders", "Paid", {"n": 1})

        assert failure(eventbridge.assert_function_invoked, confirm, event={"detail": {"n": 2}}) == (
            "function 'confirm' was not invoked with that event\n"
            "  ran       <invocation of 'confirm' attempt 1 for event 0 returned>\n"
            "            event.detail.n   wanted 2   got 1"
        )

    @pytest.mark.eventbridge(delivery="manual")
    def test_says_that_a_delivery_waits(self, eventbridge):
        eventbridge.rule("r", pattern=SHOP, targets=[confirm])
        eventbridge.publish("shop.orders", "Paid")
        eventbridge.deliver(1)

        assert failure(eventbridge.assert_function_invoked, confirm).endswith(
            "\n  hint      a delivery waits: eventbridge.deliver() does the work that is due"
        )

    def test_shows_the_runs_that_were_not_wanted(self, eventbridge):
        eventbridge.rule("r", pattern=SHOP, targets=[confirm])
        eventbridge.publish("shop.orders", "Paid")

        ran = "\n  ran       <invocation of 'confirm' attempt 1 for event 0 returned>"
        assert failure(eventbridge.assert_function_not_invoked, confirm) == (
            f"function 'confirm' was invoked once where no invocation was wanted{ran}"
        )
        assert failure(eventbridge.assert_function_invoked, confirm, times=2) == (
            f"function 'confirm' was invoked once, wanted 2{ran}"
        )


def test_no_failure_is_longer_than_a_screen(eventbridge):
    def handler(event, context):
        pass

    eventbridge.rule("r", pattern={"source": ["shop"]}, targets=[handler])
    for _ in range(20):
        eventbridge.publish("shop", "Paid", {f"m{n}": n for n in range(30)})

    wanted = {"detail": {f"m{n}": str(n) for n in range(30)}}
    lines = failure(eventbridge.assert_function_invoked, handler, event=wanted).splitlines()

    assert len(lines) == 24
    assert lines[-1] == "  and 77 more lines: print(eventbridge.trail())"
