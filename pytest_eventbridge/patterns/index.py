"""Many patterns, one event: which patterns are worth a walk.

Core layer. The idea: in practice a rule names the exact sources it listens to, and mostly the detail types too. So
patterns are filed under each pair of source and detail type that they demand, with a blank for whichever they leave
open, and an event takes four drawers: its source and detail type, either one with a blank, and both blank. Only what
lies in those drawers is walked. A pattern that demands very many pairs is filed under its sources alone, so that
filing stays cheap.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Generic, TypeVar

from pytest_eventbridge.patterns.event_pattern import EventPattern

__all__ = ["PatternIndex"]

_PAIRS_FILED = 256

K = TypeVar("K")


class PatternIndex(Generic[K]):
    """A fixed set of patterns, each under a key of its owner's."""

    def __init__(self, patterns: Iterable[tuple[K, EventPattern]]) -> None:
        """File the patterns.

        Args:
            patterns: Keys with their patterns; matches are reported in this order.
        """
        self._all: list[tuple[int, K, EventPattern]] = []
        self._drawers: dict[tuple[str | None, str | None], list[tuple[int, K, EventPattern]]] = {}
        for number, (key, pattern) in enumerate(patterns):
            entry = (number, key, pattern)
            self._all.append(entry)
            for pair in _pairs(pattern):
                self._drawers.setdefault(pair, []).append(entry)

    def __len__(self) -> int:
        return len(self._all)

    def matching(self, event: dict[str, Any]) -> list[K]:
        """Return the keys of the patterns that match an event."""
        return [key for _, key, pattern in self._candidates(event) if pattern.matches(event)]

    def _candidates(self, event: dict[str, Any]) -> list[tuple[int, K, EventPattern]]:
        source, detail_type = event.get("source"), event.get("detail-type")
        if event.__class__ is not dict or source.__class__ is not str or detail_type.__class__ is not str:
            return self._all
        drawers = [
            drawer
            for pair in ((source, detail_type), (source, None), (None, detail_type), (None, None))
            if (drawer := self._drawers.get(pair))
        ]
        if len(drawers) == 1:
            return drawers[0]
        return sorted((entry for drawer in drawers for entry in drawer), key=_number)


def _number(entry: tuple[int, Any, EventPattern]) -> int:
    return entry[0]


def _pairs(pattern: EventPattern) -> list[tuple[str | None, str | None]]:
    sources = pattern.exact_strings("source") or {None}
    detail_types = pattern.exact_strings("detail-type") or {None}
    if len(sources) * len(detail_types) > _PAIRS_FILED:
        detail_types = {None}
    return [(source, detail_type) for source in sources for detail_type in detail_types]
