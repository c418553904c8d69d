"""A function's environment variables, set for the time of a call.

Adapter layer. Source: "Defined runtime environment variables" in the Lambda developer guide.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from pytest_eventbridge.functions.context import LambdaContext

__all__ = ["environment_of", "environment_variables"]


def environment_of(
    context: LambdaContext, *, region: str, handler: str, environment: Mapping[str, str]
) -> dict[str, str]:
    """Return the variables that Lambda's runtime sets for a function, and the function's own over them."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return {
        "AWS_LAMBDA_FUNCTION_NAME": context.function_name,
        "AWS_LAMBDA_FUNCTION_VERSION": context.function_version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": context.memory_limit_in_mb,
        "AWS_LAMBDA_LOG_GROUP_NAME": context.log_group_name,
        "AWS_LAMBDA_LOG_STREAM_NAME": context.log_stream_name,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python{version}",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "LAMBDA_TASK_ROOT": os.getcwd(),
        "_HANDLER": handler,
        **environment,
    }


@contextmanager
def environment_variables(variables: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for a block, and put back what was there."""
    before = {name: os.environ.get(name) for name in variables}
    _set_where_different(variables)
    try:
        yield
    finally:
        _set_where_different(before)


def _set_where_different(variables: Mapping[str, str | None]) -> None:
    # Setting one calls into the operating system, reading does not, and most stay the same from call to call.
    for name, value in variables.items():
        if os.environ.get(name) == value:
            continue
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value
