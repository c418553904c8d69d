"""Measuring two things in turns, and printing how they compare."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

__all__ = ["Comparison", "compare", "printed"]

_ROUNDS = 7
_ROUND_SECONDS = 0.05

is_quick = False
"""Whether everything is measured once only, to see that it runs."""


def once() -> None:
    """Measure everything once only."""
    global is_quick  # noqa: PLW0603  # a switch of the whole program
    is_quick = True


@dataclass(frozen=True)
class Comparison:
    """A line of a benchmark.

    Attributes:
        what: What is measured.
        ours: Seconds of ours, the median of the rounds.
        peer: Whom it is held against.
        theirs: Seconds of the peer.
        target: The ratio to stay below, or None.
        most: Seconds by which ours may be slower, or None.
        unit: Of both amounts: seconds, bytes, or none.
    """

    what: str
    ours: float
    peer: str
    theirs: float
    target: float | None = None
    most: float | None = None
    unit: str = "s"

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs

    @property
    def verdict(self) -> str:
        """Whether the target was met; empty without one."""
        if self.target is not None:
            return f"{'met' if self.ratio <= self.target else 'MISSED'} (≤ {self.target:g})"
        if self.most is not None:
            return f"{'met' if self.ours - self.theirs <= self.most else 'MISSED'} (≤ {_time(self.most)} more)"
        return ""

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "ratio": self.ratio}


def compare(
    what: str,
    ours: Callable[[], object],
    peer: str,
    theirs: Callable[[], object],
    *,
    target: float | None = None,
    most: float | None = None,
    per: int = 1,
    rounds: int = _ROUNDS,
) -> Comparison:
    """Measure two calls in turns.

    Args:
        what: What is measured.
        ours: Our call.
        peer: Whom it is held against.
        theirs: The peer's call.
        target: The ratio to stay below.
        most: Seconds by which ours may be slower.
        per: How many of what is measured one call does.
        rounds: How often each is measured.
    """
    calls = {call: 1 if is_quick else _calls_a_round(call) for call in (ours, theirs)}
    for call in () if is_quick else (ours, theirs, ours, theirs):
        _seconds(call, calls[call])  # to warm up
    seconds: dict[Callable[[], object], list[float]] = {ours: [], theirs: []}
    for _ in range(1 if is_quick else rounds):
        for call in (ours, theirs):
            seconds[call].append(_seconds(call, calls[call]) / calls[call] / per)
    return Comparison(what, statistics.median(seconds[ours]), peer, statistics.median(seconds[theirs]), target, most)


def _calls_a_round(call: Callable[[], object]) -> int:
    once = max(_seconds(call, 1), 1e-8)
    if once < _ROUND_SECONDS:
        once = max(min(_seconds(call, 1) for _ in range(3)), 1e-8)
    return max(1, int(_ROUND_SECONDS / once))


def _seconds(call: Callable[[], object], count: int) -> float:
    start = _Clock.read()
    for _ in range(count):
        call()
    return _Clock.read() - start


class _Clock:
    """Out of freezegun's sight, which replaces the time functions that it finds in modules."""

    read = staticmethod(time.perf_counter)


def printed(comparisons: Sequence[Comparison]) -> str:
    """Return a table of comparisons."""
    rows = [("", "ours", "peer", "", "ratio", "target")]
    for each in comparisons:
        ours, theirs = (_amount(amount, each.unit) for amount in (each.ours, each.theirs))
        shown = (each.what, ours, theirs, each.peer, f"{each.ratio:.3g}", each.verdict)
        rows.append(shown)
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _amount(amount: float, unit: str) -> str:
    return _time(amount) if unit == "s" else f"{amount:,.0f} {unit}".rstrip()


def _time(seconds: float) -> str:
    for unit, scale in (("s", 1), ("ms", 1e3), ("µs", 1e6)):
        if seconds * scale >= 1:
            return f"{seconds * scale:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"
