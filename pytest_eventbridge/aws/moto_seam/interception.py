"""Taking moto's data plane over, and asking what the service would refuse before moto answers.

Adapter layer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import moto.awslambda.models
import moto.core.exceptions
import moto.core.responses
import moto.events.models
import moto.events.responses
import moto.scheduler.responses

from pytest_eventbridge.aws.errors import AwsError
from pytest_eventbridge.aws.replacing import replaced

__all__ = ["DataPlane", "FunctionAnswer", "intercept", "refusal"]

_HEADER_OF_INVOCATION_TYPE = "X-Amz-Invocation-Type"


class DataPlane(Protocol):
    """Who answers the calls that are taken over from moto."""

    def check(self, service: str, account: str, region: str, operation: str, parameters: Mapping[str, Any]) -> None:
        """Refuse a request to EventBridge or EventBridge Scheduler that the service would refuse.

        Raises:
            AwsError: it would.
        """

    def answered(self) -> None:
        """Take note that moto answered a request, of any service."""

    def after(self, operation: str) -> None:
        """Take note that a request to one of them was answered."""

    def put_events(self, account: str, region: str, entries: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
        """Take entries, and return what PutEvents answers for each."""

    def put_partner_events(
        self, region: str, entries: Sequence[tuple[Mapping[str, Any], Sequence[str]]]
    ) -> list[dict[str, str]]:
        """Take a partner's entries, each with the accounts that its source was made for, and return the answers."""

    def test_event_pattern(self, pattern: str, event: str) -> bool:
        """Return whether an event matches.

        Raises:
            AwsError: the pattern or the event is refused.
        """

    def invoke_function(self, arn: str, payload: str, *, asynchronously: bool) -> FunctionAnswer:
        """Run a function, or plan to.

        Raises:
            AwsError: Lambda would not.
        """


class FunctionAnswer(Protocol):
    """What Lambda's Invoke answers."""

    @property
    def payload(self) -> str:
        """The result or the error, as JSON."""

    @property
    def failed(self) -> bool:
        """Whether the payload is an error."""

    @property
    def log(self) -> str:
        """What the function wrote."""


@contextmanager
def intercept(data_plane: DataPlane) -> Iterator[None]:
    """Take moto's data plane over for a block."""
    handler = moto.events.responses.EventsHandler
    scheduler = moto.scheduler.responses.EventBridgeSchedulerResponse
    backend = moto.events.models.EventsBackend
    function = moto.awslambda.models.LambdaFunction
    functions = moto.awslambda.models.LambdaBackend
    put_config, put = functions.put_function_event_invoke_config, backend.put_rule
    response = moto.core.responses.BaseResponse
    call, update = response.call_action, scheduler.update_schedule

    def call_and_tell(self: Any) -> Any:
        try:
            return call(self)
        finally:
            data_plane.answered()

    def call_action(self: Any) -> Any:
        parameters = json.loads(self.body or "{}")
        # PutEvents is all ours, and comes often: moto would list its handler's members first, at every call.
        is_put_events = self._get_action() == "PutEvents"
        answer = (lambda self: put_entries(self, parameters["Entries"])) if is_put_events else call_and_tell
        return answered(self, "events", parameters, answer)

    def put_entries(self: Any, requested: list[dict[str, Any]]) -> Any:
        entries = data_plane.put_events(self.current_account, self.region, requested)
        failed = sum("ErrorCode" in entry for entry in entries)
        headers, body = self._enrich_response(
            self.response_headers, json.dumps({"FailedEntryCount": failed, "Entries": entries})
        )
        return 200, headers, body

    def call_scheduler_action(self: Any) -> Any:
        # Parts of such a request stand in its path and its query.
        parameters = {"Name": unquote(urlsplit(self.uri).path.rpartition("/")[2])}
        if "groupName" in self.querystring:
            parameters["GroupName"] = self.querystring["groupName"][0]
        return answered(self, "scheduler", {**parameters, **json.loads(self.body or "{}")}, call_and_tell)

    def answered(self: Any, service: str, parameters: dict[str, Any], original: Callable[[Any], Any]) -> Any:
        operation = self._get_action()
        try:
            data_plane.check(service, self.current_account, self.region, operation, parameters)
        except AwsError as error:
            return refusal(error)
        response = original(self)
        data_plane.after(operation)
        return response

    def update_schedule(self: Any) -> str:
        # moto forgets one member of an update, and takes an absent state for none at all.
        answer: str = update(self)
        name = urlsplit(self.uri).path.rpartition("/")[2]
        schedule = self.scheduler_backend.get_schedule(self._get_param("GroupName"), name)
        schedule.action_after_completion = self._get_param("ActionAfterCompletion")
        schedule.state = schedule.state or "ENABLED"
        return answer

    def put_rule(self: Any, name: str, *arguments: Any, tags: Any = None, **members: Any) -> Any:
        # moto tags a rule that is put again; AWS takes tags only from the first time.
        bus = self.event_buses.get(self._normalize_event_bus_arn(members.get("event_bus_arn")))
        is_new = bus is None or name not in bus.rules
        return put(self, name, *arguments, tags=tags if is_new else None, **members)

    def put_events(self: Any, events: list[dict[str, Any]]) -> list[dict[str, str]]:
        return data_plane.put_events(self.account_id, self.region_name, events)

    def put_partner_events(self: Any) -> str:
        sources = self.events_backend.partner_event_sources
        requested = [
            (entry, sources[entry.get("Source")].accounts if entry.get("Source") in sources else ())
            for entry in self._get_param("Entries")
        ]
        entries = data_plane.put_partner_events(self.region, requested)
        return json.dumps({"FailedEntryCount": sum("ErrorCode" in entry for entry in entries), "Entries": entries})

    def test_event_pattern(self: Any) -> str:
        try:
            matches = data_plane.test_event_pattern(self._get_param("EventPattern"), self._get_param("Event"))
        except AwsError as error:
            raise moto.core.exceptions.JsonRESTError(error.code, error.message) from None
        return json.dumps({"Result": matches})

    def invoke(self: Any, body: str | bytes, request_headers: Any, response_headers: dict[str, str]) -> bytes:
        kind = request_headers.get(_HEADER_OF_INVOCATION_TYPE, "RequestResponse")
        if kind == "DryRun":
            return b""
        payload = body.decode() if isinstance(body, bytes) else body
        try:
            answer = data_plane.invoke_function(self.function_arn, payload or "{}", asynchronously=kind == "Event")
        except AwsError as refused:
            error = moto.core.exceptions.JsonRESTError(refused.code, refused.message)
            error.code = refused.status
            raise error from None
        if answer.failed:
            response_headers["x-amz-function-error"] = "Unhandled"
        return answer.payload.encode()

    def invoke_lambda(self: Any, event: Any = None) -> tuple[str, bool, str]:
        payload = event if isinstance(event, str) else json.dumps(event if event is not None else {})
        try:
            answer = data_plane.invoke_function(self.function_arn, payload, asynchronously=False)
        except AwsError as refused:
            return json.dumps({"errorType": refused.code, "errorMessage": refused.message}), True, ""
        return answer.payload, answer.failed, answer.log

    def put_invoke_config(self: Any, function_name: str, config: dict[str, Any]) -> Any:
        # moto appends each, and answers with the first.
        self.get_function(function_name).event_invoke_config.clear()
        return put_config(self, function_name, {"DestinationConfig": {}, **config})

    def update_invoke_config(self: Any, function_name: str, config: dict[str, Any]) -> Any:
        before = self.get_function(function_name).event_invoke_config
        return put_invoke_config(self, function_name, {**(before[-1].config if before else {}), **config})

    with replaced(
        (response, "call_action", call_and_tell),
        (handler, "call_action", call_action),
        (scheduler, "call_action", call_scheduler_action),
        (scheduler, "update_schedule", update_schedule),
        (handler, "put_partner_events", put_partner_events),
        (handler, "test_event_pattern", test_event_pattern),
        (backend, "put_events", put_events),
        (backend, "put_rule", put_rule),
        (functions, "put_function_event_invoke_config", put_invoke_config),
        (functions, "update_function_event_invoke_config", update_invoke_config),
        (function, "invoke", invoke),
        (function, "_invoke_lambda", invoke_lambda),
    ):
        yield


def refusal(error: AwsError) -> tuple[int, dict[str, str], str]:
    """Return an error as a response of moto's: status, headers and body."""
    return error.status, {"status": str(error.status)}, json.dumps({"__type": error.code, "message": error.message})
