"""Stages of API Gateway's REST APIs as targets, called over HTTP: ``responses`` or moto's API Gateway answers.

Adapter layer. Source: "API Gateway as targets" in the EventBridge user guide (headers that cannot be set);
HttpParameters in the API reference; a recorded request.
"""

from __future__ import annotations

from collections.abc import Callable

from pytest_eventbridge.arns import Arn
from pytest_eventbridge.delivery.ports import DeliveryFailureError
from pytest_eventbridge.recording.records import Delivery
from pytest_eventbridge.targets.http import call_endpoint
from pytest_eventbridge.targets.http_parameters import HttpParameters, filled_path

__all__ = ["call_api"]

_NOT_SETTABLE = frozenset({
    "authorization", "connection", "content-encoding", "content-length", "host", "max-forwards", "te",
    "transfer-encoding", "trailer", "upgrade", "via", "www-authenticate", "x-forwarded-for",
})  # fmt: skip
_NOT_SETTABLE_PREFIX = "x-amz"


def call_api(delivery: Delivery, api: Arn, new_id: Callable[[], str]) -> None:
    """Send a delivery's input to a method of a REST API.

    Raises:
        DeliveryFailureError: the ARN names no method, or the API did not take it.
    """
    parts = api.resource.split("/", 3)
    if len(parts) < 3:
        message = f"{api} names no method of an API: it must end with API/STAGE/METHOD/PATH."
        raise DeliveryFailureError("INVALID_PARAMETER", message, retryable=False)
    name, stage, method, path = (*parts, "")[:4]
    own = HttpParameters(delivery)
    given = {name: value for name, value in own.headers.items() if _is_settable(name.lower())}
    suffix = f"{filled_path(path, own.path).strip('/')}/" if path else ""
    call_endpoint(
        "POST" if method == "*" else method,
        f"https://{name}.execute-api.{api.region}.amazonaws.com/{stage}/{suffix}",
        headers={
            **given,
            "Content-Type": "application/json",
            "X-Amz-Source-Account": delivery.event.at_account,
            "X-Amz-Source-Arn": delivery.rule_arn,
            "X-Amzn-Trace-Id": delivery.event.trace_header or f"Root=1-{new_id()}",
        },
        query=list(own.query.items()),
        body=delivery.input.encode(),
    )


def _is_settable(header: str) -> bool:
    return header not in _NOT_SETTABLE and not header.startswith(_NOT_SETTABLE_PREFIX)
