"""The clock: it stands still, moves only forward, and what falls due on the way is done at its own instant."""

import asyncio
import subprocess
import sys
import threading
import time
from datetime import UTC, date, datetime, timedelta

import boto3
import freezegun
import pytest

from pytest_eventbridge import InvalidInputError

START = datetime(2026, 3, 1, tzinfo=UTC)


def test_time_stands_still_where_it_is_frozen(eventbridge):
    eventbridge.clock.freeze(START)

    assert datetime.now(UTC) == eventbridge.clock.now == START
    assert time.time() == START.timestamp()
    assert eventbridge.publish("s", "d").envelope["time"] == "2026-03-01T00:00:00Z"


@pytest.mark.parametrize(
    "instant",
    [START, datetime(2026, 3, 1), date(2026, 3, 1), "2026-03-01T01:00:00+01:00", "2026-03-01", START.timestamp()],
)
def test_instants_are_taken_as_boto3_takes_them(eventbridge, instant):
    assert eventbridge.clock.freeze(instant) == START


def test_without_an_instant_it_freezes_where_it_is(eventbridge):
    before = datetime.now(UTC)
    frozen = eventbridge.clock.freeze()

    assert before <= frozen == datetime.now(UTC)


def test_rules_that_are_there_already_begin_where_it_freezes(eventbridge):
    rule = eventbridge.rule("r", schedule="rate(1 hour)")

    eventbridge.clock.freeze("2001-01-01")

    assert [f"{each:%Y %H:%M}" for each in rule.next_occurrences(1)] == ["2001 01:00"]


def test_it_advances_by_spans_and_to_instants(eventbridge):
    clock = eventbridge.clock
    clock.freeze(START)

    clock.advance(days=1, hours=2, minutes=3, seconds=4)
    assert clock.now == datetime(2026, 3, 2, 2, 3, 4, tzinfo=UTC)
    clock.advance(timedelta(seconds=6))
    clock.move_to("2026-03-02T02:03:11Z")
    assert datetime.now(UTC) == clock.now == datetime(2026, 3, 2, 2, 3, 11, tzinfo=UTC)


@pytest.mark.parametrize("move", [lambda c: c.move_to("2026-02-28"), lambda c: c.freeze("2026-02-28")])
def test_it_never_goes_back(eventbridge, move):
    eventbridge.clock.freeze(START)

    with pytest.raises(InvalidInputError, match="the clock cannot go back: it is 2026-03-01T00:00:00Z"):
        move(eventbridge.clock)


def test_what_is_no_instant_is_refused(eventbridge):
    with pytest.raises(InvalidInputError, match="'tomorrow' is not an instant: give a datetime, ISO 8601 text"):
        eventbridge.clock.move_to("tomorrow")


@pytest.mark.eventbridge(allow=["handler-errors"])
def test_running_until_idle_does_retries_and_lets_schedules_go(eventbridge):
    def fail(event, context):
        raise ValueError

    eventbridge.clock.freeze(START)
    eventbridge.rule("s", schedule="rate(2 minutes)")
    eventbridge.rule("r", pattern={"source": ["shop"]}, targets=[fail])
    eventbridge.publish("shop", "Paid")

    done = eventbridge.clock.run_until_idle()

    assert [f"{each.instant:%H:%M}" for each in done] == ["00:01", "00:03"]
    assert len(eventbridge.events) == 1
    assert [f"{each.instant:%H:%M}" for each in eventbridge.clock.upcoming(2)] == ["00:04", "00:06"]


def test_what_runs_away_is_named(eventbridge, monkeypatch):
    monkeypatch.setattr("pytest_eventbridge.clock._OCCURRENCES_A_MOVE", 10)
    eventbridge.rule("often", schedule="rate(1 minute)")

    with pytest.raises(InvalidInputError) as stopped:
        eventbridge.clock.advance(days=1)

    assert str(stopped.value) == (
        "the clock was stopped after 10 occurrences in one move: rule 'often' on its schedule rate(1 minute) came 10 times."
        " Move it less far at once, or disable what runs away."
    )


class TestTraps:
    def test_long_polling_returns_under_a_still_clock(self, eventbridge):
        sqs = boto3.client("sqs")
        url = sqs.create_queue(QueueName="q", Attributes={"ReceiveMessageWaitTimeSeconds": "20"})["QueueUrl"]
        eventbridge.clock.freeze()

        assert "Messages" not in sqs.receive_message(QueueUrl=url)
        assert "Messages" not in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)

    def test_asyncio_sleeps_under_a_still_clock(self, eventbridge):
        eventbridge.clock.freeze(START)

        async def body():
            await asyncio.wait_for(asyncio.sleep(0.001), timeout=5)
            return datetime.now(UTC)

        assert asyncio.run(body()) == START

    def test_time_outs_of_subprocesses_come_under_a_still_clock(self, eventbridge):
        eventbridge.clock.freeze(START)

        with pytest.raises(subprocess.TimeoutExpired):
            subprocess.run([sys.executable, "-c", "import time; time.sleep(60)"], timeout=0.2, check=False)

    def test_handlers_run_on_the_tests_own_thread(self, eventbridge):
        threads = []
        eventbridge.rule(
            "s", schedule="rate(1 minute)", targets=[lambda e, c: threads.append(threading.current_thread())]
        )

        eventbridge.clock.advance(minutes=1)

        assert threads == [threading.current_thread()]

    def test_visibility_follows_the_clock(self, eventbridge):
        sqs = boto3.client("sqs")
        url = sqs.create_queue(QueueName="q")["QueueUrl"]
        eventbridge.clock.freeze()
        sqs.send_message(QueueUrl=url, MessageBody="x")

        assert "Messages" in sqs.receive_message(QueueUrl=url)
        assert "Messages" not in sqs.receive_message(QueueUrl=url)
        eventbridge.clock.advance(seconds=31)
        assert "Messages" in sqs.receive_message(QueueUrl=url)

    def test_a_freeze_of_the_users_own_is_the_start(self, eventbridge):
        with freezegun.freeze_time("2020-02-02"):
            assert eventbridge.publish("s", "d").envelope["time"] == "2020-02-02T00:00:00Z"
            eventbridge.clock.advance(hours=1)
            assert datetime.now(UTC) == datetime(2020, 2, 2, 1, tzinfo=UTC)
            eventbridge.clock.stop()
            assert datetime.now(UTC) == datetime(2020, 2, 2, tzinfo=UTC)


def test_what_signs_certificates_first_under_a_still_clock_works_under_the_real_one_too(pytester):
    pytester.makepyfile(
        """
        import boto3

        def publish():
            topic = boto3.client("sns").create_topic(Name="t")["TopicArn"]
            boto3.client("sqs").create_queue(QueueName="q")
            boto3.client("sns").subscribe(
                TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:123456789012:q"
            )
            boto3.client("sns").publish(TopicArn=topic, Message="x")

        def test_frozen(eventbridge):
            eventbridge.clock.freeze("2026-03-01")
            publish()

        def test_without_the_fixture():
            pass

        def test_real(eventbridge):
            publish()
        """
    )

    pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:randomly").assert_outcomes(passed=3)


def test_other_tests_meet_the_real_clock(pytester):
    pytester.makepyfile(
        """
        import datetime, sys

        def test_clock(eventbridge):
            eventbridge.clock.freeze("2001-01-01")

        def test_clock_again(eventbridge):
            assert datetime.datetime.now().year > 2025
            eventbridge.clock.advance(days=1)

        def test_other():
            assert type(datetime.datetime.now()) is datetime.datetime
            assert sys.modules["pytest_eventbridge.clock"]._outer == []
        """
    )

    pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:randomly").assert_outcomes(passed=3)
