"""The receipt of a booking, by mail."""

import json
import os
from typing import Any

import boto3

ses = boto3.client("sesv2")


def send_booking_receipt(event: dict[str, Any], context: Any) -> None:
    """Mail the receipt's template, filled with the booking."""
    booking = event["detail"]
    ses.send_email(
        FromEmailAddress=os.environ["SENDER"],
        Destination={"ToAddresses": [booking["email"]]},
        Content={"Template": {"TemplateName": os.environ["RECEIPT_TEMPLATE"], "TemplateData": json.dumps(booking)}},
    )
