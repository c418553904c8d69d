"""Lambda handlers: what counts as one, and finding one by its import string.

Adapter layer. Source: "Define Lambda function handler in Python" in the Lambda developer guide.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from types import MethodType
from typing import Any, TypeAlias

from pytest_eventbridge.errors import FunctionError, near_names

__all__ = ["Handler", "handler_from", "handler_label", "handler_name", "is_same_handler"]

Handler: TypeAlias = "Callable[[Any, Any], Any]"

_NAME_LIMIT = 64


def handler_from(handler: object) -> Handler:
    """Return a handler as a callable.

    Args:
        handler: A callable of an event and a context, or its import string: ``shop.mail.send_confirmation``.

    Raises:
        FunctionError: it is neither, its module cannot be imported, or the module has no such callable.
    """
    if callable(handler):
        return handler
    if not isinstance(handler, str):
        raise FunctionError(
            f"a handler is a callable or an import string such as 'shop.mail.send_confirmation', got"
            f" {type(handler).__name__} {handler!r}"
        )
    module_name, dot, name = handler.replace("/", ".").rpartition(".")
    if not dot:
        raise FunctionError(
            f"handler {handler!r} names no module: write it as 'module.function', such as 'shop.mail.send_confirmation'"
        )
    try:
        module = importlib.import_module(module_name)
    except Exception as error:
        raise FunctionError(
            f"handler {handler!r} cannot be loaded: importing {module_name!r} raised {type(error).__name__}: {error}"
        ) from error
    found = getattr(module, name, None)
    if not callable(found):
        functions = [item for item, value in vars(module).items() if callable(value) and not item.startswith("_")]
        what = "has no" if found is None else "has something that cannot be called as"
        raise FunctionError(f"module {module_name!r} {what} {name!r}: {near_names(name, functions)}")
    loaded: Handler = found
    return loaded


def handler_name(handler: Handler) -> str:
    """Return a name for a handler's function, of the characters that Lambda allows."""
    name = getattr(handler, "__name__", None) or type(handler).__name__
    return re.sub(r"[^A-Za-z0-9_-]+", "", str(name))[:_NAME_LIMIT] or "function"


def handler_label(handler: Handler) -> str:
    """Return where a handler is defined: the import string that Lambda would have in ``_HANDLER``."""
    module = getattr(handler, "__module__", None) or type(handler).__module__
    return f"{module}.{getattr(handler, '__name__', type(handler).__name__)}"


def is_same_handler(handler: object, other: object) -> bool:
    """Say whether two are one handler: a method is a new object at each access, so it is told by its instance."""
    return handler is other or (isinstance(handler, MethodType) and handler == other)
