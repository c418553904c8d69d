"""moto's SQS, past boto3 where that would be most of the cost, and without waiting where time stands still.

Adapter layer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import moto.core.exceptions
import moto.sqs.models

from pytest_eventbridge.aws.errors import AwsError

__all__ = ["queues_without_waiting", "send_message"]

_VALUE_NAMES = ("StringValue", "string_value")
_REFUSALS: tuple[type[Exception], ...] = tuple(
    getattr(moto.core.exceptions, name)
    for name in ("HTTPException", "ServiceException")
    if hasattr(moto.core.exceptions, name)
)


def send_message(
    account: str, region: str, queue: str, body: str, *, group: str | None, trace_header: str | None
) -> None:
    """Send a message to a queue, past boto3: it is EventBridge's own call, and boto3 would be most of its cost.

    Raises:
        AwsError: SQS refuses the message.
    """
    # moto's name of the value has changed on the way.
    traced = None if trace_header is None else {"AWSTraceHeader": dict.fromkeys(_VALUE_NAMES, trace_header)}
    try:
        backend = moto.sqs.models.sqs_backends[account][region]
        found = backend.get_queue(queue)
        if found.fifo_queue:
            backend.send_message(queue_name=queue, message_body=body, group_id=group, system_attributes=traced)
        else:
            _add_message(backend, found, body, group, traced)
    except _REFUSALS as error:
        # moto's older errors are HTTP errors, whose code is a status.
        code = getattr(error, "error_type", None) or getattr(error, "code", "Unknown")
        raise AwsError(str(code), str(getattr(error, "message", error))) from error
    except KeyError:  # there is no such Region
        raise AwsError("QueueDoesNotExist", "The specified queue does not exist.") from None


def _add_message(backend: Any, queue: Any, body: str, group: str | None, traced: dict[str, Any] | None) -> None:
    """Do what moto's ``send_message`` does for a standard queue, but do not count what is in it.

    moto asks for all attributes of a queue to learn of one, the numbers of its messages among them, and works them out
    message by message: to send the next one takes the longer the more there are.
    """
    backend._validate_message(queue, message_body=body, delay_seconds=0)
    message = moto.sqs.models.Message(str(moto.sqs.models.random.uuid4()), body, traced)
    message.group_id = group
    message.mark_sent(delay_seconds=queue.delay_seconds)
    queue.add_message(message)


@contextmanager
def queues_without_waiting() -> Iterator[None]:
    """Let SQS answer at once for a block: moto waits for its clock to pass, which a still clock never does."""
    backend = moto.sqs.models.SQSBackend
    receive = backend.receive_message

    def receive_message(
        self: Any, queue_name: str, count: int, wait_seconds_timeout: int, *args: Any, **kw: Any
    ) -> Any:
        return receive(self, queue_name, count, 0, *args, **kw)

    with patch.object(backend, "receive_message", receive_message):
        yield
