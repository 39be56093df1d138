"""The preview shows every token in its colour, and lets no text act."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest

pytest.importorskip("transformers", reason="training needs transformers")

from callwright.training.preview import page, pieces, terminal
from callwright.training.recipe import Weights

from . import real
from .real import calls, result, row, says, user

HOSTILE = '</span><script>alert(1)</script>\x1b[31m[bold red]\u202e"onclick="x"'
ROW = row(
    user(HOSTILE),
    calls(("f", {"city": "Oslo"})),
    result(f'{{"a":"{HOSTILE}"}}'),
    says("晴れ🌤️ 𓀀 [/] 好"),
    id="<b>r</b>",
)


@pytest.fixture(scope="module")
def tokenizer():
    return real.tokenizer("qwen2.5")


@pytest.fixture(scope="module")
def sample(tokenizer):
    [made] = real.renderer("qwen2.5", weights=Weights(name=2.5, assistant_text=0)).render(ROW)
    return made


class Reader(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self):
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.shown: list[tuple[str, str]] = []
        self.at: str | None = None

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        given = dict(attrs)
        self.at = given.get("class") if "title" in given else None

    def handle_endtag(self, tag):
        self.at = None

    def handle_data(self, data):
        if self.at:
            self.shown.append((self.at, data))


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def test_every_token_is_shown_and_characters_of_many_tokens_are_whole(tokenizer, sample):
    text = "".join(piece.text for piece in pieces(tokenizer, sample))
    assert "\ufffd" not in text
    assert text.replace("⏎\n", "\n").count("晴れ🌤️ 𓀀 [/] 好") == 1
    assert text.startswith("<|im_start|>system⏎\n")


def test_a_page_shows_tokens_in_the_colour_of_their_class(tokenizer, sample):
    shown = read(page(tokenizer, [sample])).shown
    assert ("c-name", "f") in shown
    assert "".join(text for kind, text in shown if kind == "c-argument_value") == "Oslo"
    assert shown[0] == ("none", "<|im_start|>")
    # Words weigh nothing here, so they are grey; the token that decides is not.
    assert [kind for kind, text in shown if "れ" in text] == ["none"]
    assert "name 2.5" in page(tokenizer, [sample])


def test_a_page_runs_nothing_and_loads_nothing(tokenizer, sample):
    html = page(tokenizer, [sample])
    reader = read(html)
    assert not reader.tags & {"script", "img", "iframe", "object", "b"}
    assert not any(name.startswith("on") for name in reader.attributes)
    assert "default-src 'none'" in html
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202e]", unescape(html))


def test_a_terminal_is_given_colours_and_no_commands_of_others(tokenizer, sample):
    made = terminal(tokenizer, sample)
    assert "\x1b" not in made.plain
    assert "\u202e" not in made.plain
    assert "[bold red]" in made.plain  # told, not obeyed
    named = [made.plain[s.start : s.end] for s in made.spans if s.style == "bold bright_magenta"]
    assert named == ["name 2.5 (1)  ", "f"]
    grey = "".join(made.plain[s.start : s.end] for s in made.spans if s.style == "bright_black")
    assert "<tool_response>" in grey


def test_rounds_that_were_left_out_are_told(tokenizer):
    rounds = [m for n in range(3) for m in (user(f"Question {n}"), says(f"Answer {n}"))]
    room = len(real.renderer("qwen2.5").render(row(*rounds[2:]))[0].ids)
    [made] = real.renderer("qwen2.5", max_tokens=room).render(row(*rounds))
    assert "earlier rounds left out: 1" in terminal(tokenizer, made).plain
