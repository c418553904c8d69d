"""Archives keep the events of a bus that match their pattern; a replay puts them on the bus again.

Engine layer. What comes from a replay is never archived again. A replay's window is one of the events' own time, half
open; the rules of now decide where its events go, and it takes its turn on the timeline like any other work.

Source: "Archiving and replaying events" in the EventBridge user guide; CreateArchive and StartReplay in the API
reference; recorded replays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pytest_eventbridge.delivery.ports import ArchiveState, ControlPlane, ReplayState
from pytest_eventbridge.delivery.timeline import Call, Timeline
from pytest_eventbridge.patterns import EventPattern
from pytest_eventbridge.recording.records import PublishedEvent

__all__ = ["ArchivedEvent", "Archives"]

_TIME_SIZE_BYTES = 20


@dataclass(frozen=True, slots=True)
class ArchivedEvent:
    """An event in an archive.

    Attributes:
        envelope: As it was delivered.
        time: Its own time.
        archived_at: From when its retention counts.
        size_bytes: As the archive counts it: source, detail type, detail and time.
    """

    envelope: dict[str, Any]
    time: datetime
    archived_at: datetime
    size_bytes: int

    @classmethod
    def of(cls, event: PublishedEvent, archived_at: datetime) -> ArchivedEvent:
        """Return a published event as an archive keeps it."""
        members = event.envelope
        assert members is not None, "only accepted events reach a bus"
        detail = event.entry.get("Detail", "{}")
        size = sum(len(part.encode()) for part in (event.source, event.detail_type, detail)) + _TIME_SIZE_BYTES
        return cls(members, event.time, archived_at, size)

    def is_retained_for(self, days: int, now: datetime) -> bool:
        """Whether an archive still has it that keeps events for so many days, 0 meaning for ever."""
        return not days or now < self.archived_at + timedelta(days=days)


class Archives:
    """Keeps events for the archives of the control plane, and replays them."""

    def __init__(
        self,
        control_plane: ControlPlane,
        timeline: Timeline,
        put_again: Callable[[ArchivedEvent, ReplayState], None],
    ) -> None:
        """Take what it works with.

        Args:
            control_plane: Who has the archives, and what is in them.
            timeline: On which replays take their turn.
            put_again: Puts an archived event on its bus again.
        """
        self._control_plane = control_plane
        self._timeline = timeline
        self._put_again = put_again

    def keep(self, event: PublishedEvent) -> None:
        """Keep an event in every archive of its bus whose pattern it matches."""
        if event.replay_name is not None:
            return
        for archive in self._control_plane.archives(event.at_account, event.at_region, event.bus):
            archived = ArchivedEvent.of(event, self._timeline.now())
            if archive.pattern is None or EventPattern(archive.pattern).matches(archived.envelope):
                archive.events.append(archived)

    def start(self, replay: ReplayState) -> None:
        """Put a replay on the timeline."""
        label = f"replay {replay.name!r} of archive {replay.archive!r}"
        self._timeline.add(Call(label, lambda: self._run(replay)))

    def _run(self, replay: ReplayState) -> None:
        if replay.state == "CANCELLING":
            replay.change("CANCELLED", self._timeline.now())
            return
        archive = self._control_plane.archive(replay.account, replay.region, replay.archive)
        if archive is None:
            replay.change("FAILED", self._timeline.now(), reason="Archive resource not found.")
            return
        replay.change("RUNNING", self._timeline.now())
        last = None
        for event in self._window(archive, replay):
            self._put_again(event, replay)
            last = event.time
        replay.change("COMPLETED", self._timeline.now(), last_replayed=last)

    def _window(self, archive: ArchiveState, replay: ReplayState) -> Sequence[ArchivedEvent]:
        now = self._timeline.now()
        inside = [
            event
            for event in archive.events
            if replay.start <= event.time < replay.end and event.is_retained_for(archive.retention_days, now)
        ]
        return sorted(inside, key=lambda event: event.time)
