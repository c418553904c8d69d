"""Rules, targets and buses: what EventBridge refuses, so that a test fails where a deployment would."""

import json
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

from pytest_eventbridge.arns import event_bus_arn

QUEUE = "arn:aws:sqs:us-east-1:123456789012:work"
STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/s"
BUS = event_bus_arn("123456789012", "us-east-1", "orders")
ROLE = "arn:aws:iam::123456789012:role/r"
NAMES = r"[\.\-_A-Za-z0-9]+"


def refusal(call, **parameters):
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


def constraint(value, member, text):
    return (
        "ValidationException",
        f"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {text}",
    )


@pytest.fixture
def rule(eventbridge, events):
    eventbridge.bus("orders")
    eventbridge.rule("r", bus="orders", pattern={"source": ["s"]})
    return {"Rule": "r", "EventBusName": "orders"}


GOOD = {"Name": "r", "EventPattern": '{"source":["s"]}'}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        (
            {"Name": "bad name!"},
            constraint("bad name!", "name", f"Member must satisfy regular expression pattern: {NAMES}"),
        ),
        ({"Name": "x" * 65}, constraint("x" * 65, "name", "Member must have length less than or equal to 64")),
        (
            {"State": "SILLY"},
            constraint(
                "SILLY",
                "state",
                "Member must satisfy enum value set:"
                " [ENABLED, DISABLED, ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS]",
            ),
        ),
        (
            {"Description": "x" * 513},
            constraint("x" * 513, "description", "Member must have length less than or equal to 512"),
        ),
        (
            {"EventPattern": None},
            ("ValidationException", "Parameter(s) EventPattern or ScheduleExpression must be specified."),
        ),
        (
            {"EventPattern": '{"source":"s"}'},
            (
                "InvalidEventPatternException",
                'Event pattern is not valid. Reason: "source" must be an object or an array\n'
                ' at [Source: (String)"{"source":"s"}"; line: 1, column: 12]',
            ),
        ),
        (
            {"ScheduleExpression": "rate(1 minutes)"},
            (
                "ValidationException",
                "Parameter ScheduleExpression is not valid. With 1 the unit is 'minute', got 'minutes'.",
            ),
        ),
        (
            {"ScheduleExpression": "rate(1 day)", "EventBusName": "orders"},
            ("ValidationException", "ScheduleExpression is supported only on the default event bus."),
        ),
        ({"EventBusName": "nope"}, ("ResourceNotFoundException", "Event bus nope does not exist.")),
    ],
)
def test_put_rule_refuses(events, changes, error):
    parameters = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}

    assert refusal(events.put_rule, **parameters) == error


def test_several_faults_are_refused_together(events):
    code, message = refusal(events.put_rule, **{**GOOD, "Name": "!" * 65, "State": "SILLY"})

    assert code == "ValidationException"
    assert message.startswith("3 validation errors detected: Value '!!!")
    assert message.count("; Value '") == 2


def test_a_rejected_update_leaves_the_rule_as_it_was(events):
    events.put_rule(**GOOD, Description="first")

    refusal(events.put_rule, Name="r", EventPattern="{}")

    assert events.describe_rule(Name="r")["Description"] == "first"


def test_putting_a_rule_again_replaces_it_but_keeps_its_targets(events):
    events.put_rule(**GOOD, Description="first", State="DISABLED")
    events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": QUEUE}])

    events.put_rule(Name="r", EventPattern='{"source":["other"]}')

    described = events.describe_rule(Name="r")
    assert described["State"] == "ENABLED"
    assert "Description" not in described
    assert len(events.list_targets_by_rule(Rule="r")["Targets"]) == 1


def test_a_bus_takes_300_rules(events):
    for number in range(300):
        events.put_rule(**{**GOOD, "Name": f"r{number}"})

    events.put_rule(**{**GOOD, "Name": "r7"})
    assert refusal(events.put_rule, **{**GOOD, "Name": "one-more"}) == (
        "LimitExceededException",
        "The requested resource exceeds the maximum number allowed.",
    )


@pytest.mark.parametrize("operation", ["describe_rule", "enable_rule", "disable_rule"])
def test_a_missing_rule_is_named_with_its_bus(events, operation):
    assert refusal(getattr(events, operation), Name="nope") == (
        "ResourceNotFoundException",
        "Rule nope does not exist on EventBus default.",
    )


def test_deleting_a_missing_rule_succeeds_but_not_on_a_missing_bus(events):
    events.delete_rule(Name="nope")

    assert refusal(events.delete_rule, Name="nope", EventBusName="nope") == (
        "ResourceNotFoundException",
        "Event bus nope does not exist.",
    )


def test_a_rule_with_targets_and_a_bus_with_rules_cannot_be_deleted(events, rule):
    events.put_targets(**rule, Targets=[{"Id": "t", "Arn": QUEUE}])

    assert refusal(events.delete_rule, Name="r", EventBusName="orders") == (
        "ValidationException",
        "Rule can't be deleted since it has targets.",
    )
    assert refusal(events.delete_event_bus, Name="orders") == (
        "ValidationException",
        "EventBus can't be deleted since it has rules.",
    )
    assert refusal(events.delete_event_bus, Name="default") == (
        "ValidationException",
        "Cannot delete event bus default.",
    )


def test_a_custom_bus_has_no_slash_in_its_name(events):
    assert refusal(events.create_event_bus, Name="a/b")[0] == "ValidationException"


@pytest.mark.parametrize(
    ("target", "error"),
    [
        (
            {"Id": "!@#"},
            constraint("!@#", "targets.1.member.id", f"Member must satisfy regular expression pattern: {NAMES}"),
        ),
        (
            {"Arn": "nope"},
            ("ValidationException", "Parameter nope is not valid. Reason: Provided Arn is not in correct format."),
        ),
        (
            {"Arn": "arn:aws:s3:::bucket"},
            (
                "ValidationException",
                "Parameter arn:aws:s3:::bucket is not valid. Reason: Provided Arn is not in correct format.",
            ),
        ),
        (
            {"Arn": QUEUE + ".fifo"},
            ("ValidationException", "Parameter(s) SqsParameters must be specified for target: t."),
        ),
        ({"Arn": STREAM}, ("ValidationException", f"RoleArn is required for target {STREAM}.")),
        (
            {"Arn": BUS.replace("orders", "c")},
            ("ValidationException", f"RoleArn is required for target {BUS.replace('orders', 'c')}."),
        ),
        (
            {"Arn": BUS.replace("orders", "c"), "RoleArn": ROLE, "Input": "{}"},
            (
                "ValidationException",
                "Modifying the input for target t is not supported when the target is an event bus.",
            ),
        ),
        (
            {"Arn": BUS, "RoleArn": ROLE},
            (
                "ValidationException",
                f"Parameter {BUS} is not valid. Reason: An event bus cannot be a target of its own rules.",
            ),
        ),
        (
            {"RetryPolicy": {"MaximumRetryAttempts": 186}},
            constraint(
                186,
                "targets.1.member.retryPolicy.maximumRetryAttempts",
                "Member must have value less than or equal to 185",
            ),
        ),
        (
            {"DeadLetterConfig": {"Arn": QUEUE + ".fifo"}},
            (
                "ValidationException",
                f"Parameter {QUEUE}.fifo is not valid. Reason: The dead-letter queue must be a standard queue.",
            ),
        ),
        (
            {"DeadLetterConfig": {"Arn": "arn:aws:sqs:eu-west-1:123456789012:d"}},
            (
                "ValidationException",
                "Parameter arn:aws:sqs:eu-west-1:123456789012:d is not valid."
                " Reason: The dead-letter queue must be in the rule's Region.",
            ),
        ),
        (
            {"Input": "{}", "InputPath": "$"},
            (
                "ValidationException",
                "Only one of Input, InputPath, or InputTransformer must be provided for target t.",
            ),
        ),
        (
            {"InputPath": "$['x']"},
            ("ValidationException", "InputPath for target t is invalid."),
        ),
        (
            {"InputTransformer": {"InputPathsMap": {"bad.key": "$"}, "InputTemplate": '"x"'}},
            constraint(
                "{bad.key=$}",
                "targets.1.member.inputTransformer.inputPathsMap",
                "Map keys must satisfy constraint: [Member must have length less than or equal to 256, Member must have"
                " length greater than or equal to 1, Member must satisfy regular expression pattern: [A-Za-z0-9\\_\\-]+]",
            ),
        ),
    ],
)
def test_put_targets_refuses(events, rule, target, error):
    assert refusal(events.put_targets, **rule, Targets=[{"Id": "t", "Arn": QUEUE, **target}]) == error
    assert events.list_targets_by_rule(**rule)["Targets"] == []


def test_a_rule_takes_five_targets_and_a_sixth_fails_the_whole_call(events, rule):
    def targets(*numbers):
        return [{"Id": f"t{number}", "Arn": QUEUE} for number in numbers]

    events.put_targets(**rule, Targets=targets(1, 2, 3))

    assert refusal(events.put_targets, **rule, Targets=targets(3, 4, 5, 6)) == (
        "LimitExceededException",
        "The requested resource exceeds the maximum number allowed.",
    )
    assert len(events.list_targets_by_rule(**rule)["Targets"]) == 3
    events.put_targets(**rule, Targets=targets(3, 4, 5))


def test_putting_a_target_again_replaces_it_whole(events, rule):
    events.put_targets(**rule, Targets=[{"Id": "t", "Arn": QUEUE, "Input": "{}"}])

    answer = events.put_targets(**rule, Targets=[{"Id": "t", "Arn": QUEUE}])

    assert (answer["FailedEntryCount"], answer["FailedEntries"]) == (0, [])
    assert events.list_targets_by_rule(**rule)["Targets"] == [{"Id": "t", "Arn": QUEUE}]


def test_targets_of_a_missing_rule_are_refused(events):
    assert refusal(events.put_targets, Rule="nope", Targets=[{"Id": "t", "Arn": QUEUE}]) == (
        "ResourceNotFoundException",
        "Rule nope does not exist on EventBus default.",
    )
    assert refusal(events.list_targets_by_rule, Rule="nope")[0] == "ResourceNotFoundException"


def test_removing_an_unknown_target_succeeds(events, rule):
    assert events.remove_targets(**rule, Ids=["nope"])["FailedEntries"] == []


def test_a_bus_keeps_every_statement_and_everybody_is_everybody(events):
    events.create_event_bus(Name="b")
    for statement, principal in (("s1", "111111111111"), ("s2", "111111111111"), ("s3", "*")):
        events.put_permission(EventBusName="b", Action="events:PutEvents", Principal=principal, StatementId=statement)

    policy = json.loads(events.describe_event_bus(Name="b")["Policy"])

    root = {"AWS": "arn:aws:iam::111111111111:root"}
    assert [(each["Sid"], each["Principal"]) for each in policy["Statement"]] == [
        ("s1", root),
        ("s2", root),
        ("s3", "*"),
    ]


def test_a_whole_policy_replaces_what_was_there(events):
    events.put_permission(Action="events:PutEvents", Principal="111111111111", StatementId="old")
    statement = {"Sid": "new", "Effect": "Allow", "Principal": "*", "Action": "events:PutEvents", "Resource": "*"}

    events.put_permission(Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))

    assert json.loads(events.describe_event_bus()["Policy"])["Statement"] == [statement]
    events.remove_permission(StatementId="new")
    assert "Policy" not in events.describe_event_bus()


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("put_rule", {"Name": "Events-Archive-a", "EventPattern": '{"source":["s"]}'}),
        ("put_targets", {"Rule": "Events-Archive-a", "Targets": [{"Id": "t", "Arn": QUEUE}]}),
        ("remove_targets", {"Rule": "Events-Archive-a", "Ids": ["t"]}),
        ("disable_rule", {"Name": "Events-Archive-a"}),
        ("enable_rule", {"Name": "Events-Archive-a"}),
        ("delete_rule", {"Name": "Events-Archive-a"}),
    ],
)
def test_an_archive_s_rule_belongs_to_it(events, operation, parameters):
    events.create_archive(
        ArchiveName="a", EventSourceArn=event_bus_arn("123456789012", "us-east-1", "default"), RetentionDays=1
    )

    assert refusal(getattr(events, operation), **parameters) == (
        "ManagedRuleException",
        "Events-Archive-a is a managed rule. Set 'force' parameter to true to override.",
    )
    events.delete_archive(ArchiveName="a")
    assert events.list_rules()["Rules"] == []


def test_force_removes_an_archive_s_rule(events):
    source = event_bus_arn("123456789012", "us-east-1", "default")
    events.create_archive(ArchiveName="a", EventSourceArn=source)
    (target,) = events.list_targets_by_rule(Rule="Events-Archive-a")["Targets"]

    events.remove_targets(Rule="Events-Archive-a", Ids=[target["Id"]], Force=True)
    events.delete_rule(Name="Events-Archive-a", Force=True)

    assert events.list_rules()["Rules"] == []


def test_tags_count_only_when_a_rule_is_new(events):
    arn = events.put_rule(**GOOD, Tags=[{"Key": "team", "Value": "orders"}])["RuleArn"]

    events.put_rule(**GOOD, Tags=[{"Key": "stage", "Value": "test"}])

    assert events.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "team", "Value": "orders"}]


def test_lists_come_in_pages(events):
    for name in ("a", "b", "c"):
        events.put_rule(**{**GOOD, "Name": name})
        events.put_targets(Rule=name, Targets=[{"Id": "t", "Arn": QUEUE}])

    first = events.list_rule_names_by_target(TargetArn=QUEUE, Limit=2)
    rest = events.list_rule_names_by_target(TargetArn=QUEUE, NextToken=first["NextToken"])
    assert (first["RuleNames"], rest["RuleNames"], "NextToken" in rest) == (["a", "b"], ["c"], False)
    pages = list(events.get_paginator("list_rules").paginate(PaginationConfig={"PageSize": 2}))
    assert [[rule["Name"] for rule in page["Rules"]] for page in pages] == [["a", "b"], ["c"]]


def test_a_statement_that_is_not_there_cannot_be_removed(events):
    events.put_permission(Action="events:PutEvents", Principal="111111111111", StatementId="one")

    assert refusal(events.remove_permission, StatementId="other") == (
        "ResourceNotFoundException",
        "Statement with the provided id does not exist.",
    )
    assert refusal(events.remove_permission, StatementId="one", EventBusName="nope") == (
        "ResourceNotFoundException",
        "Event bus nope does not exist.",
    )


@pytest.fixture
def connection(events):
    """Return what makes a connection."""
    key = {"ApiKeyName": "X-Key", "ApiKeyValue": "secret"}
    return {"Name": "c", "AuthorizationType": "API_KEY", "AuthParameters": {"ApiKeyAuthParameters": key}}


def test_a_connection_keeps_its_secret_to_itself(events, connection):
    events.create_connection(**connection)

    assert "secret" not in json.dumps(events.describe_connection(Name="c")["AuthParameters"])


def test_a_connection_s_or_destination_s_name_is_taken_once(events, connection):
    arn = events.create_connection(**connection)["ConnectionArn"]
    destination = {
        "Name": "d", "ConnectionArn": arn, "InvocationEndpoint": "https://shop.example", "HttpMethod": "POST"
    }  # fmt: skip
    events.create_api_destination(**destination)

    assert refusal(events.create_connection, **connection) == (
        "ResourceAlreadyExistsException",
        "Connection 'c' already exists.",
    )
    assert refusal(events.create_api_destination, **destination) == (
        "ResourceAlreadyExistsException",
        "An api-destination 'd' already exists.",
    )


def test_an_api_destination_s_connection_must_exist(events, connection):
    arn = events.create_connection(**connection)["ConnectionArn"]
    destination = {"Name": "d", "InvocationEndpoint": "https://shop.example", "HttpMethod": "POST"}
    error = ("ResourceNotFoundException", f"Connection '{arn}x' does not exist.")

    assert refusal(events.create_api_destination, **destination, ConnectionArn=f"{arn}x") == error
    events.create_api_destination(**destination, ConnectionArn=arn)
    assert refusal(events.update_api_destination, Name="d", ConnectionArn=f"{arn}x") == error
    events.update_api_destination(Name="d", HttpMethod="PUT")


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        ("describe_connection", "Failed to describe the connection(s). Connection 'x' does not exist."),
        (
            "describe_api_destination",
            "Failed to describe the api-destination(s). An api-destination 'x' does not exist.",
        ),
    ],
)
def test_a_missing_connection_or_destination_is_named(events, operation, message):
    with pytest.raises(ClientError) as refused:
        getattr(events, operation)(Name="x")

    assert refused.value.response["Error"] == {"Code": "ResourceNotFoundException", "Message": message}


def test_a_connection_s_authorisation_is_one_of_three(events):
    with pytest.raises(ClientError, match="1 validation error detected: Value 'NOPE' at 'authorizationType'"):
        events.create_connection(Name="c", AuthorizationType="NOPE", AuthParameters={})


GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:g"
CLUSTER = "arn:aws:ecs:us-east-1:123456789012:cluster/c"


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ({"Arn": GROUP, "InputTransformer": {"InputTemplate": '{"message":<m>}', "InputPathsMap": {"m": "$.detail"}}},
         'InputTemplate for target t must be {"timestamp":<timestamp>,"message":<message>}: the target is a log group.'),
        ({"Arn": CLUSTER, "RoleArn": "arn:aws:iam::123456789012:role/r", "InputPath": "$.detail"},
         "InputPath is not supported for target t: the target is a task."),
    ],
)  # fmt: skip
def test_some_targets_take_no_such_input(events, target, message):
    events.put_rule(Name="r", EventPattern='{"source":["s"]}')

    with pytest.raises(ClientError) as refused:
        events.put_targets(Rule="r", Targets=[{"Id": "t", **target}])

    assert refused.value.response["Error"] == {"Code": "ValidationException", "Message": message}


def test_a_new_event_bus_is_answered_with_what_it_was_made_of(events):
    dead_letters = {"Arn": QUEUE}

    answer = events.create_event_bus(Name="b", Description="Orders", DeadLetterConfig=dead_letters)

    assert (answer["Description"], answer["DeadLetterConfig"]) == ("Orders", dead_letters)


@pytest.mark.eventbridge(now="2026-03-01T00:00:00Z")
def test_listed_event_buses_have_their_descriptions_and_times(events):
    events.create_event_bus(Name="b", Description="Orders")

    default, described = events.list_event_buses()["EventBuses"]

    assert (described["Name"], described["Description"]) == ("b", "Orders")
    assert described["CreationTime"] == described["LastModifiedTime"] == datetime(2026, 3, 1, tzinfo=UTC)
    assert (default["Name"], "Description" in default) == ("default", False)


PARTNER = "aws.partner/example.com/orders"


@pytest.fixture
def partner_bus(events):
    events.create_partner_event_source(Name=PARTNER, Account="123456789012")
    events.create_event_bus(Name=PARTNER, EventSourceName=PARTNER)


def test_a_partner_s_event_is_on_the_event_bus_of_its_source(eventbridge, events, partner_bus):
    eventbridge.rule("r", bus=PARTNER, pattern={"source": [PARTNER]}, targets=[QUEUE])
    by_arn = event_bus_arn("123456789012", "us-east-1", PARTNER)
    assert [rule["Name"] for rule in events.list_rules(EventBusName=by_arn)["Rules"]] == ["r"]
    entry = {"Source": PARTNER, "DetailType": "Paid", "Detail": "{}"}

    answer = events.put_partner_events(Entries=[entry, {**entry, "Detail": "["}])

    accepted, rejected = eventbridge.events
    assert answer["Entries"][0] == {"EventId": accepted.id}
    assert answer["Entries"][1] == {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}
    assert (answer["FailedEntryCount"], rejected.error_code) == (1, "MalformedDetail")
    assert (accepted.bus, accepted.rules, accepted.account) == (PARTNER, ["r"], "123456789012")
    assert eventbridge.deliveries[0].error_code == "NO_RESOURCE"


def test_a_partner_s_source_that_was_not_made_is_an_entry_s_error(events):
    answer = events.put_partner_events(Entries=[{"Source": PARTNER, "DetailType": "Paid", "Detail": "{}"}])

    assert answer["FailedEntryCount"] == 1
    assert answer["Entries"][0]["ErrorCode"] == "NotAuthorizedForSourceException"


def test_a_test_publishes_a_partner_s_event_on_its_event_bus(eventbridge, partner_bus):
    event = eventbridge.publish_service_event(PARTNER, "Paid", {"total": 30})

    assert (event.bus, event.known_bus) == (PARTNER, True)


def test_a_policy_has_its_length(events):
    statement = {
        "Sid": "s" * 10_240,
        "Effect": "Allow",
        "Principal": "*",
        "Action": "events:PutEvents",
        "Resource": BUS,
    }

    refused = refusal(events.put_permission, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))

    assert refused == ("PolicyLengthExceededException", "The policy is longer than 10240 characters.")
