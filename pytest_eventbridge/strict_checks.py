"""What a test must not leave unnoticed: errors of handlers, lost deliveries, rejected entries, missing buses, loops.

Harness layer. The checks run after the test's body. Each complaint names the event, the function or rule and the
reason, and ends with the marker that allows it.
"""

from __future__ import annotations

import os
import sysconfig
import traceback
from collections.abc import Callable, Iterable, Iterator

from pytest_eventbridge.delivery.faults import Fault
from pytest_eventbridge.near_miss import rejection_hint
from pytest_eventbridge.recording.recorder import Recorder
from pytest_eventbridge.recording.records import Invocation, PublishedEvent

__all__ = ["complaints"]

_NOT_THE_USERS = (os.path.dirname(__file__), *{sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")})
_CHAIN_SHOWN = 6


def complaints(checks: frozenset[str], recorder: Recorder, unused_faults: Iterable[Fault]) -> list[str]:
    """Return what a test's strict checks have to complain of.

    Args:
        checks: The names of those to make.
        recorder: What happened.
        unused_faults: Planned faults that did not strike as often as planned.
    """
    found = [(name, lines) for name, check in _CHECKS.items() for lines in check(recorder)]
    found += [("failed-deliveries", lines) for lines in _lost_outcomes(recorder)]
    found += [("unused-faults", _unused_fault(fault)) for fault in unused_faults]
    return [
        "\n".join([*lines, f'  allow     @pytest.mark.eventbridge(allow=["{name}"])'])
        for name, lines in found
        if name in checks
    ]


def _unused_fault(fault: Fault) -> list[str]:
    return [
        f"a planned fault struck {fault.used} of {fault.times} times: {fault.label}",
        "  reason    nothing that it applies to happened often enough: the test shows less than it seems to",
    ]


def _handler_errors(recorder: Recorder) -> Iterator[list[str]]:
    # The retries of one call share its request id: looking at one run is looking at all, and one complaint is enough.
    settled = {run.context.aws_request_id for run in recorder.invocations if run.looked_at}
    for invocation in recorder.invocations:
        error = invocation.failure
        request_id = invocation.context.aws_request_id
        if error is None or request_id in settled:
            continue
        settled.add(request_id)
        yield [
            f"function {invocation.function!r} raised {type(error).__name__}: {_first_line(error)}",
            *_event_lines(invocation),
            *(f"  {line}" for line in _user_traceback(error)),
            "  hint      look at it: eventbridge.invocations.last.error",
        ]


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0]


def _event_lines(invocation: Invocation) -> Iterator[str]:
    attempt = f"attempt {invocation.attempt}" if invocation.was_run else "not run"
    if invocation.cause is None:
        yield f"  event     none: it was invoked directly, {attempt}"
        return
    yield f"  event     {invocation.cause!r}, {attempt}"
    yield f"            published {invocation.cause.origin}"


def _user_traceback(error: BaseException) -> list[str]:
    """Return an error's traceback with the user's own frames only, as long as there are any."""
    report = traceback.TracebackException.from_exception(error)
    own = [frame for frame in report.stack if not frame.filename.startswith(_NOT_THE_USERS)]
    if own:
        report.stack = traceback.StackSummary.from_list(own)
    return "".join(report.format()).rstrip().splitlines()


def _failed_deliveries(recorder: Recorder) -> Iterator[list[str]]:
    for delivery in recorder.deliveries:
        if delivery.status != "failed" or delivery.looked_at or delivery.failure is None:
            continue
        code, message = delivery.failure
        yield [
            f"{delivery.event.label} was lost on its way to {delivery.target_arn}: {code}",
            f"  reason    {message}".replace("\n", "\n            "),
            f"  {_labelled(delivery.sender)}, after {delivery.attempts} attempts"
            + ("" if "DeadLetterConfig" in delivery.target else ", with no dead-letter queue to keep it"),
            f"  event     {delivery.event!r}",
            f"            published {delivery.event.origin}",
        ]


def _labelled(sender: str) -> str:
    kind, _, name = sender.partition(" ")
    return f"{kind:<9} {name}"


def _lost_outcomes(recorder: Recorder) -> Iterator[list[str]]:
    for invocation in (*recorder.invocations, *recorder.not_run):
        if invocation.lost_outcome is not None:
            lost = (
                f"the outcome of function {invocation.function!r} was lost on its way"
                if invocation.was_run
                else f"Lambda gave an event up without running function {invocation.function!r}"
            )
            yield [lost, f"  reason    {invocation.lost_outcome}", *_event_lines(invocation)]


def _rejected_entries(recorder: Recorder) -> Iterator[list[str]]:
    for event in recorder.events:
        if event.rejection is None or event.looked_at:
            continue
        code, message = event.rejection
        yield [
            f"EventBridge rejected an entry and nobody looked: {code}",
            f"  reason    {message}",
            f"  entry     {dict(event.entry)!r:.160}",
            f"            published {event.origin}",
            *(f"  hint      {hint}" for hint in [rejection_hint(code)] if hint),
            "  hint      PutEvents answers with FailedEntryCount and an ErrorCode for each entry: the caller must read"
            " them, or the test expect it with eventbridge.assert_entry_rejected()",
        ]


def _unknown_buses(recorder: Recorder) -> Iterator[list[str]]:
    for event in recorder.events:
        if event.known_bus:
            continue
        yield [
            f"event {event.number} went to bus {event.bus!r}, which does not exist",
            "  reason    AWS accepts such an event, answers with an EventId, and drops it",
            f"  event     {event!r}",
            f"            published {event.origin}",
            f"  hint      create it in the test: eventbridge.bus({event.bus!r})",
        ]


def _event_loops(recorder: Recorder) -> Iterator[list[str]]:
    for event in recorder.loops:
        chain: list[str] = []
        each: PublishedEvent | None = event
        while each is not None and len(chain) < _CHAIN_SHOWN:
            cause = each.caused_by
            by = f", published by function {cause.function!r}" if cause else ""
            chain.append(f"            event {each.number} {each.source!r} {each.detail_type!r}{by}")
            each = cause.cause if cause else None
        yield [
            f"a chain of events through functions was cut after {event.hops} hops",
            "  reason    each function publishes an event that invokes the next: on AWS this does not end",
            "  chain     the last events of it, latest first",
            *chain,
        ]


def _unmatched_events(recorder: Recorder) -> Iterator[list[str]]:
    for event in recorder.events:
        if event.rejection is None and event.known_bus and not event.rules:
            yield [
                f"event {event.number} matched no rule on bus {event.bus!r}",
                f"  event     {event!r}",
                f"            published {event.origin}",
            ]


_CHECKS: dict[str, Callable[[Recorder], Iterator[list[str]]]] = {
    "handler-errors": _handler_errors,
    "failed-deliveries": _failed_deliveries,
    "rejected-entries": _rejected_entries,
    "unknown-buses": _unknown_buses,
    "event-loops": _event_loops,
    "unmatched-events": _unmatched_events,
}
