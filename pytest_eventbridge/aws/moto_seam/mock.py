"""Starting moto, and asking it for an answer.

Adapter layer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache, partial
from typing import Any
from unittest.mock import patch

import moto.core.config
import moto.core.custom_responses_mock
import moto.core.models
import moto.iam.models
from moto import mock_aws
from requests.adapters import HTTPAdapter

from pytest_eventbridge.aws.replacing import replaced

__all__ = ["answer_request", "mended_on_first_use", "prepare", "running_mock"]


@contextmanager
def running_mock(account: str) -> Iterator[None]:
    """Run moto with every service, for one account unless a call says otherwise, keeping boto3's session."""
    settings = moto.core.config.default_user_config
    ours = {
        "core": {**settings.get("core", {}), "reset_boto3_session": False, "mock_credentials": False},
        "stepfunctions": {"execute_state_machine": True},
    }
    with ExitStack() as stack:
        if account != moto.core.models.DEFAULT_ACCOUNT_ID:
            stack.enter_context(replaced((moto.iam.models, "DEFAULT_ACCOUNT_ID", account)))
        stack.enter_context(patch.dict(settings, ours))
        # Inside a mock of the user's own there is nothing to start; moto would not undo our settings at its inner end.
        if not moto.core.models.MockAWS._nested_count:
            # What moto lets pass goes on to a mock of responses that was there before, and not past it.
            stack.enter_context(replaced((moto.core.models.responses_mock, "_real_send", HTTPAdapter.send)))
            stack.enter_context(_started_mock())
        yield


@contextmanager
def _started_mock() -> Iterator[None]:
    mock = mock_aws()
    # moto makes an object for each method of each URL that it answers, over a thousand, whenever it starts; they only
    # count their calls, so all tests can share them. They were most of what a test with the fixture cost.
    with replaced((moto.core.models, "CallbackResponse", _callback_response)):
        mock.start()
    registered = moto.core.models.responses_mock.registered()
    try:
        yield
    finally:
        mock.stop()
        for response in registered:
            if response.calls:
                response.calls.reset()


@cache
def _callback_response(*, method: str, url: Any, callback: Any) -> Any:
    return moto.core.custom_responses_mock.CallbackResponse(method=method, url=url, callback=callback)


_mends_on_first_use: dict[str, Callable[[], object]] = {}


@contextmanager
def mended_on_first_use(mends: Mapping[str, Callable[[], AbstractContextManager[None]]]) -> Iterator[None]:
    """Mend services of moto's for a block, each when it is first called: some parts of moto are dear to import.

    Args:
        mends: Each makes what is entered, by the service.
    """
    with ExitStack() as stack:
        stack.callback(_mends_on_first_use.clear)
        for service, mend in mends.items():
            _mends_on_first_use[service] = partial(_enter, stack, mend)
        yield


def _enter(stack: ExitStack, mend: Callable[[], AbstractContextManager[None]]) -> None:
    stack.enter_context(mend())


def prepare(service: str) -> None:
    """Get a service ready that is about to be called."""
    mend = _mends_on_first_use.pop(service, None)
    if mend is not None:
        mend()


def answer_request(request: Any) -> Any:
    """Return moto's answer to a request of botocore's, or None when it has none."""
    response = moto.core.models.botocore_stubber("before-send", request)
    is_unknown = response is not None and response.status_code == 404 and response.text == "Not yet implemented"
    return None if is_unknown else response
