"""The message that a dead-letter queue receives for a delivery that was given up.

Engine layer. Its body is the text that the target should have received, so what an input form left out of the event is
not in it. EventBridge Scheduler marks its messages otherwise than rules do.

Source: "Using dead-letter queues to process undelivered events" in the EventBridge user guide, and recorded messages;
"Configuring a schedule's dead-letter queue" in the EventBridge Scheduler user guide.
"""

from __future__ import annotations

from pytest_eventbridge.delivery.ports import DeliveryFailureError
from pytest_eventbridge.instants import iso_seconds
from pytest_eventbridge.recording.records import Delivery

__all__ = ["dead_letter_attributes"]


def dead_letter_attributes(
    delivery: Delivery, failure: DeliveryFailureError, exhausted_condition: str | None
) -> dict[str, str]:
    """Return the message's attributes, all of them strings.

    Args:
        delivery: What was given up.
        failure: The last failure.
        exhausted_condition: Which limit of the retry policy was reached; None when the failure is not retried at all,
            and then a rule's message says nothing of retries.
    """
    of_retries = {} if exhausted_condition is None else {"EXHAUSTED_RETRY_CONDITION": exhausted_condition}
    if delivery.event.schedule is None:
        attributes = {
            "RULE_ARN": delivery.rule_arn,
            "TARGET_ARN": delivery.target_arn,
            "ERROR_CODE": failure.code,
            "ERROR_MESSAGE": failure.message,
            **of_retries,
        }
        return attributes | ({"RETRY_ATTEMPTS": str(delivery.attempts - 1)} if of_retries else {})
    return {
        "ERROR_CODE": failure.service_code or failure.code,
        "ERROR_MESSAGE": failure.message,
        "EXECUTION_ID": delivery.execution_id,
        **of_retries,
        "IS_PAYLOAD_TRUNCATED": "false",
        "RETRY_ATTEMPTS": str(delivery.attempts - 1),
        "SCHEDULED_TIME": iso_seconds(delivery.event.time),
        "SCHEDULE_ARN": delivery.rule_arn,
        "TARGET_ARN": delivery.target_arn,
    }
