"""One boto3 session for the whole process, lent to boto3 as its default inside the mock.

Adapter layer. Without it each test reads botocore's service models again, which costs most of a test's time. The
session forgets what a test may have changed (its credentials), and outside the fixture boto3 has its own again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.model import ServiceModel

__all__ = ["clients", "kept_session", "service_model", "service_name", "service_names"]

_ACCOUNT_HEADER = "x-moto-account-id"


@lru_cache(maxsize=1)
def _session() -> boto3.Session:
    return boto3.Session()


@contextmanager
def kept_session() -> Iterator[boto3.Session]:
    """Make the process's session boto3's default, for a block."""
    before = boto3.DEFAULT_SESSION
    session = _session()
    session._session._credentials = None  # type: ignore[attr-defined]  # resolved again, from this test's environment
    boto3.DEFAULT_SESSION = session
    try:
        yield session
    finally:
        boto3.DEFAULT_SESSION = before


@lru_cache(maxsize=256)
def clients(service: str, region: str, account: str) -> Any:
    """Return a client of our own, for a service in a Region of an account; made once in a process."""
    client: Any = _session().client(
        service,  # type: ignore[call-overload]  # boto3's stubs list the names
        region_name=region,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",  # noqa: S106  # a fake, like all credentials here
        config=Config(retries={"max_attempts": 0}, ignore_configured_endpoint_urls=True),  # type: ignore[call-arg]  # newer than the stubs
    )

    def name_account(params: dict[str, Any], **kwargs: Any) -> None:
        params["headers"][_ACCOUNT_HEADER] = account

    client.meta.events.register("before-call", name_account)
    return client


@lru_cache(maxsize=1)
def service_names() -> list[str]:
    """Return the names of all services that boto3 knows."""
    return _session().get_available_services()


_NAMES_IN_JAVA = {
    "cloudwatchlogs": "logs",
    "cognitoidentityprovider": "cognito-idp",
    "costexplorer": "ce",
    "databasemigration": "dms",
    "elasticloadbalancing": "elb",
    "elasticloadbalancingv2": "elbv2",
    "eventbridge": "events",
    "iotdataplane": "iot-data",
    "rdsdata": "rds-data",
    "redshiftdata": "redshift-data",
    "sfn": "stepfunctions",
}


def service_name(name: str) -> str:
    """Return boto3's name of a service that is named as the SDK for Java names it, such as ``sfn``."""
    lower = name.lower()
    if lower in _NAMES_IN_JAVA:
        return _NAMES_IN_JAVA[lower]
    return next((known for known in service_names() if known.replace("-", "") == lower), lower)


@lru_cache(maxsize=8)
def service_model(service: str) -> ServiceModel:
    """Return botocore's model of a service."""
    model: ServiceModel = _session()._session.get_service_model(service)
    return model
