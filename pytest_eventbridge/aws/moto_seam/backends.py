"""Where moto keeps what it has: its backends by account and Region.

Adapter layer.
"""

from __future__ import annotations

from typing import Any

import moto.awslambda.models
import moto.events.models

__all__ = ["backend", "event_bus", "events_backend", "lambda_function"]


def backend(backends: Any, account: str, region: str) -> Any:
    """Return a service's backend; one that exists is found as in any dict, where moto would check both names anew."""
    of_account = dict.get(backends, account)
    known = None if of_account is None else dict.get(of_account, region)
    return backends[account][region] if known is None else known


def events_backend(account: str, region: str) -> Any:
    """Return EventBridge's backend."""
    return backend(moto.events.models.events_backends, account, region)


def event_bus(account: str, region: str, name: str) -> Any:
    """Return an event bus, or None when there is none of that name."""
    try:
        return events_backend(account, region).event_buses.get(name)
    except KeyError:  # there is no such Region
        return None


def lambda_function(account: str, region: str, name: str) -> Any:
    """Return a Lambda function, or None when there is none of that name."""
    functions = backend(moto.awslambda.models.lambda_backends, account, region)._lambdas._functions
    return functions[name]["latest"] if name in functions else None
