"""A function: a handler registered under a name and an ARN, with the settings that Lambda has for it.

Adapter layer. Source: CreateFunction and PutFunctionEventInvokeConfig in the Lambda API reference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, final

from pytest_eventbridge.arns import parse_arn
from pytest_eventbridge.errors import InvalidInputError
from pytest_eventbridge.functions.handlers import Handler, handler_label
from pytest_eventbridge.json_text import compact
from pytest_eventbridge.recording.records import Invocation
from pytest_eventbridge.recording.views import Invocations

__all__ = ["Function", "FunctionConfiguration", "FunctionSettings"]


_DESTINATIONS = {
    "dead_letter_queue": ("sqs", "sns"),
    "on_success": ("sqs", "sns", "lambda", "events"),
    "on_failure": ("sqs", "sns", "lambda", "events"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionSettings:
    """What Lambda lets one set of a function, as far as it shows here.

    Attributes:
        environment: Environment variables.
        timeout: Seconds that an invocation may take, up to 900.
        maximum_retry_attempts: How often Lambda tries again after an error of an asynchronous invocation, 0 to 2.
        maximum_event_age: Seconds after which Lambda gives such an event up, 60 to 21,600.
        dead_letter_queue: The ARN of a queue or topic that gets events which were given up.
        on_success: The ARN of a queue, topic, function or event bus that gets a record of each success.
        on_failure: Likewise of each event that was given up.

    Raises:
        InvalidInputError: a value is outside of what Lambda allows.
    """

    environment: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 3
    maximum_retry_attempts: int = 2
    maximum_event_age: int = 21_600
    dead_letter_queue: str | None = None
    on_success: str | None = None
    on_failure: str | None = None

    @property
    def has_destinations(self) -> bool:
        """Whether anything becomes of the end of an invocation."""
        return self.keeps_failures or self.on_success is not None

    @property
    def keeps_failures(self) -> bool:
        """Whether an event that is given up goes anywhere."""
        return self.dead_letter_queue is not None or self.on_failure is not None

    def __post_init__(self) -> None:
        if not 0 < self.timeout <= 900:
            raise InvalidInputError(f"timeout must be more than 0 and at most 900 seconds, got {self.timeout!r}")
        if self.maximum_retry_attempts not in (0, 1, 2):
            raise InvalidInputError(f"maximum_retry_attempts must be 0, 1 or 2, got {self.maximum_retry_attempts!r}")
        if not 60 <= self.maximum_event_age <= 21_600:
            raise InvalidInputError(f"maximum_event_age must be 60 to 21600 seconds, got {self.maximum_event_age!r}")
        for name, services in _DESTINATIONS.items():
            arn = parse_arn(str(getattr(self, name) or ""))
            if getattr(self, name) is not None and (arn is None or arn.service not in services):
                raise InvalidInputError(
                    f"{name} must be an ARN of {' or '.join(services)}, got {getattr(self, name)!r}"
                )
        for name, value in self.environment.items():
            if not isinstance(name, str) or not isinstance(value, str):
                raise InvalidInputError(f"environment variables must be strings, got {name!r}: {value!r}")


class FunctionConfiguration(NamedTuple):
    """What Lambda's API has set for a function meanwhile.

    Attributes:
        event_invoke_config: By PutFunctionEventInvokeConfig, if it did.
        reserved_concurrency: By PutFunctionConcurrency, if it did; 0 shuts the function.
    """

    event_invoke_config: Mapping[str, Any] | None = None
    reserved_concurrency: int | None = None


@final
@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """An in-process Lambda function.

    Attributes:
        name: Its name.
        arn: Its ARN; any rule or call that names it reaches the handler.
        account: Whose it is.
        region: Its Region.
        handler: What runs.
        settings: What Lambda has set for it.
    """

    name: str
    arn: str
    account: str
    region: str
    handler: Handler
    settings: FunctionSettings
    _invoke: Callable[[Function, str], Invocation] = field(repr=False)
    _recorded: list[Invocation] = field(repr=False)

    @property
    def handler_label(self) -> str:
        """Where the handler is defined, as an import string."""
        return handler_label(self.handler)

    @property
    def invocations(self) -> Invocations:
        """Its runs so far."""
        return Invocations(invocation for invocation in self._recorded if invocation.function == self.name)

    def invoke(self, event: Any = None) -> Any:
        """Run the function with an event and return its result, as a synchronous invocation does.

        Args:
            event: Anything that JSON can carry; the function gets a copy.

        Raises:
            Exception: what the handler raises.
            FunctionError: its reserved concurrency is 0.
            TypeError: the event cannot be written as JSON.
        """
        __tracebackhide__ = True
        invocation = self._invoke(self, compact(event))
        error = invocation.error
        if error is not None:
            raise error
        return invocation.result
