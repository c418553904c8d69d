"""What a handler prints and logs, kept while it still reaches the terminal's capture.

Adapter layer.
"""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterable
from typing import Any, Self, TextIO

__all__ = ["CapturedOutput"]


class _Copy:
    """Writes to a stream and keeps a copy; all else of it is the stream's."""

    __slots__ = ("_copy", "_stream")

    def __init__(self, stream: TextIO, copy: io.StringIO) -> None:
        self._stream = stream
        self._copy = copy

    def write(self, text: str) -> int:
        self._copy.write(text)
        return self._stream.write(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _Log(logging.StreamHandler[io.StringIO]):
    """Writes log records to the copy of the handler that runs; making one anew for each run would be dear."""

    def __init__(self) -> None:
        super().__init__(io.StringIO())
        self.setFormatter(logging.Formatter("[%(levelname)s] %(message)s"))


_log = _Log()
_IDLE = _log.stream
_root = logging.getLogger()


class CapturedOutput:
    """Collects standard output and log records of a block, in the order in which they come."""

    __slots__ = ("_log_stream", "_stdout", "_text")

    def __enter__(self) -> Self:
        self._text = io.StringIO()
        self._stdout, self._log_stream = sys.stdout, _log.stream
        sys.stdout = _Copy(self._stdout, self._text)
        if _log_stream_is_idle():
            _root.handlers.append(_log)
        _log.stream = self._text
        return self

    def __exit__(self, *exception: object) -> None:
        sys.stdout, _log.stream = self._stdout, self._log_stream
        if _log_stream_is_idle():
            _root.handlers.remove(_log)

    @property
    def text(self) -> str:
        """What was written so far."""
        return self._text.getvalue()


def _log_stream_is_idle() -> bool:
    return _log.stream is _IDLE
