"""`callwright review serve` as people use it: the command, the real server, signals, restarts."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager

import pytest

from callwright.curation.review.home import Home
from callwright.curation.review.people import add_annotator
from callwright.schemas.errors import UserError

COMMAND = [sys.executable, "-m", "callwright.cli", "review"]
READY = re.compile(r"Argilla answers at (http://\S+)")
PERSON = re.compile(r"^  (\w+) +(\S+)$", re.MULTILINE)

pytestmark = pytest.mark.argilla


class Serving:
    """A running `review serve` and what it has said."""

    def __init__(self, process, said):
        self.process = process
        self.said = said
        self.url = READY.search(said)[1]

    def stop(self, with_signal):
        self.process.send_signal(with_signal)
        rest, _ = self.process.communicate(timeout=60)
        return self.process.returncode, rest


@contextmanager
def serving(home, interpreter, *options):
    """Start the command and wait until it says that Argilla answers."""
    # Where we run in the background, Ctrl-C is ignored, and a process that we start ignores it too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    arguments = ["serve", "--home", home, "--port", "0", "--server-python", interpreter, *options]
    with subprocess.Popen(
        [*COMMAND, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # A proxy and another Argilla's settings are not for this server.
        env={**os.environ, "http_proxy": "http://127.0.0.1:9", "ARGILLA_BASE_URL": "/elsewhere"},
    ) as process:
        said = ""
        for line in process.stdout:
            said += line
            if READY.search(line):
                break
        try:
            yield Serving(process, said)
        finally:
            process.kill()


def sign_in(url, name, password):
    """Sign in as the page does; gives the token."""
    form = urllib.parse.urlencode({"username": name, "password": password}).encode()
    with urllib.request.urlopen(f"{url}/api/v1/token", form, timeout=30) as answer:  # noqa: S310
        return answer.read()


def who(url, headers, path="me"):
    request = urllib.request.Request(f"{url}/api/v1/{path}", headers=headers)  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return answer.read().decode()


def is_gone(url):
    """Whether nothing listens there any more, for a few seconds."""
    port = urllib.parse.urlsplit(url).port
    limit = time.monotonic() + 20
    while time.monotonic() < limit:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return True
        time.sleep(0.1)
    return False


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("serve") / "home"


@pytest.fixture(scope="module")
def first(place, interpreter):
    """What happened in a first start, which Ctrl-C ended."""
    seen = {}
    with serving(place, interpreter, "--annotator", "ann") as server:
        seen["people"] = dict(PERSON.findall(server.said))
        seen["token"] = sign_in(server.url, "ann", seen["people"]["ann"])
        with urllib.request.urlopen(f"{server.url}/sign-in", timeout=30) as page:  # noqa: S310
            seen["page"] = page.read().decode()
        seen["second"] = subprocess.run(
            [*COMMAND, "serve", "--home", place, "--port", "0", "--server-python", interpreter],
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
        seen["url"] = server.url
        add_annotator(Home(place), "bob")
        seen["bob"] = Home(place).users()[-1]
        seen["bob signed in"] = sign_in(server.url, "bob", seen["bob"].password)
        seen["bob's workspaces"] = who(
            server.url, {"X-Argilla-Api-Key": seen["bob"].api_key}, "me/workspaces"
        )
        seen["end"] = server.stop(signal.SIGINT)
    return seen


def test_the_first_start_shows_each_password_once_and_they_let_people_in(first):
    assert set(first["people"]) == {"owner", "ann"}
    assert b"access_token" in first["token"]
    assert "<title>" in first["page"]


def test_everything_in_the_home_is_for_its_owner_only(first, place):
    modes = {path.name: path.stat().st_mode & 0o077 for path in place.iterdir()}
    assert "argilla.db" in modes
    assert {name: mode for name, mode in modes.items() if mode and name != "lock"} == {}


def test_a_second_server_on_the_same_home_is_refused_in_one_line(first):
    second = first["second"]
    assert second.returncode == 2
    assert re.fullmatch(
        rf"callwright: a review server runs on .* already, at {first['url']}; stop it first\n",
        second.stderr,
    )


def test_someone_who_comes_while_it_runs_gets_in_at_once_and_sees_what_is_to_review(first):
    assert b"access_token" in first["bob signed in"]
    assert '"name":"review"' in first["bob's workspaces"]


def test_ctrl_c_stops_it_cleanly_and_leaves_nothing_behind(first, place):
    status, said = first["end"]
    assert (status, said) == (0, "\nstopped; everything is kept in the home folder\n")
    assert is_gone(first["url"])
    assert not (place / "tmp").exists()
    assert "Traceback" not in (place / "server.log").read_text()


def test_a_restart_keeps_people_passwords_keys_and_logins(first, place, interpreter):
    carol = add_annotator(Home(place), "carol")  # while it does not run
    token = re.search(r'"access_token":"([^"]+)"', first["token"].decode())[1]
    with serving(place, interpreter) as server:
        assert not PERSON.search(server.said), "no password is shown again"
        assert '"username":"ann"' in who(server.url, {"Authorization": f"Bearer {token}"})
        assert '"role":"owner"' in who(
            server.url, {"X-Argilla-Api-Key": Home(place).users()[0].api_key}
        )
        assert b"access_token" in sign_in(server.url, "carol", carol.password)
        with pytest.raises(urllib.error.HTTPError, match="401"):
            sign_in(server.url, "ann", "wrong")
        with pytest.raises(UserError, match="there is a user 'ann' already"):
            add_annotator(Home(place), "ann")
        status, _ = server.stop(signal.SIGTERM)
    assert status == 0
    assert is_gone(server.url)


def test_the_server_ends_with_the_command_even_if_that_is_killed(first, place, interpreter):
    with serving(place, interpreter) as server:
        server.stop(signal.SIGKILL)
        assert is_gone(server.url)
    limit = time.monotonic() + 20
    while Home(place).runs() and time.monotonic() < limit:
        time.sleep(0.1)
    assert not Home(place).runs()


def test_a_taken_port_is_one_line(tmp_path, interpreter):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        options = ["serve", "--home", tmp_path / "home", "--port", port]
        run = subprocess.run(
            [*COMMAND, *options, "--server-python", interpreter],
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert run.returncode == 2
    says = f"callwright: cannot listen on 127.0.0.1, port {port}: the port is taken; "
    assert run.stderr == says + "name another with --port\n"


@pytest.mark.parametrize("option", ["--elasticsearch=http", "--redis-url=redis"])
def test_a_service_that_is_named_and_away_is_one_line(tmp_path, interpreter, option):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    options = ["--home", tmp_path / "home", "--server-python", interpreter]
    run = subprocess.run(
        [*COMMAND, "serve", *options, f"{option}://127.0.0.1:{port}"],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 2
    name = option.partition("=")[0]
    says = f"callwright: {name}: nothing answers on 127.0.0.1, port {port}: Connection refused\n"
    assert run.stderr == says


def test_a_server_that_does_not_start_says_why_in_one_line(tmp_path, interpreter):
    home = tmp_path / "home"
    Home(home).prepare([])
    (home / "argilla.db").write_text("no database at all, but long enough to be read as one" * 99)
    run = subprocess.run(
        [*COMMAND, "serve", "--home", home, "--port", "0", "--server-python", interpreter],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 2
    assert re.fullmatch(
        r"callwright: the review server ended with 1: .*file is not a database.* "
        r"\(more in .*server\.log\)\n",
        run.stderr,
    )
