"""Finding the patterns that match among many."""

import pytest

from pytest_eventbridge.patterns import EventPattern, PatternIndex

PATTERNS = {
    "orders": {"source": ["orders"]},
    "paid": {"source": ["orders"], "detail-type": ["Paid"]},
    "either": {"source": ["orders", "mail"], "detail-type": ["Paid", "Sent"]},
    "any source": {"detail-type": ["Paid"]},
    "prefix": {"source": [{"prefix": "ord"}]},
    "or": {"$or": [{"source": ["orders"]}, {"detail": {"x": [1]}}]},
    "address": {"source": ["10.0.0.1"]},
    "never": {"source": ["billing"]},
}


@pytest.fixture
def index():
    return PatternIndex((name, EventPattern(pattern)) for name, pattern in PATTERNS.items())


@pytest.mark.parametrize(
    "event",
    [
        {"source": "orders", "detail-type": "Paid"},
        {"source": "orders", "detail-type": "Sent"},
        {"source": "mail", "detail-type": "Sent", "detail": {"x": 1}},
        {"source": "010.0.0.01", "detail-type": "Paid"},
        {"source": ["orders", "billing"], "detail-type": "Paid"},
        {"detail-type": "Paid"},
        {},
    ],
)
def test_the_index_finds_what_a_walk_over_all_finds(index, event):
    expected = [name for name, pattern in PATTERNS.items() if EventPattern(pattern).matches(event)]

    assert index.matching(event) == expected


def test_matches_come_in_the_order_of_filing(index):
    assert index.matching({"source": "orders", "detail-type": "Paid"}) == [
        "orders", "paid", "either", "any source", "prefix", "or",
    ]  # fmt: skip


def test_patterns_of_other_sources_are_not_walked(monkeypatch):
    walked = []
    matches = EventPattern.matches
    index = PatternIndex((number, EventPattern({"source": [f"s{number}"]})) for number in range(1000))
    monkeypatch.setattr(EventPattern, "matches", lambda self, event: walked.append(self) or matches(self, event))

    assert index.matching({"source": "s7", "detail-type": "d"}) == [7]
    assert len(walked) == 1


def test_a_pattern_with_very_many_pairs_is_still_found():
    pattern = EventPattern({"source": [f"s{i}" for i in range(40)], "detail-type": [f"d{i}" for i in range(40)]})
    index = PatternIndex([("wide", pattern)])

    assert index.matching({"source": "s39", "detail-type": "d39"}) == ["wide"]
    assert index.matching({"source": "s39", "detail-type": "d40"}) == []
