"""IP addresses as EventBridge compares them: as upper-case hexadecimal digits.

Core layer. An address is 8 digits (IPv4, or IPv4 mapped into IPv6) or 32 (IPv6). A string literal that is an address
matches every spelling of it. A CIDR range is walked digit by digit and accepts as soon as the outcome is certain,
which lets the two families, and even plain numbers, meet in one range; that is the service's behaviour.

Source: event-ruler's CIDR and Range; verdicts of the TestEventPattern API.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["AddressRange", "InvalidRangeError", "address_digits", "parse_range"]

_MAPPED_PREFIX = "0" * 20 + "FFFF"
_IPV4_LENGTH_LIMIT = 15
_IPV4_CHARACTERS = re.compile(r"[0-9.]+")
_IPV6_CHARACTERS = re.compile(r"[0-9a-fA-F:]+")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_HEX_DIGITS = frozenset("0123456789ABCDEF")


class InvalidRangeError(ValueError):
    """A CIDR range that EventBridge refuses; its text is the service's."""


@dataclass(frozen=True, slots=True)
class AddressRange:
    """The addresses from ``bottom`` to ``top``, both included, as hexadecimal digits of one length."""

    bottom: str
    top: str

    def contains(self, digits: str) -> bool:
        """Walk the digits of an address, or the text of a number, through the range."""
        on_bottom = on_top = True
        for position, (lowest, highest) in enumerate(zip(self.bottom, self.top, strict=True)):
            if position == len(digits) or digits[position] not in _HEX_DIGITS:
                return False
            digit = digits[position]
            if (on_bottom and digit < lowest) or (on_top and digit > highest):
                return False
            on_bottom = on_bottom and digit == lowest
            on_top = on_top and digit == highest
            if self._is_certain(position + 1, on_bottom, on_top):
                return True
        return True

    def _is_certain(self, position: int, on_bottom: bool, on_top: bool) -> bool:
        return not (on_bottom and self.bottom[position:].strip("0")) and not (on_top and self.top[position:].strip("F"))


def address_digits(text: str) -> str | None:
    """Return the digits of an IPv4 or IPv6 address, or None when the text is not one."""
    if ":" in text:
        return _ipv6_digits(text)
    if len(text) <= _IPV4_LENGTH_LIMIT and text.count(".") == 3:
        return _ipv4_digits(text)
    return None


def _ipv4_digits(text: str) -> str | None:
    digits = ""
    for group in text.split("."):
        if not (group.isascii() and group.isdigit()) or int(group) > 0xFF:
            return None
        digits += f"{int(group):02X}"
    return digits if len(digits) == 8 else None


def _ipv6_digits(text: str) -> str | None:
    if not _IPV6_CHARACTERS.fullmatch(text):
        return None
    head, gap, tail = text.partition("::")
    groups = head.split(":") if head else []
    rest = tail.split(":") if tail else []
    missing = 8 - len(groups) - len(rest)
    if (missing < 1) if gap else (missing != 0):
        return None
    digits = ""
    for group in [*groups, *["0"] * missing, *rest]:
        if not group or int(group, 16) > 0xFFFF:
            return None
        digits += f"{int(group, 16):04X}"
    return digits.removeprefix(_MAPPED_PREFIX)


def parse_range(text: str) -> AddressRange:
    """Parse ``address/mask``; host bits may be set.

    Raises:
        InvalidRangeError: with the service's words. The mask of IPv4 is 0 to 31, of IPv6 0 to 127.
    """
    parts = text.rstrip("/").split("/")
    if len(parts) != 2:
        raise InvalidRangeError("Malformed CIDR, one '/' required")
    address, mask_text = parts
    if not _INTEGER.fullmatch(mask_text) or abs(int(mask_text)) > 0x7FFFFFFF:
        raise InvalidRangeError("Malformed CIDR, mask bits must be an integer")
    mask = int(mask_text)
    if mask < 0:
        raise InvalidRangeError("Malformed CIDR, mask bits must not be negative")
    if not (_IPV4_CHARACTERS.fullmatch(address) or _IPV6_CHARACTERS.fullmatch(address)):
        raise InvalidRangeError(f"Nonstandard IP address: {address}")
    digits = address_digits(address)
    if digits is None:
        raise InvalidRangeError(f"Invalid IP address: {address}")
    bits = len(digits) * 4
    if mask >= bits:
        raise InvalidRangeError(f"IPv{'4' if bits == 32 else '6'} mask bits must be < {bits}")
    host_bits = (1 << (bits - mask)) - 1
    bottom = int(digits, 16) & ~host_bits
    return AddressRange(f"{bottom:0{len(digits)}X}", f"{bottom | host_bits:0{len(digits)}X}")
