"""The timeline: everything that happens is work on it, done in order at its own instant.

Engine layer. Work due now is done first come, first served, so what a handler publishes waits behind what is already
due, as in AWS. Work due later (a retry, an occurrence of a schedule) waits until the clock is moved. While
one thread does the work, others only add to it, and do not wait: whoever runs takes it along.
"""

from __future__ import annotations

import heapq
from abc import ABC, abstractmethod
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import NamedTuple

from pytest_eventbridge.errors import InvalidInputError

__all__ = ["Call", "Occurrence", "PlannedWork", "Timeline", "Work"]


class Work(ABC):
    """Something to do as soon as it is its turn.

    What is done for each event is a class of its own, so that its label is only made when someone reads it.
    """

    __slots__ = ()

    @abstractmethod
    def in_words(self) -> str:
        """Return what it is."""

    @abstractmethod
    def do(self) -> None:
        """Do it."""

    @property
    def label(self) -> str:
        """What it is, in words."""
        return self.in_words()

    def __repr__(self) -> str:
        return f"<now {self.label}>"


@dataclass(slots=True, repr=False)
class Call(Work):
    """Work that is a call.

    Attributes:
        words: What it is.
        action: Makes it.
    """

    words: str
    action: Callable[[], None]

    def in_words(self) -> str:
        """Return what it is."""
        return self.words

    def do(self) -> None:
        """Make the call."""
        self.action()


@dataclass(order=True, slots=True)
class PlannedWork:
    """A call to make at an instant.

    Attributes:
        due: When.
        sequence: Breaks ties: what was planned first is done first.
        label: What it is, in words.
        action: Makes it.
        is_schedule: Whether it is an occurrence of a schedule, which comes again, and not a delivery or a retry.
    """

    due: datetime
    sequence: int
    label: str = field(compare=False)
    action: Callable[[], None] = field(compare=False)
    is_schedule: bool = field(compare=False, default=False)

    def do(self) -> None:
        """Make the call."""
        self.action()

    def __repr__(self) -> str:
        return f"<{self.due:%Y-%m-%dT%H:%M:%SZ} {self.label}>"


class Occurrence(NamedTuple):
    """Work that was done while the clock was moved.

    Attributes:
        instant: When.
        label: What, in words.
    """

    instant: datetime
    label: str

    def __repr__(self) -> str:
        return f"<{self.instant:%Y-%m-%dT%H:%M:%SZ} {self.label}>"


class Timeline:
    """The work of one test, and its now.

    Attributes:
        frozen_at: Where time stands still, or None while it follows the real clock.
        choose: Returns which of so many pieces of due work is next; None for first come, first served.
        after_work: Called whenever all work that was asked for is done, before any thread begins with more; it must
            not add any.
    """

    def __init__(self) -> None:
        self.frozen_at: datetime | None = None
        self.choose: Callable[[int], int] | None = None
        self.after_work: Callable[[], object] = lambda: None
        self._due: deque[Work | PlannedWork] = deque()
        self._later: list[PlannedWork] = []
        self._sequence = 0
        self._moving = False
        self._lock = Lock()
        self._worker = Lock()

    def now(self) -> datetime:
        """Return the instant that the simulation is at, in UTC."""
        return self.frozen_at or datetime.now(UTC)

    def add(self, work: Work) -> None:
        """Put work due now behind all that is due already."""
        self._due.append(work)

    def add_later(
        self, due: datetime, label: str, action: Callable[[], None], *, is_schedule: bool = False
    ) -> PlannedWork:
        """Plan work for an instant."""
        with self._lock:
            self._sequence += 1
            work = PlannedWork(due, self._sequence, label, action, is_schedule)
            heapq.heappush(self._later, work)
            return work

    def cancel(self, work: PlannedWork) -> None:
        """Take planned work back; does nothing when it is done already."""
        with self._lock:
            if work in self._later:
                self._later.remove(work)
                heapq.heapify(self._later)

    @property
    def is_at_work(self) -> bool:
        """Whether someone does the work at this moment."""
        return self._worker.locked()

    @property
    def due(self) -> list[Work | PlannedWork]:
        """The work due now that waits to be done, in order."""
        return list(self._due)

    @property
    def later(self) -> list[PlannedWork]:
        """The work due later, in order."""
        with self._lock:
            return sorted(self._later)

    def run(self, limit: int | None = None) -> int:
        """Do the work due now, and what it adds.

        Args:
            limit: How many pieces at the most.

        Returns:
            How many were done here; 0 while another call is at it.
        """
        done = 0
        # What another thread adds while this one ends its work is still this one's: the other saw it at work.
        while self._due and done != limit and self._worker.acquire(blocking=False):
            try:
                while self._due and done != limit:
                    if self.choose is not None:
                        self._due.rotate(-self.choose(len(self._due)))
                    work = self._due.popleft()
                    done += 1
                    work.do()
            finally:
                if not self._moving:
                    self.after_work()
                self._worker.release()
        return done

    @contextmanager
    def _move(self) -> Iterator[None]:
        self._moving = True
        try:
            yield
        finally:
            self._moving = False
            if self._worker.acquire(blocking=False):
                self.after_work()
                self._worker.release()

    def advance_to(
        self, instant: datetime, *, move: Callable[[datetime], None], refresh: Callable[[], None], limit: int
    ) -> list[Occurrence]:
        """Move now forward, stopping at each piece of work that falls due on the way.

        Args:
            instant: Where to stop.
            move: Told of every instant at which now stands, before its work is done.
            refresh: Called before every step, to plan what has come up meanwhile.
            limit: How many pieces of planned work may be done.

        Raises:
            InvalidInputError: the instant lies in the past, or the limit was reached; the message names what came
                most often.
        """
        if instant < self.now():
            raise InvalidInputError(f"the clock cannot go back: it is {self.now():%Y-%m-%dT%H:%M:%SZ}")
        occurrences: list[Occurrence] = []
        with self._move():
            self.run()
            while (work := self._next_until(instant, refresh)) is not None:
                if len(occurrences) == limit:
                    raise InvalidInputError(_runaway(occurrences))
                self._do_at(work, move)
                occurrences.append(Occurrence(work.due, work.label))
        self.frozen_at = instant
        move(instant)
        return occurrences

    def run_until_idle(self, *, move: Callable[[datetime], None], limit: int) -> list[Occurrence]:
        """Do all work that is due or planned, except schedules, moving now to each piece.

        Raises:
            InvalidInputError: the limit was reached.
        """
        occurrences: list[Occurrence] = []
        with self._move():
            self.run()
            while (work := self._next_not_scheduled()) is not None:
                if len(occurrences) == limit:
                    raise InvalidInputError(_runaway(occurrences))
                self.cancel(work)
                self._do_at(work, move)
                occurrences.append(Occurrence(work.due, work.label))
        return occurrences

    def _next_not_scheduled(self) -> PlannedWork | None:
        with self._lock:
            return min((each for each in self._later if not each.is_schedule), default=None)

    def _next_until(self, instant: datetime, refresh: Callable[[], None]) -> PlannedWork | None:
        refresh()
        if self._due:
            self.run()
        with self._lock:
            return heapq.heappop(self._later) if self._later and self._later[0].due <= instant else None

    def _do_at(self, work: PlannedWork, move: Callable[[datetime], None]) -> None:
        self.frozen_at = max(work.due, self.now())
        move(self.frozen_at)
        self._due.append(work)
        self.run()


def _runaway(occurrences: list[Occurrence]) -> str:
    (label, count), *_ = Counter(occurrence.label for occurrence in occurrences).most_common(1)
    return (
        f"the clock was stopped after {len(occurrences)} occurrences in one move: {label} came {count} times."
        " Move it less far at once, or disable what runs away."
    )
