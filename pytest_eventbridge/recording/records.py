"""What is remembered of one test: published events, deliveries, invocations and dead letters.

Engine layer. A record is filled in while its story goes on; nothing is ever taken out. It keeps few objects, and no
second copy of what can be derived: a long test has many records. Reading what went wrong with one marks it as looked
at, so that the strict checks only complain of what no one looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from pytest_eventbridge.events.envelope import envelope, envelope_text
from pytest_eventbridge.json_text import compact, decode

__all__ = ["DeadLetter", "Delivery", "DeliveryStatus", "Invocation", "PublishedEvent", "RecordedRequest", "SourceLine"]

NOT_DECODED: Final = object()
"""Stands for what nobody has asked for yet."""

DeliveryStatus: TypeAlias = "Literal['pending', 'delivered', 'failed', 'dead-lettered', 'dropped']"


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of application code.

    Attributes:
        file: Its path, relative to where pytest runs when it lies below.
        line: Its number, from 1.
    """

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(slots=True, eq=False)
class PublishedEvent:
    """An entry that reached PutEvents, and what became of it.

    Attributes:
        id: The EventId; empty when the entry was rejected.
        source: The entry's Source.
        detail_type: The entry's DetailType.
        detail: The decoded Detail; the text itself when it is not JSON.
        resources: The entry's Resources.
        time: The event's time, in UTC.
        account: The caller's account.
        region: Where it was put.
        bus: The event bus's name.
        entry: The entry as it came.
        known_bus: Whether the bus exists; AWS accepts events for others, and drops them.
        rule_arns: The ARNs of the rules that it matched, in the order of delivery.
        deliveries: To their targets.
        caused_by: The invocation that published it, or None when application code did outside any function.
        published_from: The line of application code that published it, if it is known.
        hops: How many invocations lie between the first event of its causal chain and this one.
        number: Its place in the order in which events were recorded.
        forwarded_by: The delivery that brought it here, if one did: from another event bus, or from a schedule.
        replay_name: The replay that put it on its bus again, if one did.
        schedule: The schedule of EventBridge Scheduler whose occurrence it stands for, if one does. Such an event is on
            no bus: it is what the schedule's target gets when it has no input of its own.
        at_account: The account of the bus that it is on: not the publisher's for another account's bus.
        at_region: The Region of that bus: not the one where it was put for an event from another Region.
        hopped_bus: Whether it was forwarded within a Region.
        hopped_region: Whether it was forwarded from another Region.
        ingested_at: When EventBridge took it in, with its fraction of a second.
        looked_at: Whether the test read what went wrong with it.
    """

    id: str
    source: str
    detail_type: str
    detail: Any
    resources: tuple[str, ...]
    time: datetime
    account: str
    region: str
    bus: str
    entry: Mapping[str, Any]
    known_bus: bool = True
    rule_arns: tuple[str, ...] = ()
    deliveries: list[Delivery] = field(default_factory=list)
    caused_by: Invocation | None = None
    published_from: SourceLine | None = None
    hops: int = 0
    number: int = 0
    forwarded_by: Delivery | None = None
    replay_name: str | None = None
    schedule: str | None = None
    at_account: str = ""
    at_region: str = ""
    hopped_bus: bool = False
    hopped_region: bool = False
    ingested_at: datetime | None = None
    looked_at: bool = False
    _rules: tuple[str, ...] = ()
    _text: str = ""
    _error_code: str | None = None
    _error_message: str | None = None

    @property
    def rules(self) -> list[str]:
        """The names of the rules that it matched, in the order of delivery."""
        return list(self._rules)

    def record_match(self, rule: str, rule_arn: str) -> None:
        """Keep that it matched a rule."""
        self._rules += (rule,)
        self.rule_arns += (rule_arn,)

    @property
    def envelope(self) -> dict[str, Any] | None:
        """What is delivered, made anew each time it is read; None when the entry was rejected."""
        if self._error_code is not None:
            return None
        return envelope(self)

    @property
    def accepted(self) -> bool:
        """Whether EventBridge took the entry; reading it counts as having looked."""
        self.looked_at = True
        return self._error_code is None

    @property
    def error_code(self) -> str | None:
        """The ErrorCode of a rejected entry; reading it counts as having looked."""
        self.looked_at = True
        return self._error_code

    @property
    def error_message(self) -> str | None:
        """The ErrorMessage of a rejected entry; reading it counts as having looked."""
        self.looked_at = True
        return self._error_message

    def record_rejection(self, code: str, message: str) -> None:
        """Keep why EventBridge rejected the entry."""
        self._error_code, self._error_message = code, message

    @property
    def rejection(self) -> tuple[str, str] | None:
        """The error's code and message, for reports: reading it does not count as having looked."""
        return None if self._error_code is None else (self._error_code, self._error_message or "")

    @property
    def text(self) -> str:
        """The envelope as it is delivered: JSON without blanks; empty for a rejected entry."""
        if not self._text and self._error_code is None:
            self._text = envelope_text(self)
        return self._text

    @property
    def trace_header(self) -> str | None:
        """The entry's TraceHeader, which goes along beside the envelope; not with a replay."""
        header: str | None = self.entry.get("TraceHeader")
        return header

    @property
    def label(self) -> str:
        """What it is called in messages."""
        if self.schedule is None:
            return f"event {self.number}"
        return f"schedule {self.schedule!r} at {self.time:%Y-%m-%dT%H:%M:%SZ}"

    @property
    def origin(self) -> str:
        """Where it was published, in words."""
        if self.schedule is not None:
            return f"by schedule {self.schedule!r}"
        if self.replay_name is not None:
            return f"again by replay {self.replay_name!r}"
        place = f"at {self.published_from}" if self.published_from else "at an unknown place"
        if self.forwarded_by is not None:
            way = f"forwarded by {self.forwarded_by.sender}"
            place = f"{place}, and {way}" if self.forwarded_by.event.schedule is None else way
        if self.caused_by is not None:
            place += f", while function {self.caused_by.function!r} ran {self.caused_by.occasion}"
        return place

    def __repr__(self) -> str:
        verdict = "" if self._error_code is None else f" rejected={self._error_code!r}"
        detail = self.detail if isinstance(self.detail, str) else compact(self.detail)
        shown = detail if len(detail) <= 60 else detail[:57] + "..."
        place = "" if self.schedule is not None else f" on {self.bus!r}"
        return f"<{self.label} {self.source!r} {self.detail_type!r} {shown}{place}{verdict}>"


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A request that AWS would make to start something, and that is only kept here.

    Attributes:
        service: As boto3 calls it, such as ``ecs``.
        operation: Such as ``RunTask``.
        parameters: Its members.
    """

    service: str
    operation: str
    parameters: Mapping[str, Any]


@dataclass(slots=True, eq=False)
class Delivery:
    """One event on its way to one target of one rule.

    Attributes:
        event: What is delivered.
        rule: The rule's name; the schedule's for what EventBridge Scheduler sends.
        rule_arn: The rule's ARN, or the schedule's.
        target: The target as PutTargets or CreateSchedule took it.
        input: The text that the target receives.
        status: ``pending`` while attempts are to come; then ``delivered``, ``failed`` (given up, and lost),
            ``dead-lettered`` (given up, and kept in the target's dead-letter queue) or ``dropped`` (nothing to send).
        attempts: How many there were.
        error_code: The last failure's code, as in a dead letter's ERROR_CODE.
        error_message: The last failure's text.
        invocation: The first invocation of the function that it went to, if it went to one.
        request: The request that AWS would make, for kinds of targets that only start something (a task, a build).
        execution_id: Of EventBridge Scheduler's last attempt.
        ended_at: When the last attempt ended, by the test's clock.
        faults: The planned faults that struck it, in words.
    """

    event: PublishedEvent
    rule: str
    rule_arn: str
    target: Mapping[str, Any]
    input: str = ""
    status: DeliveryStatus = "pending"
    attempts: int = 0
    invocation: Invocation | None = None
    looked_at: bool = False
    started_at: datetime | None = None
    execution_id: str = ""
    request: RecordedRequest | None = None
    ended_at: datetime | None = None
    faults: tuple[str, ...] = ()
    _error_code: str | None = None
    _error_message: str | None = None

    @property
    def sender(self) -> str:
        """Whose target it goes to, in words."""
        return f"{'rule' if self.event.schedule is None else 'schedule'} {self.rule!r}"

    @property
    def payload(self) -> Any:
        """The decoded input, as a function or consumer would decode it; the text itself when it is not JSON."""
        try:
            return decode(self.input)
        except ValueError:
            return self.input

    @property
    def error_code(self) -> str | None:
        """The last failure's code; reading it counts as having looked."""
        self.looked_at = True
        return self._error_code

    @property
    def error_message(self) -> str | None:
        """The last failure's text; reading it counts as having looked."""
        self.looked_at = True
        return self._error_message

    @property
    def failure(self) -> tuple[str, str] | None:
        """The last failure's code and text, for reports: reading it does not count as having looked."""
        return None if self._error_code is None else (self._error_code, self._error_message or "")

    @property
    def target_arn(self) -> str:
        """The target's ARN."""
        arn: str = self.target["Arn"]
        return arn

    def record_failure(self, code: str, message: str) -> None:
        """Keep the last failure."""
        self._error_code, self._error_message = code, message

    def __repr__(self) -> str:
        failure = f" {self._error_code}" if self._error_code else ""
        return f"<delivery of {self.event.label} by {self.sender} to {self.target_arn} {self.status}{failure}>"


@dataclass(slots=True, eq=False)
class Invocation:
    """One run of a function.

    Attributes:
        function: The function's name.
        payload: The event as JSON text.
        context: The context object that it got.
        attempt: 1 for the first, up to 3 with Lambda's two retries.
        started_at: When it began, by the test's clock.
        result: What it returned, decoded from the JSON that Lambda would return.
        output: What it printed and logged.
        delivery: The delivery that it was run for; None for a direct invocation.
        looked_at: Whether the test read its error.
        ended: Whether it has ended.
        was_run: Whether it was a run at all, and not given up by Lambda in its stead; ``attempt`` then counts those
            before it.
        fault: The planned fault that struck it, in words, if one did.
        lost_outcome: Why a destination or dead-letter queue of the function did not get its outcome, if one did not.
    """

    function: str
    payload: str
    context: Any
    attempt: int
    started_at: datetime
    result: Any = None
    output: str = ""
    delivery: Delivery | None = None
    looked_at: bool = False
    ended: bool = False
    was_run: bool = True
    fault: str | None = None
    lost_outcome: str | None = None
    _error: BaseException | None = None
    _event: Any = NOT_DECODED

    @property
    def event(self) -> Any:
        """The event, decoded: a copy of its own, which no handler has touched."""
        if self._event is NOT_DECODED:
            self._event = decode(self.payload)
        return self._event

    @property
    def error(self) -> BaseException | None:
        """What the handler raised, with its traceback; reading it counts as having looked."""
        self.looked_at = True
        return self._error

    @property
    def failure(self) -> BaseException | None:
        """What the handler raised, for reports: reading it does not count as having looked."""
        return self._error

    def record_failure(self, error: BaseException) -> None:
        """Keep what the handler raised."""
        self._error = error

    @property
    def cause(self) -> PublishedEvent | None:
        """The event that it was run for; None for a direct invocation."""
        return self.delivery.event if self.delivery else None

    @property
    def occasion(self) -> str:
        """What it was run for, in words."""
        return f"for {self.cause.label}" if self.cause else "(invoked directly)"

    def __repr__(self) -> str:
        outcome = f"raised {type(self._error).__name__}" if self._error else "returned"
        return f"<invocation of {self.function!r} attempt {self.attempt} {self.occasion} {outcome}>"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A delivery given up and put into the target's dead-letter queue.

    Attributes:
        delivery: What could not be delivered.
        queue_arn: The dead-letter queue.
        body: The message's body: the text that the target should have received.
        attributes: The message's attributes by name; all are strings.
    """

    delivery: Delivery
    queue_arn: str
    body: str
    attributes: Mapping[str, str]

    def __repr__(self) -> str:
        return f"<dead letter {self.attributes['ERROR_CODE']} of {self.delivery!r}>"
