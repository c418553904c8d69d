"""Load: events through eight threads against 50 rules with functions, queues and buses, beside moto with a no-op."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator

import boto3

from benchmarks import measuring
from benchmarks.measuring import Comparison
from benchmarks.publishing import _moto, _nothing
from pytest_eventbridge import Target
from pytest_eventbridge.configuration import Settings
from pytest_eventbridge.running import running

EVENTS, THREADS, RULES, A_CALL = 20_000, 8, 50, 10
WORK = "arn:aws:sqs:us-east-1:123456789012:work"
ROLE = "arn:aws:iam::123456789012:role/r"


def comparisons() -> Iterator[Comparison]:
    count = 400 if measuring.is_quick else EVENTS
    with running(Settings()) as eventbridge:
        boto3.client("sqs").create_queue(QueueName="work")
        elsewhere = Target(eventbridge.bus("elsewhere").arn, role_arn=ROLE)

        def handler(event: object, context: object) -> None:
            pass

        for number in range(RULES):
            target = (handler, WORK, elsewhere)[number % 3]
            eventbridge.rule(f"r{number}", pattern={"source": [f"s{number}"]}, targets=[target])
        eventbridge.rule("arrived", bus="elsewhere", pattern={"source": [{"prefix": "s"}]}, targets=[handler])
        _publish(A_CALL * THREADS)
        ours = _publish(count) / count
        with _moto(_nothing):
            theirs = _publish(count) / count
    yield Comparison("an event, of ten a call, delivered", ours, "moto with a no-op", theirs)


def _publish(count: int) -> float:
    """Publish events through all threads, and return how many seconds that took."""

    def publish(numbers: range) -> None:
        client = boto3.client("events")
        for start in range(0, len(numbers), A_CALL):
            entries = [
                {"Source": f"s{n % RULES}", "DetailType": "Counted", "Detail": json.dumps({"n": n})}
                for n in numbers[start : start + A_CALL]
            ]
            client.put_events(Entries=entries)

    threads = [threading.Thread(target=publish, args=(range(count)[k::THREADS],)) for k in range(THREADS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start
