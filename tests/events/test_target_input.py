"""Input, InputPath and InputTransformer: cases recorded on AWS, as tables.

V stands for a placeholder mapped to the path in the row, below ``$.detail``.
"""

import json

import pytest

from pytest_eventbridge.events import InvalidTargetInputError, transform_input
from pytest_eventbridge.events.target_input import is_deliverable

EVENT = {
    "version": "0",
    "id": "0d0a608b-b6bd-e22d-739b-365f723ccf4b",
    "detail-type": "Sample",
    "source": "samples",
    "account": "123456789012",
    "time": "2026-01-02T03:04:05Z",
    "region": "us-east-1",
    "resources": ["arn:aws:x"],
    "detail": {
        "s": "hi",
        "n": 42,
        "t": True,
        "z": None,
        "o": {"p": "one", "q": 2},
        "a": ["one", "two", {"x": 3}],
        "items": [{"name": "A"}, {"name": "B"}],
        "h-y": "dash",
        "u_s": "under",
        "s/l": "slash",
        "d.k": "dot",
        "quo": 'say "hi"',
        "esc": "line\nslash\\tab\tend",
        "one": ["HIGH"],
        "two": ["ACTIVE", "INACTIVE"],
    },
}
ENVELOPE = json.dumps(EVENT, separators=(",", ":"))
MISSING = "missing"
RULE = {"rule_arn": "arn:aws:events:us-east-1:123456789012:rule/r", "rule_name": "r"}


def filled(template, *paths):
    names = {"V": paths[0]} if len(paths) == 1 else {f"V{number}": path for number, path in enumerate(paths, start=1)}
    mapped = {name: "$" if path == "$" else f"$.detail.{path}" for name, path in names.items()}
    return transform_input(EVENT, input_transformer=(mapped, template), **RULE)


def test_without_an_input_form_the_whole_envelope_is_sent_compact():
    assert transform_input(EVENT) == ENVELOPE


@pytest.mark.parametrize("text", ['{ "fixed": true }', '[1,"two"]', '"constant"', "17", "null", ""])
def test_a_constant_is_sent_verbatim(text):
    assert transform_input(EVENT, input=text) == text


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("$", ENVELOPE),
        ("$.detail.o", '{"p":"one","q":2}'),
        ("$.detail.a", '["one","two",{"x":3}]'),
        ("$.detail.s", '"hi"'),
        ("$.detail.n", "42"),
        ("$.detail.z", "{}"),
        ("$.detail.missing", "{}"),
        ("$.detail.s.deeper", "{}"),
        ("", "{}"),
        ("$.detail.a[1]", '"two"'),
        ("$.detail.a[9]", "{}"),
        ("$.detail.items[1].name", '"B"'),
        ("$.detail.items[*].name", '["A","B"]'),
        ("$.detail.items[*].none", "{}"),
        ("$.detail.items.name", "{}"),
        ("$.detail.h-y", '"dash"'),
        ("$.detail.u_s", '"under"'),
        ("$.detail.s/l", '"slash"'),
        ("$.detail-type", '"Sample"'),
    ],
)
def test_a_path_sends_a_part(path, sent):
    assert transform_input(EVENT, input_path=path) == sent


BAD_PATHS = [
    "$.detail.o.*",
    "$['detail']['s']",
    '$["detail"]["s"]',
    "$.detail['d.k']",
    "$..s",
    "$.detail.a[-1]",
    "$.detail.a[0:2]",
    "detail.s",
]


@pytest.mark.parametrize("path", BAD_PATHS)
def test_other_paths_are_refused(path):
    with pytest.raises(InvalidTargetInputError, match=r"^InputPath for target target is invalid\.$"):
        transform_input(EVENT, input_path=path)


@pytest.mark.parametrize("path", [*BAD_PATHS, ""])
def test_other_paths_are_refused_in_a_map_too(path):
    with pytest.raises(InvalidTargetInputError, match=r"^InputPath for target target is invalid\.$"):
        transform_input(EVENT, input_transformer=({"V": path}, '{"v":<V>}'))


@pytest.mark.parametrize(
    "forms",
    [
        {"input": "1", "input_path": "$"},
        {"input": "1", "input_transformer": ({}, "{}")},
        {"input_path": "$", "input_transformer": ({}, "{}")},
        {"input": "1", "input_path": "$", "input_transformer": ({}, "{}")},
    ],
)
def test_only_one_form_may_be_given(forms):
    with pytest.raises(InvalidTargetInputError) as refused:
        transform_input(EVENT, **forms)

    assert str(refused.value) == (
        "Only one of Input, InputPath, or InputTransformer must be provided for target target."
    )


def test_a_constant_must_be_json():
    with pytest.raises(InvalidTargetInputError) as refused:
        transform_input(EVENT, input="not-json")

    assert str(refused.value) == (
        'JSON syntax error in input for target target: [Source: (String)"not-json"; line: 1, column: 1]'
    )


OBJECTS = [
    ('{"v":<V>}', ["$"], f'{{"v":{ENVELOPE}}}'),
    ('{"v":<V>}', [MISSING], '{"v":""}'),
    ('{"b":1,"m":<V>,"e":2}', [MISSING], '{"b":1,"m":"","e":2}'),
    ('{"v":[<V>]}', [MISSING], '{"v":[""]}'),
    ('{"v":<V>}', ["a[1]"], '{"v":"two"}'),
    ('{"v":<V>}', ["items[*].name"], '{"v":["A","B"]}'),
    ('{"v":<V>}', ["h-y"], '{"v":"dash"}'),
    (
        '{"s":<V1>,"n":<V2>,"t":<V3>,"z":<V4>,"o":<V5>,"a":<V6>}',
        ["s", "n", "t", "z", "o", "a"],
        '{"s":"hi","n":42,"t":true,"z":null,"o":{"p":"one","q":2},"a":["one","two",{"x":3}]}',
    ),
    ('{"v":<V>}', ["quo"], '{"v":"say \\"hi\\""}'),
    ('{"v":<V>}', ["esc"], '{"v":"line\\nslash\\\\tab\\tend"}'),
    ('{"v":"pre <V> post"}', ["quo"], '{"v":"pre say \\"hi\\" post"}'),
    ('{"v":"pre <V> post"}', [MISSING], '{"v":"pre  post"}'),
    ('{"v":"a \\"<V>\\" b"}', ["s"], '{"v":"a \\"hi\\" b"}'),
    ('{"id" : "<V>","again":"<V>"}', ["s"], '{"id" : "hi","again":"hi"}'),
    ('{"m":[<V>, "x"]}', ["s"], '{"m":["hi", "x"]}'),
    (' {"v":<V>}', ["s"], ' {"v":"hi"}'),
]

RAW_TEMPLATES = [
    ('"s=<V1>; o=<V2>; a=<V3>"', ["s", "o", "a"], '"s=hi; o={p:one,q:2}; a=[one,two,{x:3}]"'),
    ('"is <V>!"', ["t"], '"is true!"'),
    ('"<V> x"', ["one"], '"[HIGH] x"'),
    ('"<V> x"', ["two"], '"[ACTIVE,INACTIVE] x"'),
    ('"pre <V> post"', [MISSING], '"pre  post"'),
    ('"pre \\"<V>\\" post"', ["s"], '"pre \\"hi\\" post"'),
    ('"{[/x <V>"', ["s"], '"{[/x hi"'),
    ('"a <V1>"\n"b <V2>"', ["s", "n"], '"a hi"\n"b 42"'),
    ('["fixed",<V>]', ["n"], '["fixed",42]'),
    ("[<V>]", ["z"], "[null]"),
    ("<V>", ["n"], "42"),
    ("<V>", ["z"], "null"),
    ("null", ["s"], "null"),
]


@pytest.mark.parametrize(("template", "paths", "sent"), [*OBJECTS, *RAW_TEMPLATES])
def test_a_template_is_filled_in(template, paths, sent):
    assert filled(template, *paths) == sent
    assert is_deliverable(sent)


@pytest.mark.parametrize(
    ("template", "paths", "sent"),
    [
        (
            '{"s":"<V1>","n":"<V2>","o":"<V3>","a":"<V4>"}',
            ["s", "n", "o", "a"],
            '{"s":"hi","n":"42","o":"{"p":"one","q":2}","a":"["one","two",{"x":3}]"}',
        ),
        ('{"v":"pre <V> post"}', ["o"], '{"v":"pre {"p":"one","q":2} post"}'),
        ('"pre <V> post"', ["quo"], '"pre say "hi" post"'),
        ('"pre <V> post"', ["esc"], '"pre line\nslash\\tab\tend post"'),
        ("[1,<V>,2]", [MISSING], "[1,,2]"),
        ('[{"v":<V>}]', [MISSING], '[{"v":}]'),
        ("[<V>]", ["s"], "[hi]"),
        ("[<V>]", ["o"], "[{p:one,q:2}]"),
        ("[<V>]", ["a"], "[[one,two,{x:3}]]"),
        ("<V>", ["s"], "hi"),
        ("<V>", ["o"], "{p:one,q:2}"),
        ("<V>", [MISSING], ""),
    ],
)
def test_a_result_can_be_no_json_at_all(template, paths, sent):
    assert filled(template, *paths) == sent
    assert not is_deliverable(sent)


def test_without_a_map_unknown_placeholders_stay():
    assert transform_input(EVENT, input_transformer=({}, '"x <U> y"')) == '"x <U> y"'
    assert transform_input(EVENT, input_transformer=({}, '{"v":<aws.events.unknown>}')) == '{"v":<aws.events.unknown>}'


def test_predefined_variables_need_no_map():
    template = (
        '{"a":<aws.events.rule-arn>,"n":<aws.events.rule-name>,"t":<aws.events.event.ingestion-time>,'
        '"e":<aws.events.event>,"j":<aws.events.event.json>}'
    )
    sent = transform_input(EVENT, input_transformer=({}, template), ingestion_time="2026-09-13T12:17:30.408Z", **RULE)

    assert json.loads(sent) == {
        "a": "arn:aws:events:us-east-1:123456789012:rule/r",
        "n": "r",
        "t": "2026-09-13T12:17:30.408Z",
        "e": {
            "id": EVENT["id"],
            "account": "123456789012",
            "detailType": "Sample",
            "time": 1767323045000,
            "source": "samples",
            "region": "us-east-1",
            "resources": ["arn:aws:x"],
            "version": "0",
        },
        "j": EVENT,
    }


def test_predefined_texts_have_no_quotation_marks_of_their_own_in_a_raw_template():
    template = '"<aws.events.rule-name> ran <aws.events.rule-arn>"'

    assert transform_input(EVENT, input_transformer=({}, template), **RULE) == f'"r ran {RULE["rule_arn"]}"'


@pytest.mark.parametrize(
    ("paths", "template", "message"),
    [
        ({"V": "$.a"}, '{"v":<W>}', "InputTemplate for target target contains invalid placeholder W."),
        ({"V": "$.a"}, '{"<V>":"x"}', "InputTemplate placeholder present as a JSON object key for target target."),
        (
            {},
            '"e <aws.events.event.json>"',
            "InputTemplate for target target contains placeholder aws.events.event.json valid only for JSON template.",
        ),
        (
            {},
            "[<aws.events.event.json>]",
            "InputTemplate for target target contains placeholder aws.events.event.json valid only for JSON template.",
        ),
        (
            {"V": "$.a"},
            "hello <V>",
            'Invalid InputTemplate for target target : [Source: (String)"hello null"; line: 1, column: 1].',
        ),
        (
            {"V": "$.a"},
            "<V> single list item",
            'Invalid InputTemplate for target target : [Source: (String)"null single list item"; line: 1, column: 6].',
        ),
    ],
)
def test_templates_are_checked_when_they_are_put(paths, template, message):
    with pytest.raises(InvalidTargetInputError) as refused:
        transform_input(EVENT, input_transformer=(paths, template))

    assert str(refused.value) == message
