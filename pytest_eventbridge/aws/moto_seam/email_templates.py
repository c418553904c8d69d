"""Templated mail through SES v2, which moto has only for SES v1; both keep their templates and messages in one store.

Adapter layer. What is sent lies in moto's SES as a templated message, not rendered, as ``send_templated_email`` of v1
leaves it; ``test_render_email_template`` renders.

Source: CreateEmailTemplate, SendEmail, SendBulkEmail and their like in the SES v2 API reference.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

import moto.ses.models
import moto.sesv2.responses
from moto.ses.template import parse_template

from pytest_eventbridge.aws.errors import AwsError
from pytest_eventbridge.aws.moto_seam.interception import refusal
from pytest_eventbridge.aws.replacing import replaced
from pytest_eventbridge.instants import epoch_seconds

__all__ = ["email_templates"]


@contextmanager
def email_templates() -> Iterator[None]:
    """Add the templates of SES v2 to moto for a block."""
    response = moto.sesv2.responses.SESV2Response
    send_email = response.send_email

    def send(self: Any) -> Any:
        request = json.loads(self.body)
        template = request.get("Content", {}).get("Template")
        if template is None:
            return send_email(self)
        name = _name_of(_store(self), template)
        destinations = request.get("Destination") or {}
        data = template.get("TemplateData") or "{}"
        message = _send(_store(self), request["FromEmailAddress"], name, data, destinations)
        return json.dumps({"MessageId": message.id})

    operations: dict[str, Callable[[Any], Any]] = {
        "create_email_template": _create,
        "delete_email_template": _delete,
        "get_email_template": _get,
        "list_email_templates": _list,
        "send_bulk_email": _send_bulk,
        "send_email": send,
        "test_render_email_template": _render,
        "update_email_template": _update,
    }
    with replaced(*((response, name, _refusing(operation)) for name, operation in operations.items())):
        yield


def _refusing(operation: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def answer(self: Any) -> Any:
        try:
            return operation(self)
        except AwsError as error:
            return refusal(error)

    return answer


def _store(response: Any) -> Any:
    """Return SES v1's backend, which has the templates and the messages."""
    return moto.ses.models.ses_backends[response.current_account][response.region]


def _name_in_path(response: Any) -> str:
    return unquote(urlsplit(response.uri).path.split("/templates/")[1].split("/")[0])


def _create(response: Any) -> str:
    request = json.loads(response.body)
    name = request["TemplateName"]
    if name in _store(response).templates:
        raise AwsError("AlreadyExistsException", f"Template {name} already exists.")
    _store(response).templates[name] = _content(name, request)
    return "{}"


def _update(response: Any) -> str:
    name = _existing(response)["template_name"]
    _store(response).templates[name] = _content(name, json.loads(response.body))
    return "{}"


def _content(name: str, request: dict[str, Any]) -> dict[str, Any]:
    content = request.get("TemplateContent") or {}
    if not content.get("Subject"):
        raise AwsError("BadRequestException", "The subject must be specified.")
    return {
        "template_name": name,
        "subject_part": content["Subject"],
        "text_part": content.get("Text", ""),
        "html_part": content.get("Html", ""),
        "Timestamp": epoch_seconds(),
    }


def _existing(response: Any) -> dict[str, Any]:
    name = _name_in_path(response)
    found: dict[str, Any] | None = _store(response).templates.get(name)
    if found is None:
        raise _missing(name)
    return found


def _missing(name: str) -> AwsError:
    return AwsError("NotFoundException", f"Template {name} does not exist.", 404)


def _get(response: Any) -> str:
    return json.dumps(_shown(_existing(response)))


def _shown(template: dict[str, Any]) -> dict[str, Any]:
    content = {"Subject": template["subject_part"], "Text": template["text_part"], "Html": template["html_part"]}
    return {
        "TemplateName": template["template_name"],
        "TemplateContent": {name: text for name, text in content.items() if text},
    }


def _delete(response: Any) -> str:
    _store(response).templates.pop(_existing(response)["template_name"])
    return "{}"


def _list(response: Any) -> str:
    rows = []
    for template in _store(response).templates.values():
        created = template.get("Timestamp")  # a text, for those of SES v1
        at = {"CreatedTimestamp": created} if isinstance(created, int) else {}
        rows.append({"TemplateName": template["template_name"], **at})
    return json.dumps({"TemplatesMetadata": rows})


def _render(response: Any) -> str:
    template = _existing(response)
    data = _data(json.loads(response.body).get("TemplateData"))
    parts = (template["subject_part"], template["text_part"], template["html_part"])
    subject, text, html = (parse_template(str(part), data) for part in parts)
    return json.dumps({"RenderedTemplate": f"Subject: {subject}\r\n\r\n{text}\r\n\r\n{html}"})


def _data(text: str | None) -> dict[str, Any]:
    try:
        data = json.loads(text or "{}")
    except ValueError:
        raise AwsError("BadRequestException", "Template rendering data is invalid.") from None
    if not isinstance(data, dict):
        raise AwsError("BadRequestException", "Template rendering data is invalid.")
    return data


def _send_bulk(response: Any) -> str:
    request = json.loads(response.body)
    store, default = _store(response), request["DefaultContent"]["Template"]
    name = _name_of(store, default)
    results = []
    for entry in request["BulkEmailEntries"]:
        replacement = entry.get("ReplacementEmailContent", {}).get("ReplacementTemplate", {})
        data = {**_data(default.get("TemplateData")), **_data(replacement.get("ReplacementTemplateData"))}
        message = _send(store, request["FromEmailAddress"], name, json.dumps(data), entry.get("Destination") or {})
        results.append({"Status": "SUCCESS", "MessageId": message.id})
    return json.dumps({"BulkEmailEntryResults": results})


def _send(store: Any, source: str, template: str, data: str, destinations: Any) -> Any:
    # Older releases of moto take, and keep, lists of one text.
    takes_lists = "List" in str(inspect.signature(store.send_templated_email).parameters["template"].annotation)
    as_taken = (lambda text: [text]) if takes_lists else (lambda text: text)
    return store.send_templated_email(source, as_taken(template), as_taken(data), destinations)


def _name_of(store: Any, template: dict[str, Any]) -> str:
    name = str(template.get("TemplateName") or template.get("TemplateArn", "").rpartition("/")[2])
    if name not in store.templates:
        raise _missing(name)
    return name
