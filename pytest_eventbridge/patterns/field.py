"""A field of an event pattern: a path, and the terms of which one must accept a leaf there.

Core layer. What a match needs of a field is worked out once, when the pattern is compiled.

Source: "Creating EventBridge event patterns" in the EventBridge user guide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pytest_eventbridge.patterns.terms import Absent, Address, Constant, ExactString, Leaf, Number, Term

__all__ = ["Field"]


class Field:
    """A path with its terms.

    Attributes:
        path: The member names joined by dots.
        steps: The path taken apart at its dots.
        terms: In the pattern's order.
        accepts: Whether a leaf satisfies one of the terms.
        allows_absence: Whether one of the terms is ``exists: false``.
    """

    __slots__ = ("accepts", "allows_absence", "path", "steps", "terms")

    def __init__(self, path: str, terms: Sequence[Term]) -> None:
        self.path = path
        self.steps = tuple(path.split("."))
        self.terms = terms
        self.allows_absence = any(term.__class__ is Absent for term in terms)
        self.accepts = _any_of(terms)

    @property
    def text(self) -> str:
        """The terms as JSON, each once."""
        return f"[{','.join(dict.fromkeys(term.text for term in self.terms))}]"

    @property
    def wanted(self) -> str:
        """What the field accepts, in words."""
        literals = [term.wanted for term in self.terms if isinstance(term, ExactString | Address | Number | Constant)]
        words = [f"one of [{', '.join(literals)}]"] if len(literals) > 1 else literals
        words += [term.wanted for term in self.terms if not isinstance(term, ExactString | Address | Number | Constant)]
        return " or ".join(words)

    def exact_strings(self) -> frozenset[str] | None:
        """Return the strings of which a leaf must be one, or None when other leaves satisfy the field too."""
        if all(term.__class__ is ExactString for term in self.terms):
            return frozenset(term.value for term in self.terms if isinstance(term, ExactString))
        return None


def _any_of(terms: Sequence[Term]) -> Callable[[Leaf], bool]:
    strings = frozenset(term.value for term in terms if isinstance(term, ExactString))
    others = [term.accepts for term in terms if term.__class__ is not ExactString]
    if not others:
        return strings.__contains__
    if not strings and len(others) == 1:
        return others[0]

    def accepts(value: Leaf) -> bool:
        if value in strings:
            return True
        for accept in others:  # noqa: SIM110  # a loop costs half of any() here, and this runs for every event
            if accept(value):
                return True
        return False

    return accepts
