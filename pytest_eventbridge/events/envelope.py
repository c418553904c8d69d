"""The event envelope: what EventBridge makes of an accepted entry, and delivers.

Core layer.

Source: "Events in Amazon EventBridge" in the user guide; member order and spelling recorded from the service.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Protocol

from pytest_eventbridge.instants import iso_seconds
from pytest_eventbridge.json_text import compact

__all__ = ["Enveloped", "envelope", "envelope_text"]

_BEFORE_ID = '{"version":"0","id":"'
_SOME_TIME = datetime(1970, 1, 1, tzinfo=UTC)


class Enveloped(Protocol):
    """What an envelope is made of.

    Attributes:
        id: The EventId that PutEvents answered: hexadecimal digits and hyphens.
        source: The entry's Source.
        detail_type: The entry's DetailType.
        detail: The entry's Detail, decoded; EventBridge Scheduler's notifications carry text.
        resources: The entry's Resources.
        time: The entry's Time, or the moment of the call; written in whole seconds, the fraction cut off.
        account: The caller's account, also when the bus belongs to another.
        region: Where the event was put.
        replay_name: The replay that the event comes from, if any.
    """

    id: str
    source: str
    detail_type: str
    detail: dict[str, Any] | str
    resources: tuple[str, ...]
    time: datetime
    account: str
    region: str
    replay_name: str | None


def envelope(event: Enveloped) -> dict[str, Any]:
    """Build an envelope, its members in the service's order."""
    return _members(
        event.id,
        event.detail_type,
        event.source,
        event.account,
        event.time,
        event.region,
        event.replay_name,
        event.resources,
        event.detail,
    )


def _members(
    event_id: str,
    detail_type: str,
    source: str,
    account: str,
    time: datetime,
    region: str,
    replay_name: str | None,
    resources: Sequence[str],
    detail: dict[str, Any] | str,
) -> dict[str, Any]:
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


def envelope_text(event: Enveloped) -> str:
    """Write an envelope as it is delivered: JSON without blanks.

    Events of one kind differ in their ids, times and details; all else is written once for all of them.

    Raises:
        TypeError: the detail holds something that JSON has no form for.
    """
    before_time, after_time = _frame(
        event.detail_type, event.source, event.account, event.region, event.replay_name, event.resources
    )
    detail = "{}" if event.detail == {} else compact(event.detail)
    return f"{_BEFORE_ID}{event.id}{before_time}{iso_seconds(event.time)}{after_time}{detail}}}"


@lru_cache(maxsize=1024)
def _frame(
    detail_type: str, source: str, account: str, region: str, replay_name: str | None, resources: tuple[str, ...]
) -> tuple[str, str]:
    """Return what stands between an envelope's id and its time, and between its time and its detail."""
    text = compact(_members("", detail_type, source, account, _SOME_TIME, region, replay_name, resources, {}))
    # Nothing else can look like this: inside a string the quotation mark would be escaped.
    before_time, some_time, after_time = text.partition(f':"{iso_seconds(_SOME_TIME)}')
    assert some_time, "an envelope has a time"
    return before_time.removeprefix(_BEFORE_ID) + ':"', after_time.removesuffix("{}}")
