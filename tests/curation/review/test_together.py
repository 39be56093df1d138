"""Two annotators on the same fifty records at the same moment: drafts, and changes of mind."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import annotating
import pytest
from annotating import Annotator, copies, dataset

from callwright.curation.review.agreement import agreement
from callwright.curation.review.answers import judged, pseudonym
from callwright.curation.review.connection import connect
from callwright.curation.review.corrections import texts_of
from callwright.schemas.store import open_dataset

pytestmark = [
    pytest.mark.argilla,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

REQUEST = "Please tell me: how long would I fly from Lisbon to OSL?"
ACCEPT = {"verdict": "accept"}
LANGUAGE = {"verdict": "reject", "problems": ["language"], "reason": "said by nobody"}
STEP = {"verdict": "reject", "problems": ["wrong_argument", "missing_step"], "step": "2"}
FIX = {"verdict": "fix", "request": REQUEST, "reason": "用户会先说“请”"}
TAKEN_BACK = "taken back"

MINDS = (
    [("submitted", ACCEPT)],
    [("draft", STEP), ("submitted", ACCEPT)],
    [("submitted", ACCEPT), ("submitted", LANGUAGE)],
    [("submitted", LANGUAGE), ("draft", STEP), ("submitted", STEP)],
    [("draft", {}), ("draft", FIX), ("submitted", FIX)],
    [("submitted", ACCEPT), ("submitted", FIX)],
    [("submitted", ACCEPT), ("discarded", {})],
    [("submitted", LANGUAGE), (TAKEN_BACK, {}), ("submitted", ACCEPT)],
    [("submitted", ACCEPT), (TAKEN_BACK, {})],
    [("submitted", FIX), ("draft", ACCEPT)],
)
"""How an annotator comes to an answer: what they do, one after the other. Only the last counts."""


def mind(who, number):
    """Over fifty records the two meet in every way: alike, apart, one of them silent."""
    return MINDS[number % 10 if who == "ann" else (number + number // 10) % 10]


def says(who, number):
    """What somebody has submitted in the end; None if nothing."""
    status, what = mind(who, number)[-1]
    return what if status == "submitted" else None


@pytest.fixture(scope="module")
def names(rows):
    """Ids of the fifty rows."""
    return [row.id for row in copies(rows["chain"], 50)]


@pytest.fixture(scope="module")
def people(rows, server, ask, tmp_path_factory):
    """The two, when they are through; all the while the lead pushed more."""
    home = tmp_path_factory.mktemp("together")
    fifty = dataset(home / "fifty", copies(rows["chain"], 50))
    more = dataset(home / "more", copies(rows["stateful"], 50))
    annotating.push(server, fifty, "fifty", min_submitted=2)
    people = [Annotator(ask, "ann"), Annotator(ask, "bob")]
    at_once = threading.Barrier(len(people), timeout=60)

    def work(person):
        for number, (_, record) in enumerate(sorted(person.records("fifty").items())):
            at_once.wait()  # both send their first answer to this record in the same moment
            for status, what in mind(person.name, number):
                if status == TAKEN_BACK:
                    person.take_back(record)
                else:
                    person.say(record, status, **what)

    with ThreadPoolExecutor(3) as pool:
        pushed = pool.submit(annotating.push, server, more, "more")
        list(pool.map(work, people))
        assert pushed.result().new == 50
    return people


@pytest.fixture(scope="module")
def found(server, people):
    """Number of the record -> what the server holds of it."""
    with connect(server) as client:
        records = list(judged(client.datasets("fifty", workspace=server.workspace)))
    return dict(enumerate(sorted(records, key=lambda one: one.name)))


def test_no_answer_is_lost_and_each_is_the_last_that_was_said(found, people):
    expected = {
        (person.id, number): says(person.name, number)
        for person in people
        for number in range(50)
        if says(person.name, number)
    }
    assert len(expected) == 2 * 35
    assert len(found) == 50
    held = {(a.user, number): a for number, one in found.items() for a in one.answers}
    assert held.keys() == expected.keys()
    for key, said in expected.items():
        answer = held[key]
        assert answer.verdict == said["verdict"]
        assert set(answer.problems) == set(said.get("problems", ()))
        assert answer.step == (2 if said is STEP else None)
        assert answer.reason == said.get("reason", "")
        assert answer.wanted.request == said.get("request")


def test_a_pull_holds_exactly_what_they_said(found, people, names, server, tmp_path):
    annotating.pull(server, "fifty", tmp_path / "out")
    pulled = open_dataset(tmp_path / "out")
    kept = {row.id: row for row in pulled.rows()}
    rejects = {reject.row["id"]: reject.reason for reject in pulled.rejects()}
    fates = Counter()
    for number, name in enumerate(names):
        said = {person.id: says(person.name, number) for person in people}
        answers = [answer for answer in said.values() if answer]
        verdicts = {answer["verdict"] for answer in answers}
        if len(answers) < 2:
            fate = "pending_unjudged"
        elif len(verdicts) == 2:
            fate = "pending_disagreement"
        else:
            (fate,) = verdicts
        fates[fate] += 1
        if fate == "reject":
            problems = {problem for answer in answers for problem in answer["problems"]}
            assert rejects.pop(name) in problems
        elif fate.startswith("pending"):
            assert rejects.pop(name) == fate
        else:
            row = kept.pop(name)
            assert {j.who: (j.verdict, j.reason) for j in row.review.judgements} == {
                pseudonym(who): (answer["verdict"], answer.get("reason", ""))
                for who, answer in said.items()
            }
            assert (row.revision, texts_of(row).request == REQUEST) == (
                (1, True) if fate == "fix" else (0, False)
            )
    assert (kept, rejects) == ({}, {})
    assert len(fates) == 5, f"every fate is among them: {fates}"


def test_agreement_is_what_the_formula_gives(found):
    measured = agreement(list(found.values()))
    pairs = [
        [says("ann", number)["verdict"], says("bob", number)["verdict"]]
        for number in range(50)
        if says("ann", number) and says("bob", number)
    ]
    # Krippendorff's nominal alpha where each unit has two values: 1 - observed / expected.
    values = Counter(verdict for pair in pairs for verdict in pair)
    n = values.total()
    observed = sum(one != other for one, other in pairs) / len(pairs)
    expected = 1 - sum(count * (count - 1) for count in values.values()) / (n * (n - 1))
    verdict = measured.alphas[0]
    assert verdict.alpha == pytest.approx(1 - observed / expected)
    assert verdict.low < verdict.alpha < verdict.high
    assert measured.disagreeing == sum(one != other for one, other in pairs)
