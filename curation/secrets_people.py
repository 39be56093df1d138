"""Does a number or address identify somebody? Those that are set aside for examples do not."""

from __future__ import annotations

import re
from dataclasses import dataclass

_EXAMPLE_DOMAIN = re.compile(
    r"(?:^|\.)(?:example\.(?:com|org|net)|example|test|invalid|localhost)$"  # RFC 2606, RFC 6761
)

_FICTION = (
    # North America: 555-0100 to 555-0199 in every area (ATIS-0300115).
    r"1\d{3}55501\d\d",
    # Great Britain (Ofcom, numbers for drama): ten cities, no area, mobile, free, premium, UK-wide.
    r"44(?:1(?:1[3-8]|21|31|41|51|61)4960\d{3}|207946\d{4}|191498\d{4}|289649\d{4}|292018\d{4})",
    r"44(?:1632960\d{3}|7700900\d{3}|8081570\d{3}|9098790\d{3}|3069990\d{3})",
    # Australia (ACMA): 5550 and 7010 in every area, mobile 0491 57x xxx.
    r"61(?:[2378](?:5550|7010)\d{4}|49157\d{4})",
    # Germany (Bundesnetzagentur, Mitteilung 148/2021).
    r"49(?:3023125\d{3}|6990009\d{3}|4066969\d{3}|2214710\d{3}|8999998\d{3})",
    # France (Arcep, décision 2018-0881).
    r"33(?:19900|26191|35301|46571|53649|63998)\d{4}",
    # Sweden (PTS, numbers for books and films): Gothenburg, Malmö, Stockholm, Kiruna, mobile.
    r"46(?:3139006\d\d|4062804\d\d|8465004\d\d|9803192\d\d|701740(?:60[5-9]|6[1-9]\d))",
    # Hungary: 555 in Budapest, in imitation of North America; not given out.
    r"361555\d{4}",
    # Ireland (ComReg): 020 91x xxxx.
    r"3532091\d{5}",
)
_FICTIONAL = re.compile("|".join(_FICTION))
_REGIONS = ("US", "GB", "CN", "DE", "FR", "AU", "SE")
"""Where a number written without its country may belong."""

# Bank codes of no bank, for what has no range set aside: 99…, or XN for Georgia.
_NO_BANK = re.compile(r"[A-Z]{2}\d\d(?:[A-Z]|[A-Z]{4})?99|GE\d\dXN")
_LETTERED = re.compile(r"(?:GB|NL|RO|QA|IE)\d\d[A-Z]{4}")


@dataclass(frozen=True)
class Published:
    """Numbers that are known to be nobody's."""

    numbers: frozenset[str] = frozenset()
    """Test cards and example IBANs that their issuers publish."""
    invents_ibans: bool = False
    """Rows hold what the built-in packs invent and nothing else: where a bank's code is letters,
    theirs are drawn by chance, and no range is set aside that they could be drawn from."""


def is_email(text: str, _published: Published) -> bool:
    """An address that could be somebody's."""
    local, _, domain = text.strip(".").rpartition("@")
    known = re.search(r"\.[^\W\d_]{2,}$", domain)
    return bool(local and known) and not _EXAMPLE_DOMAIN.search(domain.lower())


def is_phone(text: str, _published: Published) -> bool:
    """A number that a network could give out, outside the ranges for fiction."""
    import phonenumbers

    if text[0].isalpha():  # an IBAN
        return False
    valid = False
    for region in (None,) if text.startswith("+") else _REGIONS:
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        if _FICTIONAL.fullmatch(f"{number.country_code}{number.national_number}"):
            return False
        valid = valid or phonenumbers.is_valid_number(number)
    return valid


def is_card(text: str, published: Published) -> bool:
    """A payment card's number by its length, first digits and check digit."""
    from stdnum import luhn

    if text[0].isalpha():  # the digits of an IBAN
        return False
    digits = re.sub(r"\D", "", text)
    network = {"2": (16,), "3": (14, 15, 16), "4": (13, 16, 19), "5": (16,), "6": (16, 19)}
    if len(digits) not in network.get(digits[0], ()) or len(set(digits)) < 3:
        return False
    if digits[0] == "2" and not "2221" <= digits[:4] <= "2720":
        return False
    # Cards whose whole middle is zeros are tests of somebody's, whoever published them.
    is_example = digits in published.numbers or "00000000" in digits
    return luhn.is_valid(digits) and not is_example


def is_iban(text: str, published: Published) -> bool:
    """An account's number by its country's form and check digits, and of a bank that can be."""
    from stdnum import iban

    plain = text.replace(" ", "")
    # The words after it may have been taken for a part of it: 15 letters are the fewest.
    for end in range(len(plain), 14, -1):
        if plain[:end] in published.numbers:
            return False
        if iban.is_valid(plain[:end]):
            made_up = published.invents_ibans and _LETTERED.match(plain)
            return not (_NO_BANK.match(plain) or made_up)
    return False


def is_resident(text: str, _published: Published) -> bool:
    """A Chinese identity number, or an American social security number that may exist."""
    from stdnum.cn import ric
    from stdnum.us import ssn

    return bool(ssn.is_valid(text) if "-" in text else ric.is_valid(text))
