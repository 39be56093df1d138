"""Folders that are made once, from package registries, and kept in a cache."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from callwright.schemas.errors import UserError


def made_once(cache: Path, make: Callable[[Path], Path], is_made: Callable[[Path], bool]) -> Path:
    """The folder `cache`, made where it is not there yet.

    Args:
        make: scratch folder -> the finished folder within it.
        is_made: does a folder hold what `make` makes?

    Raises:
        UserError: `make` failed, or something else stands in its place.
    """
    place = cache.expanduser().absolute()
    if not is_made(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent) as scratch:
            made = make(Path(scratch))
            try:
                made.rename(place)  # whole or not at all, also where two make it at a time
            except OSError:
                if not is_made(place):
                    raise UserError(f"{place} is in the way; remove it") from None
    return place


def run(command: Sequence[str], env: Mapping[str, str] | None = None) -> None:
    """Run a command that downloads or converts.

    Raises:
        UserError: it failed; the last line of what it told is quoted.
    """
    done = subprocess.run(  # noqa: S603 - pip, npm and ourselves, on what the callers name
        command, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        told = done.stderr.strip().splitlines() or ["it told nothing"]
        raise UserError(f"cannot make it: {' '.join(command[1:])} said {told[-1]}")


def say_where(doc: str | None, cache: Path, places: Callable[[Path], Sequence[Path]]) -> int:
    """The command line of such a module: make the folders, or say where they are."""
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cache", type=Path, default=cache, metavar="DIR")
    options = parser.parse_args()
    try:
        for place in places(options.cache):
            print(place)
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    return 0
