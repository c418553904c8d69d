"""The assertions of the ``eventbridge`` fixture: what each checks, and the words it fails with.

Harness layer. A failure says what was wanted, the nearest thing that happened, how they differ, and what to try; its
first line is complete by itself. Every assertion returns what it found.
"""

from pytest_eventbridge.assertions.delivered import DeliveredAssertions
from pytest_eventbridge.assertions.invoked import InvokedAssertions
from pytest_eventbridge.assertions.published import PublishedAssertions
from pytest_eventbridge.assertions.redelivery import RedeliveryAssertions

__all__ = ["Assertions"]


class Assertions(PublishedAssertions, DeliveredAssertions, InvokedAssertions, RedeliveryAssertions):
    """Everything that a test can demand of what happened."""
