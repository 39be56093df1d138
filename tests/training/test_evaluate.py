"""An evaluation that is taken up again asks for what is missing, and for nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from callwright.generators.execution import PackToolbox
from callwright.schemas.record import Conversation
from callwright.training.evaluate import Evaluation, gold_policy
from callwright.training.policies.base import Policy, Prompt, Reply


class Stumbling:
    """Gold, but for the turns that it stumbles on."""

    name = "stumbling"

    def __init__(self, gold: Policy, failure: str | None, every: int = 3) -> None:
        self._gold, self._failure, self._every = gold, failure, every
        self.asked = 0

    def turns(self, prompts: Sequence[Prompt]) -> list[Reply]:
        replies = self._gold.turns(prompts)
        for at in range(len(replies)):
            self.asked += 1
            if self._failure and self.asked % self._every == 0:
                replies[at] = Reply(failure=self._failure)
        return replies


@pytest.mark.parametrize(
    ("failure", "redone"), [("timeout: 60 s", True), ("endpoint: 503", True), ("context: 9", False)]
)
def test_a_resume_redoes_what_failed_for_a_passing_reason_and_only_that(
    rows: list[Conversation], toolbox: PackToolbox, tmp_path: Path, failure: str, redone: bool
) -> None:
    plan = Evaluation(rows[:12], toolbox, tmp_path)
    gold = gold_policy(rows[:12])
    stumbling = Stumbling(gold, failure)
    first = plan.run(stumbling)
    assert first.overall["single_call"].value < 1
    assert first.faults["decisions"] == {"failed": first.overall["single_call"].of // 3}
    again = Stumbling(gold, None)
    second = plan.run(again)
    if redone:
        assert second.overall["single_call"].value == second.overall["chain_success"].value == 1
        assert 0 < again.asked < stumbling.asked
    else:
        assert again.asked == 0
        assert second == first
