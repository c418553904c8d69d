"""What every AWS API checks before it looks at what a request means: lengths, patterns, ranges, enumerations.

Adapter layer. boto3 checks only names, types and minimum lengths before it sends; the rest stands in the same service
model, and the service refuses it with a ValidationException of one form, whose texts are built here.

Source: botocore's service models; recorded ValidationExceptions of EventBridge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from botocore.model import ListShape, MapShape, ServiceModel, Shape, StructureShape

__all__ = ["constraint_violations"]

_UNMODELLED_MEMBERS = {"PutEventsRequestEntry": ("kmsKeyIdentifier", "internalMetadata")}
"""Members that the service prints of a structure and its public model lacks."""


def constraint_violations(model: ServiceModel, operation: str, parameters: Mapping[str, Any]) -> str | None:
    """Return the message with which the service refuses a request, or None when it keeps to the model.

    Args:
        model: The service's model.
        operation: Such as ``PutRule``.
        parameters: The request's members.
    """
    shape = model.operation_model(operation).input_shape
    if shape is None:
        return None
    violations = list(_violations(shape, parameters, ""))
    if not violations:
        return None
    plural = "s" if len(violations) > 1 else ""
    return f"{len(violations)} validation error{plural} detected: {'; '.join(violations)}"


def _violations(shape: Shape, value: Any, path: str) -> Iterator[str]:
    for constraint in _broken(shape, value):
        yield f"Value '{_printed(shape, value)}' at '{path}' failed to satisfy constraint: {constraint}"
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        for name, member_shape in shape.members.items():
            if value.get(name) is not None:
                yield from _violations(member_shape, value[name], f"{path}.{_lower(name)}".lstrip("."))
    elif isinstance(shape, ListShape) and isinstance(value, Sequence):
        for number, element in enumerate(value, start=1):
            yield from _violations(shape.member, element, f"{path}.{number}.member")
    elif isinstance(shape, MapShape) and isinstance(value, Mapping):
        yield from _map_violations(shape, value, path)


def _map_violations(shape: MapShape, value: Mapping[str, Any], path: str) -> Iterator[str]:
    for part, shape_of_part, texts in (("keys", shape.key, list(value)), ("value", shape.value, list(value.values()))):
        constraints = _all_constraints(shape_of_part)
        if any(next(_broken(shape_of_part, text), None) for text in texts):
            yield (
                f"Value '{_printed(shape, value)}' at '{path}' failed to satisfy constraint: Map {part} must satisfy"
                f" constraint: [{', '.join(constraints)}]"
            )


def _broken(shape: Shape, value: Any) -> Iterator[str]:
    rules = shape.metadata
    if shape.type_name == "string" and isinstance(value, str):
        if "max" in rules and len(value) > rules["max"]:
            yield f"Member must have length less than or equal to {rules['max']}"
        if len(value) < rules.get("min", 0):
            yield f"Member must have length greater than or equal to {rules['min']}"
        if "pattern" in rules and not _compiled(rules["pattern"]).fullmatch(value):
            yield f"Member must satisfy regular expression pattern: {rules['pattern']}"
        if rules.get("enum") and value not in rules["enum"]:
            yield f"Member must satisfy enum value set: [{', '.join(rules['enum'])}]"
    elif shape.type_name in ("integer", "long", "double", "float") and isinstance(value, int | float):
        if "max" in rules and value > rules["max"]:
            yield f"Member must have value less than or equal to {rules['max']}"
        if "min" in rules and value < rules["min"]:
            yield f"Member must have value greater than or equal to {rules['min']}"
    elif shape.type_name in ("list", "map") and isinstance(value, Sequence | Mapping):
        if "max" in rules and len(value) > rules["max"]:
            yield f"Member must have length less than or equal to {rules['max']}"
        if len(value) < rules.get("min", 0):
            yield f"Member must have length greater than or equal to {rules['min']}"


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of a service model. It is Java's, where letters, numbers and separators have other names."""
    for theirs, ours in ((r"\p{L}", r"\w"), (r"\p{N}", r"\d"), (r"\p{Z}", r"\s")):
        pattern = pattern.replace(theirs, ours)
    return re.compile(pattern)


def _all_constraints(shape: Shape) -> list[str]:
    rules = shape.metadata
    constraints = []
    if "max" in rules:
        constraints.append(f"Member must have length less than or equal to {rules['max']}")
    if "min" in rules:
        constraints.append(f"Member must have length greater than or equal to {rules['min']}")
    if "pattern" in rules:
        constraints.append(f"Member must satisfy regular expression pattern: {rules['pattern']}")
    return constraints


def _printed(shape: Shape, value: Any) -> str:
    """Print a value as the service's Java does."""
    if value is None:
        return "null"
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        members = [f"{_lower(name)}={_printed(member, value.get(name))}" for name, member in shape.members.items()]
        members += [f"{name}=null" for name in _UNMODELLED_MEMBERS.get(shape.name, ())]
        return f"{shape.name}({', '.join(members)})"
    if isinstance(shape, ListShape) and isinstance(value, Sequence):
        return f"[{', '.join(_printed(shape.member, element) for element in value)}]"
    if isinstance(shape, MapShape) and isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}={_printed(shape.value, member)}" for key, member in value.items()) + "}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
