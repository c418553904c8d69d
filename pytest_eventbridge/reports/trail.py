"""The trail: a test's whole story as a tree by cause.

Harness layer. Under each event stand the rules that it matched, with their targets and how the deliveries ended; under
a function's delivery its runs, and under a run the events that it published. What waits comes last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pytest_eventbridge.json_text import compact
from pytest_eventbridge.recording.recorder import Recorder
from pytest_eventbridge.recording.records import Delivery, Invocation, PublishedEvent

__all__ = ["trail"]

_DETAIL_LENGTH = 60
_DEPTH_SHOWN = 15


@dataclass(slots=True)
class _Node:
    text: str
    children: list[_Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Marks:
    branch: str
    last: str
    through: str
    arrow: str


@dataclass(frozen=True, slots=True)
class _Causes:
    """What followed from what: gone through once, since a test may publish thousands of events."""

    occurrences: Sequence[PublishedEvent]
    runs: Mapping[Delivery | None, Sequence[Invocation]]
    events: Mapping[Delivery | Invocation | None, Sequence[PublishedEvent]]
    loops: Container[PublishedEvent]

    @classmethod
    def of(cls, recorder: Recorder) -> _Causes:
        runs: defaultdict[Delivery | None, list[Invocation]] = defaultdict(list)
        events: defaultdict[Delivery | Invocation | None, list[PublishedEvent]] = defaultdict(list)
        for run in (*recorder.invocations, *recorder.not_run):
            runs[run.delivery].append(run)
        for event in recorder.events:
            events[event.forwarded_by or event.caused_by].append(event)
        return cls(recorder.occurrences, runs, events, frozenset(recorder.loops))


_UNICODE = _Marks("├─ ", "└─ ", "│  ", "→")
_ASCII = _Marks("+- ", "`- ", "|  ", "->")


def trail(
    recorder: Recorder,
    pending: Sequence[object] = (),
    never_occurring: Sequence[str] = (),
    *,
    unicode: bool = True,
    limit: int | None = None,
) -> str:
    """Return the story of a test.

    Args:
        recorder: What happened.
        pending: The work that waits.
        never_occurring: The schedules that have not occurred and never will, in words.
        unicode: Whether branches are drawn with characters beyond ASCII.
        limit: How many lines at the most; a last line says how many more there are.
    """
    marks = _UNICODE if unicode else _ASCII
    causes = _Causes.of(recorder)
    roots = [_event_node(event, causes, marks) for event in causes.events.get(None, ())]
    roots += [
        _invocation_node(run, causes, marks, subject=f"function {run.function!r}, invoked directly: ")
        for run in causes.runs.get(None, ())
    ]
    roots += [_event_node(event, causes, marks) for event in causes.occurrences]
    if pending:
        roots.append(_Node("pending", [_Node(repr(work)) for work in pending]))
    if never_occurring:
        roots.append(_Node("never fires", [_Node(label) for label in never_occurring]))
    lines = [line for root in roots for line in _drawn(root, marks)] or ["nothing was published"]
    if limit is not None and len(lines) > limit:
        lines = [*lines[:limit], f"and {len(lines) - limit} more lines: print(eventbridge.trail())"]
    return "\n".join(lines)


def _is_root(event: PublishedEvent) -> bool:
    return event.caused_by is None and event.forwarded_by is None


def _drawn(node: _Node, marks: _Marks, prefix: str = "", child_prefix: str = "", depth: int = 0) -> Iterator[str]:
    yield prefix + node.text
    if node.children and depth == _DEPTH_SHOWN:
        yield f"{child_prefix}{marks.last}and {_below(node)} more lines below"
        return
    for child in node.children:
        is_last = child is node.children[-1]
        yield from _drawn(
            child,
            marks,
            child_prefix + (marks.last if is_last else marks.branch),
            child_prefix + ("   " if is_last else marks.through),
            depth + 1,
        )


def _below(node: _Node) -> int:
    count, unvisited = 0, list(node.children)
    while unvisited:
        count += 1
        unvisited.extend(unvisited.pop().children)
    return count


def _event_node(event: PublishedEvent, causes: _Causes, marks: _Marks) -> _Node:
    origin = event.published_from if event.replay_name is None else f"replay {event.replay_name!r}"
    place = f"  ({origin})" if origin and _is_root(event) else ""
    shown = f" {event.source!r} {event.detail_type!r} {_detail(event)} on {event.bus!r}{place}"
    node = _Node(event.label + (shown if event.schedule is None else ""))
    node.children = [_delivery_node(delivery, causes, marks) for delivery in event.deliveries]
    silent = [rule for rule in event.rules if all(delivery.rule != rule for delivery in event.deliveries)]
    node.children += [_Node(f"rule {rule!r}: waits, or has no targets") for rule in silent]
    if event.rejection is not None:
        node.children.append(_Node(f"rejected: {event.rejection[0]}: {event.rejection[1]}"))
    elif not event.known_bus:
        node.children.append(_Node("dropped: there is no such bus"))
    elif event in causes.loops:
        node.children.append(_Node(f"cut: {event.hops} hops in one chain"))
    elif not event.rules and event.schedule is None:
        node.children.append(_Node("no rule matched"))
    return node


def _detail(event: PublishedEvent) -> str:
    text = event.detail if isinstance(event.detail, str) else compact(event.detail)
    return text if len(text) <= _DETAIL_LENGTH else text[: _DETAIL_LENGTH - 3] + "..."


def _delivery_node(delivery: Delivery, causes: _Causes, marks: _Marks) -> _Node:
    target = delivery.target_arn.split(":", 5)[-1]
    attempts = f" after {delivery.attempts} attempts{_duration(delivery)}" if delivery.attempts > 1 else ""
    failure = f": {delivery.failure[0]}" if delivery.failure and delivery.status != "delivered" else ""
    failure += "".join(f"  [planned: {fault}]" for fault in dict.fromkeys(delivery.faults))
    sender = f"{delivery.sender} " if delivery.event.schedule is None else ""
    node = _Node(f"{sender}{marks.arrow} {target}: {delivery.status}{attempts}{failure}")
    node.children = [
        _invocation_node(run, causes, marks, subject=_subject(run, delivery)) for run in causes.runs.get(delivery, ())
    ]
    node.children += _event_nodes_after(delivery, causes, marks)
    return node


def _duration(delivery: Delivery) -> str:
    """Say how long a delivery took, by the test's clock."""
    if delivery.started_at is None or delivery.ended_at in (None, delivery.started_at):
        return ""
    return f" in {(delivery.ended_at - delivery.started_at).total_seconds():g} s"


def _subject(run: Invocation, delivery: Delivery) -> str:
    return f"run {run.attempt}{_later(run, delivery)}: " if run.was_run else ""


def _later(run: Invocation, delivery: Delivery) -> str:
    """Say how much later a retry ran, by the test's clock."""
    if run.attempt == 1 or delivery.event.ingested_at is None:
        return ""
    return f" after {(run.started_at - delivery.event.ingested_at).total_seconds():g} s"


def _invocation_node(run: Invocation, causes: _Causes, marks: _Marks, *, subject: str) -> _Node:
    error = run.failure
    if not run.was_run:
        outcome = "given up by Lambda without a run: its reserved concurrency is 0"
    elif error is not None:
        outcome = f"raised {type(error).__name__}: {(str(error).splitlines() or [''])[0]}"
        outcome += f"  [planned: {run.fault}]" if run.fault else ""
    else:
        result = compact(run.result) if run.ended else "still running"
        outcome = f"returned {result if len(result) <= _DETAIL_LENGTH else result[: _DETAIL_LENGTH - 3] + '...'}"
    return _Node(subject + outcome, _event_nodes_after(run, causes, marks))


def _event_nodes_after(cause: Delivery | Invocation, causes: _Causes, marks: _Marks) -> list[_Node]:
    return [_event_node(event, causes, marks) for event in causes.events.get(cause, ())]
