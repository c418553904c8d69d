"""Deliveries: which rules get an event, what their targets receive, and what follows a failure."""

import json

import boto3
import pytest

from pytest_eventbridge import Target
from pytest_eventbridge.aws.errors import AwsError

WORK = "arn:aws:sqs:us-east-1:123456789012:work"
LOST = "arn:aws:sqs:us-east-1:123456789012:lost"
MISSING = "arn:aws:sqs:us-east-1:123456789012:missing"
SHOP = {"source": ["shop"]}


def test_several_rules_and_targets_get_the_event_with_the_same_id(eventbridge, queue):
    eventbridge.rule("b", pattern=SHOP, targets=[Target(WORK, id="2"), Target(WORK, id="1")])
    eventbridge.rule("a", pattern=SHOP, targets=[WORK])

    event = eventbridge.publish("shop", "Paid")

    assert [json.loads(body)["id"] for body in queue()] == [event.id] * 3
    assert event.rules == ["a", "b"]
    assert [(each.rule, each.target["Id"], each.status) for each in event.deliveries] == [
        ("a", "work", "delivered"),
        ("b", "1", "delivered"),
        ("b", "2", "delivered"),
    ]


def test_a_disabled_rule_gets_nothing_until_it_is_enabled(eventbridge, queue):
    rule = eventbridge.rule("r", pattern=SHOP, targets=[WORK])

    rule.disable()
    eventbridge.publish("shop", "Paid")
    rule.enable()
    eventbridge.publish("shop", "Paid")

    assert len(queue()) == 1
    assert rule.state == "ENABLED"


def test_a_rule_that_only_has_a_schedule_gets_no_published_event(eventbridge, queue):
    eventbridge.rule("s", schedule="rate(1 day)", targets=[WORK])

    eventbridge.publish("shop", "Paid")

    assert queue() == []


def test_a_change_of_a_rule_counts_at_once(eventbridge, events, queue):
    eventbridge.rule("r", pattern=SHOP, targets=[WORK])
    eventbridge.publish("shop", "Paid")

    eventbridge.rule("r", pattern={"source": ["other"]})
    eventbridge.publish("shop", "Paid")
    events.remove_targets(Rule="r", Ids=["work"])
    eventbridge.publish("other", "Paid")

    assert len(queue()) == 1


def test_read_only_cloudtrail_events_need_a_rule_that_asks_for_them(eventbridge):
    pattern = {"source": ["aws.s3"]}
    plain = eventbridge.rule("plain", pattern=pattern)
    every = eventbridge.rule("all", pattern=pattern, state="ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")

    eventbridge.publish_service_event("aws.s3", "AWS API Call via CloudTrail", {"readOnly": True})
    eventbridge.publish_service_event("aws.s3", "AWS API Call via CloudTrail", {"readOnly": False})

    assert (len(plain.events), len(every.events)) == (1, 2)


@pytest.mark.parametrize(
    ("options", "body"),
    [
        ({"input": '{ "fixed": true }'}, '{ "fixed": true }'),
        ({"input": {"fixed": True}}, '{"fixed": true}'),
        ({"input_path": "$.detail.a"}, "1"),
        ({"input_transformer": ({"n": "$.detail.a"}, '"got <n>"')}, '"got 1"'),
    ],
)
def test_a_target_receives_its_input_form(eventbridge, queue, options, body):
    eventbridge.rule("r", pattern=SHOP, targets=[Target(WORK, **options)])

    eventbridge.publish("shop", "Paid", {"a": 1})

    assert queue() == [body]
    assert eventbridge.deliveries.one().input == body


def test_a_fifo_queue_gets_its_message_group(eventbridge):
    sqs = boto3.client("sqs")
    url = sqs.create_queue(
        QueueName="work.fifo", Attributes={"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    )["QueueUrl"]
    eventbridge.rule("r", pattern=SHOP, targets=[Target(f"{WORK}.fifo", SqsParameters={"MessageGroupId": "g"})])

    eventbridge.publish("shop", "Paid")

    (message,) = sqs.receive_message(QueueUrl=url, AttributeNames=["All"])["Messages"]
    assert message["Attributes"]["MessageGroupId"] == "g"


@pytest.mark.eventbridge(allow=["failed-deliveries"])
def test_a_fifo_queue_that_does_not_deduplicate_by_content_refuses_the_event(eventbridge):
    boto3.client("sqs").create_queue(QueueName="work.fifo", Attributes={"FifoQueue": "true"})
    eventbridge.rule("r", pattern=SHOP, targets=[Target(f"{WORK}.fifo", SqsParameters={"MessageGroupId": "g"})])

    eventbridge.publish("shop", "Paid")

    delivery = eventbridge.deliveries.one()
    assert (delivery.status, delivery.error_code) == ("failed", "INVALID_PARAMETER")


def test_a_missing_queue_ends_in_the_dead_letter_queue_and_hurts_no_one_else(eventbridge, queue):
    lost = boto3.client("sqs").create_queue(QueueName="lost")["QueueUrl"]
    rule = eventbridge.rule(
        "r",
        pattern=SHOP,
        targets=[Target(MISSING, id="1", input_path="$.detail", dead_letter_queue=LOST), Target(WORK, id="2")],
    )

    eventbridge.publish("shop", "Paid", {"a": 1})

    (message,) = boto3.client("sqs").receive_message(QueueUrl=lost, MessageAttributeNames=["All"])["Messages"]
    attributes = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
    assert message["Body"] == '{"a":1}'
    assert attributes.pop("ERROR_MESSAGE").startswith(
        "The specified queue does not exist or you do not have access to it. (Service: AmazonSQS; Status Code: 400; Error"
        " Code: AWS.SimpleQueueService.NonExistentQueue; Request ID: "
    )
    assert attributes == {"RULE_ARN": rule.arn, "TARGET_ARN": MISSING, "ERROR_CODE": "NO_RESOURCE"}
    assert len(queue()) == 1
    assert [each.status for each in eventbridge.deliveries] == ["dead-lettered", "delivered"]
    assert eventbridge.dead_letters.one().delivery is eventbridge.deliveries.first


def test_a_result_that_is_no_json_goes_to_the_dead_letter_queue_as_it_is(eventbridge, queue):
    boto3.client("sqs").create_queue(QueueName="lost")
    template = ({"s": "$.detail.s"}, "[<s>]")
    eventbridge.rule("r", pattern=SHOP, targets=[Target(WORK, input_transformer=template, dead_letter_queue=LOST)])

    eventbridge.publish("shop", "Paid", {"s": "hi"})

    letter = eventbridge.assert_dead_lettered(error_code="INVALID_JSON", queue="lost")
    assert letter.body == "[hi]"
    assert letter.attributes["ERROR_MESSAGE"] == "Invalid input for target."
    assert queue() == []


def test_an_empty_result_is_dropped(eventbridge, queue):
    eventbridge.rule("r", pattern=SHOP, targets=[Target(WORK, input_transformer=({"s": "$.detail.none"}, "<s>"))])

    eventbridge.publish("shop", "Paid")

    assert eventbridge.deliveries.one().status == "dropped"
    assert queue() == []


@pytest.mark.eventbridge(allow=["failed-deliveries"])
def test_a_missing_dead_letter_queue_loses_the_event_and_says_so(eventbridge):
    eventbridge.rule("r", pattern=SHOP, targets=[Target(MISSING, dead_letter_queue=LOST)])

    eventbridge.publish("shop", "Paid")

    delivery = eventbridge.deliveries.one()
    assert delivery.status == "failed"
    assert f"The dead-letter queue {LOST} did not take it" in delivery.error_message


class TestRetries:
    @pytest.fixture
    def throttled(self, monkeypatch):
        """A queue that throttles as often as it is told."""
        from pytest_eventbridge.aws.moto_seam import queues

        send, refusals = queues.send_message, []

        def maybe_send(*queue, **options):
            if refusals:
                raise AwsError(refusals.pop(), "Rate exceeded")
            send(*queue, **options)

        monkeypatch.setattr(queues, "send_message", maybe_send)
        return refusals

    def test_throttling_is_tried_again_with_growing_waits(self, eventbridge, queue, throttled):
        throttled += ["Throttling"] * 3
        eventbridge.rule("r", pattern=SHOP, targets=[WORK])
        eventbridge.clock.freeze("2026-03-01T00:00:00Z")

        eventbridge.publish("shop", "Paid")
        assert eventbridge.deliveries.one().status == "pending"
        done = eventbridge.clock.advance(minutes=1)

        assert [f"{each.instant:%H:%M:%S}" for each in done] == ["00:00:01", "00:00:03", "00:00:07"]
        assert (eventbridge.deliveries.one().status, eventbridge.deliveries.one().attempts) == ("delivered", 4)
        assert len(queue()) == 1

    def test_the_retry_policy_ends_the_attempts(self, eventbridge, queue, throttled):
        throttled += ["Throttling"] * 9
        boto3.client("sqs").create_queue(QueueName="lost")
        target = Target(WORK, retry_policy=(2, 3600), dead_letter_queue=LOST)
        eventbridge.rule("r", pattern=SHOP, targets=[target])

        eventbridge.publish("shop", "Paid")
        eventbridge.clock.advance(minutes=5)

        letter = eventbridge.assert_dead_lettered(error_code="THROTTLING")
        assert letter.attributes["EXHAUSTED_RETRY_CONDITION"] == "MaximumRetryAttempts"
        assert letter.attributes["RETRY_ATTEMPTS"] == "2"
        assert letter.delivery.attempts == 3

    def test_the_age_of_the_event_ends_the_attempts(self, eventbridge, throttled):
        throttled += ["Throttling"] * 99
        boto3.client("sqs").create_queue(QueueName="lost")
        target = Target(WORK, retry_policy=(185, 60), dead_letter_queue=LOST)
        eventbridge.rule("r", pattern=SHOP, targets=[target])

        eventbridge.publish("shop", "Paid")
        eventbridge.clock.advance(minutes=5)

        letter = eventbridge.assert_dead_lettered(error_code="THROTTLING")
        assert letter.attributes["EXHAUSTED_RETRY_CONDITION"] == "MaximumEventAgeInSeconds"


class TestWhenWorkIsDone:
    @pytest.mark.eventbridge(delivery="manual")
    def test_in_manual_mode_it_waits_for_deliver(self, eventbridge, queue):
        eventbridge.rule("r", pattern=SHOP, targets=[WORK])

        eventbridge.publish("shop", "Paid")
        assert [each.label for each in eventbridge.pending] == ["event 0 on bus 'default'"]
        assert eventbridge.deliver(1) == 1
        assert eventbridge.deliveries.one().status == "pending"
        assert eventbridge.deliver() == 1

        assert len(queue()) == 1
        assert eventbridge.pending == []

    def test_within_hold_it_waits_for_the_end_of_the_block(self, eventbridge, queue):
        eventbridge.rule("r", pattern=SHOP, targets=[WORK])

        with eventbridge.hold():
            eventbridge.publish("shop", "Paid")
            assert queue() == []

        assert len(queue()) == 1

    def test_what_a_handler_publishes_waits_behind_what_is_due(self, eventbridge):
        order = []

        def first(event, context):
            order.append(("first", event["detail-type"]))
            if event["detail-type"] == "Paid":
                eventbridge.publish("shop", "Shipped")
                order.append(("first", "done"))

        def second(event, context):
            order.append(("second", event["detail-type"]))

        eventbridge.rule("a", pattern=SHOP, targets=[first])
        eventbridge.rule("b", pattern=SHOP, targets=[second])
        eventbridge.publish("shop", "Paid")

        assert order == [
            ("first", "Paid"),
            ("first", "done"),
            ("second", "Paid"),
            ("first", "Shipped"),
            ("second", "Shipped"),
        ]
