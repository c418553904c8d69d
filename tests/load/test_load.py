"""A hundred thousand events through eight threads: none is lost, none comes twice, and memory stays in proportion."""

import gc
import json
import threading
from collections import Counter

import boto3
from moto.sqs.models import sqs_backends

from pytest_eventbridge import Target

EVENTS, THREADS, RULES, A_CALL = 100_000, 8, 50, 10
WORK = "arn:aws:sqs:us-east-1:123456789012:work"
ROLE = "arn:aws:iam::123456789012:role/r"


def test_a_hundred_thousand_events_through_eight_threads(eventbridge):
    by_function, by_arrival = Counter(), Counter()

    def count(event, context):
        by_function[event["detail"]["n"]] += 1

    def arrived(event, context):
        by_arrival[event["detail"]["n"]] += 1

    boto3.client("sqs").create_queue(QueueName="work")
    elsewhere = Target(eventbridge.bus("elsewhere").arn, role_arn=ROLE)
    for number in range(RULES):
        target = (count, WORK, elsewhere)[number % 3]
        eventbridge.rule(f"r{number}", pattern={"source": [f"s{number}"]}, targets=[target])
    eventbridge.rule("arrived", bus="elsewhere", pattern={"source": [{"prefix": "s"}]}, targets=[arrived])

    before = _objects()
    _publish(range(EVENTS // 2))
    half = _objects()
    _publish(range(EVENTS // 2, EVENTS))
    whole = _objects()

    numbers = {kind: [n for n in range(EVENTS) if n % RULES % 3 == kind] for kind in range(3)}
    messages = sqs_backends["123456789012"]["us-east-1"].queues["work"]._messages
    in_queue = Counter(json.loads(message.body)["detail"]["n"] for message in messages)
    assert by_function == Counter(numbers[0])
    assert in_queue == Counter(numbers[1])
    assert by_arrival == Counter(numbers[2])
    assert len(eventbridge.events) == EVENTS + len(numbers[2])
    assert [event.number for event in eventbridge.events] == list(range(len(eventbridge.events)))
    assert {delivery.status for delivery in eventbridge.deliveries} == {"delivered"}
    assert whole - half <= 1.1 * (half - before), "memory grows faster than what is recorded"


def _objects():
    gc.collect()
    return len(gc.get_objects())


def _publish(numbers):
    failures = []

    def publish(mine):
        client = boto3.client("events")
        for start in range(0, len(mine), A_CALL):
            entries = [
                {"Source": f"s{n % RULES}", "DetailType": "Counted", "Detail": json.dumps({"n": n})}
                for n in mine[start : start + A_CALL]
            ]
            if client.put_events(Entries=entries)["FailedEntryCount"]:
                failures.append(mine)

    threads = [threading.Thread(target=publish, args=(numbers[k::THREADS],)) for k in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
