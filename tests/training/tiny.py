"""A tiny model of random weights and a tokenizer trained on the spot, saved like any other."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from callwright.training.policies.base import Prompt

TOOL = {
    "type": "function",
    "function": {
        "name": "city_airport",
        "description": "Main passenger airport for a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}
SYSTEM = "You answer from what the tools return, never from memory."


def call(number: int, city: str) -> dict[str, object]:
    function = {"name": "city_airport", "arguments": {"city": city}}
    return {"id": f"call_{number}", "type": "function", "function": function}


def conversation(city: str, rounds: int) -> list[Prompt]:
    """The prompts of one episode, each the one before it and a round more."""
    messages: list[dict[str, object]] = [
        {"role": "system", "content": SYSTEM},
        {"role": "user", "content": f"Which airport has {city}?"},
    ]
    prompts = [Prompt(list(messages), [TOOL])]
    for number in range(1, rounds):
        messages.append({"role": "assistant", "content": "", "tool_calls": [call(number, city)]})
        result = f'{{"city":"{city}","iata_code":"X{number}"}}'
        messages.append({"role": "tool", "tool_call_id": f"call_{number}", "content": result})
        prompts.append(Prompt(list(messages), [TOOL]))
    return prompts


def save_tiny(
    folder: Path,
    *,
    template: str | None = None,
    end_ids: int | list[int] = 0,
    texts: Iterable[str] | None = None,
    vocabulary: int = 400,
    context: int = 2048,
) -> Path:
    """A Llama of two layers, with weights wide enough that its choices are no near ties.

    Args:
        texts: what the tokenizer is trained on; by default a conversation.
    """
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    words = Tokenizer(models.BPE())
    words.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    words.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    read = [str(p) for p in conversation("Oslo", 3)] if texts is None else texts
    words.train_from_iterator(read, trainer)
    end = "<|endoftext|>"
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=words, eos_token=end, pad_token=end)
    tokenizer.chat_template = template
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=96,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=context,
        initializer_range=0.3,
        bos_token_id=None,
        eos_token_id=end_ids,
        pad_token_id=0,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder
