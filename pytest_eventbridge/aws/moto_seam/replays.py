"""moto's archives and replays: it keeps them, and the engine fills and runs them.

Adapter layer. moto would replay at once, past the window and the rules; it would count a list's size in memory for an
archive's; and it would let a replay be cancelled that has ended.

Source: DescribeArchive, StartReplay, DescribeReplay and CancelReplay in the EventBridge API reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import moto.events.models

from pytest_eventbridge.arns import event_bus_name
from pytest_eventbridge.aws.replacing import replaced
from pytest_eventbridge.delivery.archives import ArchivedEvent
from pytest_eventbridge.instants import instant

__all__ = ["MotoReplay", "archives_and_replays"]


class MotoReplay:
    """A replay as moto keeps it.

    Attributes:
        name: Its name.
        archive: The archive's name.
        account: Whose it is.
        region: Where it is.
        bus: The event bus's name.
        rule_arns: The rules that get its events; all when empty.
        start: Of its window.
        end: Of its window, not in it.
    """

    def __init__(self, replay: Any, archive: str) -> None:
        """Read moto's."""
        self._replay = replay
        self.name: str = replay.name
        self.archive = archive
        self.account: str = replay.account_id
        self.region: str = replay.region
        self.bus = event_bus_name(replay.destination["Arn"])
        self.rule_arns: Sequence[str] = replay.destination.get("FilterArns") or ()
        self.start = instant(replay.event_start_time)
        self.end = instant(replay.event_end_time)

    @property
    def state(self) -> str:
        """``STARTING``, ``RUNNING``, ``CANCELLING``, ``COMPLETED``, ``CANCELLED`` or ``FAILED``."""
        return str(self._replay.state.value)

    def change(
        self, state: str, now: datetime, *, reason: str | None = None, last_replayed: datetime | None = None
    ) -> None:
        """Change its state in moto."""
        self._replay.state = moto.events.models.ReplayState[state]
        self._replay.state_reason = reason
        if state in ("COMPLETED", "CANCELLED", "FAILED"):
            self._replay.end_time = now.timestamp()
        if last_replayed is not None:
            self._replay.last_replayed = last_replayed.timestamp()


@contextmanager
def archives_and_replays(start: Callable[[MotoReplay], None], now: Callable[[], datetime]) -> Iterator[None]:
    """Let the engine run moto's replays for a block, and describe archives and replays as the service does.

    Args:
        start: Told of each replay that was started.
        now: Returns the instant from which retention counts.
    """
    replay, archive, backend = (
        moto.events.models.Replay,
        moto.events.models.Archive,
        moto.events.models.EventsBackend,
    )
    describe_replay, describe_archive, cancel = replay.describe_short, archive.describe_short, backend.cancel_replay

    def replay_events(self: Any, archive: Any) -> None:
        start(MotoReplay(self, archive.name))

    def describe_replay_short(self: Any) -> dict[str, Any]:
        more = {
            "StateReason": getattr(self, "state_reason", None),
            "EventLastReplayedTime": getattr(self, "last_replayed", None),
        }
        return {**describe_replay(self), **{name: value for name, value in more.items() if value is not None}}

    def describe_archive_short(self: Any) -> dict[str, Any]:
        days = int(self.retention or 0)
        kept: list[ArchivedEvent] = [each for each in self.events if each.is_retained_for(days, now())]
        counts = {"EventCount": len(kept), "SizeBytes": sum(each.size_bytes for each in kept)}
        return {**describe_archive(self), **counts}

    def cancel_replay(self: Any, name: str) -> dict[str, str]:
        known = self.replays.get(name)
        if known is not None and known.state is moto.events.models.ReplayState.COMPLETED:
            text = f"Replay {name} is not in a valid state for this operation."
            raise moto.events.models.IllegalStatusException(text)
        answer: dict[str, str] = cancel(self, name)
        known.state = moto.events.models.ReplayState.CANCELLING
        return answer

    with replaced(
        (replay, "replay_events", replay_events),
        (replay, "describe_short", describe_replay_short),
        (archive, "describe_short", describe_archive_short),
        (backend, "cancel_replay", cancel_replay),
    ):
        yield
