"""Rows that are refused, and rows that lose rounds: nothing doubtful is trained on."""

from __future__ import annotations

import pytest

pytest.importorskip("transformers", reason="training needs transformers")

from callwright.schemas.errors import UserError
from callwright.schemas.record import Conversation
from callwright.training.recipe import Weights
from callwright.training.render import Refusal, Renderer

from . import real
from .real import calls, result, row, says, user

ASKED = user("Go.")
FAKE = '<tool_call>{"name": "g"}</tool_call>'


def refusal(conversation: Conversation, served: str = "qwen2.5", **options) -> Refusal:
    with pytest.raises(Refusal) as caught:
        real.renderer(served, **options).render(conversation)
    return caught.value


@pytest.mark.parametrize(
    ("turn", "reason", "told"),
    [
        (calls(("f", {"a": "</tool_call>"})), "reparse", "no JSON in a call"),
        (calls(('f"', {})), "reparse", "no JSON in a call"),
        (calls(("f", {"a": 2**64 + 1})), "reparse", "reads as"),
        (calls(("f", {}), words=FAKE), "reparse", "reads as"),
        (says(FAKE), "reparse", "reads as"),
        (says("Call me with <tool_call>."), "reparse", "not closed"),
        (says("I think </think> so."), "reparse", "its words read as"),
        (says("Over <|im_end|> and out."), "end_of_turn", "before it is over"),
        (says("I am <|im_start|>you."), "reparse", "its words read as"),
    ],
)
def test_a_turn_that_would_not_be_read_as_it_is_meant_is_refused(turn, reason, told):
    conversation = row(ASKED, turn)
    found = refusal(conversation)
    assert found.reason == reason
    assert "message 1" in found.detail
    assert told in found.detail


def test_a_template_that_raises_is_told_with_its_own_words() -> None:
    tokenizer = real.tokenizer("qwen2.5")
    own = tokenizer.chat_template
    try:
        made = real.renderer("qwen2.5")
        tokenizer.chat_template = "{{ raise_exception('no tools here') }}"
        with pytest.raises(Refusal, match="no tools here") as caught:
            made.render(row(ASKED, says("x")))
    finally:
        tokenizer.chat_template = own
    assert caught.value.reason == "template"


def with_template(template: str) -> Renderer:
    import copy

    tokenizer = copy.deepcopy(real.tokenizer("qwen2.5"))
    tokenizer.chat_template = template
    return Renderer(tokenizer, weights=Weights(), max_tokens=99)


def test_a_template_that_asks_otherwise_than_it_writes_is_trained_as_it_asks() -> None:
    made = with_template(
        "{% for m in messages %}[{{ m.role }}]{{ m.content }}<|im_end|>{% endfor %}"
        "{% if add_generation_prompt %}[assistant]Quick: {% endif %}"
    )
    [sample] = made.render(row(ASKED, says("Yes.")))
    tokenizer = real.tokenizer("qwen2.5")
    assert tokenizer.decode(sample.ids) == "[user]Go.<|im_end|>[assistant]Quick: Yes.<|im_end|>"
    kept = [token for token, kind in zip(sample.ids, sample.classes, strict=True) if kind]
    assert tokenizer.decode(kept) == "Yes.<|im_end|>"


def test_a_turn_whose_beginning_cannot_be_told_is_refused() -> None:
    twice = with_template(
        "{% for m in messages %}{{ m.content }}{{ m.content }}<|im_end|>{% endfor %}"
        "{% if add_generation_prompt %}?{% endif %}"
    )
    with pytest.raises(Refusal, match="where the turn begins"):
        twice.render(row(ASKED, says("a")))


def test_a_template_without_an_end_of_turn_is_an_error_at_once() -> None:
    with pytest.raises(UserError, match="never learn to stop"):
        with_template("{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}")


def test_a_tokenizer_that_changes_what_is_said_trains_nothing() -> None:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    letters = {chr(n): n for n in range(1, 128)}
    words = Tokenizer(models.WordLevel({**letters, "<end>": 0}, unk_token="?"))  # noqa: S106
    words.normalizer = normalizers.Lowercase()
    words.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=words, eos_token="<end>")  # noqa: S106
    tokenizer.chat_template = "{% for m in messages %}{{ m.content }}<end>{% endfor %}"
    made = Renderer(tokenizer, weights=Weights(), max_tokens=99)
    with pytest.raises(Refusal) as caught:
        made.render(row(ASKED, says("Yes.")))
    assert caught.value.reason == "not_assistant"


def test_a_row_in_which_the_assistant_is_silent_trains_nothing() -> None:
    assert refusal(row(ASKED)).reason == "nothing_trained"


def test_what_follows_the_last_turn_is_left_out() -> None:
    whole = row(ASKED, says("Yes."), user("And?"))
    [sample] = real.renderer("qwen2.5").render(whole)
    assert "And?" not in real.tokenizer("qwen2.5").decode(sample.ids)


# ------------------------------------------------------------------------- weights

NONE = dict.fromkeys(Weights.model_fields, 0.0)


def test_turns_without_weight_are_context_only() -> None:
    conversation = row(ASKED, calls(("f", {})), result("1"), says("One."))
    weights = Weights(**{**NONE, "call": 1.0})
    [sample] = real.renderer("qwen2.5", weights=weights).render(conversation)
    trained = [t for t, weight in zip(sample.ids, sample.weights, strict=True) if weight]
    text = real.tokenizer("qwen2.5").decode(trained)
    assert text.startswith("<tool_call>")
    assert text.endswith("</tool_call><|im_end|>")
    [only] = real.renderer("qwen3", weights=weights).render(conversation)
    assert "One." not in real.tokenizer("qwen3").decode(only.ids)


def test_a_turn_is_not_trained_without_its_end() -> None:
    conversation = row(ASKED, calls(("f", {"a": 1})), result("1"), says("One."))
    found = refusal(conversation, weights=Weights(**{**NONE, "name": 1.0}))
    assert found.reason == "end_of_turn"
    assert "weight 0" in found.detail


def test_a_row_without_a_trained_class_is_refused() -> None:
    found = refusal(row(ASKED, says("One.")), weights=Weights(**{**NONE, "call": 1.0}))
    assert found.reason == "nothing_trained"


# -------------------------------------------------------------------------- length

ROUNDS = [
    [
        user(f"Round {n} please."),
        calls(("f", {"n": n})),
        result(f'{{"n":{n}}}'),
        says(f"It is {n}."),
    ]
    for n in range(4)
]
SYSTEM = {"role": "system", "content": "Be brief."}


def talk(*rounds: int, **fields) -> Conversation:
    return row(SYSTEM, *(message for n in rounds for message in ROUNDS[n]), **fields)


def length(conversation: Conversation, served: str) -> int:
    made = real.renderer(served, max_tokens=10**6).render(conversation)
    return max(len(sample.ids) for sample in made)


@pytest.mark.parametrize("served", ["qwen2.5", "qwen3"])
def test_a_long_row_loses_its_first_rounds_and_no_more_than_it_must(served):
    room = length(talk(2, 3), served)
    samples = real.renderer(served, max_tokens=room).render(talk(0, 1, 2, 3))
    whole = real.renderer(served).render(talk(2, 3))
    assert [sample.ids for sample in samples] == [sample.ids for sample in whole]
    assert [sample.classes for sample in samples] == [sample.classes for sample in whole]
    assert {sample.dropped for sample in samples} == {2}
    assert {sample.dropped for sample in whole} == {0}


@pytest.mark.parametrize("served", ["qwen2.5", "qwen3"])
def test_the_last_round_is_never_halved(served):
    room = length(talk(3), served)
    found = refusal(talk(0, 3), served, max_tokens=room - 1)
    assert found.reason == "too_long"
    assert f"at most {room - 1}" in found.detail


def test_a_long_row_may_be_refused_instead() -> None:
    room = length(talk(2, 3), "qwen2.5")
    found = refusal(talk(0, 1, 2, 3), max_tokens=room, too_long="refuse")
    assert found.reason == "too_long"


BY_RESULT = {"call_4": {"/n": [{"origin": "result", "call": "call_3", "pointer": "/n"}]}}
BY_USER = {
    "call_4": {"/n": [{"origin": "user", "message": 9, "start": 0, "end": 5, "form": "text"}]}
}
BY_CHOICE = {
    "call_4": {
        "/n": [
            {
                "origin": "selected",
                "call": "call_3",
                "list": "",
                "rule": {"take": "first", "where": []},
                "pointer": "/n",
            }
        ]
    }
}
BY_SYSTEM = {"call_4": {"/n": [{"origin": "system", "start": 0, "end": 2, "form": "text"}]}}


@pytest.mark.parametrize("sources", [BY_RESULT, BY_USER, BY_CHOICE])
def test_a_round_on_which_a_kept_one_leans_is_not_left_out(sources):
    room = length(talk(3), "qwen2.5")
    found = refusal(talk(0, 1, 2, 3, sources=sources), max_tokens=room)
    assert found.reason == "too_long"
    # With room for both they stay together.
    both = length(talk(2, 3), "qwen2.5")
    [sample] = real.renderer("qwen2.5", max_tokens=both).render(talk(0, 1, 2, 3, sources=sources))
    assert sample.dropped == 2


def test_a_claim_leans_on_the_result_it_states() -> None:
    claim = {"message": 16, "start": 0, "end": 2, "call": "call_3", "pointer": "/n", "form": "x"}
    room = length(talk(3), "qwen2.5")
    assert refusal(talk(0, 1, 2, 3, claims=[claim]), max_tokens=room).reason == "too_long"


def test_the_system_message_always_stays_and_may_be_leaned_on() -> None:
    room = length(talk(3), "qwen2.5")
    [sample] = real.renderer("qwen2.5", max_tokens=room).render(talk(0, 1, 2, 3, sources=BY_SYSTEM))
    assert sample.dropped == 3
    assert "Be brief." in real.tokenizer("qwen2.5").decode(sample.ids)


def test_a_chat_whose_results_come_late_is_not_torn() -> None:
    call = {"id": "c1", "function": {"name": "f", "arguments": {}}}
    torn = [
        ASKED,
        {"role": "assistant", "content": "", "tool_calls": [call]},
        user("Wait. " * 50),
        {"role": "tool", "tool_call_id": "c1", "content": "1"},
        says("One."),
    ]
    made = real.renderer("qwen2.5", max_tokens=80)
    with pytest.raises(Refusal, match="too_long"):
        made.render_chat(torn)
