"""Loading a model, its adapter, its tokenizer and a chat template that knows tools."""

from __future__ import annotations

from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from callwright.schemas.errors import MissingExtra, UserError

_MARK = "callwright"  # a content that no template writes by itself
_TOOL = {
    "type": "function",
    "function": {"name": _MARK, "description": "", "parameters": {"type": "object"}},
}


def load_hf(
    model: str,
    *,
    adapter: str | None = None,
    chat_template: str | None = None,
    device: str | None = None,
) -> tuple[Any, Any]:
    """Load a causal language model and its tokenizer.

    fp32 on a CPU, where bf16 is slower and blurs comparisons, else bf16. Python that a model's
    repository holds is not run.

    Args:
        model: a folder, or a name on the Hub.
        adapter: a LoRA adapter's folder or name.
        chat_template: a Jinja file, or `hermes` for the one that comes along; by default the
            tokenizer's own.
        device: `cpu`, `cuda`, `cuda:1`, …; by default the first GPU if there is one.

    Raises:
        MissingExtra: torch, transformers or peft is not installed.
        UserError: something cannot be loaded, or the chat template knows no tools.
    """
    for package in (
        "torch",
        "transformers",
        "accelerate",
        "jinja2",
        *(["peft"] if adapter else []),
    ):
        if find_spec(package) is None:
            raise MissingExtra(package, "train")
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    device = device or ("cuda" if torch.cuda.is_available() else "cpu")
    dtype = torch.float32 if device == "cpu" else torch.bfloat16
    loading = model
    try:
        tokenizer = AutoTokenizer.from_pretrained(model, trust_remote_code=False)
        loaded = AutoModelForCausalLM.from_pretrained(
            model, dtype=dtype, device_map=device, trust_remote_code=False
        )
        if adapter:
            from peft import PeftModel

            loading = adapter
            loaded = PeftModel.from_pretrained(loaded, adapter)
    except Exception as error:  # noqa: BLE001 - the libraries raise whatever their parsers raise
        line = str(error).strip().partition("\n")[0]
        raise UserError(f"cannot load {loading!r}: {line or type(error).__name__}") from None
    if chat_template:
        tokenizer.chat_template = read_template(chat_template)
    if not _knows_tools(tokenizer):
        raise UserError(
            f"the chat template of {model!r} knows no tools: use --chat-template hermes"
        )
    return loaded.eval(), tokenizer


def read_template(name: str) -> str:
    """The text of a chat template: one that comes along, by its name, or a file.

    Raises:
        UserError: there is none.
    """
    packaged = files("callwright.training") / "templates" / f"{name}.jinja"
    source = packaged if packaged.is_file() else Path(name)
    try:
        return source.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"cannot read the chat template {name!r}: {error}") from None


def _knows_tools(tokenizer: Any) -> bool:
    if not tokenizer.chat_template:
        return False
    asked = [{"role": "user", "content": ""}]
    return _MARK in tokenizer.apply_chat_template(asked, tools=[_TOOL], tokenize=False)


def end_tokens(model: Any, tokenizer: Any) -> list[int]:
    """The tokens that end a turn.

    Beside those of the model's and the tokenizer's configuration it is the special token that the
    chat template writes after an assistant's turn: base models and foreign templates differ.
    """
    ends = model.generation_config.eos_token_id
    found = {*(ends if isinstance(ends, list) else [ends]), tokenizer.eos_token_id} - {None}
    turn = [{"role": "user", "content": ""}, {"role": "assistant", "content": _MARK}]
    after = tokenizer.apply_chat_template(turn, tokenize=False).rpartition(_MARK)[2]
    tokens = tokenizer(after, add_special_tokens=False)["input_ids"]
    if tokens and getattr(tokenizer.added_tokens_decoder.get(tokens[0]), "special", False):
        found.add(tokens[0])
    return sorted(found)
