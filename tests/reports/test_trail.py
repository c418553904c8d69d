"""The trail: the whole story of a test as a tree, in whole texts."""

import re

import pytest

from pytest_eventbridge import Target

SHOP = {"source": ["shop"]}
WORK = "arn:aws:sqs:us-east-1:123456789012:work"


def told(eventbridge, **options):
    return re.sub(r"[^\s(]*test_trail\.py:\d+", "test.py:N", eventbridge.trail(**options))


@pytest.mark.eventbridge(
    allow=["handler-errors", "failed-deliveries", "rejected-entries", "unknown-buses"], now="2026-03-01"
)
def test_it_tells_what_followed_from_what(eventbridge):
    def reserve(event, context):
        eventbridge.publish("stock", "Reserved", {"sku": "A"})
        return {"ok": True}

    def mail(event, context):
        raise ValueError("no template")

    eventbridge.rule("mail", pattern=SHOP, targets=[mail])
    eventbridge.rule("reserve", pattern=SHOP, targets=[reserve])
    eventbridge.rule("ship", pattern=SHOP, targets=[WORK])
    eventbridge.publish("shop", "Paid", {"order": 7})
    eventbridge.publish("other", "Paid", bus="nowhere")
    eventbridge.client().put_events(Entries=[{"Source": "shop", "DetailType": "Paid", "Detail": "[]"}])
    eventbridge.clock.advance(seconds=60)
    eventbridge.function(reserve).invoke({})

    assert (
        told(eventbridge)
        == """\
event 0 'shop' 'Paid' {"order":7} on 'default'  (test.py:N)
├─ rule 'mail' → function:mail: delivered
│  ├─ run 1: raised ValueError: no template
│  └─ run 2 after 60 s: raised ValueError: no template
├─ rule 'reserve' → function:reserve: delivered
│  └─ run 1: returned {"ok":true}
│     └─ event 1 'stock' 'Reserved' {"sku":"A"} on 'default'
│        └─ no rule matched
└─ rule 'ship' → work: failed: NO_RESOURCE
event 2 'other' 'Paid' {} on 'nowhere'  (test.py:N)
└─ dropped: there is no such bus
event 3 'shop' 'Paid' [] on 'default'  (test.py:N)
└─ rejected: MalformedDetail: Detail is malformed.
function 'reserve', invoked directly: returned {"ok":true}
└─ event 4 'stock' 'Reserved' {"sku":"A"} on 'default'
   └─ no rule matched
pending
└─ <2026-03-01T00:03:00Z attempt 3 of function 'mail' at event 0>"""
    )


def test_it_follows_events_to_other_buses(eventbridge, queue):
    central = eventbridge.bus("central")
    eventbridge.rule("forward", pattern=SHOP, targets=[Target(central.arn, role_arn="arn:aws:iam::1:role/r")])
    eventbridge.rule("work", bus="central", pattern=SHOP, targets=[WORK])

    eventbridge.publish("shop", "Paid")

    assert (
        told(eventbridge, unicode=False)
        == """\
event 0 'shop' 'Paid' {} on 'default'  (test.py:N)
`- rule 'forward' -> event-bus/central: delivered
   `- event 1 'shop' 'Paid' {} on 'central'
      `- rule 'work' -> work: delivered"""
    )


def test_long_stories_are_cut_with_a_count(eventbridge):
    for _ in range(5):
        eventbridge.publish("shop", "Paid")

    assert told(eventbridge, limit=4).splitlines()[4:] == ["and 6 more lines: print(eventbridge.trail())"]


def test_an_empty_story_says_so(eventbridge):
    assert eventbridge.trail() == "nothing was published"
