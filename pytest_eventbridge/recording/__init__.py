"""What happened: the recorder, its records, and the views and filters over them.

Engine layer. Nothing here decides anything; ``delivery`` and ``functions`` write, tests and reports read.
"""

from pytest_eventbridge.recording.filters import Difference, EventFilter, Part
from pytest_eventbridge.recording.recorder import Recorder
from pytest_eventbridge.recording.records import (
    DeadLetter,
    Delivery,
    Invocation,
    PublishedEvent,
    RecordedRequest,
    SourceLine,
)
from pytest_eventbridge.recording.views import DeadLetters, Deliveries, Events, Invocations, Records

__all__ = [
    "DeadLetter",
    "DeadLetters",
    "Deliveries",
    "Delivery",
    "Difference",
    "EventFilter",
    "Events",
    "Invocation",
    "Invocations",
    "Part",
    "PublishedEvent",
    "RecordedRequest",
    "Recorder",
    "Records",
    "SourceLine",
]
