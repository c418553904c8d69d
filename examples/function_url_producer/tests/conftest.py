"""The producer's AWS, and requests as a function URL sends them."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from function_url_producer.producer import start

from pytest_eventbridge import EventBridge

BUS = "messages"


@pytest.fixture
def post(eventbridge: EventBridge, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, dict[str, Any]]]:
    """Post a body to the started function, and return the answer's status and decoded body."""
    monkeypatch.setenv("EVENT_BUS_NAME", BUS)
    eventbridge.bus(BUS)
    handle = start()

    def post(body: str, *, encoded: bool = False) -> tuple[int, dict[str, Any]]:
        request = {
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": "/",
            "headers": {"content-type": "application/json"},
            "requestContext": {"http": {"method": "POST", "path": "/"}},
            "body": body,
            "isBase64Encoded": encoded,
        }
        answer = handle(request, None)
        return answer["statusCode"], json.loads(answer["body"])

    return post
