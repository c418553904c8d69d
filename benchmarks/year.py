"""A simulated year of ``rate(1 minute)`` with an empty handler, end to end. Takes a minute, so only by name."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from benchmarks.measuring import Comparison
from pytest_eventbridge.configuration import Settings
from pytest_eventbridge.running import running

START = datetime(2026, 1, 1, tzinfo=UTC)
MINUTES = 525_600


class _Clock:
    """Out of freezegun's sight."""

    read = staticmethod(time.perf_counter)


def comparisons() -> Iterator[Comparison]:
    def handler(event: object, context: object) -> None:
        pass

    with running(Settings(now=START)) as eventbridge:
        eventbridge.rule("tick", schedule="rate(1 minute)", targets=[handler])
        start = _Clock.read()
        for _ in range(365):
            eventbridge.clock.advance(days=1)
        ours = _Clock.read() - start
        assert len(eventbridge.invocations) == MINUTES

    start, at = _Clock.read(), START
    for _ in range(MINUTES):
        at += timedelta(minutes=1)
        handler({"time": f"{at:%Y-%m-%dT%H:%M:%SZ}"}, None)
    yield Comparison("a year of rate(1 minute)", ours, "adding timedeltas, and a call", _Clock.read() - start)
