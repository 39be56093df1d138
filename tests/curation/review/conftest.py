"""The real review server, for the tests that are marked `argilla`."""

import pytest
from annotating import asking

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
    return asking(home, server.url)
