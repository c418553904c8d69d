"""Rules, targets and event buses as a test handles them.

Harness layer. Whatever is done here is an API call that an application could make, and whatever is read comes from the
control plane at that moment.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, final

from pytest_eventbridge.arns import parse_arn
from pytest_eventbridge.delivery.ports import RuleState
from pytest_eventbridge.delivery.timeline import Occurrence
from pytest_eventbridge.errors import InvalidInputError, NotFoundError
from pytest_eventbridge.functions.function import Function
from pytest_eventbridge.patterns import EventPattern, Explanation
from pytest_eventbridge.recording.recorder import Recorder
from pytest_eventbridge.recording.records import PublishedEvent
from pytest_eventbridge.recording.views import Deliveries, Events

__all__ = ["Bus", "Rule", "RuleAccess", "Target"]


@final
class Target:
    """A target with its options, as ``eventbridge.rule(..., targets=[...])`` takes it.

    Example:
        Target(queue_arn, input_path="$.detail", dead_letter_queue=dead_letters_arn, retry_policy=(3, 3600))
    """

    __slots__ = ("id", "parameters", "to")

    def __init__(
        self,
        arn_or_handler: object,
        *,
        id: str | None = None,  # noqa: A002  # the API's own name
        input: object = None,  # noqa: A002  # likewise
        input_path: str | None = None,
        input_transformer: tuple[Mapping[str, str], str] | None = None,
        dead_letter_queue: str | None = None,
        retry_policy: tuple[int, int] | None = None,
        role_arn: str | None = None,
        **service_parameters: Any,
    ) -> None:
        """Describe a target.

        Args:
            arn_or_handler: An ARN, a handler, or a function that ``eventbridge.function`` returned.
            id: The target's Id; made from what it is when absent.
            input: A constant: JSON text, or a value that is written as JSON.
            input_path: A path into the event.
            input_transformer: The paths by name, and the template.
            dead_letter_queue: The ARN of an SQS queue.
            retry_policy: Maximum retry attempts (0 to 185) and maximum event age in seconds (60 to 86,400).
            role_arn: The role that EventBridge takes on; some kinds of target need one.
            service_parameters: The service's own, as in PutTargets: ``SqsParameters={"MessageGroupId": "orders"}``.

        Raises:
            InvalidInputError: an option has the wrong form.
        """
        self.to = arn_or_handler
        self.id = id
        parameters: dict[str, Any] = dict(service_parameters)
        if input is not None:
            parameters["Input"] = input if isinstance(input, str) else json.dumps(input)
        if input_path is not None:
            parameters["InputPath"] = input_path
        if input_transformer is not None:
            paths, template = _pair(input_transformer, "input_transformer", "(paths by name, template)")
            parameters["InputTransformer"] = {"InputPathsMap": dict(paths), "InputTemplate": template}
        if dead_letter_queue is not None:
            parameters["DeadLetterConfig"] = {"Arn": dead_letter_queue}
        if retry_policy is not None:
            attempts, age = _pair(
                retry_policy, "retry_policy", "(maximum_retry_attempts, maximum_event_age_in_seconds)"
            )
            parameters["RetryPolicy"] = {"MaximumRetryAttempts": attempts, "MaximumEventAgeInSeconds": age}
        if role_arn is not None:
            parameters["RoleArn"] = role_arn
        self.parameters = parameters

    def __repr__(self) -> str:
        options = "".join(f", {name}={value!r}" for name, value in self.parameters.items())
        return f"Target({self.to!r}{options})"


def _pair(value: Any, name: str, form: str) -> tuple[Any, Any]:
    if isinstance(value, tuple | list) and len(value) == 2:
        return value[0], value[1]
    raise InvalidInputError(f"{name} must be a pair {form}, got {value!r}")


@dataclass(frozen=True, slots=True)
class RuleAccess:
    """What a rule's handle works with.

    Attributes:
        client: A boto3 client for EventBridge.
        state: Returns the rule's state now, or None when it was deleted.
        function: Finds or registers a function for a handler.
        recorder: What happened.
        fire: Sends a scheduled rule's event now.
        upcoming: Returns the next occurrences of a scheduled rule.
    """

    client: Any
    state: Callable[[str, str], RuleState | None]
    function: Callable[[object], Function]
    recorder: Recorder
    fire: Callable[[RuleState], PublishedEvent]
    upcoming: Callable[[RuleState, int], list[Occurrence]]


@final
class Rule:
    """A rule on an event bus, read from the control plane whenever it is asked."""

    def __init__(self, name: str, bus: str, access: RuleAccess) -> None:
        self.name = name
        self.bus = bus
        self._access = access

    @property
    def current(self) -> RuleState:
        """The rule as the control plane has it now.

        Raises:
            NotFoundError: it was deleted.
        """
        state = self._access.state(self.bus, self.name)
        if state is None:
            raise NotFoundError(f"rule {self.name!r} does not exist on bus {self.bus!r} any more")
        return state

    @property
    def arn(self) -> str:
        """The rule's ARN."""
        return self.current.arn

    @property
    def pattern(self) -> EventPattern | None:
        """The rule's event pattern, if it has one."""
        text = self.current.pattern
        return None if text is None else EventPattern(text)

    @property
    def schedule(self) -> str | None:
        """The rule's schedule expression, if it has one."""
        return self.current.schedule

    @property
    def state(self) -> str:
        """``ENABLED``, ``DISABLED`` or ``ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS``."""
        return self.current.state

    @property
    def targets(self) -> list[dict[str, Any]]:
        """The rule's targets as ListTargetsByRule answers them."""
        return [dict(target) for target in self.current.targets]

    def add_target(self, target: object) -> None:
        """Add a target: a handler, a function, an ARN or a :class:`Target`. PutTargets through boto3.

        Raises:
            InvalidInputError: it is none of these.
            botocore.exceptions.ClientError: EventBridge refuses it.
        """
        self.add_targets([target])

    def add_targets(self, targets: Iterable[object]) -> None:
        """Add targets in one call."""
        taken = {target["Id"] for target in self.current.targets}
        members = []
        for target in targets:
            spelled = target if isinstance(target, Target) else Target(target)
            arn = self._arn_of(spelled.to)
            target_id = spelled.id or _free_id(arn, taken)
            taken.add(target_id)
            members.append({"Id": target_id, "Arn": arn, **spelled.parameters})
        if members:
            self._access.client.put_targets(Rule=self.name, EventBusName=self.bus, Targets=members)

    def _arn_of(self, to: object) -> str:
        if isinstance(to, str) and to.startswith("arn:"):
            return to
        if isinstance(to, Bus | Rule):
            raise InvalidInputError(f"a target is named by its ARN: give {type(to).__name__.lower()}.arn")
        if isinstance(to, Function):
            return to.arn
        if callable(to) or (isinstance(to, str) and "." in to):
            return self._access.function(to).arn
        raise InvalidInputError(
            f"a target is a handler, a function, an ARN or a Target, got {type(to).__name__} {to!r}"
        )

    def matches(self, event: Mapping[str, Any] | str | PublishedEvent) -> bool:
        """Return whether the rule's pattern matches an event, whatever the rule's state."""
        return bool(self.explain(event))

    def explain(self, event: Mapping[str, Any] | str | PublishedEvent) -> Explanation:
        """Return why the rule's pattern matches an event, or why it does not."""
        pattern = self.pattern
        if pattern is None:
            return Explanation(matches=False, branches=())
        return pattern.explain((event.envelope or {}) if isinstance(event, PublishedEvent) else event)

    def next_occurrences(self, n: int) -> list[datetime]:
        """Return the next instants at which the rule's schedule fires, in UTC, without moving the clock.

        Raises:
            InvalidInputError: the rule has no schedule.
        """
        self._check_schedule()
        return [occurrence.instant for occurrence in self._access.upcoming(self.current, n)]

    def run_now(self) -> PublishedEvent:
        """Send the rule's Scheduled Event now, whatever its schedule says.

        Raises:
            InvalidInputError: the rule has no schedule.
        """
        self._check_schedule()
        return self._access.fire(self.current)

    def _check_schedule(self) -> None:
        if self.current.schedule is None:
            raise InvalidInputError(f"rule {self.name!r} has no schedule, only the pattern {self.current.pattern}")

    def enable(self) -> None:
        """Enable the rule. EnableRule through boto3."""
        self._access.client.enable_rule(Name=self.name, EventBusName=self.bus)

    def disable(self) -> None:
        """Disable the rule: neither its pattern nor its schedule fires. DisableRule through boto3."""
        self._access.client.disable_rule(Name=self.name, EventBusName=self.bus)

    @property
    def events(self) -> Events:
        """The events that the rule matched."""
        arn = self.current.arn
        return Events(event for event in self._access.recorder.events if arn in event.rule_arns)

    @property
    def deliveries(self) -> Deliveries:
        """The deliveries to the rule's targets."""
        arn = self.current.arn
        return Deliveries(delivery for delivery in self._access.recorder.deliveries if delivery.rule_arn == arn)

    def __repr__(self) -> str:
        return f"<rule {self.name!r} on {self.bus!r}>"


def _free_id(arn: str, taken: set[str]) -> str:
    parsed = parse_arn(arn)
    resource = parsed.resource if parsed else arn
    name = re.sub(r"[^.\-_A-Za-z0-9]+", "-", resource.rpartition("/")[2].rpartition(":")[2])[:60] or "target"
    candidates = [name, *(f"{name}-{number}" for number in range(2, len(taken) + 3))]
    return next(candidate for candidate in candidates if candidate not in taken)


@final
@dataclass(frozen=True, slots=True)
class Bus:
    """An event bus.

    Attributes:
        name: Its name.
        arn: Its ARN.
    """

    name: str
    arn: str
