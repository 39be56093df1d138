"""What is saved renders what was trained, whoever serves it."""

from __future__ import annotations

import pytest

pytest.importorskip("transformers", reason="tokenizers are loaded with transformers")

from callwright.training.policies.hf_load import load_tokenizer, read_template
from callwright.training.saving import NotServable, check_tokenizer, save_tokenizer, with_defaults

from . import fed

OPTIONED = (
    "{{ tools }}{% if enable_thinking is defined and enable_thinking is false %}quiet"
    "{% endif %}{{ note }}{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}"
    "<|im_end|>\n{% endfor %}"
)
OPTIONS = {"enable_thinking": False, "note": 'a "quoted"\n词 {{ x }}', "more": [None, {"a": 1.5}]}


@pytest.fixture(scope="module")
def tokenizer(rows, tmp_path_factory):
    folder = fed.model(tmp_path_factory.mktemp("base"), rows[:9], template=OPTIONED)
    return load_tokenizer(str(folder))


def test_options_of_the_template_become_its_defaults_and_can_still_be_given(tokenizer, tmp_path):
    save_tokenizer(tokenizer, tmp_path, OPTIONS)
    saved = load_tokenizer(str(tmp_path))
    asked = [{"role": "user", "content": "Hello"}]

    def text(tokenizer, **options):
        return tokenizer.apply_chat_template(asked, tokenize=False, **options)

    assert text(saved) == text(tokenizer, **OPTIONS) != text(tokenizer)
    assert text(saved, enable_thinking=True).startswith(text(tokenizer)[:4])
    assert "quiet" not in text(saved, enable_thinking=True)
    assert tokenizer.chat_template == OPTIONED  # training goes on with it


def test_a_template_among_several_gets_the_defaults_too():
    both = with_defaults({"default": "a", "tool_use": "b"}, {"x": None})
    assert both == {name: with_defaults(text, {"x": None}) for name, text in
                    (("default", "a"), ("tool_use", "b"))}  # fmt: skip
    assert "none" in both["default"]


def test_what_is_saved_is_compared_with_what_was_trained_on_every_row(tokenizer, rows, tmp_path):
    save_tokenizer(tokenizer, tmp_path, OPTIONS)
    turns = sum(m.role == "assistant" for row in rows[:20] for m in row.messages)
    assert check_tokenizer(tokenizer, OPTIONS, tmp_path, rows[:20]) == turns + 20
    with pytest.raises(NotServable, match=rows[0].id):
        check_tokenizer(tokenizer, {}, tmp_path, rows[:20])
    other = tmp_path / "chat_template.jinja"
    other.write_text(read_template("hermes"))
    with pytest.raises(NotServable, match="otherwise than it was"):
        check_tokenizer(tokenizer, OPTIONS, tmp_path, rows[:20])
