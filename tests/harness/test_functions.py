"""Functions in process: what a handler gets, what it may return, and what follows an error."""

import asyncio
import contextlib
import json
import logging
import os
import sys
import time
from datetime import UTC, datetime
from decimal import Decimal

import boto3
import pytest

from pytest_eventbridge import EventBridgeError, FunctionError, InvalidInputError, NotFoundError

SHOP = {"source": ["shop"]}


def confirm(event, context):
    return {"confirmed": event["detail"]["a"]}


class Sender:
    def send(self, event, context):
        return "sent"


def test_a_handler_gets_its_own_decoded_copy_of_the_event(eventbridge):
    def spoil(event, context):
        event["detail"]["a"] = "spoilt"

    eventbridge.rule("a", pattern=SHOP, targets=[spoil])
    eventbridge.rule("b", pattern=SHOP, targets=[confirm])

    published = eventbridge.publish("shop", "Paid", {"a": 1})

    assert eventbridge.function(confirm).invocations.one().result == {"confirmed": 1}
    assert eventbridge.function(spoil).invocations.one().event == published.envelope
    assert published.detail == {"a": 1}


def test_the_context_has_all_that_lambdas_has(eventbridge):
    seen = {}

    def handler(event, context):
        seen.update(
            request_id=context.aws_request_id,
            name=context.function_name,
            version=context.function_version,
            arn=context.invoked_function_arn,
            memory=context.memory_limit_in_mb,
            group=context.log_group_name,
            stream=context.log_stream_name,
            remaining=context.get_remaining_time_in_millis(),
            identity=context.identity.cognito_identity_id,
            client=context.client_context,
        )

    eventbridge.function(handler, name="mailer", timeout=10).invoke({})

    assert seen.pop("request_id").count("-") == 4
    assert seen.pop("stream").startswith(f"{datetime.now(UTC):%Y/%m/%d}/[$LATEST]")
    assert 9_000 < seen.pop("remaining") <= 10_000
    assert seen == {
        "name": "mailer",
        "version": "$LATEST",
        "arn": "arn:aws:lambda:us-east-1:123456789012:function:mailer",
        "memory": "128",
        "group": "/aws/lambda/mailer",
        "identity": None,
        "client": None,
    }


def test_environment_variables_are_set_for_the_time_of_the_call(eventbridge, monkeypatch):
    monkeypatch.setenv("TABLE", "outside")
    names = ("TABLE", "AWS_LAMBDA_FUNCTION_NAME", "AWS_REGION", "_HANDLER")

    def handler(event, context):
        return [os.environ.get(name) for name in names]

    result = eventbridge.function(handler, name="f", environment={"TABLE": "inside"}).invoke()

    assert result == ["inside", "f", "us-east-1", f"{__name__}.handler"]
    assert os.environ["TABLE"] == "outside"
    assert "AWS_LAMBDA_FUNCTION_NAME" not in os.environ


def test_what_a_handler_does_to_its_own_variables_ends_with_the_call(eventbridge, monkeypatch):
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.delenv("TABLE", raising=False)

    def handler(event, context):
        os.environ["AWS_REGION"] = "eu-west-1"
        del os.environ["TABLE"]

    eventbridge.function(handler, environment={"TABLE": "inside"}).invoke()

    assert os.environ["AWS_REGION"] == "us-east-1"
    assert "TABLE" not in os.environ


def test_what_a_handler_prints_and_logs_is_kept(eventbridge, capsys):
    def handler(event, context):
        print("printed")
        logging.getLogger("shop").warning("logged %s", 1)

    eventbridge.function(handler).invoke()

    assert eventbridge.invocations.one().output == "printed\n[WARNING] logged 1\n"
    assert capsys.readouterr().out == "printed\n"


def test_what_an_inner_call_prints_is_its_own(eventbridge, capsys):
    inner = eventbridge.function(lambda event, context: print("inner"), name="inner")

    def outer(event, context):
        print("before")
        inner.invoke()
        sys.stdout.writelines(["after\n"])
        sys.stdout.buffer.write(b"bytes\n")

    eventbridge.function(outer).invoke()

    assert [each.output for each in eventbridge.invocations] == ["before\nafter\n", "inner\n"]
    assert capsys.readouterr().out == "before\ninner\nafter\nbytes\n"


async def confirm_slowly(event, context):
    await asyncio.sleep(0)
    return "slow"


def test_a_coroutine_function_runs_to_completion(eventbridge):
    assert eventbridge.function(confirm_slowly).invoke() == "slow"


def test_a_coroutine_function_runs_also_while_the_test_is_in_a_loop(eventbridge):
    async def test_body():
        eventbridge.rule("r", pattern=SHOP, targets=[confirm_slowly])
        eventbridge.publish("shop", "Paid")
        await asyncio.sleep(0)
        return eventbridge.function(confirm_slowly).invocations.one().result

    assert asyncio.run(test_body()) == "slow"


@pytest.mark.parametrize("handler", [Sender().send, f"{__name__}.confirm", lambda event, context: None])
def test_anything_that_can_be_called_is_a_handler(eventbridge, handler):
    assert eventbridge.function(handler).invoke({"detail": {"a": 1}}) in ("sent", {"confirmed": 1}, None)


def test_a_bound_method_is_the_same_handler_at_each_access(eventbridge):
    sender, other = Sender(), Sender()
    function = eventbridge.function(sender.send)
    function.invoke()

    assert eventbridge.function(sender.send) is function
    assert eventbridge.function(other.send) is not function
    eventbridge.assert_function_invoked(sender.send)


def test_handlers_of_one_name_become_different_functions(eventbridge):
    def make(answer):
        def handler(event, context):
            return answer

        return handler

    first, second = make(1), make(2)
    rule = eventbridge.rule("r", pattern=SHOP, targets=[first, second])

    eventbridge.publish("shop", "Paid")

    assert [eventbridge.function(each).invocations.one().result for each in (first, second)] == [1, 2]
    assert len({target["Arn"] for target in rule.targets}) == 2


def test_registering_a_handler_again_finds_its_function(eventbridge):
    first = eventbridge.function(confirm)

    assert eventbridge.function(confirm) is first
    assert eventbridge.function(confirm, timeout=9).settings.timeout == 9
    assert eventbridge.function(confirm).settings.timeout == 9


@pytest.mark.parametrize(
    ("result", "decoded"),
    [(None, None), ({"a": (1, 2)}, {"a": [1, 2]}), (Decimal("1.5"), 1.5), (Decimal(3), 3)],
)
def test_a_result_is_what_lambda_would_return(eventbridge, result, decoded):
    assert eventbridge.function(lambda event, context: result).invoke() == decoded


def test_a_result_that_json_cannot_carry_is_the_handlers_error(eventbridge):
    with pytest.raises(FunctionError) as raised:
        eventbridge.function(lambda event, context: {1, 2}).invoke()

    assert str(raised.value) == (
        "Runtime.MarshalError: Unable to marshal response: Object of type set is not JSON serializable"
    )


def fail(event, context):
    raise RuntimeError("no stock")


def test_an_error_never_reaches_the_publisher_and_waits_for_its_retries(eventbridge):
    eventbridge.rule("r", pattern=SHOP, targets=[fail])

    eventbridge.publish("shop", "Paid")

    invocation = eventbridge.invocations.one()
    assert str(invocation.error) == "no stock"
    assert invocation.error.__traceback__ is not None
    assert eventbridge.deliveries.one().status == "delivered"
    assert [each.label for each in eventbridge.pending] == ["attempt 2 of function 'fail' at event 0"]


def test_lambda_tries_again_after_one_and_two_minutes_under_one_request_id(eventbridge):
    eventbridge.rule("r", pattern=SHOP, targets=[fail])
    eventbridge.clock.freeze("2026-03-01T00:00:00Z")

    eventbridge.publish("shop", "Paid")
    eventbridge.clock.advance(hours=1)

    runs = eventbridge.assert_function_invoked(fail, times=3)
    assert [(run.attempt, f"{run.started_at:%H:%M:%S}") for run in runs] == [
        (1, "00:00:00"),
        (2, "00:01:00"),
        (3, "00:03:00"),
    ]
    assert len({run.context.aws_request_id for run in runs}) == 1
    assert all(run.error for run in runs)
    assert eventbridge.pending == []


def test_a_retry_that_succeeds_ends_them(eventbridge):
    answers = iter([RuntimeError("once")])

    def handler(event, context):
        for error in answers:
            raise error
        return "done"

    eventbridge.rule("r", pattern=SHOP, targets=[handler])
    eventbridge.publish("shop", "Paid")
    eventbridge.clock.advance(hours=1)

    first, second = eventbridge.assert_function_invoked(handler, times=2)
    assert first.error
    assert second.result == "done"


@pytest.mark.parametrize(("settings", "runs"), [({"maximum_retry_attempts": 0}, 1), ({"maximum_event_age": 60}, 2)])
def test_retries_keep_to_the_functions_settings(eventbridge, settings, runs):
    eventbridge.rule("r", pattern=SHOP, targets=[eventbridge.function(fail, **settings)])

    eventbridge.publish("shop", "Paid")
    eventbridge.clock.advance(hours=1)

    assert [str(run.error) for run in eventbridge.invocations] == ["no stock"] * runs


def test_a_handler_that_exits_has_failed(eventbridge):
    function = eventbridge.function(lambda event, context: sys.exit(3))

    with pytest.raises(SystemExit):
        function.invoke()


class TestThroughTheLambdaApi:
    def test_a_synchronous_invocation_answers_with_the_result(self, eventbridge):
        eventbridge.function(confirm)

        answer = boto3.client("lambda").invoke(FunctionName="confirm", Payload=b'{"detail": {"a": 5}}')

        assert (answer["StatusCode"], json.load(answer["Payload"])) == (200, {"confirmed": 5})
        assert eventbridge.invocations.one().cause is None

    def test_an_error_is_answered_as_lambda_answers_it(self, eventbridge):
        eventbridge.function(fail)

        answer = boto3.client("lambda").invoke(FunctionName="fail")

        error = json.load(answer["Payload"])
        assert answer["FunctionError"] == "Unhandled"
        assert (error["errorType"], error["errorMessage"]) == ("RuntimeError", "no stock")
        assert "in fail" in error["stackTrace"][-1]

    def test_an_invocation_of_type_event_runs_by_itself(self, eventbridge):
        eventbridge.function(fail, maximum_retry_attempts=0)

        answer = boto3.client("lambda").invoke(FunctionName="fail", InvocationType="Event", Payload=b"{}")

        assert answer["StatusCode"] == 202
        assert str(eventbridge.invocations.one().error) == "no stock"

    def test_a_dry_run_runs_nothing(self, eventbridge):
        eventbridge.function(confirm)

        boto3.client("lambda").invoke(FunctionName="confirm", InvocationType="DryRun")

        eventbridge.assert_function_not_invoked(confirm)

    def test_the_function_can_be_read_like_any_other(self, eventbridge):
        function = eventbridge.function(confirm, environment={"A": "1"})

        configuration = boto3.client("lambda").get_function(FunctionName="confirm")["Configuration"]

        assert configuration["FunctionArn"] == function.arn
        assert configuration["Environment"] == {"Variables": {"A": "1"}}


@pytest.mark.parametrize(
    ("handler", "message"),
    [
        (5, "a handler is a callable or an import string such as 'shop.mail.send_confirmation', got int 5"),
        ("confirm", "handler 'confirm' names no module: write it as 'module.function'"),
        (
            "no.such.module",
            "handler 'no.such.module' cannot be loaded: importing 'no.such' raised ModuleNotFoundError: No module named",
        ),
        ("json.dumbs", "module 'json' has no 'dumbs': did you mean 'dumps'"),
        ("json.__name__", "module 'json' has something that cannot be called as '__name__'"),
    ],
)
def test_what_is_no_handler_is_refused_at_the_call(eventbridge, handler, message):
    with pytest.raises(FunctionError) as refused:
        eventbridge.function(handler)

    assert str(refused.value).startswith(message)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"timeout": 901}, "timeout must be more than 0 and at most 900 seconds, got 901"),
        ({"maximum_retry_attempts": 3}, "maximum_retry_attempts must be 0, 1 or 2, got 3"),
        ({"maximum_event_age": 5}, "maximum_event_age must be 60 to 21600 seconds, got 5"),
        ({"environment": {"A": 1}}, "environment variables must be strings, got 'A': 1"),
    ],
)
def test_settings_beyond_lambdas_are_refused_at_the_call(eventbridge, settings, message):
    with pytest.raises(InvalidInputError) as refused:
        eventbridge.function(confirm, **settings)

    assert str(refused.value) == message


def test_a_name_that_another_handler_has_is_refused(eventbridge):
    eventbridge.function(confirm, name="f")

    with pytest.raises(EventBridgeError, match=f"function 'f' is registered already, with handler {__name__}.confirm"):
        eventbridge.function(fail, name="f")


def test_an_unknown_function_is_named_with_near_ones(eventbridge):
    eventbridge.function(confirm)

    with pytest.raises(NotFoundError) as refused:
        eventbridge.assert_function_invoked("confrim")

    assert str(refused.value) == (
        "no function 'confrim' is registered: did you mean 'confirm'?"
        " (a handler is registered by eventbridge.function(handler) or as a rule's target)"
    )


class TestAnEventInvokeConfiguration:
    """PutFunctionEventInvokeConfig is obeyed by asynchronous invocations."""

    @pytest.fixture
    def failing(self, eventbridge):
        def fail(event, context):
            raise ValueError("no")

        eventbridge.rule("r", pattern={"source": ["shop"]}, targets=[fail])
        return "fail"

    @pytest.mark.eventbridge(allow=["handler-errors"])
    @pytest.mark.parametrize("retries", [0, 1, 2])
    def test_its_retries_count(self, eventbridge, failing, retries):
        boto3.client("lambda").put_function_event_invoke_config(FunctionName=failing, MaximumRetryAttempts=retries)

        eventbridge.publish("shop", "Paid")
        eventbridge.clock.run_until_idle()

        assert len(eventbridge.invocations) == retries + 1

    @pytest.mark.eventbridge(allow=["handler-errors"])
    def test_its_event_age_ends_the_retries(self, eventbridge, failing):
        boto3.client("lambda").put_function_event_invoke_config(FunctionName=failing, MaximumEventAgeInSeconds=100)

        eventbridge.publish("shop", "Paid")
        eventbridge.clock.run_until_idle()

        assert len(eventbridge.invocations) == 2

    @pytest.mark.eventbridge(allow=["handler-errors"])
    def test_its_destinations_get_the_record(self, eventbridge, failing, queue):
        boto3.client("lambda").put_function_event_invoke_config(
            FunctionName=failing,
            MaximumRetryAttempts=0,
            DestinationConfig={"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:123456789012:work"}},
        )

        eventbridge.publish("shop", "Paid")

        (record,) = map(json.loads, queue())
        assert record["requestContext"]["condition"] == "RetriesExhausted"

    @pytest.mark.eventbridge(allow=["handler-errors"])
    def test_the_last_one_counts_an_update_keeps_the_rest_and_without_one_the_defaults_are_back(
        self, eventbridge, failing
    ):
        client = boto3.client("lambda")
        client.put_function_event_invoke_config(FunctionName=failing, MaximumRetryAttempts=1)
        client.put_function_event_invoke_config(FunctionName=failing, MaximumRetryAttempts=0)
        client.update_function_event_invoke_config(FunctionName=failing, MaximumEventAgeInSeconds=60)

        config = client.get_function_event_invoke_config(FunctionName=failing)
        assert (config["MaximumRetryAttempts"], config["MaximumEventAgeInSeconds"]) == (0, 60)
        client.delete_function_event_invoke_config(FunctionName=failing)
        eventbridge.publish("shop", "Paid")
        eventbridge.clock.run_until_idle()
        assert len(eventbridge.invocations) == 3


class TestATimeLimit:
    """A function that runs longer than it may is reported as timed out."""

    @pytest.mark.eventbridge(now="2026-03-01", allow=["handler-errors"])
    def test_sleeping_under_a_still_clock_passes_at_once_and_counts(self, eventbridge):
        ran = []

        def slow(event, context):
            time.sleep(2)
            ran.append(context.get_remaining_time_in_millis())
            with contextlib.suppress(Exception):
                time.sleep(2)
            ran.append("after")

        function = eventbridge.function(slow, timeout=3)
        began = time.process_time()

        with pytest.raises(FunctionError, match="Task timed out after 3.00 seconds"):
            function.invoke()

        assert time.process_time() - began < 1
        assert len(ran) == 1
        assert 0 < ran[0] <= 1000

    @pytest.mark.eventbridge(now="2026-03-01")
    def test_sleeping_within_the_limit_is_fine(self, eventbridge):
        def naps(event, context):
            time.sleep(2)
            return "rested"

        assert eventbridge.function(naps).invoke() == "rested"

    def test_a_handler_that_burns_real_time_is_reported_when_it_ends(self, eventbridge):
        def burns(event, context):
            began = time.perf_counter()
            while time.perf_counter() - began < 0.05:
                pass
            return "done"

        with pytest.raises(FunctionError, match="Task timed out after 0.02 seconds"):
            eventbridge.function(burns, timeout=0.02).invoke()

    @pytest.mark.eventbridge(now="2026-03-01", allow=["handler-errors"])
    def test_lambda_tries_again_after_a_time_out(self, eventbridge):
        def slow(event, context):
            time.sleep(60)

        eventbridge.rule("r", pattern={"source": ["shop"]}, targets=[slow])
        eventbridge.publish("shop", "Paid")
        eventbridge.clock.run_until_idle()

        assert [run.attempt for run in eventbridge.invocations] == [1, 2, 3]

    @pytest.mark.eventbridge(now="2026-03-01")
    def test_a_test_s_own_sleep_waits_as_ever(self, eventbridge):
        with pytest.raises(ValueError, match="non-negative"):
            time.sleep(-1)
        time.sleep(0)
