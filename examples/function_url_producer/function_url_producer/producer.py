"""The function: what it does at its start, and with each request."""

import json
import os
from collections.abc import Callable
from typing import Any

import boto3
from botocore.exceptions import ClientError

from function_url_producer.messages import BadMessageError, message_from

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


class StartError(Exception):
    """The function cannot start."""


def start() -> Handler:
    """Return the handler, with a client that all requests share.

    Raises:
        StartError: the environment names no event bus.
    """
    bus = os.environ.get("EVENT_BUS_NAME")
    if not bus:
        raise StartError("EVENT_BUS_NAME is not set: it must name the event bus to publish on")
    events = boto3.client("events")

    def handle(request: dict[str, Any], context: Any) -> dict[str, Any]:
        try:
            message = message_from(request)
        except BadMessageError as error:
            return _answer(400, error=str(error))
        entry = {
            "Source": "RustDemo",
            "DetailType": "rust-demo",
            "Detail": json.dumps(message),
            "EventBusName": bus,
        }
        try:
            published = events.put_events(Entries=[entry])["Entries"][0]
        except ClientError as error:
            return _answer(400, error=error.response["Error"]["Code"])
        if "EventId" not in published:
            return _answer(400, error=published["ErrorCode"])
        return _answer(200, eventId=published["EventId"])

    return handle


def _answer(status: int, **body: str) -> dict[str, Any]:
    return {"statusCode": status, "headers": {"Content-Type": "application/json"}, "body": json.dumps(body)}
