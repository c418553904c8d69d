"""Telling the world of a product."""

import json
from typing import Any

import boto3

events = boto3.client("events")

_ATTEMPTS = 3


class NotPublishedError(Exception):
    """EventBridge did not take the event."""


def publish_once(detail: dict[str, Any]) -> str:
    """Publish that a product was added, and return the event's id.

    Raises:
        NotPublishedError: EventBridge rejected the entry.
    """
    entry = {"Source": "log.addProduct", "DetailType": "add-product", "Detail": json.dumps(detail)}
    answer = events.put_events(Entries=[entry])["Entries"][0]
    if "EventId" not in answer:
        raise NotPublishedError(f"{answer['ErrorCode']}: {answer['ErrorMessage']}")
    return str(answer["EventId"])


def publish_with_retries(detail: dict[str, Any]) -> str:
    """Publish as :func:`publish_once` does, three times if need be: boto3 does not repeat rejected entries."""
    for _ in range(_ATTEMPTS - 1):
        try:
            return publish_once(detail)
        except NotPublishedError:
            continue
    return publish_once(detail)
