"""What moto's control plane has: buses, rules, targets, schedules, functions. Read here, never copied.

Adapter layer.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from functools import wraps
from operator import is_not
from typing import Any, NamedTuple, TypeVar

import moto.events.models
import moto.scheduler.models

from pytest_eventbridge.arns import Arn
from pytest_eventbridge.aws.moto_seam.backends import event_bus, events_backend, lambda_function
from pytest_eventbridge.delivery.ports import ArchiveState, LocatedRule, RuleState, ScheduleState
from pytest_eventbridge.functions.function import FunctionConfiguration
from pytest_eventbridge.instants import instant

__all__ = ["MotoState"]

_Found = TypeVar("_Found")


class _Snapshot(NamedTuple):
    """What an event bus's rules were when they were last read.

    Attributes:
        rules: moto's objects.
        rule_states: Their states.
        states: Ours.
    """

    rules: list[Any]
    rule_states: list[str]
    states: list[RuleState]


def _found_once(find: Callable[[MotoState, str, str, str], _Found]) -> Callable[[MotoState, str, str, str], _Found]:
    """Let a method look again only when moto has answered a request since: each event asks for the same.

    Args:
        find: Looks for what there is in an account, in a Region, under a name.
    """

    @wraps(find)
    def found(state: MotoState, account: str, region: str, name: str, /) -> _Found:
        key = (find, account, region, name)
        known = state.found.get(key)
        if known is not None and known[0] == state.changes:
            result: _Found = known[1]
            return result
        # Before anything is read, so that what changes meanwhile is found the next time.
        changes = state.changes
        result = find(state, account, region, name)
        state.found[key] = (changes, result)
        return result

    return found


class MotoState:
    """What moto's control plane has: read here, never copied.

    Attributes:
        changes: How many requests moto has answered: nothing else changes what it has.
        found: What was found where, and at which count of changes.
    """

    def __init__(self) -> None:
        self.changes = 0
        self.found: dict[tuple[object, ...], tuple[int, Any]] = {}
        self._snapshots: dict[tuple[str, str, str], _Snapshot] = {}
        self._read_rules: list[Sequence[RuleState]] = []
        self._scheduled_rules: list[LocatedRule] = []
        self._read_schedules: list[tuple[Any, Any]] = []
        self._schedules: list[ScheduleState] = []

    def note_change(self) -> None:
        """Look again at what there is: moto has answered a request."""
        self.changes += 1

    @_found_once
    def rules(self, account: str, region: str, bus: str) -> Sequence[RuleState] | None:
        """Return an event bus's rules; None when there is no such bus.

        The same object comes back until a rule is put, deleted, enabled or disabled.
        """
        known_bus = event_bus(account, region, bus)
        if known_bus is None:
            return None
        rules = list(known_bus.rules.values())
        rule_states = [rule.state for rule in rules]
        known = self._snapshots.get((account, region, bus))
        if known is not None and known.rules == rules and known.rule_states == rule_states:
            return known.states
        states = [_rule_state(bus, rule) for rule in rules]
        self._snapshots[account, region, bus] = _Snapshot(rules, rule_states, states)
        return states

    def has_bus(self, account: str, region: str, bus: str) -> bool:
        """Whether there is such an event bus."""
        return event_bus(account, region, bus) is not None

    def all_rules(self) -> list[RuleState]:
        """Return the rules of all event buses, in every Region and account."""
        return [rule for _, _, rules in self._everywhere() for rule in rules]

    def scheduled_rules(self) -> Sequence[LocatedRule]:
        """Return the enabled rules that have a schedule, in every Region and account.

        The same object comes back until a rule changes.
        """
        # Only the default event bus can have them.
        everywhere = list(self._everywhere(only="default"))
        read = [rules for _, _, rules in everywhere]
        if len(read) != len(self._read_rules) or any(map(is_not, read, self._read_rules)):
            self._read_rules = read
            self._scheduled_rules = [
                LocatedRule(account, region, rule)
                for account, region, rules in everywhere
                for rule in rules
                if rule.schedule is not None and rule.state != "DISABLED"
            ]
        return self._scheduled_rules

    def _everywhere(self, only: str | None = None) -> Iterator[tuple[str, str, Sequence[RuleState]]]:
        for account, backends in list(moto.events.models.events_backends.items()):
            for region, backend in list(backends.items()):
                for name in list(backend.event_buses):
                    if only in (None, name):
                        yield account, region, self.rules(account, region, name) or ()

    def schedules(self) -> Sequence[ScheduleState]:
        """Return the enabled schedules of EventBridge Scheduler, in every Region and account.

        The same object comes back until a schedule is created, updated or deleted.
        """
        everywhere = [
            (account, region, schedule)
            for account, backends in list(moto.scheduler.models.scheduler_backends.items())
            for region, backend in list(backends.items())
            for group in list(backend.schedule_groups.values())
            for schedule in list(group.schedules.values())
        ]
        # An update leaves the object and gives it another target.
        read = [(schedule, schedule.target) for _, _, schedule in everywhere]
        if len(read) != len(self._read_schedules) or any(map(_differ, read, self._read_schedules)):
            self._read_schedules = read
            self._schedules = [
                _schedule_state(account, region, schedule)
                for account, region, schedule in everywhere
                if schedule.state != "DISABLED"
            ]
        return self._schedules

    @_found_once
    def archives(self, account: str, region: str, bus: str) -> Sequence[ArchiveState]:
        """Return an event bus's archives."""
        archives = events_backend(account, region).archives
        return [_archive_state(each) for each in archives.values() if each.event_bus_name == bus] if archives else ()

    def archive(self, account: str, region: str, name: str) -> ArchiveState | None:
        """Return an archive, or None when there is none of that name."""
        archive = events_backend(account, region).archives.get(name)
        return None if archive is None else _archive_state(archive)

    def active_replays(self, account: str, region: str) -> int:
        """Return how many replays are starting or running."""
        replays = events_backend(account, region).replays.values()
        return sum(replay.state.value in ("STARTING", "RUNNING", "CANCELLING") for replay in replays)

    def has_schedule_group(self, account: str, region: str, name: str) -> bool:
        """Whether there is such a schedule group."""
        return name in moto.scheduler.models.scheduler_backends[account][region].schedule_groups

    def delete_schedule(self, schedule: ScheduleState) -> None:
        """Delete a schedule that has completed."""
        backend = moto.scheduler.models.scheduler_backends[schedule.account][schedule.region]
        group = backend.schedule_groups.get(schedule.group)
        if group is not None:
            group.schedules.pop(schedule.name, None)
            self.note_change()

    def bus_arns(self, account: str, region: str) -> dict[str, str]:
        """Return the event buses' ARNs by name."""
        return {name: bus.arn for name, bus in events_backend(account, region).event_buses.items()}

    def connections(self, account: str, region: str) -> dict[str, str]:
        """Return the ARNs, by name, of the connections that API destinations use."""
        return {name: each.arn for name, each in events_backend(account, region).connections.items()}

    def api_destinations(self, account: str, region: str) -> Container[str]:
        """Return the names of the API destinations."""
        names: Container[str] = events_backend(account, region).destinations
        return names

    def api_destination(self, arn: Arn) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
        """Return an API destination and its connection with its secrets; None when either does not exist."""
        backend = events_backend(arn.account, arn.region)
        destination = next((each for each in backend.destinations.values() if each.arn == str(arn)), None)
        if destination is None:
            return None
        wanted = destination.connection_arn
        connection = next((each for each in backend.connections.values() if each.arn == wanted), None)
        if connection is None:
            return None
        described = {
            "AuthorizationType": connection.authorization_type,
            "AuthParameters": connection.auth_parameters,
            "ConnectionArn": connection.arn,
        }
        return destination.describe(), described

    @_found_once
    def function_configuration(self, account: str, region: str, name: str) -> FunctionConfiguration:
        """Return what Lambda's API has set for a function."""
        known = lambda_function(account, region, name)
        if known is None:
            return FunctionConfiguration()
        configs, reserved = known.event_invoke_config, known.reserved_concurrency
        return FunctionConfiguration(
            event_invoke_config=configs[-1].config if configs else None,
            reserved_concurrency=None if reserved is None else int(reserved),
        )


def _rule_state(bus: str, rule: Any) -> RuleState:
    return RuleState(
        name=rule.name,
        arn=rule.arn,
        bus=bus,
        pattern=rule.event_pattern.dump(),
        schedule=rule.scheduled_expression,
        state=rule.state,
        targets=rule.targets,
        managed_by=rule.managed_by,
        version=(rule, rule.state),
    )


def _archive_state(archive: Any) -> ArchiveState:
    return ArchiveState(archive.name, archive.event_pattern.dump() or None, int(archive.retention or 0), archive.events)


def _differ(one: tuple[Any, Any], other: tuple[Any, Any]) -> bool:
    return one[0] is not other[0] or one[1] is not other[1]


def _schedule_state(account: str, region: str, schedule: Any) -> ScheduleState:
    window = schedule.flexible_time_window or {}
    return ScheduleState(
        name=schedule.name,
        group=schedule.group_name,
        arn=schedule.arn,
        account=account,
        region=region,
        expression=schedule.schedule_expression,
        timezone=schedule.schedule_expression_timezone or "UTC",
        start=None if schedule.start_date is None else instant(schedule.start_date),
        end=None if schedule.end_date is None else instant(schedule.end_date),
        window_minutes=window.get("MaximumWindowInMinutes", 0) if window.get("Mode") == "FLEXIBLE" else 0,
        target=schedule.target,
        is_deleted_after_completion=schedule.action_after_completion == "DELETE",
        version=(id(schedule), id(schedule.target)),
    )
