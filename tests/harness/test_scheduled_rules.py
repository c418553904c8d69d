"""Scheduled rules fire as the clock moves, each at its instant, by the rules that there are at that moment."""

import json
from datetime import UTC, datetime

import boto3
import pytest

from pytest_eventbridge import InvalidInputError, Target

START = "2026-03-01T00:00:30Z"
WORK = "arn:aws:sqs:us-east-1:123456789012:work"

pytestmark = pytest.mark.eventbridge(now=START)


@pytest.fixture
def ticks(eventbridge):
    """A handler, and the times at which it ran."""
    times = []

    def tick(event, context):
        times.append(f"{datetime.now(UTC):%d %H:%M:%S}")

    tick.times = times
    return tick


def test_a_rate_fires_one_period_after_it_was_put_and_keeps_its_second(eventbridge, ticks):
    eventbridge.rule("r", schedule="rate(5 minutes)", targets=[ticks])

    done = eventbridge.clock.advance(minutes=11)

    assert ticks.times == ["01 00:05:30", "01 00:10:30"]
    assert [each.label for each in done] == ["rule 'r' on its schedule rate(5 minutes)"] * 2


def test_a_cron_expression_fires_at_its_minutes(eventbridge, ticks):
    eventbridge.rule("r", schedule="cron(0 12 ? * MON-FRI *)", targets=[ticks])

    eventbridge.clock.advance(days=4)

    assert ticks.times == ["02 12:00:00", "03 12:00:00", "04 12:00:00"]


def test_the_event_is_aws_s(eventbridge, queue):
    rule = eventbridge.rule("r", schedule="rate(1 day)", targets=[WORK])

    eventbridge.clock.advance(days=1)

    event = eventbridge.events.one()
    assert queue() == [
        f'{{"version":"0","id":"{event.id}","detail-type":"Scheduled Event","source":"aws.events",'
        '"account":"123456789012","time":"2026-03-02T00:00:30Z","region":"us-east-1",'
        f'"resources":["{rule.arn}"],"detail":{{}}}}'
    ]
    assert (event.rules, event.caused_by, event.published_from) == (["r"], None, None)


def test_a_constant_input_replaces_the_event(eventbridge, queue):
    eventbridge.rule("r", schedule="rate(1 day)", targets=[Target(WORK, input={"job": "sync"})])

    eventbridge.clock.advance(days=1)

    assert json.loads(queue()[0]) == {"job": "sync"}


def test_the_event_passes_over_the_bus_too(eventbridge, ticks, queue):
    eventbridge.rule("r", schedule="rate(1 day)", pattern={"source": ["aws.events"]}, targets=[ticks])
    eventbridge.rule("other", pattern={"source": ["aws.events"]}, targets=[WORK])

    eventbridge.clock.advance(days=1)

    assert eventbridge.events.one().rules == ["r", "other"]
    assert len(ticks.times) == len(queue()) == 1


def test_a_rule_with_both_fires_on_both(eventbridge, ticks):
    eventbridge.rule("r", schedule="rate(1 day)", pattern={"source": ["shop"]}, targets=[ticks])

    eventbridge.publish("shop", "Paid")
    eventbridge.clock.advance(days=1)

    assert ticks.times == ["01 00:00:30", "02 00:00:30"]


def test_several_rules_fire_in_the_order_of_their_instants(eventbridge):
    eventbridge.rule("slow", schedule="rate(3 minutes)")
    eventbridge.rule("fast", schedule="rate(2 minutes)")

    eventbridge.clock.advance(minutes=6)

    assert [event.rules[0] for event in eventbridge.events] == ["fast", "slow", "fast", "slow", "fast"]


def test_a_disabled_rule_does_not_fire_and_begins_anew_when_enabled(eventbridge, ticks):
    rule = eventbridge.rule("r", schedule="rate(10 minutes)", targets=[ticks], state="DISABLED")

    eventbridge.clock.advance(minutes=15)
    rule.enable()
    eventbridge.clock.advance(minutes=15)
    rule.disable()
    eventbridge.clock.advance(minutes=15)

    assert ticks.times == ["01 00:25:30"]


def test_putting_a_rule_again_begins_it_anew(eventbridge, ticks):
    eventbridge.rule("r", schedule="rate(10 minutes)", targets=[ticks])
    eventbridge.clock.advance(minutes=5)
    eventbridge.rule("r", schedule="rate(10 minutes)")
    eventbridge.clock.advance(minutes=15)

    assert ticks.times == ["01 00:15:30"]


def test_another_rule_being_put_does_not_disturb_it(eventbridge, ticks):
    eventbridge.rule("r", schedule="rate(10 minutes)", targets=[ticks])
    eventbridge.clock.advance(minutes=5)
    eventbridge.rule("other", pattern={"source": ["s"]})
    eventbridge.clock.advance(minutes=5)

    assert ticks.times == ["01 00:10:30"]


def test_a_rule_that_a_handler_deletes_stops_at_once(eventbridge):
    runs = []

    def once(event, context):
        runs.append(event["time"])
        events = boto3.client("events")
        events.remove_targets(Rule="r", Ids=["once"])
        events.delete_rule(Name="r")

    eventbridge.rule("r", schedule="rate(1 minute)", targets=[once])
    eventbridge.clock.advance(hours=1)

    assert runs == ["2026-03-01T00:01:30Z"]
    assert eventbridge.pending == []


def test_a_rule_that_a_handler_puts_fires_from_then_on(eventbridge, ticks):
    def put_another(event, context):
        eventbridge.rule("second", schedule="rate(2 minutes)", targets=[ticks])
        eventbridge.rule("first").disable()

    eventbridge.rule("first", schedule="rate(1 minute)", targets=[put_another])
    eventbridge.clock.advance(minutes=6)

    assert ticks.times == ["01 00:03:30", "01 00:05:30"]


def test_what_comes_is_told_without_moving(eventbridge):
    rule = eventbridge.rule("r", schedule="rate(5 minutes)")
    eventbridge.rule("noon", schedule="cron(0 12 * * ? *)")

    assert [f"{each:%H:%M:%S}" for each in rule.next_occurrences(2)] == ["00:05:30", "00:10:30"]
    assert [each.label for each in eventbridge.clock.upcoming(2)] == ["rule 'r' on its schedule rate(5 minutes)"] * 2
    assert [f"{each.instant:%H:%M}" for each in eventbridge.clock.upcoming(1, eventbridge.rule("noon"))] == ["12:00"]
    assert [repr(each) for each in eventbridge.pending] == [
        "<2026-03-01T00:05:30Z rule 'r' on its schedule rate(5 minutes)>",
        "<2026-03-01T12:00:00Z rule 'noon' on its schedule cron(0 12 * * ? *)>",
    ]
    assert eventbridge.events == []


def test_a_rule_can_be_run_now(eventbridge, ticks):
    rule = eventbridge.rule("r", schedule="cron(0 12 * * ? *)", targets=[ticks])

    event = rule.run_now()

    assert event.detail_type == "Scheduled Event"
    assert ticks.times == ["01 00:00:30"]


def test_a_rule_without_a_schedule_has_no_occurrences(eventbridge):
    rule = eventbridge.rule("r", pattern={"source": ["s"]})

    for ask in (rule.run_now, lambda: rule.next_occurrences(1)):
        with pytest.raises(InvalidInputError, match="rule 'r' has no schedule, only the pattern"):
            ask()


def test_a_schedule_of_the_past_is_accepted_and_never_fires(eventbridge):
    rule = eventbridge.rule("r", schedule="cron(0 12 * * ? 2020)")

    assert rule.next_occurrences(5) == []
    assert eventbridge.clock.advance(days=400) == []


def test_rules_fire_in_every_region(eventbridge):
    boto3.client("events", region_name="eu-west-1").put_rule(Name="r", ScheduleExpression="rate(1 day)")

    eventbridge.clock.advance(days=1)

    assert eventbridge.events.one().region == "eu-west-1"


@pytest.mark.eventbridge(delivery="manual")
def test_in_manual_mode_the_clock_still_does_what_falls_due(eventbridge, ticks):
    eventbridge.rule("r", schedule="rate(1 day)", targets=[ticks])

    eventbridge.clock.advance(days=1)

    assert len(ticks.times) == 1
