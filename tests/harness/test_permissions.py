"""permissions="enforce": a target that would not let EventBridge in fails, and says which statement is missing."""

import json

import boto3
import pytest
from botocore.exceptions import ClientError

from pytest_eventbridge import Target

ACCOUNT = "us-east-1:123456789012"
WORK = f"arn:aws:sqs:{ACCOUNT}:work"
DEAD = f"arn:aws:sqs:{ACCOUNT}:dead"
STREAM = f"arn:aws:kinesis:{ACCOUNT}:stream/clicks"
ROLE = "arn:aws:iam::123456789012:role/deliver"
RULE = f"arn:aws:events:{ACCOUNT}:rule/r"
SHOP = {"source": ["shop"]}

pytestmark = pytest.mark.eventbridge(permissions="enforce", allow=["failed-deliveries"])


def policy(action, resource, **members):
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": action,
        "Resource": resource,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [{**statement, **members}]})


@pytest.fixture
def publish(eventbridge):
    """Publish to one target, and return what became of it."""

    def publish(target):
        eventbridge.rule("r", pattern=SHOP, targets=[target])
        return eventbridge.publish("shop", "Paid").deliveries[0]

    return publish


def test_a_queue_without_a_policy_lets_nothing_in(eventbridge, publish, queue):
    delivery = publish(WORK)

    request_id = delivery.error_message.split("Request ID: ")[1].split(";")[0]
    assert (delivery.status, delivery.error_code) == ("failed", "NO_PERMISSIONS")
    assert delivery.error_message == (
        f"User: events.amazonaws.com is not authorized to perform: sqs:sendmessage on resource: {WORK} because no"
        " resource-based policy allows the sqs:sendmessage action (Service: AmazonSQS; Status Code: 403; Error Code:"
        f" AccessDenied; Request ID: {request_id}; Proxy: null)\n"
        'To let it through, add to its policy {"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},'
        f'"Action":"sqs:SendMessage","Resource":"{WORK}","Condition":{{"ArnEquals":{{"aws:SourceArn":"{RULE}"}}}}}}'
    )


def test_the_statement_that_is_printed_lets_it_in(eventbridge, publish, queue):
    printed = json.loads(publish(WORK).error_message.split("to its policy ")[1])
    url = boto3.client("sqs").get_queue_url(QueueName="work")["QueueUrl"]
    document = json.dumps({"Version": "2012-10-17", "Statement": [printed]})
    boto3.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": document})

    assert eventbridge.publish("shop", "Paid").deliveries[0].status == "delivered"


def test_a_missing_queue_is_missing_and_not_forbidden(publish):
    assert publish(WORK).error_code == "NO_RESOURCE"


def test_a_topic_needs_a_policy_of_its_own(eventbridge, publish):
    sns = boto3.client("sns")
    topic = sns.create_topic(Name="news")["TopicArn"]
    assert publish(topic).error_code == "NO_PERMISSIONS"

    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy("sns:Publish", topic))

    assert eventbridge.publish("shop", "Paid").deliveries[0].status == "delivered"


def test_a_function_needs_a_permission(eventbridge, publish):
    ran = []

    def handler(event, context):
        ran.append(event)

    assert publish(handler).error_code == "NO_PERMISSIONS"
    boto3.client("lambda").add_permission(
        FunctionName="handler",
        StatementId="s",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=RULE,
    )

    assert eventbridge.publish("shop", "Paid").deliveries[0].status == "delivered"
    assert len(ran) == 1


def test_a_permission_for_another_rule_does_not_count(eventbridge, publish):
    eventbridge.function(lambda event, context: None, name="handler")
    boto3.client("lambda").add_permission(
        FunctionName="handler", StatementId="s", Action="lambda:InvokeFunction", Principal="events.amazonaws.com",
        SourceArn=f"arn:aws:events:{ACCOUNT}:rule/other",
    )  # fmt: skip

    assert publish(f"arn:aws:lambda:{ACCOUNT}:function:handler").error_code == "NO_PERMISSIONS"


def test_a_log_group_needs_a_resource_policy(eventbridge, publish):
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName="/aws/events/all")
    group = f"arn:aws:logs:{ACCOUNT}:log-group:/aws/events/all"
    assert publish(group).error_code == "NO_PERMISSIONS"

    logs.put_resource_policy(policyName="p", policyDocument=policy("logs:PutLogEvents", f"{group}:*"))
    assert eventbridge.publish("shop", "Paid").deliveries[0].status == "failed"
    logs.put_resource_policy(policyName="p", policyDocument=policy("logs:*", "*"))

    assert eventbridge.publish("shop", "Paid").deliveries[0].status == "delivered"


@pytest.fixture
def stream(eventbridge):
    boto3.client("kinesis").create_stream(StreamName="clicks", ShardCount=1)
    return Target(STREAM, role_arn=ROLE)


def test_a_role_must_exist(publish, stream):
    delivery = publish(stream)

    assert (delivery.error_code, delivery.error_message) == (
        "FAILED_TO_ASSUME_ROLE",
        f"The role {ROLE} could not be assumed: it does not exist.\nTo let it through, create it.",
    )


def test_a_role_must_trust_eventbridge(publish, stream):
    boto3.client("iam").create_role(
        RoleName="deliver",
        AssumeRolePolicyDocument=policy("sts:AssumeRole", "*", Principal={"Service": "lambda.amazonaws.com"}),
    )

    delivery = publish(stream)

    assert delivery.error_code == "FAILED_TO_ASSUME_ROLE"
    assert "it does not trust events.amazonaws.com." in delivery.error_message


def test_a_role_must_allow_the_call(eventbridge, publish, stream):
    iam = boto3.client("iam")
    trust = {
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sts:AssumeRole"}]
    }
    iam.create_role(RoleName="deliver", AssumeRolePolicyDocument=json.dumps(trust))
    delivery = publish(stream)
    assert delivery.error_code == "NO_PERMISSIONS"
    assert f'add to the role {ROLE} {{"Effect":"Allow","Action":"kinesis:PutRecord","Resource":"{STREAM}"}}' in (
        delivery.error_message
    )

    allowed = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kinesis:*", "Resource": STREAM}]}
    iam.put_role_policy(RoleName="deliver", PolicyName="p", PolicyDocument=json.dumps(allowed))

    assert eventbridge.publish("shop", "Paid").deliveries[0].status == "delivered"


def test_a_dead_letter_queue_needs_a_policy_too(eventbridge, publish):
    boto3.client("sqs").create_queue(QueueName="dead")

    delivery = publish(Target(WORK, dead_letter_queue=DEAD))

    assert delivery.status == "failed"
    assert f"The dead-letter queue {DEAD} did not take it: User: events.amazonaws.com" in delivery.error_message


def test_the_dead_letter_has_aws_s_words_only(eventbridge, publish, queue):
    boto3.client("sqs").create_queue(QueueName="dead", Attributes={"Policy": policy("sqs:SendMessage", DEAD)})

    publish(Target(WORK, dead_letter_queue=DEAD))

    message = eventbridge.dead_letters.one().attributes["ERROR_MESSAGE"]
    assert message.endswith("Proxy: null)")


def test_putting_on_another_account_s_bus_needs_its_policy(eventbridge):
    bus = "arn:aws:events:us-east-1:999999999999:event-bus/default"
    entry = {"Source": "shop", "DetailType": "Paid", "Detail": "{}", "EventBusName": bus}
    events = boto3.client("events")

    with pytest.raises(ClientError) as refused:
        events.put_events(Entries=[entry, {**entry, "EventBusName": "default"}])

    assert refused.value.response["Error"] == {
        "Code": "AccessDeniedException",
        "Message": f"User: arn:aws:iam::123456789012:root is not authorized to perform: events:PutEvents on resource: {bus}"
        " because no resource-based policy allows the events:PutEvents action",
    }
    assert eventbridge.events == []


@pytest.mark.eventbridge(permissions="ignore")
def test_by_default_nothing_is_asked(publish, queue):
    assert publish(WORK).status == "delivered"


def test_a_policy_that_cannot_be_read_concerns_nobody_but_its_target(eventbridge, publish, queue):
    url = boto3.client("sqs").get_queue_url(QueueName="work")["QueueUrl"]
    boto3.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": "[]"})

    assert publish(WORK).error_code == "INTERNAL_ERROR"
