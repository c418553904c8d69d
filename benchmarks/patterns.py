"""Matching: our engine, moto's, and ``json.loads`` of the same event, over few and many rules, easy and hard."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

from moto.events.models import EventPattern as MotoPattern

from benchmarks.measuring import Comparison, compare
from pytest_eventbridge.patterns import EventPattern, PatternIndex
from pytest_eventbridge.patterns.event_pattern import _program

EVENT = {
    "version": "0",
    "id": "0d0a608b-b6bd-e22d-739b-365f723ccf4b",
    "detail-type": "OrderCreated",
    "source": "com.shop.orders",
    "account": "123456789012",
    "time": "2026-11-21T08:06:35Z",
    "region": "us-east-1",
    "resources": ["arn:aws:dynamodb:us-east-1:123456789012:table/orders"],
    "detail": {
        "order": {"id": "o-1234567", "currency": "EUR"},
        "state": "paid",
        "total": 130.5,
        "customer": {"email": "ann@example.com", "name": "Ann Example", "city": "Berlin"},
        "items": [{"sku": f"ABC-{number}", "quantity": number + 1, "price": 9.99} for number in range(8)],
        "note": "x" * 160,
    },
}
TEXT = json.dumps(EVENT)
SIMPLE = {"source": ["com.shop.orders"]}
TYPICAL = {
    "source": ["com.shop.orders"],
    "detail-type": ["OrderCreated"],
    "detail": {"state": ["paid"], "total": [{"numeric": [">", 100]}]},
}
MISSING = {**TYPICAL, "source": ["com.shop.returns"]}
ADVERSARIAL = {
    "wildcards against a long text": ({"detail": {"note": [{"wildcard": "*x*x*x*x*y"}]}}, EVENT),
    "ten fields of one element among 100": (
        {"detail": {"lines": {f"f{number}": [1] for number in range(10)}}},
        {"detail": {"lines": [{f"f{n}": 1 for n in range(10) if n != element % 10} for element in range(100)]}},
    ),
    "1,000 alternatives of $or": (
        {f"g{g}": {"$or": [{"v": [n]} for n in range(10)]} for g in range(3)},
        {f"g{g}": {"v": 99} for g in range(3)},
    ),
}
DETAIL_TYPES = ["OrderCreated", "OrderPaid", "OrderShipped", "OrderReturned", "StockLow", "MailSent", "UserCreated"]


def comparisons() -> Iterator[Comparison]:
    event = json.loads(TEXT)
    for name, pattern in (("simple", SIMPLE), ("typical", TYPICAL), ("typical, not matching", MISSING)):
        yield from _one_rule(name, pattern, event)
    for name, (pattern, hard) in ADVERSARIAL.items():
        compiled, text = EventPattern(pattern), json.dumps(hard)
        yield compare(
            f"1 rule: {name}", lambda c=compiled, e=hard: c.matches(e), "json.loads", lambda t=text: json.loads(t)
        )
    for count, target in ((10, None), (100, None), (1_000, 10.0), (10_000, 60.0)):
        yield from _many_rules(count, event, target)


def _one_rule(name: str, pattern: dict[str, Any], event: dict[str, Any]) -> Iterator[Comparison]:
    ours, theirs = EventPattern(pattern), MotoPattern.load(json.dumps(pattern))
    target = 0.15 if name == "typical" else None
    yield compare(f"1 rule: {name}", lambda: ours.matches(event), "json.loads", lambda: json.loads(TEXT), target=target)
    yield compare(
        f"1 rule: {name}", lambda: ours.matches(event), "moto", lambda: theirs.matches_event(event), target=0.05
    )


def _many_rules(count: int, event: dict[str, Any], target: float | None) -> Iterator[Comparison]:
    texts = [json.dumps(_mixed(random.Random(number), number)) for number in range(count)]
    index = PatternIndex(enumerate(map(EventPattern, texts)))
    yield compare(
        f"{count:,} rules", lambda: index.matching(event), "json.loads", lambda: json.loads(TEXT), target=target
    )
    if count <= 1_000:
        theirs = [MotoPattern.load(text) for text in texts]
        yield compare(
            f"{count:,} rules",
            lambda: index.matching(event),
            "moto",
            lambda: [each.matches_event(event) for each in theirs],
            target=0.05,
        )

    def build() -> None:
        _program.cache_clear()
        PatternIndex(enumerate(map(EventPattern, texts)))

    yield compare(f"{count:,} rules, built", build, "json.loads of each", lambda: [json.loads(text) for text in texts])


def _mixed(chance: random.Random, number: int) -> dict[str, Any]:
    """Return one of many rules as they are in practice: 24 sources, most with a detail type, some with more."""
    pattern: dict[str, Any] = {"source": [f"com.shop.s{number % 23}" if number % 24 else "com.shop.orders"]}
    if chance.random() < 0.85:
        pattern["detail-type"] = [chance.choice(DETAIL_TYPES)]
    kind = chance.random()
    if kind < 0.3:
        pattern["detail"] = {"state": [chance.choice(["paid", "draft"])], "order": {"id": [f"o-{number}"]}}
    elif kind < 0.6:
        pattern["detail"] = {"total": [{"numeric": [">", number % 200]}]}
    elif kind < 0.7:
        pattern["detail"] = {"customer": {"email": [{"suffix": "@example.com"}]}}
    elif kind < 0.75:
        pattern["detail"] = {"items": {"sku": [f"ABC-{number % 10}"], "quantity": [{"numeric": [">", 3]}]}}
    return pattern
