"""One process: Argilla's application, its database, its jobs, our search engine.

The order matters. Argilla reads its settings when it is imported, and opens its connection to
Redis then too; so imports of Argilla stand inside the functions.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from . import accounts, jobs

SPEEDUPS = "CALLWRIGHT_REVIEW_SPEEDUPS"
"""Set to 0, Argilla runs as it came; the benchmark sets it."""

_STOP_SECONDS = 5
"""Requests under way may finish for so long once the server is told to stop."""


@dataclass(frozen=True)
class Arguments:
    """What the starting process passes on."""

    home: Path
    socket: int
    """A listening socket, as a file descriptor: who started us knows that the port is free."""
    elasticsearch: str | None
    redis_url: str | None


def run(arguments: Sequence[str]) -> None:
    """Serve until told to stop by SIGTERM, SIGINT or the end of standard input."""
    given = _parse(arguments)
    # uvicorn finishes and then raises the signal once more, for whoever had it before.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    os.umask(0o077)  # the database holds what people wrote, and hashes of passwords
    _settings(given)
    scratch = _own_temporary_folder(given.home)
    try:
        _prepare(given)
        _serve(socket.socket(fileno=given.socket))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _prepare(given: Arguments) -> None:
    if given.redis_url is None:
        jobs.use_queue_in_memory()
    if given.elasticsearch is None:
        from . import search_engine  # noqa: F401 - importing registers it
    _migrate()
    if os.environ.get(SPEEDUPS) != "0":
        from .speedups import speed_up

        speed_up()
    accounts.ensure(given.home / "users.json")
    jobs.start()


def _parse(arguments: Sequence[str]) -> Arguments:
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--socket", type=int, required=True)
    parser.add_argument("--elasticsearch")
    parser.add_argument("--redis-url")
    return Arguments(**vars(parser.parse_args(arguments)))


def _settings(given: Arguments) -> None:
    os.environ.update(
        ARGILLA_HOME_PATH=str(given.home),
        # Without a key of its own Argilla makes a new one at each start, and every login ends.
        ARGILLA_AUTH_SECRET_KEY=(given.home / "secret.key").read_text("ascii").strip(),
        # The page and the interface have one origin; no other page has business here.
        ARGILLA_CORS_ORIGINS="[]",
        ARGILLA_ENABLE_TELEMETRY="false",
        HF_HUB_DISABLE_TELEMETRY="1",
        ARGILLA_SEARCH_ENGINE="elasticsearch" if given.elasticsearch else "sql",
        # Annotators write while a push holds the database: wait, rather than fail.
        ARGILLA_DATABASE_SQLITE_TIMEOUT="30",
    )
    if given.elasticsearch:
        os.environ["ARGILLA_ELASTICSEARCH"] = given.elasticsearch
    if given.redis_url:
        os.environ["ARGILLA_REDIS_URL"] = given.redis_url


def _own_temporary_folder(home: Path) -> Path:
    """Argilla copies its pages to a temporary folder at each start and leaves them there."""
    scratch = home / "tmp"
    shutil.rmtree(scratch, ignore_errors=True)  # of a run that was killed
    scratch.mkdir()
    tempfile.tempdir = str(scratch)
    return scratch


def _migrate() -> None:
    import argilla_server.models  # noqa: F401 - the migrations need the tables
    from alembic import command
    from alembic.config import Config
    from argilla_server.database import ALEMBIC_CONFIG_FILE, sync_engine
    from sqlalchemy import text

    command.upgrade(Config(ALEMBIC_CONFIG_FILE), "head")
    with sync_engine.connect() as connection:  # who reads does not wait for who writes
        connection.execute(text("PRAGMA journal_mode = WAL"))


def _serve(listening: socket.socket) -> None:
    import uvicorn
    from argilla_server import app

    config = uvicorn.Config(
        app, access_log=False, log_level="warning", timeout_graceful_shutdown=_STOP_SECONDS
    )
    threading.Thread(target=_stop_with_parent, daemon=True, name="parent").start()
    server = uvicorn.Server(config)
    server.run(sockets=[listening])
    if not server.started:
        sys.exit(1)  # the log says why


def _stop_with_parent() -> None:
    """Stop when standard input ends: who started us holds its other end, and is gone."""
    while os.read(sys.stdin.fileno(), 1):  # not `sys.stdin`: a thread in it aborts our ending
        pass
    os.kill(os.getpid(), signal.SIGTERM)
