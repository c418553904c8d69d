"""Putting the parts of a mocked EventBridge together: who is given whom.

Harness layer. Every part is made here, once a test, and given what it needs; none looks for another by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from pytest_eventbridge.aws.bucket_events import BucketEvents
from pytest_eventbridge.aws.data_plane import EngineDataPlane
from pytest_eventbridge.aws.moto_seam.control_plane import MotoState
from pytest_eventbridge.aws.moto_seam.resources import resource_names, resource_policies, role_policies
from pytest_eventbridge.configuration import Settings
from pytest_eventbridge.delivery.attempts import Attempts
from pytest_eventbridge.delivery.engine import DeliveryEngine
from pytest_eventbridge.delivery.faults import PlannedFaults
from pytest_eventbridge.delivery.identifiers import Identifiers
from pytest_eventbridge.delivery.recurring import RecurringWork
from pytest_eventbridge.delivery.scheduled_rules import ScheduledRules
from pytest_eventbridge.delivery.scheduler import Scheduler
from pytest_eventbridge.delivery.timeline import Timeline
from pytest_eventbridge.functions.asynchronous import AsynchronousInvocations
from pytest_eventbridge.functions.registry import FunctionRegistry
from pytest_eventbridge.functions.runtime import FunctionRuntime
from pytest_eventbridge.recording.recorder import Recorder
from pytest_eventbridge.targets.caller import TargetCaller
from pytest_eventbridge.targets.destinations import Destinations
from pytest_eventbridge.targets.permissions import Permissions
from pytest_eventbridge.targets.scheduled import ScheduledTargets

__all__ = ["Parts", "assemble"]


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one test.

    Attributes:
        state: What moto's control plane has.
        timeline: The work, and its now.
        recorder: What happened.
        faults: What is planned to go wrong.
        registry: The functions.
        engine: The data plane's work.
        recurring_work: What fires as the clock moves.
        data_plane: What the seam into moto hands its calls to.
        bucket_events: What it tells of objects in buckets.
    """

    state: MotoState
    timeline: Timeline
    recorder: Recorder
    faults: PlannedFaults
    registry: FunctionRegistry
    engine: DeliveryEngine
    recurring_work: RecurringWork
    data_plane: EngineDataPlane
    bucket_events: BucketEvents


def assemble(settings: Settings) -> Parts:
    """Make the parts of a test, and give each what it needs."""
    state, timeline, recorder, faults = MotoState(), Timeline(), Recorder(), PlannedFaults()
    identifiers = Identifiers(settings.seed)
    runtime = FunctionRuntime(
        timeline=timeline,
        recorder=recorder,
        identifiers=identifiers,
        faults=faults,
        configuration=state.function_configuration,
    )
    invocations = AsynchronousInvocations(
        runtime=runtime, timeline=timeline, identifiers=identifiers, configuration=state.function_configuration
    )
    registry = FunctionRegistry(
        account=settings.account_id, region=settings.region, recorder=recorder, invoke=runtime.invoke
    )
    permissions = (
        Permissions(resource_policies, role_policies, identifiers.next) if settings.permissions == "enforce" else None
    )
    targets = TargetCaller(registry, invocations, identifiers.next, state.api_destination, permissions, resource_names)
    attempts = Attempts(timeline=timeline, recorder=recorder, faults=faults, targets=targets)
    engine = DeliveryEngine(
        control_plane=state,
        targets=targets,
        attempts=attempts,
        timeline=timeline,
        recorder=recorder,
        identifiers=identifiers,
        faults=faults,
        immediate=settings.delivery == "immediate",
    )
    # A function's outcome can become an event again, so Lambda's queue learns of the engine last.
    invocations.pass_on = Destinations(engine.put_events, registry, invocations).pass_on
    scheduler = Scheduler(
        control_plane=state,
        timeline=timeline,
        recorder=recorder,
        identifiers=identifiers,
        attempts=attempts,
        send=ScheduledTargets(targets, engine.put_events).deliver,
        window_seed=settings.seed if settings.flexible_time_windows == "random" else None,
        runs_past=settings.past_schedules == "run",
    )
    rules = ScheduledRules(state, engine.fire_schedule)
    recurring_work = RecurringWork(timeline, state, rules.recurring, scheduler.recurring)
    data_plane = EngineDataPlane(
        engine=engine,
        control_plane=state,
        registry=registry,
        runtime=runtime,
        invocations=invocations,
        recurring_work=recurring_work,
        faults=faults,
        entry_size_limit=settings.entry_size_limit,
        bus_policies=resource_policies if permissions is not None else None,
    )
    bucket_events = BucketEvents(engine, identifiers)
    return Parts(state, timeline, recorder, faults, registry, engine, recurring_work, data_plane, bucket_events)
