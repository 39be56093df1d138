"""The shell around the commands: errors, interrupts, pipes, names."""

import subprocess
import sys

import pytest
import typer

from callwright import cli
from callwright.schemas.errors import MissingExtra, StoreError

COMMAND = [sys.executable, "-c", "from callwright.cli import main; main()"]


@pytest.fixture
def stand_for(monkeypatch):
    """Let a function stand for a command."""

    def put(function):
        alone = typer.Typer(add_completion=False)
        alone.command()(function)
        monkeypatch.setattr(cli, "load", lambda _name: typer.main.get_command(alone))

    return put


def test_every_command_of_the_table_can_be_loaded():
    for name in cli.COMMANDS:
        assert cli.load(name).get_help is not None


def test_a_mistake_of_the_user_is_one_line_and_exit_code_2(run, stand_for):
    def verify():
        raise StoreError("out is no dataset\nthough it could be")

    stand_for(verify)
    result = run("verify")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "callwright: out is no dataset though it could be\n"


def test_a_missing_extra_answers_with_the_line_that_installs_it(run, stand_for):
    def verify():
        raise MissingExtra("torch", "train")

    stand_for(verify)
    assert "pip install 'callwright[train]'" in run("verify").stderr


def test_an_error_message_cannot_act_on_the_terminal(run, stand_for):
    def verify():
        raise StoreError("row \x1b[2J\u202e\x00 is bad")

    stand_for(verify)
    assert run("verify").stderr == "callwright: row ⟨ESC⟩[2J⟨U+202E⟩⟨NUL⟩ is bad\n"


@pytest.mark.parametrize(("command", "resumes"), [("build", True), ("verify", False)])
def test_an_interrupt_is_exit_code_130_and_says_how_to_resume_where_that_works(
    run, stand_for, command, resumes
):
    def interrupted():
        raise KeyboardInterrupt

    stand_for(interrupted)
    result = run(command)
    assert result.exit_code == 130
    assert "callwright: interrupted" in result.stderr
    assert ("--resume" in result.stderr) is resumes


def test_a_fault_of_callwright_keeps_its_traceback(run, stand_for):
    def verify():
        raise ZeroDivisionError

    stand_for(verify)
    assert isinstance(run("verify").exception, ZeroDivisionError)


def test_a_reader_that_goes_away_ends_the_command_quietly(dataset):
    more = ["show", str(dataset), "--count", "4", "--json"]
    process = subprocess.Popen([*COMMAND, *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()  # before anything is written
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 141


def test_the_command_says_itself_what_is_wrong(tmp_path):
    result = subprocess.run(
        [*COMMAND, "show", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    assert result.stderr.startswith("callwright: ")
    assert result.stderr.count("\n") == 1


def test_an_unknown_command_names_the_nearest(run):
    result = run("biuld")
    assert result.exit_code == 2
    assert "'build'" in result.stderr


def test_an_unknown_option_names_the_nearest(run):
    result = run("show", "out", "--randon")
    assert result.exit_code == 2
    assert "--random" in result.stderr


def test_the_version_is_printed(run):
    result = run("--version")
    assert result.exit_code == 0
    assert result.stdout.startswith("callwright")


def test_help_lists_every_command_with_its_line(run):
    text = run("--help").stdout
    for name, (_, line) in cli.COMMANDS.items():
        assert name in text
        assert line in text


def test_without_a_command_the_help_is_shown(run):
    assert "Usage" in run().output
