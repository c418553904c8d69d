"""The functions of one test, by name and ARN.

Adapter layer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pytest_eventbridge.arns import function_arn, parse_arn
from pytest_eventbridge.errors import FunctionError, NotFoundError, near_names
from pytest_eventbridge.functions.function import Function, FunctionSettings
from pytest_eventbridge.functions.handlers import Handler, handler_from, handler_label, handler_name, is_same_handler
from pytest_eventbridge.recording.recorder import Recorder
from pytest_eventbridge.recording.records import Invocation

__all__ = ["FunctionRegistry"]


class FunctionRegistry:
    """Keeps which handler stands behind which function."""

    def __init__(
        self,
        *,
        account: str,
        region: str,
        recorder: Recorder,
        invoke: Callable[[Function, str], Invocation],
    ) -> None:
        self._account = account
        self._region = region
        self._recorder = recorder
        self._invoke = invoke
        self._functions: dict[str, Function] = {}

    def register(
        self,
        handler: object,
        *,
        name: str | None = None,
        settings: FunctionSettings | None = None,
    ) -> Function:
        """Register a handler, or find its function when it is registered already and nothing new is asked.

        Raises:
            FunctionError: it is no handler or cannot be loaded, or the name belongs to another handler.
        """
        loaded = handler_from(handler)
        known = next((each for each in self._functions.values() if is_same_handler(each.handler, loaded)), None)
        if known is not None and name in (None, known.name) and not settings:
            return known
        chosen = name or (known.name if known else self._free_name(loaded))
        arn = function_arn(self._account, self._region, chosen)
        taken = self._functions.get(arn)
        if taken is not None and not is_same_handler(taken.handler, loaded):
            raise FunctionError(
                f"function {chosen!r} is registered already, with handler {taken.handler_label}: give another name="
            )
        function = Function(
            name=chosen,
            arn=arn,
            account=self._account,
            region=self._region,
            handler=loaded,
            settings=settings or FunctionSettings(),
            _invoke=self._invoke,
            _recorded=self._recorder.invocations,
        )
        self._functions[arn] = function
        return function

    def _free_name(self, handler: Handler) -> str:
        name = handler_name(handler)
        candidates = [name, f"{handler_label(handler).rpartition('.')[0].rpartition('.')[2]}-{name}"]
        candidates += [f"{name}-{number}" for number in range(2, len(self._functions) + 3)]
        return next(
            candidate
            for candidate in candidates
            if function_arn(self._account, self._region, candidate) not in self._functions
        )

    def by_arn(self, arn: str) -> Function | None:
        """Return the function that an ARN names, with or without a version or alias."""
        function = self._functions.get(arn)
        parsed = parse_arn(arn)
        if function is not None or parsed is None:
            return function
        unqualified = parsed._replace(resource=":".join(parsed.resource.split(":")[:2]))
        return self._functions.get(str(unqualified))

    def find(self, function: object) -> Function:
        """Return the function that a handle, a handler, an import string, a name or an ARN means.

        Raises:
            NotFoundError: there is none; the message lists near names.
        """
        for known in self._functions.values():
            if function is known or is_same_handler(known.handler, function) or function in (known.name, known.arn):
                return known
        if isinstance(function, str):
            for known in self._functions.values():
                if function == known.handler_label:
                    return known
        label = function if isinstance(function, str) else getattr(function, "__name__", repr(function))
        names = [known.name for known in self._functions.values()]
        raise NotFoundError(
            f"no function {label!r} is registered: {near_names(str(label), names)}"
            " (a handler is registered by eventbridge.function(handler) or as a rule's target)"
        )

    def __iter__(self) -> Iterator[Function]:
        return iter(self._functions.values())
