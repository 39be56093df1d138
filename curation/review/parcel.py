"""A row packed into its record, so that a pull needs nothing but the Argilla server.

It travels as metadata: neither searched nor shown. Only owners may change it, and what comes back
is checked like any row: it is data, and nothing in it is run but calls to the tools at hand.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import ValidationError

from callwright.schemas.canonical import dumps
from callwright.schemas.errors import UserError
from callwright.schemas.record import Conversation

LARGEST = 64 * 1024 * 1024
"""Bytes that a parcel may unpack to: a few bytes could hold gigabytes."""


@dataclass(frozen=True)
class Parcel:
    """A row and what its dataset's manifest says of it."""

    row: Conversation
    parent: str
    """Digest of the dataset that it was taken from."""
    build: Any = None
    """What `builds` of that dataset says of the row's build."""


def pack(parcel: Parcel) -> str:
    """Give the parcel as ASCII text."""
    value = {
        "row": parcel.row.model_dump(mode="json"),
        "parent": parcel.parent,
        "build": parcel.build,
    }
    return base64.b64encode(zlib.compress(dumps(value).encode(), 9)).decode()


def unpack(text: Any, name: str) -> Parcel:
    """Give the parcel that `pack` packed; `name` is the record's, for messages.

    Raises:
        UserError: It is none.
    """
    try:
        machine = zlib.decompressobj()
        data = machine.decompress(base64.b64decode(text, validate=True), LARGEST)
        if machine.unconsumed_tail or not machine.eof:
            raise ValueError("it is cut off or too large")
        value = orjson.loads(data)
        row = Conversation.model_validate(value["row"])
        return Parcel(row, str(value["parent"]), value["build"])
    except (TypeError, ValueError, KeyError, binascii.Error, zlib.error, ValidationError) as error:
        reason = " ".join(str(error).split())[:200]
        raise UserError(
            f"record {name} holds no row that callwright packed ({reason}); "
            "delete it in Argilla and push its dataset again"
        ) from None
