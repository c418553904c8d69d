"""The watcher's AWS: what its template would deploy."""

from pathlib import Path
from typing import Any

import boto3
import lambda_watcher
import pytest
from lambda_watcher.record_function import record_function

from pytest_eventbridge import EventBridge

TABLE = "eventbridge-notifier"
PATTERN = Path(lambda_watcher.__file__).with_name("rule.json")


@pytest.fixture
def notes(eventbridge: EventBridge, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The table of what was noted, with the rule that fills it."""
    monkeypatch.setenv("TABLE_NAME", TABLE)
    table = boto3.resource("dynamodb").create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    eventbridge.rule("old-runtimes", pattern=PATTERN.read_text(), targets=[record_function])
    return table
