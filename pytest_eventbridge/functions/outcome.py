"""How an asynchronous invocation ended, in the words in which Lambda passes it on.

Adapter layer. A function's destinations get a record of request and response; its dead-letter queue gets the event as
it was, with three attributes.

Source: "Capturing records of Lambda asynchronous invocations" in the Lambda developer guide; recorded records.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from pytest_eventbridge.instants import iso_milliseconds
from pytest_eventbridge.recording.records import Invocation

__all__ = ["Condition", "Outcome", "error_payload"]

Condition: TypeAlias = "Literal['Success', 'RetriesExhausted', 'EventAgeExceeded', 'ZeroReservedConcurrency']"

_ERROR_MESSAGE_LENGTH = 1024


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of an asynchronous invocation.

    Attributes:
        invocation: The last run.
        condition: Why it is the last.
        payload: The event as JSON text.
        ended_at: When.
    """

    invocation: Invocation
    condition: Condition
    payload: str
    ended_at: datetime

    @property
    def record(self) -> dict[str, Any]:
        """What a destination gets."""
        context = self.invocation.context
        record: dict[str, Any] = {
            "version": "1.0",
            "timestamp": iso_milliseconds(self.ended_at),
            "requestContext": {
                "requestId": context.aws_request_id,
                "functionArn": f"{context.invoked_function_arn}:$LATEST",
                "condition": self.condition,
                "approximateInvokeCount": self.invocation.attempt,
            },
            "requestPayload": self.invocation.event,
        }
        if self.invocation.was_run:
            record |= self._response
        return record

    @property
    def _response(self) -> dict[str, Any]:
        context: dict[str, Any] = {"statusCode": 200, "executedVersion": "$LATEST"}
        error = self.invocation.failure
        if error is None:
            return {"responseContext": context, "responsePayload": self.invocation.result}
        return {
            "responseContext": {**context, "functionError": "Unhandled"},
            "responsePayload": error_payload(self.invocation, error),
        }

    @property
    def dead_letter_attributes(self) -> dict[str, tuple[str, str]]:
        """What a dead letter is marked with: for each attribute its data type and value."""
        return {
            "RequestID": ("String", self.invocation.context.aws_request_id),
            **({"ErrorCode": ("Number", "200")} if self.invocation.was_run else {}),
            "ErrorMessage": ("String", str(self.invocation.failure)[:_ERROR_MESSAGE_LENGTH] or "-"),
        }


def error_payload(invocation: Invocation, error: BaseException) -> dict[str, Any]:
    """Return an error as Lambda's Python runtime answers it."""
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "requestId": invocation.context.aws_request_id,
        "stackTrace": traceback.format_tb(error.__traceback__),
    }
