"""Whatever a row holds, nothing of it acts on a terminal or a page."""

import base64
import hashlib
import re
from html.parser import HTMLParser

from callwright.schemas.display import blocks, html, page
from callwright.schemas.record import (
    Claim,
    Conversation,
    Function,
    Gate,
    Message,
    Plan,
    ResultSource,
    Rule,
    SelectedSource,
    Step,
    Test,
    ToolCall,
    UserSource,
)

HOSTILE = (
    '<script>alert(1)</script><img src=x onerror="x()"> \'"&amp; '
    "\x1b[2J\x1b]0;t\x07\x00\x9b31m\r\x7f"
    "\u202eright\u2066left\u200bnone\u2028line\ufefftag\U000e0041[bold]markup[/bold] {{x}}"
)
ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202e\u2066\u2028\ufeff\U000e0041]")


class Tags(HTMLParser):
    """Collects what a browser would see as tags and attributes."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.words = set(), set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.words.append(data)


def hostile_row():
    """A row in which every string that may be foreign is hostile."""
    bad = HOSTILE
    function = Function(name=bad, arguments={bad: bad, "list": [bad]})
    return Conversation(
        id=bad,
        scenario="chain",
        language="en",
        tools=[{"type": "function", "function": {"name": bad}}],
        messages=[
            Message(role="system", content=bad),
            Message(role="user", content=bad + "\n" + bad),
            Message(role="assistant", tool_calls=[ToolCall(id=bad, function=function)]),
            Message(role="tool", tool_call_id=bad, content=bad),
            Message(
                role="tool", tool_call_id=bad, content='{"a": "<b>\u202e\x7f", "</p>": "\\u001b"}'
            ),
            Message(role="assistant", content=bad, reasoning_content=bad),
        ],
        plan=Plan(
            steps=[Step(call=bad, tool=bad, after=[bad])],
            topology=bad,
            causal_edges=[(bad, bad, bad)],
        ),
        sources={
            bad: {
                bad: [ResultSource(call=bad, pointer=bad)],
                "/list/0": [
                    UserSource(message=1, start=0, end=60, form=bad),
                    SelectedSource(
                        call=bad,
                        list=bad,
                        pointer=bad,
                        rule=Rule(
                            take="max", by=bad, where=[Test(field=bad, op="eq", value={bad: bad})]
                        ),
                    ),
                ],
            }
        },
        claims=[Claim(message=5, start=0, end=30, call=bad, pointer=bad, form=bad)],
        gates={"form": Gate(outcome="fail", detail=bad)},
        split=bad,
        origin={bad: bad},
        review={
            "verdict": "reject",
            "rule": bad,
            "judgements": [{"who": bad, "verdict": "reject", "problems": [bad], "reason": bad}],
            "history": [{"revision": 2, "by": [bad], "before": {bad: bad}}],
        },
    )


def test_no_foreign_character_acts_on_a_terminal():
    for block in blocks(hostile_row()):
        for line in (block.title, *block.lines):
            for piece in line:
                assert not ACTING.search(piece.text), piece
                assert "\n" not in piece.text


def test_no_foreign_text_becomes_markup():
    allowed = {"style", "article", "section", "h2", "h3", "p", "span", "details", "summary"}
    found = Tags(html(hostile_row()))
    assert found.tags <= allowed
    assert found.attributes <= {"class", "id", "lang", "dir"}
    assert not ACTING.search(html(hostile_row()))
    assert "<script>alert(1)</script>" in "".join(found.words)


def test_a_page_runs_nothing_loads_nothing_and_allows_only_its_own_style():
    text = page([hostile_row(), hostile_row()], f"rows {HOSTILE}")
    found = Tags(text)
    assert "script" not in found.tags
    assert not found.attributes & {"src", "href", "style", "onerror"}
    assert "url(" not in text
    assert "default-src 'none'" in text
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in text
    assert text.count("<article") == 2
