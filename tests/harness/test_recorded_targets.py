"""Targets that only start something: nothing runs, and the request that AWS would make is kept."""

import pytest

from pytest_eventbridge import Target

ACCOUNT = "us-east-1:123456789012"
ROLE = "arn:aws:iam::123456789012:role/r"
SHOP = {"source": ["shop"]}


def arn(service, resource):
    return f"arn:aws:{service}:{ACCOUNT}:{resource}"


CASES = [
    (
        Target(arn("ecs", "cluster/main"), role_arn=ROLE, input={"containerOverrides": []},
               EcsParameters={"TaskDefinitionArn": arn("ecs", "task-definition/t"), "TaskCount": 2, "LaunchType": "FARGATE"}),
        ("ecs", "RunTask", {
            "cluster": arn("ecs", "cluster/main"), "taskDefinition": arn("ecs", "task-definition/t"), "count": 2,
            "launchType": "FARGATE", "startedBy": "events-rule/r", "overrides": {"containerOverrides": []}}),
    ),
    (
        Target(arn("batch", "job-queue/q"), role_arn=ROLE, input={"Parameters": {"n": "1"}},
               BatchParameters={"JobDefinition": "d", "JobName": "j", "RetryStrategy": {"Attempts": 3}}),
        ("batch", "SubmitJob", {
            "jobQueue": arn("batch", "job-queue/q"), "jobDefinition": "d", "jobName": "j",
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


@pytest.mark.parametrize(("target", "request_made"), CASES, ids=[case[1][1] for case in CASES])
def test_the_request_that_aws_would_make_is_kept(eventbridge, target, request_made):
    eventbridge.rule("r", pattern=SHOP, targets=[target])

    eventbridge.publish("shop", "Paid", {"name": "n-1"})

    delivery = eventbridge.assert_delivered("r" if target.id else target.to)
    request = delivery.request
    assert (request.service, request.operation, request.parameters) == request_made


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
