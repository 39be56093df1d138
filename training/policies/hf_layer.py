"""A cache layer with room to grow. It needs torch when it is imported, so others import it late."""

from __future__ import annotations

from typing import Any

import torch
from transformers.cache_utils import DynamicLayer

ROOM = 128
"""Tokens of room that are made at a time."""


class RoomyLayer(DynamicLayer):  # type: ignore[misc]  # transformers is Any to mypy
    """Keys and values in tensors that are larger than needed.

    The library's own layer copies all it holds for each new token, which at 16 prompts of 200
    tokens takes a CPU longer than the model does.
    """

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *_: Any, **__: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Add keys and values, each (rows, heads, tokens, head size), and give all there are."""
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
            self._whole = (key_states[:, :, :0], value_states[:, :, :0])
        before = self.get_seq_length()
        after = before + key_states.shape[2]
        if after > self._whole[0].shape[2]:
            self._whole = (self._wider(0, after + ROOM), self._wider(1, after + ROOM))
        for whole, new in zip(self._whole, (key_states, value_states), strict=True):
            whole[:, :, before:after] = new
        self.keys, self.values = (whole[:, :, :after] for whole in self._whole)
        return self.keys, self.values

    def _wider(self, part: int, width: int) -> torch.Tensor:
        old = self._whole[part]
        rows, heads, held, size = old.shape
        new = old.new_empty(rows, heads, width, size)
        new[:, :, :held] = old
        return new
