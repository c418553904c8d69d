"""How a failed assertion is put together: the first line, lists of records, and the choice of what to return.

Harness layer. A failure's lines have a label of one word and what it labels, so that they can be read down the left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NoReturn

from pytest_eventbridge.delivery.ports import RuleState
from pytest_eventbridge.errors import InvalidInputError
from pytest_eventbridge.json_text import decode
from pytest_eventbridge.patterns import EventPattern
from pytest_eventbridge.recording.records import Delivery, PublishedEvent
from pytest_eventbridge.recording.views import Records

__all__ = ["answer", "check_times", "counted", "delivery_lines", "enough", "fail", "listed", "rule_lines", "times_of"]

_LINES_SHOWN = 8
_LINES_OF_A_FAILURE = 24
_PLURAL = re.compile(r"^(dead letter|rejected entry|\w+)")
_EVENTS_EXPLAINED = 3


def fail(lines: Iterable[str]) -> NoReturn:
    """Fail the test with lines; what is more than a screen holds is cut, with a count."""
    __tracebackhide__ = True
    shown = "\n".join(lines).splitlines()
    if len(shown) > _LINES_OF_A_FAILURE:
        more = len(shown) - _LINES_OF_A_FAILURE + 1
        shown = [*shown[: _LINES_OF_A_FAILURE - 1], f"  and {more} more lines: print(eventbridge.trail())"]
    raise AssertionError("\n".join(shown))


def check_times(times: int | None) -> None:
    """Refuse a count that is none."""
    if times is not None and (isinstance(times, bool) or not isinstance(times, int) or times < 0):
        raise InvalidInputError(f"times must be a whole number, 0 or more, got {times!r}")


def enough(found: Sequence[object], times: int | None) -> bool:
    """Whether as many were found as wanted; at least one when no number is."""
    return bool(found) if times is None else len(found) == times


def answer(found: Records[Any], times: int | None) -> Any:
    """Return the one record that was asked for, or all of them."""
    return found.first if times in (None, 1) else found


def counted(noun: str, found: int, times: int | None, recorded: str) -> str:
    """Return a failure's first line: how many there are, how many were wanted, out of what."""
    number = "no" if found == 0 else str(found)
    wanted = "" if times is None else f", wanted {times}"
    words = noun if found < 2 else _PLURAL.sub(r"\1s", noun, count=1)
    return f"{number} {words}{wanted} ({recorded})"


def times_of(count: int) -> str:
    """Write a count of occurrences."""
    return "once" if count == 1 else f"{count} times"


def listed(label: str, records: Sequence[object]) -> list[str]:
    """Return lines that show records, with where events were published."""
    lines = []
    for record in records[:_LINES_SHOWN]:
        lines.append(f"  {label:<9} {record!r}")
        if isinstance(record, PublishedEvent):
            lines.append(f"            published {record.origin}")
    if len(records) > _LINES_SHOWN:
        lines.append(f"            and {len(records) - _LINES_SHOWN} more")
    return lines


def delivery_lines(deliveries: Sequence[Delivery]) -> list[str]:
    """Return lines that show how deliveries went."""
    lines = []
    for delivery in deliveries[:_LINES_SHOWN]:
        lines.append(f"  delivery  {delivery.event.label} by {delivery.sender}: {delivery.status}")
        if delivery.failure is not None:
            code, message = delivery.failure
            lines.append(f"            {code}: {message}".replace("\n", "\n            "))
    return lines


def rule_lines(rule: RuleState, events: Sequence[PublishedEvent]) -> list[str]:
    """Return lines that say why a rule did not match the latest of some events."""
    if rule.state == "DISABLED":
        return [f"  rule      {rule.name!r} is disabled: its enable() enables it"]
    if rule.pattern is None:
        return [f"  rule      {rule.name!r} has only a schedule, {rule.schedule}: published events never match it"]
    here = [event for event in events if event.bus == rule.bus]
    if not here:
        buses = sorted({event.bus for event in events})
        elsewhere = f", only on {', '.join(map(repr, buses))}" if buses else ""
        return [
            f"  rule      {rule.name!r} listens on bus {rule.bus!r}, where nothing was published{elsewhere}",
            *_hints_about_services(rule.bus, rule.pattern, events),
        ]
    pattern = EventPattern(rule.pattern)
    lines = []
    for event in here[: -_EVENTS_EXPLAINED - 1 : -1]:
        if event.envelope is None:
            lines.append(f"  rule      {rule.name!r} never saw event {event.number}: its entry was rejected")
            continue
        lines += [
            f"  rule      {rule.name!r} did not match event {event.number}: {field.reason}"
            for field in pattern.explain(event.envelope).mismatches
        ]
    return [*lines, *_hints_about_services(rule.bus, rule.pattern, events)]


def _hints_about_services(bus: str, pattern: str, events: Sequence[PublishedEvent]) -> Iterator[str]:
    """Yield what a rule for events of AWS's services may have overlooked."""
    sources = decode(pattern).get("source") or ()
    services = [source for source in sources if isinstance(source, str) and source.startswith("aws.")]
    if bus == "default" and "aws.s3" in services and all(event.source != "aws.s3" for event in events):
        yield "  hint      a bucket tells nothing before put_bucket_notification_configuration switches EventBridge on"
    elif services and bus != "default" and bus not in services:
        yield f"  hint      events of {services[0]} are on the default event bus only"
