"""What of a model is trained, and in which precision."""

from __future__ import annotations

import warnings
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from callwright.schemas.errors import UserError
from callwright.training.recipe import TrainingSection

if TYPE_CHECKING:
    import torch


def uses_bf16(section: TrainingSection) -> bool:
    """Is computed in bf16? `auto` says yes where the GPU, or without one the CPU, has it.

    A CPU that has it trains 1.7 times as fast so; one that must emulate it, far slower.
    """
    import torch

    if section.precision != "auto":
        return section.precision == "bf16"
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    has = torch.cpu.get_capabilities()
    return any(has.get(name) for name in ("avx512_bf16", "amx_bf16"))


def loading_options(section: TrainingSection) -> dict[str, Any]:
    """What `from_pretrained` is given so that the model can be trained as `section` says.

    Weights that are not trained are kept in bf16 where it is computed in bf16; trained ones in
    fp32, whose small steps bf16 would round away.

    Raises:
        UserError: `qlora` without bitsandbytes.
    """
    import torch

    if section.adapter.kind == "full" or not uses_bf16(section):
        dtype: torch.dtype = torch.float32
    else:
        dtype = torch.bfloat16
    if section.adapter.kind != "qlora":
        return {"dtype": dtype}
    if find_spec("bitsandbytes") is None:
        raise UserError(
            "training.adapter.kind qlora needs bitsandbytes: pip install bitsandbytes, or use lora"
        )
    from transformers import BitsAndBytesConfig

    four_bits = BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=dtype,
    )
    return {"dtype": dtype, "quantization_config": four_bits}


def prepare_model(model: Any, section: TrainingSection) -> Any:
    """Give the model its adapter, or free the weights to be trained; freeze all others.

    Raises:
        UserError: the model has no such modules or layers, or is not in 4 bits for `qlora`.
    """
    adapter = section.adapter
    layers = _top_layers(model, adapter.top_layers)
    if section.gradient_checkpointing:
        _checkpoint(model)
    if adapter.kind == "full":
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(layers is None or _layer_of(name) in layers)
        return model
    from peft import LoraConfig, get_peft_model, prepare_model_for_kbit_training

    if adapter.kind == "qlora":
        if not getattr(model, "is_loaded_in_4bit", False):
            raise UserError("training.adapter.kind qlora: the model was not loaded in 4 bits")
        model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=False)
        _keep_trainable(model)
    try:
        config = LoraConfig(
            r=adapter.rank,
            lora_alpha=adapter.alpha,
            lora_dropout=adapter.dropout,
            target_modules=_targets(model, adapter.targets),
            layers_to_transform=layers,
            task_type="CAUSAL_LM",
        )
        with warnings.catch_warnings():
            # peft asks for an attribute that transformers has renamed.
            warnings.filterwarnings("ignore", ".*is_gradient_checkpointing", FutureWarning)
            model = get_peft_model(model, config)
    except ValueError as error:
        line = str(error).partition("\n")[0]
        raise UserError(f"training.adapter.targets {adapter.targets!r}: {line}") from None
    _free_inputs(model)
    return model


def _keep_trainable(model: Any) -> None:
    """Forbid the layout that bitsandbytes gives 4-bit weights when a CPU with bf16 evaluates.

    It is for inference only: no gradient passes such a layer, so that the first look at validation
    rows would end the training of everything below.
    """
    for module in model.modules():
        if hasattr(module, "support_avx512bf16_for_cpu"):
            module.support_avx512bf16_for_cpu = False


def _targets(model: Any, targets: str | tuple[str, ...]) -> str | list[str]:
    """The modules by name: peft knows `all-linear` itself, but not for some of the layers only."""
    from torch.nn import Linear

    if targets != "all-linear":
        return targets if isinstance(targets, str) else list(targets)
    head = model.get_output_embeddings()
    linear = (n for n, m in model.named_modules() if isinstance(m, Linear) and m is not head)
    return sorted({name.rpartition(".")[2] for name in linear})


def _top_layers(model: Any, count: int | None) -> list[int] | None:
    if count is None:
        return None
    layers = model.config.get_text_config().num_hidden_layers
    if count > layers:
        raise UserError(f"training.adapter.top_layers is {count}: the model has {layers} layers")
    return list(range(layers - count, layers))


def _layer_of(name: str) -> int | None:
    """The number of the layer that a parameter belongs to: `model.layers.3.mlp…` is 3."""
    return next((int(part) for part in name.split(".") if part.isdecimal()), None)


def _checkpoint(model: Any) -> None:
    # The name changed within transformers 5.
    enable = getattr(model, "activation_checkpointing_enable", None)
    (enable or model.gradient_checkpointing_enable)({"use_reentrant": False})
    _free_inputs(model)


def _free_inputs(model: Any) -> None:
    """Let no gradient flow below the lowest trained layer.

    transformers and peft make the embeddings require one whenever activations are checkpointed,
    for the sake of the reentrant kind of checkpoint, which is not used here.
    """
    model.disable_input_require_grads()
