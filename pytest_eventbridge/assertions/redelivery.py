"""Assertions about what a function does when AWS delivers twice, or in another order.

Harness layer. Orders are tried in copies of the process, so that each begins from the same state, whatever holds it:
the mocked AWS, a module's variables, a database in memory. The order that was given runs in the test's own process.
"""

from __future__ import annotations

import copy
import os
import pickle
import random
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice, permutations
from math import factorial
from typing import Any

from pytest_eventbridge.assertions.words import fail
from pytest_eventbridge.errors import ConfigurationError, InvalidInputError
from pytest_eventbridge.functions.function import Function
from pytest_eventbridge.functions.registry import FunctionRegistry
from pytest_eventbridge.recording.filters import differences
from pytest_eventbridge.recording.records import PublishedEvent

__all__ = ["RedeliveryAssertions"]

_ORDERS_TRIED = 24
_DIFFERENCES_SHOWN = 8
_SHOWN_LENGTH = 100


class RedeliveryAssertions:
    """What a test can demand of functions that AWS calls more than once, and in no order."""

    _registry: FunctionRegistry
    _function_of: Callable[..., Function]
    _seed: int

    def assert_idempotent(
        self, function: object, event: PublishedEvent | Mapping[str, Any], *, watching: Callable[[], Any]
    ) -> Any:
        """Demand that delivering an event a second time changes nothing: AWS delivers at least once.

        Args:
            function: The function, its handler, or its import string; a handler is registered.
            event: The event: a published one, or what the function gets.
            watching: Returns what must not change, such as the rows of a table.

        Returns:
            What was watched.

        Raises:
            AssertionError: the second run changed it; the message says what.
            Exception: what the function raises.

        Example:
            eventbridge.assert_idempotent(register_booking, event, watching=lambda: table.scan()["Items"])
        """
        __tracebackhide__ = True
        known = self._function_of(function)
        known.invoke(_payload(event))
        once = copy.deepcopy(watching())
        known.invoke(_payload(event))
        twice = watching()
        changes = list(_changes(once, twice))
        if changes:
            fail(
                [
                    f"function {known.name!r} is not idempotent: a second delivery changed what is watched",
                    f"  once      {_shown(once)}",
                    f"  twice     {_shown(twice)}",
                    *changes,
                    "  hint      AWS delivers at least once: remember the event's id, or write a value instead of"
                    " adding to one",
                ]
            )
        return once

    def assert_order_independent(
        self,
        function: object,
        events: Sequence[PublishedEvent | Mapping[str, Any]],
        *,
        watching: Callable[[], Any],
    ) -> Any:
        """Demand that the order of events makes no difference in the end: AWS promises none.

        Up to four events are tried in every order, more of them in 24 orders that the test's seed gives.

        Args:
            function: The function, its handler, or its import string; a handler is registered.
            events: The events: published ones, or what the function gets.
            watching: Returns what must be the same in the end; it must be something that can be pickled.

        Returns:
            What was watched, after the order that was given.

        Raises:
            AssertionError: two orders end differently, or the function raises in one of them; the message says which.
            ConfigurationError: the platform cannot copy a process (Windows).
            InvalidInputError: there are fewer than two events.
        """
        __tracebackhide__ = True
        if len(events) < 2:
            raise InvalidInputError(f"an order takes two events or more, got {len(events)}")
        if not hasattr(os, "fork"):
            raise ConfigurationError("assert_order_independent copies the process for each order: this platform cannot")
        known = self._function_of(function)
        payloads = [_payload(event) for event in events]

        def state_after(order: Sequence[int]) -> Any:
            for index in order:
                known.invoke(payloads[index])
            return watching()

        orders = _orders(len(events), self._seed)
        others = [(order, _in_a_copy(partial(state_after, order))) for order in orders[1:]]
        wanted = _outcome(partial(state_after, orders[0]))
        for order, got in others:
            if got != wanted:
                fail(self._disagreement(known, orders[0], wanted, order, got))
        kind, value = wanted
        if kind == "raised":
            raise AssertionError(f"function {known.name!r} raised {value} in every order")
        return value

    def _disagreement(
        self,
        function: Function,
        first: Sequence[int],
        wanted: tuple[str, Any],
        order: Sequence[int],
        got: tuple[str, Any],
    ) -> Iterator[str]:
        yield f"function {function.name!r} depends on the order of its events, and AWS promises none"
        for each, (kind, value) in ((first, wanted), (order, got)):
            yield f"  order     {', '.join(map(str, each))}: {'raised ' if kind == 'raised' else ''}{_shown(value)}"
        if wanted[0] == got[0] == "state":
            yield from _changes(wanted[1], got[1])
        yield (
            "  hint      compare a version or a time that the event carries before writing, or make the writes commute"
        )
        yield f"  seed      {self._seed}"


def _payload(event: PublishedEvent | Mapping[str, Any]) -> Any:
    if isinstance(event, PublishedEvent):
        return event.envelope
    if isinstance(event, Mapping):
        return dict(event)
    raise InvalidInputError(f"an event is a published one or a mapping, got {type(event).__name__} {event!r}")


def _orders(count: int, seed: int) -> list[tuple[int, ...]]:
    """Return orders to try: the given one first, then all others, or some of them and the reverse."""
    if factorial(count) <= _ORDERS_TRIED:
        return list(permutations(range(count)))
    given = tuple(range(count))
    chance = random.Random(seed)  # noqa: S311  # it must repeat
    shuffled = (tuple(chance.sample(given, count)) for _ in iter(int, 1))
    return [given, given[::-1], *islice(shuffled, _ORDERS_TRIED - 2)]


def _outcome(call: Callable[[], Any]) -> tuple[str, Any]:
    try:
        return "state", call()
    except Exception as error:  # noqa: BLE001  # whatever a handler raises is how its order ends
        return "raised", f"{type(error).__name__}: {error}"


def _in_a_copy(call: Callable[[], Any]) -> tuple[str, Any]:
    """Run a call in a copy of this process, and return how it ended."""
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        # Other threads are not in the copy, and nothing of theirs is used there.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os.close(reader)
        _tell(writer, call)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    if not told:
        return "raised", "the process died"
    outcome: tuple[str, Any] = pickle.loads(told)  # noqa: S301  # from a copy of ourselves
    return outcome


def _tell(writer: int, call: Callable[[], Any]) -> None:
    """Write how a call ended, and leave without anything else being run in the copy."""
    try:
        outcome = _outcome(call)
        try:
            told = pickle.dumps(outcome)
        except Exception as error:  # noqa: BLE001  # whatever a watched object's pickling raises
            told = pickle.dumps(("raised", f"what is watched cannot be pickled: {error}"))
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(told)
    finally:
        os._exit(0)


def _changes(wanted: Any, got: Any) -> Iterator[str]:
    if wanted == got:
        return
    found = list(differences(wanted, got, "watched", exact=True))
    for difference in found[:_DIFFERENCES_SHOWN]:
        yield f"  differs   {difference.path}: {_shown(difference.wanted)} became {_shown(difference.got)}"
    if len(found) > _DIFFERENCES_SHOWN:
        yield f"            and {len(found) - _DIFFERENCES_SHOWN} more places"


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= _SHOWN_LENGTH else text[: _SHOWN_LENGTH - 3] + "..."
