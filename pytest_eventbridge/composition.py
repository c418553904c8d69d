"""Putting the parts of a mocked EventBridge together: who is given whom.

Harness layer. Every part is made here, once a test, and given what it needs; none looks for another by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from pytest_eventbridge.aws.data_plane import EngineDataPlane
from pytest_eventbridge.aws.moto_seam import MotoState
from pytest_eventbridge.configuration import Settings
from pytest_eventbridge.delivery.engine import DeliveryEngine
from pytest_eventbridge.delivery.faults import PlannedFaults
from pytest_eventbridge.delivery.identifiers import Identifiers
from pytest_eventbridge.delivery.scheduled_rules import ScheduledRules
from pytest_eventbridge.delivery.timeline import Timeline
from pytest_eventbridge.functions.registry import FunctionRegistry
from pytest_eventbridge.functions.runtime import FunctionRuntime
from pytest_eventbridge.recording.recorder import Recorder
from pytest_eventbridge.targets.caller import TargetCaller
from pytest_eventbridge.targets.destinations import Destinations

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
        scheduled_rules: What fires as the clock moves.
        data_plane: What the seam into moto hands its calls to.
    """

    state: MotoState
    timeline: Timeline
    recorder: Recorder
    faults: PlannedFaults
    registry: FunctionRegistry
    engine: DeliveryEngine
    scheduled_rules: ScheduledRules
    data_plane: EngineDataPlane


def assemble(settings: Settings) -> Parts:
    """Make the parts of a test, and give each what it needs."""
    state, timeline, recorder, faults = MotoState(), Timeline(), Recorder(), PlannedFaults()
    identifiers = Identifiers(settings.seed)
    runtime = FunctionRuntime(timeline=timeline, recorder=recorder, identifiers=identifiers, faults=faults)
    registry = FunctionRegistry(
        account=settings.account_id, region=settings.region, recorder=recorder, invoke=runtime.invoke
    )
    engine = DeliveryEngine(
        control_plane=state,
        targets=TargetCaller(registry, runtime, identifiers.next),
        timeline=timeline,
        recorder=recorder,
        identifiers=identifiers,
        faults=faults,
        immediate=settings.delivery == "immediate",
    )
    # A function's outcome can become an event again, so the runtime learns of the engine last.
    runtime.pass_on = Destinations(engine.put_events, registry, runtime).pass_on
    scheduled_rules = ScheduledRules(control_plane=state, timeline=timeline, fire=engine.fire_schedule)
    data_plane = EngineDataPlane(
        engine=engine,
        control_plane=state,
        registry=registry,
        runtime=runtime,
        scheduled_rules=scheduled_rules,
        faults=faults,
        entry_size_limit=settings.entry_size_limit,
    )
    return Parts(state, timeline, recorder, faults, registry, engine, scheduled_rules, data_plane)
