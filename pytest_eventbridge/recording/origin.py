"""Who is publishing: the invocation whose handler runs, and the line of application code.

The line is that of the nearest frame outside AWS's libraries, the mock and this package.

Engine layer.
"""

from __future__ import annotations

import os
import sys
from contextvars import ContextVar
from functools import lru_cache
from types import FrameType

from pytest_eventbridge.recording.records import Invocation, SourceLine

__all__ = ["calling_line", "current_invocation"]

current_invocation: ContextVar[Invocation | None] = ContextVar("current_invocation", default=None)
"""The invocation whose handler runs in this context."""

_NOT_APPLICATION = frozenset(
    {
        "pytest_eventbridge",
        "boto3",
        "botocore",
        "moto",
        "responses",
        "requests",
        "urllib3",
        "werkzeug",
        "flask",
        "s3transfer",
        "threading",
        "concurrent",
        "contextlib",
        "functools",
        "asyncio",
        "unittest",
        "freezegun",
        "_pytest",
        "pluggy",
        "aiobotocore",
        "tenacity",
        "backoff",
    }
)


def calling_line() -> SourceLine | None:
    """Return the line of application code that the caller runs for, or None when only libraries are on the stack."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if name.partition(".")[0] not in _NOT_APPLICATION:
            return SourceLine(_shown(frame.f_code.co_filename), frame.f_lineno)
        frame = frame.f_back
    return None


@lru_cache(maxsize=4096)
def _shown(file: str) -> str:
    relative = os.path.relpath(file)
    return file if relative.startswith("..") else relative
