"""Patterns that AWS refuses, with the whole message: what is wrong, and where."""

import pytest

from pytest_eventbridge import EventBridgeError
from pytest_eventbridge.patterns import EventPattern, InvalidEventPatternError

REFUSALS = [
    ("", "Filter is not an object", 1, 1),
    ("null", "Filter is not an object", 1, 5),
    ('{"source":"s"}', '"source" must be an object or an array', 1, 12),
    ('{"source":1}', '"source" must be an object or an array', 1, 12),
    ('{"detail":{"a":\n  "x"}}', '"a" must be an object or an array', 2, 4),
    ('{"a":[]}', "Empty arrays are not allowed", 1, 7),
    ('{"a":{"b":{}}}', "Empty objects are not allowed", 1, 12),
    ('{"a":["x",["y"]]}', "Match value must be String, number, true, false, or null", 1, 12),
    ('{"a":[{"NUMERIC":["=",5]}]}', "Unrecognized match type NUMERIC", 1, 19),
    ('{"a":[{"exists":true,"exists":true}]}', "Only one key allowed in match expression", 1, 35),
    ('{"a":[{"numeric":["=",1],"x":2}]}', "Too many elements in numeric expression", 1, 31),
    ('{"a":[{"anything-but":["x"],"y":2}]}', "Too many elements in numeric expression", 1, 34),
    ('{"a":[{"prefix":{}}]}', "Prefix expression name not found", 1, 18),
    ('{"a":[{"suffix":{"equals-ignore-case":1}}]}', "equals-ignore-case match pattern must be a string", 1, 40),
    ('{"a":[{"anything-but":{}}]}', "Anything-But expression name not found", 1, 24),
    (
        '{"a":[{"anything-but":[]}]}',
        "Inside anything but list, either all values are number or string, mixed type is not supported",
        1,
        24,
    ),
    ('{"a":[{"anything-but":["a",true]}]}', "Inside anything but list, boolean is not supported.", 1, 32),
    ('{"a":[{"anything-but":{"wildcard":[1]}}]}', "wildcard match pattern must be a string", 1, 37),
    (
        '{"a":[{"anything-but":{"equals-ignore-case":[1]}}]}',
        "Inside anything-but/equals-ignore-case list, number is not supported.",
        1,
        47,
    ),
    ('{"a":[{"wildcard":"é**"}]}', "Consecutive wildcard characters at pos 3", 1, 20),
    ('{"a":[1] "b":[2]}', "Unexpected character ('\"' (code 34)): the text is not JSON", 1, 10),
    ('{"a":[1]} x', "Unexpected character ('x' (code 120)): nothing may follow the pattern's object", 1, 11),
    ('{"a":["\n"]}', "Illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped using backslash", 1, 8),
    (
        '{"a":[True]}',
        "Unrecognized token 'True': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
        1,
        7,
    ),
    ('{"a":["x}', "Unexpected end-of-input: a string is not closed", 1, 7),
    ('{"a":["\\x"]}', "Unrecognized character escape '\\\\x'", 1, 8),
    ('{"a":[1], }', "Unexpected character ('}' (code 125)): the text is not JSON", 1, 11),
    ('{"a":[Infinity]}', None, 1, 7),
]


@pytest.mark.parametrize(("text", "reason", "line", "column"), REFUSALS)
def test_a_refusal_says_what_and_where(text, reason, line, column):
    with pytest.raises(InvalidEventPatternError) as refused:
        EventPattern(text)

    if reason is not None:
        assert refused.value.reason == reason
    assert str(refused.value) == (
        f"Event pattern is not valid. Reason: {refused.value.reason}\n"
        f' at [Source: (String)"{text}"; line: {line}, column: {column}]'
    )


@pytest.mark.parametrize(
    ("text", "reason", "path"),
    [
        ('{"a":{"b":["x",{"cidr":"10.0.0.0/40"}]}}', "IPv4 mask bits must be < 32", "a.b[1].cidr"),
        ('{"a":[{"anything-but":9007199254740993}]}', "Cannot compare number : 9007199254740993", "a[0].anything-but"),
    ],
)
def test_what_aws_finds_after_reading_has_a_path_instead(text, reason, path):
    with pytest.raises(InvalidEventPatternError) as refused:
        EventPattern(text)

    assert str(refused.value) == f"Event pattern is not valid. Reason: {reason}\n at [Path: {path}]"


def test_the_error_has_the_path_as_data_and_is_one_of_ours():
    with pytest.raises(EventBridgeError) as refused:
        EventPattern({"detail": {"total": [{"numeric": [">", "x"]}]}})

    assert refused.value.path == ("detail", "total", 0, "numeric", 1)


def test_a_pattern_of_4096_characters_is_accepted_and_one_more_is_not():
    text = '{"a":["' + "x" * (4096 - 10) + '"]}'

    assert EventPattern(text).matches({"a": "x" * (4096 - 10)})
    with pytest.raises(InvalidEventPatternError, match="the pattern has 4097 characters"):
        EventPattern(text + " ")


def test_512_alternatives_are_accepted_and_1024_are_not():
    def pattern(groups):
        return {f"g{number}": {"$or": [{"v": [0]}, {"v": [1]}]} for number in range(groups)}

    assert EventPattern(pattern(9)).matches({f"g{number}": {"v": 1} for number in range(9)})
    with pytest.raises(InvalidEventPatternError, match="Or operator is producing over 1000 rule combinations"):
        EventPattern(pattern(10))


@pytest.mark.parametrize(
    "wildcards",
    [["*a*a*a*a*a"], ["*" + "abc" * 8 + "*"], ["*:stack/A/*", "*:stack/B/*", "*:stack/C/*"]],
)
def test_wildcards_of_complexity_ten_are_accepted(wildcards):
    assert EventPattern({"a": [{"wildcard": text} for text in wildcards]})


@pytest.mark.parametrize(
    "pattern",
    [
        {"a": [{"wildcard": "*a*a*a*a*a*"}]},
        {"a": [{"wildcard": "*" + "abc" * 9 + "*"}]},
        {"a": [{"wildcard": f"*:stack/{name}/*"} for name in "ABCD"]},
        {"a": [{"anything-but": {"wildcard": "*a*a*a*a*a*"}}]},
        {
            "b": ["x"],
            "$or": [{"a": [{"wildcard": "*a*a*b"}]}, {"a": [{"wildcard": "*a*a*c"}]}, {"a": [{"wildcard": "*a*a*d"}]}],
        },
    ],
)
def test_wildcards_beyond_complexity_ten_are_refused(pattern):
    with pytest.raises(InvalidEventPatternError, match="Rule is too complex - try using fewer wildcard characters"):
        EventPattern(pattern)


def test_a_field_behind_exists_false_does_not_count_towards_complexity():
    assert EventPattern({"a": [{"exists": False}], "b": [{"wildcard": "*a*a*a*a*a*"}]})


def test_eight_hundred_levels_are_read_and_three_thousand_refused():
    deep = '{"":' * 800 + "[1]" + "}" * 800

    assert not EventPattern(deep).matches({"a": 1})
    with pytest.raises(InvalidEventPatternError, match="Document nesting depth exceeds the maximum allowed"):
        EventPattern("[" * 3000)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        (5, "Filter is not an object: an event pattern is a mapping or JSON text, not int"),
        ({"a": {1: ["x"]}}, "member names must be strings, got int 1\n at [Path: a]"),
        ({"a": [{1}]}, "the mapping cannot be written as JSON: set {1} has no JSON form"),
        (
            {"a": [float("nan")]},
            "the mapping cannot be written as JSON: Out of range float values are not JSON compliant",
        ),
    ],
)
def test_what_is_no_json_at_all_is_refused_too(pattern, message):
    with pytest.raises(InvalidEventPatternError) as refused:
        EventPattern(pattern)

    assert str(refused.value).startswith(f"Event pattern is not valid. Reason: {message}")
