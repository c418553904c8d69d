"""Replacing attributes for a block, many of them for every test.

Adapter layer. ``unittest.mock.patch.object`` does the same at many times the cost, since it could do so much more; with
some thirty replacements around each test that is felt.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["replaced"]

_ABSENT = object()


@contextmanager
def replaced(*replacements: tuple[Any, str, Any]) -> Iterator[None]:
    """Replace attributes of classes and modules for a block, and put back what was there.

    Args:
        replacements: Owner, name and value of each; a name that the owner does not have itself is taken away again.
    """
    before = [(owner, name, vars(owner).get(name, _ABSENT)) for owner, name, _ in replacements]
    for owner, name, value in replacements:
        setattr(owner, name, value)
    try:
        yield
    finally:
        for owner, name, value in reversed(before):
            if value is _ABSENT:
                delattr(owner, name)
            else:
                setattr(owner, name, value)
