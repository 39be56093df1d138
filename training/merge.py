"""Merging an adapter into the weights of its base model."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from callwright.schemas.errors import UserError
from callwright.schemas.store_write import read_bytes
from callwright.training import run_folder
from callwright.training.policies.hf_load import load_hf

if TYPE_CHECKING:
    import torch

CONFIG = "adapter_config.json"
ROUNDING = {"float32": 1e-4, "bfloat16": 5e-2, "float16": 1e-2}
"""Largest difference of a logit that is taken for rounding, in units of the largest logit."""

CHANGE = 0.25
"""The same in half precision, in units of what the adapter changes. Merged weights are rounded once
more than base and adapter are; an adapter that was not merged would differ by 1."""

_PLAIN = "Which airport has Oslo? 奥斯陆的机场是哪个？"


@dataclass(frozen=True)
class Merged:
    """A merged model."""

    base: str
    difference: float
    """Largest difference of its logits from the adapted model's, in units of the largest logit."""
    tokens: int
    """Tokens of the prompt at which logits were compared."""
    dtype: str


def merge(adapter: Path, output: Path, *, model: str | None = None) -> Merged:
    """Merge an adapter into its base model; save it with the adapter's tokenizer and template.

    What was saved is loaded again and asked what the adapted model was asked.

    Args:
        adapter: an adapter's folder, or that of the training which made it.
        output: a new folder.
        model: the base model; by default the one that the adapter names.

    Raises:
        UserError: there is no adapter, its base cannot be had, or the merged model answers
            otherwise.
    """
    folder, base = _adapter(adapter)
    base = model or base
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise UserError(f"{output} is not empty; name another folder")
    adapted, tokenizer = _loaded(base, folder)
    ids = tokenizer(_prompt(folder), return_tensors="pt", add_special_tokens=False)["input_ids"]
    wanted = _logits(adapted, ids)
    with adapted.disable_adapter():
        change = _difference(wanted, _logits(adapted, ids))
    merged = adapted.merge_and_unload(safe_merge=True)
    unsure = output.with_name(output.name + ".unchecked")
    try:
        merged.save_pretrained(unsure)
        tokenizer.save_pretrained(unsure)
        del adapted, merged  # two models at a time might not fit
        again, _ = load_hf(str(unsure), options={"dtype": "auto"})
        dtype = str(again.dtype).removeprefix("torch.")
        difference = _difference(wanted, _logits(again, ids))
        allowed = ROUNDING.get(dtype, 0.0)
        if dtype != "float32":
            allowed = max(allowed, CHANGE * change)
        if difference > allowed:
            raise UserError(
                f"the merged model answers otherwise than {folder}: logits differ by "
                f"{difference:.1%} of the largest; is {base!r} the model it was trained on?"
            )
        if output.is_dir():
            output.rmdir()
        unsure.rename(output)
    except OSError as error:
        raise UserError(f"cannot write to {output}: {error.strerror or error}") from None
    finally:
        shutil.rmtree(unsure, ignore_errors=True)
    return Merged(base, difference, ids.shape[1], dtype)


def _adapter(given: Path) -> tuple[Path, str]:
    """The adapter's folder, and the base model that it names."""
    for folder in (given, given / run_folder.ADAPTER):
        if (folder / CONFIG).is_file():
            try:
                config = orjson.loads(read_bytes(folder / CONFIG))
                return folder, str(config["base_model_name_or_path"])
            except (orjson.JSONDecodeError, KeyError, TypeError):
                raise UserError(f"{folder / CONFIG} names no base model") from None
    if (given / "model").is_dir():
        raise UserError(f"{given / 'model'} is a whole model: there is nothing to merge")
    raise UserError(f"{given} holds no adapter ({CONFIG})")


def _loaded(base: str, folder: Path) -> tuple[Any, Any]:
    try:
        return load_hf(base, adapter=str(folder), options={"dtype": "auto"})
    except UserError as error:
        raise UserError(f"{error}; name the base model of {folder} with --model") from None


def _prompt(folder: Path) -> str:
    """A prompt of the validation rows, which the training has left beside the adapter."""
    run = run_folder.read_run(folder)
    return str(run["prompt"]) if run and "prompt" in run else _PLAIN


def _logits(model: Any, ids: torch.Tensor) -> torch.Tensor:
    import torch

    with torch.inference_mode():
        logits: torch.Tensor = model(ids.to(model.device)).logits.float().cpu()
    return logits


def _difference(wanted: torch.Tensor, found: torch.Tensor) -> float:
    return float((wanted - found).abs().max() / wanted.abs().max())
