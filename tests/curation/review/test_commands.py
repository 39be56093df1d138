"""`callwright review push`, `pull`, `agreement` and `user add`, as the lead runs them."""

import re
import socket

import pytest
from annotating import Annotator
from typer.testing import CliRunner

from callwright.cli import app
from callwright.schemas.store import open_dataset

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
argilla = pytest.mark.argilla

KEY = "a-key-that-is-secret"


@pytest.fixture(scope="module")
def run():
    """Run the command in this process; gives exit code, stdout and stderr."""
    return lambda *arguments: CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture
def refused(run):
    """Run a `review` command that must be refused in one line; gives the line."""

    def refused(*arguments):
        result = run("review", *arguments)
        assert result.exit_code == 2, result.output
        assert isinstance(result.exception, SystemExit)
        (said,) = [part for part in result.stderr.split("\n") if part]
        assert KEY not in said
        return said.removeprefix("callwright: ")

    return refused


@pytest.fixture(scope="module")
def built(run, tmp_path_factory):
    """Twelve rows that were really built."""
    home = tmp_path_factory.mktemp("built")
    (home / "recipe.yaml").write_text(
        "build: {count: 12, scenarios: {chain: 2, single: 1}}\ntools: {packs: [units, contacts]}\n"
    )
    result = run("build", home / "recipe.yaml", "-o", home / "data", "--workers", 1)
    assert result.exit_code == 0, result.output
    return home / "data"


# ------------------------------------------------------------------- without a server


@pytest.fixture
def away():
    """A URL at which nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    return f"http://127.0.0.1:{port}"


COMMANDS = {
    "push": lambda built, out: ("push", built, "--dataset", "flights"),
    "pull": lambda built, out: ("pull", "flights", "-o", out),
    "agreement": lambda built, out: ("agreement", "flights"),
}
every = pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)


@every
def test_a_server_that_is_not_there_is_one_line(
    command, refused, built, away, tmp_path, monkeypatch
):
    monkeypatch.setenv("ARGILLA_API_KEY", KEY)
    said = refused(*command(built, tmp_path / "out"), "--url", away)
    assert said.startswith(f"no answer from {away} (")
    assert said.endswith("then run this again: nothing is doubled")
    assert not (tmp_path / "out").exists()


@every
@pytest.mark.parametrize(
    ("where", "says"),
    [
        ([], "name the server: --home DIR of `callwright review serve`, or --url of another"),
        (["--home", "no", "--url", "http://a.example"], "name the server: "),
        (["--home", "no"], "is no home of a review server; make it one: callwright review serve"),
        (["--url", "a.example"], "--url a.example: name it in full, such as http://127.0.0.1:6900"),
        (["--url", "http://a.example"], "the environment has no ARGILLA_API_KEY: put the API key"),
        (["--url", "http://a.example", "--api-key-env", "ELSE"], "the environment has no ELSE: "),
    ],
)
def test_a_server_that_is_not_named_well_is_one_line(
    command, where, says, refused, tmp_path, monkeypatch
):
    monkeypatch.delenv("ARGILLA_API_KEY", raising=False)
    monkeypatch.chdir(tmp_path)
    assert says in refused(*command(tmp_path, tmp_path / "out"), *where)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--min-submitted", "0"], "'--min-submitted'"),
        (["--min-submitted", "two"], "'--min-submitted'"),
        (["--sample", "0"], "'--sample'"),
    ],
)
def test_a_number_that_will_not_do_is_refused_by_its_option(run, built, options, says):
    result = run("review", "push", built, "--dataset", "flights", "--home", "no", *options)
    assert result.exit_code == 2
    assert f"Invalid value for {says}" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_sample_that_will_not_do_is_one_line(refused, built, away, monkeypatch):
    monkeypatch.setenv("ARGILLA_API_KEY", KEY)
    push = ("push", built, "--dataset", "flights", "--url", away)
    assert "--by colour: a sample can be by " in refused(*push, "--sample", 3, "--by", "colour")
    assert refused(*push, "--by", "steps").endswith("of how many: add --sample N")


def test_a_folder_that_is_no_dataset_is_one_line(refused, away, tmp_path, monkeypatch):
    monkeypatch.setenv("ARGILLA_API_KEY", KEY)
    said = refused("push", tmp_path, "--dataset", "flights", "--url", away)
    assert said == f"{tmp_path} is not a callwright dataset: it has no manifest.json"


def test_a_rule_that_is_none_is_one_line(refused, tmp_path):
    (tmp_path / "recipe.yaml").write_text("curation: {review: {rule: loudest}}\n")
    out = ("-o", tmp_path / "out", "--recipe", tmp_path / "recipe.yaml")
    said = refused("pull", "flights", *out, "--home", tmp_path)
    assert "curation.review.rule" in said


@pytest.mark.parametrize("name", ["Ann", "../ann", ""])
def test_a_name_that_will_not_do_is_one_line(refused, home, name):
    assert f"{name!r} is no name for a user" in refused("user", "add", name, "--home", home.path)


def test_a_new_annotator_is_told_once_and_a_taken_name_or_no_home_is_one_line(
    run, refused, home, tmp_path
):
    made = run("review", "user", "add", "dora", "--home", home.path)
    assert made.exit_code == 0, made.output
    assert re.search(r"^  dora  \S{16}$", made.stdout, re.MULTILINE)
    assert home.users()[-1].password in made.stdout
    said = refused("user", "add", "dora", "--home", home.path)
    assert said == "there is a user 'dora' already; name another"
    assert "is no home of a review server" in refused("user", "add", "eve", "--home", tmp_path)


# ------------------------------------------------------------------------- with one


@argilla
def test_the_five_commands_lead_from_rows_to_reviewed_rows(run, built, home, server, ask, tmp_path):
    at = ("--home", home.path)

    def lines(*arguments):
        result = run("review", *arguments, *at)
        assert result.exit_code == 0, result.output
        return result.stdout.splitlines()

    push = ("push", built, "--dataset", "round", "--sample", 6, "--by", "scenario")
    pushed = lines(*push, "--min-submitted", 2)
    assert pushed == [
        "6 records pushed, 0 were there already",
        f"people review them at {server.url}",
    ]
    assert lines(*push)[0] == "0 records pushed, 6 were there already"

    new = lines("user", "add", "carol")  # while the server runs: she is in at once
    assert re.fullmatch(r"  carol  \S{16}", new[1])
    people = [Annotator(ask, "ann"), Annotator(ask, "bob")]
    for person in people:
        records = sorted(person.records("round").items())
        assert len(records) == 6
        for number, (_, record) in enumerate(records):
            reject = number == 0 or (number == 1 and person.name == "bob")
            changed = {"verdict": "reject", "problems": ["language"]} if reject else {}
            if number < 5:
                person.say(record, **({"verdict": "accept"} | changed))

    told = "\n".join(lines("agreement", "round"))
    assert "5 of 6 records answered" in told
    assert re.search(r"verdict +[^ ] +5 ", told)
    assert len(re.findall(r"annotator-\w{8} +[^ ] +[34] ", told)) == 2
    assert len(re.findall(r"^\S+-r0: .*annotator-\w{8}: reject", told, re.MULTILINE)) == 1

    pulled = lines("pull", "round", "-o", tmp_path / "out")
    assert pulled == [
        "6 rows reviewed: 3 kept (0 corrected), 1 rejected, 2 pending",
        "  language: 1",
        "  pending_disagreement: 1",
        "  pending_unjudged: 1",
        f"prove them: callwright verify {tmp_path / 'out'}",
    ]
    assert len(list(open_dataset(tmp_path / "out").rows())) == 3
    assert run("verify", tmp_path / "out", "--workers", 1).exit_code == 0


@argilla
def test_what_the_server_has_not_or_does_not_let_in_is_one_line(
    run, refused, built, home, server, ask, tmp_path, monkeypatch
):
    at = ("--home", home.path)
    out = ("-o", tmp_path / "out")
    for command in (("pull", "gone", *out), ("agreement", "gone")):
        said = refused(*command, *at)
        assert said.startswith(f"{server.url} has no dataset 'gone' in its workspace 'review'; it ")
    assert run("review", "push", built, "--dataset", "kept", *at).exit_code == 0
    again = refused("push", built, "--dataset", "kept", *at, "--min-submitted", 3)
    assert again.startswith("--min-submitted 3: the review 'kept' asks 1 for each record")
    (tmp_path / "recipe.yaml").write_text(
        "curation: {review: {rule: adjudicator, adjudicator: nobody}}\n"
    )
    said = refused("pull", "kept", *out, *at, "--recipe", tmp_path / "recipe.yaml")
    assert "Argilla has no user 'nobody'; it has: ann, bob" in said

    monkeypatch.setenv("ARGILLA_API_KEY", KEY)
    for command in COMMANDS.values():
        said = refused(*command(built, tmp_path / "out"), "--url", server.url)
        assert said.startswith(f"{server.url} refused: ")
    monkeypatch.setenv("ANN", next(u.api_key for u in home.users() if u.name == "ann"))
    said = refused("agreement", "kept", "--url", server.url, "--api-key-env", "ANN")
    assert "is of 'ann' (annotator): answers can be read with the key of an owner" in said
    assert not (tmp_path / "out").exists()
