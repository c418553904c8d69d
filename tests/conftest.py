import json
import os

import boto3
import hypothesis
import pytest

hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, max_examples=200)
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=5000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture
def events(eventbridge):
    """A client as application code has it."""
    return boto3.client("events")


@pytest.fixture
def queue(eventbridge):
    """A queue named 'work', to be read with queue()."""
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="work")["QueueUrl"]

    def bodies():
        received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        return [message["Body"] for message in received.get("Messages", [])]

    return bodies


@pytest.fixture
def entry():
    """Make a good entry, with changes."""

    def make(detail=None, **changes):
        return {"Source": "shop", "DetailType": "Paid", "Detail": json.dumps(detail or {"a": 1}), **changes}

    return make
