"""What a target receives of an event: all of it, a constant, a part, or a template filled in.

Core layer. The outcome is a *text*, which goes to the target and, when that fails, to the dead-letter queue. A
template that begins with ``{`` is an object: values are written into it as JSON. Any other template is raw: values are
inserted as bare text, and quotation marks inside objects and arrays are dropped. Either way the result must be JSON
(one value, or several with blanks between), or it never reaches the target.

Source: "Amazon EventBridge input transformation" in the user guide; PutTargets in the API reference; 94 recorded cases.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from pytest_eventbridge.errors import InvalidInputError
from pytest_eventbridge.events.event_paths import MISSING, EventPath, parse_event_path
from pytest_eventbridge.instants import epoch_milliseconds, instant, iso_milliseconds
from pytest_eventbridge.json_text import compact

__all__ = ["InvalidTargetInputError", "RuleFacts", "TargetInput", "is_deliverable", "target_input", "transform_input"]

_PLACEHOLDER = re.compile(r"<([A-Za-z0-9_.\-]+)>")
_WHOLE_EVENT = ("aws.events.event", "aws.events.event.json")
_PREDEFINED = frozenset(
    {"aws.events.rule-arn", "aws.events.rule-name", "aws.events.event.ingestion-time", *_WHOLE_EVENT}
)
_KEY_MARK = "\ue000"


class InvalidTargetInputError(InvalidInputError):
    """An Input, InputPath or InputTransformer that PutTargets refuses; the message is the service's."""


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """What a template may ask besides the event.

    Attributes:
        arn: The rule's ARN.
        name: The rule's name.
        ingestion_time: When EventBridge took the event in, with its milliseconds.
    """

    arn: str = ""
    name: str = ""
    ingestion_time: datetime | None = None


TargetInput: TypeAlias = "Callable[[dict[str, Any], RuleFacts], str]"
"""Renders the text for an event."""


class _Literal(NamedTuple):
    text: str


class _Value(NamedTuple):
    name: str
    path: EventPath | None
    quoted: bool


@dataclass(frozen=True, slots=True)
class _Template:
    is_object: bool
    pieces: tuple[_Literal | _Value, ...] = field(default=())

    def __call__(self, event: dict[str, Any], rule: RuleFacts) -> str:
        write = self._as_json if self.is_object else _as_raw_text
        return "".join(
            piece.text if isinstance(piece, _Literal) else write(_value(piece, event, rule), piece.quoted)
            for piece in self.pieces
        )

    @staticmethod
    def _as_json(value: Any, quoted: bool) -> str:
        if value is MISSING:
            return "" if quoted else '""'
        text = compact(value)
        return text[1:-1] if quoted and isinstance(value, str) else text


def _as_raw_text(value: Any, quoted: bool) -> str:
    if value is MISSING:
        return ""
    return value if isinstance(value, str) else compact(value).replace('"', "")


def _value(piece: _Value, event: dict[str, Any], rule: RuleFacts) -> Any:
    if piece.path is not None:
        return piece.path.find(event)
    match piece.name:
        case "aws.events.rule-arn":
            return rule.arn
        case "aws.events.rule-name":
            return rule.name
        case "aws.events.event.ingestion-time":
            return iso_milliseconds(rule.ingestion_time or instant(event["time"]))
        case "aws.events.event.json":
            return event
        case _:
            return _reduced(event)


def _reduced(event: dict[str, Any]) -> dict[str, Any]:
    """Return the object that ``aws.events.event`` stands for: other names, no detail, time in milliseconds."""
    return {
        "id": event.get("id"),
        "account": event.get("account"),
        "detailType": event.get("detail-type"),
        "time": epoch_milliseconds(instant(event["time"])),
        "source": event.get("source"),
        "region": event.get("region"),
        "resources": event.get("resources", []),
        "version": event.get("version", "0"),
    }


def target_input(
    target_id: str,
    *,
    input: str | None = None,  # noqa: A002  # the API's own name
    input_path: str | None = None,
    input_transformer: tuple[Mapping[str, str], str] | None = None,
) -> TargetInput:
    """Check a target's input form as PutTargets does, and make it ready to render.

    Args:
        target_id: The target's Id, which the refusals name.
        input: A constant JSON text.
        input_path: A path into the event.
        input_transformer: The paths by name, and the template.

    Raises:
        InvalidTargetInputError: PutTargets refuses the form, or more than one is given.
    """
    if sum(form is not None for form in (input, input_path, input_transformer)) > 1:
        raise InvalidTargetInputError(
            f"Only one of Input, InputPath, or InputTransformer must be provided for target {target_id}."
        )
    if input is not None:
        return _constant(input, target_id)
    if input_path is not None:
        return _part(input_path, target_id)
    if input_transformer is not None:
        paths, template = input_transformer
        return _compile_template(tuple(paths.items()), template, target_id)
    return _whole


def _whole(event: dict[str, Any], rule: RuleFacts) -> str:
    return compact(event)


def _constant(text: str, target_id: str) -> TargetInput:
    if text:
        try:
            json.loads(text, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise InvalidTargetInputError(
                f"JSON syntax error in input for target {target_id}: {_source(text, error)}"
            ) from None
    return lambda event, rule: text


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _source(text: str, error: Exception) -> str:
    line, column = (error.lineno, error.colno) if isinstance(error, json.JSONDecodeError) else (1, 1)
    return f'[Source: (String)"{text}"; line: {line}, column: {column}]'


def _part(path: str, target_id: str) -> TargetInput:
    if not path:
        return lambda event, rule: "{}"
    parsed = _path(path, target_id)

    def render(event: dict[str, Any], rule: RuleFacts) -> str:
        value = parsed.find(event)
        return "{}" if value is MISSING or value is None else compact(value)

    return render


def _path(text: str, target_id: str) -> EventPath:
    try:
        return parse_event_path(text)
    except InvalidInputError:
        raise InvalidTargetInputError(f"InputPath for target {target_id} is invalid.") from None


@lru_cache(maxsize=1024)
def _compile_template(path_texts: tuple[tuple[str, str], ...], template: str, target_id: str) -> _Template:
    paths = {name: _path(path, target_id) for name, path in path_texts}
    is_object = template.lstrip().startswith("{")
    pieces = tuple(_pieces(template, paths))
    _check_template(template, paths, target_id, is_object=is_object)
    known = {*paths, *_PREDEFINED}
    return _Template(
        is_object,
        tuple(
            piece if isinstance(piece, _Literal) or piece.name in known else _Literal(f"<{piece.name}>")
            for piece in pieces
        ),
    )


def _pieces(template: str, paths: Mapping[str, EventPath]) -> Iterator[_Literal | _Value]:
    offset, quoted = 0, False
    for match in _PLACEHOLDER.finditer(template):
        literal = template[offset : match.start()]
        quoted = _ends_quoted(literal, quoted=quoted)
        yield _Literal(literal)
        yield _Value(match[1], paths.get(match[1]), quoted)
        offset = match.end()
    yield _Literal(template[offset:])


def _ends_quoted(text: str, *, quoted: bool) -> bool:
    """Whether the end of a text lies inside a JSON string, given whether its beginning does."""
    for mark in re.findall(r'\\.|"', text, re.DOTALL):
        if mark == '"':
            quoted = not quoted
    return quoted


def _check_template(template: str, paths: Mapping[str, EventPath], target_id: str, *, is_object: bool) -> None:
    names = _PLACEHOLDER.findall(template)
    for name in names:
        if paths and name not in paths and name not in _PREDEFINED:
            raise InvalidTargetInputError(f"InputTemplate for target {target_id} contains invalid placeholder {name}.")
    if _names_key(template):
        raise InvalidTargetInputError(f"InputTemplate placeholder present as a JSON object key for target {target_id}.")
    for name in names:
        if name in _WHOLE_EVENT and not is_object:
            raise InvalidTargetInputError(
                f"InputTemplate for target {target_id} contains placeholder {name} valid only for JSON template."
            )
    filled = _PLACEHOLDER.sub("null", template)
    error = _json_fault(filled)
    if error is not None:
        raise InvalidTargetInputError(f"Invalid InputTemplate for target {target_id} : {_source(filled, error)}.")


def _names_key(template: str) -> bool:
    """Whether a placeholder stands in an object's member name."""
    marked, offset, quoted = "", 0, False
    for match in _PLACEHOLDER.finditer(template):
        literal = template[offset : match.start()]
        quoted = _ends_quoted(literal, quoted=quoted)
        marked += literal + (_KEY_MARK if quoted else "null")
        offset = match.end()
    marked += template[offset:]
    names: list[str] = []
    decoder = json.JSONDecoder(object_pairs_hook=lambda members: names.extend(name for name, _ in members))
    try:
        decoder.raw_decode(marked.lstrip())
    except (ValueError, RecursionError):
        return False
    return any(_KEY_MARK in name for name in names)


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)
_BLANKS = re.compile(r"[ \t\r\n]*")


def _json_fault(text: str) -> Exception | None:
    """Return why a text is not a sequence of JSON values with blanks between, or None when it is."""
    offset = _end_of_blanks(text, 0)
    if offset == len(text):
        return json.JSONDecodeError("Expecting value", text, offset)
    while offset < len(text):
        try:
            _, end = _DECODER.raw_decode(text, offset)
        except (ValueError, RecursionError) as error:
            return error
        following = _end_of_blanks(text, end)
        if following == end and end < len(text) and text[end] not in '"{[':
            return json.JSONDecodeError("Expecting a blank", text, end)
        offset = following
    return None


def _end_of_blanks(text: str, offset: int) -> int:
    match = _BLANKS.match(text, offset)
    return match.end() if match else offset


def is_deliverable(text: str) -> bool:
    """Whether a rendered text is JSON, as every target's input must be."""
    return _json_fault(text) is None


def transform_input(
    event: Mapping[str, Any],
    *,
    input: str | None = None,  # noqa: A002  # the API's own name
    input_path: str | None = None,
    input_transformer: tuple[Mapping[str, str], str] | None = None,
    rule_arn: str = "",
    rule_name: str = "",
    ingestion_time: datetime | str | None = None,
) -> str:
    """Return the text that a target would receive of an event.

    Args:
        event: The event's envelope.
        input: A constant, as in PutTargets.
        input_path: A path into the event, as in PutTargets.
        input_transformer: The paths by name, and the template.
        rule_arn: What ``aws.events.rule-arn`` stands for.
        rule_name: What ``aws.events.rule-name`` stands for.
        ingestion_time: What ``aws.events.event.ingestion-time`` stands for; the event's time when absent.

    Raises:
        InvalidTargetInputError: PutTargets refuses the form.

    Example:
        >>> transform_input({"detail": {"id": 7}}, input_transformer=({"order": "$.detail.id"}, '{"order": <order>}'))
        '{"order": 7}'
    """
    render = target_input("target", input=input, input_path=input_path, input_transformer=input_transformer)
    ingested = None if ingestion_time is None else instant(ingestion_time)
    return render(dict(event), RuleFacts(rule_arn, rule_name, ingested))
