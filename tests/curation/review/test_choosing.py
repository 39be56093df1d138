"""Which rows people see: every stratum's share, or the least sure, the same for the same seed."""

from collections import Counter

import pytest

from callwright.curation.review.choosing import Choice, choose
from callwright.schemas.errors import UserError
from callwright.schemas.store import Manifest, Writer, open_dataset


@pytest.fixture(scope="module")
def data(rows, tmp_path_factory):
    """60 chains, 30 stateful rows, 10 whose unit is only implied."""
    folder = tmp_path_factory.mktemp("choose") / "data"
    writer = Writer(folder, Manifest(command="build"))
    kinds = ["chain"] * 60 + ["stateful"] * 30 + ["miles"] * 10
    made = [rows[kind].model_copy(update={"id": f"{kind}{i}"}) for i, kind in enumerate(kinds)]
    writer.write_part(made)
    writer.finish()
    return open_dataset(folder)


def kinds(chosen):
    return Counter(name.rstrip("0123456789") for name in chosen)


def test_without_a_number_all_rows_are_chosen(data):
    assert len(choose(data, Choice())) == 100


def test_every_stratum_gets_its_share(data):
    chosen = choose(data, Choice(sample=20, by=("scenario", "length")))
    assert kinds(chosen) == {"chain": 12, "stateful": 6, "miles": 2}


def test_the_same_seed_gives_the_same_rows_and_another_gives_others(data):
    one, again, other = (choose(data, Choice(sample=20, seed=seed)) for seed in (0, 0, 1))
    assert one == again
    assert one != other


def test_the_least_sure_come_first(data):
    assert kinds(choose(data, Choice(sample=10, least_sure=True))) == {"miles": 10}


@pytest.mark.parametrize(
    "choice",
    [
        Choice(sample=5, by=("colour",)),
        Choice(by=("scenario",)),
        Choice(least_sure=True),
        Choice(sample=5, by=("scenario",), least_sure=True),
    ],
)
def test_what_makes_no_sense_is_refused(data, choice):
    with pytest.raises(UserError):
        choose(data, choice)
