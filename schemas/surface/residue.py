"""What a final answer states besides results: everything in it that looks like a fact."""

from __future__ import annotations

import re
from collections.abc import Iterable

from callwright.schemas.surface import numbers

NO_FACTS = frozenset({"I", "I'm", "I've", "I'll", "I'd", "OK", "Ok", "Okay"})
"""Capitalised words that state nothing wherever they stand. Days and months do state something."""

IDIOMS = (
    "十分(?!钟|之)", "十足", "十全十美", "万一", "万分(?!之)", "千万(?=不|别|要|记|小心)", "百般",
    "成千上万", "千方百计", "一五一十", "万事", "百分百", "千里迢迢", "万无一失", "十有八九",
)  # fmt: skip
"""Chinese expressions with number characters that state no number."""

_HOLE = "\ufffc"  # stands for a character within a span: neither letter, digit nor space

_WORDS_EN = (
    "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty "
    "forty fifty sixty seventy eighty ninety hundred thousand million billion dozen noon midday "
    "midnight"
).split()
_NUMBER_WORDS = "|".join(_WORDS_EN)
_COUNT_WORDS = "one|two|three|four|five|six|seven|eight|nine|ten|a|and|half|quarter"
_ENGLISH = re.compile(
    rf"(?<![A-Za-z])(?:(?:(?:{_COUNT_WORDS})[ -])*(?:{_NUMBER_WORDS})s?"
    rf"(?:[ -](?:{_COUNT_WORDS}|{_NUMBER_WORDS}))*"
    rf"|(?:half|quarter|five|ten|twenty) (?:past|to) (?:{_COUNT_WORDS}))(?![A-Za-z])",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    "百分之[零一二两三四五六七八九十百点]+"
    "|[零一二两三四五六七八九十]+(?:点(?:半|钟|整|[一二三四五六七八九十]+)|月(?=[一二三四五六七八九十])"
    "|月份|[日号](?!称|召))"
    "|(?:星期|礼拜|周)[一二三四五六日天]|[零〇一二两三四五六七八九十百千万亿]+"
)
_IDIOM = re.compile("|".join(IDIOMS))
_QUOTED = re.compile(
    r"\"[^\"\n]+\"|“[^”\n]+”|‘[^’\n]+’|「[^」\n]+」|『[^』\n]+』|《[^》\n]+》|`[^`\n]+`"
    r"|(?<![\w\ufffc])'[^'\n]+'(?![\w\ufffc])"
)
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|https?://\S+")
_QUOTES = re.compile("[\"'“‘「『《`]")
_DIGIT = re.compile(r"\d")
_WORD = re.compile("[a-z]+")
# Each match of _ENGLISH holds one of these.
_NUMBERS_EN = frozenset({*_WORDS_EN, *(f"{word}s" for word in _WORDS_EN), "past", "to"})
# Any run with a digit, whatever letters and inner marks belong to it: 18:30, A320, 1,200.5, -3
_DIGITS = re.compile(r"[A-Za-z]*-?\d(?:[A-Za-z\d_:,./-]*[A-Za-z\d_])?%?")
_LETTER = r"[A-Za-z\d_\u00c0-\u024f]"  # \w would take the Chinese that follows
_LATIN = re.compile(rf"[A-Z\u00c0-\u00d6\u00d8-\u00de]{_LETTER}*(?:['’-]{_LETTER}+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?。！？…\n])[\s\"'“‘(\[*_#>•-]*$")


def residue(text: str, language: str, spans: Iterable[tuple[int, int]]) -> list[str]:
    """What in `text` outside `spans` looks like a fact, in reading order.

    Args:
        text: an answer.
        language: `en` or `zh`; in Chinese text a capitalised Latin word is a name even at a
            sentence's start.
        spans: [start, end) of what is known to state results, in code points.

    Returns:
        Each fragment: digit runs and codes, number words (English above ten, Chinese from 十 on,
        idioms left out) and clock words, capitalised Latin words that do not start a sentence,
        e-mail and web addresses, quoted strings.
    """
    rest = list(text)
    for start, end in spans:
        first, last = max(start, 0), min(end, len(rest))
        rest[first:last] = _HOLE * max(last - first, 0)
    body = "".join(rest)
    found: list[tuple[int, str]] = []

    def take(at: int, fragment: str) -> None:
        """Note the fragment and blank it, so that it counts once."""
        nonlocal body
        found.append((at, fragment))
        body = body[:at] + _HOLE * len(fragment) + body[at + len(fragment) :]

    # Each pattern is preceded by a look for a character or word without which it cannot match:
    # most answers have neither quotes nor addresses nor number words.
    quotes = _QUOTES.search(body) is not None
    mail = "@" in body or "://" in body
    for pattern in (*[_MAIL] * mail, *[_QUOTED] * quotes):
        for match in list(pattern.finditer(body)):
            if any(c.isalnum() for c in match[0]) and body[match.start()] != _HOLE:
                take(match.start(), match[0])
    for match in list(_LATIN.finditer(body)):
        if _is_name(match[0], body[: match.start()], language):
            take(match.start(), match[0])
    if _DIGIT.search(body):
        for match in list(_DIGITS.finditer(body)):
            take(match.start(), match[0])
    if not _NUMBERS_EN.isdisjoint(_WORD.findall(body.casefold())):
        for match in list(_ENGLISH.finditer(body)):
            take(match.start(), match[0])
    if not body.isascii():
        for match in list(_CHINESE.finditer(_blank(_IDIOM, body))):
            if _states_number(match[0]):
                take(match.start(), match[0])
    return [fragment for _, fragment in sorted(found)]


def _is_name(word: str, before: str, language: str) -> bool:
    if word.replace("’", "'") in NO_FACTS:
        return False
    # A code says something even where a sentence starts: IATA, A320, IPv6
    if any(c.isupper() or c.isdigit() for c in word[1:]):
        return True
    return language == "zh" or not _SENTENCE_START.search(before[-40:])


def _blank(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: _HOLE * len(match[0]), text)


def _states_number(run: str) -> bool:
    """A clock, date or weekday always; a number from ten on."""
    if run.strip("零〇一二两三四五六七八九十百千万亿"):
        return True
    values = [v for v in numbers.parse_words(run, "zh") if isinstance(v, int)]
    if values:
        return values[0] >= 10
    return len(run) > 1 or run in "百千万亿"
