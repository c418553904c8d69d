"""The settings of a test: their names, what they take, and how the places that give them are merged.

Harness layer. From outer to inner: the defaults, the ini options ``eventbridge_<name>``, the fixture
``eventbridge_config``, and the markers ``@pytest.mark.eventbridge(...)`` from module to function. A setting given
further in replaces the one further out; ``strict`` adds checks and ``allow`` takes them away, place by place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from pytest_eventbridge.errors import ConfigurationError, InvalidInputError, near_names
from pytest_eventbridge.events.entries import ENTRY_SIZE_LIMIT
from pytest_eventbridge.instants import instant

__all__ = ["CHECKS", "DEFAULT_CHECKS", "Settings", "settings_from"]

CHECKS: Mapping[str, str] = {
    "handler-errors": "a handler raised, and the test did not look at the error",
    "failed-deliveries": "a delivery was given up without a dead-letter queue",
    "rejected-entries": "an entry was rejected, and the test did not look at it",
    "unknown-buses": "an event went to an event bus that does not exist, where AWS drops it",
    "unused-faults": "a fault was planned and did not strike",
    "event-loops": "a chain of events through functions did not end",
    "unmatched-events": "an event matched no rule",
}
"""The strict checks, and what each fails for."""

DEFAULT_CHECKS = frozenset(CHECKS) - {"unmatched-events"}

_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
_ACCOUNT = re.compile(r"\d{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the mocked EventBridge of a test behaves.

    Attributes:
        region: The Region of clients that name none.
        account_id: The account that the test acts in.
        delivery: ``immediate``: PutEvents returns when the work due is done; ``manual``: the test asks for it.
        now: The instant at which the clock stands still from the start; None for the real time.
        checks: The strict checks made after the test.
        entry_size_limit: Bytes that the entries of one request must stay below.
        seed: Of everything that looks random, such as event ids.
        flexible_time_windows: When EventBridge Scheduler calls a target within a flexible time window: at its
            ``start``, or at a ``random`` moment that the seed gives.
        past_schedules: What becomes of a schedule whose ``at`` has passed when it is created: ``skip``, or ``run`` it
            at once.
        permissions: Whether policies and roles are asked (``enforce``) before a target is called; ``ignore`` does not.
    """

    region: str = "us-east-1"
    account_id: str = "123456789012"
    delivery: str = "immediate"
    now: datetime | None = None
    checks: frozenset[str] = DEFAULT_CHECKS
    entry_size_limit: int = ENTRY_SIZE_LIMIT
    seed: int = 0
    flexible_time_windows: str = "start"
    past_schedules: str = "skip"
    permissions: str = "ignore"


def setting_names() -> list[str]:
    """Return the names that ini options, the configuration fixture and the marker take."""
    names = [field.name for field in fields(Settings) if field.name != "checks"]
    return [*names, "strict", "allow"]


def settings_from(places: Iterable[tuple[str, Mapping[str, Any]]]) -> Settings:
    """Merge settings.

    Args:
        places: From outer to inner: where they are given, in words, and the settings there.

    Raises:
        ConfigurationError: a name is unknown or a value is not allowed; the message says where.
    """
    merged: dict[str, Any] = {}
    checks = set(DEFAULT_CHECKS)
    for place, settings in places:
        if not isinstance(settings, Mapping):
            raise ConfigurationError(f"{place} must give a mapping of settings, got {type(settings).__name__}")
        for name, value in settings.items():
            if name not in setting_names():
                raise ConfigurationError(
                    f"{place} has no setting {name!r}: {near_names(str(name), setting_names())}"
                    f" (all: {', '.join(setting_names())})"
                )
            checked = _checked(name, value, place)
            if name == "strict":
                checks |= checked
            elif name == "allow":
                checks -= checked
            else:
                merged[name] = checked
    return Settings(**merged, checks=frozenset(checks))


def _checked(name: str, value: Any, place: str) -> Any:
    match name:
        case "region" if isinstance(value, str) and _REGION.fullmatch(value):
            return value
        case "account_id" if _ACCOUNT.fullmatch(str(value)):
            return str(value)
        case "delivery" if value in ("immediate", "manual"):
            return value
        case "flexible_time_windows" if value in ("start", "random"):
            return value
        case "permissions" if value in ("ignore", "enforce"):
            return value
        case "past_schedules" if value in ("skip", "run"):
            return value
        case "now":
            return None if value in (None, "") else _instant(value, place)
        case "entry_size_limit" if isinstance(value, int) and value > 0:
            return value
        case "seed" if isinstance(value, int):
            return value
        case "strict" | "allow" if not isinstance(value, str) and isinstance(value, Iterable):
            return {_check_name(check, name, place) for check in value}
    raise ConfigurationError(f"{place}: {name} must be {_ALLOWED[name]}, got {value!r}")


_ALLOWED = {
    "region": "a Region such as 'eu-central-1'",
    "account_id": "twelve digits",
    "delivery": "'immediate' or 'manual'",
    "entry_size_limit": "a number of bytes",
    "seed": "a whole number",
    "flexible_time_windows": "'start' or 'random'",
    "past_schedules": "'skip' or 'run'",
    "permissions": "'ignore' or 'enforce'",
    "strict": "a list of checks: " + ", ".join(CHECKS),
    "allow": "a list of checks: " + ", ".join(CHECKS),
}


def _instant(value: Any, place: str) -> datetime:
    try:
        return instant(value)
    except InvalidInputError as error:
        raise ConfigurationError(f"{place}: now: {error}") from None


def _check_name(check: object, name: str, place: str) -> str:
    if check not in CHECKS:
        raise ConfigurationError(
            f"{place}: {name} has no check {check!r}: {near_names(str(check), CHECKS)} (all: {', '.join(CHECKS)})"
        )
    return str(check)
