"""Confirmation mails."""

import logging
import os
from typing import Any

import boto3

logger = logging.getLogger(__name__)
ses = boto3.client("ses")


def send_confirmation(event: dict[str, Any], context: Any) -> dict[str, str]:
    """Mail a customer that an order has come in.

    The rule's input transformer leaves only ``order`` and ``to`` of the event.
    """
    sent = ses.send_email(
        Source=os.environ["MAIL_SENDER"],
        Destination={"ToAddresses": [event["to"]]},
        Message={
            "Subject": {"Data": f"Your order {event['order']}"},
            "Body": {"Text": {"Data": "Thank you, we have your order."}},
        },
    )
    logger.warning("mail %s for order %s", sent["MessageId"], event["order"])
    return {"messageId": sent["MessageId"]}
