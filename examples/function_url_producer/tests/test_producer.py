"""What the function answers, and what it publishes."""

import base64
import json
import sys

import boto3
import pytest
from function_url_producer.producer import StartError, start

from pytest_eventbridge import FunctionError

MESSAGE = {"title": "hello", "text": "from a function URL"}
BODY = json.dumps(MESSAGE)


def test_a_message_is_published_and_answered_with_its_id(eventbridge, post):
    status, answer = post(BODY)

    event = eventbridge.assert_event_published(
        source="RustDemo", detail_type="rust-demo", bus="messages", detail=MESSAGE, exact=True
    )
    assert (status, answer) == (200, {"eventId": event.id})


def test_an_encoded_body_is_decoded(eventbridge, post):
    status, _ = post(base64.b64encode(BODY.encode()).decode(), encoded=True)

    assert status == 200
    eventbridge.assert_event_published(detail=MESSAGE)


def test_only_the_message_is_published(eventbridge, post):
    post(json.dumps({**MESSAGE, "password": "secret"}))

    eventbridge.assert_event_published(detail=MESSAGE, exact=True)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("", "the body is not JSON"),
        ("{", "the body is not JSON"),
        ("[]", "the body is not a JSON object"),
        ('{"text": "x"}', "'title' must be a text"),
        ('{"title": "x", "text": 1}', "'text' must be a text"),
        ('{"title": "x", "text": ""}', "'text' must be a text"),
    ],
)
def test_a_bad_body_is_answered_with_what_is_wrong(eventbridge, post, body, error):
    assert post(body) == (400, {"error": error})

    eventbridge.assert_nothing_published()


def test_a_rejected_entry_is_answered_with_its_error(eventbridge, post):
    eventbridge.faults.fail_entries("InternalFailure")

    assert post(BODY) == (400, {"error": "InternalFailure"})

    eventbridge.assert_entry_rejected("InternalFailure")


def test_throttling_is_overcome_by_boto3(eventbridge, post):
    eventbridge.faults.throttle_put_events(times=2)

    assert post(BODY)[0] == 200


def test_throttling_that_does_not_end_is_answered_with_its_error(eventbridge, monkeypatch):
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    boto3.setup_default_session()
    monkeypatch.setenv("EVENT_BUS_NAME", eventbridge.bus("messages").name)
    eventbridge.faults.throttle_put_events()

    answer = start()({"body": BODY}, None)

    assert (answer["statusCode"], json.loads(answer["body"])) == (400, {"error": "ThrottlingException"})


def test_requests_share_one_client(eventbridge, post, monkeypatch):
    monkeypatch.setattr(boto3, "client", lambda *args, **kwargs: pytest.fail("a client of its own"))

    assert [post(BODY)[0] for _ in range(3)] == [200, 200, 200]


def test_without_an_event_bus_it_does_not_start(eventbridge, monkeypatch):
    monkeypatch.delenv("EVENT_BUS_NAME", raising=False)

    with pytest.raises(StartError, match="EVENT_BUS_NAME is not set: it must name the event bus to publish on"):
        start()


@pytest.fixture
def cold(monkeypatch):
    """Lambda loads the entry point anew in each execution environment."""
    monkeypatch.delitem(sys.modules, "function_url_producer.entrypoint", raising=False)


def test_lambda_would_report_that_it_does_not_start(eventbridge, cold, monkeypatch):
    monkeypatch.delenv("EVENT_BUS_NAME", raising=False)

    with pytest.raises(FunctionError, match="importing .* raised StartError: EVENT_BUS_NAME is not set"):
        eventbridge.function("function_url_producer.entrypoint.handler")


def test_lambda_starts_it_by_its_entry_point(eventbridge, cold, monkeypatch):
    monkeypatch.setenv("EVENT_BUS_NAME", eventbridge.bus("messages").name)
    function = eventbridge.function("function_url_producer.entrypoint.handler")

    answer = function.invoke({"body": BODY})

    assert answer["statusCode"] == 200
    eventbridge.assert_event_published(bus="messages", detail=MESSAGE)
