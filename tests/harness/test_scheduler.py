"""EventBridge Scheduler: schedules made through boto3 call their targets as the clock moves."""

import json
from datetime import UTC, datetime

import boto3
import pytest
from botocore.exceptions import ClientError

START = "2026-03-01T00:00:30Z"
ROLE = "arn:aws:iam::123456789012:role/scheduler"
ACCOUNT = "us-east-1:123456789012"
WORK = f"arn:aws:sqs:{ACCOUNT}:work"
DEAD = f"arn:aws:sqs:{ACCOUNT}:dead"

pytestmark = pytest.mark.eventbridge(now=START)


@pytest.fixture
def scheduler(eventbridge):
    return boto3.client("scheduler")


@pytest.fixture
def create(scheduler):
    """Create a schedule, with what a request cannot do without."""

    def create(expression, arn=WORK, *, name="nightly", target=(), **members):
        request = {
            "Name": name,
            "ScheduleExpression": expression,
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {"Arn": arn, "RoleArn": ROLE, **dict(target)},
        }
        return scheduler.create_schedule(**{**request, **members})["ScheduleArn"]

    return create


@pytest.fixture
def ticks(eventbridge):
    """A function, and the times at which it ran."""
    times = []

    def tick(event, context):
        times.append(f"{datetime.now(UTC):%d %H:%M:%S}")

    function = eventbridge.function(tick)
    return function.arn, times


def test_a_rate_fires_at_once_and_then_each_period(eventbridge, create, ticks):
    arn, times = ticks

    create("rate(1 hour)", arn)
    eventbridge.clock.advance(hours=2)

    assert times == ["01 00:00:30", "01 01:00:30", "01 02:00:30"]


def test_a_rate_with_a_start_counts_from_there_and_ends_on_its_end(eventbridge, create, ticks):
    arn, times = ticks
    start, end = datetime(2026, 3, 1, 6, tzinfo=UTC), datetime(2026, 3, 1, 8, tzinfo=UTC)

    create("rate(1 hours)", arn, StartDate=start, EndDate=end)
    eventbridge.clock.advance(days=1)

    assert times == ["01 06:00:00", "01 07:00:00", "01 08:00:00"]


def test_a_cron_expression_is_in_the_schedule_s_zone(eventbridge, create, ticks):
    arn, times = ticks

    create("cron(30 2 * * ? *)", arn, ScheduleExpressionTimezone="Europe/Berlin")
    eventbridge.clock.move_to("2026-03-28T12:00:00Z")
    times.clear()
    eventbridge.clock.advance(days=3)

    assert times == ["30 00:30:00", "31 00:30:00"], "on the 29th, half past two does not exist"


def test_an_at_fires_once(eventbridge, create, ticks):
    arn, times = ticks

    create("at(2026-03-02T08:00:00)", arn, ScheduleExpressionTimezone="Asia/Tokyo")
    eventbridge.clock.advance(days=400)

    assert times == ["01 23:00:00"]


def test_an_at_that_has_passed_is_accepted_and_never_fires(eventbridge, create, ticks):
    arn, times = ticks

    create("at(2022-01-01T00:00:00)", arn)
    eventbridge.clock.advance(days=400)

    assert times == []
    assert eventbridge.trail() == "never fires\n└─ schedule 'nightly' on at(2022-01-01T00:00:00)"
    with pytest.raises(AssertionError) as failed:
        eventbridge.assert_function_invoked("tick")
    assert str(failed.value) == (
        "function 'tick' was not invoked\n  schedule  'nightly' never fires again: its schedule has no occurrence left"
    )


@pytest.mark.eventbridge(past_schedules="run")
def test_an_at_that_has_passed_runs_at_once_when_that_is_asked_for(eventbridge, create, ticks):
    arn, times = ticks

    create("at(2022-01-01T00:00:00)", arn)
    eventbridge.clock.advance(days=400)

    assert times == ["01 00:00:30"]


@pytest.mark.eventbridge(delivery="manual")
def test_in_manual_mode_the_first_call_waits(eventbridge, create, ticks):
    arn, times = ticks

    create("rate(1 hour)", arn)

    assert times == []
    eventbridge.deliver()
    assert times == ["01 00:00:30"]


def test_without_input_the_target_gets_a_notification(eventbridge, create, queue):
    arn = create("at(2026-03-02T00:00:00)")

    eventbridge.clock.advance(days=2)

    assert json.loads(queue()[0]) == {
        "version": "0",
        "id": eventbridge.deliveries.one().event.id,
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": "123456789012",
        "time": "2026-03-02T00:00:00Z",
        "region": "us-east-1",
        "resources": [arn],
        "detail": "{}",
    }
    assert eventbridge.events == [], "nothing of it passes over a bus"


def test_an_input_is_filled_with_what_is_known_when_it_fires(eventbridge, create, queue):
    text = (
        '{"arn":"<aws.scheduler.schedule-arn>","at":"<aws.scheduler.scheduled-time>",'
        '"id":"<aws.scheduler.execution-id>","n":<aws.scheduler.attempt-number>,"x":"<aws.scheduler.other>"}'
    )
    arn = create("at(2026-03-02T00:00:00)", target={"Input": text})

    eventbridge.clock.advance(days=2)

    body = json.loads(queue()[0])
    assert body == {
        "arn": arn, "at": "2026-03-02T00:00:00Z", "id": body["id"], "n": 1, "x": "<aws.scheduler.other>",
    }  # fmt: skip
    assert len(body["id"]) == 16


def test_a_flexible_window_opens_when_the_target_is_called(eventbridge, create, ticks):
    arn, times = ticks

    create("at(2026-03-02T00:00:00)", arn, FlexibleTimeWindow={"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 60})
    eventbridge.clock.advance(days=2)

    assert times == ["02 00:00:00"]


@pytest.mark.eventbridge(flexible_time_windows="random", seed=3)
def test_a_flexible_window_is_used_at_random_when_that_is_asked_for(eventbridge, create, ticks):
    arn, times = ticks

    create("rate(1 day)", arn, FlexibleTimeWindow={"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 60})
    eventbridge.clock.advance(days=3)

    assert [time[:5] for time in times] == ["01 00", "02 00", "03 00"]
    assert len({time[6:] for time in times}) == 3, "a moment of its own in each window"
    assert [each.event.time.strftime("%d %H:%M:%S") for each in eventbridge.deliveries][:3] == [
        "01 00:00:30", "02 00:00:30", "03 00:00:30",
    ]  # fmt: skip


def test_a_completed_schedule_is_deleted_when_it_says_so(eventbridge, create, scheduler):
    create("at(2026-03-02T00:00:00)", "arn:aws:scheduler:::aws-sdk:sqs:createQueue", name="once",
           target={"Input": '{"QueueName":"made"}'}, ActionAfterCompletion="DELETE")  # fmt: skip
    create("rate(1 day)", "arn:aws:scheduler:::aws-sdk:sqs:purgeQueue", name="ending",
           target={"Input": '{"QueueUrl":"https://sqs.us-east-1.amazonaws.com/123456789012/made"}'},
           StartDate=datetime(2026, 3, 3, tzinfo=UTC), EndDate=datetime(2026, 3, 4, 12, tzinfo=UTC),
           ActionAfterCompletion="DELETE")  # fmt: skip
    create("rate(1 day)", "arn:aws:scheduler:::aws-sdk:sqs:createQueue", name="kept",
           target={"Input": '{"QueueName":"made"}'},
           StartDate=datetime(2026, 3, 3, tzinfo=UTC), EndDate=datetime(2026, 3, 4, 12, tzinfo=UTC))  # fmt: skip

    eventbridge.clock.advance(days=30)

    assert [each["Name"] for each in scheduler.list_schedules()["Schedules"]] == ["kept"]
    assert [each.rule for each in eventbridge.deliveries] == ["once", "ending", "kept", "ending", "kept"]


def test_a_disabled_schedule_does_not_fire(eventbridge, create, ticks):
    arn, times = ticks

    create("rate(1 hour)", arn, State="DISABLED")
    eventbridge.clock.advance(hours=5)

    assert times == []


def test_an_update_replaces_everything(eventbridge, create, scheduler, ticks):
    arn, times = ticks
    create("rate(1 hour)", arn, Description="x", ActionAfterCompletion="DELETE", State="DISABLED")

    scheduler.update_schedule(
        Name="nightly",
        ScheduleExpression="cron(0 12 * * ? *)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": arn, "RoleArn": ROLE},
    )
    eventbridge.clock.advance(days=2)

    assert times == ["01 12:00:00", "02 12:00:00"]
    schedule = scheduler.get_schedule(Name="nightly")
    assert (schedule["State"], schedule.get("Description"), schedule.get("ActionAfterCompletion")) == (
        "ENABLED", None, None,
    )  # fmt: skip


def test_a_schedule_deleted_by_what_it_calls_is_gone_at_once(eventbridge, create, scheduler):
    runs = []

    def stop(event, context):
        runs.append(event)
        boto3.client("scheduler").delete_schedule(Name="nightly")

    create("rate(1 hour)", eventbridge.function(stop).arn)
    eventbridge.clock.advance(days=2)

    assert len(runs) == 1


def test_groups_keep_schedules_of_the_same_name_apart(eventbridge, create, scheduler, ticks):
    arn, times = ticks
    scheduler.create_schedule_group(Name="reports")
    create("rate(1 day)", arn)
    in_group = create("rate(1 day)", arn, GroupName="reports")
    assert in_group.endswith(":schedule/reports/nightly")

    scheduler.delete_schedule_group(Name="reports")
    eventbridge.clock.advance(days=1)

    assert times == ["01 00:00:30", "01 00:00:30", "02 00:00:30"]
    assert [each.rule for each in eventbridge.deliveries] == ["nightly", "reports/nightly", "nightly"]


def test_an_event_bus_gets_an_entry(eventbridge, create):
    eventbridge.bus("orders")
    seen = []
    eventbridge.rule(
        "r", bus="orders", pattern={"source": ["shop.cron"]}, targets=[lambda event, _: seen.append(event)]
    )

    create("at(2026-03-02T00:00:00)", f"arn:aws:events:{ACCOUNT}:event-bus/orders",
           target={"Input": '{"n":1}', "EventBridgeParameters": {"Source": "shop.cron", "DetailType": "Tick"}})  # fmt: skip
    eventbridge.clock.advance(days=2)

    event = eventbridge.assert_event_published(source="shop.cron", detail_type="Tick", detail={"n": 1}, bus="orders")
    assert seen == [event.envelope]
    assert event.origin == "forwarded by schedule 'nightly'"
    assert eventbridge.trail() == (
        "schedule 'nightly' at 2026-03-02T00:00:00Z\n"
        "└─ → event-bus/orders: delivered\n"
        "   └─ event 0 'shop.cron' 'Tick' {\"n\":1} on 'orders'\n"
        "      └─ rule 'r' → function:lambda: delivered\n"
        "         └─ run 1: returned null"
    )


def test_an_entry_that_the_bus_rejects_fails_the_call(eventbridge, create):
    create("at(2026-03-02T00:00:00)", f"arn:aws:events:{ACCOUNT}:event-bus/default",
           target={"Input": "[]", "EventBridgeParameters": {"Source": "shop", "DetailType": "Tick"}})  # fmt: skip

    eventbridge.clock.advance(days=2)

    assert eventbridge.deliveries.one().error_message == "Detail is malformed."


def test_other_templated_targets_get_the_input(eventbridge, create, queue):
    sns, kinesis = boto3.client("sns"), boto3.client("kinesis")
    topic = sns.create_topic(Name="news")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=WORK, Attributes={"RawMessageDelivery": "true"})
    kinesis.create_stream(StreamName="clicks", ShardCount=1)
    create("at(2026-03-02T00:00:00)", topic, name="a", target={"Input": "hello"})
    create("at(2026-03-02T00:00:00)", f"arn:aws:kinesis:{ACCOUNT}:stream/clicks", name="b",
           target={"Input": "click", "KinesisParameters": {"PartitionKey": "p"}})  # fmt: skip

    eventbridge.clock.advance(days=2)

    assert queue() == ["hello"]
    shard = kinesis.describe_stream(StreamName="clicks")["StreamDescription"]["Shards"][0]["ShardId"]
    position = kinesis.get_shard_iterator(StreamName="clicks", ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    (record,) = kinesis.get_records(ShardIterator=position["ShardIterator"])["Records"]
    assert (record["Data"], record["PartitionKey"]) == (b"click", "p")


def test_a_state_machine_and_a_delivery_stream_get_the_input(eventbridge, create):
    boto3.client("s3").create_bucket(Bucket="lake")
    destination = {"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::lake"}
    boto3.client("firehose").create_delivery_stream(
        DeliveryStreamName="clicks", ExtendedS3DestinationConfiguration=destination
    )
    states = boto3.client("stepfunctions")
    definition = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})
    machine = states.create_state_machine(name="m", definition=definition, roleArn=ROLE)["stateMachineArn"]
    create("at(2026-03-02T00:00:00)", machine, name="a", target={"Input": '{"n":1}'})
    create("at(2026-03-02T00:00:00)", f"arn:aws:firehose:{ACCOUNT}:deliverystream/clicks", name="b",
           target={"Input": "click"})  # fmt: skip

    eventbridge.clock.advance(days=2)

    (execution,) = states.list_executions(stateMachineArn=machine)["executions"]
    assert json.loads(states.describe_execution(executionArn=execution["executionArn"])["input"]) == {"n": 1}
    s3 = boto3.client("s3")
    (stored,) = s3.list_objects_v2(Bucket="lake")["Contents"]
    assert s3.get_object(Bucket="lake", Key=stored["Key"])["Body"].read() == b"click"


def test_a_universal_target_runs_any_action_inside_the_mock(eventbridge, create):
    create("at(2026-03-02T00:00:00)", "arn:aws:scheduler:::aws-sdk:cloudwatchlogs:createLogGroup",
           target={"Input": '{"logGroupName":"made"}'})  # fmt: skip

    eventbridge.clock.advance(days=2)

    assert [each["logGroupName"] for each in boto3.client("logs").describe_log_groups()["logGroups"]] == ["made"]


@pytest.mark.parametrize(
    ("target", "text", "code", "message"),
    [
        ("nosuch:run", "{}", "INVALID_PARAMETER",
         "boto3 knows no service 'nosuch' for the universal target arn:aws:scheduler:::aws-sdk:nosuch:run"),
        ("sqs:sendMesage", "{}", "INVALID_PARAMETER",
         "sqs has no action 'sendMesage', which the universal target arn:aws:scheduler:::aws-sdk:sqs:sendMesage names"),
        ("sqs:sendMessage", "[]", "INVALID_PARAMETER",
         "the input of a universal target is the request as a JSON object, got []"),
        ("sqs:createQueue", "{}", "SDK_CLIENT_ERROR",
         'Parameter validation failed:\nMissing required parameter in input: "QueueName"'),
    ],
)  # fmt: skip
def test_a_universal_target_that_cannot_be_called_says_why(eventbridge, create, target, text, code, message):
    create("at(2026-03-02T00:00:00)", f"arn:aws:scheduler:::aws-sdk:{target}", target={"Input": text})

    eventbridge.clock.advance(days=2)

    delivery = eventbridge.deliveries.one()
    assert (delivery.status, delivery.error_code, delivery.error_message) == ("failed", code, message)


def test_what_is_given_up_goes_to_the_dead_letter_queue_with_scheduler_s_attributes(eventbridge, create):
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="dead")["QueueUrl"]
    arn = create("at(2026-03-02T00:00:00)", target={"Input": "x", "DeadLetterConfig": {"Arn": DEAD}})

    eventbridge.clock.advance(days=2)

    letter = eventbridge.assert_dead_lettered(queue="dead")
    (message,) = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    attributes = {name: each["StringValue"] for name, each in message["MessageAttributes"].items()}
    assert message["Body"] == "x"
    assert attributes == {
        "ERROR_CODE": "AWS.SimpleQueueService.NonExistentQueue",
        "ERROR_MESSAGE": letter.attributes["ERROR_MESSAGE"],
        "EXECUTION_ID": letter.delivery.execution_id,
        "IS_PAYLOAD_TRUNCATED": "false",
        "RETRY_ATTEMPTS": "0",
        "SCHEDULED_TIME": "2026-03-02T00:00:00Z",
        "SCHEDULE_ARN": arn,
        "TARGET_ARN": WORK,
    }


def test_it_tries_again_by_the_retry_policy_with_a_new_execution_id_each_time(eventbridge, create, queue):
    create("at(2026-03-02T00:00:00)", target={
        "Input": '["<aws.scheduler.attempt-number>","<aws.scheduler.execution-id>"]',
        "RetryPolicy": {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 3600},
    })  # fmt: skip
    eventbridge.faults.fail_delivery("work", "THROTTLING", times=1)

    eventbridge.clock.advance(days=2)

    delivery = eventbridge.assert_delivered("work", source="aws.scheduler")
    assert delivery.attempts == 2
    assert queue() == [f'["2","{delivery.execution_id}"]']


def test_exhausted_retries_are_told_in_the_dead_letter(eventbridge, create):
    boto3.client("sqs").create_queue(QueueName="dead")
    create("at(2026-03-02T00:00:00)", target={
        "DeadLetterConfig": {"Arn": DEAD},
        "RetryPolicy": {"MaximumRetryAttempts": 1, "MaximumEventAgeInSeconds": 3600},
    })  # fmt: skip
    eventbridge.faults.fail_delivery("work", "THROTTLING", times=2)

    eventbridge.clock.advance(days=2)

    attributes = eventbridge.dead_letters.one().attributes
    assert (attributes["EXHAUSTED_RETRY_CONDITION"], attributes["RETRY_ATTEMPTS"]) == ("MaximumRetryAttempts", "1")
    assert len(attributes["EXECUTION_ID"]) == 16


def test_schedules_stand_among_what_is_pending_and_upcoming(eventbridge, create):
    create("rate(1 day)", StartDate=datetime(2026, 3, 2, tzinfo=UTC))
    eventbridge.rule("r", schedule="cron(0 12 * * ? *)")

    assert [f"{each.instant:%d %H} {each.label}" for each in eventbridge.clock.upcoming(3)] == [
        "01 12 rule 'r' on its schedule cron(0 12 * * ? *)",
        "02 00 schedule 'nightly' on rate(1 day)",
        "02 12 rule 'r' on its schedule cron(0 12 * * ? *)",
    ]
    assert [repr(each) for each in eventbridge.pending] == [
        "<2026-03-01T12:00:00Z rule 'r' on its schedule cron(0 12 * * ? *)>",
        "<2026-03-02T00:00:00Z schedule 'nightly' on rate(1 day)>",
    ]


def test_a_function_that_a_schedule_has_not_run_yet_says_when_it_will(eventbridge, create, ticks):
    create("at(2026-03-02T00:00:00)", ticks[0])

    with pytest.raises(AssertionError) as failed:
        eventbridge.assert_function_invoked("tick")

    assert str(failed.value) == (
        "function 'tick' was not invoked\n"
        "  schedule  'nightly' fires next at 2026-03-02T00:00:00Z: move eventbridge.clock there"
    )


OK = {"Name": "n", "ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": {"Mode": "OFF"},
      "Target": {"Arn": WORK, "RoleArn": ROLE}}  # fmt: skip
FUNCTION = f"arn:aws:lambda:{ACCOUNT}:function:f"


@pytest.mark.parametrize(
    ("members", "code", "message"),
    [
        ({"Name": "a" * 65}, "ValidationException", f"1 validation error detected: Value '{'a' * 65}' at 'name' failed to"
            " satisfy constraint: Member must have length less than or equal to 64"),
        ({"ScheduleExpression": "rate(5)"}, "ValidationException", "Invalid Schedule Expression rate(5). Rate takes a"
            " number and a unit, such as 'rate(5 minutes)', got '5'."),
        ({"ScheduleExpressionTimezone": "Mars/Base"}, "ValidationException",
            "Invalid ScheduleExpressionTimezone Mars/Base. It must be an IANA name such as Europe/Berlin."),
        ({"GroupName": "none"}, "ResourceNotFoundException", "Schedule group none does not exist."),
        ({"StartDate": "2026-02-28T23:55:00Z"}, "ValidationException",
            "The StartDate you specify cannot be earlier than 5 minutes ago."),
        ({"EndDate": "2026-02-28T23:55:00Z"}, "ValidationException",
            "The EndDate you specify cannot be earlier than now."),
        ({"StartDate": "2026-03-05", "EndDate": "2026-03-04"}, "ValidationException",
            "The StartDate you specify must come before the EndDate you specify."),
        ({"FlexibleTimeWindow": {"Mode": "FLEXIBLE"}}, "ValidationException",
            "MaximumWindowInMinutes must be provided when the FlexibleTimeWindow mode is FLEXIBLE."),
        ({"FlexibleTimeWindow": {"Mode": "OFF", "MaximumWindowInMinutes": 5}}, "ValidationException",
            "MaximumWindowInMinutes must not be provided when the FlexibleTimeWindow mode is OFF."),
        ({"Target": {"Arn": "queue", "RoleArn": ROLE}}, "ValidationException",
            "Provided Arn is not in correct format: queue."),
        ({"Target": {"Arn": "arn:aws:s3:::bucket", "RoleArn": ROLE}}, "ValidationException",
            "Unsupported target arn:aws:s3:::bucket: s3 has no templated target. Use a universal target,"
            " arn:aws:scheduler:::aws-sdk:s3:apiAction."),
        ({"Target": {"Arn": FUNCTION, "RoleArn": ROLE, "Input": "{"}}, "ValidationException",
            f"Input must be JSON for target {FUNCTION}: Expecting property name enclosed in double quotes:"
            " line 1 column 2 (char 1)."),
        ({"Target": {"Arn": f"arn:aws:events:{ACCOUNT}:event-bus/default", "RoleArn": ROLE}}, "ValidationException",
            f"EventBridgeParameters must be provided for target arn:aws:events:{ACCOUNT}:event-bus/default."),
        ({"Target": {"Arn": f"{WORK}.fifo", "RoleArn": ROLE}}, "ValidationException",
            f"SqsParameters must be provided for target {WORK}.fifo: a FIFO queue needs a message group."),
        ({"Target": {"Arn": "arn:aws:scheduler:::aws-sdk:sqs", "RoleArn": ROLE}}, "ValidationException",
            "arn:aws:scheduler:::aws-sdk:sqs is not a universal target: it must be"
            " arn:aws:scheduler:::aws-sdk:service:apiAction."),
        ({"Target": {"Arn": "arn:aws:scheduler:::aws-sdk:sqs:ReceiveMessage", "RoleArn": ROLE}}, "ValidationException",
            "sqs:ReceiveMessage is not supported as a universal target: it only reads."),
        ({"Target": {"Arn": WORK, "RoleArn": ROLE, "Input": "x" * 262_145}}, "ValidationException",
            "Target input must not be larger than 262144 bytes."),
    ],
)  # fmt: skip
def test_what_the_service_refuses_is_refused(scheduler, members, code, message):
    with pytest.raises(ClientError) as refused:
        scheduler.create_schedule(**{**OK, **members})

    assert refused.value.response["Error"] == {"Code": code, "Message": message}


def test_a_schedule_that_exists_or_is_missing_is_an_error(scheduler, create, queue):
    create("rate(1 day)")

    with pytest.raises(scheduler.exceptions.ConflictException, match="Schedule nightly already exists."):
        create("rate(1 day)")
    with pytest.raises(scheduler.exceptions.ResourceNotFoundException, match="Schedule other does not exist."):
        scheduler.update_schedule(**{**OK, "Name": "other"})
    with pytest.raises(scheduler.exceptions.ResourceNotFoundException, match="Schedule other does not exist."):
        scheduler.delete_schedule(Name="other")
    with pytest.raises(scheduler.exceptions.ResourceNotFoundException, match="Schedule group g does not exist."):
        scheduler.delete_schedule_group(Name="g")
    with pytest.raises(scheduler.exceptions.ConflictException, match="Schedule group default already exists."):
        scheduler.create_schedule_group(Name="default")


def test_schedules_of_other_regions_fire_there(eventbridge):
    berlin = boto3.client("scheduler", region_name="eu-central-1")
    queue = "arn:aws:sqs:eu-central-1:123456789012:work"
    boto3.client("sqs", region_name="eu-central-1").create_queue(QueueName="work")

    berlin.create_schedule(**{**OK, "Target": {"Arn": queue, "RoleArn": ROLE}})

    delivery = eventbridge.assert_delivered(queue)
    assert delivery.event.region == "eu-central-1"
