"""Laws of schedule expressions."""

from datetime import UTC, datetime
from itertools import islice, pairwise

from hypothesis import given
from hypothesis import strategies as st

from pytest_eventbridge.schedules import ScheduleExpression

INSTANTS = st.datetimes(datetime(2015, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
EXPRESSIONS = st.builds(
    ScheduleExpression,
    st.sampled_from(
        [
            "cron(*/7 * * * ? *)",
            "cron(0 2 L-3 * ? *)",
            "cron(30 22-2 ? NOV-FEB FRI-MON *)",
            "cron(15 1 15W * ? *)",
            "cron(0 3 ? * 3#5 *)",
            "rate(7 minutes)",
            "rate(1 day)",
        ]
    ),
    ZONES,
    st.just("scheduler"),
)


@given(EXPRESSIONS, INSTANTS)
def test_occurrences_strictly_increase_and_come_after(expression, after):
    occurrences = list(islice(expression.occurrences(after), 20))

    assert all(earlier < later for earlier, later in pairwise([after, *occurrences]))


@given(EXPRESSIONS, INSTANTS)
def test_the_next_after_an_occurrence_is_the_following_one(expression, after):
    first, second = islice(expression.occurrences(after, start=after), 2)

    assert next(expression.occurrences(first, start=after)) == second


@given(EXPRESSIONS, st.tuples(INSTANTS, INSTANTS, INSTANTS).map(sorted))
def test_splitting_a_span_in_two_changes_nothing(expression, instants):
    start, middle, end = instants
    whole = list(islice(expression.occurrences(start, start=start, end=end), 50))
    first = list(islice(expression.occurrences(start, start=start, end=middle), 50))
    second = list(islice(expression.occurrences(middle, start=start, end=end), 50))

    assert (first + second)[: len(whole)] == whole[: len(first) + len(second)]
