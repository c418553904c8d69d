"""Faults on demand: what a test plans to go wrong does, as often as planned, and as AWS would let it."""

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from pytest_eventbridge import InvalidInputError, NotFoundError, Target

SHOP = {"source": ["shop"]}
WORK = "arn:aws:sqs:us-east-1:123456789012:work"
NO_RETRIES = Config(retries={"max_attempts": 0})


def confirm(event, context):
    return "done"


def test_a_throttled_request_is_refused_and_boto3_tries_again(eventbridge, entry):
    patient = boto3.client("events", config=Config(retries={"total_max_attempts": 2, "mode": "standard"}))
    eventbridge.faults.throttle_put_events()

    answer = patient.put_events(Entries=[entry()])

    assert answer["ResponseMetadata"]["RetryAttempts"] == 1
    assert len(eventbridge.events) == 1


@pytest.mark.parametrize(
    ("plan", "code", "status"),
    [
        (lambda faults: faults.throttle_put_events(), "ThrottlingException", 400),
        (lambda faults: faults.fail_put_events("AccessDeniedException"), "AccessDeniedException", 400),
        (lambda faults: faults.fail_put_events("InternalException"), "InternalException", 500),
    ],
)
def test_a_failed_request_takes_no_entry(eventbridge, entry, plan, code, status):
    plan(eventbridge.faults)
    client = boto3.client("events", config=NO_RETRIES)

    with pytest.raises(ClientError) as refused:
        client.put_events(Entries=[entry()])
    client.put_events(Entries=[entry()])

    assert refused.value.response["Error"]["Code"] == code
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert len(eventbridge.events) == 1


def test_single_entries_are_rejected_and_the_others_go_on(eventbridge, events, entry):
    eventbridge.faults.fail_entries(times=1, detail={"n": 2})

    answer = events.put_events(Entries=[entry({"n": 1}), entry({"n": 2}), entry({"n": 2})])

    assert [place.get("ErrorCode") for place in answer["Entries"]] == [None, "InternalFailure", None]
    rejected = eventbridge.assert_entry_rejected("InternalFailure")
    assert rejected.error_message == "planned by fail_entries('InternalFailure', times=1)"


def test_a_delivery_that_fails_for_a_while_is_tried_again(eventbridge, queue):
    eventbridge.rule("r", pattern=SHOP, targets=[WORK])
    eventbridge.faults.fail_delivery("work", "THROTTLING", times=2)

    eventbridge.publish("shop", "Paid")
    assert queue() == []
    eventbridge.clock.advance(minutes=1)

    assert len(queue()) == 1
    assert eventbridge.deliveries.one().attempts == 3


def test_a_delivery_that_fails_for_good_is_dead_lettered_at_once(eventbridge, queue):
    boto3.client("sqs").create_queue(QueueName="lost")
    target = Target(WORK, dead_letter_queue=WORK.replace("work", "lost"))
    rule = eventbridge.rule("r", pattern=SHOP, targets=[target])
    eventbridge.faults.fail_delivery(rule, "NO_PERMISSIONS", retryable=False)

    eventbridge.publish("shop", "Paid")
    eventbridge.publish("shop", "Paid")

    letter = eventbridge.assert_dead_lettered(error_code="NO_PERMISSIONS")
    assert letter.attributes["ERROR_MESSAGE"] == "planned by fail_delivery(rule 'r', 'NO_PERMISSIONS', times=1)"
    assert len(queue()) == 1


def test_a_function_times_out_and_is_tried_again(eventbridge):
    eventbridge.rule("r", pattern=SHOP, targets=[confirm])
    eventbridge.faults.time_out_function(confirm)

    eventbridge.publish("shop", "Paid")
    eventbridge.clock.advance(minutes=1)

    first, second = eventbridge.assert_function_invoked(confirm, times=2)
    assert str(first.error) == "Task timed out after 3.00 seconds"
    assert second.result == "done"


@pytest.mark.parametrize("to", [None, "work"])
def test_a_delivery_can_come_twice(eventbridge, queue, to):
    eventbridge.rule("r", pattern=SHOP, targets=[WORK])
    eventbridge.faults.duplicate_deliveries(to)

    event = eventbridge.publish("shop", "Paid")

    assert len(queue()) == 2
    assert [each.event for each in eventbridge.deliveries] == [event, event]


def test_a_shuffled_order_repeats_with_its_seed(eventbridge):
    def order_with(seed):
        seen.clear()
        eventbridge.faults.shuffle_deliveries(seed)
        with eventbridge.hold():
            for number in range(8):
                eventbridge.publish("shop", "Paid", {"n": number})
        return list(seen)

    seen = []
    eventbridge.rule("r", pattern=SHOP, targets=[lambda event, context: seen.append(event["detail"]["n"])])

    first = order_with(3)
    assert sorted(first) == list(range(8)) != first
    assert order_with(3) == first
    assert order_with(4) != first


def test_a_random_seed_is_told(eventbridge):
    assert eventbridge.faults.shuffle_deliveries() == eventbridge.faults.shuffle_seed


@pytest.mark.parametrize(
    ("plan", "error", "message"),
    [
        (lambda f: f.throttle_put_events(0), InvalidInputError, "times must be a whole number, 1 or more, got 0"),
        (lambda f: f.fail_delivery("wrok", "THROTTLING"), NotFoundError, "no rule has a target 'wrok'"),
        (lambda f: f.time_out_function("nobody"), NotFoundError, "no function 'nobody' is registered"),
        (lambda f: f.fail_entries(sorce="x"), InvalidInputError, "events have no part 'sorce': did you mean 'source'"),
    ],
)
def test_a_fault_that_cannot_be_planned_is_refused_at_the_call(eventbridge, plan, error, message):
    with pytest.raises(error, match=message):
        plan(eventbridge.faults)


def test_an_unused_fault_fails_the_test(eventbridge, entry):
    eventbridge.faults.throttle_put_events(times=2)
    with pytest.raises(ClientError):
        boto3.client("events", config=NO_RETRIES).put_events(Entries=[entry()])

    assert eventbridge.complaints() == [
        "a planned fault struck 1 of 2 times: throttle_put_events(times=2)\n"
        "  reason    nothing that it applies to happened often enough: the test shows less than it seems to\n"
        '  allow     @pytest.mark.eventbridge(allow=["unused-faults"])'
    ]
    with pytest.raises(ClientError):
        boto3.client("events", config=NO_RETRIES).put_events(Entries=[entry()])
    assert eventbridge.complaints() == []


class TestChosenEvents:
    """A fault can be for certain events only."""

    def test_a_request_with_such_an_event_is_throttled(self, eventbridge, entry):
        events = boto3.client("events", config=Config(retries={"max_attempts": 0}))
        eventbridge.faults.throttle_put_events(detail={"n": 2})

        events.put_events(Entries=[entry({"n": 1})])
        with pytest.raises(ClientError, match="Rate exceeded"):
            events.put_events(Entries=[entry({"n": 1}), entry({"n": 2})])

        assert [event.detail["n"] for event in eventbridge.events] == [1]

    def test_such_an_event_can_be_told_by_a_pattern(self, eventbridge, entry):
        events = boto3.client("events", config=Config(retries={"max_attempts": 0}))
        eventbridge.faults.throttle_put_events(pattern={"detail": {"n": [{"numeric": [">", 1]}]}})
        eventbridge.faults.fail_entries(pattern={"detail": {"n": [{"numeric": [">", 2]}]}})

        with pytest.raises(ClientError, match="Rate exceeded"):
            events.put_events(Entries=[entry({"n": 1}), entry({"n": 2})])
        events.put_events(Entries=[entry({"n": number}) for number in (1, 2, 3)])

        assert eventbridge.assert_entry_rejected().detail == {"n": 3}

    @pytest.mark.eventbridge(allow=["failed-deliveries"])
    def test_the_delivery_of_such_an_event_fails(self, eventbridge, queue):
        eventbridge.rule("r", pattern={"source": ["shop"]}, targets=["arn:aws:sqs:us-east-1:123456789012:work"])
        eventbridge.faults.fail_delivery("work", "NO_PERMISSIONS", retryable=False, detail={"n": 2})

        for number in (1, 2, 3):
            eventbridge.publish("shop", "Paid", {"n": number})

        assert [each.status for each in eventbridge.deliveries] == ["delivered", "failed", "delivered"]

    def test_such_an_event_is_delivered_twice(self, eventbridge, queue):
        eventbridge.rule("r", pattern={"source": ["shop"]}, targets=["arn:aws:sqs:us-east-1:123456789012:work"])
        eventbridge.faults.duplicate_deliveries(detail_type="Paid")

        eventbridge.publish("shop", "Shipped")
        eventbridge.publish("shop", "Paid")

        assert [each.event.detail_type for each in eventbridge.deliveries] == ["Shipped", "Paid", "Paid"]

    @pytest.mark.eventbridge(allow=["handler-errors"])
    def test_a_function_times_out_for_such_an_event(self, eventbridge):
        def handler(event, context):
            return "done"

        eventbridge.rule("r", pattern={"source": ["shop"]}, targets=[handler])
        eventbridge.faults.time_out_function(handler, detail={"n": 2})

        eventbridge.publish("shop", "Paid", {"n": 1})
        eventbridge.publish("shop", "Paid", {"n": 2})

        assert [run.result for run in eventbridge.invocations] == ["done", None]
