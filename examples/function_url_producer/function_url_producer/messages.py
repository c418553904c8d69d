"""What comes in: the body of a request, checked."""

import base64
import json
from typing import Any


class BadMessageError(Exception):
    """The request's body is no message."""


def message_from(request: dict[str, Any]) -> dict[str, str]:
    """Return the message in a function URL's request.

    Raises:
        BadMessageError: the body says what it must not, or does not say what it must.
    """
    body = request.get("body") or ""
    if request.get("isBase64Encoded"):
        body = base64.b64decode(body).decode()
    try:
        message = json.loads(body)
    except ValueError:
        raise BadMessageError("the body is not JSON") from None
    if not isinstance(message, dict):
        raise BadMessageError("the body is not a JSON object")
    for name in ("title", "text"):
        if not isinstance(message.get(name), str) or not message[name]:
            raise BadMessageError(f"{name!r} must be a text")
    return {"title": message["title"], "text": message["text"]}
