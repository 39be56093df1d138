"""`callwright review serve` and `review user add`: the server that people sign in to."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console

from callwright.cli.terminal import console, progress
from callwright.curation.review.environment import server_python
from callwright.curation.review.home import Home, User
from callwright.curation.review.people import add_annotator
from callwright.curation.review.serve import PORT, Options, running
from callwright.schemas.errors import UserError
from callwright.schemas.visible import one_line

HomeOption = Annotated[
    Path, typer.Option("--home", metavar="DIR", help="Folder of the server: its data and people.")
]


def serve(
    home: HomeOption,
    *,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any that is free.")] = PORT,
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 lets the network in.")
    ] = "127.0.0.1",
    annotators: Annotated[
        list[str] | None,
        typer.Option(
            "--annotator", metavar="NAME", help="Of the first start; may be repeated. Two if none."
        ),
    ] = None,
    server_python_: Annotated[
        Path | None,
        typer.Option(
            "--server-python",
            metavar="PYTHON",
            help="Interpreter that has argilla-server; by default one of our own is made, once.",
        ),
    ] = None,
    elasticsearch: Annotated[
        str | None, typer.Option(metavar="URL", help="Search with it, not in the database.")
    ] = None,
    redis_url: Annotated[
        str | None, typer.Option("--redis-url", metavar="URL", help="Keep background jobs in it.")
    ] = None,
) -> None:
    """Run Argilla here, until Ctrl-C; nothing has to be installed for it.

    The first start makes an owner and annotators and shows their passwords, once. Everything is
    in the home folder: the next start has the same data and the same logins.
    """
    out = console()
    place = Home(home)
    with progress() as show:
        python = server_python(server_python_, show)
    made = place.prepare(annotators or ["annotator1", "annotator2"])
    options = Options(python, host, port, elasticsearch, redis_url)
    _show_people(out, made, place)  # at once: whatever happens below, they are made now
    status = 0
    with _stopped_by_signals():
        try:
            with running(place, options) as server:
                out.print(f"Argilla answers at {server.url} (Ctrl-C stops it)", soft_wrap=True)
                out.file.flush()
                status = server.wait()
        except KeyboardInterrupt:
            out.print("\nstopped; everything is kept in the home folder", soft_wrap=True)
    if status:
        raise UserError(f"the review server ended with {status}; see {place.log}")


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Let SIGTERM stop us as Ctrl-C does, so that the server is stopped too.

    Ctrl-C gets our handler too: with Python's own it did not always end the waiting.
    A Ctrl-C that is ignored stays so (`nohup`).
    """

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    numbers = [signal.SIGTERM]
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        numbers.append(signal.SIGINT)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _show_people(out: Console, made: Sequence[User], home: Home) -> None:
    if not made:
        return
    out.print("Passwords, shown this once:", soft_wrap=True)
    width = max(len(person.name) for person in made)
    for person in made:
        out.print(f"  {person.name:{width}}  {person.password}", soft_wrap=True)
    out.print(f"(kept in {one_line(str(home.path))}/users.json, for you only)", soft_wrap=True)


user = typer.Typer(no_args_is_help=True, add_completion=False, help="The people who annotate.")


@user.command("add")
def add(
    name: Annotated[str, typer.Argument(help="To sign in with.")],
    home: HomeOption,
) -> None:
    """Let an annotator in, at once if the server runs; shows the password, once."""
    place = Home(home)
    made = add_annotator(place, name)
    _show_people(console(), [made], place)


@user.callback()
def _group() -> None:
    """Keeps `add` a command of its own, though it is the only one."""
