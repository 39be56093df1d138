"""Loading a model, its adapter, its tokenizer and a chat template that knows tools."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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
    options: Mapping[str, Any] | None = None,
) -> tuple[Any, Any]:
    """Load a causal language model and its tokenizer.

    fp32 on a CPU, where bf16 is slower and blurs comparisons, else bf16. Python that a model's
    repository holds is not run.

    Args:
        model: a folder, or a name on the Hub.
        adapter: a LoRA adapter's folder or name.
        chat_template: see `load_tokenizer`.
        device: `cpu`, `cuda`, `cuda:1`, …; by default the first GPU if there is one.
        options: what else `from_pretrained` is given, such as another `dtype`.

    Raises:
        MissingExtra: torch, transformers or peft is not installed.
        UserError: something cannot be loaded, or the chat template knows no tools.
    """
    require(*(["peft"] if adapter else []))
    import torch
    from transformers import AutoModelForCausalLM

    tokenizer = load_tokenizer(model, adapter=adapter, chat_template=chat_template)
    device = device or ("cuda" if torch.cuda.is_available() else "cpu")
    dtype = torch.float32 if device == "cpu" else torch.bfloat16
    settings = {"dtype": dtype, "device_map": device, **(options or {})}
    with _loading(model):
        loaded = AutoModelForCausalLM.from_pretrained(model, trust_remote_code=False, **settings)
    if adapter:
        from peft import PeftModel

        with _loading(adapter), warnings.catch_warnings():
            # peft asks for an attribute that transformers has renamed.
            warnings.filterwarnings("ignore", ".*is_gradient_checkpointing", FutureWarning)
            loaded = PeftModel.from_pretrained(loaded, adapter)
    return loaded.eval(), tokenizer


def load_tokenizer(
    model: str, *, adapter: str | None = None, chat_template: str | None = None
) -> Any:
    """Load a model's tokenizer, or that of its adapter where it comes with one.

    Args:
        model: a folder, or a name on the Hub.
        adapter: likewise; what it was trained with is what it is asked with.
        chat_template: a Jinja file, or `hermes` for the one that comes along; by default the
            tokenizer's own.

    Raises:
        MissingExtra: transformers is not installed.
        UserError: it cannot be loaded, or the chat template knows no tools.
    """
    require()
    from transformers import AutoTokenizer
    from transformers.utils import cached_file

    source = model
    if adapter:
        with _loading(adapter):
            if cached_file(
                adapter, "tokenizer_config.json", _raise_exceptions_for_missing_entries=False
            ):
                source = adapter
    with _loading(source):
        tokenizer = AutoTokenizer.from_pretrained(source, trust_remote_code=False)
    if chat_template:
        tokenizer.chat_template = read_template(chat_template)
    if not _knows_tools(tokenizer):
        raise UserError(
            f"the chat template of {source!r} knows no tools: use --chat-template hermes"
        )
    return tokenizer


def require(*more: str) -> None:
    """Ask for the packages that models need, and for `more`.

    Raises:
        MissingExtra: one is not installed.
    """
    for package in ("torch", "transformers", "accelerate", "jinja2", *more):
        if find_spec(package) is None:
            raise MissingExtra(package, "train")


@contextmanager
def _loading(name: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the libraries raise whatever their parsers raise
        line = str(error).strip().partition("\n")[0] or type(error).__name__
        if not Path(name).exists() and isinstance(error, OSError | ValueError):
            raise UserError(
                f"cannot load {name!r}: no such folder, nor a model of the Hub that can be reached "
                f"({line})"
            ) from None
        raise UserError(f"cannot load {name!r}: {line}") from None


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
    found = {*(ends if isinstance(ends, list) else [ends]), tokenizer.eos_token_id}
    return sorted({*found, end_of_turn(tokenizer)} - {None})


def end_of_turn(tokenizer: Any) -> int | None:
    """The special token that the chat template writes after an assistant's turn, if it does."""
    turn = [{"role": "user", "content": ""}, {"role": "assistant", "content": _MARK}]
    after = tokenizer.apply_chat_template(turn, tokenize=False).rpartition(_MARK)[2]
    tokens = tokenizer(after, add_special_tokens=False)["input_ids"]
    if tokens and getattr(tokenizer.added_tokens_decoder.get(tokens[0]), "special", False):
        return int(tokens[0])
    return None
