"""The leakage table: it counts what two splits share, and knows what they may not."""

from __future__ import annotations

import polars as pl
import pytest

from callwright.curation.features import SCHEMA
from callwright.curation.leakage import MEASURES, leakage, must_be_zero, to_json

_PLAIN = {
    "language": "en",
    "scenario": "single",
    "length": 1,
    "results": "",
    "topology": "1",
    "grounded": [],
}


def table(*rows, **more):
    """The table of rows that share nothing but what they are given."""
    flats = []
    for number, given in enumerate(rows):
        own = {name: f"{name} {number}" for name in ("id", "text", "user", "calls", "skeleton")}
        own |= {"sequence": f"tool {number}", "topology": f"shape {number}"}
        own |= {"called": [f"tool {number}"], "offered": [f"tool {number}"]}
        flats.append({**_PLAIN, **own, **given})
    frame = pl.DataFrame(flats, schema={**SCHEMA, "split": pl.String})
    return leakage(frame, **more)


SHARED = {
    "requests": {"user": "the same"},
    "filled_skeletons": {"skeleton": "s", "calls": "c"},
    "grounded_calls": {"grounded": ["look {}", "find {}"]},
    "sequences": {"sequence": "a > b"},
    "topologies": {"topology": "0>1"},
    "tools_called": {"called": ["a"], "offered": []},
    "tools_offered": {"offered": ["a", "b"], "called": []},
}


@pytest.mark.parametrize("measure", SHARED)
def test_what_two_splits_share_is_counted_under_its_measure_alone(measure):
    (found,) = table(
        {"split": "train", **SHARED[measure]}, {"split": "test_seen", **SHARED[measure]}
    )
    assert (found.one, found.other) == ("train", "test_seen")
    twice = measure in ("grounded_calls", "tools_offered")
    assert found.counts == {name: (name == measure) * (1 + twice) for name in MEASURES}


def test_near_duplicates_are_counted_where_they_cross_two_splits():
    rows = [{"split": "train"}, {"split": "train"}, {"split": "validation"}]
    (found,) = table(*rows, near=[(0, 1), (1, 2)])
    assert found.counts["near_duplicates"] == 1
    assert found.leaks == {"near_duplicates": 1}


def test_a_held_out_tool_that_train_offers_is_a_leak():
    rows = [{"split": "train", "offered": ["tool 0", "rare"]}]
    rows += [{"split": "test_unseen_tools", "called": ["rare"], "offered": ["rare"]}]
    (found,) = table(*rows, held_out={"rare"})
    assert found.leaks == {"held_out_tools": 1}


def test_each_pair_of_splits_that_are_there_stands_once():
    names = ("test_unseen_tools", "train", "test_seen")
    pairs = [(found.one, found.other) for found in table(*({"split": name} for name in names))]
    assert pairs == [
        ("train", "test_seen"),
        ("train", "test_unseen_tools"),
        ("test_seen", "test_unseen_tools"),
    ]


@pytest.mark.parametrize(
    ("one", "other", "more"),
    [
        ("train", "validation", {"grounded_calls"}),
        ("train", "test_seen", {"grounded_calls"}),
        ("train", "test_unseen_shapes", {"sequences", "topologies"}),
        ("train", "test_unseen_tools", {"held_out_tools"}),
        ("validation", "test_unseen_shapes", set()),
        ("test_seen", "test_unseen_tools", {"held_out_tools"}),
    ],
)
def test_what_must_be_zero_follows_from_what_the_splits_are(one, other, more):
    always = {"requests", "filled_skeletons", "near_duplicates"}
    assert set(must_be_zero(one, other)) == always | more
    assert must_be_zero(one, other) == must_be_zero(other, one)


def test_rows_without_calls_share_no_sequence_and_no_skeleton():
    empty = {"sequence": "", "calls": "", "called": [], "offered": []}
    (found,) = table({"split": "train", **empty}, {"split": "test_seen", **empty})
    assert not any(found.counts.values())


def test_the_table_as_json_names_the_pair_its_counts_and_what_must_be_zero():
    (entry,) = to_json(table({"split": "train"}, {"split": "validation"}))
    assert entry["between"] == ["train", "validation"]
    assert set(entry["shared"]) == set(MEASURES) >= set(entry["must_be_zero"])
