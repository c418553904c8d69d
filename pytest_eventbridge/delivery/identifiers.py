"""Ids that repeat from run to run.

Engine layer.
"""

from __future__ import annotations

import random

__all__ = ["Identifiers"]


class Identifiers:
    """A seeded source of ids, in the shape of AWS's: like UUIDs, with the version digit free."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  # they must repeat, not be secret

    def next(self) -> str:
        """Return the next id."""
        # One call into C, which no other thread can come between.
        digits = self._random.getrandbits(128).to_bytes(16, "big").hex()
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
