"""Explanations: which fields held, which did not, and why, in whole texts."""

from pytest_eventbridge.patterns import EventPattern


def explained(pattern, event):
    return str(EventPattern(pattern).explain(event))


def test_a_mismatch_says_what_was_wanted_and_got():
    assert explained(
        {"source": ["shop"], "detail": {"total": [{"numeric": [">", 100]}]}},
        {"source": "shop", "detail": {"total": 30}},
    ) == ('does not match\n  detail.total: wanted number > 100, got 30\n  source: matches, wanted "shop", got "shop"')


def test_several_terms_are_listed_literals_first():
    assert explained({"a": [{"prefix": "x"}, "p", 1, {"exists": False}]}, {"a": "y"}) == (
        'does not match\n  a: wanted one of ["p", 1] or prefix "x" or no value, got "y"'
    )


def test_every_operator_has_words():
    pattern = {
        "a": [{"suffix": "x"}],
        "b": [{"equals-ignore-case": "X"}],
        "c": [{"prefix": {"equals-ignore-case": "X"}}],
        "d": [{"wildcard": "x*"}],
        "e": [{"anything-but": ["x", "y"]}],
        "f": [{"anything-but": {"prefix": "x"}}],
        "g": [{"cidr": "10.0.0.0/8"}],
        "h": [{"numeric": [">=", 0, "<", 5]}],
        "i": [{"exists": True}],
        "j": [{"exists": False}],
    }

    assert explained(pattern, {"a": 1, "b": 1, "c": 1, "d": 1, "e": "x", "f": "xy", "g": "x", "h": 9, "j": 1}) == (
        "does not match\n"
        '  a: wanted suffix "x", got 1\n'
        '  b: wanted "X" in any case, got 1\n'
        '  c: wanted prefix "X" in any case, got 1\n'
        '  d: wanted wildcard "x*", got 1\n'
        '  e: wanted anything but "x", "y", got "x"\n'
        '  f: wanted anything but prefix "x", got "xy"\n'
        '  g: wanted address in 10.0.0.0/8, got "x"\n'
        "  h: wanted number >= 0 and < 5, got 9\n"
        "  i: wanted any value, got nothing: the event has no member 'i'\n"
        "  j: wanted no value, got 1"
    )


def test_a_missing_field_is_found_under_a_near_name():
    assert explained({"detail": {"total": [1]}}, {"detail": {"totl": 1}}) == (
        "does not match\n  detail.total: wanted 1, got nothing: detail has no member 'total', but 'totl'"
    )


def test_a_missing_parent_is_named():
    assert explained({"detail": {"order": {"id": [1]}}}, {"detail": {"order": "o-1"}}) == (
        'does not match\n  detail.order.id: wanted 1, got nothing: detail.order is "o-1", not an object'
    )


def test_an_object_is_no_value():
    assert explained({"detail": ["x"]}, {"detail": {"a": 1}}) == (
        'does not match\n  detail: wanted "x", got no value, only an object or an empty array'
    )


def test_values_of_an_array_are_all_shown_up_to_five():
    assert (
        explained({"a": [0]}, {"a": [1, 2, 3, 4, 5, 6, 7]})
        == "does not match\n  a: wanted 0, got 1, 2, 3, 4, 5 and 2 more"
    )


def test_fields_of_different_elements_are_said_to_be():
    pattern = {"detail": {"items": {"quantity": [2], "sku": ["A"]}}}
    event = {"detail": {"items": [{"sku": "A", "quantity": 1}, {"sku": "B", "quantity": 2}]}}

    assert explained(pattern, event) == (
        "does not match\n"
        "  detail.items[1].quantity: matches, wanted 2, got 2\n"
        "  detail.items[1].quantity: matches, but detail.items[1].sku does not: both must hold in one element"
        ' (wanted "A")'
    )


def test_every_branch_of_an_or_is_explained():
    assert explained({"$or": [{"a": [1]}, {"b": [{"exists": False}]}]}, {"a": 2}) == (
        "matches\n"
        "  $or branch 1 of 2 does not match\n"
        "    a: wanted 1, got 2\n"
        "  $or branch 2 of 2 matches\n"
        "    b: matches, wanted no value, got no value"
    )


def test_mismatches_are_those_of_the_branch_that_came_nearest():
    explanation = EventPattern({"c": [1], "$or": [{"a": [1], "b": [1]}, {"a": [2]}]}).explain({"c": 1, "a": 3, "b": 3})

    assert [each.path for each in explanation.mismatches] == ["a"]


def test_an_explanation_is_true_when_the_pattern_matches():
    assert EventPattern({"a": [1]}).explain({"a": 1})
    assert not EventPattern({"a": [1]}).explain({"a": 2})


def test_text_that_is_no_event_is_explained_without_fields():
    assert explained({"a": [1]}, "not json") == "does not match"
