"""Calling an HTTP endpoint as EventBridge does, through ``requests``, so that ``responses`` and moto can answer.

Adapter layer. Only what answers inside the test or on this machine is reached: a call that no mock answers is refused.

Source: "API destinations as targets" and "API Gateway as targets" in the EventBridge user guide (five seconds, no
redirects, which answers are tried again, Retry-After).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from pytest_eventbridge.delivery.ports import DeliveryFailureError
from pytest_eventbridge.errors import NetworkAccessError

__all__ = ["call_endpoint"]

_SECONDS = 5
_UNANSWERED_BY_RESPONSES = "Connection refused by Responses"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class _WithinThisMachine(HTTPAdapter):
    """Opens connections to this machine only; mocks answer before one is opened."""

    def get_connection_with_tls_context(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        host = urlsplit(str(request.url)).hostname or ""
        if host not in _LOOPBACK:
            raise NetworkAccessError(f"no mock answers {request.method} {request.url}")
        return super().get_connection_with_tls_context(request, *args, **kwargs)


@lru_cache(maxsize=1)
def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.headers.clear()
    for scheme in ("http://", "https://"):
        session.mount(scheme, _WithinThisMachine())
    return session


def call_endpoint(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    query: list[tuple[str, str]],
    body: bytes,
    retried_statuses: frozenset[int] = frozenset({429}),
) -> requests.Response:
    """Send a request, and return its answer if that is a success.

    Args:
        method: The HTTP method.
        url: With its path filled in.
        headers: All of them.
        query: Names and values of the query string.
        body: What is sent.
        retried_statuses: After which statuses EventBridge tries again, besides those of 500 and more.

    Raises:
        DeliveryFailureError: there was no answer in time, or it is no success.
    """
    try:
        answer = _session().request(
            method, url, headers=dict(headers), params=query, data=body, timeout=_SECONDS, allow_redirects=False
        )
    except NetworkAccessError as error:
        raise _unmocked(str(error), method, url) from None
    except requests.Timeout as error:
        message = f"The endpoint did not answer within {_SECONDS} seconds: {error}"
        raise DeliveryFailureError("TIMEOUT", message, retryable=True) from None
    except requests.ConnectionError as error:
        if str(error).startswith(_UNANSWERED_BY_RESPONSES):
            raise _unmocked(str(error).strip(), method, url) from None
        message = f"The connection to the endpoint failed: {error}"
        raise DeliveryFailureError("CONNECTION_FAILURE", message, retryable=True) from None
    except requests.RequestException as error:
        message = f"The endpoint cannot be called: {error}"
        raise DeliveryFailureError("INVALID_PARAMETER", message, retryable=False) from None
    if not 200 <= answer.status_code < 300:
        raise _failure_of(answer, retried_statuses)
    return answer


def _unmocked(message: str, method: str, url: str) -> DeliveryFailureError:
    hint = f"Mock it: responses.add({method!r}, {url!r}), with responses active during the test."
    return DeliveryFailureError("CONNECTION_FAILURE", f"{message} {hint}", retryable=False)


def _failure_of(answer: requests.Response, retried_statuses: frozenset[int]) -> DeliveryFailureError:
    status = answer.status_code
    retry_after = _seconds(answer.headers.get("Retry-After"))
    return DeliveryFailureError(
        "THROTTLING" if status == 429 else "ERROR_FROM_TARGET",
        f"The endpoint answered with status {status}: {answer.text[:200]}",
        # A negative wish to be left alone ends the retries.
        retryable=(status in retried_statuses or status >= 500) and retry_after >= 0,
        service_code=str(status),
        retry_after_seconds=retry_after,
    )


def _seconds(retry_after: str | None) -> float:
    try:
        return float(retry_after or 0)
    except ValueError:  # a date
        return 0
