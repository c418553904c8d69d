"""pytest-eventbridge: test EventBridge-driven applications with pytest.

The package, from bottom to top; each layer imports only those below it:

    ground      errors, arns, instants, json_text
    core        patterns/, schedules/, events/    the languages and documents of EventBridge; usable on their own
    engine      recording/, delivery/             what happened; timeline, routing, delivery, retries, dead letters
    adapters    functions/, targets/, aws/        in-process Lambda, target kinds, moto and boto3
    harness     rules, near_miss, assertions/, clock, faults, configuration, strict_checks, reports/, composition,
                eventbridge, running
    surface     plugin                            what pytest loads: options, marker, fixtures, hooks

Names are loaded when they are first used, so that a test suite which does not use them pays nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_eventbridge.errors import (
        ConfigurationError,
        EntryRejectedError,
        EventBridgeError,
        FunctionError,
        InvalidEventPatternError,
        InvalidInputError,
        InvalidScheduleExpressionError,
        NetworkAccessError,
        NotFoundError,
    )
    from pytest_eventbridge.eventbridge import EventBridge
    from pytest_eventbridge.functions.function import Function
    from pytest_eventbridge.patterns import EventPattern, Explanation
    from pytest_eventbridge.recording import DeadLetter, Delivery, Invocation, PublishedEvent
    from pytest_eventbridge.rules import Bus, Rule, Target
    from pytest_eventbridge.schedules import ScheduleExpression

__all__ = [
    "Bus",
    "ConfigurationError",
    "DeadLetter",
    "Delivery",
    "EntryRejectedError",
    "EventBridge",
    "EventBridgeError",
    "EventPattern",
    "Explanation",
    "Function",
    "FunctionError",
    "InvalidEventPatternError",
    "InvalidInputError",
    "InvalidScheduleExpressionError",
    "Invocation",
    "NetworkAccessError",
    "NotFoundError",
    "PublishedEvent",
    "Rule",
    "ScheduleExpression",
    "Target",
]

_MODULES = {
    "Bus": "rules",
    "ConfigurationError": "errors",
    "DeadLetter": "recording",
    "Delivery": "recording",
    "EntryRejectedError": "errors",
    "EventBridge": "eventbridge",
    "EventBridgeError": "errors",
    "EventPattern": "patterns",
    "Explanation": "patterns",
    "Function": "functions.function",
    "FunctionError": "errors",
    "InvalidEventPatternError": "errors",
    "InvalidInputError": "errors",
    "InvalidScheduleExpressionError": "errors",
    "Invocation": "recording",
    "NetworkAccessError": "errors",
    "NotFoundError": "errors",
    "PublishedEvent": "recording",
    "Rule": "rules",
    "ScheduleExpression": "schedules",
    "Target": "rules",
}


def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{module}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
