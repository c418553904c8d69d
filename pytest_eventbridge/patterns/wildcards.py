r"""Wildcards: parsing, matching, and the complexity that EventBridge allows.

Core layer. In a wildcard ``*`` stands for any run of characters, the empty one too; ``\*`` and ``\\`` are the only
escapes. Matching never backtracks: the literal pieces are looked for one after the other, each at its first place
after the one before.

EventBridge refuses a pattern whose wildcards could keep more than ten places of the pattern open at once while a
value is read. :func:`complexity` is that figure: the terms of a field form a nondeterministic automaton over the
UTF-8 bytes of the quoted value, and the figure is the largest number of its states live at once after any input.

Source: event-ruler's WildcardParser and its wildcard complexity evaluator; the limit from verdicts of TestEventPattern.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["COMPLEXITY_LIMIT", "InvalidWildcardError", "Wildcard", "complexity"]

COMPLEXITY_LIMIT = 10


class InvalidWildcardError(ValueError):
    """A wildcard text that EventBridge refuses; the message is the service's."""


class Wildcard:
    """A parsed wildcard.

    Attributes:
        text: As written in the pattern.
        pieces: The literal texts between the stars: one more than there are stars.
    """

    __slots__ = ("pieces", "text")

    def __init__(self, text: str) -> None:
        """Parse a wildcard.

        Raises:
            InvalidWildcardError: two stars follow each other, or a backslash escapes neither a star nor a backslash.
        """
        self.text = text
        self.pieces = _pieces(text)

    def matches(self, value: str) -> bool:
        first, *others = self.pieces
        if not others:
            return value == first
        last = others.pop()
        if len(value) < len(first) + len(last) or not value.startswith(first) or not value.endswith(last):
            return False
        offset, end = len(first), len(value) - len(last)
        for piece in others:
            offset = value.find(piece, offset, end)
            if offset < 0:
                return False
            offset += len(piece)
        return True


def _pieces(text: str) -> tuple[str, ...]:
    pieces = [""]
    index = 0
    while index < len(text):
        character, following = text[index], text[index + 1 : index + 2]
        if character == "\\":
            if following not in ("*", "\\"):
                raise InvalidWildcardError(f"Invalid escape character at pos {_byte_position(text, index)}")
            pieces[-1] += following
            index += 2
            continue
        if character == "*":
            if following == "*":
                raise InvalidWildcardError(f"Consecutive wildcard characters at pos {_byte_position(text, index)}")
            pieces.append("")
        else:
            pieces[-1] += character
        index += 1
    return tuple(pieces)


def _byte_position(text: str, index: int) -> int:
    opening_quote = 1
    return opening_quote + len(text[:index].encode("utf-8", "surrogatepass"))


class _Automaton:
    """A nondeterministic automaton over bytes whose states are numbered, with a loop on every star."""

    def __init__(self) -> None:
        self.edges: list[list[tuple[int, int]]] = []
        self.star_behind: dict[int, int] = {}
        self.stars: set[int] = set()
        self.starts: set[int] = set()
        self._numbers: dict[object, int] = {}

    def _state(self, *name: object) -> int:
        number = self._numbers.setdefault(name, len(self.edges))
        if number == len(self.edges):
            self.edges.append([])
        return number

    def add(self, wildcard: Wildcard, family: object, *, shared: bool) -> None:
        """Add a wildcard.

        Args:
            wildcard: What to add.
            family: Whose states it may use.
            shared: Whether it uses them, along equal text up to and including its first star, and at its end; without,
                every state is its own.
        """
        own = (family, wildcard.text)
        pieces = [piece.encode("utf-8", "surrogatepass") for piece in wildcard.pieces]
        pieces[0] = b'"' + pieces[0]
        pieces[-1] += b'"'
        common = family if shared else own
        state = self._state(common, "start")
        self.starts.add(state)
        for number, piece in enumerate(pieces):
            if number:
                star = self._state(common, pieces[0], "*") if number == 1 else self._state(own, number, "*")
                self.stars.add(star)
                self.star_behind[state] = star
                state = star
            for offset, byte in enumerate(piece):
                if number == len(pieces) - 1 and offset == len(piece) - 1:
                    following = self._state(common, "end")
                elif number == 0:
                    following = self._state(common, piece[: offset + 1])
                else:
                    following = self._state(own, number, offset)
                if (byte, following) not in self.edges[state]:
                    self.edges[state].append((byte, following))
                state = following

    def after(self, live: frozenset[int], byte: int | None) -> frozenset[int]:
        """Return the states live after one more byte; None stands for a byte that no literal names."""
        following = {state for state in live if state in self.stars}
        for state in live:
            for edge_byte, target in self.edges[state]:
                if edge_byte == byte:
                    following.add(target)
                    if target in self.star_behind:
                        following.add(self.star_behind[target])
        return frozenset(following)


def complexity(terms: Iterable[Wildcard], lists: Iterable[Sequence[Wildcard]] = ()) -> int:
    """Return how complex the wildcards of one field are together; over the limit the count may stop early.

    Args:
        terms: The field's wildcard terms.
        lists: The operands of its anything-but wildcard terms.
    """
    automaton = _Automaton()
    for wildcard in terms:
        automaton.add(wildcard, "term", shared=False)
    for number, siblings in enumerate(lists):
        for wildcard in siblings:
            automaton.add(wildcard, number, shared=True)
    start = frozenset(automaton.starts)
    seen, unexplored = {start}, [start]
    most = 0
    while unexplored and most <= COMPLEXITY_LIMIT:
        live = unexplored.pop()
        bytes_named: set[int | None] = {byte for state in live for byte, _ in automaton.edges[state]}
        for byte in bytes_named | {None}:
            following = automaton.after(live, byte)
            most = max(most, len(following))
            if following and following not in seen:
                seen.add(following)
                unexplored.append(following)
    return most
