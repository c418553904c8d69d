"""Laws of the clock: how a span is divided changes nothing, also with schedules, retries and failing targets in flight."""

from datetime import UTC, datetime

import boto3
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_eventbridge import Target
from pytest_eventbridge.configuration import Settings
from pytest_eventbridge.running import running

START = datetime(2026, 3, 1, tzinfo=UTC)
WORK = "arn:aws:sqs:us-east-1:123456789012:work"
ROLE = "arn:aws:iam::123456789012:role/r"

SPLITS = st.lists(st.integers(0, 400), min_size=1, max_size=6)


def story(steps):
    """Advance by some steps, and tell what happened when."""
    with running(Settings(now=START)) as eventbridge:

        def fail(event, context):
            raise ValueError

        def pass_on(event, context):
            eventbridge.publish("shop", "Passed")

        eventbridge.rule("failing", schedule="rate(1 minute)", targets=[fail])
        eventbridge.rule("passing", schedule="cron(*/2 * * * ? *)", targets=[pass_on])
        eventbridge.rule("work", pattern={"source": ["shop"]}, targets=[Target(WORK, retry_policy=(5, 3600))])
        boto3.client("scheduler").create_schedule(
            Name="s",
            ScheduleExpression="rate(3 minutes)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": WORK, "RoleArn": ROLE, "RetryPolicy": {"MaximumRetryAttempts": 1}},
        )
        eventbridge.faults.fail_delivery("work", "THROTTLING", times=1000)
        occurrences = [each for seconds in steps for each in eventbridge.clock.advance(seconds=seconds)]
        runs = [(run.started_at, run.function, run.attempt) for run in eventbridge.invocations]
        sent = [(each.sender, each.status, each.attempts, each.started_at) for each in eventbridge.deliveries]
        return occurrences, runs, sent, [repr(work) for work in eventbridge.pending], eventbridge.clock.now


@settings(max_examples=25)
@given(SPLITS)
def test_splitting_an_advance_changes_nothing(steps):
    assert story(steps) == story([sum(steps)])
