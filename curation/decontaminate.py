"""Keeping judges out of the data: no request, call or tool of a benchmark is trained on.

    request    enough of a judge's n-grams of words (`overlap`) stand in the row's user turns;
               a judge's request shorter than an n-gram is all that they say
    calls      the row's calls are the judge's gold calls
    tool       the row calls a tool of the judge's: of its name, or with its parameters

A row that only offers a judge's tool stays; the tool is no longer offered.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
import polars as pl

from callwright.curation.benchmark import Benchmark, Judged, plain_name, signature
from callwright.curation.recipe import DecontaminateSection

SLICE = 20_000
"""Rows whose words are looked at at a time."""

_CJK = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_TOKEN = rf"[{_CJK}]|[\p{{L}}\p{{N}}--[{_CJK}]]+"

HITS = {"id": pl.String, "reason": pl.String, "judge": pl.String, "detail": pl.String}
"""Columns of what is found: the row, `request`, `calls` or `tool`, the judge's row, and what."""


@dataclass
class Contamination:
    """What was found."""

    hits: pl.DataFrame
    """Columns `HITS`; a row of the data at most once, with the first that was found."""
    tools: dict[str, str] = field(default_factory=dict)
    """Tool of the data -> the judge's row that has it."""


def find(
    frame: pl.DataFrame,
    functions: Mapping[str, dict[str, Any]],
    benchmarks: Iterable[Benchmark],
    section: DecontaminateSection,
) -> Contamination:
    """Find the rows that are a judge's.

    Args:
        frame: `features.features`.
        functions: Tool -> `name` and `parameters`, of the tools that rows offer or call.
        benchmarks: What judges ask.
        section: The recipe's.
    """
    judged = [row for benchmark in benchmarks for row in benchmark.rows]
    tools = _tools(functions, judged, section.parameters)
    found = [*_requests(frame, judged, section), *_calls(frame, judged), *_callers(frame, tools)]
    hits = pl.DataFrame(found, schema=HITS, orient="row")
    return Contamination(hits.unique("id", keep="first", maintain_order=True), tools)


# ------------------------------------------------------------------------ tools


def _tools(
    functions: Mapping[str, dict[str, Any]], judged: Sequence[Judged], at_least: int
) -> dict[str, str]:
    names: dict[str, str] = {}
    signatures: dict[tuple[str, ...], str] = {}
    for row in judged:
        for function in row.tools:
            names.setdefault(plain_name(function["name"]), row.name)
            signatures.setdefault(signature(function), row.name)
        for name, _ in row.calls:
            names.setdefault(plain_name(name), row.name)
    found = {}
    for name, function in sorted(functions.items()):
        parameters = signature(function)
        same = signatures.get(parameters) if len(parameters) >= at_least else None
        judge = names.get(plain_name(name)) or same
        if judge:
            found[name] = judge
    return found


def _callers(frame: pl.DataFrame, tools: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    for row, called in frame.select("id", "called").iter_rows():
        for name in called:
            if name in tools:
                yield row, "tool", tools[name], f"calls {name}"
                break


# ------------------------------------------------------------------------ calls


def _calls(frame: pl.DataFrame, judged: Sequence[Judged]) -> Iterator[tuple[str, ...]]:
    gold = {_canonical(row.calls): row.name for row in reversed(judged) if row.calls}
    there = frame.filter(pl.col("calls").is_in(list(gold)))
    for row, calls in there.select("id", "calls").iter_rows():
        yield row, "calls", gold[calls], "makes the same calls"


def _canonical(calls: Iterable[Any]) -> str:
    """As `features` writes calls."""
    text = orjson.dumps(list(calls), option=orjson.OPT_SORT_KEYS).decode()
    return unicodedata.normalize("NFC", text)


# --------------------------------------------------------------------- requests


def _requests(
    frame: pl.DataFrame, judged: Sequence[Judged], section: DecontaminateSection
) -> Iterator[tuple[str, ...]]:
    asked = [row for row in judged if row.request.strip()]
    texts = pl.DataFrame(
        {"row": range(len(asked)), "text": [row.request for row in asked]},
        schema={"row": pl.UInt32, "text": pl.String},
    )
    judges = _Judges(_tokens(texts), section)
    for start in range(0, frame.height, SLICE):
        part = frame[start : start + SLICE].select("id", text="user").with_row_index("row")
        for row, judge, share in judges.asked_in(_tokens(part)).iter_rows():
            yield part["id"][row], "request", asked[judge].name, f"{share:.0%} of its n-grams"


class _Judges:
    """The n-grams of what judges ask, by their n; 0: the whole request."""

    def __init__(self, tokens: pl.DataFrame, section: DecontaminateSection) -> None:
        per_request = tokens.group_by("row").agg(
            count=pl.len(), cjk=pl.col("token").str.contains(f"[{_CJK}]").mean() >= 0.5
        )
        size = pl.when("cjk").then(section.characters).otherwise(section.words)
        sized = per_request.with_columns(n=pl.when(pl.col("count") >= size).then(size).otherwise(0))
        self.overlap = section.overlap
        self.grams: dict[int, pl.DataFrame] = {}
        for n in sized["n"].unique().sort():
            of_size = sized.filter(n=n).select("row")
            grams = _grams(tokens.join(of_size, on="row", how="semi"), n)
            self.grams[n] = grams.with_columns(total=pl.len().over("row"))

    def asked_in(self, tokens: pl.DataFrame) -> pl.DataFrame:
        """Columns `row`, `judge`, `share`: the judge whose request each row has most of."""
        schema = {"row": pl.UInt32, "judge": pl.UInt32, "share": pl.Float64}
        found = [pl.DataFrame(schema=schema)]
        for n, grams in self.grams.items():
            common = _grams(tokens, n).join(grams.rename({"row": "judge"}), on="gram")
            shares = common.group_by("row", "judge").agg(share=pl.len() / pl.col("total").first())
            found.append(shares.filter(pl.col("share") >= self.overlap).cast(schema))  # type: ignore[arg-type]
        best = pl.concat(found).sort("row", "share", "judge", descending=[False, True, False])
        return best.unique("row", keep="first", maintain_order=True)


def _tokens(texts: pl.DataFrame) -> pl.DataFrame:
    """Columns `row`, `token`: words in order, case folded; each Chinese character is one."""
    lowered = pl.col("text").str.normalize("NFKC").str.to_lowercase()
    return texts.select("row", token=lowered.str.extract_all(_TOKEN)).explode("token").drop_nulls()


def _grams(tokens: pl.DataFrame, n: int) -> pl.DataFrame:
    """Columns `row`, `gram`: the different n-grams of each row, as hashes; for n = 0 its whole."""
    if n == 0:
        joined = pl.col("token").str.join(" ")
        return tokens.group_by("row", maintain_order=True).agg(gram=joined.hash())
    words = pl.concat_str([pl.col("token").shift(-k) for k in range(n)], separator=" ")
    whole = pl.col("row").shift(1 - n) == pl.col("row")
    return tokens.select("row", gram=pl.when(whole).then(words.hash())).drop_nulls("gram").unique()


def report(found: Contamination, benchmarks: Iterable[Benchmark]) -> dict[str, Any]:
    """What was found, as plain JSON for `decontamination.json`."""
    return {
        "benchmarks": [
            {"file": item.path.name, "rows": len(item.rows), "unread": item.unread}
            for item in benchmarks
        ],
        "rejected": dict(sorted(Counter(found.hits["reason"]).items())),
        "tools_no_longer_offered": found.tools,
        "hits": found.hits.to_dicts(),
    }
