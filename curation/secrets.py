"""What must not leave: keys and tokens, and what identifies people, in all text of a dataset.

A pattern finds candidates fast, a check of what they are (reserved? right check digits?) decides.
Numbers and addresses that are set aside for examples identify nobody and pass: RFC 2606 domains,
telephone ranges that regulators keep for fiction, what `Published` lists.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from callwright.curation.secrets_people import (
    Published,
    is_card,
    is_email,
    is_iban,
    is_phone,
    is_resident,
)

Check = Callable[[str, Published], bool]
"""Whether a candidate is one; what is set aside for examples is none."""


@dataclass(frozen=True)
class Rule:
    """One thing to look for."""

    name: str
    pattern: str
    """In Rust's syntax, which knows no look-around; the check looks closer. `\\b` is ASCII's."""
    check: Check = lambda _text, _published: True
    is_secret: bool = True
    """What is found is a secret, and never shown whole; else it is about a person."""


@dataclass(frozen=True)
class Finding:
    """One thing that must not leave."""

    rule: str
    row: str
    where: str
    """Column of the row."""
    text: str
    """What was found; of a secret the first letters."""

    def __str__(self) -> str:
        return f"row {self.row}, {self.where}: {self.rule}: {self.text}"


def _random(text: str, _published: Published) -> bool:
    """Told from a word or a placeholder by how evenly its characters occur."""
    value = re.split(r"[\s\"'=:]+", text)[-1]
    if not (re.search(r"\d", value) and re.search(r"[A-Za-z]", value)):
        return False
    counts = Counter(value).values()
    entropy = -sum(n / len(value) * math.log2(n / len(value)) for n in counts)
    return entropy >= 3.5  # bits a character: 20 random ones of base 64 have over 4


def _password(text: str, _published: Published) -> bool:
    return not re.search(r":(?:pass(?:word|wd)?|secret|token|x+|\*+|<[^>]*>|\{[^}]*\})@", text)


_TOKENS = (
    r"hf_[A-Za-z0-9]{30,}",  # Hugging Face
    r"sk-(?:ant-|proj-|or-)?[A-Za-z0-9_-]{20,}",  # OpenAI, Anthropic, OpenRouter
    r"gh[pousr]_[A-Za-z0-9]{36,}",
    r"github_pat_[A-Za-z0-9_]{22,}",
    r"glpat-[A-Za-z0-9_-]{20,}",
    r"(?:AKIA|ASIA)[0-9A-Z]{16}",  # Amazon
    r"AIza[0-9A-Za-z_-]{35}",  # Google
    r"ya29\.[0-9A-Za-z_-]{20,}",
    r"xox[abeprs]-[0-9A-Za-z-]{10,}",  # Slack
    r"[rs]k_live_[0-9A-Za-z]{16,}",  # Stripe
    r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",  # SendGrid
    r"npm_[A-Za-z0-9]{36}",
    r"pypi-AgEI[A-Za-z0-9_-]{20,}",
    r"eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}",  # a JSON web token
)

# Chinese runs on without a space, so its letters are no part of an address.
_LETTERS = r"A-Za-z0-9\x{c0}-\x{24f}"
_IBAN = r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}\b"

RULES = (
    Rule("private key", r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"),
    Rule("token", rf"\b(?:{'|'.join(_TOKENS)})"),
    Rule(
        "key or password",
        r"(?i)\b(?:[a-z]+[_-])?(?:api[_-]?key|secret|token|passw(?:or)?d)[\"']*\s*[:=]\s*[\"']*"
        r"[A-Za-z0-9/+_-]{20,}",
        _random,
    ),
    Rule("password in a URL", r"[a-z][a-z0-9+]+://[^\s/:@\"']+:[^\s/:@\"']+@[^\s/\"']+", _password),
    Rule(
        "e-mail address",
        rf"[{_LETTERS}_.+%-]+@[{_LETTERS}-]+(?:\.[{_LETTERS}-]+)+",
        is_email,
        is_secret=False,
    ),
    Rule(
        "telephone number",
        rf"{_IBAN}"  # taken whole, so that no part of one looks like a number
        r"|\+[0-9](?:(?:[ .-]| ?\(|\) ?)?[0-9]){7,14}"  # international
        r"|\(?\b[2-9][0-9]{2}\)?[ .-][2-9][0-9]{2}[ .-][0-9]{4}\b"  # North America
        r"|\b0(?:[0-9]{2} [0-9]{4} |[0-9]{3} [0-9]{3} ?|[0-9]{4} [0-9]{2} ?)[0-9]{4}\b"  # Europe
        r"|\b1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}\b",  # China, mobile
        is_phone,
        is_secret=False,
    ),
    Rule(
        "card number",
        rf"{_IBAN}|\b[2-6][0-9]{{3}}(?:[ -]?[0-9]{{2,6}}){{2,5}}\b",
        is_card,
        is_secret=False,
    ),
    Rule("IBAN", _IBAN, is_iban, is_secret=False),
    Rule(
        "national identity number",
        r"\b[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9X]\b|\b[0-8][0-9]{2}-[0-9]{2}-[0-9]{4}\b",
        is_resident,
        is_secret=False,
    ),
)

# JSON text within JSON text has its escapes escaped: what stood apart must not grow together,
# and an @ is an @ however it is written.
_ESCAPES = ((r"\\+u0040", "@"), (r"\\+(?:[bfnrt]|u[0-9a-fA-F]{4})", " "), (r"\\+([\"/])", "$1"))
_SHOWN = 6  # letters of a secret: enough to find it, of no use to anybody


def scan(
    frame: pl.DataFrame, columns: Iterable[str], published: Published, seen: dict[str, set[str]]
) -> Iterator[Finding]:
    """Look through the text of rows.

    Args:
        frame: Rows with a column `id`.
        columns: Those to look through; they hold text, plain or JSON.
        published: What is set aside for examples beyond what everybody knows.
        seen: Rule -> texts that were found to be harmless before; it grows.
    """
    texts = _suspicious(frame, columns)
    for rule in RULES:
        harmless = seen.setdefault(rule.name, set())
        found = texts.select("id", "where", found=pl.col("text").str.extract_all(_ascii(rule)))
        told: set[tuple[str, str]] = set()
        for row, where, candidates in found.filter(pl.col("found").list.len() > 0).iter_rows():
            for text in candidates:
                if text in harmless or (row, text) in told:  # often a row has it more than once
                    continue
                if rule.check(text, published):
                    told.add((row, text))
                    shown = f"{text[:_SHOWN]}…" if rule.is_secret else text
                    yield Finding(rule.name, row, where, shown)
                else:
                    harmless.add(text)


def _suspicious(frame: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """Texts in which any rule finds a candidate, without escapes: `id`, `where` and `text`.

    One pass for all rules together: most text has nothing that any of them looks for.
    """
    texts = pl.concat(
        [frame.select("id", where=pl.lit(name), text=pl.col(name)) for name in columns]
    )
    plain = pl.col("text")
    for escape, meant in _ESCAPES:
        plain = plain.str.replace_all(escape, meant)
    texts = texts.drop_nulls("text").unique("text", maintain_order=True).with_columns(text=plain)
    return texts.filter(pl.col("text").str.contains(_ANY))


def _ascii(rule: Rule) -> str:
    # Between a Chinese letter and a digit Unicode sees no edge of a word; ASCII does.
    return rule.pattern.replace(r"\b", r"(?-u:\b)")


_ANY = "|".join(f"(?:{_ascii(rule)})" for rule in RULES)
