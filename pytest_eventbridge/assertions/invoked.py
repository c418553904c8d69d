"""Assertions about invocations of functions.

Harness layer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, Unpack, overload

from pytest_eventbridge.assertions.words import (
    answer,
    check_times,
    delivery_lines,
    enough,
    fail,
    listed,
    rule_lines,
    times_of,
)
from pytest_eventbridge.delivery.ports import RuleState, ScheduleState
from pytest_eventbridge.delivery.timeline import Occurrence
from pytest_eventbridge.functions.function import Function
from pytest_eventbridge.functions.registry import FunctionRegistry
from pytest_eventbridge.near_miss import wanted_and_got
from pytest_eventbridge.recording.filters import NOTHING, EventFilter, EventParts, differences
from pytest_eventbridge.recording.recorder import Recorder
from pytest_eventbridge.recording.records import Invocation
from pytest_eventbridge.recording.views import Invocations

__all__ = ["InvokedAssertions"]

_INVOCATIONS_SHOWN = 3


class InvokedAssertions:
    """What a test can demand of functions."""

    _recorder: Recorder
    _registry: FunctionRegistry
    _all_rules: Callable[[], Sequence[RuleState]]
    _all_schedules: Callable[[], Sequence[ScheduleState]]
    _upcoming: Callable[[int, str | None], Sequence[Occurrence]]

    @overload
    def assert_function_invoked(
        self,
        function: object,
        times: Literal[1] | None = None,
        event: object = NOTHING,
        **filters: Unpack[EventParts],
    ) -> Invocation: ...
    @overload
    def assert_function_invoked(
        self, function: object, times: int, event: object = NOTHING, **filters: Unpack[EventParts]
    ) -> Invocation | Invocations: ...
    def assert_function_invoked(
        self, function: object, times: int | None = None, event: object = NOTHING, **filters: Unpack[EventParts]
    ) -> Invocation | Invocations:
        """Demand that a function was invoked.

        Args:
            function: The function, its handler, its name, its ARN or its handler's import string.
            times: How many invocations, retries included; at least one when absent.
            event: A subset of the event that it got.
            filters: Parts of the published event that it ran for: see :class:`EventParts`.

        Returns:
            The first such invocation; all of them when ``times`` is given and not 1.

        Raises:
            AssertionError: there are none, or not as many; the message says what became of its rules.
            NotFoundError: no such function is registered.
            InvalidInputError: a filter is unknown.
        """
        __tracebackhide__ = True
        check_times(times)
        wanted = EventFilter(**filters)
        known = self._registry.find(function)
        found = known.invocations.matching(event=event, **filters)
        if not enough(found, times):
            fail(self._not_invoked(known, found, times, event, wanted))
        result: Invocation | Invocations = answer(found, times)
        return result

    def assert_function_not_invoked(self, function: object) -> None:
        """Demand that a function was not invoked.

        Raises:
            AssertionError: it was.
            NotFoundError: no such function is registered.
        """
        __tracebackhide__ = True
        known = self._registry.find(function)
        if known.invocations:
            count = times_of(len(known.invocations))
            first = f"function {known.name!r} was invoked {count} where no invocation was wanted"
            fail([first, *listed("ran", known.invocations)])

    def _not_invoked(
        self, function: Function, found: Invocations, times: int | None, event: object, wanted: EventFilter
    ) -> Iterator[str]:
        asked = " with that event" if event is not NOTHING else ""
        count = f"was invoked {times_of(len(found))}{asked}" if found else f"was not invoked{asked}"
        yield f"function {function.name!r} {count}{wanted.describe()}" + ("" if times is None else f", wanted {times}")
        ran = function.invocations
        yield from listed("ran", ran)
        if event is not NOTHING:
            for invocation in ran[-_INVOCATIONS_SHOWN:]:
                for difference in differences(event, invocation.event, "event", exact=False):
                    yield f"            {difference.path}   {wanted_and_got(difference)}"
        if not ran:
            yield from self._why_not(function)

    def _why_not(self, function: Function) -> Iterator[str]:
        rules = [rule for rule in self._all_rules() if any(target["Arn"] == function.arn for target in rule.targets)]
        schedules = [each for each in self._all_schedules() if each.target["Arn"] == function.arn]
        if not rules and not schedules:
            yield f"  rules     none has function {function.name!r} as its target"
            yield f"  hint      add it: eventbridge.rule(name, pattern=..., targets=[{function.name}])"
        for rule in rules:
            yield from rule_lines(rule, self._recorder.events)
            if rule.schedule is not None and rule.state != "DISABLED":
                yield _schedule_line(f"rule      {rule.name!r}", self._upcoming(1, rule.arn))
        for schedule in schedules:
            yield _schedule_line(f"schedule  {schedule.name!r}", self._upcoming(1, schedule.arn))
        to_function = [each for each in self._recorder.deliveries if each.target_arn == function.arn]
        yield from delivery_lines([each for each in to_function if each.failure is not None])
        for given_up in (each for each in self._recorder.not_run if each.function == function.name):
            yield f"  given up  by Lambda without a run, {given_up.occasion}: its reserved concurrency is 0"
        if any(each.status == "pending" for each in to_function):
            yield "  hint      a delivery waits: eventbridge.deliver() does the work that is due"


def _schedule_line(what: str, upcoming: Sequence[Occurrence]) -> str:
    if not upcoming:
        return f"  {what} never fires again: its schedule has no occurrence left"
    return f"  {what} fires next at {upcoming[0].instant:%Y-%m-%dT%H:%M:%SZ}: move eventbridge.clock there"
