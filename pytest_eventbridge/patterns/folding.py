"""Ignoring case as EventBridge does it: the pattern is folded, never the event.

Core layer. Each UTF-16 unit of the pattern stands for its lower-case or its upper-case form, whichever the value has
there; the forms may be longer than one character (``ß`` or ``SS``). A character beyond the Basic Multilingual Plane is
two units that have no meaning alone; each becomes ``?``, so such text matches question marks and never itself.

Source: event-ruler's equals-ignore-case parser; verdicts of the TestEventPattern API.
"""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["FoldedText"]


class FoldedText:
    """A text of a pattern that is compared in any case."""

    __slots__ = ("_ascii", "_units")

    def __init__(self, text: str) -> None:
        self._ascii = text.lower() if text.isascii() else None
        self._units = () if text.isascii() else tuple(_forms(text))

    def equals(self, value: str) -> bool:
        if self._ascii is not None:
            return value.isascii() and value.lower() == self._ascii
        return self._end_from(value) == len(value)

    def begins(self, value: str) -> bool:
        if self._ascii is not None:
            head = value[: len(self._ascii)]
            return head.isascii() and head.lower() == self._ascii
        return self._end_from(value) >= 0

    def ends(self, value: str) -> bool:
        if self._ascii is not None:
            tail = value[max(len(value) - len(self._ascii), 0) :]
            return tail.isascii() and tail.lower() == self._ascii
        end = len(value)
        for lower, upper in reversed(self._units):
            form = next((form for form in (lower, upper) if value.endswith(form, 0, end)), None)
            if form is None:
                return False
            end -= len(form)
        return True

    def _end_from(self, value: str) -> int:
        offset = 0
        for lower, upper in self._units:
            if value.startswith(lower, offset):
                offset += len(lower)
            elif value.startswith(upper, offset):
                offset += len(upper)
            else:
                return -1
        return offset


def _forms(text: str) -> Iterator[tuple[str, str]]:
    for character in text:
        if ord(character) > 0xFFFF:
            yield "?", "?"
            yield "?", "?"
        elif 0xD800 <= ord(character) <= 0xDFFF:
            yield "?", "?"
        else:
            yield character.lower(), character.upper()
