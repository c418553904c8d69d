"""Laws of the pattern language."""

import json
import random

from hypothesis import assume, given
from hypothesis import strategies as st

from pytest_eventbridge.patterns import EventPattern, InvalidEventPatternError, PatternIndex

NAMES = st.sampled_from(["a", "b", "c", "a.b", "source", "detail-type", ""])
TEXTS = st.sampled_from(["x", "y", "X", "10.0.0.1", "", "a*", 'x"'])
NUMBERS = st.sampled_from([0, 1, 1.0, -1, 2.5, 9007199254740993, 1e20])
LEAVES = st.one_of(TEXTS, NUMBERS, st.booleans(), st.none())
EVENTS = st.dictionaries(
    NAMES,
    st.recursive(
        LEAVES,
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=3)),
        max_leaves=12,
    ),
    max_size=4,
)
OPERATORS = st.one_of(
    st.builds(lambda text: {"prefix": text}, TEXTS),
    st.builds(lambda text: {"suffix": text}, TEXTS),
    st.builds(lambda text: {"equals-ignore-case": text}, TEXTS),
    st.builds(lambda text: {"wildcard": text}, st.sampled_from(["*", "x*", "*x", "\\*"])),
    st.builds(lambda texts: {"anything-but": texts}, st.lists(TEXTS, min_size=1, max_size=3)),
    st.builds(lambda number: {"numeric": [">=", number]}, st.sampled_from([0, 1, 2.5])),
    st.builds(lambda exists: {"exists": exists}, st.booleans()),
    st.just({"cidr": "10.0.0.0/8"}),
)
TERMS = st.lists(st.one_of(LEAVES, OPERATORS), min_size=1, max_size=3)
PLAIN_PATTERNS = st.dictionaries(
    NAMES,
    st.recursive(TERMS, lambda inner: st.dictionaries(NAMES, inner, min_size=1, max_size=3), max_leaves=4),
    min_size=1,
    max_size=3,
)
PATTERNS = st.one_of(
    PLAIN_PATTERNS,
    st.builds(lambda branches: {"$or": branches}, st.lists(PLAIN_PATTERNS, min_size=2, max_size=3)),
    st.builds(
        lambda base, branches: {**base, "$or": branches},
        PLAIN_PATTERNS,
        st.lists(PLAIN_PATTERNS, min_size=2, max_size=3),
    ),
)
ANY_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
)


@given(PATTERNS, EVENTS)
def test_explaining_agrees_with_matching(pattern, event):
    compiled = EventPattern(pattern)

    assert compiled.explain(event).matches is compiled.matches(event)


@given(PATTERNS, EVENTS)
def test_what_does_not_match_has_a_field_that_did_not_hold(pattern, event):
    explanation = EventPattern(pattern).explain(event)

    assert bool(explanation.mismatches) is not explanation.matches


@given(PATTERNS, EVENTS)
def test_an_event_matches_as_text_as_it_does_as_a_mapping(pattern, event):
    assert EventPattern(pattern).matches(json.dumps(event)) is EventPattern(pattern).matches(event)


@given(PLAIN_PATTERNS, EVENTS, st.randoms(use_true_random=False))
def test_the_order_of_fields_never_matters(pattern, event, shuffler: random.Random):
    shuffled = list(pattern.items())
    shuffler.shuffle(shuffled)
    # Two members that spell one path overwrite each other, so that there the order counts.
    assume(EventPattern(dict(shuffled)) == EventPattern(pattern))

    assert EventPattern(dict(shuffled)).matches(event) is EventPattern(pattern).matches(event)


@given(PATTERNS, EVENTS, LEAVES)
def test_a_member_that_no_pattern_names_changes_nothing(pattern, event, value):
    assert EventPattern(pattern).matches({**event, "unrelated": value}) is EventPattern(pattern).matches(event)


@given(st.lists(PLAIN_PATTERNS, min_size=2, max_size=4), EVENTS)
def test_or_means_any(branches, event):
    assert EventPattern({"$or": branches}).matches(event) is any(EventPattern(each).matches(event) for each in branches)


@given(PATTERNS)
def test_the_canonical_text_parses_to_an_equal_pattern(pattern):
    compiled = EventPattern(pattern)
    canonical = compiled.canonical_text
    assume(len(canonical) <= 4096)

    assert EventPattern(canonical) == compiled
    assert EventPattern(canonical).canonical_text == canonical


@given(PATTERNS, EVENTS)
def test_the_canonical_text_matches_the_same_events(pattern, event):
    compiled = EventPattern(pattern)
    assume(len(compiled.canonical_text) <= 4096)

    assert EventPattern(compiled.canonical_text).matches(event) is compiled.matches(event)


@given(st.lists(PATTERNS, max_size=8), EVENTS)
def test_the_index_finds_what_a_walk_over_all_finds(patterns, event):
    compiled = [EventPattern(each) for each in patterns]

    assert PatternIndex(enumerate(compiled)).matching(event) == [
        number for number, each in enumerate(compiled) if each.matches(event)
    ]


@given(st.one_of(st.text(), ANY_JSON.map(json.dumps), PATTERNS.map(lambda each: json.dumps(each)[:-1])))
def test_the_parser_never_raises_anything_but_its_error(text):
    try:
        EventPattern(text)
    except InvalidEventPatternError as error:
        assert str(error).startswith("Event pattern is not valid. Reason: ")


@given(st.dictionaries(st.text(), st.lists(ANY_JSON, max_size=3), max_size=3))
def test_the_parser_never_raises_anything_but_its_error_on_mappings(pattern):
    try:
        EventPattern(pattern)
    except InvalidEventPatternError as error:
        assert error.reason


@given(PATTERNS, st.one_of(ANY_JSON, st.text(), st.dictionaries(st.text(), ANY_JSON)))
def test_matching_and_explaining_never_raise(pattern, event):
    compiled = EventPattern(pattern)

    assert compiled.matches(event) is bool(compiled.explain(event))
    assert str(compiled.explain(event))
