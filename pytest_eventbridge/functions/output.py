"""What a handler prints and logs, kept while it still reaches the terminal's capture.

Adapter layer.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable
from typing import Any, Self, TextIO

__all__ = ["CapturedOutput"]


class CapturedOutput:
    """Collects standard output and log records of a block, in the order in which they come.

    It stands in for standard output meanwhile: what is written goes there too, and all else of it is the stream's. What
    a function prints that is invoked meanwhile is that function's own.
    """

    __slots__ = ("_before", "_outer", "_parts", "_stream")

    def __init__(self) -> None:
        """Collect nothing yet."""
        self._before = before = sys.stdout
        self._stream: TextIO = before._stream if isinstance(before, CapturedOutput) else before
        self._parts: list[str] = []

    def __enter__(self) -> Self:
        self._outer = _log.collector
        if self._outer is None:
            _root.handlers.append(_log)
        sys.stdout = self
        _log.collector = self
        return self

    def __exit__(self, *exception: object) -> None:
        sys.stdout, _log.collector = self._before, self._outer
        if self._outer is None:
            _root.handlers.remove(_log)

    def collect(self, text: str) -> None:
        """Add text that does not go to standard output."""
        self._parts.append(text)

    @property
    def text(self) -> str:
        """What was written so far."""
        return "".join(self._parts)

    def write(self, text: str) -> int:
        """Write to standard output."""
        written = self._stream.write(text)
        self._parts.append(text)
        return written

    def writelines(self, lines: Iterable[str]) -> None:
        """Write several texts to standard output."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _Log(logging.Handler):
    """Hands log records to the run that goes on; making a handler anew for each run would be dear."""

    def __init__(self) -> None:
        super().__init__()
        self.collector: CapturedOutput | None = None
        self.setFormatter(logging.Formatter("[%(levelname)s] %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        if self.collector is not None:
            self.collector.collect(f"{self.format(record)}\n")


_log = _Log()
_root = logging.getLogger()
