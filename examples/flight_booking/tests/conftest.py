"""Flight booking's AWS: what its template would deploy."""

import json
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from flight_booking.book_flight import book_flight
from flight_booking.flights import key
from flight_booking.register_booking import register_booking
from flight_booking.send_booking_receipt import send_booking_receipt
from flight_booking.sync_flights import sync_flights

from pytest_eventbridge import EventBridge

BUS = "flights"


@dataclass
class Airline:
    """The deployed application, as far as a test looks into it."""

    flights: Any
    ses: Any

    def offer(self, destination: str, date: str, seats: int) -> None:
        self.flights.put_item(Item={**key(destination, date), "availableSeats": seats})

    def seats(self, destination: str, date: str) -> int:
        return int(self.flights.get_item(Key=key(destination, date))["Item"]["availableSeats"])

    def book(self, **parameters: Any) -> tuple[int, str]:
        """Call the API as API Gateway does, and return the answer's status and message."""
        answer = book_flight({"httpMethod": "POST", "path": "/bookings", "body": json.dumps(parameters)}, None)
        return answer["statusCode"], json.loads(answer["body"])["message"]

    def mails_sent(self) -> int:
        return int(boto3.client("ses").get_send_quota()["SentLast24Hours"])


@pytest.fixture
def airline(eventbridge: EventBridge, monkeypatch: pytest.MonkeyPatch) -> Airline:
    monkeypatch.setenv("EVENT_BUS_NAME", BUS)
    monkeypatch.setenv("FLIGHTS_TABLE", "flights")
    monkeypatch.setenv("SENDER", "bookings@example.com")
    monkeypatch.setenv("RECEIPT_TEMPLATE", "receipt")

    flights = boto3.resource("dynamodb").create_table(
        TableName="flights",
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "PK", "AttributeType": "S"},
            {"AttributeName": "SK", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    ses = boto3.client("sesv2")
    ses.create_email_identity(EmailIdentity="bookings@example.com")
    ses.create_email_template(
        TemplateName="receipt",
        TemplateContent={"Subject": "To {{destination}}", "Text": "{{numberOfSeats}} seats on {{flightDate}}."},
    )

    eventbridge.bus(BUS)
    eventbridge.rule(
        "flight-booked",
        bus=BUS,
        pattern={"source": ["bookFlight"], "detail-type": ["flightBooked"]},
        targets=[register_booking, send_booking_receipt],
    )
    eventbridge.rule("flight-sync", schedule="rate(1 day)", targets=[sync_flights])
    return Airline(flights, ses)
