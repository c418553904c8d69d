"""Verdicts on schedule expressions: the next times of cron expressions, in UTC and round the offset changes of zones."""

import gzip
import json
from itertools import islice
from pathlib import Path

import pytest

from pytest_eventbridge.schedules import InvalidScheduleExpressionError, ScheduleExpression

DATA = Path(__file__).parents[1] / "data"


def verdicts(name):
    with gzip.open(DATA / name, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


CRON = verdicts("cron.jsonl.gz")
ZONES = verdicts("cron-zones.jsonl.gz")


def next_times(verdict):
    expression = ScheduleExpression(f"cron({verdict['cron']})", timezone=verdict.get("tz", "UTC"), service="scheduler")
    count = len(verdict["next"]) or 1
    return [f"{each:%Y-%m-%dT%H:%M:%SZ}" for each in islice(expression.occurrences(verdict["after"]), count)]


@pytest.mark.parametrize("verdict", [each for each in CRON if "next" in each], ids=lambda each: each["cron"])
def test_next_times_agree(verdict):
    assert next_times(verdict) == verdict["next"]


@pytest.mark.parametrize("verdict", ZONES, ids=lambda each: f"{each['tz']} {each['cron']}")
def test_next_times_agree_round_offset_changes(verdict):
    assert next_times(verdict) == verdict["next"]


@pytest.mark.parametrize("verdict", [each for each in CRON if "rejected" in each], ids=lambda each: each["cron"])
def test_what_aws_does_not_document_is_refused(verdict):
    with pytest.raises(InvalidScheduleExpressionError, match=r"^Parameter ScheduleExpression is not valid\. "):
        ScheduleExpression(f"cron({verdict['cron']})")
