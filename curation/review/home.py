"""The folder of a review server: its database, its people and its secrets, for their owner only.

users.json   names, roles, passwords and keys       secret.key   signs the logins
argilla.db   everything that people say             server.log   of the last start
lock         held while a server runs               server.json  where that server is
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from callwright.curation.review.connection import Connection
from callwright.schemas.errors import UserError

OWNER = "owner"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class User(BaseModel):
    """Someone who can sign in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    role: Literal["owner", "annotator"]
    password: str
    """For the page."""
    api_key: str
    """For programs."""


_USERS = TypeAdapter(tuple[User, ...])


class Home:
    """A home folder, made ready by `prepare`."""

    def __init__(self, path: Path) -> None:
        """Name the folder; nothing is read or written yet."""
        self.path = path.absolute()
        self.log = self.path / "server.log"
        self.database = self.path / "argilla.db"
        self._key = self.path / "secret.key"
        self._users = self.path / "users.json"
        self._where = self.path / "server.json"

    def prepare(self, annotators: Sequence[str]) -> tuple[User, ...]:
        """Make what a first start needs; a folder that was a home before stays as it is.

        Args:
            annotators: Names of the first annotators.

        Returns:
            The users that were made, with the passwords to show; none on a later start.

        Raises:
            UserError: the folder holds something else, or cannot be written, or a name will not do.
        """
        names = [_checked(name) for name in annotators]
        try:
            if not self._users.is_file():
                self._must_be_empty()
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not self._key.is_file():
                self._write(self._key, secrets.token_hex(32))
            if self._users.is_file():
                return ()
            made = tuple(_new_user(name) for name in dict.fromkeys([OWNER, *names]))
            self._write_users(made)  # last: a folder with users is complete
        except OSError as error:
            raise UserError(f"cannot write {self.path}: {error.strerror or error}") from None
        return made

    def _must_be_empty(self) -> None:
        ours = {self._key.name, "lock"}
        if self.path.is_dir() and {entry.name for entry in self.path.iterdir()} - ours:
            raise UserError(f"{self.path} holds something else; name a new folder with --home")

    # ----------------------------------------------------------------------- people

    def users(self) -> tuple[User, ...]:
        """Who can sign in.

        Raises:
            UserError: the folder is no home of a review server.
        """
        try:
            return _USERS.validate_json(self._users.read_bytes())
        except FileNotFoundError:
            raise UserError(
                f"{self.path} is no home of a review server; "
                f"make it one: callwright review serve --home {self.path}"
            ) from None
        except OSError as error:
            raise UserError(f"cannot read {self._users}: {error.strerror or error}") from None
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise UserError(f"{self._users}: {place or 'the file'}: {first['msg']}") from None

    def new_annotator(self, name: str) -> User:
        """Give a user who is not in the folder yet; `keep` puts them there.

        Raises:
            UserError: the name is taken or will not do, or the folder is no home.
        """
        if any(user.name == _checked(name) for user in self.users()):
            raise UserError(f"there is a user {name!r} already; name another")
        return _new_user(name)

    def keep(self, user: User) -> None:
        """Note a new user."""
        self._write_users((*self.users(), user))

    def _write_users(self, users: tuple[User, ...]) -> None:
        self._write(self._users, _USERS.dump_json(users, indent=1).decode() + "\n")

    # ------------------------------------------------------------------- the server

    @contextmanager
    def locked(self) -> Iterator[int]:
        """Keep a second server away.

        Yields:
            The lock's file descriptor: a process that inherits it holds the lock as well, so it
            lasts as long as either lives, and is free however they end.

        Raises:
            UserError: a server runs on this home.
        """
        with (self.path / "lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                where = self._read_where().get("url", "an address it has not noted yet")
                raise UserError(
                    f"a review server runs on {self.path} already, at {where}; stop it first"
                ) from None
            yield file.fileno()

    def runs(self) -> bool:
        """Whether a server runs on this home."""
        if not (self.path / "lock").is_file():
            return False
        try:
            with self.locked():
                return False
        except UserError:
            return True

    def note(self, url: str) -> None:
        """Note where the server is."""
        self._write(self._where, json.dumps({"url": url}))

    def connection(self) -> Connection:
        """Give the way to the running server, with the owner's key.

        Raises:
            UserError: the folder is no home, or no server runs on it.
        """
        owner = next(user for user in self.users() if user.role == OWNER)
        url = self._read_where().get("url")
        if url is None or not self.runs():
            raise UserError(
                f"no server runs on {self.path}; start it: callwright review serve "
                f"--home {self.path}"
            )
        return Connection(url, owner.api_key)

    def _read_where(self) -> dict[str, Any]:
        try:
            found = json.loads(self._where.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _write(self, path: Path, text: str) -> None:
        """Write a file that only its owner can read, whole or not at all."""
        new = path.with_suffix(".new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        new.replace(path)


def _new_user(name: str) -> User:
    """Give a user with a password and a key that nobody can guess."""
    return User(
        name=name,
        role="owner" if name == OWNER else "annotator",
        password=secrets.token_urlsafe(12),
        api_key=secrets.token_urlsafe(48),
    )


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise UserError(
            f"{name!r} is no name for a user: small letters, digits, - and _, at most 64"
        )
    return name
