"""An environment of its own for Argilla's server, made on first use and used again.

Its pins fight with ours (`server/__init__.py`), so it is a virtual environment in the user's cache.
"""

from __future__ import annotations

import fcntl
import hashlib
import re
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from callwright.schemas.errors import UserError

VERSION = "2.8.0"
"""Of argilla-server: our search engine relies on its internals."""

CACHE = Path("~/.cache/callwright")
REQUIREMENTS = Path(__file__).parent / "server" / "requirements.txt"

_OLDEST, _NEWEST = (3, 11), (3, 13)
"""Pythons for which every pin has a wheel."""

_PROBE = (
    "import sys; from importlib.metadata import version, PackageNotFoundError as Gone\n"
    "try: sys.stdout.write(version('argilla-server') + ' ' + version('fakeredis'))\n"
    "except Gone as gone: sys.stdout.write('without ' + gone.name)"
)

Show = Callable[[str, int, int], None]
"""Is called with what is done, how much of it and of how much."""


def server_python(named: Path | None, show: Show) -> Path:
    """Give the interpreter that runs the server.

    Args:
        named: An interpreter that has the server already; None makes or uses ours.

    Raises:
        UserError: the named one has no such server, or ours cannot be made.
    """
    if named is not None:
        return _probed(named)
    return _made(CACHE.expanduser(), REQUIREMENTS, show)


def _probed(python: Path) -> Path:
    try:
        run = subprocess.run(  # noqa: S603 - the user names it
            [python, "-I", "-c", _PROBE], capture_output=True, text=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UserError(f"--server-python {python} does not run: {error}") from None
    if run.returncode:
        raise UserError(f"--server-python {python} is no Python: it ends with {run.returncode}")
    if not run.stdout.startswith(f"{VERSION} "):
        has = run.stdout.replace("without ", "no ") if "without" in run.stdout else run.stdout
        raise UserError(
            f"--server-python {python} has {has or 'nothing'}; it needs argilla-server {VERSION} "
            f"and fakeredis: pip install -r {REQUIREMENTS}"
        )
    return python.absolute()


def _made(cache: Path, requirements: Path, show: Show) -> Path:
    """Give the interpreter of our environment, made if it is not complete.

    `complete` is written last: without it, or with other pins than ours, the folder is begun again.
    """
    base = _base_python()
    folder = cache / f"argilla-server-{VERSION}-py{base[1][0]}.{base[1][1]}"
    stamp = folder / "complete"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    python = folder / "bin" / "python"
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with _one_at_a_time(folder.with_name(folder.name + ".lock")):
            if stamp.is_file() and stamp.read_text("ascii") == digest and python.exists():
                return python
            shutil.rmtree(folder, ignore_errors=True)
            _run([base[0], "-m", "venv", str(folder)], "cannot make an environment")
            _install(python, requirements, show)
            stamp.write_text(digest, "ascii")
    except OSError as error:
        raise UserError(f"cannot write {folder}: {error.strerror or error}") from None
    return python


@contextmanager
def _one_at_a_time(lock: Path) -> Iterator[None]:
    """Wait for another process that makes the same environment."""
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _base_python() -> tuple[str, tuple[int, int]]:
    """Give an interpreter that all pins install on, and its version: ours, or one on the path."""
    if _OLDEST <= sys.version_info[:2] <= _NEWEST:
        return sys.executable, sys.version_info[:2]
    for minor in range(_OLDEST[1], _NEWEST[1] + 1):
        found = shutil.which(f"python3.{minor}")
        if found:
            return found, (3, minor)
    raise UserError(
        f"the review server needs Python {_OLDEST[0]}.{_OLDEST[1]} to {_NEWEST[0]}.{_NEWEST[1]}: "
        "install one, or name an environment with --server-python"
    )


def _install(python: Path, requirements: Path, show: Show) -> None:
    """Install the pins, one step of progress for each."""
    pins = [line for line in requirements.read_text("utf-8").splitlines() if "==" in line]
    what = f"installing argilla-server {VERSION}, once"
    show(what, 0, len(pins))
    command = [str(python), "-I", "-m", "pip", "install", "--disable-pip-version-check"]
    command += ["--no-input", "--prefer-binary", "-r", str(requirements)]
    collected = 0
    with subprocess.Popen(  # noqa: S603 - our own environment's pip
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as pip:
        assert pip.stdout is not None
        said = deque[str](maxlen=200)
        for line in pip.stdout:
            said.append(line)
            if re.match(r"Collecting \S+==", line):
                collected += 1
                show(what, min(collected, len(pins) - 1), len(pins))
    if pip.returncode:
        raise UserError(f"cannot install argilla-server {VERSION}: {_reason(said)}")
    show(what, len(pins), len(pins))


def _run(command: list[str], what: str) -> None:
    run = subprocess.run(  # noqa: S603 - a Python that runs us, or stands on the path
        command, capture_output=True, text=True, errors="replace", check=False
    )
    if run.returncode:
        raise UserError(f"{what}: {_reason((run.stdout + run.stderr).splitlines())}")


def _reason(lines: deque[str] | list[str]) -> str:
    """Give the line that says why: pip's last error, or the last that is said."""
    told = [line.strip() for line in lines if line.strip()]
    errors = [line for line in told if line.startswith("ERROR")]
    return (errors or told or ["no reason given"])[-1]
