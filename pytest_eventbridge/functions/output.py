"""What a handler prints and logs, kept while it still reaches the terminal's capture.

Adapter layer.
"""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import TextIO

__all__ = ["captured_output"]


class _Copy(io.TextIOBase):
    """Writes to a stream and keeps a copy."""

    def __init__(self, stream: TextIO, copy: io.StringIO) -> None:
        self._stream = stream
        self._copy = copy

    def write(self, text: str) -> int:
        self._copy.write(text)
        return self._stream.write(text)

    def flush(self) -> None:
        self._stream.flush()

    def writable(self) -> bool:
        return True

    @property
    def encoding(self) -> str:  # type: ignore[override]  # typeshed has it settable
        return self._stream.encoding

    def fileno(self) -> int:
        return self._stream.fileno()

    def isatty(self) -> bool:
        return self._stream.isatty()


class _Log(logging.StreamHandler[io.StringIO]):
    """Writes log records to the copy of the handler that runs; making one anew for each run would be dear."""

    def __init__(self) -> None:
        super().__init__(io.StringIO())
        self.setFormatter(logging.Formatter("[%(levelname)s] %(message)s"))


_log = _Log()


@contextmanager
def captured_output() -> Iterator[io.StringIO]:
    """Collect standard output and log records of a block, in the order in which they come."""
    copy = io.StringIO()
    root = logging.getLogger()
    outer = _log.stream
    is_outermost = _log not in root.handlers
    _log.stream = copy
    if is_outermost:
        root.addHandler(_log)
    try:
        with redirect_stdout(_Copy(sys.stdout, copy)):
            yield copy
    finally:
        _log.stream = outer
        if is_outermost:
            root.removeHandler(_log)
