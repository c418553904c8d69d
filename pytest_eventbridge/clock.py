"""The clock that a test moves: the timeline's now, and the time that application code and handlers see.

Harness layer. The simulation's now is a plain value, and freezegun follows it. Nothing is frozen until a test asks for
it. Freezing is dear the first time, since freezegun looks at every module, and cheap inside another freeze; so an
outer freeze, which ticks with the real time, stays from one test to the next until a test comes that does not use the
fixture (:func:`thaw`).

Source: freezegun's documentation; the traps that are avoided stand beside the settings below.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from pytest_eventbridge.delivery.recurring import RecurringWork
from pytest_eventbridge.delivery.timeline import Occurrence, Timeline
from pytest_eventbridge.errors import InvalidInputError
from pytest_eventbridge.instants import instant
from pytest_eventbridge.rules import Rule

__all__ = ["Clock", "thaw"]

_SEES_REAL_TIME = ["_pytest.timing", "subprocess"]
"""pytest's own durations; and time-outs of subprocesses, which would never come."""

_OCCURRENCES_A_MOVE = 100_000

_outer: list[Any] = []


def thaw() -> None:
    """End the freeze that is kept between tests, if there is one."""
    while _outer:
        _outer.pop().stop()


@cache
def _show_cryptography_the_real_datetime() -> None:
    """Let cryptography sign a certificate before any freeze.

    Its compiled part remembers the datetime class that it meets first. Were that freezegun's, it would refuse real
    datetimes for the rest of the process; moto's SNS, which signs its notifications, would be the first to fail.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key, now = Ed25519PrivateKey.generate(), datetime.now(UTC)
    builder = x509.CertificateBuilder(x509.Name([]), x509.Name([]), key.public_key(), 1, now, now)
    builder.sign(key, None)


class Clock:
    """A clock that stands still once it is frozen, and then moves only when it is told to. It never goes back."""

    def __init__(
        self,
        timeline: Timeline,
        recurring_work: RecurringWork,
        *while_still: Callable[[], AbstractContextManager[None]],
    ) -> None:
        """Follow the real time until :meth:`freeze`.

        Args:
            timeline: Whose now it moves.
            recurring_work: What fires while it moves.
            while_still: Each is entered while time stands still: what would wait for time to pass must not.
        """
        self._timeline = timeline
        self._recurring_work = recurring_work
        self._while_still = while_still
        self._frozen: Any = None
        self._undo = ExitStack()

    @property
    def now(self) -> datetime:
        """The instant that it is, in UTC."""
        return self._timeline.now()

    def freeze(self, at: datetime | date | str | float | None = None) -> datetime:
        """Let time stand still.

        Args:
            at: The instant, as boto3 takes timestamps: naive ones are UTC. Now when absent; a freeze of your own
                (freezegun's, or a ``freezer`` fixture) is where it starts.

        Returns:
            Where it stands.

        Raises:
            InvalidInputError: the clock stands still already at a later instant, or ``at`` is not an instant.
        """
        moment = self.now if at is None else instant(at)
        if self._frozen is not None:
            self.move_to(moment)
            return moment
        # Imported here: most tests never freeze anything.
        import freezegun
        import freezegun.api

        if not _outer and not freezegun.api.freeze_factories:
            _show_cryptography_the_real_datetime()
            # asyncio must see the real time, or its sleeps never end; only the outermost freeze can grant it.
            outer = freezegun.freeze_time(tick=True, real_asyncio=True, ignore=_SEES_REAL_TIME)
            outer.start()
            _outer.append(outer)
        inner = freezegun.freeze_time(moment.replace(tzinfo=None), ignore=_SEES_REAL_TIME)
        self._frozen = inner.start()
        self._undo.callback(inner.stop)
        for without_waiting in self._while_still:
            self._undo.enter_context(without_waiting())
        self._timeline.frozen_at = moment
        self._recurring_work.begin_anew()
        return moment

    def advance(
        self,
        delta: timedelta | None = None,
        *,
        days: float = 0,
        hours: float = 0,
        minutes: float = 0,
        seconds: float = 0,
    ) -> list[Occurrence]:
        """Move the clock forward, and do the work that falls due on the way, each piece at its own instant.

        Args:
            delta: How far; added to the keywords.
            days: Of 24 hours.
            hours: Of 60 minutes.
            minutes: Of 60 seconds.
            seconds: Seconds.

        Returns:
            What was done, in order.

        Raises:
            InvalidInputError: it would go back, or something runs away: more than 100,000 occurrences.

        Example:
            eventbridge.rule("sync", schedule="rate(1 day)", targets=[sync_flights])
            eventbridge.clock.advance(days=3)
        """
        distance = (delta or timedelta()) + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        if distance < timedelta():
            raise InvalidInputError(f"the clock cannot go back: asked to advance by {distance}")
        return self.move_to(self._stand_still() + distance)

    def move_to(self, at: datetime | date | str | float) -> list[Occurrence]:
        """Move the clock forward to an instant; see :meth:`advance`.

        Raises:
            InvalidInputError: the instant lies in the past, or is none, or something runs away.
        """
        target = instant(at)
        self._stand_still()
        return self._timeline.advance_to(
            target, move=self._follow, refresh=self._recurring_work.refresh, limit=_OCCURRENCES_A_MOVE
        )

    def run_until_idle(self) -> list[Occurrence]:
        """Do all deliveries and retries that wait, moving the clock to each; schedules in between are let go.

        Raises:
            InvalidInputError: something runs away: more than 100,000 pieces of work.
        """
        self._stand_still()
        done = self._timeline.run_until_idle(move=self._follow, limit=_OCCURRENCES_A_MOVE)
        self._recurring_work.skip_past()
        return done

    def upcoming(self, n: int, rule: Rule | None = None) -> list[Occurrence]:
        """Return the next occurrences of rules and of schedules, without moving the clock.

        Args:
            n: How many.
            rule: Of this rule only; of all rules and schedules when absent.
        """
        return self._recurring_work.upcoming(n, rule.arn if rule else None)

    def stop(self) -> None:
        """Let the real time go on."""
        self._undo.close()
        self._frozen = None
        self._timeline.frozen_at = None

    def _stand_still(self) -> datetime:
        return self.now if self._frozen is not None else self.freeze()

    def _follow(self, moment: datetime) -> None:
        # What freezegun's own move_to comes down to; on the way it would ask what kind of number a timedelta is.
        self._frozen.time_to_freeze = moment.replace(tzinfo=None)
