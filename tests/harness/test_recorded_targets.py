"""Targets that only start something: nothing runs, and the request that AWS would make is kept."""

import boto3
import pytest
from botocore.validate import ParamValidator

from pytest_eventbridge import Target

ACCOUNT = "us-east-1:123456789012"
ROLE = "arn:aws:iam::123456789012:role/r"
SHOP = {"source": ["shop"]}


def arn(service, resource):
    return f"arn:aws:{service}:{ACCOUNT}:{resource}"


CASES = [
    (
        Target(arn("ecs", "cluster/main"), role_arn=ROLE, input={"containerOverrides": []},
               EcsParameters={"TaskDefinitionArn": arn("ecs", "task-definition/t"), "TaskCount": 2, "LaunchType": "FARGATE",
                              "NetworkConfiguration": {"awsvpcConfiguration": {"Subnets": ["subnet-1"]}},
                              "Tags": [{"Key": "order", "Value": "$.detail.name"}]}),
        ("ecs", "RunTask", {
            "cluster": arn("ecs", "cluster/main"), "taskDefinition": arn("ecs", "task-definition/t"), "count": 2,
            "launchType": "FARGATE", "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-1"]}},
            "tags": [{"key": "order", "value": "n-1"}], "startedBy": "events-rule/r", "overrides": {"containerOverrides": []}}),
    ),
    (
        Target(arn("batch", "job-queue/q"), role_arn=ROLE, input={"Parameters": {"n": "1"}},
               BatchParameters={"JobDefinition": "d", "JobName": "$.detail.name", "RetryStrategy": {"Attempts": 3}}),
        ("batch", "SubmitJob", {
            "jobQueue": arn("batch", "job-queue/q"), "jobDefinition": "d", "jobName": "$.detail.name",
            "retryStrategy": {"attempts": 3}, "parameters": {"n": "1"}}),
    ),
    (
        Target(arn("codebuild", "project/p"), role_arn=ROLE, input={"sourceVersion": "main"}),
        ("codebuild", "StartBuild", {"projectName": "p", "sourceVersion": "main"}),
    ),
    (
        Target(arn("codebuild", "project/p"), role_arn=ROLE),
        ("codebuild", "StartBuild", {"projectName": "p"}),
    ),
    (
        Target(arn("codepipeline", "release"), role_arn=ROLE),
        ("codepipeline", "StartPipelineExecution", {"name": "release"}),
    ),
    (
        Target(arn("redshift", "cluster:dw"), role_arn=ROLE,
               RedshiftDataParameters={"Database": "db", "Sql": "select 1", "StatementName": "$.detail.name"}),
        ("redshift-data", "ExecuteStatement", {
            "ClusterIdentifier": "dw", "Database": "db", "Sql": "select 1", "StatementName": "n-1"}),
    ),
    (
        Target(arn("sagemaker", "pipeline/train"), role_arn=ROLE,
               SageMakerPipelineParameters={"PipelineParameterList": [{"Name": "n", "Value": "$.detail.name"}]}),
        ("sagemaker", "StartPipelineExecution", {
            "PipelineName": "train", "PipelineParameters": [{"Name": "n", "Value": "n-1"}]}),
    ),
    (
        Target(arn("ssm", "document/AWS-RunShellScript"), role_arn=ROLE, input={"commands": ["ls"]},
               RunCommandParameters={"RunCommandTargets": [{"Key": "tag:a", "Values": ["b"]}]}),
        ("ssm", "SendCommand", {
            "DocumentName": "AWS-RunShellScript", "Targets": [{"Key": "tag:a", "Values": ["b"]}],
            "Parameters": {"commands": ["ls"]}}),
    ),
    (
        Target(arn("ssm", "automation-definition/AWS-RestartEC2Instance:1"), role_arn=ROLE, input={"a": ["b"]}),
        ("ssm", "StartAutomationExecution", {
            "DocumentName": "AWS-RestartEC2Instance", "DocumentVersion": "1", "Parameters": {"a": ["b"]}}),
    ),
    (
        Target(arn("events", "target/stop-instance"), role_arn=ROLE, input="\"i-1\""),
        ("ec2", "StopInstances", {"InstanceIds": ["i-1"]}),
    ),
    (
        Target(arn("events", "target/create-snapshot"), role_arn=ROLE, input="\"vol-1\""),
        ("ec2", "CreateSnapshot", {"VolumeId": "vol-1"}),
    ),
    (
        Target(arn("ssm", "opsitem"), role_arn=ROLE, input={"a": 1}),
        ("ssm", "CreateOpsItem", {
            "Title": "Paid", "Description": "Paid from shop", "Source": "shop",
            "OperationalData": {"/aws/event": {"Value": '{"a": 1}', "Type": "String"}}}),
    ),
    (
        Target(arn("ssm-incidents", "response-plan/p"), role_arn=ROLE, input={"a": 1}),
        ("ssm-incidents", "StartIncident", {
            "responsePlanArn": arn("ssm-incidents", "response-plan/p"),
            "triggerDetails": {"source": "shop", "timestamp": "2026-03-01T00:00:00Z", "triggerArn": arn("events", "rule/r"),
                               "rawData": '{"a": 1}'}}),
    ),
    (
        Target(arn("imagebuilder", "image-pipeline/p"), role_arn=ROLE),
        ("imagebuilder", "StartImagePipelineExecution", {
            "imagePipelineArn": arn("imagebuilder", "image-pipeline/p")}),
    ),
    (
        Target(arn("inspector", "target/t/template/u"), role_arn=ROLE),
        ("inspector", "StartAssessmentRun", {"assessmentTemplateArn": arn("inspector", "target/t/template/u")}),
    ),
    (
        Target(arn("glue", "workflow/w"), role_arn=ROLE, input={"a": 1}),
        ("glue", "NotifyEvent", {"Workflow": arn("glue", "workflow/w"), "Input": '{"a": 1}'}),
    ),
    (
        Target(arn("appsync", "endpoints/graphql-api/x"), role_arn=ROLE, input={"a": 1},
               AppSyncParameters={"GraphQLOperation": "mutation M { m }"}),
        ("appsync", "GraphQL", {
            "Api": arn("appsync", "endpoints/graphql-api/x"), "Query": "mutation M { m }", "Variables": {"a": 1}}),
    ),
]  # fmt: skip


@pytest.mark.eventbridge(now="2026-03-01T00:00:00Z")
@pytest.mark.parametrize(("target", "request_made"), CASES, ids=[case[1][1] for case in CASES])
def test_the_request_that_aws_would_make_is_kept(eventbridge, target, request_made):
    eventbridge.rule("r", pattern=SHOP, targets=[target])

    eventbridge.publish("shop", "Paid", {"name": "n-1"})

    delivery = eventbridge.assert_delivered("r" if target.id else target.to)
    request = delivery.request
    assert (request.service, request.operation, request.parameters) == request_made


WITHOUT_AN_API = {("glue", "NotifyEvent"), ("appsync", "GraphQL")}


@pytest.mark.parametrize(
    "request_made",
    [case[1] for case in CASES if case[1][:2] not in WITHOUT_AN_API],
    ids=lambda request_made: request_made[1],
)
def test_these_are_requests_that_the_service_takes(request_made):
    service, operation, parameters = request_made
    model = boto3.client(service, region_name="us-east-1").meta.service_model.operation_model(operation)
    by_the_sdk = dict.fromkeys(model.idempotent_members, "0" * 32)

    assert ParamValidator().validate({**parameters, **by_the_sdk}, model.input_shape).generate_report() == ""


def test_a_task_gets_nothing_of_the_event_without_an_input_form(eventbridge):
    target = Target(arn("ecs", "cluster/main"), role_arn=ROLE, EcsParameters={"TaskDefinitionArn": "t"})
    eventbridge.rule("r", pattern=SHOP, targets=[target])

    delivery = eventbridge.publish("shop", "Paid").deliveries[0]

    assert "overrides" not in delivery.request.parameters


@pytest.mark.eventbridge(allow=["failed-deliveries"])
def test_what_no_rule_can_start_fails(eventbridge):
    eventbridge.rule("r", pattern=SHOP, targets=[Target(arn("ssm", "parameter/p"), role_arn=ROLE)])

    delivery = eventbridge.publish("shop", "Paid").deliveries[0]

    assert (delivery.error_code, delivery.error_message) == (
        "INVALID_PARAMETER", f"{arn('ssm', 'parameter/p')} is not something that a rule can have as its target.",
    )  # fmt: skip
