"""What we rely on inside moto and botocore; each test says what to look at when it changes."""

import importlib
import inspect
import json
from datetime import UTC, datetime

import boto3
import moto.awslambda.models
import moto.awslambda.responses
import moto.core.models
import moto.core.responses
import moto.events.models
import moto.events.responses
import moto.iam.models
import moto.s3.models
import moto.s3.notifications
import moto.s3.responses
import moto.scheduler.models
import moto.scheduler.responses
import moto.ses.models
import moto.sesv2.responses
import moto.sqs.models
import pytest
import requests
from botocore.endpoint import Endpoint
from botocore.signers import RequestSigner

from pytest_eventbridge.aws.constraints import _compiled
from pytest_eventbridge.aws.moto_seam import state_machines
from pytest_eventbridge.aws.session import service_model
from pytest_eventbridge.configuration import settings_from
from pytest_eventbridge.running import running

SIGNATURES = [
    (moto.events.models.EventsBackend.put_events, ["self", "events"]),
    (moto.events.responses.EventsHandler.put_events, ["self"]),
    (moto.events.responses.EventsHandler.test_event_pattern, ["self"]),
    (moto.core.responses.BaseResponse.call_action, ["self"]),
    (moto.core.responses.BaseResponse._enrich_response, ["headers", "body"]),
    (moto.scheduler.responses.EventBridgeSchedulerResponse.update_schedule, ["self"]),
    (moto.awslambda.models.LambdaBackend.put_function_event_invoke_config, ["self", "function_name", "config"]),
    (moto.awslambda.models.LambdaBackend.update_function_event_invoke_config, ["self", "function_name", "config"]),
    (moto.events.models.Replay.replay_events, ["self", "archive"]),
    (moto.events.models.Replay.describe_short, ["self"]),
    (moto.events.models.Archive.describe_short, ["self"]),
    (moto.events.models.EventsBackend.cancel_replay, ["self", "name"]),
    (moto.events.models.EventBus.add_permission, ["self", "statement_id", "action", "principal", "condition"]),
    *(
        (
            made.create_from_cloudformation_json,
            [
                "resource_name",
                "cloudformation_json",
                "account_id",
                "region_name",
                "kwargs",
            ],
        )
        for made in (moto.events.models.Rule, moto.events.models.EventBus, moto.events.models.Archive)
    ),
    *(
        (
            made.update_from_cloudformation_json,
            ["original_resource", "new_resource_name", "cloudformation_json", "account_id", "region_name"],
        )
        for made in (moto.events.models.Rule, moto.events.models.EventBus, moto.events.models.Archive)
    ),
    (moto.events.models.EventsBackend._normalize_event_bus_arn, ["self", "event_bus_arn"]),
    (moto.events.responses.EventsHandler.put_partner_events, ["self"]),
    (moto.events.responses.EventsHandler.create_event_bus, ["self"]),
    (moto.events.responses.EventsHandler.list_event_buses, ["self"]),
    (moto.events.models.EventBus.add_policy, ["self", "policy"]),
    (moto.sqs.models.Message.__init__, ["self", "message_id", "body", "system_attributes"]),
    (moto.sqs.models.Queue.add_message, ["self", "message"]),
    (moto.awslambda.models.LambdaFunction.invoke, ["self", "body", "request_headers", "response_headers"]),
    (moto.awslambda.models.LambdaFunction._invoke_lambda, ["self", "event"]),
    (
        moto.s3.models.S3Backend.delete_object,
        ["self", "bucket_name", "key_name", "version_id", "bypass"],
    ),
    (moto.s3.notifications._send_event_bridge_message, ["account_id", "bucket", "event_name", "key"]),
    (moto.s3.responses.S3Response._key_response, ["self", "request", "full_url"]),
    (moto.s3.responses.S3Response._bucket_response, ["self", "request", "full_url"]),
    (
        moto.sqs.models.SQSBackend.send_message,
        [
            "self",
            "queue_name",
            "message_body",
            "message_attributes",
            "delay_seconds",
            "deduplication_id",
            "group_id",
            "system_attributes",
            "validate_group_id",
        ],
    ),
    (
        moto.sqs.models.SQSBackend.receive_message,
        ["self", "queue_name", "count", "wait_seconds_timeout", "visibility_timeout", "message_attribute_names"],
    ),
    (Endpoint.make_request, ["self", "operation_model", "request_dict"]),
    (Endpoint._send, ["self", "request"]),
]


@pytest.mark.parametrize(("function", "parameters"), SIGNATURES, ids=lambda each: getattr(each, "__qualname__", ""))
def test_what_is_replaced_still_has_its_signature(function, parameters):
    assert list(inspect.signature(function).parameters) == parameters, (
        f"moto or botocore changed {function.__qualname__}; see pytest_eventbridge/aws/moto_seam/ and network.py"
    )


def test_put_events_has_the_one_caller_that_is_known():
    assert "self.events_backend.put_events(events)" in inspect.getsource(moto.events.responses.EventsHandler.put_events)


def test_a_request_knows_its_account_region_and_operation():
    source = inspect.getsource(moto.core.responses.BaseResponse)

    for name in ("self.current_account", "self.region", "self.body", "def _get_action"):
        assert name in source, (
            f"moto changed BaseResponse: {name} is gone; see intercept() in aws/moto_seam/interception.py"
        )


def test_every_request_comes_through_where_it_is_counted():
    base = moto.core.responses.BaseResponse

    for handler in (
        moto.awslambda.responses.LambdaResponse,
        moto.events.responses.EventsHandler,
        moto.scheduler.responses.EventBridgeSchedulerResponse,
    ):
        assert handler.call_action is base.call_action
    assert "self.call_action()" in inspect.getsource(base._dispatch), (
        "moto changed how it answers requests; see call_and_tell() in aws/moto_seam/interception.py"
    )


def test_what_is_changed_past_boto3_counts_at_once(eventbridge):
    rule = {"Name": "tick", "ScheduleExpression": "rate(1 minute)"}

    def put_rule(event, context):
        requests.post(
            "https://events.us-east-1.amazonaws.com/",
            headers={"X-Amz-Target": "AWSEvents.PutRule", "Content-Type": "application/x-amz-json-1.1"},
            data=json.dumps(rule),
            timeout=1,
        ).raise_for_status()

    eventbridge.rule("deploy", schedule="rate(1 hour)", targets=[put_rule])
    eventbridge.clock.advance(hours=1, minutes=3)

    assert [event.rules for event in eventbridge.events] == [["deploy"], ["tick"], ["tick"], ["tick"]]


def test_the_account_can_be_named_in_a_header():
    source = inspect.getsource(moto.core.responses.BaseResponse.get_current_account)

    assert "x-moto-account-id" in source, "moto changed how a call names its account; see clients() in aws/session.py"


def test_the_default_account_is_read_where_it_is_replaced():
    source = inspect.getsource(moto.iam.models.get_account_id_from)

    assert "return DEFAULT_ACCOUNT_ID" in source, (
        "moto changed the default account; see running_mock() in aws/moto_seam/mock.py"
    )


def test_rules_have_what_is_read_of_them(eventbridge):
    eventbridge.rule("r", pattern={"source": ["s"]}, targets=["arn:aws:sqs:us-east-1:123456789012:q"])
    rule = moto.events.models.events_backends["123456789012"]["us-east-1"].event_buses["default"].rules["r"]

    assert rule.event_pattern.dump() == '{"source": ["s"]}'
    assert (rule.name, rule.state, rule.scheduled_expression, rule.managed_by) == ("r", "ENABLED", None, None)
    assert rule.arn.endswith(":rule/r")
    assert rule.targets[0]["Id"] == "q"


def test_the_session_is_kept_when_moto_is_told_to():
    source = inspect.getsource(moto.core.models.MockAWS.start)

    assert "reset_boto3_session" in source, "moto changed how it treats boto3's session; see running_mock()"


def test_moto_answers_urls_through_objects_that_can_be_shared():
    parameters = list(inspect.signature(moto.core.models.CallbackResponse).parameters)

    assert parameters[:3] == ["method", "url", "callback"]
    assert "CallbackResponse(" in inspect.getsource(moto.core.models.MockAWS._enable_patching), (
        "moto changed how it answers URLs; see _started_mock() in aws/moto_seam/mock.py"
    )


def test_objects_that_are_shared_forget_what_they_answered():
    for _ in range(2):
        with running(settings_from([])):
            registered = moto.core.models.responses_mock.registered()
            requests.get("https://some-bucket.s3.amazonaws.com/", timeout=1)

            assert sum(len(response.calls) for response in registered) == 1
        assert not any(response.calls for response in registered)


def test_signing_asks_for_an_instance_where_credentials_can_be_given():
    parameters = inspect.signature(RequestSigner.get_auth_instance).parameters

    assert "request_credentials" in parameters, "botocore changed signing; see closed_network() in aws/network.py"


def test_moto_answers_requests_through_its_stubber():
    parameters = list(inspect.signature(moto.core.models.botocore_stubber.__call__).parameters)

    assert parameters[:2] == ["event_name", "request"], "moto changed its stubber; see answer_request()"


def test_schedules_have_what_is_read_of_them(eventbridge):
    scheduler = boto3.client("scheduler")
    scheduler.create_schedule(
        Name="s",
        ScheduleExpression="rate(1 day)",
        StartDate=datetime(2100, 1, 1, tzinfo=UTC),
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": "arn:aws:sqs:us-east-1:123456789012:q", "RoleArn": "arn:aws:iam::123456789012:role/r"},
    )
    backend = moto.scheduler.models.scheduler_backends["123456789012"]["us-east-1"]
    schedule = backend.schedule_groups["default"].schedules["s"]

    for name in ("group_name", "arn", "schedule_expression", "schedule_expression_timezone", "start_date", "end_date",
                 "flexible_time_window", "target", "state", "action_after_completion"):  # fmt: skip
        assert hasattr(schedule, name), f"moto changed Schedule: {name} is gone; see aws/moto_seam/control_plane.py"


def test_an_update_of_a_schedule_gives_it_another_target():
    source = inspect.getsource(moto.scheduler.models.Schedule.update)

    assert "self.target = " in source, "moto changed Schedule.update; see schedules() in aws/moto_seam/control_plane.py"


def test_both_versions_of_ses_have_one_store():
    assert "self.templates: " in inspect.getsource(moto.ses.models.SESBackend.__init__)
    assert list(inspect.signature(moto.ses.models.SESBackend.send_templated_email).parameters) == [
        "self", "source", "template", "template_data", "destinations",
    ]  # fmt: skip
    assert not hasattr(moto.sesv2.responses.SESV2Response, "create_email_template"), (
        "moto has email templates of its own now: see aws/moto_seam/email_templates.py, which may go"
    )


@pytest.mark.parametrize("service", ["events", "scheduler"])
def test_every_pattern_of_the_service_models_can_be_read(service):
    model = service_model(service)
    patterns = {shape.metadata.get("pattern") for name in model.shape_names if (shape := model.shape_for(name))}

    for pattern in patterns - {None}:
        assert _compiled(pattern), f"{service} has a pattern that Python cannot read; see aws/constraints.py"


def test_archives_connections_and_destinations_have_what_is_read_of_them(eventbridge):
    events = boto3.client("events")
    events.create_archive(ArchiveName="a", EventSourceArn="arn:aws:events:us-east-1:123456789012:event-bus/default")
    key = {"ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": "v"}}
    connection = events.create_connection(Name="c", AuthorizationType="API_KEY", AuthParameters=key)["ConnectionArn"]
    events.create_api_destination(
        Name="d", ConnectionArn=connection, InvocationEndpoint="https://x.y/", HttpMethod="GET"
    )
    backend = moto.events.models.events_backends["123456789012"]["us-east-1"]

    archive, known, destination = backend.archives["a"], backend.connections["c"], backend.destinations["d"]
    assert (archive.events, archive.event_bus_name, archive.retention) == ([], "default", 0)
    assert known.auth_parameters["ApiKeyAuthParameters"]["ApiKeyValue"] == "v", "secrets must be readable"
    assert destination.connection_arn == known.arn == connection


def test_state_machines_call_services_by_one_function():
    task = importlib.import_module(state_machines._SDK_TASK)

    assert list(inspect.signature(task.boto_client_for).parameters) == ["region", "service", "state_credentials"]
    assert hasattr(importlib.import_module(f"{state_machines._PARSER}.jsonata.jsonata"), "_eval_jsonata")


def test_policies_and_roles_have_what_is_read_of_them(eventbridge):
    iam = boto3.client("iam")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument="{}")
    role = next(iter(moto.iam.models.iam_backends["123456789012"]["aws"].roles.values()))

    for name in ("arn", "assume_role_policy_document", "policies", "managed_policies"):
        assert hasattr(role, name), f"moto changed Role: {name} is gone; see role() in aws/moto_seam/control_plane.py"


def test_a_function_is_found_by_its_name(eventbridge):
    eventbridge.function(lambda event, context: None, name="f")
    functions = moto.awslambda.models.lambda_backends["123456789012"]["us-east-1"]._lambdas._functions

    assert functions["f"]["latest"].function_name == "f", (
        "moto keeps functions elsewhere; see _function() in aws/moto_seam"
    )


def test_moto_tells_what_happens_to_objects_and_buckets_by_the_names_that_are_replaced():
    told = inspect.getsource(moto.s3.notifications.send_event)
    created = inspect.getsource(moto.s3.models.S3Backend.create_bucket)

    assert "_send_event_bridge_message(account_id, bucket, event_name, key)" in told, (
        "moto changed how it tells S3's events; see aws/moto_seam/buckets.py"
    )
    assert "events_send_notification(" in created, (
        "moto changed what it tells of new buckets; see aws/moto_seam/buckets.py"
    )
