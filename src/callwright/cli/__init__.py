"""The `callwright` command. What a command needs is imported when that command runs.

The table below is all that `callwright --help` reads. To add a command, write its module and a
line here: the module's object is a function with typer annotations, or a typer app with commands
of its own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from callwright.schemas.errors import UserError

COMMANDS = {
    "build": ("callwright.cli.build:build", "Make a dataset from a recipe."),
    "verify": ("callwright.cli.verify:verify", "Prove every row of a dataset, gate by gate."),
    "curate": (
        "callwright.cli.curate:curate",
        "Drop duplicates and judges' rows, then split without leakage.",
    ),
    "show": ("callwright.cli.show:show", "Look at a conversation of a dataset or an evaluation."),
    "report": ("callwright.cli.report:report", "Write a page about a dataset or an evaluation."),
    "review": ("callwright.cli.review:app", "Have people look at rows, in Argilla."),
    "train": ("callwright.cli.train:train", "Fine-tune a model on the rows of a dataset."),
    "merge": ("callwright.cli.merge:merge", "Merge an adapter into its base model."),
    "publish": (
        "callwright.cli.publish:publish",
        "Bring a dataset to the Hugging Face Hub, a folder or a URL.",
    ),
    "pull": ("callwright.cli.pull:pull", "Bring a published dataset here."),
    "evaluate": ("callwright.cli.evaluate:evaluate", "Score a model with tools that really run."),
    "export": ("callwright.cli.export:export", "Write a split in a format that others read."),
    "import": ("callwright.cli.import_:import_", "Read a file that others made, with its defects."),
    "compare": ("callwright.cli.compare:compare", "Set two evaluations side by side."),
    "tools": ("callwright.cli.tools:app", "Look at the tools: list, show, graph."),
}
"""Name -> (module:object, line of help)."""

RESUMABLE = ("build", "curate", "train", "evaluate")
"""Commands that take up what they left when they are run again with --resume."""


def load(name: str) -> Any:
    """Import the command `name` and make it one that typer can run."""
    module, _, attribute = COMMANDS[name][0].partition(":")
    found = getattr(import_module(module), attribute)
    if not isinstance(found, typer.Typer):
        alone = typer.Typer(add_completion=False)
        alone.command(name)(found)
        found = alone
    return typer.main.get_command(found)


class LazyGroup(TyperGroup):
    """Lists stand-ins, runs the real thing, and says in one line what the user can mend."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        # Unknown names end here, with the nearest known one; `--help` never comes this way.
        name, stand_in, rest = super().resolve_command(ctx, args)
        return (name, load(name), rest) if name in COMMANDS else (name, stand_in, rest)

    def invoke(self, ctx: Any) -> Any:
        with one_line_errors(ctx):
            return super().invoke(ctx)


@contextmanager
def one_line_errors(ctx: Any) -> Iterator[None]:
    """Turn what is no fault of callwright into a line or into silence; a fault keeps its traceback.

    Raises:
        typer.Exit: 2 after a `UserError`; as a shell counts signals, 130 after Ctrl-C and 141
            after a reader (`| head`) has gone.
    """
    try:
        yield
        sys.stdout.flush()  # a reader that has gone is noticed here, not in the interpreter's end
    except UserError as error:
        from callwright.schemas.visible import one_line

        typer.echo(f"callwright: {one_line(str(error))}", err=True)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        resume = "; run it again with --resume to go on from here"
        then = resume if ctx.invoked_subcommand in RESUMABLE else ""
        typer.echo(f"\ncallwright: interrupted{then}", err=True)
        raise typer.Exit(130) from None
    except BrokenPipeError:
        _drop_output()
        raise typer.Exit(141) from None


def _drop_output() -> None:
    """Send what is still buffered nowhere, so that the interpreter's end does not complain."""
    with suppress(OSError, ValueError):  # a test's stdout has no number
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


app = typer.Typer(
    cls=LazyGroup,
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,  # a plain traceback can be pasted into an issue
)


def _stand_in(name: str, line: str) -> None:
    app.command(name, help=line)(lambda: None)


for _name, (_, _line) in COMMANDS.items():
    _stand_in(_name, _line)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"callwright {version('callwright')}")
        except PackageNotFoundError:
            typer.echo("callwright, run from its sources without being installed")
        raise typer.Exit


@app.callback()
def callwright(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Tool-calling datasets whose calls were really run."""


def main() -> None:
    """Run the command line."""
    app(prog_name="callwright")
