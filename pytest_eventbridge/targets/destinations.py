"""Where Lambda passes the end of an asynchronous invocation on to: a function's destinations and its dead-letter queue.

Adapter layer. Source: "Capturing records of Lambda asynchronous invocations" in the Lambda developer guide.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from pytest_eventbridge.arns import Arn, parse_arn, queue_url
from pytest_eventbridge.aws.session import clients
from pytest_eventbridge.errors import EventBridgeError, InvalidInputError, NotFoundError
from pytest_eventbridge.functions.asynchronous import AsynchronousInvocations
from pytest_eventbridge.functions.function import Function, FunctionSettings
from pytest_eventbridge.functions.outcome import Outcome
from pytest_eventbridge.functions.registry import FunctionRegistry
from pytest_eventbridge.json_text import compact
from pytest_eventbridge.recording.origin import current_invocation

__all__ = ["Destinations"]


class Destinations:
    """Passes outcomes on."""

    def __init__(
        self,
        put_events: Callable[[str, str, list[dict[str, Any]]], object],
        registry: FunctionRegistry,
        invocations: AsynchronousInvocations,
    ) -> None:
        """Take what the kinds need.

        Args:
            put_events: Puts entries, for an account and a Region.
            registry: The functions that can be destinations.
            invocations: Takes what they are to be run for.
        """
        self._put_events = put_events
        self._registry = registry
        self._invocations = invocations

    def pass_on(self, function: Function, settings: FunctionSettings, outcome: Outcome) -> None:
        """Send an outcome wherever the settings say; what does not arrive is noted with the invocation.

        Args:
            function: Whose outcome it is.
            settings: The function's, as they were when Lambda took the event.
            outcome: How it ended.
        """
        failed = outcome.invocation.failure is not None
        if failed and settings.dead_letter_queue is not None:
            queue = settings.dead_letter_queue
            _noted(outcome, queue, lambda: _send_dead_letter(_parsed(queue), outcome))
        destination = settings.on_failure if failed else settings.on_success
        if destination is not None:
            _noted(outcome, destination, lambda: self._send_record(_parsed(destination), function, outcome))

    def _send_record(self, to: Arn, function: Function, outcome: Outcome) -> None:
        record = compact(outcome.record)
        match to.service:
            case "sqs":
                clients("sqs", to.region, to.account).send_message(QueueUrl=queue_url(to), MessageBody=record)
            case "sns":
                clients("sns", to.region, to.account).publish(TopicArn=str(to), Message=record)
            case "lambda":
                self._invoke(str(to), record)
            case "events":
                verdict = "Success" if outcome.condition == "Success" else "Failure"
                entry = {
                    "Source": "lambda",
                    "DetailType": f"Lambda Function Invocation Result - {verdict}",
                    "Detail": record,
                    "Resources": [str(to), f"{function.arn}:$LATEST"],
                    "EventBusName": str(to),
                }
                running = current_invocation.set(outcome.invocation)
                try:
                    self._put_events(to.account, to.region, [entry])
                finally:
                    current_invocation.reset(running)

    def _invoke(self, arn: str, payload: str) -> None:
        function = self._registry.by_arn(arn)
        if function is None:
            raise NotFoundError("no handler is registered for it")
        self._invocations.take(function, payload)


def _noted(outcome: Outcome, to: str, send: Callable[[], None]) -> None:
    """Send, and keep a failure with the invocation: on AWS nobody is told."""
    try:
        send()
    except (ClientError, EventBridgeError) as error:
        outcome.invocation.lost_outcome = f"{to}: {error}"


def _send_dead_letter(to: Arn, outcome: Outcome) -> None:
    attributes = {
        name: {"DataType": kind, "StringValue": value} for name, (kind, value) in outcome.dead_letter_attributes.items()
    }
    if to.service == "sns":
        clients("sns", to.region, to.account).publish(
            TopicArn=str(to), Message=outcome.payload, MessageAttributes=attributes
        )
    else:
        clients("sqs", to.region, to.account).send_message(
            QueueUrl=queue_url(to), MessageBody=outcome.payload, MessageAttributes=attributes
        )


def _parsed(text: str) -> Arn:
    arn = parse_arn(text)
    if arn is None:
        raise InvalidInputError(f"a destination is an ARN, got {text!r}")
    return arn
