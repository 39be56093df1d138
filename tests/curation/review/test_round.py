"""From a dataset to annotators and back, with the real server."""

import html
import json
from functools import partial

import annotating
import pytest
import reviewed
from annotating import Annotator, dataset

from callwright.curation.review import push as pushing
from callwright.curation.review.connection import Connection, connect
from callwright.curation.review.corrections import texts_of
from callwright.curation.verify import check
from callwright.schemas.errors import UserError
from callwright.schemas.reading import calls_of
from callwright.schemas.store import Writer, open_dataset

pytestmark = [
    pytest.mark.argilla,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture
def push(server):
    return partial(annotating.push, server)


@pytest.fixture
def pull(server):
    return partial(annotating.pull, server)


@pytest.fixture
def ann(ask):
    return Annotator(ask, "ann")


@pytest.fixture
def records(ann):
    return ann.records


@pytest.fixture
def answer(ann):
    return ann.say


def test_a_review_keeps_drops_mends_and_sends_back(
    rows, tmp_path, push, pull, records, answer, toolbox
):
    data = dataset(tmp_path / "data", list(rows.values()))
    assert push(data, "round").new == len(rows)
    there = records("round")
    of = {name: there[f"{row.id}-r0"] for name, row in rows.items()}
    assert len(there) == len(rows)

    answer(of["parallel"], verdict="accept")
    answer(of["miles"], verdict="reject", problems=["request_unnatural"], reason="nobody says so")
    request = texts_of(rows["chain"]).request.replace("Lisbon", "Vienna")
    changed = {
        "verdict": "fix",
        "request": request,
        "calls": reviewed.calls_with(rows["chain"], 1, city="Vienna"),
    }
    answer(of["chain"], **changed)
    answer(
        of["stateful"], verdict="fix", calls=reviewed.calls_with(rows["stateful"], 3, order_id=1)
    )

    first = pull("round", tmp_path / "first")
    assert (first.kept, first.edited, first.rejected) == (1, 0, {"request_unnatural": 1})
    assert first.pending["pending_answer"] == first.pending["pending_returned"] == 1
    assert first.pending["pending_unjudged"] == len(rows) - 4
    assert first.returned == 2

    # Pulled again before anybody answered: what went back is not sent a second time.
    assert pull("round", tmp_path / "again").returned == 0
    there = records("round")
    assert len(there) == len(rows) + 2
    back = there[f"{rows['chain'].id}-r0-again1"]
    shown = json.dumps(back["fields"], ensure_ascii=False)
    assert "the answer no longer holds" in shown
    assert "VIE" in shown
    broken = there[f"{rows['stateful'].id}-r0-again1"]
    assert "nobody said order_id = 1" in broken["fields"]["chain"]["returned"]

    hours = json.loads(html.unescape(back["fields"]["raw"]["messages"][-2]["text"]))["hours"]
    answer(back, **changed, answer=f"About {hours} hours.")
    second = pull("round", tmp_path / "second")
    assert (second.kept, second.edited) == (2, 1)
    kept = {row.id: row for row in open_dataset(tmp_path / "second").rows()}
    assert kept.keys() == {rows["parallel"].id, rows["chain"].id}
    mended = kept[rows["chain"].id]
    assert calls_of(mended)[1].arguments["origin"] == "VIE"
    assert mended.revision == 1
    assert mended.review.history[0].before["calls"] == texts_of(rows["chain"]).calls
    for row in kept.values():
        assert {gate.outcome for gate in check(row, toolbox).values()} <= {"pass", "not_applicable"}
    counts = open_dataset(tmp_path / "second").manifest.counts
    assert counts.kept + counts.rejected == len(rows)


def test_a_push_that_was_cut_short_goes_on_and_pushing_twice_doubles_nothing(
    rows, tmp_path, push, records, monkeypatch
):
    data = dataset(tmp_path / "data", list(rows.values()))
    monkeypatch.setattr(pushing, "BATCH", 2)
    real, calls = pushing.log, []

    def dying(*arguments):
        calls.append(arguments)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(pushing, "log", dying)
    with pytest.raises(KeyboardInterrupt):
        push(data, "cut")
    assert len(records("cut")) == 4
    monkeypatch.setattr(pushing, "log", real)
    pushed = push(data, "cut")
    assert (pushed.new, pushed.there) == (len(rows) - 4, 4)
    assert push(data, "cut").new == 0
    assert len(records("cut")) == len(rows)


def test_a_pull_that_was_cut_short_is_simply_run_again(
    rows, tmp_path, push, pull, records, answer, monkeypatch
):
    push(dataset(tmp_path / "data", [rows["chain"]]), "short")
    (record,) = records("short").values()
    answer(record, verdict="fix", answer="It takes 99 hours.")

    def dying(_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Writer, "finish", dying)
        with pytest.raises(KeyboardInterrupt):
            pull("short", tmp_path / "out")
    pulled = pull("short", tmp_path / "out")
    assert (pulled.returned, pulled.pending.total()) == (0, 1)
    assert len(records("short")) == 2


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"url": "http://127.0.0.1:9"}, "no answer from http://127.0.0.1:9"),
        ({"key": "secret-that-is-wrong"}, "refused"),
    ],
)
def test_a_server_that_does_not_answer_or_let_in_is_one_line_without_the_key(server, change, says):
    wrong = Connection(**{"url": server.url, "key": server.key, **change})
    with pytest.raises(UserError, match=says) as caught, connect(wrong):
        pass
    assert "secret-that" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_annotators_key_is_told_that_it_cannot_read(home, server):
    key = next(user.api_key for user in home.users() if user.name == "ann")
    with (
        pytest.raises(UserError, match="owner or admin only"),
        connect(Connection(server.url, key)),
    ):
        pass


def test_a_review_that_does_not_exist_names_those_that_do(tmp_path, push, pull, rows):
    push(dataset(tmp_path / "data", [rows["chain"]]), "there")
    with pytest.raises(UserError, match=r"no dataset 'other'.*it has: .*there"):
        pull("other", tmp_path / "out")
    assert not (tmp_path / "out").exists()
