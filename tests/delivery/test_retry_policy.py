"""Retry policies: how often, how long and when."""

from datetime import UTC, datetime, timedelta

import pytest

from pytest_eventbridge.delivery.retry_policy import RetryPolicy

START = datetime(2026, 3, 1, tzinfo=UTC)


def test_the_default_policy_makes_185_retries_within_its_24_hours():
    policy, now, attempts = RetryPolicy(), START, 1

    while (due := policy.next_attempt(attempts, START, now)) is not None:
        now, attempts = due, attempts + 1

    assert attempts == 186
    assert now - START < timedelta(hours=24)
    assert policy.exhausted_condition(attempts) == "MaximumRetryAttempts"


def test_waits_double_up_to_eight_minutes():
    waits = [(RetryPolicy().next_attempt(attempts, START, START) - START).seconds for attempts in range(1, 12)]

    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 480, 480]


@pytest.mark.parametrize(
    ("target", "policy"),
    [
        ({}, RetryPolicy(185, 86_400)),
        ({"RetryPolicy": {"MaximumRetryAttempts": 0}}, RetryPolicy(0, 86_400)),
        ({"RetryPolicy": {"MaximumEventAgeInSeconds": 60}}, RetryPolicy(185, 60)),
    ],
)
def test_a_target_says_its_policy(target, policy):
    assert RetryPolicy.of(target) == policy


def test_without_retries_the_first_failure_is_the_last():
    assert RetryPolicy(maximum_retry_attempts=0).next_attempt(1, START, START) is None


def test_the_age_of_the_event_counts_from_its_first_attempt():
    policy = RetryPolicy(maximum_event_age_in_seconds=60)

    assert policy.next_attempt(3, START, START + timedelta(seconds=56)) == START + timedelta(seconds=60)
    assert policy.next_attempt(3, START, START + timedelta(seconds=57)) is None
    assert policy.exhausted_condition(3) == "MaximumEventAgeInSeconds"
