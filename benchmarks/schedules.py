"""Schedules: occurrences beside other libraries' and beside additions; firings end to end; what the clock costs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from croniter import croniter
from cronsim import CronSim

from benchmarks.measuring import Comparison, compare
from benchmarks.suites import compare_suites
from pytest_eventbridge.configuration import Settings
from pytest_eventbridge.running import running
from pytest_eventbridge.schedules import ScheduleExpression

START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2027, 1, 1, tzinfo=UTC)
FIVE_MINUTES = timedelta(minutes=5)
FIRINGS = 2_000


def comparisons() -> Iterator[Comparison]:
    expression = ScheduleExpression("cron(*/5 * * * ? *)")

    def ours() -> int:
        return sum(1 for _ in expression.occurrences(START, end=END))

    def theirs_croniter() -> int:
        times = croniter("*/5 * * * *", START)
        count = 0
        while times.get_next(datetime) <= END:
            count += 1
        return count

    def theirs_cronsim() -> int:
        count = 0
        for time in CronSim("*/5 * * * *", START):
            if time > END:
                return count
            count += 1
        return count

    def additions() -> int:
        time, count = START, 0
        while (time := time + FIVE_MINUTES) <= END:
            count += 1
        return count

    assert ours() == theirs_croniter() == theirs_cronsim() == additions()
    yield compare("a year of */5, all occurrences", ours, "croniter", theirs_croniter, target=0.1, rounds=3)
    yield compare("a year of */5, all occurrences", ours, "cronsim", theirs_cronsim, target=0.1)
    yield compare("a year of */5, all occurrences", ours, "adding timedeltas", additions)
    yield _next_of_a_rare_one()
    yield _firings()
    yield compare_suites(
        "a test with the clock, of 500",
        'import pytest\n@pytest.mark.eventbridge(now="2026-03-01")\n@pytest.mark.parametrize("n", range(500))\n'
        "def test(eventbridge, n): eventbridge.clock.advance(minutes=1)\n",
        "the same without the clock",
        'import pytest\n@pytest.mark.eventbridge\n@pytest.mark.parametrize("n", range(500))\n'
        "def test(eventbridge, n): pass\n",
        tests=500,
        most=0.001,
    )


def _next_of_a_rare_one() -> Comparison:
    yearly, minutely = ScheduleExpression("cron(0 0 29 2 ? *)"), ScheduleExpression("cron(* * * * ? *)")
    return compare(
        "next occurrence: every 29th of February",
        lambda: yearly.next_occurrence(START),
        "every minute",
        lambda: minutely.next_occurrence(START),
    )


def _firings() -> Comparison:
    """Let a rule with an empty handler fire, and compare with calling as many empty functions at frozen times."""

    def handler(event: object, context: object) -> None:
        pass

    with running(Settings(now=START)) as eventbridge:
        eventbridge.rule("tick", schedule="rate(1 minute)", targets=[handler])

        def peer() -> None:
            from freezegun import freeze_time

            with freeze_time(eventbridge.clock.now.replace(tzinfo=None)) as frozen:
                for _ in range(FIRINGS):
                    frozen.tick(timedelta(minutes=1))
                    handler({}, None)

        def ours() -> None:
            eventbridge.clock.advance(minutes=FIRINGS)

        return compare(
            "a firing of rate(1 minute), end to end", ours, "freezegun's tick and a call", peer, per=FIRINGS, most=50e-6
        )
