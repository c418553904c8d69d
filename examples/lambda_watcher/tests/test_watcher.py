"""Functions with an old runtime are noted down; others are not."""

import json

import pytest
from cloudtrail import lambda_call
from lambda_watcher.record_function import record_function

API_CALL = "AWS API Call via CloudTrail"


@pytest.fixture
def created(eventbridge):
    """Let CloudTrail report a call."""

    def report(event_name="CreateFunction20150331", **call):
        return eventbridge.publish_service_event("aws.lambda", API_CALL, lambda_call(event_name, **call))

    return report


def test_a_python_3_8_function_is_noted(eventbridge, notes, created):
    event = created(function_name="report", runtime="python3.8")

    (note,) = notes.scan()["Items"]
    assert json.loads(note.pop("event")) == event.envelope
    assert note == {
        "id": event.id,
        "time": event.envelope["time"],
        "eventSource": "lambda.amazonaws.com",
        "eventName": "CreateFunction20150331",
        "functionName": "report",
        "runtime": "python3.8",
    }


@pytest.mark.parametrize("runtime", ["java17", "python3.13", "nodejs22.x"])
def test_other_runtimes_leave_no_row(eventbridge, notes, created, runtime):
    created(function_name="report", runtime=runtime)

    eventbridge.assert_function_not_invoked(record_function)
    assert notes.scan()["Items"] == []


def test_other_calls_leave_no_row(eventbridge, notes, created):
    created("UpdateFunctionConfiguration20150331v2", function_name="report", runtime="python3.8")

    eventbridge.assert_rule_not_matched("old-runtimes")
    assert notes.scan()["Items"] == []


def test_the_event_name_carries_its_api_version(eventbridge, notes, created):
    event = created("CreateFunction", function_name="report", runtime="python3.8")

    verdict = eventbridge.rule("old-runtimes").explain(event)
    assert [(each.path, each.got) for each in verdict.mismatches] == [("detail.eventName", '"CreateFunction"')]


def test_each_function_has_a_row_of_its_own(notes, created):
    for name in ("a", "b", "c"):
        created(function_name=name, runtime="python3.8")

    assert sorted(note["functionName"] for note in notes.scan()["Items"]) == ["a", "b", "c"]


def test_a_second_delivery_leaves_one_row(eventbridge, notes, created):
    eventbridge.faults.duplicate_deliveries()

    created(function_name="report", runtime="python3.8")

    assert len(notes.scan()["Items"]) == 1


def test_applications_cannot_pose_as_lambda(eventbridge, notes):
    entry = {"Source": "aws.lambda", "DetailType": API_CALL, "Detail": "{}"}

    eventbridge.client().put_events(Entries=[entry])

    eventbridge.assert_entry_rejected("NotAuthorizedForSourceException")
    assert notes.scan()["Items"] == []
