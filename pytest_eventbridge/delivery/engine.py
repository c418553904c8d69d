"""From an entry to its targets: the data plane of EventBridge.

Engine layer, and the heart of it: an entry is checked, put into its envelope, recorded and placed on the timeline;
there it is matched against the rules of its bus, and each target of each rule gets a delivery of its own, which is
rendered, sent, tried again, and given up, independently of all others. The publisher hears of nothing but its entry.

Source: PutEvents in the EventBridge API reference; "Event delivery" in the user guide.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from pytest_eventbridge.arns import Arn, event_bus_name, parse_arn
from pytest_eventbridge.delivery.archives import ArchivedEvent, Archives
from pytest_eventbridge.delivery.attempts import Attempts
from pytest_eventbridge.delivery.faults import PlannedFaults
from pytest_eventbridge.delivery.forwarding import event_bus_of, forwarded
from pytest_eventbridge.delivery.identifiers import Identifiers
from pytest_eventbridge.delivery.ports import (
    ControlPlane,
    DeliveryFailureError,
    LocatedRule,
    ReplayState,
    RuleState,
    Targets,
)
from pytest_eventbridge.delivery.routing import Router
from pytest_eventbridge.delivery.timeline import Timeline, Work
from pytest_eventbridge.events.entries import check_entry
from pytest_eventbridge.events.target_input import (
    InvalidTargetInputError,
    RuleFacts,
    TargetInput,
    is_deliverable,
    target_input,
)
from pytest_eventbridge.instants import instant
from pytest_eventbridge.recording.origin import calling_line, current_invocation
from pytest_eventbridge.recording.recorder import Recorder
from pytest_eventbridge.recording.records import Delivery, PublishedEvent

__all__ = ["HOP_LIMIT", "DeliveryEngine"]

HOP_LIMIT = 100
"""Invocations in one causal chain of events, after which it is taken for a loop and cut."""

_NO_ENTRY: Mapping[str, Any] = MappingProxyType({})
_INPUT_FORMS = frozenset({"Input", "InputPath", "InputTransformer"})


class DeliveryEngine:
    """The data plane of one test.

    Attributes:
        timeline: On which all its work stands.
        recorder: Where everything that happens is kept.
        immediate: Whether PutEvents returns only when the work due is done.
        archives: Which keep events, and replay them.
    """

    def __init__(
        self,
        *,
        control_plane: ControlPlane,
        targets: Targets,
        attempts: Attempts,
        timeline: Timeline,
        recorder: Recorder,
        identifiers: Identifiers,
        faults: PlannedFaults,
        immediate: bool = True,
    ) -> None:
        self.timeline = timeline
        self.recorder = recorder
        self.immediate = immediate
        self._router = Router(control_plane)
        self.archives = Archives(control_plane, timeline, self._put_again)
        self._control_plane = control_plane
        self._targets = targets
        self._attempts = attempts
        self._identifiers = identifiers
        self._faults = faults

    def put_events(
        self,
        account: str,
        region: str,
        entries: Sequence[Mapping[str, Any]],
        *,
        by_service: bool = False,
        sent_by: Delivery | None = None,
    ) -> list[PublishedEvent]:
        """Take entries as PutEvents does.

        Args:
            account: The caller's account.
            region: The Region that is called.
            entries: PutEventsRequestEntry members; Time as seconds since the epoch, an instant or ISO text.
            by_service: Whether a service of AWS sends them: sources of its own may pass, and no planned fault strikes.
            sent_by: The schedule's delivery that calls, if none of the application's code does.

        Returns:
            What was recorded, an event for each entry, in order.
        """
        caused_by = current_invocation.get() if sent_by is None else None
        published_from = calling_line() if sent_by is None else None
        events = []
        for entry in entries:
            event = self._take(entry, account, region, by_service=by_service)
            event.caused_by = caused_by
            event.published_from = published_from
            event.forwarded_by = sent_by
            event.hops = caused_by.cause.hops + 1 if caused_by and caused_by.cause else 0
            self.recorder.add_event(event)
            events.append(event)
            if event.rejection is None:
                self._plan_routing(event)
        if self.immediate:
            self.timeline.run()
        return events

    def preview(self, entry: Mapping[str, Any], account: str, region: str) -> PublishedEvent:
        """Return an entry as an event that is not recorded and goes nowhere: to hold it against filters."""
        detail, _ = check_entry(entry, reserved_sources=True)
        event = self._event(entry, account, region, "")
        event.detail = entry.get("Detail", "") if detail is None else detail
        return event

    def _take(self, entry: Mapping[str, Any], account: str, region: str, *, by_service: bool) -> PublishedEvent:
        detail, error = check_entry(entry, reserved_sources=by_service)
        event = self._event(entry, account, region, "" if error else self._identifiers.next())
        if error is not None:
            event.record_rejection(*error)
        elif detail is not None:
            event.detail = detail
            fault = None if by_service else self._faults.strike("entry", event)
            if fault is not None:
                event.id = ""
                event.record_rejection(fault.error_code, f"planned by {fault.label}")
        return event

    def _event(self, entry: Mapping[str, Any], account: str, region: str, event_id: str) -> PublishedEvent:
        now = self.timeline.now()
        bus, at_account, at_region = _bus_of(entry, account, region)
        return PublishedEvent(
            id=event_id,
            source=entry.get("Source", ""),
            detail_type=entry.get("DetailType", ""),
            detail=entry.get("Detail", ""),
            resources=tuple(entry.get("Resources") or ()),
            time=now if entry.get("Time") is None else instant(entry["Time"]),
            account=account,
            region=region,
            bus=bus,
            at_account=at_account,
            at_region=at_region,
            entry=dict(entry),
            ingested_at=now,
        )

    def fire_schedule(self, scheduled: LocatedRule) -> PublishedEvent:
        """Send a rule's Scheduled Event, to its own targets and over its bus, at the timeline's now.

        Args:
            scheduled: The rule, and where it is.
        """
        account, region, rule = scheduled
        now = self.timeline.now()
        event = PublishedEvent(
            id=self._identifiers.next(),
            source="aws.events",
            detail_type="Scheduled Event",
            detail={},
            resources=(rule.arn,),
            time=now,
            account=account,
            region=region,
            bus=rule.bus,
            entry=_NO_ENTRY,
            at_account=account,
            at_region=region,
            ingested_at=now,
        )
        self.recorder.add_event(event)
        self._plan_deliveries(event, rule)
        self.timeline.add(_Routing(self._route, event))
        return event

    def _plan_routing(self, event: PublishedEvent) -> None:
        if event.hops > HOP_LIMIT:
            self.recorder.add_loop(event)
            return
        # An entry can name the bus of another account, but not of another Region: only rules forward there.
        is_elsewhere = event.at_region != event.region and not event.hopped_region
        if is_elsewhere or not self._control_plane.has_bus(event.at_account, event.at_region, event.bus):
            event.known_bus = False
            return
        self.timeline.add(_Routing(self._route, event))

    def _put_again(self, archived: ArchivedEvent, replay: ReplayState) -> None:
        """Put an archived event on its bus again, with an id of its own."""
        members = archived.envelope
        event = PublishedEvent(
            id=self._identifiers.next(),
            source=members["source"],
            detail_type=members["detail-type"],
            detail=members["detail"],
            resources=tuple(members["resources"]),
            time=archived.time,
            account=members["account"],
            region=members["region"],
            bus=replay.bus,
            entry=_NO_ENTRY,
            replay_name=replay.name,
            at_account=replay.account,
            at_region=replay.region,
            ingested_at=self.timeline.now(),
        )
        self.recorder.add_event(event)
        self.timeline.add(_Routing(self._route, event, replay.rule_arns))

    def _route(self, event: PublishedEvent, only: Sequence[str]) -> None:
        self.archives.keep(event)
        for rule in self._router.matching_rules(event):
            if rule.arn not in event.rule_arns and (not only or rule.arn in only):
                self._plan_deliveries(event, rule)

    def _plan_deliveries(self, event: PublishedEvent, rule: RuleState) -> None:
        event.record_match(rule.name, rule.arn)
        targets = rule.targets if len(rule.targets) < 2 else sorted(rule.targets, key=_id_of)
        for target in targets:
            self._plan_delivery(event, rule, target)

    def _plan_delivery(self, event: PublishedEvent, rule: RuleState, target: Mapping[str, Any]) -> None:
        delivery = Delivery(event, rule.name, rule.arn, target)
        self.recorder.add_delivery(delivery)
        self.timeline.add(_FirstAttempt(self._deliver, delivery))
        fault = self._faults.strike("duplicate", delivery)
        if fault is not None:
            second = Delivery(event, rule.name, rule.arn, target, faults=(fault.label,))
            self.recorder.add_delivery(second)
            self.timeline.add(_FirstAttempt(self._deliver, second, "second "))

    def _deliver(self, delivery: Delivery) -> None:
        try:
            delivery.input = _rendered(delivery)
        except InvalidTargetInputError as error:  # put past PutTargets, by a stack
            self._attempts.give_up(delivery, DeliveryFailureError("INVALID_PARAMETER", str(error), retryable=False))
            return
        if not delivery.input:
            # Recorded on AWS for an empty Input and a bare placeholder without a value: nothing arrives anywhere.
            delivery.status = "dropped"
            return
        if "InputTransformer" in delivery.target and not is_deliverable(delivery.input):
            failure = DeliveryFailureError("INVALID_JSON", "Invalid input for target.", retryable=False)
            self._attempts.give_up(delivery, failure)
            return
        self._attempts.attempt(delivery, self._send)

    def _send(self, delivery: Delivery) -> None:
        bus = event_bus_of(delivery)
        if bus is None:
            self._targets.deliver(delivery)
        else:
            self._forward(delivery, bus)

    def _forward(self, delivery: Delivery, bus: Arn) -> None:
        event = forwarded(delivery, bus, self._identifiers.next())
        self.recorder.add_event(event)
        self._plan_routing(event)


@dataclass(slots=True, repr=False)
class _Routing(Work):
    """An event's turn on its bus; of all rules, or of some only."""

    route: Callable[[PublishedEvent, Sequence[str]], None]
    event: PublishedEvent
    only: Sequence[str] = ()

    def in_words(self) -> str:
        return f"event {self.event.number} on bus {self.event.bus!r}"

    def do(self) -> None:
        self.route(self.event, self.only)


@dataclass(slots=True, repr=False)
class _FirstAttempt(Work):
    """A delivery's turn."""

    deliver: Callable[[Delivery], None]
    delivery: Delivery
    which: str = ""

    def in_words(self) -> str:
        delivery = self.delivery
        number, rule = delivery.event.number, delivery.rule
        return f"{self.which}delivery of event {number} by rule {rule!r} to {delivery.target_arn}"

    def do(self) -> None:
        self.deliver(self.delivery)


def _id_of(target: Mapping[str, Any]) -> str:
    return str(target["Id"])


def _bus_of(entry: Mapping[str, Any], account: str, region: str) -> tuple[str, str, str]:
    """Return the name, account and Region of the bus that an entry names, by name or ARN."""
    name = entry.get("EventBusName")
    if not name or name == "default":
        return "default", account, region
    arn = parse_arn(name)
    return (name, account, region) if arn is None else (event_bus_name(arn), arn.account, arn.region)


def _rendered(delivery: Delivery) -> str:
    """Return what a delivery's target gets; the envelope itself is written once for all of them."""
    event, target = delivery.event, delivery.target
    if _INPUT_FORMS.isdisjoint(target):
        return event.text
    members = event.envelope
    assert members is not None, "only accepted events are delivered"
    return _input_of(target)(members, RuleFacts(delivery.rule_arn, delivery.rule, event.ingested_at))


def _input_of(target: Mapping[str, Any]) -> TargetInput:
    transformer = target.get("InputTransformer")
    if transformer is None:
        return _compiled_input(target["Id"], target.get("Input"), target.get("InputPath"), None, None)
    paths = tuple(sorted((transformer.get("InputPathsMap") or {}).items()))
    return _compiled_input(
        target["Id"], target.get("Input"), target.get("InputPath"), paths, transformer["InputTemplate"]
    )


@lru_cache(maxsize=4096)
def _compiled_input(
    target_id: str,
    constant: str | None,
    path: str | None,
    paths: tuple[tuple[str, str], ...] | None,
    template: str | None,
) -> TargetInput:
    transformer = None if template is None else (dict(paths or ()), template)
    return target_input(target_id, input=constant, input_path=path, input_transformer=transformer)
