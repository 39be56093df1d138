"""`kill -9` of the server at its worst moments: started again, it has lost and doubled nothing."""

import http.client
import sqlite3
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import annotating
import pytest
from annotating import Annotator, asking, copies, dataset

from callwright.curation.review import push as pushing
from callwright.curation.review.answers import judged
from callwright.curation.review.connection import connect
from callwright.curation.review.serve import Options, running
from callwright.schemas.errors import UserError
from callwright.schemas.store import open_dataset

pytestmark = [
    pytest.mark.argilla,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

ROWS = 100
SECONDS = 60


@pytest.fixture(scope="module")
def started(home, interpreter):
    """Start a server on the home: a new one each time."""

    @contextmanager
    def started():
        with running(home, Options(interpreter, port=0)) as server:
            yield server.process, home.connection()

    return started


@pytest.fixture(scope="module")
def stored(home):
    """Ask the database itself, past the server."""

    def stored(query):
        base = sqlite3.connect(f"file:{home.database}?mode=ro", uri=True, timeout=10)
        try:
            return base.execute(query).fetchall()
        finally:
            base.close()

    return stored


@pytest.fixture(scope="module")
def data(rows, tmp_path_factory):
    return dataset(tmp_path_factory.mktemp("killed") / "data", copies(rows["chain"], ROWS))


def until(true):
    limit = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < limit, "that moment never came"
        time.sleep(0.002)


def whole(stored):
    """The records by name; each has all of its suggestions, and is there once."""
    each = stored(
        "select external_id, count(suggestions.id) from records "
        "left join suggestions on record_id = records.id group by records.id"
    )
    assert {suggestions for _, suggestions in each} <= {4}
    names = [name for name, _ in each]
    assert len(names) == len(set(names))
    return set(names)


@pytest.fixture(scope="module")
def pushed(started, stored, data):
    """How far it was each time it was killed in mid-push, and what the last push said."""
    moments = [
        # While the dataset is being made: its fields are there, its questions not all.
        lambda: stored("select 1 from fields") and stored("select 1 from datasets"),
        # While a batch is on its way: the one before it has just been written.
        lambda: stored("select count(*) from records")[0][0] >= 20,
        lambda: stored("select count(*) from records")[0][0] >= 60,
    ]
    far = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pushing, "BATCH", 20)
        for moment in moments:
            with started() as (process, server), ThreadPoolExecutor(1) as pool:
                push = pool.submit(annotating.push, server, data, "killed", min_submitted=2)
                until(moment)
                process.kill()
                with pytest.raises(UserError, match=f"no answer from {server.url}"):
                    push.result(SECONDS)
            status = stored("select status from datasets")
            far.append((status, len(whole(stored))))
        with started() as (_, server):
            last = annotating.push(server, data, "killed", min_submitted=2)
            again = annotating.push(server, data, "killed", min_submitted=2)
    return far, last, again


def test_killed_in_mid_push_it_goes_on_where_it_was_and_doubles_nothing(pushed, stored, data):
    far, last, again = pushed
    assert far[0] == ([("draft",)], 0)
    assert [status for status, _ in far[1:]] == [[("ready",)]] * 2
    assert 20 <= far[1][1] < far[2][1] < ROWS
    assert (last.new, last.there) == (ROWS - far[2][1], far[2][1])
    assert (again.new, again.there) == (0, ROWS)
    assert whole(stored) == {f"{row.id}-r0" for row in data.rows()}
    assert stored("select status from datasets") == [("ready",)]


def said(person, number):
    """What somebody thinks of a record."""
    return "reject" if number % 4 == 0 else "accept", f"{person.name}, {number}"


def work(person, at_once, confirmed):
    """Answer what is not answered yet, each first as a draft; note what the server confirmed."""
    try:
        for number, (name, record) in enumerate(sorted(person.records("killed").items())):
            if [answer["status"] for answer in record["responses"]] != ["submitted"]:
                at_once.wait()
                verdict, reason = said(person, number)
                person.say(record, "draft", verdict="reject", reason="not sure yet")
                person.say(record, verdict=verdict, reason=reason)
                confirmed[person.id, name] = (verdict, reason)
    except (OSError, http.client.HTTPException, threading.BrokenBarrierError):
        pass  # the server is gone, or was for the other one
    finally:
        at_once.abort()  # the other one waits for nobody


@contextmanager
def annotating_begins(home, server, confirmed):
    """Two people at work, who know nothing of an earlier day; gives them."""
    ask = asking(home, server.url)
    people = [Annotator(ask, "ann"), Annotator(ask, "bob")]
    at_once = threading.Barrier(len(people), timeout=SECONDS)
    with ThreadPoolExecutor(len(people)) as pool:
        jobs = [pool.submit(work, person, at_once, confirmed) for person in people]
        yield people
    for job in jobs:
        job.result()


def held(server):
    """(Annotator's id, record) -> verdict and reason, as a pull reads them."""
    with connect(server) as client:
        found = list(judged(client.datasets("killed", workspace=server.workspace)))
    return {(a.user, one.name): (a.verdict, a.reason) for one in found for a in one.answers}


def test_killed_in_mid_annotation_it_keeps_every_answer_that_it_confirmed(
    pushed, started, stored, home, data, tmp_path
):
    confirmed = {}
    with started() as (process, server), annotating_begins(home, server, confirmed):
        until(lambda: len(confirmed) >= ROWS)
        process.kill()
    assert ROWS <= len(confirmed) < 2 * ROWS, "killed in the middle"

    with started() as (_, server):
        assert annotating.push(server, data, "killed").new == 0
        kept = held(server)
        assert confirmed.items() <= kept.items()
        assert len(kept) <= len(confirmed) + 2, "of each person at most what was on its way"
        with annotating_begins(home, server, confirmed) as people:
            pass
        everything = {
            (person.id, f"{row.id}-r0"): said(person, number)
            for person in people
            for number, row in enumerate(data.rows())
        }
        assert held(server) == everything
        assert stored("select count(*) from responses") == [(2 * ROWS,)]
        pulled = annotating.pull(server, "killed", tmp_path / "out")
    assert (pulled.kept, pulled.rejected.total()) == (ROWS * 3 // 4, ROWS // 4)
    out = open_dataset(tmp_path / "out")
    ids = [row.id for row in out.rows()] + [reject.row["id"] for reject in out.rejects()]
    assert Counter(ids) == Counter(row.id for row in data.rows())
