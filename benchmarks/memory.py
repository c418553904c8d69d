"""Memory: what is recorded of an event, beside the decoded event itself; and whether it grows in proportion.

Measured in a process of its own: what others have freed would be used first.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
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
    command = [sys.executable, "-m", "benchmarks.memory", str(count)]
    measured = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    first, second, envelope = measured["first"], measured["second"], measured["envelope"]
    event = (first + second) / 2
    yield Comparison("an event with its delivery and run", event, "its decoded envelope", envelope, unit="B")
    yield Comparison("an event of the second half", second, "of the first half", first, target=1.2, unit="B")
    yield Comparison("events in a megabyte", 1e6 / event, "decoded envelopes", 1e6 / envelope, unit="")


def measure(count: int) -> dict[str, float]:
    """Return the bytes of an event of the first half, of the second, and of a decoded envelope."""
    with running(Settings()) as eventbridge:
        eventbridge.rule("r", pattern={"source": ["shop"]}, targets=[lambda event, context: None])
        _publish(0, count // 10)
        start = _resident_bytes()
        _publish(0, count // 2)
        half = _resident_bytes()
        _publish(count // 2, count)
        whole = _resident_bytes()
        kept = [json.loads(event.text) for event in eventbridge.events]
        envelopes = _resident_bytes() - whole
    return {
        "first": (half - start) / (count / 2),
        "second": (whole - half) / (count / 2),
        "envelope": envelopes / len(kept),
    }


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


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
