"""Errors that AWS answers with, on their way to application code as botocore's ``ClientError``.

Adapter layer.
"""

from __future__ import annotations

from typing import NoReturn

__all__ = ["AwsError", "invalid"]


class AwsError(Exception):
    """An API call that the service refuses.

    Attributes:
        code: Such as ``ValidationException``.
        message: The service's text.
        status: The HTTP status.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


def invalid(message: str) -> NoReturn:
    """Refuse a request as most are refused: with a ``ValidationException``."""
    raise AwsError("ValidationException", message)
