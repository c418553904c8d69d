"""The context object that a Lambda handler gets.

Adapter layer. Source: "Using the Lambda context object to retrieve Python function information" in the developer guide.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pytest_eventbridge.functions.time_limit import TimeLimit

__all__ = ["CognitoIdentity", "LambdaContext"]


@dataclass(frozen=True, slots=True)
class CognitoIdentity:
    """Who calls through Cognito: no one, for a function that an event invokes."""

    cognito_identity_id: str | None = None
    cognito_identity_pool_id: str | None = None


_NO_IDENTITY = CognitoIdentity()


@dataclass(slots=True)
class LambdaContext:
    """What a handler can ask about its function and its invocation.

    Attributes:
        aws_request_id: The invocation's id; the same for all attempts at it.
        function_name: The function's name.
        function_version: ``$LATEST``.
        invoked_function_arn: The ARN that was invoked.
        memory_limit_in_mb: The function's memory, a string as Lambda has it.
        log_group_name: Where its log would go.
        log_stream_name: Where in there.
        identity: The caller's Cognito identity.
        client_context: What a mobile client sent: nothing.
    """

    aws_request_id: str
    function_name: str
    invoked_function_arn: str
    log_group_name: str
    log_stream_name: str
    time_limit: TimeLimit = field(repr=False)
    memory_limit_in_mb: str = "128"
    function_version: str = "$LATEST"
    identity: CognitoIdentity = _NO_IDENTITY
    client_context: None = None

    def get_remaining_time_in_millis(self) -> int:
        """Return how many milliseconds are left before the function times out."""
        return max(0, int(self.time_limit.remaining * 1000))
