"""PutEvents as AWS does it: answers, errors of entries and of requests, sizes, times, buses."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import boto3
import pytest
from botocore.exceptions import ClientError, ParamValidationError

WORK = "arn:aws:sqs:us-east-1:123456789012:work"


def test_the_answer_has_one_place_for_each_entry_in_order(eventbridge, events, entry):
    answer = events.put_events(Entries=[entry(), entry(Source=""), entry(Detail="[]"), entry(Source="aws.x"), entry()])

    assert answer["FailedEntryCount"] == 3
    assert [place.get("ErrorCode") for place in answer["Entries"]] == [
        None,
        "InvalidArgument",
        "MalformedDetail",
        "NotAuthorizedForSourceException",
        None,
    ]
    assert (
        answer["Entries"][1]["ErrorMessage"] == "Parameter Source is not valid. Reason: Source is a required argument."
    )
    assert [event.id for event in eventbridge.events.accepted] == [
        answer["Entries"][0]["EventId"],
        answer["Entries"][4]["EventId"],
    ]
    assert len(eventbridge.events.rejected) == 3


def test_a_request_whose_only_entry_is_bad_is_answered_too(eventbridge, events, entry):
    answer = events.put_events(Entries=[{}])

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert answer["FailedEntryCount"] == 1
    eventbridge.assert_entry_rejected("InvalidArgument")


def test_eleven_entries_refuse_the_whole_request(eventbridge, events, entry):
    with pytest.raises(ClientError) as refused:
        events.put_events(Entries=[entry(EventBusName="b")] * 11)

    error = refused.value.response["Error"]
    printed = (
        'PutEventsRequestEntry(time=null, source=shop, resources=null, detailType=Paid, detail={"a": 1}, eventBusName=b,'
        " traceHeader=null, kmsKeyIdentifier=null, internalMetadata=null)"
    )
    assert error["Code"] == "ValidationException"
    assert error["Message"] == (
        f"1 validation error detected: Value '[{', '.join([printed] * 11)}]' at 'entries' failed to satisfy constraint:"
        " Member must have length less than or equal to 10"
    )
    assert eventbridge.events == []


def test_entries_that_are_too_large_together_refuse_the_whole_request(eventbridge, events, entry):
    half = entry(Detail=json.dumps({"x": "y" * 524_300}))

    assert events.put_events(Entries=[half])["FailedEntryCount"] == 0
    with pytest.raises(
        ClientError, match="ValidationException.*Total size of the entries in the request is over the limit"
    ):
        events.put_events(Entries=[half, half])


@pytest.mark.eventbridge(entry_size_limit=262_144)
def test_the_size_limit_can_be_the_one_before_2026(eventbridge, events):
    detail = '{"x":"' + "y" * (262_144 - 8 - 2) + '"}'
    just_under = {"Source": "s", "DetailType": "d", "Detail": detail[:6] + detail[9:]}

    assert events.put_events(Entries=[just_under])["FailedEntryCount"] == 0
    with pytest.raises(ClientError, match="over the limit"):
        events.put_events(Entries=[{**just_under, "Detail": detail}])


def test_a_malformed_bus_name_refuses_the_whole_request(eventbridge, events, entry):
    with pytest.raises(ClientError, match="Value 'no such!' at 'entries.1.member.eventBusName' failed to satisfy"):
        events.put_events(Entries=[entry(EventBusName="no such!")])


def test_boto3_refuses_what_it_refuses_in_production(eventbridge, events):
    with pytest.raises(
        ParamValidationError, match="Invalid length for parameter Entries, value: 0, valid min length: 1"
    ):
        events.put_events(Entries=[])


@pytest.mark.eventbridge(allow=["unknown-buses"])
def test_an_unknown_bus_is_accepted_and_the_event_dropped(eventbridge, events, entry):
    answer = events.put_events(Entries=[entry(EventBusName="nope"), entry()])

    assert answer["FailedEntryCount"] == 0
    assert [event.known_bus for event in eventbridge.events] == [False, True]
    assert eventbridge.events.first.bus == "nope"


def test_a_bus_can_be_named_by_its_arn(eventbridge, events, entry, queue):
    bus = eventbridge.bus("orders")
    eventbridge.rule("r", bus=bus, pattern={"source": ["shop"]}, targets=[WORK])

    events.put_events(Entries=[entry(EventBusName=bus.arn)])

    assert len(queue()) == 1


@pytest.mark.eventbridge(allow=["unknown-buses"])
def test_a_bus_of_another_account_is_not_the_local_one_of_that_name(eventbridge, events, entry, queue):
    eventbridge.bus("orders")
    eventbridge.rule("r", bus="orders", pattern={"source": ["shop"]}, targets=[WORK])

    events.put_events(Entries=[entry(EventBusName="arn:aws:events:us-east-1:999999999999:event-bus/orders")])

    assert queue() == []


def test_the_envelope_is_aws_s_to_the_letter(eventbridge, events, entry, queue):
    eventbridge.rule("r", pattern={"source": ["shop"]}, targets=[WORK])
    answer = events.put_events(
        Entries=[
            entry(
                Detail='{ "name": "Zoë", "list": [1, 2.50, null] }',
                Resources=["arn:x"],
                Time=datetime(2026, 1, 2, 3, 4, 5, 999_000, UTC),
            )
        ]
    )

    assert queue() == [
        f'{{"version":"0","id":"{answer["Entries"][0]["EventId"]}","detail-type":"Paid","source":"shop",'
        '"account":"123456789012","time":"2026-01-02T03:04:05Z","region":"us-east-1","resources":["arn:x"],'
        '"detail":{"name":"Zoë","list":[1,2.5,null]}}'
    ]


@pytest.mark.parametrize(
    ("time", "delivered"),
    [
        (datetime(2022, 1, 1, 12), "2022-01-01T12:00:00Z"),
        (datetime(2022, 1, 1, 12, tzinfo=timezone(timedelta(hours=5))), "2022-01-01T07:00:00Z"),
        ("2022-01-01", "2022-01-01T00:00:00Z"),
        ("01-01-2022T00:00:00Z", "2022-01-01T00:00:00Z"),
        (1640995200, "2022-01-01T00:00:00Z"),
    ],
)
def test_times_are_taken_as_boto3_takes_them(eventbridge, events, entry, time, delivered):
    events.put_events(Entries=[entry(Time=time)])

    assert eventbridge.events.one().envelope["time"] == delivered


def test_without_a_time_it_is_now(eventbridge, events, entry):
    before = datetime.now(UTC)
    events.put_events(Entries=[entry()])

    assert before <= eventbridge.events.one().time <= datetime.now(UTC)


def test_every_region_has_buses_of_its_own(eventbridge, entry, queue):
    eventbridge.rule("r", pattern={"source": ["shop"]}, targets=[WORK])

    boto3.client("events", region_name="eu-central-1").put_events(Entries=[entry()])

    event = eventbridge.events.one()
    assert (event.region, event.envelope["region"], event.rules) == ("eu-central-1", "eu-central-1", [])


def test_an_assumed_role_of_another_account_publishes_there(eventbridge, entry):
    credentials = boto3.client("sts").assume_role(
        RoleArn="arn:aws:iam::222222222222:role/publisher", RoleSessionName="publisher"
    )["Credentials"]
    other = boto3.client(
        "events",
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )

    other.put_events(Entries=[entry()])

    event = eventbridge.events.one()
    assert (event.account, event.envelope["account"]) == ("222222222222", "222222222222")


@pytest.mark.eventbridge(account_id="111122223333")
def test_the_account_of_a_test_can_be_chosen(eventbridge, events, entry, queue):
    rule = eventbridge.rule(
        "r", pattern={"account": ["111122223333"]}, targets=["arn:aws:sqs:us-east-1:111122223333:work"]
    )

    events.put_events(Entries=[entry()])

    assert rule.arn == "arn:aws:events:us-east-1:111122223333:rule/r"
    assert json.loads(queue()[0])["account"] == "111122223333"
    assert boto3.client("sts").get_caller_identity()["Account"] == "111122223333"


def test_threads_publish_at_once_and_nothing_is_lost(eventbridge, entry, queue):
    seen = []
    eventbridge.rule("r", pattern={"source": ["shop"]}, targets=[lambda event, context: seen.append(event["id"])])
    client = boto3.client("events")

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda n: client.put_events(Entries=[entry({"n": n}), entry({"n": -n})]), range(50)))

    ids = {place["EventId"] for answer in answers for place in answer["Entries"]}
    assert len(ids) == 100
    assert {event.id for event in eventbridge.events} == ids
    assert sorted(seen) == sorted(ids)
    assert sorted(event.number for event in eventbridge.events) == list(range(100))


def test_ids_repeat_from_run_to_run_and_change_with_the_seed(pytester):
    pytester.makepyfile(
        """
        import pytest
        def test_first(eventbridge):
            print("id", eventbridge.publish("s", "d").id)
        def test_second(eventbridge):
            print("id", eventbridge.publish("s", "d").id)
        @pytest.mark.eventbridge(seed=7)
        def test_seeded(eventbridge):
            print("id", eventbridge.publish("s", "d").id)
        """
    )
    result = pytester.runpytest_inprocess("-s", "-p", "no:randomly", "-p", "no:cacheprovider")

    ids = [line.split()[-1] for line in result.outlines if "id " in line]
    assert ids[0] == ids[1] != ids[2]


class TestTestEventPattern:
    EVENT = {
        "id": "1",
        "detail-type": "d",
        "source": "shop",
        "account": "1",
        "time": "2026-01-01T00:00:00Z",
        "region": "r",
    }

    def test_answers_whether_an_event_matches(self, events):
        matching = {"EventPattern": '{"source":["shop"]}', "Event": json.dumps(self.EVENT)}

        assert events.test_event_pattern(**matching)["Result"] is True
        assert events.test_event_pattern(**{**matching, "EventPattern": '{"source":["x"]}'})["Result"] is False

    def test_refuses_a_bad_pattern(self, events):
        with pytest.raises(ClientError) as refused:
            events.test_event_pattern(EventPattern='{"source":"shop"}', Event=json.dumps(self.EVENT))

        assert refused.value.response["Error"]["Code"] == "InvalidEventPatternException"
        assert refused.value.response["Error"]["Message"] == (
            'Event pattern is not valid. Reason: "source" must be an object or an array\n'
            ' at [Source: (String)"{"source":"shop"}"; line: 1, column: 12]'
        )

    @pytest.mark.parametrize("event", ["x", "[]", "{}", json.dumps({**EVENT, "id": None}).replace('"id": null, ', "")])
    def test_refuses_what_is_no_event(self, events, event):
        with pytest.raises(ClientError, match=r"ValidationException.*: Parameter Event is not valid\.$"):
            events.test_event_pattern(EventPattern='{"source":["shop"]}', Event=event)

    def test_refuses_a_bad_time(self, events):
        event = json.dumps({**self.EVENT, "time": "soon"})

        with pytest.raises(ClientError, match=r"Parameter Event is not valid\. Reason: Invalid time\.$"):
            events.test_event_pattern(EventPattern='{"source":["shop"]}', Event=event)
