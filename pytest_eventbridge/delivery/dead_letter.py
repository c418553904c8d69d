"""The message that a dead-letter queue receives for a delivery that was given up.

Engine layer. Its body is the text that the target should have received, so what an input form left out of the event is
not in it.

Source: "Using dead-letter queues to process undelivered events" in the EventBridge user guide; recorded messages.
"""

from __future__ import annotations

from pytest_eventbridge.recording.records import Delivery

__all__ = ["dead_letter_attributes"]


def dead_letter_attributes(
    delivery: Delivery, *, code: str, message: str, exhausted_condition: str | None
) -> dict[str, str]:
    """Return the message's attributes, all of them strings.

    Args:
        delivery: What was given up.
        code: The last failure's code.
        message: The last failure's text.
        exhausted_condition: Which limit of the retry policy was reached; None when the failure is not retried at all,
            and then the message says nothing of retries.
    """
    attributes = {
        "RULE_ARN": delivery.rule_arn,
        "TARGET_ARN": delivery.target_arn,
        "ERROR_CODE": code,
        "ERROR_MESSAGE": message,
    }
    if exhausted_condition is not None:
        attributes["EXHAUSTED_RETRY_CONDITION"] = exhausted_condition
        attributes["RETRY_ATTEMPTS"] = str(delivery.attempts - 1)
    return attributes
