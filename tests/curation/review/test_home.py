"""A home folder keeps its secrets, its people and other servers out."""

import json
import stat
import subprocess
import sys

import pytest

from callwright.curation.review.home import Home
from callwright.schemas.errors import UserError


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path / "home")
    home.prepare(["ann", "bob"])
    return home


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_the_first_start_makes_an_owner_and_annotators_and_no_later_one_does(tmp_path):
    home = Home(tmp_path / "new" / "home")
    made = home.prepare(["ann", "bob"])
    assert [(user.name, user.role) for user in made] == [
        ("owner", "owner"),
        ("ann", "annotator"),
        ("bob", "annotator"),
    ]
    assert len({user.password for user in made} | {user.api_key for user in made}) == 6
    assert min(len(user.password) for user in made) >= 16
    key = (home.path / "secret.key").read_text()
    assert home.prepare(["carol"]) == ()
    assert home.users() == made
    assert (home.path / "secret.key").read_text() == key


def test_only_the_owner_of_the_folder_can_read_it_and_what_is_secret(home):
    home.keep(home.new_annotator("carol"))
    assert mode(home.path) == 0o700
    assert {mode(home.path / name) for name in ("users.json", "secret.key")} == {0o600}


def test_a_first_start_that_was_cut_short_is_begun_again(home):
    (home.path / "users.json").unlink()
    assert len(home.prepare(["ann"])) == 2


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path):
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(UserError, match="holds something else; name a new folder with --home"):
        Home(tmp_path).prepare([])
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


@pytest.mark.parametrize("name", ["", "Ann", "ann bob", "../ann", "安娜", "-ann", "a" * 65, "a\n"])
def test_a_name_that_will_not_do_is_refused_before_anything_is_written(tmp_path, name):
    home = Home(tmp_path / "home")
    with pytest.raises(UserError, match="is no name for a user"):
        home.prepare([name])
    assert not home.path.exists()


def test_a_new_annotator_is_kept_and_a_taken_name_is_refused(home):
    carol = home.new_annotator("carol")
    home.keep(carol)
    assert home.users()[-1] == carol
    with pytest.raises(UserError, match="a user 'carol' already"):
        home.new_annotator("carol")


def test_what_is_no_home_says_how_to_make_one(tmp_path):
    with pytest.raises(UserError, match=r"is no home of a review server.*serve --home"):
        Home(tmp_path).users()


@pytest.mark.parametrize(
    ("text", "says"),
    [("{", "the file: Invalid JSON"), ('[{"name": "ann"}]', "0.role: Field required")],
)
def test_a_broken_list_of_people_is_named_with_its_place(home, text, says):
    (home.path / "users.json").write_text(text)
    with pytest.raises(UserError, match=f"users.json: {says}"):
        home.users()


def test_a_second_server_is_refused_with_the_address_of_the_first(home):
    with home.locked():
        home.note("http://127.0.0.1:6900")
        assert home.runs()
        with (
            pytest.raises(UserError, match=r"runs on .* already, at http://127.0.0.1:6900"),
            home.locked(),
        ):
            pass
    assert not home.runs()


def test_a_lock_lasts_as_long_as_a_process_that_inherited_it(home):
    with home.locked() as lock:
        child = subprocess.Popen(
            [sys.executable, "-c", "import sys; sys.stdin.read()"],
            stdin=subprocess.PIPE,
            pass_fds=[lock],
        )
    assert home.runs()
    child.communicate(b"")
    assert not home.runs()


def test_the_way_to_a_server_is_known_only_while_it_runs(home):
    with home.locked():
        home.note("http://127.0.0.1:6900")
        server = home.connection()
        assert (server.url, server.key) == ("http://127.0.0.1:6900", home.users()[0].api_key)
    with pytest.raises(UserError, match=r"no server runs on .*start it: callwright review serve"):
        home.connection()


def test_a_note_that_cannot_be_read_is_no_address(home):
    (home.path / "server.json").write_text(json.dumps(["http://evil.example"]))
    with home.locked(), pytest.raises(UserError, match="no server runs"):
        home.connection()
