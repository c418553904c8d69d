"""API destinations as targets: an HTTP endpoint, called with the authorisation of its connection.

Adapter layer. The destination and its connection are read from moto when an event is delivered. An OAuth token is
fetched when it is first needed, kept, and fetched again after an answer of 401 or 407.

Source: "API destinations as targets" and "Connections for HTTP endpoint targets" in the EventBridge user guide;
CreateConnection and CreateApiDestination in the API reference; recorded requests.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from pytest_eventbridge.arns import Arn
from pytest_eventbridge.delivery.ports import DeliveryFailureError
from pytest_eventbridge.json_text import compact, decode
from pytest_eventbridge.recording.records import Delivery
from pytest_eventbridge.targets.http import call_endpoint
from pytest_eventbridge.targets.http_parameters import HttpParameters, filled_path, pairs

__all__ = ["ApiDestinations"]

_RETRIED_STATUSES = frozenset({401, 407, 409, 429})
_TOKEN_REFUSED = frozenset({"401", "407"})
_PAYLOAD_LIMIT_BYTES = 64 * 1024
_FIXED_HEADERS = {
    "User-Agent": "Amazon/EventBridge/ApiDestinations",
    "Content-Type": "application/json; charset=utf-8",
    "Range": "bytes=0-1048575",
    "Accept-Encoding": "gzip,deflate",
    "Connection": "close",
}


class ApiDestinations:
    """Calls API destinations, and keeps the tokens of their connections."""

    def __init__(self, describe: Callable[[Arn], tuple[Mapping[str, Any], Mapping[str, Any]] | None]) -> None:
        """Take where they are described.

        Args:
            describe: Returns what DescribeApiDestination and DescribeConnection answer for a destination, secrets
                included; None when there is no such destination.
        """
        self._describe = describe
        self._tokens: dict[str, str] = {}

    def call(self, delivery: Delivery, destination: Arn) -> None:
        """Send a delivery's input to an API destination.

        Raises:
            DeliveryFailureError: there is none, or its endpoint did not take it.
        """
        described = self._describe(destination)
        if described is None:
            message = f"API destination {destination} does not exist."
            raise DeliveryFailureError("NO_RESOURCE", message, retryable=False)
        endpoint, connection = described
        authorization = connection.get("AuthParameters") or {}
        invocation = authorization.get("InvocationHttpParameters") or {}
        own = HttpParameters(delivery)
        try:
            call_endpoint(
                endpoint["HttpMethod"],
                filled_path(endpoint["InvocationEndpoint"], own.path),
                headers={
                    **own.headers,
                    **pairs(invocation, "HeaderParameters"),
                    **self._authorization(connection, authorization),
                    **_FIXED_HEADERS,
                },
                query=list({**own.query, **pairs(invocation, "QueryStringParameters")}.items()),
                body=_body(delivery.input, pairs(invocation, "BodyParameters")),
                retried_statuses=_RETRIED_STATUSES,
            )
        except DeliveryFailureError as failure:
            if failure.service_code in _TOKEN_REFUSED:
                self._tokens.pop(connection["ConnectionArn"], None)
            raise

    def _authorization(self, connection: Mapping[str, Any], parameters: Mapping[str, Any]) -> dict[str, str]:
        match connection["AuthorizationType"]:
            case "BASIC":
                basic = parameters["BasicAuthParameters"]
                credentials = f"{basic['Username']}:{basic['Password']}".encode()
                return {"Authorization": f"Basic {base64.b64encode(credentials).decode()}"}
            case "API_KEY":
                key = parameters["ApiKeyAuthParameters"]
                return {key["ApiKeyName"]: key["ApiKeyValue"]}
        arn = connection["ConnectionArn"]
        if arn not in self._tokens:
            self._tokens[arn] = _fetched_token(parameters["OAuthParameters"])
        return {"Authorization": self._tokens[arn]}


def _body(text: str, additions: Mapping[str, str]) -> bytes:
    if not additions:
        return text.encode()
    try:
        payload = decode(text)
    except ValueError:  # several values
        payload = None
    body = (compact({**payload, **additions}) if isinstance(payload, dict) else text).encode()
    if len(body) > _PAYLOAD_LIMIT_BYTES:
        message = (
            f"With the connection's parameters the payload has {len(body)} of {_PAYLOAD_LIMIT_BYTES} bytes allowed."
        )
        raise DeliveryFailureError("INVALID_PARAMETER", message, retryable=False)
    return body


def _fetched_token(oauth: Mapping[str, Any]) -> str:
    """Return what the Authorization header is to say."""
    client, extra = oauth["ClientParameters"], oauth.get("OAuthHttpParameters") or {}
    credentials = {"client_id": client["ClientID"], "client_secret": client["ClientSecret"]}
    form, query = pairs(extra, "BodyParameters"), pairs(extra, "QueryStringParameters")
    in_query = oauth["HttpMethod"] == "GET"
    answer = call_endpoint(
        oauth["HttpMethod"],
        oauth["AuthorizationEndpoint"],
        headers={"Content-Type": "application/x-www-form-urlencoded", **pairs(extra, "HeaderParameters")},
        query=list({**query, **(credentials if in_query else {})}.items()),
        body=b"" if in_query else urlencode({**credentials, **form}).encode(),
        retried_statuses=_RETRIED_STATUSES,
    )
    try:
        token = answer.json()
        return f"{token.get('token_type', 'Bearer')} {token['access_token']}"
    except (ValueError, KeyError, AttributeError):
        message = f"The authorization endpoint answered without an access_token: {answer.text[:200]}"
        raise DeliveryFailureError("ERROR_FROM_TARGET", message, retryable=False) from None
