"""The real review server, for the tests that are marked `argilla`."""

import json
import urllib.error
import urllib.request

import pytest

from callwright.curation.review.environment import server_python
from callwright.curation.review.home import Home
from callwright.curation.review.serve import Options, running


@pytest.fixture(scope="session")
def interpreter():
    """Of an environment with Argilla's server; made where it is not there yet."""
    return server_python(None, lambda *_: None)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home folder with an owner and the annotators `ann` and `bob`."""
    home = Home(tmp_path_factory.mktemp("review") / "home")
    home.prepare(["ann", "bob"])
    return home


@pytest.fixture(scope="module")
def server(home, interpreter):
    """The way to a server that runs on `home`."""
    with running(home, Options(interpreter, port=0)):
        yield home.connection()


@pytest.fixture(scope="module")
def ask(home, server):
    """Call Argilla's interface as a user, as its page does."""
    keys = {user.name: user.api_key for user in home.users()}

    def ask(user, method, path, body=None):
        request = urllib.request.Request(  # noqa: S310 - of the server here
            f"{server.url}/api/v1/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"X-Argilla-Api-Key": keys[user], "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path}: {error.code} {error.read().decode()[:500]}") from None

    return ask
