"""What EventPattern takes and promises, beyond the language itself."""

from collections import OrderedDict
from decimal import Decimal

import pytest

from pytest_eventbridge.patterns import EventPattern

PAID = {"detail": {"items": {"sku": ["A"], "quantity": [{"numeric": [">", 1]}]}}}


@pytest.mark.parametrize(
    "event",
    [
        {"detail": {"items": [{"sku": "A", "quantity": 2}]}},
        {"detail": {"items": ({"sku": "A", "quantity": Decimal(2)},)}},
        OrderedDict(detail={"items": OrderedDict(sku="A", quantity=2.5)}),
        '{"detail":{"items":[{"sku":"A","quantity":2}]}}',
    ],
)
def test_events_are_mappings_of_any_kind_or_text(event):
    assert EventPattern(PAID).matches(event)


@pytest.mark.parametrize("event", ["", "[]", "not json", '{"a":' * 5000, None, 7])
def test_what_is_no_event_matches_nothing_and_raises_nothing(event):
    assert not EventPattern({"a": [{"exists": False}]}).matches(event)


def test_an_event_that_contains_itself_raises_nothing():
    endless = []
    endless.append(endless)

    assert not EventPattern(PAID).matches({"detail": {"items": endless}})


def test_a_text_is_compiled_once():
    first, second = EventPattern('{"a": [1]}'), EventPattern('{"a": [1]}')

    assert first._program is second._program


def test_patterns_are_equal_when_they_mean_the_same_fields_and_terms():
    assert EventPattern('{"a":{"b":["x","y"]}}') == EventPattern({"a.b": ["y", "x", "x"]})
    assert hash(EventPattern('{"a":["x"]}')) == hash(EventPattern(' {"a" : ["x"]}'))
    assert EventPattern({"a": ["x"]}) != EventPattern({"a": ["y"]})
    assert EventPattern({"a": ["x"]}) != {"a": ["x"]}


@pytest.mark.parametrize(
    ("pattern", "canonical"),
    [
        ('{ "b" : [2], "a":{"c":["x", 1.50]} }', '{"a.c":["x",1.50],"b":[2]}'),
        ('{"z":[0],"$or":[{"a":[1]},{"b":[2]}]}', '{"z":[0],"$or":[{"a":[1]},{"b":[2]}]}'),
        ('{"$or":[{"a":[1]},{"a":[2]}],"a":[0]}', '{"a":[0]}'),
        ('{"a":[0],"$or":[{"a":[0]},{"b":[1]}]}', '{"$or":[{"a":[0]},{"a":[0],"b":[1]}]}'),
    ],
)
def test_the_canonical_text_is_one_for_all_spellings(pattern, canonical):
    assert EventPattern(pattern).canonical_text == canonical
    assert EventPattern(canonical) == EventPattern(pattern)


def test_printing_a_pattern_gives_its_text():
    assert str(EventPattern({"a": ["é"]})) == '{"a": ["é"]}'
    assert repr(EventPattern('{"a":[1]}')) == 'EventPattern({"a":[1]})'


def test_array_consistency_remembers_what_failed():
    """A search without memory would try every combination of elements: 60 to the power of 12."""
    names = [f"f{number:02}" for number in range(12)]
    pattern = EventPattern({"a": {name: [1] for name in names}})
    event = {"a": [{name: 1 for name in names if name != names[element % 12]} for element in range(60)]}

    assert not pattern.matches(event)
    assert pattern.matches({"a": [*event["a"], dict.fromkeys(names, 1)]})


def test_wildcards_do_not_backtrack():
    assert not EventPattern({"a": [{"wildcard": "*a*a*a*a*b"}]}).matches({"a": "a" * 100_000})
