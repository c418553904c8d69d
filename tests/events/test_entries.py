"""Entries: what is checked of each, in which order, and how large it is."""

import json

import pytest

from pytest_eventbridge import InvalidInputError
from pytest_eventbridge.events import entry_size
from pytest_eventbridge.events.entries import check_entry

GOOD = {"Source": "shop", "DetailType": "Paid", "Detail": '{"a":1}'}


def required(member):
    return ("InvalidArgument", f"Parameter {member} is not valid. Reason: {member} is a required argument.")


MALFORMED = ("MalformedDetail", "Detail is malformed.")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"Source": ""}, required("Source")),
        ({"Source": None, "DetailType": None, "Detail": None}, required("Source")),
        ({"DetailType": "", "Detail": ""}, required("DetailType")),
        ({"Detail": ""}, required("Detail")),
        ({"Detail": "not json"}, MALFORMED),
        ({"Detail": "[]"}, MALFORMED),
        ({"Detail": '"text"'}, MALFORMED),
        ({"Detail": "1"}, MALFORMED),
        ({"Detail": "null"}, MALFORMED),
        ({"Detail": '{"a":NaN}'}, MALFORMED),
        ({"Detail": '{"a":1e999}'}, MALFORMED),
        ({"Detail": '{"a":9223372036854775808}'}, MALFORMED),
        ({"Detail": '{"a":' * 1100 + "1" + "}" * 1100}, MALFORMED),
        ({"Source": "aws.ec2"}, ("NotAuthorizedForSourceException", "Not authorized for the source.")),
        ({"Source": "aws.ec2", "Detail": "[]"}, MALFORMED),
    ],
)
def test_a_bad_entry_has_the_services_error(changes, error):
    assert check_entry({**GOOD, **changes}).error == error


@pytest.mark.parametrize("detail", ["{}", '{"a":-9223372036854775808}', ' {"a": [1.5, null]} '])
def test_a_good_entry_is_decoded(detail):
    assert check_entry({**GOOD, "Detail": detail}) == (json.loads(detail), None)


def test_a_source_that_only_begins_like_aws_is_the_applications():
    assert check_entry({**GOOD, "Source": "awsome.shop"}).error is None


@pytest.mark.parametrize(
    ("entry", "size"),
    [
        ({}, 0),
        (GOOD, 4 + 4 + 7),
        ({**GOOD, "Time": 0}, 4 + 4 + 7 + 14),
        ({**GOOD, "Resources": ["arn:x", "ü"]}, 4 + 4 + 7 + 5 + 2),
        ({**GOOD, "EventBusName": "orders", "TraceHeader": "Root=1"}, 4 + 4 + 7),
        ({**GOOD, "Detail": '{ "a": "é" }'}, 4 + 4 + 13),
    ],
)
def test_the_size_of_an_entry_is_counted_in_bytes(entry, size):
    assert entry_size(entry) == size


def test_the_size_of_an_entry_needs_text():
    with pytest.raises(InvalidInputError, match="entry member Detail must be text, got dict {'a': 1}"):
        entry_size({**GOOD, "Detail": {"a": 1}})
