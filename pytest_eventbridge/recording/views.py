"""Sequences of records as a test reads them: filtered, counted, compared and printed.

Engine layer. A view is a snapshot: what is recorded later is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar, Unpack, overload

from pytest_eventbridge.errors import NotFoundError
from pytest_eventbridge.recording.filters import NOTHING, EventFilter, EventParts, differences
from pytest_eventbridge.recording.records import DeadLetter, Delivery, DeliveryStatus, Invocation, PublishedEvent

__all__ = ["DeadLetters", "Deliveries", "Events", "Invocations", "Records"]

T = TypeVar("T")
_LINES_SHOWN = 12


class Records(Sequence[T], Generic[T]):
    """Records in the order in which things happened."""

    noun = "records"

    def __init__(self, records: Iterable[T]) -> None:
        self._records = list(records)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        return self._records[index]

    def __len__(self) -> int:
        return len(self._records)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Records):
            return self._records == other._records
        return isinstance(other, list | tuple) and self._records == list(other)

    __hash__ = None  # type: ignore[assignment]  # compared by content, like a list

    @property
    def first(self) -> T:
        """The first record.

        Raises:
            NotFoundError: there is none.
        """
        return self._at(0)

    @property
    def last(self) -> T:
        """The last record.

        Raises:
            NotFoundError: there is none.
        """
        return self._at(-1)

    def _at(self, index: int) -> T:
        if not self._records:
            raise NotFoundError(f"there are no {self.noun}")
        return self._records[index]

    def one(self) -> T:
        """Return the only record.

        Raises:
            NotFoundError: there is none, or more than one.
        """
        if len(self._records) != 1:
            raise NotFoundError(f"wanted exactly one of the {self.noun}, got {self!r}")
        return self._records[0]

    def __repr__(self) -> str:
        if not self._records:
            return f"no {self.noun}"
        shown = [f"  {record!r}" for record in self._records[:_LINES_SHOWN]]
        if len(self._records) > _LINES_SHOWN:
            shown.append(f"  and {len(self._records) - _LINES_SHOWN} more")
        return "\n".join([f"{len(self._records)} {self.noun}:", *shown])


class Events(Records[PublishedEvent]):
    """Published events, also those that were rejected, matched no rule, or went to an unknown bus."""

    noun = "events"

    def matching(self, **filters: Unpack[EventParts]) -> Events:
        """Return the events with the given parts: the keywords of :class:`EventFilter`."""
        wanted = EventFilter(**filters)
        return Events(event for event in self._records if wanted.accepts(event))

    @property
    def accepted(self) -> Events:
        """Those that EventBridge took."""
        return Events(event for event in self._records if event.rejection is None)

    @property
    def rejected(self) -> Events:
        """Those that EventBridge rejected; asking for them counts as having looked at them."""
        rejected = [event for event in self._records if event.rejection is not None]
        for event in rejected:
            event.looked_at = True
        return Events(rejected)

    @property
    def unmatched(self) -> Events:
        """Those that were accepted and matched no rule."""
        return Events(event for event in self._records if event.rejection is None and not event.rules)


class Deliveries(Records[Delivery]):
    """Deliveries of events to targets."""

    noun = "deliveries"

    def matching(
        self,
        *,
        rule: str | None = None,
        target: str | None = None,
        status: DeliveryStatus | None = None,
        error_code: str | None = None,
        payload: object = NOTHING,
        **filters: Unpack[EventParts],
    ) -> Deliveries:
        """Return the deliveries with the given parts.

        Args:
            rule: The rule's name.
            target: The target's ARN or Id.
            status: The delivery's status.
            error_code: The last failure's code.
            payload: A subset of the decoded input.
            filters: Of the event, as for :meth:`Events.matching`.
        """
        wanted = EventFilter(**filters)
        found = []
        for delivery in self._records:
            if rule is not None and delivery.rule != rule:
                continue
            if target is not None and target not in (delivery.target_arn, delivery.target["Id"]):
                continue
            if status is not None and delivery.status != status:
                continue
            if error_code is not None and (delivery.failure is None or delivery.failure[0] != error_code):
                continue
            if payload is not NOTHING and any(differences(payload, delivery.payload, "payload", exact=False)):
                continue
            if wanted.accepts(delivery.event):
                found.append(delivery)
        return Deliveries(found)


class Invocations(Records[Invocation]):
    """Runs of functions."""

    noun = "invocations"

    def matching(
        self,
        *,
        function: str | None = None,
        event: object = NOTHING,
        attempt: int | None = None,
        **filters: Unpack[EventParts],
    ) -> Invocations:
        """Return the invocations with the given parts.

        Args:
            function: The function's name.
            event: A subset of the event that the function got.
            attempt: 1 for first runs, 2 and 3 for Lambda's retries.
            filters: Of the published event that it ran for, as for :meth:`Events.matching`.
        """
        wanted = EventFilter(**filters)
        found = []
        for invocation in self._records:
            if function is not None and invocation.function != function:
                continue
            if attempt is not None and invocation.attempt != attempt:
                continue
            if event is not NOTHING and any(differences(event, invocation.event, "event", exact=False)):
                continue
            if filters and (invocation.cause is None or not wanted.accepts(invocation.cause)):
                continue
            found.append(invocation)
        return Invocations(found)


class DeadLetters(Records[DeadLetter]):
    """Deliveries that ended in a dead-letter queue."""

    noun = "dead letters"

    def matching(
        self,
        *,
        rule: str | None = None,
        error_code: str | None = None,
        queue: str | None = None,
        **filters: Unpack[EventParts],
    ) -> DeadLetters:
        """Return the dead letters with the given parts.

        Args:
            rule: The rule's name.
            error_code: The ERROR_CODE attribute.
            queue: The dead-letter queue's ARN or name.
            filters: Of the event, as for :meth:`Events.matching`.
        """
        wanted = EventFilter(**filters)
        return DeadLetters(
            letter
            for letter in self._records
            if (rule is None or letter.delivery.rule == rule)
            and (error_code is None or letter.attributes["ERROR_CODE"] == error_code)
            and (queue is None or queue in (letter.queue_arn, letter.queue_arn.rpartition(":")[2]))
            and wanted.accepts(letter.delivery.event)
        )
