"""Verdicts of AWS's engine, each a test: the pattern and the event as texts, and what AWS said."""

import gzip
import json
from pathlib import Path

import pytest

from pytest_eventbridge.patterns import EventPattern, InvalidEventPatternError

with gzip.open(Path(__file__).parents[1] / "data" / "patterns.jsonl.gz", "rt", encoding="utf-8") as lines:
    VERDICTS = [json.loads(line) for line in lines]
ACCEPTED = [(each["pattern"], each["event"], each["match"]) for each in VERDICTS if "match" in each]
REJECTED = [each["pattern"] for each in VERDICTS if "rejected" in each]


@pytest.mark.parametrize(("pattern", "event", "match"), ACCEPTED, ids=range(len(ACCEPTED)))
def test_matching_agrees_with_aws(pattern, event, match):
    assert EventPattern(pattern).matches(event) is match


@pytest.mark.parametrize("pattern", REJECTED, ids=range(len(REJECTED)))
def test_aws_rejects_what_we_refuse(pattern):
    with pytest.raises(InvalidEventPatternError, match=r"^Event pattern is not valid\. Reason: "):
        EventPattern(pattern)


def test_explaining_agrees_with_aws_too():
    wrong = [
        (pattern, event)
        for pattern, event, match in ACCEPTED
        if EventPattern(pattern).explain(event).matches is not match
    ]

    assert wrong == []
