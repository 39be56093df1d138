"""Splits: what is held out is held out, what is shared stays together, and little is lost."""

from __future__ import annotations

from collections import Counter

import polars as pl
import pytest

from callwright.curation.features import SCHEMA, features
from callwright.curation.held_out import edges
from callwright.curation.recipe import SplitSection
from callwright.curation.split import SPLITS, split
from callwright.curation.verify import certify
from callwright.generators.build import Job, build
from callwright.generators.execution import PackToolbox
from callwright.generators.recipe import BuildSection, ToolsSection
from callwright.schemas.errors import RecipeError
from callwright.schemas.store import open_dataset

TESTS = SPLITS[2:]


@pytest.fixture(scope="session")
def packs():
    return {tool.name: tool.pack for tool in PackToolbox().tools()}


@pytest.fixture(scope="session")
def thousand(tmp_path_factory):
    """Features of 1,000 rows of the scenarios whose sequences of tools come again and again."""
    folder = tmp_path_factory.mktemp("thousand") / "out"
    weights = {"single": 16, "parallel": 10, "chain": 36, "dag": 14, "stateful": 16}
    build(
        Job(BuildSection(scenarios={**weights, "irrelevant": 8}), ToolsSection(), 11, certify),
        folder,
        {},
    )
    return features(open_dataset(folder))


@pytest.fixture(scope="session")
def parted(thousand, packs):
    """The rows with the split of each, none for those that are dropped."""
    made = split(thousand, SplitSection(), packs=packs)
    return thousand.with_columns(split=pl.Series(made.split_of, dtype=pl.String)), made


def of(parted, name):
    return parted[0].filter(split=name)


def things(frame, column):
    values = frame[column].explode() if frame.schema[column] == pl.List else frame[column]
    return set(values.drop_nulls()) - {""}


def row(number, **fields):
    """One hand-made row of features."""
    plain = {
        "id": f"r{number}",
        "language": "en",
        "scenario": "single",
        "length": 1,
        "text": f"text {number}",
        "user": f"request {number}",
        "calls": f"calls {number}",
        "results": "",
        "sequence": "look",
        "topology": "1",
        "skeleton": f"skeleton {number}",
        "called": ["look"],
        "offered": ["look", "idle"],
        "grounded": [],
    }
    return {**plain, **fields}


def frame(*rows):
    return pl.DataFrame(list(rows), schema=SCHEMA)


def only(**shares):
    """A section that wants nothing but what is named."""
    return SplitSection(**{**dict.fromkeys(("validation", *TESTS), 0), **shares})


# ------------------------------------------------------------------ a thousand rows


def test_of_a_thousand_rows_each_test_split_gets_fifty_and_few_are_dropped(parted):
    sizes = Counter(parted[0]["split"])
    assert all(sizes[name] >= 50 for name in TESTS)
    assert sizes[None] == len(parted[1].dropped) <= 150
    assert sizes["train"] >= 600


def test_held_out_tools_are_called_in_each_row_of_their_test_and_in_no_other(parted):
    table, made = parted
    held = made.held_out.tools
    for called, name in table.select("called", "split").iter_rows():
        assert name is None or (not held.isdisjoint(called)) == (name == "test_unseen_tools")


def test_unseen_shapes_share_neither_sequence_nor_topology_with_train(parted):
    train, shapes = of(parted, "train"), of(parted, "test_unseen_shapes")
    for column in ("sequence", "topology"):
        assert not things(train, column) & things(shapes, column)


@pytest.mark.parametrize("name", ["test_seen", "validation"])
@pytest.mark.parametrize("column", ["user", "grounded", "calls"])
def test_what_is_drawn_shares_no_request_and_no_call_the_user_decides_with_train(
    parted, name, column
):
    shared = things(of(parted, "train"), column) & things(of(parted, name), column)
    assert not shared


def test_tools_and_sequences_of_test_seen_are_in_train(parted):
    train, seen = of(parted, "train"), of(parted, "test_seen")
    for column in ("sequence", "called"):
        assert things(seen, column) <= things(train, column)


def test_no_request_stands_in_two_splits(parted):
    table = parted[0].drop_nulls("split")
    homes = table.group_by("user").agg(pl.col("split").n_unique())
    assert homes["split"].max() == 1


def test_validation_has_more_complex_chains_than_train(parted):
    def share(name):
        topologies = of(parted, name)["topology"]
        return sum(edges(topology) >= 2 for topology in topologies) / len(topologies)

    assert share("validation") >= 0.6
    assert share("train") < 0.5


@pytest.mark.parametrize("column", ["scenario", "language", "length"])
def test_test_seen_has_scenarios_lengths_and_languages_in_their_proportions(parted, column):
    train, seen = of(parted, "train"), of(parted, "test_seen")
    for value, rows in Counter(train[column]).items():
        there = (seen[column] == value).sum() / seen.height
        assert abs(there - rows / train.height) < 0.12


def test_the_order_of_the_rows_changes_nothing(thousand, packs, parted):
    mixed = thousand.sample(fraction=1, shuffle=True, seed=5)
    again = split(mixed, SplitSection(), packs=packs)
    first = dict(parted[0].select("id", "split").iter_rows())
    assert dict(zip(mixed["id"], again.split_of, strict=True)) == first


def test_the_seed_decides_between_what_is_equally_good(thousand, packs, parted):
    other = split(thousand, SplitSection(), seed=1, packs=packs)
    assert other.split_of != parted[1].split_of


def test_a_named_pack_is_held_out_whole(thousand, packs):
    made = split(thousand, SplitSection(held_out=("units",)), packs=packs)
    assert made.held_out.tools == {tool for tool, pack in packs.items() if pack == "units"}


def test_tools_can_be_named_one_by_one(thousand, packs):
    common = Counter(thousand["called"].explode().drop_nulls()).most_common(4)
    named = tuple(tool for tool, _ in common)
    made = split(thousand, SplitSection(held_out=named, test_unseen_tools=0.02), packs=packs)
    assert made.held_out.tools == set(named)


def test_without_packs_a_cluster_of_the_tool_graph_is_held_out(thousand):
    made = split(thousand, SplitSection())
    sizes = Counter(made.split_of)
    assert 50 <= sizes["test_unseen_tools"] <= 200
    assert len(made.held_out.tools) > 1
    assert all(sizes[name] >= 50 for name in TESTS)
    assert len(made.dropped) <= 150


# ------------------------------------------------------------------ impossible wishes


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"held_out": ("unitz",)}, "no row calls 'unitz'; did you mean 'units'?"),
        ({"held_out": ("calendar",), "test_unseen_tools": 0.5}, "are possible (held out: calendar"),
        (
            {"test_unseen_tools": 0.5},
            "more than 333 would leave too little to train on; set it to 0.33",
        ),
        ({"test_unseen_shapes": 0.7}, "test_unseen_shapes: 700 of 1,000 rows are wanted"),
        ({"test_seen": 0.8}, "test_seen: 800 of 1,000 rows are wanted"),
    ],
)
def test_an_impossible_wish_is_told_what_is_possible(thousand, packs, wish, said):
    with pytest.raises(RecipeError) as error:
        split(thousand, SplitSection(**wish), packs=packs)
    assert said in str(error.value)


def test_what_is_said_to_be_possible_is(thousand, packs):
    with pytest.raises(RecipeError) as error:
        split(thousand, SplitSection(test_seen=0.8), packs=packs)
    share = float(str(error.value).split("set it to ")[1].split()[0])
    made = split(thousand, SplitSection(test_seen=share, validation=0), packs=packs)
    assert made.split_of.count("test_seen") == round(share * 1000)


def test_tools_that_every_row_calls_cannot_be_held_out():
    with pytest.raises(RecipeError, match="no cluster of tools are called in 6 to 33"):
        split(frame(*(row(n) for n in range(100))), only(test_unseen_tools=0.06))


def test_without_rows_the_wish_is_impossible_and_no_fault():
    with pytest.raises(RecipeError, match=r"1 of 0 rows are wanted, 0 are possible; set it to 0"):
        split(frame(), only(test_seen=0.06))


def test_where_all_chains_are_complex_so_is_the_whole_validation():
    rows = [row(n, topology="0>1,1>2", sequence="a > b > c", scenario="chain") for n in range(40)]
    made = split(frame(*rows), only(validation=0.5))
    assert made.split_of.count("validation") == 20


def test_half_of_the_rows_of_each_length_stay_for_training():
    shapes = {"0>1,1>2": 3, "0>2,1>2": 2, "0>1,0>2": 2, "0>1,1>2,2>3": 4}
    rows = [
        row(25 * at + n, topology=shape, sequence=shape, length=length)
        for at, (shape, length) in enumerate(shapes.items())
        for n in range(25)
    ]
    for seed in range(5):
        made = split(frame(*rows), only(test_unseen_shapes=0.2), seed=seed)
        (held,) = made.topologies
        assert shapes[held] == 2


def test_a_shape_that_alone_calls_a_tool_is_not_held_out_while_another_will_do():
    shapes = {"0>1,1>2": ("look", 20), "0>2,1>2": ("join", 10), "0>1,0>2": ("look", 12)}
    rows = [
        row(100 * at + n, topology=shape, sequence=shape, length=2, called=[tool])
        for at, (shape, (tool, number)) in enumerate(shapes.items())
        for n in range(number)
    ]
    for seed in range(5):
        made = split(frame(*rows), only(test_unseen_shapes=0.2), seed=seed)
        assert made.topologies == {"0>1,0>2"}


def test_named_shapes_are_held_out_and_no_others():
    shapes = ("0>1", "0>1,1>2", "0>1,0>2")
    rows = [row(n, topology=shapes[n % 3], sequence=shapes[n % 3], length=2) for n in range(60)]
    section = only(test_unseen_shapes=0.2, held_out_shapes=("0>1",))
    made = split(frame(*rows), section)
    assert made.topologies == {"0>1"}
    assert [made.split_of[n] == "test_unseen_shapes" for n in range(60)] == [
        n % 3 == 0 for n in range(60)
    ]
    wrong = only(test_unseen_shapes=0.2, held_out_shapes=("0>7",))
    with pytest.raises(RecipeError, match=r"held_out_shapes: no row has '0>7'; .*0>1,0>2"):
        split(frame(*rows), wrong)
    with pytest.raises(ValueError, match="test_unseen_shapes is 0"):
        only(held_out_shapes=("0>1",))


def test_more_drops_than_allowed_are_refused_with_the_number_it_takes():
    rows = [row(n, user="again" if n % 2 else f"request {n}") for n in range(20)]
    rows += [row(20 + n, user="again", called=["rare"], sequence="rare") for n in range(11)]
    section = only(test_unseen_tools=0.3, held_out=("rare",), max_dropped=0.1)
    with pytest.raises(RecipeError, match=r"max_dropped: 10 of 31 rows .* set it to 0\.32"):
        split(frame(*rows), section)


def test_shares_that_leave_nothing_to_train_on_are_refused():
    with pytest.raises(ValueError, match="leave nothing to train on"):
        SplitSection(validation=0.5, test_seen=0.5)


# ------------------------------------------------------------------ ties


def test_rows_that_share_a_call_the_user_decides_go_together():
    rows = [row(n, grounded=[f"look {n // 2}"]) for n in range(40)]
    made = split(frame(*rows), only(test_seen=0.3))
    assert made.split_of.count("test_seen") == 12
    assert not made.dropped
    assert all(made.split_of[n] == made.split_of[n + 1] for n in range(0, 40, 2))


def test_near_duplicates_go_together():
    rows = [row(n) for n in range(40)]
    pairs = [(n, n + 20) for n in range(20)]
    made = split(frame(*rows), only(test_seen=0.5), near=pairs)
    assert all(made.split_of[a] == made.split_of[b] for a, b in pairs)


def test_a_call_that_many_rows_share_welds_them_all_to_train_while_others_can_be_drawn():
    rows = [row(n, grounded=["look common"] if n < 80 else []) for n in range(100)]
    made = split(frame(*rows), only(test_seen=0.1))
    assert not made.dropped
    assert all(made.split_of[n] == "train" for n in range(80))


def test_where_everything_is_welded_the_fewest_rows_are_dropped():
    # A ring: each row shares a call with the one before and the one after.
    rows = [row(n, grounded=[f"look {n}", f"look {(n + 1) % 100}"]) for n in range(100)]
    made = split(frame(*rows), only(test_seen=0.05))
    assert made.split_of.count("test_seen") == 5
    assert 2 <= len(made.dropped) <= 10
    assert all("test_seen has its call or request" in why for why in made.dropped.values())
    seen = {n for n in range(100) if made.split_of[n] == "test_seen"}
    for n in seen:
        for other in ((n - 1) % 100, (n + 1) % 100):
            assert other in seen or made.split_of[other] is None


def test_a_request_that_a_held_out_row_has_too_is_dropped_elsewhere_with_its_row_named():
    rows = [row(n) for n in range(20)]
    rows += [row(20, user="request 3", called=["rare"], sequence="rare")]
    made = split(frame(*rows), only(test_unseen_tools=0.05, held_out=("rare",)))
    assert list(made.dropped) == [3]
    assert made.dropped[3] == "test_unseen_tools has its request or filled skeleton: r20"


def test_a_row_that_offers_held_out_tools_only_is_dropped():
    rows = [row(n) for n in range(20)]
    rows += [row(20, called=["rare"], sequence="rare")]
    rows += [row(21, called=[], sequence="", calls="", offered=["rare"])]
    made = split(frame(*rows), only(test_unseen_tools=0.05, held_out=("rare",)))
    assert made.dropped == {21: "it offers held-out tools only"}
