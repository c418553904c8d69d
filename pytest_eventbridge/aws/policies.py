"""IAM policy documents: whether their statements let a caller do something.

Adapter layer, and pure. Only what resource policies and roles of targets use is known here: effects, principals,
actions, resources and the usual condition operators. An operator that is not known is never satisfied.

Source: "Policy evaluation logic" and "IAM JSON policy elements" in the IAM user guide.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

__all__ = ["Access", "allows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Something that a caller wants to do.

    Attributes:
        action: Such as ``sqs:SendMessage``.
        resource: The ARN of what it is done to.
        service: The service that calls, such as ``events.amazonaws.com``, if one does.
        account: The account that calls, otherwise.
        context: The values of condition keys, by their names in lower case.
    """

    action: str
    resource: str
    service: str | None = None
    account: str | None = None
    context: Mapping[str, str] = field(default_factory=dict)


def allows(documents: Iterable[str | Mapping[str, Any]], access: Access, *, of_resource: bool = True) -> bool:
    """Return whether policies allow something: one statement must, and none may deny it.

    Args:
        documents: The policies, as mappings or JSON text.
        access: What is wanted.
        of_resource: Whether these are policies of a resource, whose statements name a principal.
    """
    effects = {
        statement.get("Effect")
        for document in documents
        for statement in _statements(document)
        if _applies(statement, access, of_resource=of_resource)
    }
    return "Allow" in effects and "Deny" not in effects


def _statements(document: str | Mapping[str, Any]) -> list[Mapping[str, Any]]:
    parsed = json.loads(document) if isinstance(document, str) else document
    return _listed(parsed.get("Statement") or [])


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _applies(statement: Mapping[str, Any], access: Access, *, of_resource: bool) -> bool:
    return (
        (not of_resource or _is_principal(statement.get("Principal"), access))
        and _is_among(statement, "Action", "NotAction", access.action, fold=True)
        and _is_among(statement, "Resource", "NotResource", access.resource)
        and all(
            _is_satisfied(operator, key, _listed(wanted), access.context)
            for operator, keys in (statement.get("Condition") or {}).items()
            for key, wanted in keys.items()
        )
    )


def _is_principal(principal: Any, access: Access) -> bool:
    if principal == "*":
        return True
    if not isinstance(principal, Mapping):
        return False
    if access.service is not None and access.service in _listed(principal.get("Service") or []):
        return True
    accounts = _listed(principal.get("AWS") or [])
    return "*" in accounts or any(_account_of(each) in ("*", access.account) for each in accounts)


def _account_of(principal: str) -> str:
    return principal.split(":")[4] if principal.startswith("arn:") else principal


def _is_among(statement: Mapping[str, Any], positive: str, negative: str, value: str, *, fold: bool = False) -> bool:
    if negative in statement:
        return not any(_is_like(each, value, fold=fold) for each in _listed(statement[negative]))
    # A function's policy of moto's, and some hand-written ones, name no resource: their own is meant.
    return positive not in statement or any(_is_like(each, value, fold=fold) for each in _listed(statement[positive]))


def _is_like(pattern: str, value: str, *, fold: bool = False) -> bool:
    if fold:
        pattern, value = pattern.lower(), value.lower()
    return fnmatchcase(value, pattern.replace("[", "[[]"))


def _is_satisfied(operator: str, key: str, wanted: list[Any], context: Mapping[str, str]) -> bool:
    name = operator.removeprefix("ForAnyValue:").removeprefix("ForAllValues:")
    value = context.get(key.lower())
    if name == "Null":
        return (value is None) is (str(wanted[0]).lower() == "true")
    if name.endswith("IfExists"):
        if value is None:
            return True
        name = name.removesuffix("IfExists")
    is_negative = "Not" in name
    if value is None:
        return is_negative or operator.startswith("ForAllValues:")
    texts = [str(each).lower() if isinstance(each, bool) else str(each) for each in wanted]
    match name.replace("Not", ""):
        case "StringEquals":
            found = value in texts
        case "StringEqualsIgnoreCase":
            found = value.lower() in [text.lower() for text in texts]
        case "StringLike" | "ArnEquals" | "ArnLike":
            found = any(_is_like(text, value) for text in texts)
        case "Bool":
            found = value.lower() in [text.lower() for text in texts]
        case _:
            return False
    return found is not is_negative
