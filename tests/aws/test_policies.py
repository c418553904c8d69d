"""Policy documents: what lets a caller in."""

import json

import pytest

from pytest_eventbridge.aws.policies import Access, allows

QUEUE = "arn:aws:sqs:us-east-1:123456789012:work"
RULE = "arn:aws:events:us-east-1:123456789012:rule/r"
ACCESS = Access(
    action="sqs:SendMessage",
    resource=QUEUE,
    service="events.amazonaws.com",
    context={"aws:sourcearn": RULE, "aws:sourceaccount": "123456789012"},
)
EVENTS = {"Service": "events.amazonaws.com"}


def statement(**members):
    return {"Effect": "Allow", "Principal": EVENTS, "Action": "sqs:SendMessage", "Resource": QUEUE, **members}


@pytest.mark.parametrize(
    ("statements", "allowed"),
    [
        ([statement()], True),
        ([], False),
        ([statement(Principal="*")], True),
        ([statement(Principal={"AWS": "*"})], True),
        ([statement(Principal={"Service": ["sns.amazonaws.com", "events.amazonaws.com"]})], True),
        ([statement(Principal={"Service": "sns.amazonaws.com"})], False),
        ([statement(Principal={"AWS": "arn:aws:iam::123456789012:root"})], False),
        ([statement(Action="SQS:sendmessage")], True),
        ([statement(Action="sqs:*")], True),
        ([statement(Action=["sqs:ReceiveMessage", "sqs:Send*"])], True),
        ([statement(Action="sqs:ReceiveMessage")], False),
        ([{"Effect": "Allow", "Principal": EVENTS, "NotAction": "sqs:DeleteQueue", "Resource": "*"}], True),
        ([statement(Resource="arn:aws:sqs:*:*:wo?k")], True),
        ([statement(Resource=QUEUE.replace("work", "other"))], False),
        ([statement(), statement(Effect="Deny", Principal="*")], False),
        ([statement(Condition={"ArnEquals": {"aws:SourceArn": RULE}})], True),
        ([statement(Condition={"ArnLike": {"AWS:SourceArn": "arn:aws:events:*:*:rule/*"}})], True),
        ([statement(Condition={"ArnEquals": {"aws:SourceArn": RULE + "2"}})], False),
        ([statement(Condition={"StringEquals": {"aws:SourceAccount": ["1", "123456789012"]}})], True),
        ([statement(Condition={"StringNotEquals": {"aws:SourceAccount": "123456789012"}})], False),
        ([statement(Condition={"StringEquals": {"aws:PrincipalType": "AWSService"}})], False),
        ([statement(Condition={"StringEqualsIfExists": {"aws:PrincipalType": "AWSService"}})], True),
        ([statement(Condition={"Null": {"aws:PrincipalType": "true"}})], True),
        ([statement(Condition={"StringEqualsIgnoreCase": {"aws:SourceArn": RULE.upper()}})], True),
        ([statement(Condition={"NumericLessThan": {"aws:SourceAccount": "9"}})], False),
        ([statement(Condition={"StringEquals": {"aws:SourceAccount": "1"}, "ArnEquals": {"aws:SourceArn": RULE}})], False),
    ],
)  # fmt: skip
def test_one_statement_must_allow_and_none_may_deny(statements, allowed):
    document = {"Version": "2012-10-17", "Statement": statements}

    assert allows([document], ACCESS) is allowed
    assert allows([json.dumps(document)], ACCESS) is allowed


def test_a_single_statement_needs_no_list():
    assert allows([{"Statement": statement()}], ACCESS)


def test_a_boolean_condition_compares_with_true_and_false():
    access = Access(action="a:b", resource="r", service="s", context={"aws:principalisawsservice": "true"})
    document = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*",
                              "Condition": {"Bool": {"aws:PrincipalIsAWSService": True}}}}  # fmt: skip

    assert allows([document], access)


@pytest.mark.parametrize("principal", ["123456789012", "arn:aws:iam::123456789012:root", "arn:aws:iam::*:root", "*"])
def test_an_account_is_named_by_its_number_or_an_arn(principal):
    access = Access(action="events:PutEvents", resource="bus", account="123456789012")

    assert allows(
        [{"Statement": [statement(Principal={"AWS": principal}, Action="events:PutEvents", Resource="bus")]}], access
    )


def test_a_role_s_policy_names_no_principal():
    document = {"Statement": [{"Effect": "Allow", "Action": "states:StartExecution", "Resource": "*"}]}
    access = Access(action="states:StartExecution", resource="machine")

    assert allows([document], access, of_resource=False)
    assert not allows([document], access)
