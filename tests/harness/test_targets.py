"""Targets of each kind, through moto's real resources."""

import json
import os
import threading
import time
from datetime import UTC, datetime

import boto3
import pytest

from pytest_eventbridge import Target

SHOP = {"source": ["shop"]}
ROLE = "arn:aws:iam::123456789012:role/r"
ARN = "arn:aws:{}:us-east-1:123456789012:{}"


def test_a_topic_gets_the_input_as_its_message(eventbridge, queue):
    sns = boto3.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=ARN.format("sqs", "work"))
    eventbridge.rule("r", pattern=SHOP, targets=[topic])

    event = eventbridge.publish("shop", "Paid", {"a": 1})

    eventbridge.assert_delivered("t")
    notification = json.loads(queue()[0])
    assert json.loads(notification["Message"]) == event.envelope
    assert not {"Subject", "MessageAttributes"} & set(notification)


@pytest.mark.parametrize(
    ("parameters", "key"),
    [
        ({"KinesisParameters": {"PartitionKeyPath": "$.detail.tenant"}}, '"tenant-1"'),
        ({"KinesisParameters": {"PartitionKeyPath": "$.detail.n"}}, "42"),
        ({"KinesisParameters": {"PartitionKeyPath": "$.detail.none"}}, "{}"),
        ({}, None),
    ],
)
def test_a_stream_gets_one_record_under_its_partition_key(eventbridge, parameters, key):
    kinesis = boto3.client("kinesis")
    kinesis.create_stream(StreamName="s", ShardCount=1)
    target = Target(ARN.format("kinesis", "stream/s"), role_arn=ROLE, input_path="$.detail", **parameters)
    eventbridge.rule("r", pattern=SHOP, targets=[target])

    event = eventbridge.publish("shop", "Paid", {"tenant": "tenant-1", "n": 42})

    shard = kinesis.describe_stream(StreamName="s")["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = kinesis.get_shard_iterator(StreamName="s", ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    (record,) = kinesis.get_records(ShardIterator=iterator["ShardIterator"])["Records"]
    assert record["Data"] == b'{"tenant":"tenant-1","n":42}'
    assert record["PartitionKey"] == key if key else record["PartitionKey"].startswith(f"{event.id}_")


def test_a_delivery_stream_gets_records_with_nothing_between(eventbridge):
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="lake")
    boto3.client("firehose").create_delivery_stream(
        DeliveryStreamName="d",
        ExtendedS3DestinationConfiguration={"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::lake"},
    )
    target = Target(ARN.format("firehose", "deliverystream/d"), role_arn=ROLE, input_path="$.detail")
    eventbridge.rule("r", pattern=SHOP, targets=[target])

    eventbridge.publish("shop", "Paid", {"a": 1})

    (item,) = s3.list_objects_v2(Bucket="lake")["Contents"]
    assert s3.get_object(Bucket="lake", Key=item["Key"])["Body"].read() == b'{"a":1}'


@pytest.mark.parametrize("suffix", ["", ":*"])
def test_a_log_group_gets_a_line_at_the_events_time(eventbridge, suffix):
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName="/aws/events/g")
    eventbridge.rule("r", pattern=SHOP, targets=[ARN.format("logs", "log-group:/aws/events/g") + suffix])
    at = datetime.now(UTC).replace(microsecond=0)

    event = eventbridge.publish("shop", "Paid", time=at)

    (line,) = logs.filter_log_events(logGroupName="/aws/events/g")["events"]
    assert (line["timestamp"], json.loads(line["message"])) == (at.timestamp() * 1000, event.envelope)


def test_a_log_group_drops_what_is_too_old_and_the_delivery_says_so(eventbridge):
    boto3.client("logs").create_log_group(logGroupName="g")
    eventbridge.rule("r", pattern=SHOP, targets=[ARN.format("logs", "log-group:g")])

    eventbridge.publish("shop", "Paid", time="2020-01-01")

    (delivery,) = eventbridge.deliveries
    assert (delivery.status, delivery.error_code) == ("failed", "INVALID_PARAMETER")
    assert delivery.error_message == (
        "The log event of 2020-01-01T00:00:00Z is more than 14 days old, or more than 2 hours ahead:"
        " CloudWatch Logs drops it."
    )


def test_a_log_group_takes_time_and_message_from_a_transformer(eventbridge):
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName="g")
    now = int(time.time() * 1000)
    transformer = (
        {"timestamp": "$.detail.at", "message": "$.detail.text"},
        '{"timestamp":<timestamp>,"message":<message>}',
    )
    eventbridge.rule(
        "r", pattern=SHOP, targets=[Target(ARN.format("logs", "log-group:g"), input_transformer=transformer)]
    )

    eventbridge.publish("shop", "Paid", {"at": now, "text": "hello"})

    (line,) = logs.filter_log_events(logGroupName="g")["events"]
    assert (line["timestamp"], line["message"]) == (now, "hello")


@pytest.fixture
def run_machine(eventbridge):
    """Run a state machine of one task to its end, and return its status and output."""

    def run(task, **machine):
        states = boto3.client("stepfunctions")
        definition = {"StartAt": "Publish", "States": {"Publish": {"Type": "Task", "End": True, **task}}, **machine}
        arn = states.create_state_machine(name="m", definition=json.dumps(definition), roleArn=ROLE)["stateMachineArn"]
        execution = states.start_execution(stateMachineArn=arn, input='{"order":7}')["executionArn"]
        for _ in range(2000):
            described = states.describe_execution(executionArn=execution)
            if described["status"] != "RUNNING":
                return described
            threading.Event().wait(0.01)
        raise AssertionError("the execution did not end")

    return run


@pytest.mark.parametrize("resource", ["events:putEvents", "aws-sdk:eventbridge:putEvents"])
def test_a_state_machine_s_events_come_back_onto_the_bus(eventbridge, run_machine, resource):
    seen = []
    eventbridge.rule("r", pattern=SHOP, targets=[lambda event, context: seen.append(event["detail"])])
    detail = {"order": 1} if resource.startswith("events") else '{"order":1}'

    ended = run_machine(
        {
            "Resource": f"arn:aws:states:::{resource}",
            "Parameters": {"Entries": [{"Source": "shop", "DetailType": "Paid", "Detail": detail}]},
        }
    )

    assert ended["status"] == "SUCCEEDED"
    eventbridge.assert_event_published(source="shop", detail={"order": 1})
    assert seen == [{"order": 1}]


def test_a_state_machine_may_use_jsonata(eventbridge, run_machine):
    ended = run_machine(
        {
            "Resource": "arn:aws:states:::events:putEvents",
            "Arguments": {
                "Entries": [{"Source": "shop", "DetailType": "Paid", "Detail": {"n": "{% $states.input.order + 1 %}"}}]
            },
        },
        QueryLanguage="JSONata",
    )

    assert ended["status"] == "SUCCEEDED"
    eventbridge.assert_event_published(source="shop", detail={"n": 8})


def test_a_state_machine_is_started_with_the_input(eventbridge):
    states = boto3.client("stepfunctions")
    definition = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
    machine = states.create_state_machine(name="m", definition=json.dumps(definition), roleArn=ROLE)["stateMachineArn"]
    eventbridge.rule("r", pattern=SHOP, targets=[Target(machine, role_arn=ROLE, input_path="$.detail")])

    event = eventbridge.publish("shop", "Paid", {"a": 1})

    (execution,) = states.list_executions(stateMachineArn=machine)["executions"]
    assert execution["name"].startswith(f"{event.id}_")
    started_with = states.describe_execution(executionArn=execution["executionArn"])["input"]
    assert json.loads(started_with) == {"a": 1}


@pytest.mark.eventbridge(allow=["failed-deliveries"])
@pytest.mark.parametrize(
    "target",
    [
        ARN.format("sns", "missing"),
        Target(ARN.format("kinesis", "stream/missing"), role_arn=ROLE),
        Target(ARN.format("firehose", "deliverystream/missing"), role_arn=ROLE),
        ARN.format("logs", "log-group:missing"),
        Target(ARN.format("states", "stateMachine:missing"), role_arn=ROLE),
        ARN.format("lambda", "function:missing"),
    ],
)
def test_a_missing_resource_is_not_tried_again(eventbridge, target):
    eventbridge.rule("r", pattern=SHOP, targets=[target])

    eventbridge.publish("shop", "Paid")

    delivery = eventbridge.deliveries.one()
    assert (delivery.status, delivery.error_code, delivery.attempts) == ("failed", "NO_RESOURCE", 1)


@pytest.mark.eventbridge(allow=["failed-deliveries"])
def test_whatever_goes_wrong_behind_a_target_stays_there(eventbridge, queue):
    boto3.client("logs").create_log_group(logGroupName="g")
    paths = {"timestamp": "$.detail.at", "message": "$.detail.n"}
    template = (paths, '{"timestamp":<timestamp>,"message":<message>}')
    log_group = Target(ARN.format("logs", "log-group:g"), id="1", input_transformer=template)
    eventbridge.rule("r", pattern=SHOP, targets=[log_group, ARN.format("sqs", "work")])

    eventbridge.publish("shop", "Paid", {"at": [], "n": 1})

    failed, delivered = eventbridge.deliveries
    assert (failed.error_code, failed.error_message) == (
        "INTERNAL_ERROR",
        "calling the target raised InvalidInputError: [] is not an instant: give a datetime, ISO 8601 text such as"
        " '2026-03-01T00:00:00Z', or seconds since the epoch",
    )
    assert delivered.status == "delivered"


class TestEventBuses:
    @pytest.fixture
    def forward(self, eventbridge):
        """Put a rule that forwards everything of the shop from one bus to another."""

        def forward(source, target, **options):
            name = source.rpartition("/")[2]
            eventbridge.rule(f"from-{name}", bus=name, pattern=SHOP, targets=[Target(target, role_arn=ROLE, **options)])

        return forward

    def bus(self, name, region="us-east-1", account="123456789012"):
        return f"arn:aws:events:{region}:{account}:event-bus/{name}"

    def test_within_a_region_the_event_arrives_as_it_is(self, eventbridge, forward, queue):
        eventbridge.bus("central")
        forward("default", self.bus("central"))
        eventbridge.rule("r", bus="central", pattern=SHOP, targets=[ARN.format("sqs", "work")])

        event = eventbridge.publish("shop", "Paid", resources=["arn:x"], time="2020-01-01T00:00:00Z")

        assert json.loads(queue()[0]) == event.envelope
        arrived = eventbridge.assert_event_published(bus="central")
        assert (arrived.id, arrived.forwarded_by.rule, arrived.rules) == (event.id, "from-default", ["r"])
        assert arrived.origin.endswith(", and forwarded by rule 'from-default'")

    def test_in_another_region_it_has_a_new_id(self, eventbridge, forward):
        west = boto3.client("events", region_name="us-west-2")
        west.put_rule(Name="r", EventPattern=json.dumps({"region": ["us-east-1"]}))
        forward("default", self.bus("default", region="us-west-2"))

        event = eventbridge.publish("shop", "Paid")

        arrived = eventbridge.events.last
        assert arrived.id != event.id
        assert arrived.envelope == {**event.envelope, "id": arrived.id}
        assert (arrived.at_region, arrived.rules) == ("us-west-2", ["r"])

    @pytest.mark.eventbridge(allow=["failed-deliveries"])
    def test_it_is_forwarded_only_once_within_a_region(self, eventbridge, forward):
        for name in ("b", "c"):
            eventbridge.bus(name)
        forward("default", self.bus("b"))
        forward("b", self.bus("c"))

        event = eventbridge.publish("shop", "Paid")

        delivery = eventbridge.deliveries.last
        assert (delivery.status, delivery.error_code) == ("failed", "THIRD_ACCOUNT_HOP_DETECTED")
        assert delivery.error_message == (
            f"Event ingestion rejected for event {event.id} because an event can be sent to an event bus target only once."
            " This event was previously delivered to an event bus target."
        )

    def test_one_hop_within_and_one_between_regions_both_work(self, eventbridge, forward):
        eventbridge.bus("b")
        forward("default", self.bus("b"))
        forward("b", self.bus("default", region="us-west-2"))

        eventbridge.publish("shop", "Paid")

        assert [event.at_region for event in eventbridge.events] == ["us-east-1", "us-east-1", "us-west-2"]

    @pytest.mark.eventbridge(allow=["failed-deliveries"])
    def test_it_is_forwarded_to_another_region_only_once(self, eventbridge, forward):
        boto3.client("events", region_name="us-west-2").put_rule(Name="on", EventPattern=json.dumps(SHOP))
        boto3.client("events", region_name="us-west-2").put_targets(
            Rule="on", Targets=[{"Id": "t", "Arn": self.bus("default", region="eu-west-1"), "RoleArn": ROLE}]
        )
        forward("default", self.bus("default", region="us-west-2"))

        eventbridge.publish("shop", "Paid")

        delivery = eventbridge.deliveries.last
        assert (delivery.status, delivery.error_code) == ("failed", "THIRD_REGION_HOP_DETECTED")
        assert [event.at_region for event in eventbridge.events] == ["us-east-1", "us-west-2"]

    def test_another_accounts_bus_gets_it_too(self, eventbridge, forward):
        forward("default", self.bus("default", account="222222222222"))

        event = eventbridge.publish("shop", "Paid")

        arrived = eventbridge.events.last
        assert (arrived.at_account, arrived.account, arrived.id) == ("222222222222", "123456789012", event.id)

    @pytest.mark.eventbridge(allow=["unknown-buses"])
    def test_a_missing_bus_swallows_it(self, eventbridge, forward):
        forward("default", self.bus("nowhere"))

        eventbridge.publish("shop", "Paid")

        assert eventbridge.deliveries.one().status == "delivered"
        assert not eventbridge.events.last.known_bus

    @pytest.mark.eventbridge(allow=["unknown-buses"])
    @pytest.mark.parametrize("region", ["us-west-2", "mars-north-1"])
    def test_an_entry_cannot_name_the_bus_of_another_region(self, eventbridge, events, entry, region):
        events.put_events(Entries=[entry(EventBusName=self.bus("default", region=region))])

        assert not eventbridge.events.one().known_bus


TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"


def test_a_trace_header_goes_along_beside_the_envelope(eventbridge, events, entry):
    sqs = boto3.client("sqs")
    urls = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("work", "dead")}
    traces = []
    eventbridge.rule("f", pattern=SHOP, targets=[lambda event, context: traces.append(os.environ["_X_AMZN_TRACE_ID"])])
    eventbridge.rule("q", pattern=SHOP, targets=[ARN.format("sqs", "work")])
    missing, dead = ARN.format("sqs", "missing"), ARN.format("sqs", "dead")
    eventbridge.rule("d", pattern=SHOP, targets=[Target(missing, dead_letter_queue=dead)])

    events.put_events(Entries=[entry(TraceHeader=TRACE)])

    for url in urls.values():
        (message,) = sqs.receive_message(QueueUrl=url, AttributeNames=["All"])["Messages"]
        assert message["Attributes"]["AWSTraceHeader"] == TRACE
        assert TRACE not in message["Body"]
    assert traces == [TRACE]
    assert "_X_AMZN_TRACE_ID" not in os.environ


def test_without_a_trace_header_there_is_none(eventbridge, queue):
    eventbridge.rule("q", pattern=SHOP, targets=[ARN.format("sqs", "work")])

    eventbridge.publish("shop", "Paid")

    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName="work")["QueueUrl"]
    (message,) = sqs.receive_message(QueueUrl=url, AttributeNames=["All"])["Messages"]
    assert "AWSTraceHeader" not in message["Attributes"]
