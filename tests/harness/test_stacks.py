"""What stacks of moto's CloudFormation make of EventBridge's resources.

moto's CloudFormation takes packages that these tests do without: they call what it calls for each resource.
"""

import sys
from types import ModuleType

import moto.events.models
import pytest

ACCOUNT, REGION = "123456789012", "us-east-1"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:work"
KINDS = {
    "EventBus": moto.events.models.EventBus,
    "Rule": moto.events.models.Rule,
    "Archive": moto.events.models.Archive,
}


@pytest.fixture
def make(eventbridge):
    def make(kind, name, **properties):
        return KINDS[kind].create_from_cloudformation_json(name, {"Properties": properties}, ACCOUNT, REGION)

    return make


@pytest.fixture
def change(eventbridge):
    def change(made, name, **properties):
        return made.update_from_cloudformation_json(
            original_resource=made,
            new_resource_name=name,
            cloudformation_json={"Properties": properties},
            account_id=ACCOUNT,
            region_name=REGION,
        )

    return change


@pytest.fixture
def stack_error(monkeypatch):
    class ValidationError(Exception):
        def __init__(self, name=None, message=None):
            super().__init__(message)

    module = ModuleType("moto.cloudformation.exceptions")
    module.ValidationError = ValidationError
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return ValidationError


def test_a_template_refers_to_an_event_bus_by_its_name(events, make):
    bus = make("EventBus", "orders", Description="All orders")

    assert bus.physical_resource_id == "orders"
    assert events.describe_event_bus(Name="orders")["Description"] == "All orders"


def test_a_rule_of_a_template_matches_and_delivers(eventbridge, queue, make):
    make("EventBus", "orders")
    make(
        "Rule",
        "stack-Rule-1",
        EventBusName="orders",
        EventPattern={"source": ["shop"]},
        Targets=[{"Id": "q", "Arn": QUEUE, "InputPath": "$.detail"}],
    )

    event = eventbridge.publish("shop", "Paid", {"total": 30}, bus="orders")

    assert (event.rules, queue()) == (["stack-Rule-1"], ['{"total":30}'])


def test_numbers_may_be_text_in_a_template(events, make):
    retries = {"MaximumRetryAttempts": "3", "MaximumEventAgeInSeconds": "60"}
    make("Rule", "r", EventPattern={"source": ["s"]}, Targets=[{"Id": "q", "Arn": QUEUE, "RetryPolicy": retries}])

    (target,) = events.list_targets_by_rule(Rule="r")["Targets"]
    assert target["RetryPolicy"] == {"MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": 60}


def test_members_may_be_spelt_as_templates_spell_them(events, make):
    network = {"AwsVpcConfiguration": {"Subnets": ["subnet-1"]}}
    task = f"arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/ship:1"
    target = {
        "Id": "t",
        "Arn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/c",
        "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/r",
        "EcsParameters": {
            "TaskDefinitionArn": task,
            "TaskCount": "2",
            "EnableECSManagedTags": "true",
            "NetworkConfiguration": network,
        },
    }
    make("Rule", "r", EventPattern={"source": ["s"]}, Targets=[target])

    (put,) = events.list_targets_by_rule(Rule="r")["Targets"]
    assert put["EcsParameters"] == {
        "TaskDefinitionArn": task,
        "TaskCount": 2,
        "EnableECSManagedTags": True,
        "NetworkConfiguration": {"awsvpcConfiguration": {"Subnets": ["subnet-1"]}},
    }


@pytest.mark.eventbridge(now="2026-03-01T00:00:00Z")
def test_a_scheduled_rule_of_a_template_fires(eventbridge, make):
    make("Rule", "tick", ScheduleExpression="rate(1 hour)")

    eventbridge.clock.advance(hours=2)

    assert [event.time.hour for event in eventbridge.events] == [1, 2]


def test_an_archive_of_a_template_keeps_what_its_pattern_matches(eventbridge, events, make):
    bus = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"
    make("Archive", "all", SourceArn=bus, EventPattern={"source": ["shop"]}, RetentionDays="7")

    eventbridge.publish("shop", "Paid")
    eventbridge.publish("other", "Paid")

    described = events.describe_archive(ArchiveName="all")
    assert (described["EventCount"], described["RetentionDays"]) == (1, 7)


@pytest.mark.parametrize(
    ("kind", "properties", "text"),
    [
        (
            "Rule",
            {"EventPattern": {"source": "s"}},
            'PutRule of r: InvalidEventPatternException: Event pattern is not valid. Reason: "source" must be an object or'
            ' an array\n at [Source: (String)"{"source": "s"}"; line: 1, column: 13]',
        ),
        (
            "Rule",
            {"ScheduleExpression": "rate(1 minutes)"},
            "PutRule of r: ValidationException: Parameter ScheduleExpression is not valid. With 1 the unit is 'minute', got"
            " 'minutes'.",
        ),
        (
            "Rule",
            {"EventPattern": {"source": ["s"]}, "Targets": [{"Id": "q", "Arn": QUEUE + ".fifo"}]},
            "PutTargets of r: ValidationException: Parameter(s) SqsParameters must be specified for target: q.",
        ),
        (
            "EventBus",
            {"Description": "d" * 600},
            "CreateEventBus of r: ValidationException: 1 validation error detected: Value '" + "d" * 600 + "' at"
            " 'description' failed to satisfy constraint: Member must have length less than or equal to 512",
        ),
        (
            "Archive",
            {"SourceArn": f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/none"},
            "CreateArchive of r: ResourceNotFoundException: Event bus none does not exist.",
        ),
    ],
)
def test_what_the_service_refuses_fails_when_the_stack_is_made(make, stack_error, kind, properties, text):
    with pytest.raises(stack_error) as refused:
        make(kind, "r", **properties)

    assert str(refused.value) == text


def test_a_changed_rule_has_only_its_new_targets(events, make, change):
    targets = [{"Id": f"t{n}", "Arn": QUEUE} for n in range(5)]
    rule = make("Rule", "r", EventPattern={"source": ["s"]}, Targets=targets)

    change(rule, "r", EventPattern={"source": ["t"]}, Targets=[{"Id": "new", "Arn": QUEUE}, targets[0]])

    assert events.describe_rule(Name="r")["EventPattern"] == '{"source": ["t"]}'
    assert [target["Id"] for target in events.list_targets_by_rule(Rule="r")["Targets"]] == ["t0", "new"]


def test_a_rule_of_another_name_takes_the_place_of_the_old_one(events, make, change):
    rule = make("Rule", "old", EventPattern={"source": ["s"]}, Targets=[{"Id": "q", "Arn": QUEUE}])

    change(rule, "new", EventPattern={"source": ["s"]}, Targets=[{"Id": "q", "Arn": QUEUE}])

    assert [each["Name"] for each in events.list_rules()["Rules"]] == ["new"]


def test_a_refused_change_leaves_a_rule_as_it_was(events, make, change, stack_error):
    rule = make("Rule", "r", EventPattern={"source": ["s"]}, Targets=[{"Id": "q", "Arn": QUEUE}])

    with pytest.raises(stack_error, match="PutRule of r: InvalidEventPatternException"):
        change(rule, "r", EventPattern={"source": "s"})

    assert events.describe_rule(Name="r")["EventPattern"] == '{"source": ["s"]}'
    assert len(events.list_targets_by_rule(Rule="r")["Targets"]) == 1


def test_a_changed_event_bus_keeps_its_rules(events, make, change):
    bus = make("EventBus", "orders", Description="one")
    make("Rule", "r", EventBusName="orders", EventPattern={"source": ["s"]})

    change(bus, "orders", Description="two")

    assert events.describe_event_bus(Name="orders")["Description"] == "two"
    assert [rule["Name"] for rule in events.list_rules(EventBusName="orders")["Rules"]] == ["r"]


def test_an_event_bus_of_another_name_takes_the_place_of_the_old_one(events, make, change):
    change(make("EventBus", "old"), "new")

    assert {bus["Name"] for bus in events.list_event_buses()["EventBuses"]} == {"default", "new"}


def test_a_changed_archive_keeps_its_events(eventbridge, events, make, change):
    bus = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"
    archive = make("Archive", "all", SourceArn=bus, EventPattern={"source": ["shop"]})
    eventbridge.publish("shop", "Paid")

    change(archive, "all", SourceArn=bus, EventPattern={"source": ["other"]}, RetentionDays="7")
    eventbridge.publish("shop", "Paid")
    eventbridge.publish("other", "Paid")

    described = events.describe_archive(ArchiveName="all")
    assert (described["EventCount"], described["RetentionDays"]) == (2, 7)


def test_an_archive_of_another_name_takes_the_place_of_the_old_one(events, make, change):
    bus = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"

    change(make("Archive", "old", SourceArn=bus), "new", SourceArn=bus)

    assert [archive["ArchiveName"] for archive in events.list_archives()["Archives"]] == ["new"]


def test_a_property_of_the_wrong_kind_fails_with_its_place(make, stack_error):
    with pytest.raises(stack_error) as refused:
        make("Rule", "r", EventPattern={"source": ["s"]}, Targets=[{"Id": "q", "Arn": QUEUE, "RetryPolicy": "often"}])

    assert str(refused.value) == (
        "PutTargets of r: Parameter validation failed:\n"
        "Invalid type for parameter Targets[0].RetryPolicy, value: often, type: <class 'str'>, valid types: <class 'dict'>"
    )
