"""The loss: cross-entropy weighted token by token, computed only where something is trained.

Most tokens of a conversation are read, not learned, and the vocabulary is what costs most memory
(2,000 tokens x 152,000 words x 4 bytes = 1.2 GB, several times over). So the output embedding is
applied to the trained positions alone, in pieces whose logits are computed again for the gradient.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

LOGITS = 2**25
"""Most logits held at a time: 128 MB in fp32."""


def weighted_loss(
    model: Any, inputs: dict[str, Any], weights: torch.Tensor, head: Any | None
) -> torch.Tensor:
    """Sum over tokens of weight times cross-entropy, not yet divided by the weights.

    Args:
        model: a causal language model, in any wrapping.
        inputs: what it reads; `input_ids` (batch, tokens) among it.
        weights: (batch, tokens), of each token as a label; its logits stand one token earlier.
        head: the model's output embedding, where `plain_head` found that it makes the logits
            alone; None takes the model's own logits, all of them.

    Returns:
        A scalar in fp32.
    """
    labels, wanted = inputs["input_ids"][:, 1:], weights[:, 1:] > 0
    labels, weights = labels[wanted], weights[:, 1:][wanted]
    if head is None:
        return _cross_entropy(
            model(**inputs, use_cache=False).logits[:, :-1][wanted], labels, weights
        )
    return _chunked(head, hidden_states(model, inputs, head)[:, :-1][wanted], labels, weights)


def hidden_states(model: Any, inputs: dict[str, Any], head: Any) -> torch.Tensor:
    """What enters the output embedding `head`: (batch, tokens, width).

    The model is called as a whole, for the sake of whatever it is wrapped in (several devices
    exchange gradients only for a call of the wrapper), but makes logits of one token only.
    """
    with _entering(head) as caught:
        model(**inputs, use_cache=False)
    return caught[0]


def plain_head(model: Any) -> Any | None:
    """The output embedding of `model`, if the logits are just what it makes of the hidden states.

    Found by trying, since models also scale (Granite), cap (Gemma) or split their logits, each
    under a name of its own in its configuration.
    """
    import torch

    head = model.get_output_embeddings()
    if head is None:
        return None
    tokens = {"input_ids": torch.arange(4, device=head.weight.device)[None]}
    with _trial(model):
        hidden = hidden_states(model, tokens, head)
        logits = model(**tokens, use_cache=False).logits
        made = head(hidden)
    return head if made.shape == logits.shape and torch.allclose(made, logits.to(made)) else None


def sees_neighbours(model: Any) -> bool:
    """Does a sample in a packed sequence depend on the samples before it?

    So it is with recurrent layers, and with attention that takes no notice of positions which
    begin anew.
    """
    import torch

    head = model.get_output_embeddings()
    device = head.weight.device
    positions = torch.arange(4, device=device).repeat(2)[None]
    found = []
    with _trial(model):
        for first in (0, 4):
            tokens = torch.tensor([[*range(first, first + 4), 1, 2, 3, 4]], device=device)
            inputs = {"input_ids": tokens, "position_ids": positions}
            found.append(hidden_states(model, inputs, head)[:, 4:].float())
    return not torch.allclose(*found, rtol=1e-4, atol=1e-5)


def _chunked(
    head: Any, hidden: torch.Tensor, labels: torch.Tensor, weights: torch.Tensor
) -> torch.Tensor:
    import torch
    from torch.utils.checkpoint import checkpoint

    rows = max(1, LOGITS // head.weight.shape[0])
    if len(labels) <= rows:
        return _cross_entropy(head(hidden), labels, weights)

    def piece(start: int) -> torch.Tensor:
        part = slice(start, start + rows)
        return _cross_entropy(head(hidden[part]), labels[part], weights[part])

    parts = (
        checkpoint(piece, start, use_reentrant=False, preserve_rng_state=False)
        for start in range(0, len(labels), rows)
    )
    return torch.stack(list(parts)).sum()


def _cross_entropy(
    logits: torch.Tensor, labels: torch.Tensor, weights: torch.Tensor
) -> torch.Tensor:
    from torch.nn.functional import cross_entropy

    return (cross_entropy(logits.float(), labels, reduction="none") * weights).sum()


@contextmanager
def _entering(head: Any) -> Iterator[list[torch.Tensor]]:
    """Catches what is given to `head`, which itself gets the last token only."""
    caught: list[torch.Tensor] = []

    def catch(_: Any, arguments: tuple[torch.Tensor]) -> tuple[torch.Tensor]:
        caught.append(arguments[0])
        return (arguments[0][:, -1:],)

    handle = head.register_forward_pre_hook(catch)
    try:
        yield caught
    finally:
        handle.remove()


@contextmanager
def _trial(model: Any) -> Iterator[None]:
    """Without gradients and without dropout."""
    import torch

    training = model.training
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        model.train(training)
