"""API destinations and API Gateway: what goes out over HTTP, and what the answer means."""

import json

import boto3
import pytest
import requests
import responses

from pytest_eventbridge import Target

ROLE = "arn:aws:iam::123456789012:role/r"
SHOP = {"source": ["shop"]}
URL = "https://partner.example.com/orders"
TOKEN_URL = "https://auth.example.com/token"
API_KEY = {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "k-1"}}
DEAD = "arn:aws:sqs:us-east-1:123456789012:dead"


@pytest.fixture
def http(eventbridge):
    """What the partner answers."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def connect(eventbridge):
    """Make a rule whose target is an API destination."""

    def connect(kind="API_KEY", parameters=API_KEY, *, url=URL, method="POST", **options):
        events = boto3.client("events")
        connection = events.create_connection(Name="c", AuthorizationType=kind, AuthParameters=parameters)
        destination = events.create_api_destination(
            Name="d", ConnectionArn=connection["ConnectionArn"], InvocationEndpoint=url, HttpMethod=method
        )
        target = Target(destination["ApiDestinationArn"], role_arn=ROLE, **options)
        eventbridge.rule("r", pattern=SHOP, targets=[target])
        return events

    return connect


def test_the_request_is_aws_s(eventbridge, http, connect):
    http.post(URL, status=200)
    connect()

    event = eventbridge.publish("shop", "Paid", {"order": 1})

    request = http.calls[0].request
    assert request.body == event.text.encode()
    assert dict(request.headers) == {
        "X-Key": "k-1",
        "User-Agent": "Amazon/EventBridge/ApiDestinations",
        "Content-Type": "application/json; charset=utf-8",
        "Range": "bytes=0-1048575",
        "Accept-Encoding": "gzip,deflate",
        "Connection": "close",
        "Content-Length": str(len(request.body)),
    }
    assert event.deliveries[0].status == "delivered"


def test_basic_authorisation(eventbridge, http, connect):
    http.post(URL)
    connect("BASIC", {"BasicAuthParameters": {"Username": "ann", "Password": "s3cret"}})

    eventbridge.publish("shop", "Paid")

    assert http.calls[0].request.headers["Authorization"] == "Basic YW5uOnMzY3JldA=="


def oauth(method="POST"):
    return {
        "OAuthParameters": {
            "AuthorizationEndpoint": TOKEN_URL,
            "HttpMethod": method,
            "ClientParameters": {"ClientID": "id", "ClientSecret": "secret"},
            "OAuthHttpParameters": {"BodyParameters": [{"Key": "grant_type", "Value": "client_credentials"}]},
        }
    }


def test_an_oauth_token_is_fetched_once_and_kept(eventbridge, http, connect):
    http.post(TOKEN_URL, json={"access_token": "t-1", "token_type": "Bearer"})
    http.post(URL)
    connect("OAUTH_CLIENT_CREDENTIALS", oauth())

    eventbridge.publish("shop", "Paid")
    eventbridge.publish("shop", "Paid")

    assert [call.request.url for call in http.calls] == [TOKEN_URL, URL, URL]
    assert http.calls[0].request.body == b"client_id=id&client_secret=secret&grant_type=client_credentials"
    assert http.calls[2].request.headers["Authorization"] == "Bearer t-1"


@pytest.mark.eventbridge(now="2026-03-01")
def test_an_oauth_token_that_is_refused_is_fetched_again(eventbridge, http, connect):
    http.post(TOKEN_URL, json={"access_token": "old", "token_type": "Bearer"})
    http.post(TOKEN_URL, json={"access_token": "new", "token_type": "Bearer"})
    http.post(URL, status=401)
    http.post(URL, status=200)
    connect("OAUTH_CLIENT_CREDENTIALS", oauth())

    eventbridge.publish("shop", "Paid")
    eventbridge.clock.run_until_idle()

    assert [call.request.headers.get("Authorization") for call in http.calls] == [
        None,
        "Bearer old",
        None,
        "Bearer new",
    ]
    assert eventbridge.deliveries.one().status == "delivered"


def test_an_oauth_endpoint_that_is_called_with_get_gets_its_client_in_the_query(eventbridge, http, connect):
    http.get(TOKEN_URL, json={"access_token": "t", "token_type": "Bearer"})
    http.post(URL)
    connect("OAUTH_CLIENT_CREDENTIALS", oauth("GET"))

    eventbridge.publish("shop", "Paid")

    assert http.calls[0].request.url == f"{TOKEN_URL}?client_id=id&client_secret=secret"


@pytest.mark.eventbridge(allow=["failed-deliveries"])
def test_an_oauth_endpoint_without_a_token_fails_the_delivery(eventbridge, http, connect):
    http.post(TOKEN_URL, json={"error": "invalid_client"})
    connect("OAUTH_CLIENT_CREDENTIALS", oauth())

    delivery = eventbridge.publish("shop", "Paid").deliveries[0]

    assert (delivery.status, delivery.error_message) == (
        "failed", 'The authorization endpoint answered without an access_token: {"error": "invalid_client"}',
    )  # fmt: skip


def test_path_query_and_headers_are_filled_from_target_and_event(eventbridge, http, connect):
    http.put("https://partner.example.com/customers/a%2Fb/orders/7")
    connect(
        url="https://partner.example.com/customers/*/orders/*",
        method="PUT",
        HttpParameters={
            "PathParameterValues": ["a/b", "$.detail.order"],
            "HeaderParameters": {"X-State": "$.detail.state", "X-Fixed": "1"},
            "QueryStringParameters": {"page": "1", "none": "$.detail.none"},
        },
    )

    eventbridge.publish("shop", "Paid", {"order": 7, "state": "paid"})

    request = http.calls[0].request
    assert request.url == "https://partner.example.com/customers/a%2Fb/orders/7?page=1&none="
    assert (request.headers["X-State"], request.headers["X-Fixed"]) == ("paid", "1")


def test_the_connection_s_parameters_win_and_its_body_parameters_join_the_payload(eventbridge, http, connect):
    http.post(URL)
    added = {
        "InvocationHttpParameters": {
            "HeaderParameters": [{"Key": "X-Tenant", "Value": "connection"}],
            "QueryStringParameters": [{"Key": "v", "Value": "2"}],
            "BodyParameters": [{"Key": "tenant", "Value": "t-1"}],
        }
    }
    connect(
        parameters={**API_KEY, **added},
        input_path="$.detail",
        HttpParameters={"HeaderParameters": {"X-Tenant": "target", "User-Agent": "mine"}, "QueryStringParameters": {"v": "1"}},
    )  # fmt: skip

    eventbridge.publish("shop", "Paid", {"order": 1})

    request = http.calls[0].request
    assert request.url == f"{URL}?v=2"
    assert request.headers["X-Tenant"] == "connection"
    assert request.headers["User-Agent"] == "Amazon/EventBridge/ApiDestinations", "it cannot be overridden"
    assert json.loads(request.body) == {"order": 1, "tenant": "t-1"}


@pytest.mark.parametrize("status", [401, 407, 409, 429, 500, 503])
@pytest.mark.eventbridge(now="2026-03-01")
def test_these_statuses_are_tried_again(eventbridge, http, connect, status):
    http.post(URL, status=status)
    http.post(URL, status=200)
    connect()

    delivery = eventbridge.publish("shop", "Paid").deliveries[0]
    assert delivery.status == "pending"
    eventbridge.clock.run_until_idle()

    assert (delivery.status, delivery.attempts) == ("delivered", 2)


@pytest.mark.parametrize("status", [301, 302, 400, 403, 404, 418])
def test_these_statuses_go_to_the_dead_letter_queue_at_once(eventbridge, http, connect, status):
    boto3.client("sqs").create_queue(QueueName="dead")
    http.post(URL, status=status, body="no")
    connect(dead_letter_queue=DEAD)

    eventbridge.publish("shop", "Paid")

    letter = eventbridge.assert_dead_lettered(error_code="ERROR_FROM_TARGET")
    assert letter.attributes["ERROR_MESSAGE"] == f"The endpoint answered with status {status}: no"
    assert "RETRY_ATTEMPTS" not in letter.attributes


@pytest.mark.parametrize(("retry_after", "seconds"), [("30", 30), ("0", 1), ("Fri, 01 Jan 2027 00:00:00 GMT", 1)])
@pytest.mark.eventbridge(now="2026-03-01")
def test_retry_after_is_honoured_when_it_is_longer(eventbridge, http, connect, retry_after, seconds):
    http.post(URL, status=429, headers={"Retry-After": retry_after})
    http.post(URL, status=200)
    connect()

    eventbridge.publish("shop", "Paid")

    (occurrence,) = eventbridge.clock.run_until_idle()
    assert (occurrence.instant.minute * 60 + occurrence.instant.second) == seconds


@pytest.mark.eventbridge(allow=["failed-deliveries"])
def test_a_negative_retry_after_ends_the_retries(eventbridge, http, connect):
    http.post(URL, status=503, headers={"Retry-After": "-1"})
    connect()

    assert eventbridge.publish("shop", "Paid").deliveries[0].status == "failed"


@pytest.mark.parametrize(
    ("raised", "code"),
    [(requests.Timeout("slow"), "TIMEOUT"), (requests.ConnectionError("reset"), "CONNECTION_FAILURE")],
)
@pytest.mark.eventbridge(now="2026-03-01")
def test_no_answer_in_time_and_a_broken_connection_are_tried_again(eventbridge, http, connect, raised, code):
    http.post(URL, body=raised)
    http.post(URL, status=200)
    connect()

    delivery = eventbridge.publish("shop", "Paid").deliveries[0]
    assert delivery.error_code == code
    eventbridge.clock.run_until_idle()

    assert delivery.status == "delivered"


@pytest.mark.eventbridge(allow=["failed-deliveries"])
def test_a_call_that_no_mock_answers_never_leaves_the_machine(eventbridge, connect):
    connect()

    delivery = eventbridge.publish("shop", "Paid").deliveries[0]

    assert delivery.status == "failed"
    assert delivery.error_message == (
        f"no mock answers POST {URL} Mock it: responses.add('POST', '{URL}'), with responses active during the test."
    )


@pytest.fixture
def mocked_before():
    with responses.RequestsMock() as mock:
        yield mock


def test_a_mock_that_was_there_before_the_fixture_answers_too(mocked_before, eventbridge, connect):
    mocked_before.post(URL)
    connect()

    assert eventbridge.publish("shop", "Paid").deliveries[0].status == "delivered"


@pytest.mark.eventbridge(allow=["failed-deliveries"])
def test_a_deleted_destination_is_missing(eventbridge, http, connect):
    connect().delete_api_destination(Name="d")

    assert eventbridge.publish("shop", "Paid").deliveries[0].error_code == "NO_RESOURCE"


API = "arn:aws:execute-api:us-east-1:123456789012:abc123"


def test_a_rest_api_is_called_as_aws_calls_it(eventbridge, http):
    http.post("https://abc123.execute-api.us-east-1.amazonaws.com/prod/orders/7/")
    rule = eventbridge.rule("r", pattern=SHOP, targets=[Target(
        f"{API}/prod/POST/orders/*",
        HttpParameters={"PathParameterValues": ["$.detail.order"], "HeaderParameters": {"X-A": "1", "Host": "evil"},
                        "QueryStringParameters": {"q": "1"}},
    )])  # fmt: skip

    event = eventbridge.publish("shop", "Paid", {"order": 7})

    request = http.calls[0].request
    assert request.url == "https://abc123.execute-api.us-east-1.amazonaws.com/prod/orders/7/?q=1"
    assert request.body == event.text.encode()
    assert request.headers["X-Amz-Source-Arn"] == rule.arn
    assert request.headers["X-Amz-Source-Account"] == "123456789012"
    assert request.headers["Content-Type"] == "application/json"
    assert (request.headers["X-A"], request.headers.get("Host")) == ("1", None)


def test_a_target_sets_no_header_of_api_gateway_s_own(eventbridge, http):
    http.post("https://abc123.execute-api.us-east-1.amazonaws.com/prod/")
    its_own = {"TE": "x", "Via": "x", "Authorization": "x", "X-Amz-Source-Arn": "x", "X-Amzn-Trace-Id": "x"}
    settable = {"Tenant": "t-1", "Via-Partner": "p", "Hostname": "h"}
    eventbridge.rule("r", pattern=SHOP, targets=[
        Target(f"{API}/prod/POST", HttpParameters={"HeaderParameters": {**its_own, **settable}})
    ])  # fmt: skip

    eventbridge.publish("shop", "Paid")

    headers = http.calls[0].request.headers
    assert "x" not in headers.values()
    assert {name: headers[name] for name in settable} == settable


@pytest.mark.eventbridge(allow=["failed-deliveries"])
def test_a_rest_api_that_refuses_is_not_tried_again(eventbridge, http):
    http.get("https://abc123.execute-api.us-east-1.amazonaws.com/prod/", status=403)
    eventbridge.rule("r", pattern=SHOP, targets=[f"{API}/prod/GET"])

    delivery = eventbridge.publish("shop", "Paid").deliveries[0]

    assert (delivery.status, delivery.attempts) == ("failed", 1)
