"""Entries, envelopes and target input: the documents of EventBridge.

Core layer, usable without a test, pytest or AWS. ``entries`` checks and measures what PutEvents takes; ``envelope``
builds what is delivered; ``target_input`` renders what a target receives, with ``event_paths`` to reach into events.
"""

from pytest_eventbridge.events.entries import entry_size
from pytest_eventbridge.events.target_input import InvalidTargetInputError, transform_input

__all__ = ["InvalidTargetInputError", "entry_size", "transform_input"]
