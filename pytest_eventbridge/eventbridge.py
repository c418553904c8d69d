"""The object behind the ``eventbridge`` fixture: a mocked Amazon EventBridge, and what a test does with it.

Harness layer. It offers rules, functions, publishing, the clock, faults and what happened within a test's reach; the
parts that do the work are put together in ``composition``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, final

from pytest_eventbridge.assertions import Assertions
from pytest_eventbridge.aws.moto_seam.functions import create_function
from pytest_eventbridge.aws.moto_seam.queues import queues_without_waiting
from pytest_eventbridge.aws.session import clients
from pytest_eventbridge.clock import Clock
from pytest_eventbridge.composition import assemble
from pytest_eventbridge.configuration import Settings
from pytest_eventbridge.delivery.ports import LocatedRule, RuleState, ScheduleState
from pytest_eventbridge.delivery.timeline import Occurrence, PlannedWork, Work
from pytest_eventbridge.errors import EntryRejectedError, InvalidInputError, NotFoundError, near_names
from pytest_eventbridge.faults import Faults
from pytest_eventbridge.functions.function import Function, FunctionSettings
from pytest_eventbridge.functions.time_limit import sleep_without_waiting
from pytest_eventbridge.instants import instant
from pytest_eventbridge.recording.records import PublishedEvent
from pytest_eventbridge.recording.views import DeadLetters, Deliveries, Events, Invocations
from pytest_eventbridge.rules import Bus, Rule, RuleAccess
from pytest_eventbridge.strict_checks import complaints

__all__ = ["EventBridge"]


@final
class EventBridge(Assertions):
    """A mocked Amazon EventBridge for one test.

    Attributes:
        settings: How it behaves.
        clock: The clock that the test moves.
        faults: Plans what goes wrong.
    """

    def __init__(self, settings: Settings) -> None:
        """Put the parts together; ``running`` starts them."""
        parts = assemble(settings)
        self.settings = settings
        self._seed = settings.seed
        self.data_plane = parts.data_plane
        self.bucket_events = parts.bucket_events
        self._state = parts.state
        self._timeline = parts.timeline
        self._recorder = parts.recorder
        self._registry = parts.registry
        self._engine = parts.engine
        self._recurring_work = parts.recurring_work
        self._planned_faults = parts.faults
        self._all_rules: Callable[[], Sequence[RuleState]] = parts.state.all_rules
        self._all_schedules: Callable[[], Sequence[ScheduleState]] = parts.state.schedules
        self._upcoming: Callable[[int, str | None], Sequence[Occurrence]] = parts.recurring_work.upcoming
        self._clients: dict[tuple[str, str], Any] = {}
        self.faults = Faults(parts.faults, parts.timeline, parts.registry, self._goes_to)
        self.clock = Clock(parts.timeline, parts.recurring_work, queues_without_waiting, sleep_without_waiting)

    @property
    def _events_client(self) -> Any:
        return clients("events", self.settings.region, self.settings.account_id)

    def client(self, service: str = "events", region: str | None = None) -> Any:
        """Return a boto3 client inside the mock.

        Args:
            service: As ``boto3.client`` takes it.
            region: The test's Region when absent.
        """
        import boto3

        key = (service, region or self.settings.region)
        if key not in self._clients:
            self._clients[key] = boto3.client(service, region_name=key[1])  # type: ignore[call-overload]  # any service
        return self._clients[key]

    def bus(self, name: str) -> Bus:
        """Return an event bus, created when it does not exist. CreateEventBus through boto3.

        Raises:
            botocore.exceptions.ClientError: EventBridge refuses the name.
        """
        known = self._state.bus_arns(self.settings.account_id, self.settings.region)
        if name not in known:
            return Bus(name, self._events_client.create_event_bus(Name=name)["EventBusArn"])
        return Bus(name, known[name])

    def rule(
        self,
        name: str,
        *,
        pattern: str | Mapping[str, Any] | None = None,
        schedule: str | None = None,
        bus: str | Bus = "default",
        targets: Iterable[object] = (),
        state: str = "ENABLED",
        description: str | None = None,
    ) -> Rule:
        """Put a rule with its targets, or return the existing rule of that name. PutRule and PutTargets through boto3.

        Args:
            name: The rule's name.
            pattern: An event pattern, as a mapping or JSON text.
            schedule: A schedule expression; with neither a pattern nor this, the rule must exist.
            bus: The event bus, which must exist.
            targets: Handlers, functions, ARNs or :class:`Target` objects.
            state: ``ENABLED`` or ``DISABLED``, or the state that also sees read-only CloudTrail events.
            description: The rule's description.

        Raises:
            NotFoundError: neither pattern nor schedule is given, and there is no such rule; near names are listed.
            InvalidInputError: something is no target.
            FunctionError: a handler cannot be loaded.
            botocore.exceptions.ClientError: EventBridge refuses the rule or a target.
        """
        bus_name = bus.name if isinstance(bus, Bus) else bus
        access = RuleAccess(
            client=self._events_client,
            state=self._rule_state_on,
            function=self._function_of,
            recorder=self._recorder,
            fire=self._fire_now,
            upcoming=lambda state, count: self._recurring_work.upcoming(count, state.arn),
        )
        rule = Rule(name, bus_name, access)
        if pattern is None and schedule is None:
            self._check_rule_exists(name, bus_name)
        else:
            request: dict[str, Any] = {"Name": name, "EventBusName": bus_name, "State": state}
            if pattern is not None:
                request["EventPattern"] = pattern if isinstance(pattern, str) else json.dumps(pattern)
            if schedule is not None:
                request["ScheduleExpression"] = schedule
            if description is not None:
                request["Description"] = description
            self._events_client.put_rule(**request)
        rule.add_targets(targets)
        return rule

    def _rule_state_on(self, bus: str, name: str) -> RuleState | None:
        rules = self._state.rules(self.settings.account_id, self.settings.region, bus) or ()
        return next((rule for rule in rules if rule.name == name), None)

    def _fire_now(self, rule: RuleState) -> PublishedEvent:
        event = self._engine.fire_schedule(LocatedRule(self.settings.account_id, self.settings.region, rule))
        if self._engine.immediate:
            self._timeline.run()
        return event

    def _check_rule_exists(self, name: str, bus: str) -> None:
        if self._rule_state_on(bus, name) is not None:
            return
        elsewhere = [rule.bus for rule in self._state.all_rules() if rule.name == name]
        where = f"; there is one on bus {elsewhere[0]!r}" if elsewhere else ""
        rules = self._state.rules(self.settings.account_id, self.settings.region, bus) or ()
        raise NotFoundError(
            f"there is no rule {name!r} on bus {bus!r}{where}: {near_names(name, (rule.name for rule in rules))}"
            " (to put one, give pattern= or schedule=)"
        )

    def function(
        self,
        handler: object,
        *,
        name: str | None = None,
        environment: Mapping[str, str] | None = None,
        timeout: float = 3,
        maximum_retry_attempts: int = 2,
        maximum_event_age: int = 21_600,
        dead_letter_queue: str | None = None,
        on_success: str | None = None,
        on_failure: str | None = None,
    ) -> Function:
        """Register a handler as a Lambda function, or return its function.

        Args:
            handler: A callable of an event and a context, plain or a coroutine function, or its import string.
            name: The function's name; the handler's own when absent.
            environment: Environment variables that the handler sees while it runs.
            timeout: Seconds that an invocation may take, up to 900.
            maximum_retry_attempts: How often Lambda tries again after an error, 0 to 2.
            maximum_event_age: Seconds after which Lambda gives an event up, 60 to 21,600.
            dead_letter_queue: The ARN of a queue or topic that gets events which were given up.
            on_success: The ARN of a queue, topic, function or event bus that gets a record of each success.
            on_failure: Likewise of each event that was given up.

        Raises:
            FunctionError: it is no handler, cannot be loaded, or the name belongs to another handler.
            InvalidInputError: a setting is outside of what Lambda allows.
        """
        settings = FunctionSettings(
            environment=dict(environment or {}),
            timeout=timeout,
            maximum_retry_attempts=maximum_retry_attempts,
            maximum_event_age=maximum_event_age,
            dead_letter_queue=dead_letter_queue,
            on_success=on_success,
            on_failure=on_failure,
        )
        return self._function_of(handler, name, None if settings == FunctionSettings() else settings)

    def _function_of(
        self, handler: object, name: str | None = None, settings: FunctionSettings | None = None
    ) -> Function:
        if isinstance(handler, Function):
            return handler
        function = self._registry.register(handler, name=name, settings=settings)
        create_function(
            self.settings.account_id,
            self.settings.region,
            function.name,
            handler=function.handler_label,
            environment=function.settings.environment,
            timeout=function.settings.timeout,
        )
        return function

    def publish(
        self,
        source: str,
        detail_type: str,
        detail: Mapping[str, Any] | str | None = None,
        *,
        bus: str | Bus = "default",
        resources: Sequence[str] = (),
        time: datetime | date | str | float | None = None,
    ) -> PublishedEvent:
        """Publish an event as an application does. PutEvents through boto3.

        Args:
            source: The event's source.
            detail_type: The event's detail type.
            detail: A mapping that is written as JSON, or JSON text.
            bus: The event bus.
            resources: ARNs that the event is about.
            time: The event's time; the clock's now when absent.

        Raises:
            EntryRejectedError: EventBridge rejects the entry.
            InvalidInputError: the detail cannot be written as JSON, or the time is no instant.
            botocore.exceptions.ClientError: EventBridge refuses the whole request.
        """
        entry = _entry(source, detail_type, detail, resources, time)
        entry["EventBusName"] = bus.name if isinstance(bus, Bus) else bus
        answer = self._events_client.put_events(Entries=[entry])["Entries"][0]
        if "ErrorCode" in answer:
            rejected = next(event for event in reversed(self._recorder.events) if event.rejection is not None)
            rejected.looked_at = True
            raise EntryRejectedError(
                f"EventBridge rejected the entry with {answer['ErrorCode']}: {answer['ErrorMessage']}",
                error_code=answer["ErrorCode"],
                error_message=answer["ErrorMessage"],
            )
        return next(event for event in reversed(self._recorder.events) if event.id == answer["EventId"])

    def publish_service_event(
        self,
        source: str,
        detail_type: str,
        detail: Mapping[str, Any] | str | None = None,
        *,
        resources: Sequence[str] = (),
        time: datetime | date | str | float | None = None,
        region: str | None = None,
    ) -> PublishedEvent:
        """Publish what only AWS can: an event of one of its services, on the default event bus; or one of a partner.

        Args:
            source: Such as ``aws.s3``; a partner's, ``aws.partner/example.com/orders``, names the event bus too.
            detail_type: Such as ``Object Created``.
            detail: A mapping that is written as JSON, or JSON text.
            resources: ARNs that the event is about.
            time: The event's time; the clock's now when absent.
            region: Where it happens; the test's Region when absent.

        Raises:
            InvalidInputError: the source is not one of AWS's, or the detail is not a JSON object.
        """
        if not source.startswith("aws."):
            raise InvalidInputError(
                f"a service's source is such as 'aws.s3', got {source!r}: publish() sends events of applications"
            )
        entry = _entry(source, detail_type, detail, resources, time)
        if source.startswith("aws.partner/"):
            entry["EventBusName"] = source
        where = region or self.settings.region
        (event,) = self._engine.put_events(self.settings.account_id, where, [entry], by_service=True)
        if event.rejection is not None:
            event.looked_at = True
            raise InvalidInputError(f"no service sends such an event: {event.rejection[1]}")
        return event

    def deliver(self, n: int | None = None) -> int:
        """Do the work that is due, in manual mode or within :meth:`hold`.

        Args:
            n: How many pieces of work at the most.

        Returns:
            How many were done.
        """
        if n is not None and (not isinstance(n, int) or n < 0):
            raise InvalidInputError(f"n must be a whole number, 0 or more, got {n!r}")
        return self._timeline.run(n)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Let work wait within a block, as with ``delivery="manual"``; what is left is done at its end.

        In manual mode it stays so.
        """
        before = self._engine.immediate
        self._engine.immediate = False
        try:
            yield
        finally:
            self._engine.immediate = before
        if before:
            self._timeline.run()

    @property
    def events(self) -> Events:
        """Every entry that reached PutEvents, also rejected ones and those that matched nothing."""
        return Events(self._recorder.events)

    @property
    def deliveries(self) -> Deliveries:
        """Every delivery of an event to a target."""
        return Deliveries(self._recorder.deliveries)

    @property
    def invocations(self) -> Invocations:
        """Every run of a function."""
        return Invocations(self._recorder.invocations)

    @property
    def dead_letters(self) -> DeadLetters:
        """Every delivery that ended in a dead-letter queue."""
        return DeadLetters(self._recorder.dead_letters)

    @property
    def pending(self) -> list[Work | PlannedWork]:
        """The work that waits, in order: what is due now, then retries and schedules."""
        self._recurring_work.refresh()
        return [*self._timeline.due, *self._timeline.later]

    def trail(self, *, unicode: bool = True, limit: int | None = None) -> str:
        """Return the test's whole story as a tree by cause: events, rules, deliveries, runs, and what waits.

        Args:
            unicode: Whether branches are drawn with characters beyond ASCII.
            limit: How many lines at the most.

        Example:
            print(eventbridge.trail())
        """
        from pytest_eventbridge.reports.trail import trail

        return trail(self._recorder, self.pending, self._recurring_work.never_occurring, unicode=unicode, limit=limit)

    def complaints(self) -> list[str]:
        """Return what the strict checks have to complain of."""
        return complaints(self.settings.checks, self._recorder, self._planned_faults.unused)

    def __repr__(self) -> str:
        recorder = self._recorder
        return f"<EventBridge: {len(recorder.events)} events, {len(recorder.invocations)} invocations>"


def _entry(
    source: str,
    detail_type: str,
    detail: Mapping[str, Any] | str | None,
    resources: Sequence[str],
    time: datetime | date | str | float | None,
) -> dict[str, Any]:
    if isinstance(detail, str):
        text = detail
    else:
        try:
            text = json.dumps(dict(detail or {}), allow_nan=False)
        except (TypeError, ValueError) as error:
            raise InvalidInputError(f"the detail cannot be written as JSON: {error}") from None
    entry: dict[str, Any] = {"Source": source, "DetailType": detail_type, "Detail": text}
    if resources:
        entry["Resources"] = list(resources)
    if time is not None:
        entry["Time"] = instant(time)
    return entry
