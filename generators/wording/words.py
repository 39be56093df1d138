"""Number words for the renderer: English to 999,999, Chinese to 99,999,999."""

from __future__ import annotations

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()
_CHINESE = "零一二三四五六七八九"


def english(number: int) -> str:
    """205 -> two hundred and five. `number` in 0 … 999,999."""
    if number >= 1000:
        high, low = divmod(number, 1000)
        if not low:
            return f"{english(high)} thousand"
        return f"{english(high)} thousand {'and ' if low < 100 else ''}{english(low)}"
    if number >= 100:
        hundreds, low = divmod(number, 100)
        return f"{_SMALL[hundreds]} hundred" + (f" and {english(low)}" if low else "")
    if number >= 20:
        tens, ones = divmod(number, 10)
        return _TENS[tens] + (f"-{_SMALL[ones]}" if ones else "")
    return _SMALL[number]


def chinese(number: int) -> str:
    """12 -> 十二, 200 -> 两百, 12000 -> 一万二千. `number` in 0 … 99,999,999.

    2 alone is 两, for it stands before a measure word (两张票).
    """
    if number == 2:
        return "两"
    if number == 0:
        return "零"
    high, low = divmod(number, 10_000)
    if not high:
        return _section(low)
    text = ("两" if high == 2 else _section(high)) + "万"
    if not low:
        return text
    return text + ("零" if low < 1000 else "") + _section(low, leading=False)


def _section(number: int, *, leading: bool = True) -> str:
    """1 … 9999. `leading`: nothing stands before it, so 12 is 十二 and not 一十二."""
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if not digit:
            gap = bool(text)
            continue
        if gap:
            text, gap = text + "零", False
        if digit == 2 and unit >= 100:
            text += "两" + name
        elif digit == 1 and unit == 10 and leading and not text:
            text += name
        else:
            text += _CHINESE[digit] + name
    return text
