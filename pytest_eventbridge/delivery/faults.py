"""Faults that a test plans: what goes wrong next, for which calls and deliveries, and how often.

Engine layer. The engine asks at each point where AWS can fail whether a fault is planned there. A fault is used as
often as it was planned, the first one first; those left over are reported.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Literal, TypeAlias

__all__ = ["Fault", "FaultPoint", "PlannedFaults"]

FaultPoint: TypeAlias = "Literal['request', 'entry', 'delivery', 'duplicate', 'function']"


@dataclass(slots=True)
class Fault:
    """A planned fault.

    Attributes:
        point: Where it strikes: a whole request, an entry, a delivery, the number of deliveries, or a function.
        label: The call that planned it.
        times: How often it is to strike.
        applies: Whether it strikes what stands at that point.
        error_code: With which code it fails.
        retryable: Whether a failed delivery is tried again.
        used: How often it has struck.
    """

    point: FaultPoint
    label: str
    times: int
    applies: Callable[[Any], bool] = field(default=lambda _: True)
    error_code: str = ""
    retryable: bool = True
    used: int = 0


class PlannedFaults:
    """The faults of one test."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []
        self._lock = Lock()

    @property
    def is_planned(self) -> bool:
        """Whether there are any."""
        return bool(self._planned)

    def plan(self, fault: Fault) -> None:
        """Add a fault."""
        self._planned.append(fault)

    def strike(self, point: FaultPoint, subject: object = None) -> Fault | None:
        """Return the fault that strikes here, counted as used, or None."""
        if not self._planned:
            return None
        with self._lock:
            for fault in self._planned:
                if fault.point == point and fault.used < fault.times and fault.applies(subject):
                    fault.used += 1
                    return fault
        return None

    @property
    def unused(self) -> list[Fault]:
        """Those that have not struck as often as planned."""
        return [fault for fault in self._planned if fault.used < fault.times]
