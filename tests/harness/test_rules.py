"""eventbridge.rule, .bus, .publish and their handles: API calls underneath, and clear refusals."""

import boto3
import pytest
from botocore.exceptions import ClientError

from pytest_eventbridge import EntryRejectedError, InvalidInputError, NotFoundError, Target

SHOP = {"source": ["shop"]}
WORK = "arn:aws:sqs:us-east-1:123456789012:work"


def confirm(event, context):
    return None


def test_a_rule_looks_as_if_an_application_had_put_it(eventbridge, events):
    rule = eventbridge.rule("r", pattern=SHOP, description="all of it", state="DISABLED", targets=[confirm, WORK])

    described = events.describe_rule(Name="r")
    assert (described["EventPattern"], described["State"], described["Description"]) == (
        '{"source": ["shop"]}',
        "DISABLED",
        "all of it",
    )
    assert (
        events.list_targets_by_rule(Rule="r")["Targets"]
        == rule.targets
        == [
            {"Id": "confirm", "Arn": "arn:aws:lambda:us-east-1:123456789012:function:confirm"},
            {"Id": "work", "Arn": WORK},
        ]
    )
    assert (rule.name, rule.bus, rule.arn, rule.schedule, rule.state) == (
        "r", "default", "arn:aws:events:us-east-1:123456789012:rule/r", None, "DISABLED",
    )  # fmt: skip


def test_a_rule_on_a_custom_bus_has_the_bus_in_its_arn(eventbridge):
    bus = eventbridge.bus("orders")

    assert eventbridge.rule("r", bus=bus, pattern=SHOP).arn == "arn:aws:events:us-east-1:123456789012:rule/orders/r"
    assert eventbridge.bus("orders") == bus


def test_a_rule_that_the_application_put_is_found_by_its_name(eventbridge, events):
    events.put_rule(Name="theirs", EventPattern='{"source":["shop"]}')

    rule = eventbridge.rule("theirs")

    assert rule.matches({"source": "shop"})
    assert rule.pattern.text == '{"source":["shop"]}'


def test_a_rule_explains_itself(eventbridge):
    rule = eventbridge.rule("r", pattern=SHOP)
    event = eventbridge.publish("other", "Paid")

    assert not rule.matches(event)
    assert str(rule.explain(event)) == 'does not match\n  source: wanted "shop", got "other"'
    assert not eventbridge.rule("s", schedule="rate(1 day)").matches(event)


def test_a_rule_knows_its_events_and_deliveries(eventbridge, queue):
    rule = eventbridge.rule("r", pattern=SHOP, targets=[WORK])
    rule.add_target(Target(WORK, id="again"))

    event = eventbridge.publish("shop", "Paid")

    assert rule.events == [event]
    assert [each.target["Id"] for each in rule.deliveries] == ["again", "work"]
    assert repr(rule) == "<rule 'r' on 'default'>"


def test_a_missing_rule_is_named_with_near_ones_and_its_bus(eventbridge):
    eventbridge.bus("orders")
    eventbridge.rule("confirm-mail", pattern=SHOP)
    eventbridge.rule("ship", bus="orders", pattern=SHOP)

    with pytest.raises(NotFoundError) as refused:
        eventbridge.rule("confirm-mial")
    assert str(refused.value) == (
        "there is no rule 'confirm-mial' on bus 'default': did you mean 'confirm-mail'?"
        " (to put one, give pattern= or schedule=)"
    )
    with pytest.raises(NotFoundError, match="there is no rule 'ship' on bus 'default'; there is one on bus 'orders'"):
        eventbridge.rule("ship")


def test_a_deleted_rule_is_said_to_be_gone(eventbridge, events):
    rule = eventbridge.rule("r", pattern=SHOP)
    events.delete_rule(Name="r")

    with pytest.raises(NotFoundError, match="rule 'r' does not exist on bus 'default' any more"):
        _ = rule.arn


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda e: e.rule("r", pattern=SHOP, targets=[5]), "a target is a handler, a function, an ARN or a Target, got int 5"),
        (lambda e: e.rule("r", pattern=SHOP, targets=["queue"]), "a target is a handler, a function, an ARN or a Target, got str 'queue'"),
        (lambda e: e.rule("r", pattern=SHOP, targets=[e.bus("b")]), "a target is named by its ARN: give bus.arn"),
        (lambda e: Target(WORK, retry_policy=3), "retry_policy must be a pair (maximum_retry_attempts, maximum_event_age_in_seconds), got 3"),
        (lambda e: Target(WORK, input_transformer="x"), "input_transformer must be a pair (paths by name, template), got 'x'"),
        (lambda e: e.publish("s", "d", {"a": object}), "the detail cannot be written as JSON: Object of type type is not JSON serializable"),
        (lambda e: e.publish("s", "d", time="soon"), "'soon' is not an instant"),
        (lambda e: e.publish_service_event("shop", "d", {}), "a service's source is such as 'aws.s3', got 'shop'"),
        (lambda e: e.publish_service_event("aws.s3", "d", "[]"), "no service sends such an event: Detail is malformed."),
        (lambda e: e.deliver(-1), "n must be a whole number, 0 or more, got -1"),
        (lambda e: e.clock.advance(seconds=-1), "the clock cannot go back: asked to advance by -1 day, 23:59:59"),
        (lambda e: e.assert_event_published(times=True), "times must be a whole number, 0 or more, got True"),
        (lambda e: e.assert_delivered(5), "a rule, target, ARN, function or name is wanted, got int 5"),
    ],
)  # fmt: skip
def test_wrong_arguments_are_refused_at_the_call(eventbridge, make, message):
    with pytest.raises(InvalidInputError) as refused:
        make(eventbridge)

    assert str(refused.value).startswith(message)


def test_a_rule_on_a_missing_bus_is_refused_by_the_service(eventbridge):
    with pytest.raises(ClientError, match="ResourceNotFoundException.*Event bus nope does not exist"):
        eventbridge.rule("r", bus="nope", pattern=SHOP)


def test_publish_returns_the_event_and_raises_when_it_is_rejected(eventbridge):
    event = eventbridge.publish("shop", "Paid", '{"a": 1}', resources=["arn:x"], time="2026-01-02T03:04:05Z")

    assert (event.detail, event.resources, event.envelope["time"]) == ({"a": 1}, ("arn:x",), "2026-01-02T03:04:05Z")
    with pytest.raises(
        EntryRejectedError, match="rejected the entry with MalformedDetail: Detail is malformed"
    ) as rejected:
        eventbridge.publish("shop", "Paid", "[]")
    assert rejected.value.error_code == "MalformedDetail"


def test_a_service_event_comes_on_the_default_bus(eventbridge):
    rule = eventbridge.rule("r", pattern={"source": ["aws.s3"]})

    event = eventbridge.publish_service_event("aws.s3", "Object Created", {"object": {"key": "k"}})

    assert rule.events == [event]
    assert event.bus == "default"


def test_a_client_is_one_of_boto3s_inside_the_mock(eventbridge):
    eventbridge.rule("r", pattern=SHOP)

    assert [rule["Name"] for rule in eventbridge.client().list_rules()["Rules"]] == ["r"]
    assert eventbridge.client("sqs", "eu-west-1").meta.region_name == "eu-west-1"


def test_a_target_prints_what_it_is():
    assert repr(Target(WORK, input_path="$.detail")) == f"Target({WORK!r}, InputPath='$.detail')"


def test_import_strings_are_targets_too(eventbridge):
    rule = eventbridge.rule("r", pattern=SHOP, targets=["json.dumps"])

    assert rule.targets[0]["Arn"].endswith(":function:dumps")
    assert boto3.client("lambda").get_function(FunctionName="dumps")["Configuration"]["Handler"] == "json.dumps"
