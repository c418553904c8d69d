"""A function's environment variables, which its handler sees while it runs.

Adapter layer. Source: "Defined runtime environment variables" in the Lambda developer guide.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

__all__ = ["FunctionEnvironment", "environment_of"]


def environment_of(
    *, name: str, region: str, handler: str, log_stream: str, memory: str, environment: Mapping[str, str]
) -> dict[str, str]:
    """Return the variables that Lambda's runtime sets for a function, and the function's own over them."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return {
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": memory,
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python{version}",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "LAMBDA_TASK_ROOT": os.getcwd(),
        "_HANDLER": handler,
        **environment,
    }


class FunctionEnvironment:
    """The environment of the function that runs, on top of the process's own.

    Setting a variable calls into the operating system, and a function has a dozen: so its variables stay from one run
    to the next until another function comes, or the work is done.
    """

    def __init__(self) -> None:
        """Leave the process's environment as it is."""
        self._variables: Mapping[str, str] | None = None
        self._before: dict[str, str | None] = {}

    def switch(self, variables: Mapping[str, str] | None) -> Mapping[str, str] | None:
        """Set a function's variables, and put back what was there before the last one's.

        Args:
            variables: The function's, the same object each time; None for the process's own environment.

        Returns:
            Those that were set until now.
        """
        last = self._variables
        if variables is not last:
            _set(self._before)
            self._before = {name: os.environ.get(name) for name in variables or ()}
            _set(variables or {})
            self._variables = variables
        return last


def _set(variables: Mapping[str, str | None]) -> None:
    for name, value in variables.items():
        if os.environ.get(name) == value:
            continue
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value
