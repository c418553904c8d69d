"""Amazon Resource Names: taking them apart and building those of EventBridge.

Ground layer. Source: "Resource types defined by Amazon EventBridge" in the service authorization reference.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

__all__ = ["Arn", "event_bus_arn", "event_bus_name", "function_arn", "parse_arn", "partition_of", "queue_url"]

_EVENT_BUS = "event-bus/"
_PARTITIONS = (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("us-iso-", "aws-iso"), ("us-isob-", "aws-iso-b"))


class Arn(NamedTuple):
    """An ARN in its parts; ``resource`` is everything after the account."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @property
    def is_event_bus(self) -> bool:
        """Whether it is an event bus's."""
        return self.service == "events" and self.resource.startswith(_EVENT_BUS)

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"


@lru_cache(maxsize=4096)
def parse_arn(text: str) -> Arn | None:
    """Take an ARN apart, or return None when the text is not one."""
    parts = text.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn" or not parts[1].startswith("aws") or not parts[2] or not parts[5]:
        return None
    return Arn(*parts[1:])


def partition_of(region: str) -> str:
    """Return the partition that a Region belongs to."""
    return next((partition for prefix, partition in _PARTITIONS if region.startswith(prefix)), "aws")


def event_bus_arn(account: str, region: str, name: str) -> str:
    """Return an event bus's ARN."""
    return str(Arn(partition_of(region), "events", region, account, f"{_EVENT_BUS}{name}"))


def event_bus_name(bus: str | Arn) -> str:
    """Return the name of an event bus that is given by its name or its ARN; a partner's name has slashes in it."""
    arn = bus if isinstance(bus, Arn) else parse_arn(bus)
    return str(bus) if arn is None else arn.resource.removeprefix(_EVENT_BUS)


def function_arn(account: str, region: str, name: str) -> str:
    """Return a Lambda function's ARN, unqualified."""
    return str(Arn(partition_of(region), "lambda", region, account, f"function:{name}"))


def queue_url(queue: Arn) -> str:
    """Return the URL by which SQS knows a queue."""
    return f"https://sqs.{queue.region}.amazonaws.com/{queue.account}/{queue.resource}"
