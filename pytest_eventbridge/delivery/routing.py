"""Which rules of an event bus an event matches.

Engine layer. Patterns are compiled when a rule first appears and filed in an index; an event is walked only against
those that can match it. Disabled rules, and rules that only have a schedule, get nothing.

Source: "Rules in Amazon EventBridge" in the user guide; the rule states of PutRule in the API reference.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pytest_eventbridge.delivery.ports import ControlPlane, RuleState
from pytest_eventbridge.patterns import EventPattern, PatternIndex

__all__ = ["Router"]

_ALL_MANAGEMENT_EVENTS = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"


class Router:
    """Matches events against the rules that the control plane has."""

    def __init__(self, control_plane: ControlPlane) -> None:
        self._control_plane = control_plane
        self._indexes: dict[tuple[str, str, str], tuple[Sequence[RuleState], PatternIndex[RuleState]]] = {}

    def matching_rules(self, account: str, region: str, bus: str, event: dict[str, Any]) -> list[RuleState] | None:
        """Return the rules that an event matches, by name, or None when there is no such bus."""
        rules = self._control_plane.rules(account, region, bus)
        if rules is None:
            return None
        known = self._indexes.get((account, region, bus))
        if known is None or known[0] is not rules:
            known = (rules, _index(rules))
            self._indexes[account, region, bus] = known
        matched = known[1].matching(event)
        if matched and _is_read_only_management_event(event):
            return [rule for rule in matched if rule.state == _ALL_MANAGEMENT_EVENTS]
        return matched


def _index(rules: Sequence[RuleState]) -> PatternIndex[RuleState]:
    listening = [
        rule for rule in rules if rule.pattern is not None and rule.state != "DISABLED" and rule.managed_by is None
    ]
    listening.sort(key=lambda rule: rule.name)
    return PatternIndex((rule, EventPattern(rule.pattern)) for rule in listening if rule.pattern is not None)


def _is_read_only_management_event(event: dict[str, Any]) -> bool:
    detail_type, detail = event.get("detail-type"), event.get("detail")
    return (
        isinstance(detail_type, str)
        and detail_type.endswith(" via CloudTrail")
        and isinstance(detail, dict)
        and detail.get("readOnly") is True
    )
