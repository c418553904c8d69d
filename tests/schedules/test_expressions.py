"""rate, cron and at in both dialects: what they mean, and what is refused, with the whole message."""

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from pytest_eventbridge import InvalidInputError
from pytest_eventbridge.schedules import InvalidScheduleExpressionError, ScheduleExpression


def times(expression, after, count=3, **bounds):
    return [f"{each:%m-%d %H:%M:%S}" for each in islice(expression.occurrences(after, **bounds), count)]


def test_a_rate_of_a_rule_first_fires_one_period_after_its_anchor():
    expression = ScheduleExpression("rate(5 minutes)")

    assert times(expression, "2026-03-01T00:00:30Z") == ["03-01 00:05:30", "03-01 00:10:30", "03-01 00:15:30"]
    assert times(expression, "2026-03-01T00:07:00Z", start="2026-03-01T00:00:30Z") == [
        "03-01 00:10:30", "03-01 00:15:30", "03-01 00:20:30",
    ]  # fmt: skip


def test_a_rate_of_the_scheduler_first_fires_at_its_anchor():
    expression = ScheduleExpression("rate(1 days)", service="scheduler")

    assert times(expression, "2026-02-28T00:00:00Z", start="2026-03-01T08:00:00Z") == [
        "03-01 08:00:00", "03-02 08:00:00", "03-03 08:00:00",
    ]  # fmt: skip


def test_a_rate_is_elapsed_time_whatever_the_zone():
    expression = ScheduleExpression("rate(1 day)", "Europe/Berlin", "scheduler")
    first, second = islice(expression.occurrences("2026-03-28T00:00:00Z", start="2026-03-28T11:00:00Z"), 2)

    assert second - first == timedelta(hours=24)


def test_a_wall_time_that_does_not_exist_is_skipped():
    expression = ScheduleExpression("cron(30 2 * * ? *)", "Europe/Berlin", "scheduler")

    assert times(expression, "2026-03-28T00:00:00Z") == ["03-28 01:30:00", "03-30 00:30:00", "03-31 00:30:00"]


def test_a_wall_time_that_comes_twice_fires_once_at_its_first():
    expression = ScheduleExpression("cron(30 2 * * ? *)", "Europe/Berlin", "scheduler")

    assert times(expression, "2026-10-24T12:00:00Z", count=2) == ["10-25 00:30:00", "10-26 01:30:00"]


def test_an_instant_is_meant_in_the_schedules_zone():
    expression = ScheduleExpression("at(2026-03-01T08:00:00)", "Europe/Berlin", "scheduler")

    assert list(expression.occurrences("2026-01-01")) == [datetime(2026, 3, 1, 7, tzinfo=UTC)]
    assert list(expression.occurrences("2026-03-01T07:00:00Z")) == []


def test_start_and_end_are_both_included():
    expression = ScheduleExpression("cron(0 * * * ? *)")

    assert times(expression, "2026-01-01", start="2026-03-01T05:00:00Z", end="2026-03-01T06:00:00Z") == [
        "03-01 05:00:00", "03-01 06:00:00",
    ]  # fmt: skip


def test_an_expression_of_the_past_is_accepted_and_never_fires_again():
    expression = ScheduleExpression("cron(15 10 ? * 6L 2002-2005)")

    assert expression.next_occurrence("2026-01-01") is None
    assert expression.next_occurrence("2001-01-01") == datetime(2002, 1, 25, 10, 15, tzinfo=UTC)


RULES_REFUSE = [
    ("rate(0 minutes)", "A rate's number must be at least 1."),
    ("rate(1 minutes)", "With 1 the unit is 'minute', got 'minutes'."),
    ("rate(10 day)", "With 10 the unit is 'days', got 'day'."),
    ("rate(10 MINUTES)", "Rate takes a number and a unit, such as 'rate(5 minutes)', got '10 MINUTES'."),
    ("rate( 5 minutes)", "Rate takes a number and a unit, such as 'rate(5 minutes)', got ' 5 minutes'."),
    ("rate(5 seconds)", "Rate takes a number and a unit, such as 'rate(5 minutes)', got '5 seconds'."),
    ("rate(-1 minutes)", "Rate takes a number and a unit, such as 'rate(5 minutes)', got '-1 minutes'."),
    ("rate()", "Rate takes a number and a unit, such as 'rate(5 minutes)', got ''."),
    (" rate(5 minutes)", "It must be rate(...) or cron(...) in lower case, with nothing before or after."),
    ("every minute", "It must be rate(...) or cron(...) in lower case, with nothing before or after."),
    ("at(2026-03-01T00:00:00)", "A rule takes rate(...) or cron(...); at(...) is for EventBridge Scheduler."),
    (
        "cron(* * * * * *)",
        "Day-of-month and day-of-week: exactly one of them must be '?', got '*' and '*'.",
    ),
    (
        "cron(0 12 * * ?)",
        "It has 5 fields, but cron takes six: minute, hour, day-of-month, month, day-of-week, year.",
    ),
    ("cron(71 * * * ? *)", "Minute has '71': minute takes 0-59."),
    ("cron(0 5-24 * * ? *)", "Hour has '24' in '5-24': hour takes 0-23."),
    ("cron(0 0 ? JANUARY MON *)", "Month has 'JANUARY': month takes 1-12 or JAN-DEC, with '*', ',', '-' and '/'."),
    ("cron(0 0 ? * MON-5 *)", "Day-of-week has 'MON-5': a range is of two numbers or of two names."),
    ("cron(0 0 ? * MON-FRI/2 *)", "Day-of-week has 'MON-FRI/2': only numbers take a step."),
    ("cron(0/0 0 * * ? *)", "Minute has '0/0': a step is 1 to 59."),
    ("cron(0 0 ? * 2#6 *)", "Day-of-week has '2#6': '#' takes 1-5, which one of the month it is."),
    ("cron(0 0 1-5W * ? *)", "Day-of-month has '1-5W': L, W and # stand alone in their field, after one value."),
    ("cron(0 0 1 * ? 2030-2020)", "Year has '2030-2020': a range of years runs upwards."),
    ("cron(" + "0," * 130 + "0 0 1 * ? *)", "It has 277 characters, but at most 256 are allowed."),
]


@pytest.mark.parametrize(("expression", "reason"), RULES_REFUSE)
def test_a_rules_refusal_says_what_and_where(expression, reason):
    with pytest.raises(InvalidScheduleExpressionError) as refused:
        ScheduleExpression(expression)

    assert str(refused.value) == f"Parameter ScheduleExpression is not valid. {reason}"


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("at(2026-03-01)", "At takes a wall time without a zone, such as 'at(2026-03-01T08:00:00)', got '2026-03-01'."),
        ("at(2026-02-30T00:00:00)", "At has '2026-02-30T00:00:00': day is out of range for month."),
        ("at(2026-03-29T02:30:00)", "2026-03-29T02:30:00 does not exist in Europe/Berlin: its clocks skip it."),
        ("rate(5 seconds)", "Rate takes a number and a unit, such as 'rate(5 minutes)', got '5 seconds'."),
    ],
)
def test_the_schedulers_refusal_names_the_expression(expression, reason):
    with pytest.raises(InvalidScheduleExpressionError) as refused:
        ScheduleExpression(expression, "Europe/Berlin", "scheduler")

    assert str(refused.value) == f"Invalid Schedule Expression {expression}. {reason}"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("rate(1 day)", "Mars/Olympus", "scheduler"), "'Mars/Olympus' is not a time zone"),
        (("rate(1 day)", "Europe/Berlin"), "rules on an event bus run in UTC"),
        (("rate(1 day)", "UTC", "pipes"), "service must be 'events' or 'scheduler', got 'pipes'"),
        ((5,), "a schedule expression is text, got int 5"),
    ],
)
def test_wrong_arguments_are_refused_at_once(arguments, message):
    with pytest.raises(InvalidInputError, match=f"^{message}"):
        ScheduleExpression(*arguments)
