"""Phone numbers and identifiers that people break into groups, read back."""

from __future__ import annotations

import re

_PHONE = re.compile(r"\+[0-9](?:[ .-]?\(?[0-9]+\)?)*")
_SEPARATOR = re.compile(r"[ -]")
_GROUPS = re.compile(r"[A-Za-z0-9]+(?:[ -][A-Za-z0-9]+)+")


def parse_phone(text: str) -> list[str]:
    """+44 20 7946 0018, +44-20-7946-0018, +1 (202) 555-0143 -> the E.164 string."""
    if len(text) > 40 or not _PHONE.fullmatch(text):
        return []
    digits = re.sub("[^0-9]", "", text)
    return ["+" + digits] if 7 <= len(digits) <= 15 and digits[0] != "0" else []


def parse_spaced(text: str) -> list[str]:
    """GB82 WEST 1234, 978-3-16-148410-0 -> the same without spaces and hyphens.

    At least one digit, or any two words would be an identifier. Small letters may stand for
    capitals.
    """
    if len(text) > 80 or not _GROUPS.fullmatch(text) or not any(c in "0123456789" for c in text):
        return []
    compact = _SEPARATOR.sub("", text)
    upper = compact.upper()
    return [compact] if upper == compact else [compact, upper]
