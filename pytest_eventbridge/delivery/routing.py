"""Which rules of an event bus an event matches.

Engine layer. Patterns are compiled when a rule first appears and filed in an index; an event is walked only against
those that can match it. Disabled rules, and rules that only have a schedule, get nothing.

Source: "Rules in Amazon EventBridge" in the user guide; the rule states of PutRule in the API reference.
"""

from __future__ import annotations

from collections.abc import Sequence

from pytest_eventbridge.delivery.ports import ControlPlane, RuleState
from pytest_eventbridge.patterns import EventPattern, PatternIndex
from pytest_eventbridge.recording.records import PublishedEvent

__all__ = ["Router"]

_ALL_MANAGEMENT_EVENTS = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"


class Router:
    """Matches events against the rules that the control plane has."""

    def __init__(self, control_plane: ControlPlane) -> None:
        self._control_plane = control_plane
        self._indexes: dict[tuple[str, str, str], tuple[Sequence[RuleState], PatternIndex[RuleState]]] = {}

    def matching_rules(self, event: PublishedEvent) -> list[RuleState]:
        """Return the rules of its bus that an event matches, by name; none when there is no such bus."""
        bus = (event.at_account, event.at_region, event.bus)
        rules = self._control_plane.rules(*bus)
        if not rules:
            return []
        known = self._indexes.get(bus)
        if known is None or known[0] is not rules:
            known = self._indexes[bus] = (rules, _index(rules))
        index = known[1]
        if not index:
            return []
        members = event.envelope
        assert members is not None, "only accepted events reach a bus"
        matched = index.matching(members)
        if matched and _is_read_only_management_event(event):
            return [rule for rule in matched if rule.state == _ALL_MANAGEMENT_EVENTS]
        return matched


def _index(rules: Sequence[RuleState]) -> PatternIndex[RuleState]:
    listening = [
        rule for rule in rules if rule.pattern is not None and rule.state != "DISABLED" and rule.managed_by is None
    ]
    listening.sort(key=lambda rule: rule.name)
    return PatternIndex((rule, EventPattern(rule.pattern)) for rule in listening if rule.pattern is not None)


def _is_read_only_management_event(event: PublishedEvent) -> bool:
    return (
        event.detail_type.endswith(" via CloudTrail")
        and isinstance(event.detail, dict)
        and event.detail.get("readOnly") is True
    )
