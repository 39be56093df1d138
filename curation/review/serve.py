"""Start a review server, wait until it answers, and stop it cleanly."""

from __future__ import annotations

import errno
import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from callwright.curation.review.home import Home
from callwright.schemas.errors import UserError

LAUNCHER = Path(__file__).parent / "server" / "launch.py"
PORT = 6900
"""Argilla's own."""

_ELSEWHERE = {
    "--elasticsearch": ("http://127.0.0.1:9200", ("http", "https")),
    "--redis-url": ("redis://127.0.0.1:6379/0", ("redis", "rediss")),
}
"""Option -> an example of its URL, and the URL's schemes."""

_START_SECONDS = 180
_STOP_SECONDS = 15
"""More than the server allows requests that are under way."""

_ERROR = re.compile(r"[\w.]+(Error|Exception)\b.*: ")


@dataclass(frozen=True)
class Options:
    """How a server is to run."""

    python: Path
    """Interpreter of an environment with argilla-server."""
    host: str = "127.0.0.1"
    port: int = PORT
    """0: any that is free."""
    elasticsearch: str | None = None
    """URL of one to search with, in place of our engine."""
    redis_url: str | None = None
    """Of one to keep background jobs in."""


@dataclass(frozen=True)
class Running:
    """A server that answers."""

    url: str
    process: subprocess.Popen[bytes]

    def wait(self) -> int:
        """Wait until it ends; give its exit status."""
        return self.process.wait()


@contextmanager
def running(home: Home, options: Options) -> Iterator[Running]:
    """Run a server on a prepared home as long as the block lasts.

    Raises:
        UserError: a server runs there already, the port is taken, it does not start, or a service
            that it is to use does not answer.
    """
    _must_answer("--elasticsearch", options.elasticsearch)
    _must_answer("--redis-url", options.redis_url)
    with home.locked() as lock:
        # Only the server keeps the socket: if it dies, who asks is refused and does not wait.
        with _listening(options.host, options.port) as listening:
            url = _url(options.host, listening.getsockname()[1])
            process = _start(home, options, listening.fileno(), lock)
        try:
            _until_it_answers(process, url, home)
            home.note(url)
            yield Running(url, process)
        finally:
            _stop(process)


def _must_answer(option: str, url: str | None) -> None:
    """Tell at once what Argilla tells after a minute of trying; the URL may hold a password."""
    if url is None:
        return
    example, schemes = _ELSEWHERE[option]
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:  # the port is no number
        host = port = None
    if not host or not port or parts.scheme not in schemes:
        raise UserError(f"{option} takes a URL with its port, such as {example}")
    try:
        socket.create_connection((host, port), timeout=10).close()
    except OSError as error:
        why = error.strerror or str(error)
        raise UserError(f"{option}: nothing answers on {host}, port {port}: {why}") from None


def _listening(host: str, port: int) -> socket.socket:
    """Take the port here, so that a taken one is told before anything starts."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as error:
        # socket adds the address to the system's words, and a name that is unknown has others
        taken = error.errno == errno.EADDRINUSE
        raise UserError(
            f"cannot listen on {host}, port {port}: "
            + ("the port is taken; name another with --port" if taken else str(error.strerror))
        ) from None


def _url(host: str, port: int) -> str:
    # Who binds to every address is reached from here by the local one.
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{name}:{port}"


def _start(home: Home, options: Options, listening: int, lock: int) -> subprocess.Popen[bytes]:
    command = [str(options.python), "-I", str(LAUNCHER), "--home", str(home.path)]
    command += ["--socket", str(listening)]
    if options.elasticsearch:
        command += ["--elasticsearch", options.elasticsearch]
    if options.redis_url:
        command += ["--redis-url", options.redis_url]
    # Settings of another Argilla in the environment are not meant for this one.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ARGILLA")}
    home.log.unlink(missing_ok=True)
    with os.fdopen(os.open(home.log, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as log:
        return subprocess.Popen(  # noqa: S603 - the interpreter that the user chose, or ours
            command,
            env=environment,
            stdin=subprocess.PIPE,  # its end tells the server that we are gone
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=(listening, lock),
            start_new_session=True,  # Ctrl-C comes to us, and we stop it
        )


def _until_it_answers(process: subprocess.Popen[bytes], url: str, home: Home) -> None:
    # A proxy of the environment has no business between us and our own process.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    limit = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < limit:
        try:
            with opener.open(f"{url}/api/v1/version", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    ended = process.poll()
    how = f"does not answer in {_START_SECONDS} s" if ended is None else f"ended with {ended}"
    raise UserError(f"the review server {how}: {_last_line(home.log)} (more in {home.log})")


def _last_line(log: Path) -> str:
    """Give the line that says why: the last that names an error, or the last that says anything."""
    lines = [line.strip() for line in log.read_text("utf-8", "replace").splitlines()]
    told = [line for line in lines if line] or ["it said nothing"]
    return next((line for line in reversed(told) if _ERROR.match(line)), told[-1])


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    assert process.stdin is not None
    process.stdin.close()
