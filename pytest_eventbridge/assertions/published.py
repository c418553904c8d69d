"""Assertions about published events and rejected entries.

Harness layer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, Unpack, overload

from pytest_eventbridge.assertions.words import answer, check_times, counted, enough, fail, listed, times_of
from pytest_eventbridge.near_miss import near_miss_lines
from pytest_eventbridge.recording.filters import EventFilter, EventParts
from pytest_eventbridge.recording.recorder import Recorder
from pytest_eventbridge.recording.records import PublishedEvent
from pytest_eventbridge.recording.views import Events

__all__ = ["PublishedAssertions"]

_REJECTED_SHOWN = 5


class PublishedAssertions:
    """What a test can demand of published events. An event is published when EventBridge accepted its entry."""

    _recorder: Recorder

    @overload
    def assert_event_published(
        self, *, times: Literal[1] | None = None, **filters: Unpack[EventParts]
    ) -> PublishedEvent: ...
    @overload
    def assert_event_published(self, *, times: int, **filters: Unpack[EventParts]) -> PublishedEvent | Events: ...
    def assert_event_published(
        self, *, times: int | None = None, **filters: Unpack[EventParts]
    ) -> PublishedEvent | Events:
        """Demand that an event was published.

        Args:
            times: How many such events there must be; at least one when absent.
            filters: Parts of the event: see :class:`EventParts`.

        Returns:
            The first such event; all of them when ``times`` is given and not 1.

        Raises:
            AssertionError: there are none, or not as many; the message shows the nearest event.
            InvalidInputError: a filter is unknown.

        Example:
            event = eventbridge.assert_event_published(source="com.shop.orders", detail={"email": "ann@example.com"})
        """
        __tracebackhide__ = True
        wanted = EventFilter(**filters)
        check_times(times)
        found = self._published(wanted)
        if not enough(found, times):
            recorded = self._recorder.events
            lines = [counted(f"event{wanted.describe()}", len(found), times, f"{len(recorded)} recorded")]
            fail([*lines, *(listed("found", found) or near_miss_lines(wanted, recorded))])
        result: PublishedEvent | Events = answer(found, times)
        return result

    def assert_event_not_published(self, **filters: Unpack[EventParts]) -> None:
        """Demand that no such event was published.

        Raises:
            AssertionError: there is one; the message shows each, and where it was published.
            InvalidInputError: a filter is unknown.
        """
        __tracebackhide__ = True
        wanted = EventFilter(**filters)
        found = self._published(wanted)
        if found:
            fail([f"an event{wanted.describe()} was published {times_of(len(found))}", *listed("found", found)])

    def assert_nothing_published(self) -> None:
        """Demand that no event was published at all.

        Raises:
            AssertionError: there is one.
        """
        __tracebackhide__ = True
        found = self._published(EventFilter())
        if found:
            noun = "1 event was" if len(found) == 1 else f"{len(found)} events were"
            fail([f"{noun} published where none was wanted", *listed("found", found)])

    def assert_events_published_in_order(self, wanted: Iterable[Mapping[str, Any]]) -> Events:
        """Demand events in an order; others may lie between them.

        Args:
            wanted: For each event a mapping of filters: see :class:`EventParts`.

        Returns:
            The events found, one for each mapping.

        Raises:
            AssertionError: one is missing, or came too early.
            InvalidInputError: a filter is unknown.
        """
        __tracebackhide__ = True
        events = self._published(EventFilter())
        found: list[PublishedEvent] = []
        start = 0
        for number, filters in enumerate([EventFilter(**parts) for parts in wanted], start=1):
            position = next((at for at in range(start, len(events)) if filters.accepts(events[at])), None)
            if position is None:
                fail(self._out_of_order(number, filters, found, events))
            found.append(events[position])
            start = position + 1
        return Events(found)

    def _out_of_order(
        self, number: int, wanted: EventFilter, found: Sequence[PublishedEvent], events: Sequence[PublishedEvent]
    ) -> Iterator[str]:
        after = f" after event {found[-1].number}" if found else ""
        yield f"no event{wanted.describe()}{after} (number {number} in the wanted order)"
        earlier = next((event for event in events if wanted.accepts(event)), None)
        if earlier is not None:
            yield f"  early     event {earlier.number} is one, but it came before"
            yield f"            published {earlier.origin}"
        else:
            yield from near_miss_lines(wanted, self._recorder.events)
        yield from listed("in order", found)

    @overload
    def assert_entry_rejected(
        self, error_code: str | None = None, *, times: Literal[1] | None = None, **filters: Unpack[EventParts]
    ) -> PublishedEvent: ...
    @overload
    def assert_entry_rejected(
        self, error_code: str | None = None, *, times: int, **filters: Unpack[EventParts]
    ) -> PublishedEvent | Events: ...
    def assert_entry_rejected(
        self, error_code: str | None = None, *, times: int | None = None, **filters: Unpack[EventParts]
    ) -> PublishedEvent | Events:
        """Demand that EventBridge rejected an entry; the strict check then lets it pass.

        Args:
            error_code: Its ErrorCode, such as ``MalformedDetail``.
            times: How many; at least one when absent.
            filters: Parts of the event that it would have become: see :class:`EventParts`.

        Returns:
            The rejected entry's event; all of them when ``times`` is given and not 1.

        Raises:
            AssertionError: there are none, or not as many.
            InvalidInputError: a filter is unknown.
        """
        __tracebackhide__ = True
        wanted = EventFilter(**filters)
        check_times(times)
        rejected = [event for event in self._recorder.events if event.rejection is not None]
        found = Events(
            event for event in rejected if wanted.accepts(event) and error_code in (None, _error_code(event))
        )
        if not enough(found, times):
            code = f" with {error_code}" if error_code else ""
            noun = f"rejected entry{code}{wanted.describe()}"
            lines = [counted(noun, len(found), times, f"{len(rejected)} rejected")]
            fail([*lines, *(_rejected_lines(rejected) or near_miss_lines(wanted, self._recorder.events))])
        for event in found:
            event.looked_at = True
        result: PublishedEvent | Events = answer(found, times)
        return result

    def _published(self, wanted: EventFilter) -> Events:
        return Events(event for event in self._recorder.events if event.rejection is None and wanted.accepts(event))


def _error_code(event: PublishedEvent) -> str:
    return event.rejection[0] if event.rejection else ""


def _rejected_lines(rejected: Sequence[PublishedEvent]) -> list[str]:
    lines = []
    for event in rejected[:_REJECTED_SHOWN]:
        lines.append(f"  rejected  {event!r}")
        lines.append(f"            {': '.join(event.rejection or ())}")
    return lines
