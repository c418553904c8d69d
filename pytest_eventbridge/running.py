"""Starting a mocked AWS with its EventBridge, and undoing everything.

Harness layer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from pytest_eventbridge.aws.moto_seam.buckets import told_object_changes
from pytest_eventbridge.aws.moto_seam.email_templates import email_templates
from pytest_eventbridge.aws.moto_seam.event_buses import event_buses
from pytest_eventbridge.aws.moto_seam.interception import intercept
from pytest_eventbridge.aws.moto_seam.mock import mended_on_first_use, running_mock
from pytest_eventbridge.aws.moto_seam.replays import archives_and_replays
from pytest_eventbridge.aws.moto_seam.stacks import stack_resources
from pytest_eventbridge.aws.moto_seam.state_machines import publishing_state_machines
from pytest_eventbridge.aws.network import closed_network, environment, fake_environment
from pytest_eventbridge.aws.session import kept_session
from pytest_eventbridge.configuration import Settings
from pytest_eventbridge.eventbridge import EventBridge

__all__ = ["running"]

_REAL_CONFIGURATION = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "MOTO_ACCOUNT_ID")


@contextmanager
def running(settings: Settings) -> Iterator[EventBridge]:
    """Start a mocked AWS with its EventBridge for a block; everything is undone afterwards, also after an error."""
    eventbridge = EventBridge(settings)
    with ExitStack() as stack:
        stack.enter_context(environment(fake_environment(settings.region), without=_REAL_CONFIGURATION))
        stack.enter_context(running_mock(settings.account_id))
        stack.enter_context(kept_session())
        stack.enter_context(closed_network(settings.region))
        stack.enter_context(intercept(eventbridge.data_plane))
        stack.enter_context(archives_and_replays(eventbridge.data_plane.start_replay, lambda: eventbridge.clock.now))
        stack.enter_context(event_buses())
        stack.enter_context(stack_resources())
        stack.enter_context(email_templates())
        stack.enter_context(
            mended_on_first_use(
                {
                    "s3": lambda: told_object_changes(eventbridge.bucket_events.put),
                    "stepfunctions": publishing_state_machines,
                }
            )
        )
        stack.callback(eventbridge.clock.stop)
        if settings.now is not None:
            eventbridge.clock.freeze(settings.now)
        yield eventbridge
