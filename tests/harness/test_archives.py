"""Archives and replays."""

import json
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

ACCOUNT = "us-east-1:123456789012"
BUS = f"arn:aws:events:{ACCOUNT}:event-bus/default"
ARCHIVE = f"arn:aws:events:{ACCOUNT}:archive/all"
WORK = f"arn:aws:sqs:{ACCOUNT}:work"
SHOP = {"source": ["shop"]}
WHOLE_DAY = {"EventStartTime": datetime(2026, 3, 1, tzinfo=UTC), "EventEndTime": datetime(2026, 3, 2, tzinfo=UTC)}

pytestmark = pytest.mark.eventbridge(now="2026-03-01T12:00:00Z")


@pytest.fixture
def archive(events):
    events.create_archive(ArchiveName="all", EventSourceArn=BUS)


@pytest.fixture
def replay(events):
    def replay(name="again", *, rules=(), **members):
        destination = {"Arn": BUS, **({"FilterArns": list(rules)} if rules else {})}
        return events.start_replay(
            ReplayName=name, EventSourceArn=ARCHIVE, Destination=destination, **{**WHOLE_DAY, **members}
        )

    return replay


def test_an_archive_keeps_what_its_pattern_matches(eventbridge, events):
    events.create_archive(ArchiveName="all", EventSourceArn=BUS, EventPattern=json.dumps(SHOP))
    eventbridge.publish("shop", "Paid", {"n": 1})
    eventbridge.publish("other", "Paid")

    described = events.describe_archive(ArchiveName="all")

    assert (described["EventCount"], described["SizeBytes"]) == (1, len('shopPaid{"n": 1}') + 20)


def test_a_changed_pattern_counts_at_once(eventbridge, events, archive):
    events.update_archive(ArchiveName="all", EventPattern='{"source":["other"]}')

    eventbridge.publish("shop", "Paid")
    eventbridge.publish("other", "Paid")

    assert events.describe_archive(ArchiveName="all")["EventCount"] == 1


def test_events_leave_an_archive_after_its_retention(eventbridge, events, archive, replay):
    events.update_archive(ArchiveName="all", RetentionDays=2)
    eventbridge.publish("shop", "Paid")

    eventbridge.clock.advance(days=2)

    assert events.describe_archive(ArchiveName="all")["EventCount"] == 0
    replay()
    assert len(eventbridge.events) == 1


def test_a_replayed_event_is_the_old_one_with_a_new_id_and_the_replay_s_name(eventbridge, archive, replay, queue):
    eventbridge.rule("r", pattern=SHOP, targets=[WORK])
    first = eventbridge.publish("shop", "Paid", {"n": 1}, resources=["arn:x"])
    eventbridge.clock.advance(hours=1)

    answer = replay()

    assert answer["State"] == "STARTING"
    again = eventbridge.events.last
    assert again.id != first.id
    assert again.envelope == {**first.envelope, "id": again.id, "replay-name": "again"}
    assert list(again.envelope) == [
        "version", "id", "detail-type", "source", "account", "time", "region", "replay-name", "resources", "detail",
    ]  # fmt: skip
    assert (again.replay_name, again.origin) == ("again", "again by replay 'again'")
    assert queue() == [first.text, again.text]


def test_a_replay_ends_as_completed(eventbridge, events, archive, replay):
    eventbridge.publish("shop", "Paid")

    replay()

    described = events.describe_replay(ReplayName="again")
    assert described["State"] == "COMPLETED"
    assert described["EventLastReplayedTime"] == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert described["ReplayEndTime"] == datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_window_is_of_the_events_own_time_and_half_open(eventbridge, archive, replay):
    for hour in (9, 10, 11, 12):
        eventbridge.publish("shop", "Paid", {"hour": hour}, time=f"2026-02-01T{hour:02}:00:00Z")

    replay(EventStartTime="2026-02-01T10:00:00Z", EventEndTime="2026-02-01T12:00:00Z")

    assert [event.detail["hour"] for event in eventbridge.events[4:]] == [10, 11]


def test_the_rules_of_now_decide_and_a_replay_can_choose_among_them(eventbridge, archive, replay):
    eventbridge.publish("shop", "Paid")
    later = eventbridge.rule("later", pattern=SHOP)
    eventbridge.rule("other", pattern=SHOP)
    eventbridge.rule("disabled", pattern=SHOP, state="DISABLED")

    replay("one")
    replay("two", rules=[later.arn])

    assert [event.rules for event in eventbridge.events] == [[], ["later", "other"], ["later"]]


def test_rules_can_match_replayed_events_only(eventbridge, archive, replay):
    eventbridge.rule("replayed", pattern={"replay-name": [{"exists": True}]})
    eventbridge.publish("shop", "Paid")

    replay()

    assert [event.rules for event in eventbridge.events] == [[], ["replayed"]]


def test_replayed_events_are_never_archived_again(eventbridge, events, archive, replay):
    eventbridge.publish("shop", "Paid")

    replay()

    assert events.describe_archive(ArchiveName="all")["EventCount"] == 1


def test_scheduled_events_are_archived_too(eventbridge, events, archive):
    eventbridge.rule("s", schedule="rate(1 hour)")

    eventbridge.clock.advance(hours=2)

    assert events.describe_archive(ArchiveName="all")["EventCount"] == 2


@pytest.mark.eventbridge(delivery="manual")
def test_a_replay_that_waits_can_be_cancelled(eventbridge, events, archive, replay):
    eventbridge.publish("shop", "Paid")
    eventbridge.deliver()
    replay()
    assert events.describe_replay(ReplayName="again")["State"] == "STARTING"

    assert events.cancel_replay(ReplayName="again")["State"] == "CANCELLING"
    eventbridge.deliver()

    assert events.describe_replay(ReplayName="again")["State"] == "CANCELLED"
    assert len(eventbridge.events) == 1


def test_a_replay_that_has_ended_cannot_be_cancelled(events, archive, replay):
    replay()

    with pytest.raises(ClientError) as refused:
        events.cancel_replay(ReplayName="again")

    assert refused.value.response["Error"] == {
        "Code": "IllegalStatusException",
        "Message": "Replay again is not in a valid state for this operation.",
    }


@pytest.mark.eventbridge(delivery="manual")
def test_a_replay_whose_archive_is_deleted_before_it_runs_fails(eventbridge, events, archive, replay):
    replay()
    events.delete_archive(ArchiveName="all")
    eventbridge.deliver()

    described = events.describe_replay(ReplayName="again")
    assert (described["State"], described["StateReason"]) == ("FAILED", "Archive resource not found.")


@pytest.mark.eventbridge(delivery="manual")
def test_ten_replays_can_be_active_at_once(archive, replay):
    for number in range(10):
        replay(f"r{number}")

    with pytest.raises(ClientError, match="The requested resource exceeds the maximum number allowed."):
        replay("one-too-many")


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"EventEndTime": WHOLE_DAY["EventStartTime"]},
         "Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime."),
        ({"EventSourceArn": ARCHIVE.replace("all", "none")},
         "Parameter EventSourceArn is not valid. Reason: Archive none does not exist."),
        ({"Destination": {"Arn": BUS.replace("default", "other")}},
         "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted."),
    ],
)  # fmt: skip
def test_what_cannot_be_replayed_is_refused(eventbridge, events, archive, members, message):
    eventbridge.bus("other")
    request = {"ReplayName": "x", "EventSourceArn": ARCHIVE, "Destination": {"Arn": BUS}, **WHOLE_DAY}

    with pytest.raises(ClientError) as refused:
        events.start_replay(**{**request, **members})

    assert refused.value.response["Error"] == {"Code": "ValidationException", "Message": message}


def test_names_are_taken_once(events, archive, replay):
    replay()

    with pytest.raises(ClientError, match="Archive all already exists."):
        events.create_archive(ArchiveName="all", EventSourceArn=BUS)
    with pytest.raises(ClientError, match="Replay again already exists."):
        replay()


def test_an_archive_is_checked_as_a_rule_is(events, archive):
    with pytest.raises(events.exceptions.InvalidEventPatternException, match="Unrecognized match type nope"):
        events.create_archive(ArchiveName="x", EventSourceArn=BUS, EventPattern='{"source":[{"nope":1}]}')
    with pytest.raises(events.exceptions.ResourceNotFoundException, match="Event bus none does not exist."):
        events.create_archive(ArchiveName="x", EventSourceArn=BUS.replace("default", "none"))
    with pytest.raises(
        ClientError, match="At least one of EventPattern, RetentionDays or Description must be provided."
    ):
        events.update_archive(ArchiveName="all")
