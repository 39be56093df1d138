"""JSON pointers (RFC 6901): where a value stands inside another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

_INDEX = re.compile(r"0|[1-9][0-9]*")  # RFC 6901, section 4: no leading zeros
_BAD_ESCAPE = re.compile(r"~(?![01])")


class PointerError(KeyError):
    """A pointer that is malformed or points at nothing. The message says where it broke off."""

    def __str__(self) -> str:
        # KeyError would show its message in quotes.
        return str(self.args[0]) if self.args else ""


def escape(key: str) -> str:
    """Write an object key as one pointer token (`a/b` -> `a~1b`)."""
    return key.replace("~", "~0").replace("/", "~1")


def unescape(token: str) -> str:
    """Read one pointer token back into the object key.

    Raises:
        PointerError: A `~` is followed by neither 0 nor 1.
    """
    if _BAD_ESCAPE.search(token):
        raise PointerError(f"bad escape in pointer token {token!r}: write ~ as ~0 and / as ~1")
    return token.replace("~1", "/").replace("~0", "~")


def from_dotted(path: str) -> str:
    """Give the pointer of a path of names: `address.city` is `/address/city`."""
    return "".join("/" + escape(name) for name in path.split("."))


@lru_cache(maxsize=16384)
def split(pointer: str) -> tuple[str, ...]:
    """Split a pointer into unescaped tokens; the empty pointer (the whole value) has none.

    Raises:
        PointerError: The pointer is malformed.
    """
    if not pointer:
        return ()
    if not pointer.startswith("/"):
        raise PointerError(f"pointer {pointer!r} must be empty or start with /")
    tokens = pointer[1:].split("/")
    return tuple(unescape(token) for token in tokens) if "~" in pointer else tuple(tokens)


def resolve(value: Any, pointer: str) -> Any:
    """Give the value that `pointer` points at inside `value`.

    Raises:
        PointerError: The pointer is malformed or points at nothing.
    """
    for token in split(pointer):
        value = value[_step(value, token, pointer)]
    return value


def leaves(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Yield (pointer, leaf) for every leaf in document order; an empty container is a leaf.

    Args:
        value: A JSON value.
        pointer: Where `value` itself stands; put before every pointer yielded.
    """
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, f"{pointer}/{escape(key)}")
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, f"{pointer}/{index}")
    else:
        yield pointer, value


def replace(value: Any, pointer: str, new: Any) -> Any:
    """Give a copy of `value` with `new` at `pointer`, where something must already stand.

    Only the containers on the way are copied; the rest is shared with `value`.

    Raises:
        PointerError: The pointer is malformed or points at nothing.
    """
    return _replaced(value, split(pointer), new, pointer)


def _replaced(value: Any, tokens: tuple[str, ...], new: Any, pointer: str) -> Any:
    if not tokens:
        return new
    key = _step(value, tokens[0], pointer)
    copy = value.copy()
    copy[key] = _replaced(value[key], tokens[1:], new, pointer)
    return copy


def _step(value: Any, token: str, pointer: str) -> Any:
    """Give the key or index that `token` means in `value`; checks that it exists."""
    if isinstance(value, dict):
        if token in value:
            return token
        raise PointerError(f"pointer {pointer!r}: no key {token!r}")
    if isinstance(value, list):
        # The length test comes first: int() refuses digit strings of hostile length.
        if _INDEX.fullmatch(token) and len(token) < 19 and int(token) < len(value):
            return int(token)
        raise PointerError(f"pointer {pointer!r}: no index {token!r} in a list of {len(value)}")
    raise PointerError(f"pointer {pointer!r}: {token!r} looked up in a {type(value).__name__}")
