"""Laws of envelopes: whatever an event consists of, its text is its envelope."""

import json
from datetime import UTC
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from pytest_eventbridge.events.envelope import envelope, envelope_text
from pytest_eventbridge.json_text import compact

TEXTS = st.text() | st.sampled_from(['a":"1970-01-01T00:00:00Z', '"}', '{"version":"0","id":""', "{}}"])


def details(values):
    return st.dictionaries(TEXTS, values, max_size=3)


VALUES = st.recursive(st.none() | st.booleans() | st.integers() | TEXTS, lambda inner: st.lists(inner) | details(inner))
EVENTS = st.builds(
    SimpleNamespace,
    id=st.uuids().map(str),
    source=TEXTS,
    detail_type=TEXTS,
    detail=details(VALUES) | TEXTS,
    resources=st.lists(TEXTS, max_size=2).map(tuple),
    time=st.datetimes(timezones=st.just(UTC)),
    account=TEXTS,
    region=TEXTS,
    replay_name=st.none() | TEXTS,
)


@given(EVENTS)
def test_the_text_is_the_envelope_without_blanks(event):
    assert envelope_text(event) == compact(envelope(event))


@given(EVENTS)
def test_the_members_stand_in_the_service_s_order(event):
    between = [] if event.replay_name is None else ["replay-name"]

    assert list(json.loads(envelope_text(event))) == [
        "version", "id", "detail-type", "source", "account", "time", "region", *between, "resources", "detail"
    ]  # fmt: skip
