"""Strict checks: the test itself fails, each complaint says what, where and why, and ends with what allows it."""

import pytest

PREAMBLE = """
import boto3, pytest
events = boto3.client("events", region_name="us-east-1")

def put(**changes):
    return events.put_events(Entries=[{"Source": "shop", "DetailType": "Paid", "Detail": "{}", **changes}])

def fail(event, context):
    raise ValueError("no template\\nsecond line")

"""


def test_an_error_in_a_handler_fails_the_test(run):
    result = run(
        PREAMBLE
        + """
def test_it(eventbridge):
    eventbridge.rule("r", pattern={"source": ["shop"]}, targets=[fail])
    put()
"""
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "function 'fail' raised ValueError: no template",
            "  event     <event 0 'shop' 'Paid' {} on 'default'>, attempt 1",
            "            published at *test_an_error_in_a_handler_fails_the_test.py:5",
            "  Traceback (most recent call last):",
            '    File "*test_an_error_in_a_handler_fails_the_test.py", line 8, in fail',
            '      raise ValueError("no template\\nsecond line")',
            "  ValueError: no template",
            "  second line",
            "  hint      look at it: eventbridge.invocations.last.error",
            '  allow     @pytest.mark.eventbridge(allow=["handler-errors"])',
        ],
        consecutive=True,
    )


COMPLAINTS = [
    (
        "failed-deliveries",
        'eventbridge.rule("r", pattern={"source": ["shop"]},'
        ' targets=["arn:aws:lambda:us-east-1:123456789012:function:nobody"]); put()',
        [
            "event 0 was lost on its way to arn:aws:lambda:us-east-1:123456789012:function:nobody: NO_RESOURCE",
            "  reason    no handler is registered for function 'nobody' (there are none yet): register it with"
            " eventbridge.function(handler, name='nobody')",
            "  rule      'r', after 1 attempts, with no dead-letter queue to keep it",
            "  event     <event 0 'shop' 'Paid' {} on 'default'>",
            "            published at *.py:5",
        ],
    ),
    (
        "rejected-entries",
        "put(Detail='[]')",
        [
            "EventBridge rejected an entry and nobody looked: MalformedDetail",
            "  reason    Detail is malformed.",
            "  entry     {'Source': 'shop', 'DetailType': 'Paid', 'Detail': '[[]]'}",
            "            published at *.py:5",
            "  hint      Detail is the text of a JSON object: json.dumps({...})",
            "  hint      PutEvents answers with FailedEntryCount and an ErrorCode for each entry: the caller must read them,"
            " or the test expect it with eventbridge.assert_entry_rejected()",
        ],
    ),
    (
        "unknown-buses",
        "put(EventBusName='orders')",
        [
            "event 0 went to bus 'orders', which does not exist",
            "  reason    AWS accepts such an event, answers with an EventId, and drops it",
            "  event     <event 0 'shop' 'Paid' {} on 'orders'>",
            "            published at *.py:5",
            "  hint      create it in the test: eventbridge.bus('orders')",
        ],
    ),
    (
        "event-loops",
        'eventbridge.rule("r", pattern={"source": ["shop"]}, targets=[lambda event, context: put() and None]); put()',
        [
            "a chain of events through functions was cut after 101 hops",
            "  reason    each function publishes an event that invokes the next: on AWS this does not end",
            "  chain     the last events of it, latest first",
            "            event 101 'shop' 'Paid', published by function 'lambda'",
            "            event 100 'shop' 'Paid', published by function 'lambda'",
        ],
    ),
]


@pytest.mark.parametrize(("check", "body", "lines"), COMPLAINTS, ids=[check for check, _, _ in COMPLAINTS])
def test_a_check_fails_the_test_and_its_marker_allows_it(run, check, body, lines):
    test = f"def test_strict(eventbridge):\n    {body}\n"
    marker = f'@pytest.mark.eventbridge(allow=["{check}"])'

    result = run(f"{PREAMBLE}\n{test}\n{marker}\n{test.replace('test_strict', 'test_allowed')}")

    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(lines, consecutive=True)
    result.stdout.fnmatch_lines([f"  allow     {marker.replace('[', '[[]')}"])


def test_unmatched_events_are_let_pass_unless_the_check_is_asked_for(run):
    result = run(
        PREAMBLE
        + """
def test_default(eventbridge):
    put()

@pytest.mark.eventbridge(strict=["unmatched-events"])
def test_strict(eventbridge):
    put()
"""
    )
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["event 0 matched no rule on bus 'default'"])


def test_looking_at_an_error_lets_it_pass(run):
    result = run(
        PREAMBLE
        + """
def test_handler_error(eventbridge):
    eventbridge.rule("r", pattern={"source": ["shop"]}, targets=[fail])
    put()
    assert isinstance(eventbridge.assert_function_invoked(fail).error, ValueError)

def test_direct_invocation(eventbridge):
    with pytest.raises(ValueError):
        eventbridge.function(fail).invoke({})

def test_rejected_entry(eventbridge):
    put(Detail="[]")
    assert eventbridge.events.one().error_code == "MalformedDetail"

def test_failed_delivery(eventbridge):
    eventbridge.rule("r", pattern={"source": ["shop"]}, targets=["arn:aws:sqs:us-east-1:123456789012:none"])
    put()
    assert eventbridge.deliveries.one().error_code == "NO_RESOURCE"
"""
    )
    result.assert_outcomes(passed=4)


def test_a_test_that_failed_already_is_not_blamed_twice(run):
    result = run(
        PREAMBLE
        + """
def test_it(eventbridge):
    put(Detail="[]")
    assert 1 == 2
"""
    )
    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("*nobody looked*")


def test_one_failing_function_is_complained_of_once_however_often_it_ran(run):
    result = run(
        PREAMBLE
        + """
def test_it(eventbridge):
    eventbridge.rule("r", pattern={"source": ["shop"]}, targets=[fail])
    put()
    eventbridge.clock.advance(hours=1)
    assert len(eventbridge.invocations) == 3
"""
    )
    assert result.stdout.str().count("\nfunction 'fail' raised") == 1
