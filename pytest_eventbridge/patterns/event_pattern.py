"""An event pattern as users hold it: parse once, then match and explain.

Core layer, usable on its own.

Source: "Amazon EventBridge event patterns" in the EventBridge user guide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, final

from pytest_eventbridge.errors import InvalidEventPatternError
from pytest_eventbridge.json_text import compact
from pytest_eventbridge.patterns.complexity import COMPLEXITY_REFUSAL, is_too_complex
from pytest_eventbridge.patterns.explanation import Explanation, Reporter
from pytest_eventbridge.patterns.field import Field
from pytest_eventbridge.patterns.parser import RESERVED_IN_OR, parse
from pytest_eventbridge.patterns.text import text_of
from pytest_eventbridge.patterns.walk import Program, event_from

__all__ = ["EventPattern"]

_PROGRAMS_KEPT = 20_000


@lru_cache(maxsize=_PROGRAMS_KEPT)
def _program(text: str) -> Program:
    program = Program(parse(text))
    if is_too_complex(program.alternatives):
        raise InvalidEventPatternError(COMPLEXITY_REFUSAL)
    return program


@final
class EventPattern:
    """An event pattern.

    Compiling happens once for a text, however many patterns are made of it. Patterns are equal when they have the same
    fields with the same terms, however they are written.

    Example:
        >>> pattern = EventPattern({"detail": {"total": [{"numeric": [">", 100]}]}})
        >>> pattern.matches({"detail": {"total": 130}})
        True
        >>> print(pattern.explain({"detail": {"total": 30}}))
        does not match
          detail.total: wanted number > 100, got 30
    """

    __slots__ = ("_program", "text")

    def __init__(self, pattern: str | Mapping[str, Any]) -> None:
        """Compile a pattern.

        Args:
            pattern: JSON text as PutRule takes it, or a mapping that is written as JSON.

        Raises:
            InvalidEventPatternError: AWS refuses the pattern; the error says why and where.
        """
        self.text = text_of(pattern)
        self._program = _program(self.text)

    def matches(self, event: Mapping[str, Any] | str) -> bool:
        """Return whether an event matches. Never raises.

        Args:
            event: The event as a mapping, or as JSON text; text that is not a JSON object matches nothing.
        """
        if event.__class__ is dict:
            return self._program.matches(event)
        decoded = event_from(event)
        return decoded is not None and self._program.matches(decoded)

    def explain(self, event: Mapping[str, Any] | str) -> Explanation:
        """Return which fields held and which did not, and why. Never raises.

        Args:
            event: As for :meth:`matches`.
        """
        decoded = event_from(event)
        if decoded is None:
            return Explanation(matches=False, branches=())
        reporter = Reporter(decoded)
        return Explanation(self._program.walk(decoded, reporter), tuple(reporter.branches))

    def exact_strings(self, path: str) -> frozenset[str] | None:
        """Return the strings of which the event must hold one at a path, or None when others can match too.

        Args:
            path: A member name at the top of the event, such as ``source``.
        """
        strings: set[str] = set()
        for fields in self._program.alternatives:
            exact = next((field.exact_strings() for field in fields if field.path == path), None)
            if exact is None:
                return None
            strings |= exact
        return frozenset(strings)

    @property
    def canonical_text(self) -> str:
        """The pattern in one spelling: paths dotted and sorted, ``$or`` expanded; it parses to an equal pattern."""
        return _canonical(self._program.alternatives)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, EventPattern) and _meaning(self._program) == _meaning(other._program)

    def __hash__(self) -> int:
        return hash(_meaning(self._program))

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"EventPattern({self.text})"


def _meaning(program: Program) -> frozenset[frozenset[tuple[str, frozenset[str]]]]:
    return frozenset(
        frozenset((field.path, frozenset(term.text for term in field.terms)) for field in fields)
        for fields in program.alternatives
    )


def _canonical(alternatives: Sequence[Sequence[Field]]) -> str:
    written = list(dict.fromkeys(tuple((field.path, field.text) for field in fields) for fields in alternatives))
    if len(written) == 1:
        return _object(written[0])
    common = [member for member in written[0] if all(member in fields for fields in written)]
    branches = [[member for member in fields if member not in common] for fields in written]
    if not all(branches):
        # A branch must not be empty; a member that some branch could have overwritten may stand in all of them.
        shared = next(member for member in common if member[0] not in RESERVED_IN_OR)
        common.remove(shared)
        branches = [[shared, *branch] for branch in branches]
    alternation = f'"$or":[{",".join(_object(branch) for branch in branches)}]'
    return _object(common)[:-1] + ("," if common else "") + alternation + "}"


def _object(members: Sequence[tuple[str, str]]) -> str:
    return "{" + ",".join(f"{compact(path)}:{terms}" for path, terms in members) + "}"
