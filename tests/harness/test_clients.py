"""Every client reaches the mock, whenever and however it was made, and nothing leaves this machine."""

import os
import subprocess
import sys

import boto3
import pytest

from pytest_eventbridge import NetworkAccessError

ENTRY = {"Source": "shop", "DetailType": "Paid", "Detail": "{}"}

made_before_the_mock = boto3.Session(aws_access_key_id="real", aws_secret_access_key="real").client(
    "events", region_name="eu-west-1"
)


def test_a_client_made_before_the_mock_publishes_into_it(eventbridge):
    made_before_the_mock.put_events(Entries=[ENTRY])

    assert eventbridge.events.one().region == "eu-west-1"


def test_a_client_made_without_any_credentials_publishes_into_it(eventbridge, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"):
        monkeypatch.delenv(name)
    client = boto3.Session().client("events", region_name="us-east-1")
    assert client._request_signer._credentials is None

    client.put_events(Entries=[ENTRY])

    assert len(eventbridge.events) == 1


@pytest.mark.parametrize("url", ["http://localhost:4566", "https://events.example.com", "http://127.0.0.1:1"])
def test_an_endpoint_of_its_own_leads_into_the_mock(eventbridge, url):
    boto3.client("events", region_name="eu-west-1", endpoint_url=url).put_events(Entries=[ENTRY])

    assert eventbridge.events.one().region == "eu-west-1"


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_EVENTBRIDGE"])
def test_an_endpoint_in_the_environment_leads_into_the_mock(eventbridge, monkeypatch, name):
    monkeypatch.setenv(name, "http://localhost:4566")

    boto3.Session().client("events").put_events(Entries=[ENTRY])

    assert len(eventbridge.events) == 1


def test_a_bucket_behind_an_endpoint_of_its_own_is_found(eventbridge):
    s3 = boto3.client("s3", endpoint_url="http://localhost:4566")
    s3.create_bucket(Bucket="shop-files")
    s3.put_object(Bucket="shop-files", Key="a/b.txt", Body=b"text")

    assert boto3.client("s3").get_object(Bucket="shop-files", Key="a/b.txt")["Body"].read() == b"text"


def test_every_service_of_the_mock_can_be_used(eventbridge):
    boto3.client("dynamodb").create_table(
        TableName="t",
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    boto3.client("ssm").put_parameter(Name="p", Value="v", Type="String")

    assert boto3.resource("dynamodb").Table("t").item_count == 0
    assert boto3.client("ssm").get_parameter(Name="p")["Parameter"]["Value"] == "v"


def test_a_call_that_would_leave_the_machine_is_refused(eventbridge):
    import botocore.session

    early = botocore.session.get_session().create_client(
        "gamelift",
        region_name="us-east-1",
        aws_access_key_id="real",
        aws_secret_access_key="real",
        endpoint_url="https://gamelift.example.com",
    )

    with pytest.raises(NetworkAccessError) as refused:
        early.list_fleets()

    assert str(refused.value) == (
        "gamelift.ListFleets would have left this machine for gamelift.example.com, and was refused: the mock (moto) has no"
        " such service. Replace the client in your test, or take the call out of what is tested."
    )


def test_the_other_eventbridge_is_said_to_be_another(eventbridge):
    services = boto3.Session().get_available_services()
    if "eventbridgev2" not in services:
        pytest.skip("this boto3 does not know it yet")
    client = boto3.client("eventbridgev2")

    with pytest.raises(NetworkAccessError, match="the client 'eventbridgev2' is for another service"):
        client.list_event_buses()


def test_a_real_profile_is_out_of_sight(eventbridge, monkeypatch):
    assert boto3.Session().get_credentials().access_key == "testing"
    assert "AWS_PROFILE" not in os.environ


def test_the_region_is_the_tests(eventbridge):
    assert boto3.client("events").meta.region_name == os.environ["AWS_REGION"] == "us-east-1"


@pytest.mark.eventbridge(region="ap-southeast-2")
def test_the_region_can_be_chosen(eventbridge):
    assert boto3.client("events").meta.region_name == "ap-southeast-2"
    assert eventbridge.rule("r", pattern={"source": ["s"]}).arn.split(":")[3] == "ap-southeast-2"


MODULE_LEVEL = """
import boto3
import pytest

events = boto3.client("events")
table = boto3.resource("dynamodb").Table("t")


def test_a_client_made_at_import_without_any_configuration_works(eventbridge):
    events.put_events(Entries=[{"Source": "shop", "DetailType": "Paid", "Detail": "{}"}])
    eventbridge.assert_event_published(source="shop")
"""


@pytest.mark.parametrize(
    "configured", [{}, {"AWS_ACCESS_KEY_ID": "theirs", "AWS_SECRET_ACCESS_KEY": "theirs"}, {"AWS_REGION": "eu-west-1"}]
)
def test_a_module_that_makes_clients_at_import_needs_no_configuration(pytester, configured):
    pytester.makepyfile(MODULE_LEVEL)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environment |= {"HOME": str(pytester.path), **configured}

    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=pytester.path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stdout + result.stderr


def test_a_service_whose_packages_are_missing_says_what_to_install(eventbridge, monkeypatch):
    monkeypatch.setitem(sys.modules, "moto.polly", None)

    with pytest.raises(NetworkAccessError) as refused:
        boto3.client("polly").describe_voices()

    assert str(refused.value) == (
        "polly.DescribeVoices is not mocked: moto needs moto.polly for it, which is not installed."
        " pip install 'moto[all]' installs what all of its services need."
    )
