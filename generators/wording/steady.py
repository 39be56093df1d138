"""A chance that always falls the same way."""

from __future__ import annotations

import random


class Steady(random.Random):
    """Every roll is `roll`: who writes all dates of a text with it writes them alike.

    Args:
        roll: in [0, 1).
    """

    def __init__(self, roll: float) -> None:
        super().__init__(0)
        self.roll = roll

    def random(self) -> float:
        return self.roll

    def getrandbits(self, k: int, /) -> int:
        return int(self.roll * 2**k)

    def _randbelow(self, n: int) -> int:
        return int(self.roll * n)
