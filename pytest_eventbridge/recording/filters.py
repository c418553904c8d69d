"""Filters over recorded events: which parts were wanted, and how each event differs from them.

Engine layer. A filter answers with its findings, not with a bare yes or no, so that a failed assertion can say how the
nearest event differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypedDict, Unpack

from pytest_eventbridge.errors import InvalidInputError, dotted_path, near_names
from pytest_eventbridge.json_text import JSON
from pytest_eventbridge.patterns import EventPattern
from pytest_eventbridge.recording.records import PublishedEvent

__all__ = ["NOTHING", "Difference", "EventFilter", "EventParts", "Part", "differences"]


class _Nothing:
    def __repr__(self) -> str:
        return "nothing"


NOTHING: Final = _Nothing()
"""Stands for a value that is not there."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where a wanted value and the value got differ.

    Attributes:
        path: Where: ``detail.items[0].sku``.
        wanted: What was wanted there; :data:`NOTHING` when the place should not exist.
        got: What is there; :data:`NOTHING` when the place does not exist.
    """

    path: str
    wanted: Any
    got: Any


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a filter, held against an event.

    Attributes:
        name: Which: ``source``, ``detail``, ...
        differences: Where the event differs; empty when the part agrees.
    """

    name: str
    differences: tuple[Difference, ...]

    @property
    def agrees(self) -> bool:
        """Whether the event has this part."""
        return not self.differences


class EventParts(TypedDict, total=False):
    """What an event can be asked for.

    Attributes:
        source: The event's source.
        detail_type: The event's detail type.
        detail: A subset of the detail: mappings match by the members given, everything else by equality.
        resources: All resources, in order.
        bus: The event bus's name.
        account: The publisher's account.
        region: Where the event was put.
        pattern: An event pattern that the event must match.
        exact: Whether the detail must be equal, not only contain the members given.
    """

    source: object
    detail_type: object
    detail: object
    resources: object
    bus: object
    account: object
    region: object
    pattern: str | Mapping[str, Any] | EventPattern
    exact: bool


_COMPARED = ("source", "detail_type", "detail", "resources", "bus", "account", "region")


class EventFilter:
    """What an event must have; parts that are not given do not matter.

    Attributes:
        wanted: The parts given, by name, in the order of the signature.
    """

    def __init__(self, **parts: Unpack[EventParts]) -> None:
        """Collect the parts.

        Raises:
            InvalidInputError: a part is unknown, or ``exact`` is given without ``detail``.
            InvalidEventPatternError: AWS refuses the pattern.
        """
        for name in parts:
            if name not in EventParts.__annotations__:
                raise InvalidInputError(f"events have no part {name!r}: {near_names(name, EventParts.__annotations__)}")
        self.exact = parts.get("exact", False)
        if self.exact and parts.get("detail") is None:
            raise InvalidInputError("exact=True says that the whole detail must be equal: give the detail too")
        self.wanted: dict[str, Any] = {
            name: list(value) if isinstance(value, tuple) else value
            for name in _COMPARED
            if (value := parts.get(name)) is not None
        }
        pattern = parts.get("pattern")
        self.pattern = pattern if pattern is None or isinstance(pattern, EventPattern) else EventPattern(pattern)

    def accepts(self, event: PublishedEvent) -> bool:
        """Whether an event has every part."""
        return all(part.agrees for part in self.parts(event))

    def parts(self, event: PublishedEvent) -> list[Part]:
        """Hold every part against an event."""
        parts = [
            Part(name, tuple(differences(wanted, _part(event, name), name, exact=self.exact)))
            for name, wanted in self.wanted.items()
        ]
        if self.pattern is not None:
            parts.append(Part("pattern", tuple(self._pattern_differences(event))))
        return parts

    def _pattern_differences(self, event: PublishedEvent) -> Iterator[Difference]:
        assert self.pattern is not None
        members = event.envelope
        if members is None:
            yield Difference("pattern", self.pattern, NOTHING)
        # To explain is dear, and a filter is held against every event.
        elif not self.pattern.matches(members):
            for field in self.pattern.explain(members).mismatches:
                yield Difference(field.path, _Words(field.wanted), _Words(field.got))

    def describe(self) -> str:
        """Say in words what is wanted, as it follows "event"."""
        parts = [f"{_LABELS.get(name, name)} {_brief(value)}" for name, value in self.wanted.items() if name != "bus"]
        if self.pattern is not None:
            parts.append(f"pattern {_brief(self.pattern)}")
        text = " with " + ", ".join(parts) if parts else ""
        return text + (f" on bus {self.wanted['bus']!r}" if "bus" in self.wanted else "")


class _Words(str):
    """Words of our own, which are shown without quotation marks."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


_LABELS = {"detail_type": "detail type"}
_BRIEF_LENGTH = 60


def _brief(value: object) -> str:
    text = str(value) if isinstance(value, EventPattern) else repr(value)
    return text if len(text) <= _BRIEF_LENGTH else text[: _BRIEF_LENGTH - 3] + "..."


def _part(event: PublishedEvent, name: str) -> Any:
    value = getattr(event, name)
    return list(value) if isinstance(value, tuple) else value


def differences(wanted: Any, got: JSON | Any, path: str, *, exact: bool) -> Iterator[Difference]:
    """Yield where a value differs from the wanted one.

    Args:
        wanted: What is wanted: mappings match by the members given unless ``exact``; lists match element by element;
            anything else by its own equality, so ``unittest.mock.ANY`` and ``pytest.approx`` work.
        got: The recorded value.
        path: What the place is called.
        exact: Whether members beyond the wanted ones are a difference.
    """
    if isinstance(wanted, Mapping) and isinstance(got, Mapping):
        for name, member in wanted.items():
            here = dotted_path([path, str(name)])
            if name in got:
                yield from differences(member, got[name], here, exact=exact)
            else:
                yield Difference(here, member, NOTHING)
        if exact:
            for name in got:
                if name not in wanted:
                    yield Difference(dotted_path([path, str(name)]), NOTHING, got[name])
    elif isinstance(wanted, list | tuple) and isinstance(got, list):
        yield from _list_differences(wanted, got, path)
    elif not _equal(wanted, got):
        yield Difference(path, wanted, got)


def _list_differences(wanted: Sequence[Any], got: list[Any], path: str) -> Iterator[Difference]:
    if len(wanted) != len(got):
        yield Difference(path, list(wanted), got)
        return
    for index, (element, recorded) in enumerate(zip(wanted, got, strict=True)):
        yield from differences(element, recorded, f"{path}[{index}]", exact=True)


def _equal(wanted: Any, got: Any) -> bool:
    if isinstance(wanted, bool | int | float) and isinstance(wanted, bool) is not isinstance(got, bool):
        return False  # true is not 1 in JSON
    return bool(wanted == got)
