"""The clock that a test moves: the timeline's now, and the time that application code and handlers see.

Harness layer. The simulation's now is a plain value; freezegun follows it. Nothing is frozen until a test asks for it.

Source of the traps avoided here: freezegun's documentation; pytest's ``_pytest.timing``.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from pytest_eventbridge.delivery.timeline import Occurrence, Timeline
from pytest_eventbridge.errors import InvalidInputError
from pytest_eventbridge.instants import instant

__all__ = ["Clock"]

_SEES_REAL_TIME = ["_pytest.timing", "subprocess"]
"""pytest's own durations, and time-outs of subprocesses, which would never come."""


class Clock:
    """A clock that stands still once it is frozen, and then moves only when it is told to."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._freezer: Any = None
        self._frozen: Any = None

    @property
    def now(self) -> datetime:
        """The instant that it is, in UTC."""
        return self._timeline.now()

    def freeze(self, at: datetime | date | str | float | None = None) -> datetime:
        """Let time stand still.

        Args:
            at: The instant, as boto3 takes timestamps; now when absent.

        Returns:
            Where it stands.

        Raises:
            InvalidInputError: the clock stands still already at a later instant, or ``at`` is not an instant.
        """
        moment = self.now if at is None else instant(at)
        if self._frozen is None:
            import freezegun

            self._freezer = freezegun.freeze_time(moment.replace(tzinfo=None), ignore=_SEES_REAL_TIME)
            self._frozen = self._freezer.start()
            self._timeline.frozen_at = moment
        else:
            self.move_to(moment)
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
            InvalidInputError: it would go back.
        """
        distance = (delta or timedelta()) + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        if distance < timedelta():
            raise InvalidInputError(f"the clock cannot go back: asked to advance by {distance}")
        return self.move_to(self.freeze_here() + distance)

    def move_to(self, at: datetime | date | str | float) -> list[Occurrence]:
        """Move the clock forward to an instant; see :meth:`advance`.

        Raises:
            InvalidInputError: the instant lies in the past, or is none.
        """
        target = instant(at)
        self.freeze_here()
        return self._timeline.advance_to(target, self._follow)

    def freeze_here(self) -> datetime:
        """Let time stand still if it does not, and return where it stands."""
        return self.now if self._frozen is not None else self.freeze()

    def stop(self) -> None:
        """Let the real time go on."""
        if self._freezer is not None:
            self._freezer.stop()
            self._freezer = self._frozen = None
            self._timeline.frozen_at = None

    def _follow(self, moment: datetime) -> None:
        self._frozen.move_to(moment.replace(tzinfo=None))
