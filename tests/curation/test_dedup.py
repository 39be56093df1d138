"""What says the same goes, what differs stays, and every decision names the row that stays."""

import random
import time

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callwright.curation import dedup, near
from callwright.curation.dedup import SCHEMA, duplicates
from callwright.curation.near import Similar, jaccard, near_duplicates

WORDS = (
    "Please find me a quiet hotel near the station with breakfast and a room for two persons that "
    "is not more than a hundred euros a night because we arrive late and leave early next morning"
)


def table(*rows):
    """Rows of (text, calls), (text, calls, results) or (text, calls, results, skeleton)."""
    full = [[f"r{i}", *row, *("", "")[: 4 - len(row)]] for i, row in enumerate(rows)]
    names = ["id", "text", "calls", "results", "skeleton"]
    return pl.DataFrame(full, schema=dict.fromkeys(names, pl.String), orient="row")


def decisions(frame, **options):
    found = duplicates(frame, **options)
    assert dict(found.schema) == SCHEMA
    return [tuple(row) for row in found.select("id", "reason", "kept").iter_rows()]


def brute_force(texts, groups, threshold, k):
    """The rule of `near`, written down as plainly as possible."""
    sets = [{text[i : i + k] for i in range(len(text) - k + 1)} for text in texts]
    kept, found = [], []
    for row, shingles in enumerate(sets):
        for other in kept:
            if groups[row] == groups[other] and shingles and sets[other]:
                likeness = len(shingles & sets[other]) / len(shingles | sets[other])
                if likeness >= threshold:
                    found.append(Similar(row, other, likeness))
                    break
        else:
            kept.append(row)
    return found


# ------------------------------------------------------------------- the stages


def test_of_equal_texts_the_first_stays():
    frame = table(("a", ""), ("b", ""), ("a", ""), ("a", ""))
    assert decisions(frame) == [("r2", "exact_duplicate", "r0"), ("r3", "exact_duplicate", "r0")]
    assert duplicates(frame)["similarity"].to_list() == [1.0, 1.0]


def test_a_text_that_only_looks_like_a_call_is_no_exact_duplicate():
    assert decisions(table(("user: a\ncall: f {}", "[]"), ("user: a\ncall: f {}", ""))) == []


def test_a_near_copy_goes_and_its_similarity_is_given():
    copy = WORDS.replace("hundred", "thousand")
    frame = table((WORDS, ""), ("something else", ""), (copy, ""))
    assert decisions(frame) == [("r2", "near_duplicate", "r0")]
    assert duplicates(frame)["similarity"].item() == jaccard(WORDS, copy, 5) < 1


def test_long_rows_that_differ_in_one_argument_value_stay():
    rows = [(f"{WORDS * 9} {i}", f'[["f",{{"x":{i}}}]]') for i in range(20)]
    assert jaccard(rows[0][0], rows[1][0], 5) > 0.95
    assert decisions(table(*rows)) == []


def test_similarity_is_not_passed_on_by_a_row_that_goes():
    # b is like a and c like b, but c is not like a: nothing that stays is like c.
    a = "".join(map(chr, range(0x4E00, 0x4E00 + 100)))
    b, c = a[10:] + a[:6], a[20:] + a[:6] + "abcdef"
    assert jaccard(a, b, 5) >= 0.8 <= jaccard(b, c, 5)
    assert jaccard(a, c, 5) < 0.8
    assert decisions(table((a, ""), (b, ""), (c, ""))) == [("r1", "near_duplicate", "r0")]


def test_the_same_calls_from_the_same_state_stay_as_often_as_allowed():
    calls = '[["f",{"x":1}]]'
    wordings = ["Do f with one.", "One, please, through f!", "I want f of 1"]
    same = [(wording, calls, "state") for wording in wordings]
    frame = table(*same, ("From elsewhere: f, 1", calls, "other state"))
    assert decisions(frame) == [("r1", "same_calls", "r0"), ("r2", "same_calls", "r0")]
    assert decisions(frame, max_same_calls=2) == [("r2", "same_calls", "r0")]
    assert duplicates(frame)["similarity"].null_count() == 2


def test_rows_without_calls_never_make_the_same_calls():
    assert decisions(table(("What is love?", ""), ("Sing to me", ""))) == []


def test_a_skeleton_is_capped_and_its_absence_is_not():
    calls = [f'[["f",{{"x":{i}}}]]' for i in range(4)]
    rows = [(f"f of {i}", calls[i], str(i), "s") for i in range(4)]
    frame = table(*rows, ("one", "", "", ""), ("two", "", "", ""))
    assert decisions(frame, max_per_skeleton=2) == [
        ("r2", "skeleton_cap", "r0"),
        ("r3", "skeleton_cap", "r0"),
    ]
    assert decisions(frame, max_per_skeleton=None) == []
    assert decisions(frame, max_per_skeleton=1)[0] == ("r1", "skeleton_cap", "r0")


def test_a_row_goes_for_one_reason():
    row = (WORDS, '[["f",{}]]', "same", "s")
    near_copy = (WORDS.replace("two", "three"), *row[1:])
    frame = table(row, row, near_copy, ("f now", *row[1:]), ("other", '[["g",{}]]', "", "s"))
    found = decisions(frame, max_per_skeleton=1)
    reasons = ["exact_duplicate", "near_duplicate", "same_calls", "skeleton_cap"]
    assert [reason for _, reason, _ in found] == reasons
    assert {kept for _, _, kept in found} == {"r0"}


def test_no_rows_have_no_duplicates():
    assert decisions(table()) == []


# -------------------------------------------------------------- near duplicates


@st.composite
def worlds(draw):
    """Texts that are often alike, their groups, a threshold and a length of shingles."""
    alphabet = draw(st.sampled_from(["ab", "abcdef", "a\u4e2d\u6587\U0001f600"]))
    seed = st.text(alphabet, max_size=40)
    bases = draw(st.lists(seed, min_size=1, max_size=4))
    edit = st.tuples(st.integers(0, 40), st.integers(0, 6), st.text(alphabet, max_size=6))
    made = draw(st.lists(st.tuples(st.sampled_from(bases), edit), max_size=25))
    texts = list(dict.fromkeys(base[:at] + new + base[at + cut :] for base, (at, cut, new) in made))
    groups = draw(st.lists(st.integers(0, 1), min_size=len(texts), max_size=len(texts)))
    threshold = draw(st.sampled_from([0.3, 0.5, 0.8, 0.9, 1.0]))
    return texts, groups, threshold, draw(st.sampled_from([2, 5, 32]))


@pytest.mark.parametrize("at_a_time", [{}, {"_PAIRS": 0, "_SPAN": 1, "_STEP": 1}])
@settings(deadline=None, max_examples=60)
@given(worlds())
def test_near_duplicates_are_those_that_comparing_all_with_all_finds(at_a_time, world):
    texts, groups, threshold, k = world
    with pytest.MonkeyPatch.context() as patch:
        for name, value in at_a_time.items():
            patch.setattr(near, name, value)
        series = pl.Series(texts, dtype=pl.String)
        found = near_duplicates(series, np.array(groups, np.int64), threshold, k)
    assert found == brute_force(texts, groups, threshold, k)


def test_among_many_rows_every_planted_near_duplicate_is_found_and_nothing_else():
    rng = random.Random(5)
    words = ["".join(rng.choices("abcdefghij", k=rng.randint(2, 8))) for _ in range(500)]
    texts = [" ".join(rng.choices(words, k=rng.randint(5, 60))) for _ in range(250)]
    for source in rng.sample(range(250), 60):
        copy = texts[source].split()
        copy[rng.randrange(len(copy))] = "changed"
        texts.append(" ".join(copy))
    texts = list(dict.fromkeys(texts))
    groups = np.zeros(len(texts), np.int64)
    assert near_duplicates(pl.Series(texts), groups) == brute_force(texts, groups, 0.8, 5)


def test_a_cluster_of_any_size_leaves_its_first_row():
    texts = ["a" * n for n in range(5, 800)]
    found = near_duplicates(pl.Series(texts), np.zeros(len(texts), np.int64))
    assert [item.row for item in found] == list(range(1, len(texts)))
    assert {(item.kept, item.similarity) for item in found} == {(0, 1.0)}


def test_the_rows_of_a_large_cluster_are_not_compared_with_each_other():
    rng = random.Random(2)
    text = " ".join("".join(rng.choices("abcdefghij", k=6)) for _ in range(60))
    copies = [f"{text} {rng.getrandbits(40)}" for _ in range(5_000)]
    started = time.process_time()
    found = near_duplicates(pl.Series(copies), np.zeros(len(copies), np.int64))
    assert time.process_time() - started < 10
    assert [item.row for item in found] == list(range(1, len(copies)))
    assert {item.kept for item in found} == {0}


def test_texts_shorter_than_a_shingle_are_like_nothing():
    texts = ["", "a", "ab", "abc", "abcd", "abcde"]
    assert near_duplicates(pl.Series(texts), np.zeros(6, np.int64)) == []


@pytest.mark.parametrize("k", [2, 5, 32])
def test_the_similarity_is_exact_for_any_characters(k):
    rng = random.Random(k)
    for _ in range(50):
        one, other = (
            "".join(chr(rng.choice([97, 0x4E2D, 0x1F600 + rng.randrange(40)])) for _ in range(60))
            for _ in range(2)
        )
        other = one[:40] + other[40:]
        ones, others = ({t[i : i + k] for i in range(61 - k)} for t in (one, other))
        assert jaccard(one, other, k) == len(ones & others) / len(ones | others)


def test_one_very_long_row_is_compared_like_any_other():
    rng = random.Random(1)
    long = "".join(rng.choices("abcdefghij klmnop", k=1_000_000))
    started = time.monotonic()
    frame = table((WORDS, ""), (long, ""), ("x", ""), (long + " end", ""), (WORDS + ".", ""))
    assert decisions(frame) == [("r3", "near_duplicate", "r1"), ("r4", "near_duplicate", "r0")]
    assert time.monotonic() - started < 60


@pytest.mark.slow
def test_a_row_of_100_megabytes_is_compared_within_a_minute():
    letters = np.random.default_rng(1).integers(97, 123, 100_000_000, np.uint8)
    long = letters.tobytes().decode()
    rows = [(WORDS, ""), (long, ""), ("x", ""), ("something else", ""), (WORDS + ".", "")]
    started = time.process_time()  # which a busy machine leaves alone
    assert decisions(table(*rows)) == [("r4", "near_duplicate", "r0")]
    assert time.process_time() - started < 60


def test_values_of_one_hash_are_told_apart(monkeypatch):
    texts = pl.Series(["b", "a", "b", "c", "a"])
    assert dedup._groups(texts).tolist() == [0, 1, 0, 3, 1]
    monkeypatch.setattr(dedup, "_firsts", lambda hashes: np.zeros(len(hashes), np.int64))
    assert dedup._groups(texts).tolist() == [0, 1, 0, 3, 1]
