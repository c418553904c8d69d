"""Assertions about rules, deliveries and dead letters.

Harness layer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Unpack, overload

from pytest_eventbridge.assertions.words import (
    answer,
    check_times,
    counted,
    delivery_lines,
    enough,
    fail,
    listed,
    rule_lines,
    times_of,
)
from pytest_eventbridge.delivery.ports import RuleState, ScheduleState
from pytest_eventbridge.errors import InvalidInputError, NotFoundError, near_names
from pytest_eventbridge.functions.function import Function
from pytest_eventbridge.functions.registry import FunctionRegistry
from pytest_eventbridge.near_miss import near_miss_lines
from pytest_eventbridge.recording.filters import NOTHING, EventFilter, EventParts
from pytest_eventbridge.recording.recorder import Recorder
from pytest_eventbridge.recording.records import DeadLetter, Delivery, PublishedEvent
from pytest_eventbridge.recording.views import DeadLetters, Deliveries, Events
from pytest_eventbridge.rules import Rule, Target

__all__ = ["DeliveredAssertions"]


class DeliveredAssertions:
    """What a test can demand of rules, deliveries and dead letters."""

    _recorder: Recorder
    _registry: FunctionRegistry
    _all_rules: Callable[[], Sequence[RuleState]]
    _all_schedules: Callable[[], Sequence[ScheduleState]]

    @overload
    def assert_rule_matched(
        self, rule: Rule | str, *, times: Literal[1] | None = None, **filters: Unpack[EventParts]
    ) -> PublishedEvent: ...
    @overload
    def assert_rule_matched(
        self, rule: Rule | str, *, times: int, **filters: Unpack[EventParts]
    ) -> PublishedEvent | Events: ...
    def assert_rule_matched(
        self, rule: Rule | str, *, times: int | None = None, **filters: Unpack[EventParts]
    ) -> PublishedEvent | Events:
        """Demand that a rule matched an event.

        Args:
            rule: The rule, its name or its ARN.
            times: How many events; at least one when absent.
            filters: Parts of the event: see :class:`EventParts`.

        Returns:
            The first such event; all of them when ``times`` is given and not 1.

        Raises:
            AssertionError: it matched none, or not as many; the message says why the latest events did not match.
            NotFoundError: there is no such rule.
            InvalidInputError: a filter is unknown.
        """
        __tracebackhide__ = True
        state, wanted = self._rule_state(rule), EventFilter(**filters)
        check_times(times)
        found = self._matched(state, wanted)
        if not enough(found, times):
            recorded = self._recorder.events
            noun = f"event{wanted.describe()} matched rule {state.name!r}"
            lines = [counted(noun, len(found), times, f"{len(recorded)} recorded")]
            near = [event for event in recorded if wanted.accepts(event)] or recorded
            fail([*lines, *(listed("matched", found) or rule_lines(state, near))])
        result: PublishedEvent | Events = answer(found, times)
        return result

    def assert_rule_not_matched(self, rule: Rule | str, **filters: Unpack[EventParts]) -> None:
        """Demand that a rule matched no such event.

        Raises:
            AssertionError: it did.
            NotFoundError: there is no such rule.
            InvalidInputError: a filter is unknown.
        """
        __tracebackhide__ = True
        state, wanted = self._rule_state(rule), EventFilter(**filters)
        found = self._matched(state, wanted)
        if found:
            first = f"rule {state.name!r} matched {times_of(len(found))} where no match was wanted"
            fail([first, *listed("matched", found), f"  pattern   {state.pattern}"])

    @overload
    def assert_delivered(
        self,
        to: object,
        *,
        times: Literal[1] | None = None,
        payload: object = NOTHING,
        **filters: Unpack[EventParts],
    ) -> Delivery: ...
    @overload
    def assert_delivered(
        self, to: object, *, times: int, payload: object = NOTHING, **filters: Unpack[EventParts]
    ) -> Delivery | Deliveries: ...
    def assert_delivered(
        self, to: object, *, times: int | None = None, payload: object = NOTHING, **filters: Unpack[EventParts]
    ) -> Delivery | Deliveries:
        """Demand that an event was delivered.

        Args:
            to: A rule, a target, an ARN, a function, or a queue's, function's or target's name.
            times: How many deliveries; at least one when absent.
            payload: A subset of the input that arrived, decoded.
            filters: Parts of the event: see :class:`EventParts`.

        Returns:
            The first such delivery; all of them when ``times`` is given and not 1.

        Raises:
            AssertionError: there are none, or not as many; the message says how each attempt went.
            NotFoundError: no rule has such a target.
            InvalidInputError: a filter is unknown, or ``to`` is none of these.
        """
        __tracebackhide__ = True
        check_times(times)
        wanted = EventFilter(**filters)
        label, tried = self._deliveries_to(to)
        found = tried.matching(payload=payload, status="delivered", **filters)
        if not enough(found, times):
            lines = [counted(f"delivery to {label}{wanted.describe()}", len(found), times, f"{len(tried)} tried")]
            fail([*lines, *(delivery_lines(tried) or near_miss_lines(wanted, self._recorder.events))])
        result: Delivery | Deliveries = answer(found, times)
        return result

    def assert_not_delivered(self, to: object, **filters: Unpack[EventParts]) -> None:
        """Demand that no such event was delivered.

        Raises:
            AssertionError: one was.
            NotFoundError: no rule has such a target.
            InvalidInputError: a filter is unknown, or ``to`` is not a target.
        """
        __tracebackhide__ = True
        label, tried = self._deliveries_to(to)
        found = tried.matching(status="delivered", **filters)
        if found:
            first = f"delivered to {label} {times_of(len(found))} where no delivery was wanted"
            fail([first, *delivery_lines(found)])

    @overload
    def assert_dead_lettered(
        self,
        *,
        rule: str | None = None,
        error_code: str | None = None,
        queue: str | None = None,
        times: Literal[1] | None = None,
        **filters: Unpack[EventParts],
    ) -> DeadLetter: ...
    @overload
    def assert_dead_lettered(
        self,
        *,
        rule: str | None = None,
        error_code: str | None = None,
        queue: str | None = None,
        times: int,
        **filters: Unpack[EventParts],
    ) -> DeadLetter | DeadLetters: ...
    def assert_dead_lettered(
        self,
        *,
        rule: str | None = None,
        error_code: str | None = None,
        queue: str | None = None,
        times: int | None = None,
        **filters: Unpack[EventParts],
    ) -> DeadLetter | DeadLetters:
        """Demand that a delivery was given up and kept in its target's dead-letter queue.

        Args:
            rule: The rule's name.
            error_code: Its ERROR_CODE, such as ``NO_RESOURCE``.
            queue: The dead-letter queue's name or ARN.
            times: How many; at least one when absent.
            filters: Parts of the event: see :class:`EventParts`.

        Returns:
            The first such dead letter; all of them when ``times`` is given and not 1.

        Raises:
            AssertionError: there are none, or not as many; the message shows what failed otherwise.
            InvalidInputError: a filter is unknown.
        """
        __tracebackhide__ = True
        check_times(times)
        letters = DeadLetters(self._recorder.dead_letters)
        found = letters.matching(rule=rule, error_code=error_code, queue=queue, **filters)
        if not enough(found, times):
            given = {"rule": rule, "error code": error_code, "queue": queue}
            parts = [f"{name} {value!r}" for name, value in given.items() if value is not None]
            noun = "dead letter" + (f" with {', '.join(parts)}" if parts else "") + EventFilter(**filters).describe()
            lines = [counted(noun, len(found), times, f"{len(letters)} recorded"), *listed("recorded", letters)]
            fail([*lines, *delivery_lines([each for each in self._recorder.deliveries if each.failure is not None])])
        result: DeadLetter | DeadLetters = answer(found, times)
        return result

    def _matched(self, state: RuleState, wanted: EventFilter) -> Events:
        return Events(
            event for event in self._recorder.events if state.arn in event.rule_arns and wanted.accepts(event)
        )

    def _rule_state(self, rule: Rule | str) -> RuleState:
        rules = self._all_rules()
        name = rule.name if isinstance(rule, Rule) else rule
        for state in rules:
            if name in (state.name, state.arn) and (not isinstance(rule, Rule) or rule.bus == state.bus):
                return state
        raise NotFoundError(f"there is no rule {name!r}: {near_names(str(name), (state.name for state in rules))}")

    def _deliveries_to(self, to: object) -> tuple[str, Deliveries]:
        label, goes_there = self._goes_to(to)
        return label, Deliveries(each for each in self._recorder.deliveries if goes_there(each))

    def _goes_to(self, to: object) -> tuple[str, Callable[[Delivery], bool]]:
        """Return what a target is called, and whether a delivery goes to it."""
        if isinstance(to, Target):
            return self._goes_to(to.id or to.to)
        if isinstance(to, Rule):
            rule_arn = to.arn
            return f"rule {to.name!r}", lambda delivery: delivery.rule_arn == rule_arn
        if isinstance(to, str):
            self._check_target_name(to)
            return repr(to), lambda delivery: to in {*_names(delivery.target), delivery.rule_arn}
        if isinstance(to, Function) or callable(to):
            function = self._registry.find(to)
            return f"function {function.name!r}", lambda delivery: delivery.target_arn == function.arn
        raise InvalidInputError(f"a rule, target, ARN, function or name is wanted, got {type(to).__name__} {to!r}")

    def _check_target_name(self, name: str) -> None:
        rules = self._all_rules()
        targets = [target for rule in rules for target in rule.targets]
        targets += [{"Id": schedule.name, **schedule.target} for schedule in self._all_schedules()]
        targets += [delivery.target for delivery in self._recorder.deliveries]
        known = {each for target in targets for each in _names(target)} | {rule.arn for rule in rules}
        if name not in known:
            short = (each for each in known if not each.startswith("arn:"))
            raise NotFoundError(f"no rule has a target {name!r}: {near_names(name, short)}")


def _names(target: Mapping[str, Any]) -> set[str]:
    """Return what a target can be called: its ARN, its Id, and the last part of its ARN."""
    arn = str(target["Arn"])
    return {arn, str(target["Id"]), arn.rpartition(":")[2].rpartition("/")[2]}
