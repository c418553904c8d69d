"""The errors that this package raises, all derived from :class:`EventBridgeError`.

Ground layer: imported by everything, imports nothing of ours. An AWS error that application code would meet in
production (a ``ClientError``) is not among them: applications meet that one here too.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = [
    "ConfigurationError",
    "EntryRejectedError",
    "EventBridgeError",
    "FunctionError",
    "InvalidEventPatternError",
    "InvalidInputError",
    "InvalidScheduleExpressionError",
    "NetworkAccessError",
    "NotFoundError",
    "near_names",
]


class EventBridgeError(Exception):
    """The base of every error that pytest-eventbridge raises itself."""


class ConfigurationError(EventBridgeError):
    """An option, a marker argument or a use of the fixture is wrong."""


class InvalidInputError(EventBridgeError, ValueError):
    """An argument given to this package has the wrong type, form or value."""


class NotFoundError(EventBridgeError, LookupError):
    """A rule, function, queue or event that was named does not exist; the message lists near names."""


class EntryRejectedError(EventBridgeError):
    """EventBridge rejected the entry that ``eventbridge.publish`` sent.

    Attributes:
        error_code: The entry's ``ErrorCode``.
        error_message: The entry's ``ErrorMessage``.
    """

    def __init__(self, message: str, *, error_code: str, error_message: str) -> None:
        super().__init__(message)
        self.error_code = error_code
        self.error_message = error_message


class FunctionError(EventBridgeError):
    """A Lambda handler cannot be loaded or run, or is not a handler."""


class NetworkAccessError(EventBridgeError):
    """A call that the mock does not answer would have left this machine; it was refused before anything was sent."""


class InvalidEventPatternError(EventBridgeError, ValueError):
    """An event pattern that EventBridge refuses.

    Its text has the form of AWS's ``InvalidEventPatternException``.

    Attributes:
        reason: What is wrong, in AWS's words where they are known.
        path: Where in the pattern: member names and list positions from the root, such as ``("detail", "total", 0)``.
        line: The line in the pattern's text, from 1, or None when AWS gives no location for this fault.
        column: The column in that line, from 1, or None.
    """

    def __init__(
        self,
        reason: str,
        *,
        path: tuple[str | int, ...] = (),
        text: str | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        self.reason = reason
        self.path = path
        self.line = line
        self.column = column
        message = f"Event pattern is not valid. Reason: {reason}"
        if line is not None:
            message += f'\n at [Source: (String)"{text}"; line: {line}, column: {column}]'
        elif path:
            message += f"\n at [Path: {dotted_path(path)}]"
        super().__init__(message)


class InvalidScheduleExpressionError(EventBridgeError, ValueError):
    """A schedule expression that the service refuses.

    Attributes:
        expression: The text that was given.
        reason: What is wrong with it, where, and what is allowed.
    """

    def __init__(self, message: str, *, expression: str, reason: str) -> None:
        super().__init__(f"{message} {reason}")
        self.expression = expression
        self.reason = reason


def dotted_path(path: Iterable[str | int]) -> str:
    """Write a path of member names and list positions as users write it: ``detail.items[1].sku``."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text


def near_names(name: str, known: Iterable[str]) -> str:
    """Return a sentence that offers the known names nearest to a wrong one, or lists a few of them."""
    names = sorted(set(known))
    if not names:
        return "there are none yet"
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.6)
    if close:
        return "did you mean " + " or ".join(repr(item) for item in close) + "?"
    shown = ", ".join(repr(item) for item in names[:8])
    return f"known: {shown}" + (f" and {len(names) - 8} more" if len(names) > 8 else "")
