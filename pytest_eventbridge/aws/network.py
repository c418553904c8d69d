"""Nothing leaves this machine: every request of botocore's meets the mock, whatever client sends it.

Adapter layer. moto intercepts the clients of sessions that were made after it was imported. Application code mostly
makes its clients at import time, before; often with no credentials in sight, or with an ``endpoint_url`` for a local
emulator. So the last step before the wire is taken over: a request is offered to moto, under the name that AWS would
have for it, and what moto does not answer is refused.

Source: botocore's ``Endpoint`` and ``RequestSigner``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from botocore.credentials import Credentials
from botocore.endpoint import Endpoint
from botocore.signers import RequestSigner

from pytest_eventbridge.aws.moto_seam.mock import answer_request, prepare
from pytest_eventbridge.aws.replacing import replaced
from pytest_eventbridge.errors import NetworkAccessError

__all__ = ["closed_network", "fake_environment"]

_FAKE_CREDENTIALS = Credentials("testing", "testing", "testing")
_SCOPE = re.compile(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/aws4_request")
_AWS_DOMAINS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")

_OTHER_SERVICES = {
    "eventbridgev2": "the client 'eventbridgev2' is for another service than EventBridge's rules and buses, which"
    " neither moto nor this plugin mocks; boto3.client('events') is the one that is mocked here"
}

_operation: ContextVar[Any] = ContextVar("operation", default=None)


def fake_environment(region: str) -> dict[str, str]:
    """Return the environment variables that stand in for an AWS configuration."""
    return {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_SESSION_TOKEN": "testing",
        "AWS_SECURITY_TOKEN": "testing",
        "AWS_DEFAULT_REGION": region,
        "AWS_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


@contextmanager
def environment(variables: Mapping[str, str], *, without: tuple[str, ...] = ()) -> Iterator[None]:
    """Set environment variables and take others away, for a block; whatever is changed within it is put back too."""
    before = dict(os.environ)
    os.environ.update(variables)
    for name in without:
        os.environ.pop(name, None)
    try:
        yield
    finally:
        # Only what differs: to set a variable calls into the operating system.
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
        for name, value in before.items():
            if os.environ.get(name) != value:
                os.environ[name] = value


@contextmanager
def closed_network(region: str) -> Iterator[None]:
    """Send every request of botocore's to the mock, for a block.

    Args:
        region: The Region that an unsigned request with an endpoint of its own is taken to mean.
    """
    make_request = Endpoint.make_request
    get_auth_instance = RequestSigner.get_auth_instance

    def make_named_request(self: Any, operation_model: Any, request_dict: Any) -> Any:
        service = operation_model.service_model.service_name
        if service in _OTHER_SERVICES:
            raise NetworkAccessError(_OTHER_SERVICES[service])
        prepare(service)
        token = _operation.set(operation_model)
        try:
            return make_request(self, operation_model, request_dict)
        except NotImplementedError:  # moto's
            raise NetworkAccessError(
                f"{service}.{operation_model.name} is not mocked: the mock (moto) has the service, but not this action."
                " Replace the client in your test, or take the call out of what is tested."
            ) from None
        except ModuleNotFoundError as error:  # moto imports a service when it is first called
            raise NetworkAccessError(
                f"{service}.{operation_model.name} is not mocked: moto needs {error.name} for it, which is not"
                " installed. pip install 'moto[all]' installs what all of its services need."
            ) from error
        finally:
            _operation.reset(token)

    def send(self: Any, request: Any) -> Any:
        host = urlsplit(request.url).hostname or ""
        if not host.endswith(_AWS_DOMAINS):
            request.url = _aws_url(self, request, region)
        response = answer_request(request)
        if response is None:
            raise _refused(host)
        return response

    def sign_with_fakes(self: Any, *args: Any, **kwargs: Any) -> Any:
        if self._credentials is None and kwargs.get("request_credentials") is None:
            kwargs["request_credentials"] = _FAKE_CREDENTIALS
        return get_auth_instance(self, *args, **kwargs)

    with replaced(
        (Endpoint, "make_request", make_named_request),
        (Endpoint, "_send", send),
        (RequestSigner, "get_auth_instance", sign_with_fakes),
    ):
        yield


def _refused(host: str) -> NetworkAccessError:
    operation = _operation.get()
    name = f"{operation.service_model.service_name}.{operation.name}" if operation else "a request"
    return NetworkAccessError(
        f"{name} would have left this machine for {host}, and was refused: the mock (moto) has no such service."
        " Replace the client in your test, or take the call out of what is tested."
    )


def _aws_url(endpoint: Any, request: Any, default_region: str) -> str:
    """Return the URL that a request to an endpoint of its own has on AWS."""
    _, netloc, path, query, fragment = urlsplit(request.url)
    scope = _SCOPE.search(_text(request.headers.get("Authorization", "")))
    region = scope[1] if scope else default_region
    own_host = urlsplit(endpoint.host).netloc
    # S3 puts the bucket in front of whatever host it was given.
    label = netloc[: -len(own_host)] if netloc.endswith(own_host) else ""
    url: str = urlunsplit(
        ("https", f"{label}{endpoint._endpoint_prefix}.{region}.amazonaws.com", path, query, fragment)
    )
    return url


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
