"""An evaluation's page and summary: true to the figures, the same each time, and inert."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from callwright.generators.execution import PackToolbox
from callwright.schemas.display import plain_text
from callwright.schemas.record import Conversation, Function
from callwright.training.assess import Assessed, assess
from callwright.training.episode_view import episode_blocks
from callwright.training.failures import chosen
from callwright.training.metric_words import WORDS, words
from callwright.training.metrics import METRICS
from callwright.training.report import make_report
from callwright.training.summary import summary
from callwright.training.turns import read_turn, write_turn

RUN = {"policy": "tiny", "dataset": "d1", "trials": 1, "command": "callwright evaluate --data D"}
HOSTILE = (
    "<script>alert(1)</script><img src=http://evil.example/x onerror='x()'></pre></details>"
    "\x1b[2J\x00\u202e"
)
ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
OURS = set(
    "html head meta title style body main header nav section details summary figure figcaption "
    "h1 h2 h3 h4 p a b i div span small pre table thead tbody tr th td svg g path text".split()
)


class Page(HTMLParser):
    """What a browser would see."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def judged(rows: Any, toolbox: PackToolbox, policies: Any, says: Any) -> Assessed:
    played = [policies.play(row, toolbox, says) for row in rows]
    return assess(rows, policies.decide(rows, says), played, toolbox.tools())


def page_of(assessed: Assessed, run: dict[str, Any] = RUN) -> str:
    return make_report(run, assessed, assessed.scores())


def slips(row: Conversation, at: int) -> str:
    """Gold, but for one slip in some rows, of another kind from row to row."""
    message = row.messages[at]
    calls = [call.function for call in message.tool_calls or ()]
    slip = int(row.id[:8], 16) % 7
    if not calls:
        return message.content or ""
    call, rest = calls[0], calls[1:]
    name = next(iter(call.arguments), "x")
    if slip == 0:
        call = Function(name=call.name, arguments={**call.arguments, name: HOSTILE})
    elif slip == 1:
        call = Function(name=call.name, arguments={**call.arguments, HOSTILE: HOSTILE * 100})
    elif slip == 2:
        call = Function(name=HOSTILE, arguments={HOSTILE: 1})
    elif slip == 3:
        return f'<tool_call>{{"name": {HOSTILE}'
    elif slip == 4:
        return HOSTILE * 100
    elif slip == 5:
        call = Function(name=call.name, arguments={})
    return write_turn("", [call, *rest])


@pytest.fixture(scope="module")
def slipped(rows: list[Conversation], toolbox: PackToolbox, policies: Any) -> Assessed:
    return judged(rows, toolbox, policies, slips)


@pytest.fixture(scope="module")
def gold(rows: list[Conversation], toolbox: PackToolbox, policies: Any) -> Assessed:
    return judged(rows, toolbox, policies, policies.gold)


@pytest.fixture(scope="module")
def page(slipped: Assessed) -> str:
    return page_of(slipped)


# ------------------------------------------------------------------------- figures


def test_every_figure_has_words() -> None:
    for metric in METRICS:
        plain = metric.name.removesuffix(".bfcl")
        assert plain in WORDS or plain.startswith("parameters."), plain
        assert words(metric.name) != metric.name
    assert WORDS.keys() <= {metric.name for metric in METRICS}


def test_the_page_tells_the_figures_with_their_intervals(slipped: Assessed, page: str) -> None:
    scores = slipped.scores()
    text = Page(page).text
    for name in ("single_call", "chain_success", "parameters.f1", "single_call.bfcl"):
        assert f"{scores.overall[name].value:.1%}" in text
    figure = scores.overall["chain_success"]
    assert 0 < figure.value < 1
    assert f"95 % interval {figure.low:.1%} – {figure.high:.1%}" in text
    for scenario in scores.slices["scenario"]:
        assert scenario in text


def test_what_was_never_counted_is_not_shown_as_0(
    rows: list[Conversation], toolbox: PackToolbox, policies: Any
) -> None:
    calm = [row for row in rows if row.scenario == "irrelevant"]
    assessed = judged(calm, toolbox, policies, policies.gold)
    scores = assessed.scores()
    assert "parameters.f1" not in scores.overall
    html = page_of(assessed)
    assert "<h3>Parameter extraction</h3><b>–</b><span>nothing of this kind" in html
    assert html.count('<td class="none"') == 3 * (1 + sum(map(len, scores.slices.values())))
    assert "| Parameter extraction | not evaluated |" in summary(RUN, calm, scores)
    assert '<td class="h0"' not in html


def test_gold_has_no_failures_to_show(gold: Assessed) -> None:
    text = Page(page_of(gold)).text
    assert "Nothing went wrong" in text
    assert "first step that failed" not in text


def test_the_same_evaluation_gives_the_same_page(slipped: Assessed, page: str) -> None:
    assert page_of(slipped) == page


# ------------------------------------------------------------------------ failures


def test_twenty_failures_are_of_other_rows_and_of_every_kind(slipped: Assessed) -> None:
    found = chosen(slipped)
    assert len(found) == 20
    assert len({one.row.id for one in found}) == 20
    every = {one.fault.kind for one in (*slipped.decided, *slipped.played) if one.fault}
    assert len(every) <= 20
    assert {one.kind for one in found} == every
    failed = {one.row for one in (*slipped.decided, *slipped.played) if one.fault}
    scenarios = {slipped.keys[row].row.scenario for row in failed}
    assert {one.row.scenario for one in found} == scenarios
    assert {one.what for one in found} == {"single call", "episode"}


def test_a_failure_shows_what_was_asked_wanted_and_made_and_where_it_stands(
    slipped: Assessed, page: str
) -> None:
    one = next(f for f in chosen(slipped) if f.kind == "wrong_value.user")
    wrong = next(a for call in one.calls for a in call.arguments if a.verdict == "different")
    place = next(s for s in wrong.sources if s.origin == "user")
    said = (one.row.messages[place.message].content or "")[place.start : place.end]
    text = Page(page).text
    assert f"user: “{said}”" in text
    assert f'<span class="s-said">{said}</span>' in page
    assert f"Row {one.row.id}" in text
    assert one.means in text


def test_whatever_a_model_says_is_bounded_text(slipped: Assessed) -> None:
    html = page_of(slipped, {**RUN, "policy": HOSTILE, "dataset": HOSTILE})
    seen = Page(html)
    assert seen.tags <= OURS
    assert not {name for name, _ in seen.attributes if name.startswith("on") or name == "style"}
    assert {v for name, v in seen.attributes if name in ("href", "src")} == {
        f"#report-{n}" for n in range(6)
    }
    assert not ACTING.search(html)
    assert "<script>alert(1)</script>" in seen.text
    assert "⟨ESC⟩" in seen.text
    assert len(html) < 250_000


# ------------------------------------------------------------------------- summary


def test_the_summary_is_a_card_that_nothing_foreign_breaks(
    slipped: Assessed, rows: list[Conversation]
) -> None:
    name = "a|b\n# <b>x</b> [y](http://z) ```"
    run = {**RUN, "policy": name, "command": f"callwright evaluate --model '{name}'"}
    scores = slipped.scores()
    text = summary(run, rows, scores)
    assert f"**{scores.overall['chain_success'].value:.1%}**" in text
    assert f"| all | {len(rows)} |" in text
    assert r"a\|b \# \<b\>x\</b\> \[y\]\(http\://z\)" in text
    assert re.search(r"^    callwright evaluate --model 'a\|b # <b>", text, re.MULTILINE)
    headings = [line for line in text.splitlines() if line.startswith("#")]
    assert headings == ["## Tool calling, by callwright"]


# ------------------------------------------------------------------- single episodes


def shown(assessed: Assessed, kind: str) -> str:
    score = next(one for one in assessed.played if one.fault and one.fault.kind == kind)
    blocks = episode_blocks(assessed, score)
    return "\n".join(plain_text([block.title, *block.lines]) for block in blocks)


def test_an_episode_shows_each_call_its_verdict_and_gold(slipped: Assessed) -> None:
    text = shown(slipped, "wrong_value.user")
    assert "✗ not wanted" in text
    assert "first failed step  wrong_value.user" in text
    assert "← user: “" in text
    assert "gold's calls" in text
    assert "single calls, with the gold history" in text
    assert not ACTING.search(text)


def test_a_turn_that_cannot_be_read_is_shown_as_it_came(slipped: Assessed) -> None:
    text = shown(slipped, "malformed")
    assert "assistant  cannot be read: a <tool_call> that is not closed" in text
    assert '<tool_call>{"name": <script>' in text


def test_gold_episodes_have_nothing_but_wanted_calls(gold: Assessed) -> None:
    for score in gold.played:
        blocks = episode_blocks(gold, score)
        calls = [plain_text([block.title]) for block in blocks if block.kind == "call"]
        assert len(calls) == len(gold.keys[score.row].calls)
        assert all("✓ as gold's" in call for call in calls)


def test_what_a_model_thought_stands_before_its_turn(
    rows: list[Conversation], toolbox: PackToolbox, policies: Any
) -> None:
    row = next(row for row in rows if row.scenario == "chain")

    def thinks(row: Conversation, at: int) -> str:
        return f"<think>thought {at}</think>{policies.gold(row, at)}"

    assert read_turn(thinks(row, len(row.messages) - 1)).reasoning
    assessed = judged([row], toolbox, policies, thinks)
    kinds = [block.kind for block in episode_blocks(assessed, assessed.played[0])]
    turns = sum(message.role == "assistant" for message in row.messages)
    assert kinds.count("reasoning") == turns
    assert kinds[kinds.index("reasoning") + 1] == "call"
