"""The event envelope: what EventBridge makes of an accepted entry, and delivers.

Core layer.

Source: "Events in Amazon EventBridge" in the user guide; member order and spelling recorded from the service.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pytest_eventbridge.instants import iso_seconds

__all__ = ["envelope"]


def envelope(
    *,
    event_id: str,
    source: str,
    detail_type: str,
    detail: dict[str, Any] | str,
    account: str,
    region: str,
    time: datetime,
    resources: Sequence[str] = (),
    replay_name: str | None = None,
) -> dict[str, Any]:
    """Build an envelope, its members in the service's order.

    Args:
        event_id: The EventId that PutEvents answered.
        source: The entry's Source.
        detail_type: The entry's DetailType.
        detail: The entry's Detail, decoded; EventBridge Scheduler's notifications carry text.
        account: The caller's account, also when the bus belongs to another.
        region: Where the event was put.
        time: The entry's Time, or the moment of the call; written in whole seconds, the fraction cut off.
        resources: The entry's Resources.
        replay_name: The replay that the event comes from, if any.
    """
    members: dict[str, Any] = {
        "version": "0",
        "id": event_id,
        "detail-type": detail_type,
        "source": source,
        "account": account,
        "time": iso_seconds(time),
        "region": region,
    }
    if replay_name is not None:
        members["replay-name"] = replay_name
    members["resources"] = list(resources)
    members["detail"] = detail
    return members
