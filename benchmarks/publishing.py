"""PutEvents: a round trip through boto3, with rules and targets, beside moto with nothing behind it, and moto's own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from moto.core.responses import BaseResponse
from moto.events.models import EventsBackend
from moto.events.responses import EventsHandler
from moto.sqs.models import sqs_backends

from benchmarks.measuring import Comparison, compare
from pytest_eventbridge.configuration import Settings
from pytest_eventbridge.eventbridge import EventBridge
from pytest_eventbridge.running import running

ENTRY = {"Source": "shop", "DetailType": "Paid", "Detail": json.dumps({"order": {"id": 1, "total": 30}})}
_MOTOS = EventsBackend.put_events

QUEUE = "arn:aws:sqs:us-east-1:123456789012:work"


def comparisons() -> Iterator[Comparison]:
    yield _against_floor("0 rules", lambda eventbridge: None)
    yield _against_floor("1 rule with a function", _function, target=1.3)
    yield _against_floor("100 rules, none matching", lambda eventbridge: _rules(eventbridge, 100), target=1.1)
    yield _against_moto("1 rule with a queue", 1, target=0.25)
    yield _against_moto("100 rules with a queue", 100, target=0.05)


def _function(eventbridge: EventBridge) -> None:
    eventbridge.rule("r", pattern={"source": ["shop"]}, targets=[lambda event, context: None])


def _rules(eventbridge: EventBridge, count: int) -> None:
    for number in range(count):
        eventbridge.rule(f"r{number}", pattern={"source": [f"other{number}"]})


def _against_floor(what: str, prepare: Callable[[EventBridge], None], target: float | None = None) -> Comparison:
    """Compare with the same call when moto has a no-op in place of PutEvents: what boto3 and moto cost in any case."""
    with running(Settings()) as eventbridge:
        prepare(eventbridge)
        client = boto3.client("events")

        def call() -> None:
            client.put_events(Entries=[ENTRY])

        def floor() -> None:
            with _moto(_nothing):
                client.put_events(Entries=[ENTRY])

        return compare(what, call, "moto with a no-op", floor, target=target)


@contextmanager
def _moto(put_events: Any) -> Iterator[None]:
    """Have moto answer as if we were not there, with its own PutEvents or another."""
    ours = EventsBackend.put_events, EventsHandler.call_action
    EventsBackend.put_events, EventsHandler.call_action = put_events, BaseResponse.call_action
    try:
        yield
    finally:
        EventsBackend.put_events, EventsHandler.call_action = ours


def _nothing(self: Any, events: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{"EventId": "x"} for _ in events]


def _against_moto(what: str, count: int, target: float | None = None) -> Comparison:
    """Compare with moto's own delivery of the same event to the same queue, emptied after each call."""
    with running(Settings()) as eventbridge:
        events = boto3.client("events")
        boto3.client("sqs").create_queue(QueueName="work")
        messages = sqs_backends["123456789012"]["us-east-1"].queues["work"]._messages
        for number in range(count):
            eventbridge.rule(f"r{number}", pattern={"source": ["shop"]}, targets=[QUEUE])

        def call() -> None:
            events.put_events(Entries=[ENTRY])
            messages.clear()  # moto counts a queue's messages with every message that it takes

        def theirs() -> None:
            with _moto(_MOTOS):
                call()

        return compare(what, call, "moto", theirs, target=target)
