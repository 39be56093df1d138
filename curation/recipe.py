"""The recipe's section `curation`: what counts as a duplicate, as a judge's row, as a leak."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Share = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]
Fraction = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
Cap = Annotated[int, Field(ge=1, lt=2**63, strict=True)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DedupSection(_Section):
    near: Fraction = 0.8
    """Jaccard similarity of character shingles from which two rows with equal calls are one."""
    shingle: Annotated[int, Field(ge=2, le=32, strict=True)] = 5
    """Characters in a shingle."""
    max_same_calls: Cap = 1
    """Most rows that make the same calls from the same state, however they are worded."""
    max_per_skeleton: Cap | None = 20
    """Most rows with the same tools, bindings and wording that differ in values only; null: any
    number."""


class DecontaminateSection(_Section):
    benchmarks: tuple[str, ...] = ()
    """Files of judges: BFCL's, or JSONL of questions and tools. Relative to where the command
    runs."""
    words: Annotated[int, Field(ge=1, le=64, strict=True)] = 5
    """Words in an n-gram."""
    characters: Annotated[int, Field(ge=1, le=64, strict=True)] = 10
    """Characters in an n-gram, where a judge's request is mostly Chinese, Japanese or Korean."""
    overlap: Fraction = 0.5
    """Share of a judge's n-grams from which a request that has them is a judge's."""
    parameters: Cap = 3
    """Tools of other names are one when their parameters have equal names and types and are at
    least so many: many tools take just a `city`."""


class SplitSection(_Section):
    validation: Share = 0.06
    """Share of the rows, as in the next three; 0 leaves the split out."""
    test_seen: Share = 0.06
    test_unseen_shapes: Share = 0.06
    """At least: shapes are held out whole."""
    test_unseen_tools: Share = 0.06
    """At least: tools are held out by packs or clusters."""
    held_out: tuple[str, ...] = ()
    """Packs or tools for `test_unseen_tools`; chosen where none is named."""
    held_out_shapes: tuple[str, ...] = ()
    """Topologies for `test_unseen_shapes`, such as `0>1,1>2`; chosen where none is named."""
    complex: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.7
    """Share of `validation` with complex chains: two edges or more."""
    max_dropped: Share = 0.15
    """Most rows that splitting may drop."""

    @model_validator(mode="after")
    def _possible(self) -> SplitSection:
        wanted = self.validation + self.test_seen + self.test_unseen_shapes
        if wanted + self.test_unseen_tools >= 1:
            raise ValueError("the splits' shares leave nothing to train on: together below 1")
        if self.held_out and not self.test_unseen_tools:
            raise ValueError("held_out is named, but test_unseen_tools is 0")
        if self.held_out_shapes and not self.test_unseen_shapes:
            raise ValueError("held_out_shapes is named, but test_unseen_shapes is 0")
        for name in ("held_out", "held_out_shapes"):
            named = getattr(self, name)
            if len(set(named)) < len(named):
                raise ValueError(f"{name} names something twice")
        return self


class ReviewSection(_Section):
    rule: Literal["majority", "strict", "adjudicator"] = "majority"
    """How several judgements become one: more than half agree, all agree, or one person decides."""
    adjudicator: str | None = None
    """Argilla user whose word counts; without it all others must agree."""

    @model_validator(mode="after")
    def _possible(self) -> ReviewSection:
        if (self.rule == "adjudicator") != (self.adjudicator is not None):
            raise ValueError("the rule `adjudicator` and the name of an adjudicator go together")
        return self


class CurationSection(_Section):
    dedup: DedupSection = DedupSection()
    decontaminate: DecontaminateSection = DecontaminateSection()
    split: SplitSection = SplitSection()
    review: ReviewSection = ReviewSection()
