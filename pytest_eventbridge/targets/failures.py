"""What EventBridge makes of an error that a target's API answers: its code, and whether it tries again.

Adapter layer. Source: "Using dead-letter queues" (error codes) and "How EventBridge retries delivering events" in the
user guide; messages recorded in dead letters.
"""

from __future__ import annotations

from botocore.exceptions import ClientError

from pytest_eventbridge.aws.errors import AwsError
from pytest_eventbridge.delivery.ports import DeliveryFailureError

__all__ = ["failure_from"]

_NO_PERMISSIONS = frozenset({"AccessDenied", "AccessDeniedException", "AuthorizationError", "NotAuthorized"})
_NO_RESOURCE = frozenset(
    {
        "AWS.SimpleQueueService.NonExistentQueue",
        "NotFound",
        "QueueDoesNotExist",
        "ResourceNotFoundException",
        "StateMachineDoesNotExist",
    }
)
_THROTTLING = frozenset(
    {
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestThrottled",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
_SERVICE_NAMES = {"sqs": "AmazonSQS", "sns": "AmazonSNS", "lambda": "Lambda", "kinesis": "AmazonKinesis"}
_MISSING_QUEUE = "The specified queue does not exist or you do not have access to it."


def failure_from(error: ClientError | AwsError, service: str, request_id: str) -> DeliveryFailureError:
    """Return the delivery's failure for an error of a target's API.

    Args:
        error: What the target's API answered.
        service: The target's service, as in its ARN.
        request_id: The call's id, which the message names.
    """
    code, text, status = _answered(error)
    if code in ("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"):
        code, text, status = "AWS.SimpleQueueService.NonExistentQueue", _MISSING_QUEUE, 400
    message = (
        f"{text} (Service: {_SERVICE_NAMES.get(service, service)}; Status Code: {status}; Error Code: {code};"
        f" Request ID: {request_id}; Proxy: null)"
    )
    if code in _NO_PERMISSIONS:
        return DeliveryFailureError("NO_PERMISSIONS", message, retryable=False, service_code=code)
    if code in _NO_RESOURCE:
        return DeliveryFailureError("NO_RESOURCE", message, retryable=False, service_code=code)
    if code in _THROTTLING:
        return DeliveryFailureError("THROTTLING", message, retryable=True, service_code=code)
    if status >= 500:
        return DeliveryFailureError("ERROR_FROM_TARGET", message, retryable=True, service_code=code)
    return DeliveryFailureError("INVALID_PARAMETER", message, retryable=False, service_code=code)


def _answered(error: ClientError | AwsError) -> tuple[str, str, int]:
    if isinstance(error, AwsError):
        return error.code, error.message, 400
    details = error.response.get("Error", {})
    code = details.get("Code", "Unknown")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)
    return code, details.get("Message") or code, status
