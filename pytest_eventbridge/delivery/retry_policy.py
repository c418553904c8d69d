"""How often, how long and when a failed delivery is tried again.

Engine layer. AWS tries again with growing, jittered waits that it does not publish. Ours double from one second up to
eight minutes, without jitter so that tests repeat: with the default policy all 185 retries fit into its 24 hours.

Source: RetryPolicy in the EventBridge API reference; "How EventBridge retries delivering events" in the user guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

__all__ = ["RetryPolicy"]

_LONGEST_WAIT_SECONDS = 480


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """A target's retry policy.

    Attributes:
        maximum_retry_attempts: 0 to 185; the first attempt does not count.
        maximum_event_age_in_seconds: 60 to 86,400.
    """

    maximum_retry_attempts: int = 185
    maximum_event_age_in_seconds: int = 86_400

    @classmethod
    def of(cls, target: Mapping[str, Any]) -> RetryPolicy:
        """Return the policy of a target as PutTargets took it."""
        policy = target.get("RetryPolicy") or {}
        return cls(policy.get("MaximumRetryAttempts", 185), policy.get("MaximumEventAgeInSeconds", 86_400))

    def next_attempt(
        self, attempts: int, first_attempt_at: datetime, now: datetime, retry_after_seconds: float = 0
    ) -> datetime | None:
        """Return when to try again, or None when the policy is exhausted.

        Args:
            attempts: How many there were.
            first_attempt_at: From where the event's age counts.
            now: When the last attempt was.
            retry_after_seconds: How long the target asks to be left alone.
        """
        if attempts > self.maximum_retry_attempts:
            return None
        wait = max(min(2 ** (attempts - 1), _LONGEST_WAIT_SECONDS), retry_after_seconds)
        due = now + timedelta(seconds=wait)
        return None if due > first_attempt_at + timedelta(seconds=self.maximum_event_age_in_seconds) else due

    def exhausted_condition(self, attempts: int) -> str:
        """Return which of the two limits ended the retries, as EXHAUSTED_RETRY_CONDITION names it."""
        return "MaximumRetryAttempts" if attempts > self.maximum_retry_attempts else "MaximumEventAgeInSeconds"
