import boto3
import pytest


@pytest.fixture(scope="session")
def shop(eventbridge):
    eventbridge.bus("orders")


def test_with_a_session_scoped_fixture(shop):
    pass


def test_with_a_service_that_is_not_mocked(eventbridge):
    boto3.client("bedrock-runtime").converse(modelId="m", messages=[])


@pytest.mark.eventbridge(regoin="eu-central-1")
def test_with_a_misspelt_setting():
    pass
