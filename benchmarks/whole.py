"""A whole suite of 1,000 tests, beside the same suite written by hand on bare moto with a queue for every event."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.measuring import Comparison
from benchmarks.suites import compare_suites

OURS = """
import pytest
import boto3

received = []


def handler(event, context):
    received.append(event["detail"])


@pytest.mark.parametrize("n", range(1000))
def test_an_event_reaches_its_function(eventbridge, n):
    eventbridge.rule("r", pattern={"source": ["shop"]}, targets=[handler])
    boto3.client("events").put_events(Entries=[{"Source": "shop", "DetailType": "Paid", "Detail": '{"n": %d}' % n}])
    eventbridge.assert_event_published(source="shop", detail={"n": n})
    eventbridge.assert_function_invoked(handler)
"""

BY_HAND = """
import json
import boto3
import pytest
from moto import mock_aws

received = []


def handler(event, context):
    received.append(event["detail"])


@pytest.fixture
def queue(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        sqs, events = boto3.client("sqs"), boto3.client("events")
        url = sqs.create_queue(QueueName="all")["QueueUrl"]
        events.put_rule(Name="all", EventPattern='{"source": ["shop"]}')
        events.put_targets(Rule="all", Targets=[{"Id": "all", "Arn": "arn:aws:sqs:us-east-1:123456789012:all"}])
        yield sqs, url


@pytest.mark.parametrize("n", range(1000))
def test_an_event_reaches_its_function(queue, n):
    sqs, url = queue
    boto3.client("events").put_events(Entries=[{"Source": "shop", "DetailType": "Paid", "Detail": '{"n": %d}' % n}])
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    event = json.loads(message["Body"])
    assert event["source"] == "shop" and event["detail"] == {"n": n}
    handler(event, None)
"""


def comparisons() -> Iterator[Comparison]:
    yield compare_suites("a suite of 1,000 tests", OURS, "by hand on bare moto", BY_HAND, rounds=1)
    parallel = ("-p", "xdist", "-n", "2")
    yield compare_suites(
        "a suite of 1,000 tests, -n 2", OURS, "by hand on bare moto, -n 2", BY_HAND,
        options=parallel, their_options=parallel, rounds=1,
    )  # fmt: skip
