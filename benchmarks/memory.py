"""Memory: what is recorded of an event, beside the decoded event itself; and whether it grows in proportion."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from pathlib import Path

import boto3

from benchmarks import measuring
from benchmarks.measuring import Comparison
from pytest_eventbridge.configuration import Settings
from pytest_eventbridge.running import running

EVENTS = 100_000
A_CALL = 10
_PAGE = 4096


def comparisons() -> Iterator[Comparison]:
    count = 1_000 if measuring.is_quick else EVENTS
    with running(Settings()) as eventbridge:
        eventbridge.rule("r", pattern={"source": ["shop"]}, targets=[lambda event, context: None])
        _publish(0, count // 100)
        start = _resident_bytes()
        _publish(0, count // 2)
        half = _resident_bytes()
        _publish(count // 2, count)
        whole = _resident_bytes()
        kept = [json.loads(event.text) for event in eventbridge.events]
        plain = _resident_bytes() - whole
    per_event, per_envelope = (whole - start) / count, plain / len(kept)
    first, second = ((end - begin) / (count / 2) for begin, end in ((start, half), (half, whole)))
    yield Comparison("an event with its delivery and run", per_event, "its decoded envelope", per_envelope, unit="B")
    yield Comparison("an event of the second half", second, "of the first half", first, target=1.2, unit="B")
    yield Comparison("events in a megabyte", 1e6 / per_event, "decoded envelopes", 1e6 / per_envelope, unit="")


def _publish(start: int, end: int) -> None:
    client = boto3.client("events")
    for first in range(start, end, A_CALL):
        entries = [
            {"Source": "shop", "DetailType": "Paid", "Detail": json.dumps({"order": {"id": n, "total": 30}})}
            for n in range(first, first + A_CALL)
        ]
        client.put_events(Entries=entries)


def _resident_bytes() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE
