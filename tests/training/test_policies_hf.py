"""The local policy: however turns are batched and kept, each is the one the model makes alone."""

from __future__ import annotations

import pytest

pytest.importorskip(
    "torch", reason="the local policy runs on torch: pip install 'callwright[train]'"
)
pytest.importorskip("transformers", reason="the local policy loads models with transformers")

from callwright.schemas.errors import UserError
from callwright.training.policies.base import Prompt, Reply
from callwright.training.policies.hf import HfPolicy
from callwright.training.policies.hf_cache import PrefixCache
from callwright.training.policies.hf_load import end_tokens, load_hf, read_template

from . import tiny

CITIES = ["Oslo", "Rome", "Rio de Janeiro", "Ulaanbaatar", "Ho Chi Minh City, the former Saigon"]
MOST = 12  # tokens of a turn


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    import torch

    torch.set_num_threads(1)  # threads that wait for each other cost more than so small a model
    return tiny.save_tiny(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def loaded(folder):
    return load_hf(str(folder), chat_template="hermes", device="cpu")


def policy(loaded, **options) -> HfPolicy:
    return HfPolicy(*loaded, name="tiny", **{"max_new_tokens": MOST, "keep_tokens": 0, **options})


def said(replies: list[Reply]) -> list[tuple[str, int | None]]:
    assert all(reply.failure is None for reply in replies)
    return [(reply.turn.raw, reply.tokens_out) for reply in replies]


def alone(loaded, prompts: list[Prompt], **options) -> list[tuple[str, int | None]]:
    """Each prompt by itself, nothing kept, as plain `generate` of transformers answers it."""
    import torch

    model, tokenizer = loaded
    one = policy(loaded, **options)
    found = []
    for prompt in prompts:
        tokens = torch.tensor([one.tokens(prompt)])
        made = model.generate(
            tokens, attention_mask=torch.ones_like(tokens), max_new_tokens=MOST, do_sample=False
        )[0, tokens.shape[1] :]
        ended = int(made[-1]) in end_tokens(model, tokenizer)
        said = made[:-1] if ended else made  # a token that ends a turn is no part of its text
        found.append((tokenizer.decode(said, skip_special_tokens=True), len(made)))
    return found


def test_a_padded_batch_answers_token_for_token_as_one_by_one(loaded):
    prompts = [
        p
        for city, rounds in zip(CITIES, (1, 3, 2, 5, 4), strict=True)
        for p in tiny.conversation(city, rounds)
    ]
    together = said(policy(loaded, batch=8).turns(prompts))
    assert together == alone(loaded, prompts)
    assert len({text for text, _ in together}) > len(prompts) / 2  # it does not say one thing only


def test_what_is_kept_between_turns_changes_no_answer(loaded):
    episodes = [tiny.conversation(city, 4) for city in CITIES]
    keeping = policy(loaded, keep_tokens=100_000, batch=3)
    for turn in zip(*episodes, strict=True):
        assert said(keeping.turns(turn)) == alone(loaded, list(turn))


def test_episodes_of_any_length_and_order_share_one_batch_with_kept_beginnings(loaded):
    keeping = policy(loaded, keep_tokens=100_000)
    first, second, third = (tiny.conversation(city, 4) for city in CITIES[:3])
    keeping.turns([first[0], second[0]])
    mixed = [third[0], second[1], first[3], first[0]]  # new, one round more, skipped rounds, again
    assert said(keeping.turns(mixed)) == alone(loaded, mixed)


def test_a_turn_of_an_episode_reads_only_what_is_new(loaded, monkeypatch):
    model, _ = loaded
    read: list[int] = []
    forward = type(model).forward

    def counting(self, input_ids=None, **others):
        read.append(input_ids.shape[1])
        return forward(self, input_ids=input_ids, **others)

    monkeypatch.setattr(type(model), "forward", counting)
    keeping = policy(loaded, keep_tokens=100_000, max_new_tokens=1)
    before, after = tiny.conversation("Oslo", 2)
    keeping.turns([before])
    keeping.turns([after])
    whole, longer = (len(keeping.tokens(p)) for p in (before, after))
    assert read == [whole, longer - whole]


def test_a_prompt_that_was_answered_is_answered_alike_and_reads_nothing(loaded, monkeypatch):
    keeping = policy(loaded, keep_tokens=100_000)
    prompts = tiny.conversation("Oslo", 2)
    first = keeping.turns(prompts)
    monkeypatch.setattr(type(loaded[0]), "forward", None)
    assert keeping.turns(prompts) == first


def test_a_model_with_sliding_windows_is_read_anew_and_answers_the_same(loaded):
    import torch
    from transformers import Qwen2Config, Qwen2ForCausalLM

    torch.manual_seed(0)
    config = Qwen2Config(
        vocab_size=400,
        hidden_size=64,
        intermediate_size=96,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        use_sliding_window=True,
        sliding_window=32,
        max_window_layers=1,
        initializer_range=0.3,
        eos_token_id=0,
    )
    sliding = (Qwen2ForCausalLM(config).eval(), loaded[1])
    keeping = policy(sliding, keep_tokens=100_000)
    for turn in zip(*(tiny.conversation(city, 2) for city in CITIES[:3]), strict=True):
        assert said(keeping.turns(turn)) == alone(sliding, list(turn))


def test_kept_sequences_never_exceed_their_room_and_the_oldest_go_first():
    cache = PrefixCache(10)
    cache.keep([1, 2, 3, 4], [])
    cache.keep([5, 6, 7, 8], [])
    assert cache.longest([1, 2, 9, 9])[0] == 2  # used again: now [5, 6, 7, 8] is the oldest
    cache.keep([9, 9, 9, 9], [])
    assert cache.longest([5, 6, 7])[0] == 0
    assert cache.longest([1, 2, 3])[0] == 2  # the last token is always read
    cache.keep([1, 2, 3, 4, 5], [])  # takes the place of what it continues
    assert cache.longest([9, 9, 9])[0] == 2


def test_a_turn_ends_where_the_chat_template_ends_one(loaded, folder):
    _, tokenizer = loaded
    # The configuration knows <|endoftext|> only; the template closes turns with <|im_end|>.
    assert tokenizer.convert_ids_to_tokens(
        end_tokens(*load_hf(str(folder), chat_template="hermes"))
    ) == [
        "<|endoftext|>",
        "<|im_end|>",
    ]


def test_each_row_of_a_batch_stops_at_its_own_end(folder):
    model, tokenizer = load_hf(str(folder), chat_template="hermes", device="cpu")
    model.generation_config.eos_token_id = list(range(0, len(tokenizer), 9))
    prompts = [tiny.conversation(city, 1)[0] for city in CITIES]
    replies = said(policy((model, tokenizer)).turns(prompts))
    assert replies == alone((model, tokenizer), prompts)
    lengths = {out for _, out in replies}
    assert len(lengths) > 1
    assert min(lengths) < MOST


def test_a_model_is_asked_greedily_whatever_its_own_settings_say(loaded, folder):
    model, tokenizer = load_hf(str(folder), chat_template="hermes", device="cpu")
    model.generation_config.repetition_penalty = 5.0
    model.generation_config.do_sample = True
    prompts = tiny.conversation("Oslo", 3)
    assert said(policy((model, tokenizer)).turns(prompts)) == alone(loaded, prompts)


def test_a_prompt_longer_than_the_context_fails_and_the_others_are_answered(loaded):
    short, *_, long = tiny.conversation("Oslo", 6)
    plain = policy(loaded)
    limit = len(plain.tokens(short)) + 10
    failed, answered = policy(loaded, context=limit).turns([long, short])
    assert failed.failure == f"context: {len(plain.tokens(long))} tokens; the model reads {limit}"
    assert failed.turn.calls == ()
    assert answered.failure is None
    assert answered.tokens_out == 10  # as many as there is room for
    assert answered.tokens_in == limit - 10


def test_a_conversation_that_the_chat_template_refuses_fails_and_does_not_crash(folder, tmp_path):
    refusing = tmp_path / "refusing.jinja"
    refusing.write_text(
        "{{ tools }}{% if messages | length > 2 %}"
        "{{ raise_exception('too many turns') }}{% endif %}"
    )
    loaded = load_hf(str(folder), chat_template=str(refusing), device="cpu")
    ok, refused = policy(loaded).turns(tiny.conversation("Oslo", 2))
    assert ok.failure is None
    assert refused.failure == "template: too many turns"


@pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing.:FutureWarning")  # peft 0.21 asks
def test_an_adapter_changes_what_the_model_says(loaded, folder, tmp_path):
    peft = pytest.importorskip("peft", reason="adapters are loaded with peft")
    import torch

    model, _ = load_hf(str(folder), chat_template="hermes", device="cpu")
    config = peft.LoraConfig(r=4, target_modules="all-linear", init_lora_weights=False)
    torch.manual_seed(1)
    adapted = peft.get_peft_model(model, config)
    adapted.save_pretrained(tmp_path / "adapter")
    tuned = load_hf(
        str(folder), adapter=str(tmp_path / "adapter"), chat_template="hermes", device="cpu"
    )
    prompts = tiny.conversation("Oslo", 3)
    keeping = policy(tuned, keep_tokens=100_000)
    with_adapter = [said(keeping.turns([prompt]))[0] for prompt in prompts]
    assert with_adapter == alone(tuned, prompts)
    assert with_adapter != alone(loaded, prompts)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"chat_template": None}, "knows no tools: use --chat-template hermes"),
        ({"chat_template": "nowhere.jinja"}, "cannot read the chat template 'nowhere.jinja'"),
        ({"chat_template": "hermes", "adapter": "/no/adapter"}, "cannot load '/no/adapter'"),
    ],
)
def test_what_cannot_be_loaded_is_told_in_one_line(folder, options, told):
    with pytest.raises(UserError, match=told) as error:
        load_hf(str(folder), device="cpu", **options)
    assert "\n" not in str(error.value)


def test_a_folder_without_a_model_is_told_in_one_line(tmp_path):
    with pytest.raises(UserError, match="cannot load"):
        load_hf(str(tmp_path), chat_template="hermes")


def rendered(loaded, messages, *, ask: bool = False) -> str:
    _, tokenizer = loaded
    return tokenizer.apply_chat_template(
        messages, tools=[tiny.TOOL], add_generation_prompt=ask, tokenize=False
    )


def test_the_hermes_template_only_ever_adds_to_what_was_read(loaded):
    prompts = tiny.conversation("São Paulo, « 圣保罗 »", 4)
    longest = rendered(loaded, prompts[-1].messages)
    for prompt in prompts:
        assert longest.startswith(rendered(loaded, prompt.messages)), prompt.messages[-1]
        assert prompt is prompts[-1] or longest.startswith(
            rendered(loaded, prompt.messages, ask=True)
        )


def test_the_hermes_template_writes_values_as_they_are_and_calls_that_can_be_read(loaded):
    from callwright.training.turns import read_turn

    result = '{"code":"圣","text":"it\'s <b> & \\"so\\""}'
    values = {"city": '圣保罗 "x" <tag> & it\'s', "n": [1, 2.5, None, True]}
    function = {"name": "city_airport", "arguments": values}
    messages = [
        {"role": "user", "content": "?"},
        {
            "role": "assistant",
            "content": "One moment.",
            "reasoning_content": "Hm.",
            "tool_calls": [{"function": function}, {"function": function}],
        },
        {"role": "tool", "content": result},
        {"role": "tool", "content": "[]"},
    ]
    text = rendered(loaded, messages)
    assert (
        f"<|im_start|>user\n<tool_response>\n{result}\n</tool_response>\n<tool_response>\n[]"
        in text
    )
    turn = read_turn(text.partition("<|im_start|>assistant\n")[2].partition("<|im_end|>")[0])
    assert (turn.content, turn.reasoning, turn.fault) == ("One moment.", "Hm.", None)
    assert [c.arguments for c in turn.calls] == [values, values]
    assert text.count("<|im_start|>") == text.count("<|im_end|>") == 4
    assert read_template("hermes").startswith("{#-")
