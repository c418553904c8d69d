"""How long a function has run, against how long it may.

Adapter layer. An invocation is over its limit when the real clock says so; what it sleeps while the test's clock stands
still counts too, and is not waited for: time does not pass there.

Source: "Configure Lambda function timeout" in the developer guide.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from pytest_eventbridge.recording.origin import current_invocation

__all__ = ["FunctionTimedOut", "TimeLimit", "sleep_without_waiting"]


class FunctionTimedOut(BaseException):  # no error of the handler's: it must pass through its except clauses
    """Ends a handler that sleeps longer than it may."""


class _RealClock:
    """Out of freezegun's sight, which replaces the time functions that it finds in modules."""

    read = staticmethod(time.perf_counter)


class TimeLimit:
    """The time of one invocation.

    Attributes:
        seconds: How long it may run.
    """

    __slots__ = ("_slept", "_started", "seconds")

    def __init__(self, seconds: float) -> None:
        """Begin to count."""
        self.seconds = seconds
        self._slept = 0.0
        self._started = _RealClock.read()

    @property
    def remaining(self) -> float:
        """How many seconds are left; negative when it is over its limit."""
        return self.seconds - self._slept - (_RealClock.read() - self._started)

    def sleep(self, seconds: float) -> None:
        """Let time pass that nobody waits for.

        Raises:
            FunctionTimedOut: that is more than was left.
            ValueError: the time is negative.
        """
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        self._slept += seconds
        if self.remaining < 0:
            raise FunctionTimedOut


@contextmanager
def sleep_without_waiting() -> Iterator[None]:
    """Let handlers sleep without waiting for a block; a test's own ``time.sleep`` waits as ever."""
    wait = time.sleep

    def sleep(seconds: float) -> None:
        invocation = current_invocation.get()
        if invocation is None:
            wait(seconds)
        else:
            invocation.context.time_limit.sleep(seconds)

    with patch.object(time, "sleep", sleep):
        yield
