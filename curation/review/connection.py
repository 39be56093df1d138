"""The way to an Argilla server: where it is, with which key, and its errors in one line."""

from __future__ import annotations

import contextlib
import io
import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from callwright.schemas.errors import MissingExtra, UserError

if TYPE_CHECKING:
    import argilla

WORKSPACE = "review"
"""Where datasets are put that people should see, unless another workspace is named."""

RETRIES = 2
"""Of a connection that is refused; the waits double from half a second."""


@dataclass(frozen=True)
class Connection:
    """A server and the key of one of its owners; the key is shown nowhere."""

    url: str
    key: str = field(repr=False)
    workspace: str = WORKSPACE


def from_environment(url: str, variable: str, workspace: str = WORKSPACE) -> Connection:
    """The server at `url`, its key in the environment.

    Raises:
        UserError: The variable is not set, or the URL is none.
    """
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
        raise UserError(f"--url {url}: name it in full, such as http://127.0.0.1:6900")
    key = os.environ.get(variable, "").strip()
    if not key:
        raise UserError(
            f"the environment has no {variable}: put the API key of an Argilla owner there "
            "(in Argilla: My settings), or name the variable with --api-key-env"
        )
    return Connection(url.rstrip("/"), key, workspace)


@contextlib.contextmanager
def connect(connection: Connection) -> Iterator[argilla.Argilla]:
    """Give Argilla's client, after asking the server who we are; closed afterwards.

    Raises:
        MissingExtra: argilla is not installed.
        UserError: Nobody answers, or the key is not an owner's or admin's.
    """
    argilla = sdk()
    # It asks who we are while it is made, and where that fails leaves its sockets open.
    client = argilla.Argilla.__new__(argilla.Argilla)
    try:
        with told(connection):
            client.__init__(connection.url, connection.key, timeout=120, retries=RETRIES)
            me = client.me
        if me.role not in ("owner", "admin"):
            raise UserError(
                f"the key for {connection.url} is of {me.username!r} ({me.role.value}): "
                "answers can be read with the key of an owner or admin only"
            )
        yield client
    finally:
        client.http_client.close()


def sdk() -> Any:
    """The module `argilla`.

    Raises:
        MissingExtra: It is not installed.
    """
    try:
        with warnings.catch_warnings():
            # It is written for an older pydantic, which is no concern of who uses it.
            warnings.simplefilter("ignore")
            import argilla
    except ImportError as error:
        raise MissingExtra(error.name or "argilla", "review") from None
    return argilla


@contextlib.contextmanager
def told(connection: Connection) -> Iterator[None]:
    """Turn what the server or the network says into one line, and keep the client's bars silent.

    Raises:
        UserError: The server refused, or nobody answered.
    """
    import httpx

    argilla = sdk()
    try:
        with contextlib.redirect_stderr(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except httpx.HTTPError as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise UserError(
            f"no answer from {connection.url} ({reason}); is the server running? "
            "Start it with `callwright review serve`, then run this again: nothing is doubled"
        ) from None
    except argilla._exceptions.ArgillaError as error:  # noqa: SLF001 - it has no other name
        reason = " ".join(str(error).split())[:300].replace(connection.key, "…")
        raise UserError(f"{connection.url} refused: {reason}") from None
