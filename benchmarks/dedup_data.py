"""Rows with planted duplicates for `dedup.py`, as the columns that `duplicates` reads.

Of every hundred rows ten are exact copies, ten near copies (equal calls, words of the request
changed, added or cut to a similarity from 0.8 to below 1, checked), fifteen template-alike but
different, ten long rows that differ from others in one argument value alone, the rest on their
own, half of them without calls. Words follow Zipf's law; each row also names values of its own.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import numpy as np
import orjson
import polars as pl

VOCABULARY = 50_000
FAMILY = 10
"""Long rows that differ from each other in one value alone."""


@dataclass
class Planted:
    frame: pl.DataFrame
    """Columns id, text, calls, results, skeleton and kind."""
    copied: dict[str, str] = field(default_factory=dict)
    """Id of a copy, exact or near -> id of what it copies."""


def similarity(one: str, other: str) -> float:
    """Jaccard similarity of 5-character shingles, written down once more and plainly."""
    ones = {one[i : i + 5] for i in range(len(one) - 4)}
    others = {other[i : i + 5] for i in range(len(other) - 4)}
    return len(ones & others) / len(ones | others)


class Plant:
    """Makes rows, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.numpy = np.random.default_rng(seed)
        letters = "etaoinshrdlucmfwypvbgkqjxz"
        weights = [26 - place for place in range(26)]
        self.words = [
            "".join(self.random.choices(letters, weights, k=self.random.randint(2, 9)))
            for _ in range(VOCABULARY)
        ]
        zipf = 1 / np.arange(1, VOCABULARY + 1)
        self.cumulated = np.cumsum(zipf / zipf.sum())
        self.templates = [[self.prose(5) for _ in range(5)] for _ in range(200)]

    def rows(self, count: int) -> Planted:
        kinds = ["exact", "near", "template", "one_value", "own", "own_calls"]
        wanted = self.random.choices(kinds, [10, 10, 15, 10, 27, 28], k=count)
        table: dict[str, list[str]] = {name: [] for name in ("id", "text", "calls", "kind")}
        copied: dict[str, str] = {}
        own: list[int] = []
        family: tuple[str, str] = "", ""
        members = FAMILY
        for number, kind in enumerate(wanted):
            if kind in ("exact", "near") and own:
                # Each row is copied once at most, so that what a copy must name is clear.
                source = own.pop(self.random.randrange(len(own)))
                copied[f"r{number}"] = f"r{source}"
                request, calls = table["text"][source], table["calls"][source]
                text = request if kind == "exact" else self.near(request)
            elif kind == "template":
                text, calls = self.template()
            elif kind == "one_value":
                if members == FAMILY:
                    family, members = (self.prose(200), self.prose(200)), 0
                members += 1
                value = f"{self.random.getrandbits(40)}-{number}"
                text, calls = self.row(f"{family[0]} {value} {family[1]}", {"order": value})
            else:
                # What needs no call is said shortly.
                calling = kind == "own_calls"
                words = int(self.numpy.lognormal(4.9 if calling else 3.6, 0.6)) + 8
                request = f"{self.values()} {self.prose(words)} {self.values()}"
                arguments = {"name": self.name(), "amount": number} if calling else None
                text, calls = self.row(request, arguments)
                own.append(number)
            for name, value in (("id", f"r{number}"), ("text", text), ("kind", kind)):
                table[name].append(value)
            table["calls"].append(calls)
        frame = pl.DataFrame(table).with_columns(results=pl.lit(""), skeleton=pl.lit(""))
        return Planted(frame, copied)

    def row(self, request: str, arguments: dict[str, object] | None) -> tuple[str, str]:
        if arguments is None:
            return f"user: {request}", ""
        sent = orjson.dumps(arguments, option=orjson.OPT_SORT_KEYS).decode()
        return f"user: {request}\ncall: find_order {sent}", f'[["find_order",{sent}]]'

    def template(self) -> tuple[str, str]:
        """One of few wordings with four values; with calls or without."""
        parts = self.random.choice(self.templates)
        values = [f"{self.values()} {self.prose(2)}" for _ in range(4)]
        request = " ".join(text for pair in zip(parts, [*values, ""]) for text in pair)  # noqa: B905
        return self.row(request, {"values": values} if self.random.random() < 0.5 else None)

    def near(self, text: str) -> str:
        """A near copy: words of the request replaced, dropped, doubled, or its end moved."""
        request, calls, call = text.partition("\ncall: ")
        words = request.split(" ")
        changes = self.random.randint(1, max(1, len(words) // 25))
        while True:
            changed = list(words)
            for _ in range(changes):
                at = self.random.randrange(1, len(changed))
                changed[at : at + 1] = self.random.choice(
                    [[self.prose(1)], [], [changed[at], self.prose(1)]]
                )
            if self.random.random() < 0.2:  # of another length
                changed += [self.prose(1) for _ in range(len(words) // 12)]
            near = " ".join(changed) + calls + call
            if near != text and similarity(text, near) >= 0.8:
                return near
            changes = max(1, changes // 2)

    def prose(self, count: int) -> str:
        places = np.searchsorted(self.cumulated, self.numpy.random(count))
        return " ".join([self.words[place] for place in np.minimum(places, VOCABULARY - 1)])

    def name(self) -> str:
        return f"{self.random.choice(self.words)} {self.random.choice(self.words)}".title()

    def values(self) -> str:
        return f"{self.name()} {self.random.getrandbits(32)}"
