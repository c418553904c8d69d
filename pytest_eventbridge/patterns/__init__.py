r"""The event pattern language of EventBridge, in full agreement with the service.

Core layer, usable without a test, pytest or AWS::

    from pytest_eventbridge.patterns import EventPattern

    EventPattern('{"source": ["com.shop.orders"]}').matches({"source": "com.shop.orders"})

From text to verdict: ``text`` is read, and ``parser`` and ``operators`` turn it into alternatives of ``field``\ s,
whose ``terms`` (with ``numbers``,
``addresses``, ``folding`` and ``wildcards`` under them) judge single leaves; ``complexity`` refuses what AWS finds too
complex; ``walk`` decides an event, with ``leaves`` where arrays are in play; ``explanation`` puts a watched walk
into words; ``index`` finds the patterns worth walking among many. ``docs/patterns.md`` is the normative page.
"""

from pytest_eventbridge.errors import InvalidEventPatternError
from pytest_eventbridge.patterns.event_pattern import EventPattern
from pytest_eventbridge.patterns.explanation import BranchExplanation, Explanation, FieldExplanation
from pytest_eventbridge.patterns.index import PatternIndex

__all__ = [
    "BranchExplanation",
    "EventPattern",
    "Explanation",
    "FieldExplanation",
    "InvalidEventPatternError",
    "PatternIndex",
]
