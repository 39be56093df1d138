"""What becomes of a row, whatever annotators answered."""

import pytest
import reviewed

from callwright.curation.recipe import ReviewSection
from callwright.curation.review.corrections import texts_of
from callwright.curation.review.deciding import Deciding
from callwright.curation.review.resolving import resolve
from callwright.curation.review.sheets import returned_sheet
from callwright.curation.review.words import PROBLEM_WORDS
from callwright.curation.verify import check
from callwright.schemas.record import Conversation

MAJORITY = ReviewSection()
STRICT = ReviewSection(rule="strict")
ADJUDICATOR = ReviewSection(rule="adjudicator", adjudicator="lead")


@pytest.fixture
def fate(toolbox):
    """What becomes of a record; by majority unless told."""

    def fate(record, section=MAJORITY, **options):
        return Deciding(section, toolbox, **options).fate(record)

    return fate


def answers(row, *verdicts):
    return [reviewed.submitted(row, f"u{i}", verdict) for i, verdict in enumerate(verdicts)]


# ------------------------------------------------------------------------- reading


def test_a_suggestion_left_standing_is_no_correction_and_noted_as_untouched(rows):
    answer = reviewed.submitted(rows["chain"], verdict="accept")
    assert not answer.wanted
    assert set(answer.untouched) == {"verdict", "request", "calls", "answer"}


def test_a_changed_word_is_a_correction_and_the_other_boxes_are_none(rows):
    answer = reviewed.submitted(rows["chain"], verdict="fix", answer="You fly 5 hours.")
    assert answer.wanted.answer == "You fly 5 hours."
    assert answer.wanted.request is answer.wanted.calls is None
    assert "answer" not in answer.untouched


def test_what_argilla_cannot_have_asked_for_is_not_believed(rows):
    row = rows["chain"]
    odd = {"problems": ["wrong_tool", "<script>"], "step": "9" * 5000, "reason": 7}
    answer = reviewed.submitted(row, verdict="reject", **odd)
    assert (answer.problems, answer.step, answer.reason) == (("wrong_tool",), None, "")
    assert reviewed.submitted(row, verdict="delete everything") is None


def test_pseudonyms_are_steady_and_do_not_hold_the_users_id(rows):
    one, again = (reviewed.submitted(rows["chain"], "4f1c-user") for _ in range(2))
    assert one.who == again.who
    assert "4f1c" not in one.who
    assert one.who != reviewed.submitted(rows["chain"], "other").who


# ----------------------------------------------------------------------- resolving


@pytest.mark.parametrize(
    ("verdicts", "majority", "strict"),
    [
        ("accept", "accept", "accept"),
        ("accept accept reject", "accept", None),
        ("accept reject", None, None),
        ("reject reject", "reject", "reject"),
        ("accept fix reject", None, None),
    ],
)
def test_the_rule_decides_between_several(rows, verdicts, majority, strict):
    given = answers(rows["chain"], *verdicts.split())
    assert resolve(given, MAJORITY, min_submitted=1).verdict == majority
    assert resolve(given, STRICT, min_submitted=1).verdict == strict


def test_an_adjudicators_word_counts_alone_and_before_enough_have_answered(rows):
    given = answers(rows["chain"], "accept", "reject")
    found = resolve(given, ADJUDICATOR, min_submitted=3, adjudicator="u1")
    assert found.verdict == "reject"
    assert [answer.user for answer in found.by] == ["u1"]
    assert resolve(given, ADJUDICATOR, min_submitted=2, adjudicator="u7").why == "disagreement"


def test_too_few_answers_are_no_verdict(rows):
    assert resolve(answers(rows["chain"], "accept"), MAJORITY, min_submitted=2).why == "unjudged"


def test_two_corrections_that_differ_are_a_disagreement_but_not_in_their_spacing(rows):
    row = rows["chain"]
    calls = reviewed.calls_with(row, 1, city="Vienna")
    one = reviewed.submitted(row, "u1", "fix", calls=calls)
    spaced = reviewed.submitted(row, "u2", "fix", calls=calls.replace(",", " , "))
    other = reviewed.submitted(row, "u3", "fix", calls=reviewed.calls_with(row, 1, city="Quito"))
    assert resolve([one, spaced], STRICT, min_submitted=1).verdict == "fix"
    assert resolve([one, other], MAJORITY, min_submitted=1).why == "disagreement"


# ------------------------------------------------------------------------- fates


def test_an_accepted_row_is_kept_as_it_is_with_who_accepted_it(rows, fate):
    row = rows["chain"]
    found = fate(reviewed.record(row, reviewed.submitted(row, reason="good")))
    assert found.rejection is found.refused is None
    assert found.row.model_copy(update={"review": None}) == row
    (judgement,) = found.row.review.judgements
    assert judgement.reason == "good"
    assert judgement.who.startswith("annotator-")


def test_a_rejected_row_is_dropped_for_the_problem_named_most(rows, fate):
    row = rows["chain"]
    given = [
        reviewed.submitted(row, f"u{i}", "reject", problems=problems, step="2", reason="no")
        for i, problems in enumerate((["wrong_tool"], ["wrong_tool", "language"]))
    ]
    found = fate(reviewed.record(row, *given))
    assert found.rejection.reason == "wrong_tool"
    assert "step 2, no" in found.rejection.detail
    assert Conversation.model_validate(found.rejection.row).review.verdict == "reject"


def test_a_fix_raises_the_revision_and_keeps_what_stood_there(rows, fate, toolbox):
    row = rows["parallel"]
    answer = "Hanoi is served by HNX, and Quito by UIO."
    found = fate(reviewed.record(row, reviewed.submitted(row, verdict="fix", answer=answer)))
    assert found.row.revision == row.revision + 1
    assert found.row.id == row.id
    (edit,) = found.row.review.history
    assert edit.before == {"answer": row.messages[-1].content}
    assert edit.revision == 1
    gates = check(found.row, toolbox)
    assert all(gate.outcome in ("pass", "not_applicable") for gate in gates.values())


def test_an_edit_that_nobody_noted_stands_in_the_history_as_curates(rows, fate):
    row = rows["parallel"].model_copy(update={"revision": 1})
    answer = "Hanoi is served by HNX, and Quito by UIO."
    found = fate(reviewed.record(row, reviewed.submitted(row, verdict="fix", answer=answer)))
    assert [(edit.revision, edit.by[0][:6]) for edit in found.row.review.history] == [
        (1, "curate"),
        (2, "annota"),
    ]


def test_a_fix_whose_answer_no_longer_holds_waits_for_the_answer(rows, fate):
    row = rows["chain"]
    request = texts_of(row).request.replace("Lisbon", "Vienna")
    calls = reviewed.calls_with(row, 1, city="Vienna")
    found = fate(
        reviewed.record(row, reviewed.submitted(row, verdict="fix", request=request, calls=calls))
    )
    assert found.row is None
    assert found.rejection.reason == "pending_answer"
    parcel = reviewed.record(row).parcel
    back = returned_sheet(
        parcel,
        {},
        attempt=1,
        reason=found.refused.reason,
        wanted=found.wanted,
        draft=found.refused.draft,
    )
    assert back.suggestions["calls"][0] == calls
    assert "no longer holds" in back.fields["chain"]["returned"]
    assert '"VIE"' in str(back.fields["raw"])
    # The annotator goes on from there, and only has to mend the answer.
    hours = found.refused.draft.messages[-2].content.partition(":")[2].rstrip("}")
    again = reviewed.submitted(
        row, verdict="fix", request=request, calls=calls, answer=f"{hours} h."
    )
    assert fate(reviewed.record(row, again, attempt=1)).row.revision == 1


@pytest.mark.parametrize(
    ("verdict", "changed", "says"),
    [
        ("fix", {}, "nothing was corrected"),
        ("accept", {"answer": "Two hours."}, 'choose "fix"'),
        ("fix", {"calls": "[oops"}, "not JSON"),
    ],
)
def test_what_contradicts_itself_goes_back_with_the_reason(rows, fate, verdict, changed, says):
    row = rows["chain"]
    found = fate(reviewed.record(row, reviewed.submitted(row, verdict=verdict, **changed)))
    assert found.rejection.reason == "pending_returned"
    assert says in found.refused.reason


def test_a_row_that_came_back_and_was_not_answered_again_still_waits(rows, fate):
    found = fate(reviewed.record(rows["chain"], attempt=1, returned="nobody said it"))
    assert found.refused is None
    assert (found.rejection.reason, found.rejection.detail) == (
        "pending_returned",
        "nobody said it",
    )


def test_a_row_that_was_tampered_with_on_the_way_is_not_kept(rows, fate):
    row = rows["chain"]
    result = row.messages[3].model_copy(update={"content": '{"hours":9}'})
    bad = row.model_copy(update={"messages": [*row.messages[:3], result, *row.messages[4:]]})
    assert fate(reviewed.record(bad, reviewed.submitted(bad))).rejection.reason == "does_not_verify"


def test_other_versions_than_the_builds_run_nothing_again(rows, fate):
    row = rows["parallel"]
    answer = reviewed.submitted(row, verdict="fix", answer="Quito has UIO, Hanoi has HNX.")
    found = fate(reviewed.record(row, answer, build={"versions": {"python": "2.7"}}))
    assert found.rejection.reason == "pending_other_versions"
    assert found.refused is None


def test_every_problem_word_is_one_that_a_rejection_can_have(rows, fate):
    row = rows["chain"]
    for problem in PROBLEM_WORDS:
        given = reviewed.submitted(row, verdict="reject", problems=[problem])
        assert fate(reviewed.record(row, given)).rejection.reason == problem
