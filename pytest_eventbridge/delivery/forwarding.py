"""Forwarding: an event bus as the target of a rule.

Engine layer. Within a Region the event arrives as it is, its id included; in another Region it has a new id. The
receiving bus treats it as a fresh event, except that it may not be forwarded a second time within a Region, nor to a
third Region. A bus that does not exist swallows it.

Source: "Sending and receiving events between event buses" in the EventBridge user guide; recorded forwardings.
"""

from __future__ import annotations

from dataclasses import replace

from pytest_eventbridge.arns import Arn, event_bus_name, parse_arn
from pytest_eventbridge.delivery.ports import DeliveryFailureError
from pytest_eventbridge.recording.records import Delivery, PublishedEvent

__all__ = ["event_bus_of", "forwarded"]


def event_bus_of(delivery: Delivery) -> Arn | None:
    """Return the event bus that a delivery goes to, or None when its target is something else."""
    arn = parse_arn(delivery.target_arn)
    return arn if arn and arn.is_event_bus else None


def forwarded(delivery: Delivery, bus: Arn, new_id: str) -> PublishedEvent:
    """Return the event as it arrives at another bus.

    Args:
        delivery: By which it is forwarded.
        bus: Where to.
        new_id: Its id, if it leaves the Region.

    Raises:
        DeliveryFailureError: it was forwarded before.
    """
    event = delivery.event
    leaves_region = bus.region != event.at_region
    if leaves_region and event.hopped_region:
        raise DeliveryFailureError(
            "THIRD_REGION_HOP_DETECTED",
            f"Event ingestion rejected for event {event.id} because an event can be sent to another Region only once."
            " This event was previously delivered from another Region.",
            retryable=False,
        )
    if not leaves_region and event.hopped_bus:
        raise DeliveryFailureError(
            "THIRD_ACCOUNT_HOP_DETECTED",
            f"Event ingestion rejected for event {event.id} because an event can be sent to an event bus target only"
            " once. This event was previously delivered to an event bus target.",
            retryable=False,
        )
    return replace(
        event,
        id=new_id if leaves_region else event.id,
        _text="",
        bus=event_bus_name(bus),
        known_bus=True,
        rule_arns=(),
        _rules=(),
        deliveries=[],
        forwarded_by=delivery,
        at_account=bus.account,
        at_region=bus.region,
        hopped_bus=event.hopped_bus or not leaves_region,
        hopped_region=event.hopped_region or leaves_region,
    )
