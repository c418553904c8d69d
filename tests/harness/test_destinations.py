"""Where Lambda passes the end of an asynchronous invocation on to."""

import json

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from pytest_eventbridge import FunctionError, InvalidInputError

SHOP = {"source": ["shop"]}
WORK = "arn:aws:sqs:us-east-1:123456789012:work"
BUS = "arn:aws:events:us-east-1:123456789012:event-bus/default"

pytestmark = pytest.mark.eventbridge(now="2026-03-01T00:00:00Z", allow=["handler-errors"])


def confirm(event, context):
    return {"ok": True}


def fail(event, context):
    raise ValueError("no stock")


def put(eventbridge, handler, **settings):
    function = eventbridge.function(handler, **settings)
    eventbridge.rule("r", pattern=SHOP, targets=[function])
    event = eventbridge.publish("shop", "Paid", {"a": 1})
    eventbridge.clock.advance(hours=1)
    return function, event


def test_a_success_is_recorded_at_its_destination(eventbridge, queue):
    function, event = put(eventbridge, confirm, on_success=WORK, on_failure="arn:aws:sqs:us-east-1:123456789012:none")

    assert json.loads(queue()[0]) == {
        "version": "1.0",
        "timestamp": "2026-03-01T00:00:00.000Z",
        "requestContext": {
            "requestId": function.invocations.one().context.aws_request_id,
            "functionArn": f"{function.arn}:$LATEST",
            "condition": "Success",
            "approximateInvokeCount": 1,
        },
        "requestPayload": event.envelope,
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST"},
        "responsePayload": {"ok": True},
    }


@pytest.mark.parametrize(
    ("settings", "condition", "count"),
    [
        ({}, "RetriesExhausted", 3),
        ({"maximum_retry_attempts": 0}, "RetriesExhausted", 1),
        ({"maximum_event_age": 60}, "EventAgeExceeded", 2),
    ],
)
def test_a_failure_is_recorded_when_it_is_given_up(eventbridge, queue, settings, condition, count):
    put(eventbridge, fail, on_failure=WORK, **settings)

    (record,) = map(json.loads, queue())
    assert (record["requestContext"]["condition"], record["requestContext"]["approximateInvokeCount"]) == (
        condition,
        count,
    )
    assert record["responseContext"]["functionError"] == "Unhandled"
    assert (record["responsePayload"]["errorType"], record["responsePayload"]["errorMessage"]) == (
        "ValueError",
        "no stock",
    )
    assert "in fail" in record["responsePayload"]["stackTrace"][-1]


def test_the_dead_letter_queue_gets_the_event_as_it_was(eventbridge):
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="lost")["QueueUrl"]

    function, event = put(eventbridge, fail, dead_letter_queue="arn:aws:sqs:us-east-1:123456789012:lost")

    (message,) = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    attributes = {name: (each["DataType"], each["StringValue"]) for name, each in message["MessageAttributes"].items()}
    assert json.loads(message["Body"]) == event.envelope
    assert attributes == {
        "RequestID": ("String", function.invocations.first.context.aws_request_id),
        "ErrorCode": ("Number", "200"),
        "ErrorMessage": ("String", "no stock"),
    }


@pytest.mark.parametrize(("handler", "verdict"), [(confirm, "Success"), (fail, "Failure")])
def test_an_event_bus_gets_an_event(eventbridge, handler, verdict):
    function, _ = put(eventbridge, handler, on_success=BUS, on_failure=BUS)

    event = eventbridge.assert_event_published(source="lambda")
    assert event.detail_type == f"Lambda Function Invocation Result - {verdict}"
    assert event.resources == (BUS, f"{function.arn}:$LATEST")
    assert event.detail["requestPayload"]["detail"] == {"a": 1}
    assert event.caused_by.function == function.name


def test_a_topic_and_a_function_get_the_record_too(eventbridge, queue):
    records = []
    auditor = eventbridge.function(lambda event, context: records.append(event), name="auditor")
    topic = boto3.client("sns").create_topic(Name="t")["TopicArn"]
    boto3.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=WORK)

    put(eventbridge, fail, on_failure=auditor.arn, dead_letter_queue=topic)

    assert records[0]["requestContext"]["condition"] == "RetriesExhausted"
    assert json.loads(json.loads(queue()[0])["Message"])["detail"] == {"a": 1}


@pytest.mark.parametrize("name", ["dead_letter_queue", "on_success", "on_failure"])
def test_what_lambda_does_not_send_to_is_refused_at_the_call(eventbridge, name):
    with pytest.raises(InvalidInputError, match=f"{name} must be an ARN of sqs or sns"):
        eventbridge.function(confirm, **{name: "arn:aws:s3:::bucket"})


@pytest.mark.parametrize(
    "to", [WORK.replace("work", "missing"), "arn:aws:lambda:us-east-1:123456789012:function:missing"]
)
def test_an_outcome_that_does_not_arrive_fails_the_test_and_no_one_else(eventbridge, to):
    put(eventbridge, confirm, on_success=to)

    (complaint,) = eventbridge.complaints()
    assert complaint.startswith(f"the outcome of function 'confirm' was lost on its way\n  reason    {to}: ")
    assert complaint.endswith('\n  allow     @pytest.mark.eventbridge(allow=["failed-deliveries"])')
    eventbridge.invocations.one().lost_outcome = None


class TestAFunctionThatIsShut:
    """With a reserved concurrency of 0, Lambda takes events for a function and gives them up at once."""

    @pytest.fixture
    def shut(self, eventbridge):
        """Publish an event for a function that cannot be run."""

        def shut(**settings):
            function = eventbridge.function(confirm, **settings)
            eventbridge.rule("r", pattern=SHOP, targets=[function])
            boto3.client("lambda").put_function_concurrency(FunctionName=function.name, ReservedConcurrentExecutions=0)
            return function, eventbridge.publish("shop", "Paid", {"a": 1})

        return shut

    def test_its_destination_gets_a_record_without_a_response(self, eventbridge, queue, shut):
        function, event = shut(on_failure=WORK)

        record = json.loads(queue()[0])
        assert set(record) == {"version", "timestamp", "requestContext", "requestPayload"}
        assert record["requestContext"]["condition"] == "ZeroReservedConcurrency"
        assert record["requestContext"]["approximateInvokeCount"] == 0
        assert record["requestPayload"] == event.envelope
        assert function.invocations == []
        assert eventbridge.deliveries.one().status == "delivered"

    def test_its_dead_letter_queue_gets_the_event_without_an_error_code(self, shut):
        sqs = boto3.client("sqs")
        url = sqs.create_queue(QueueName="lost")["QueueUrl"]

        shut(dead_letter_queue="arn:aws:sqs:us-east-1:123456789012:lost")

        (message,) = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
        assert set(message["MessageAttributes"]) == {"RequestID", "ErrorMessage"}
        assert message["MessageAttributes"]["ErrorMessage"]["StringValue"] == (
            "Function not invoked. Function isconfigured with zero reserved concurrent executions"
        )

    def test_a_retry_meets_it_too(self, eventbridge, queue):
        function = eventbridge.function(fail, on_failure=WORK)
        eventbridge.rule("r", pattern=SHOP, targets=[function])
        eventbridge.publish("shop", "Paid")

        boto3.client("lambda").put_function_concurrency(FunctionName="fail", ReservedConcurrentExecutions=0)
        eventbridge.clock.advance(minutes=1)

        context = json.loads(queue()[0])["requestContext"]
        assert (context["condition"], context["approximateInvokeCount"]) == ("ZeroReservedConcurrency", 1)

    def test_a_synchronous_call_is_throttled(self, eventbridge, shut):
        function, _ = shut(on_failure=BUS)
        client = boto3.client("lambda", config=Config(retries={"max_attempts": 0}))

        with pytest.raises(ClientError) as throttled:
            client.invoke(FunctionName=function.name)
        assert throttled.value.response["Error"] == {"Code": "TooManyRequestsException", "Message": "Rate Exceeded."}
        assert throttled.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429
        with pytest.raises(FunctionError, match="function 'confirm' is not run: its reserved concurrency is 0"):
            function.invoke({})

    def test_it_runs_again_once_it_may(self, shut, eventbridge):
        function, _ = shut(on_failure=BUS)

        boto3.client("lambda").delete_function_concurrency(FunctionName=function.name)
        eventbridge.publish("shop", "Paid")

        assert function.invocations.one().result == {"ok": True}
