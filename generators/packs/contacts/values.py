"""What people say: numbers, names and addresses that the tools know, and some written wrongly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from random import Random
from typing import Any

from stdnum import isbn

from callwright.generators.pack import World
from callwright.generators.packs.contacts.base import pack
from callwright.generators.packs.contacts.tables import (
    books,
    companies,
    contacts,
    phone_areas,
    vat_numbers,
)
from callwright.schemas.toolbox import Json

CARDS = (
    "4111111111111111 4012888888881881 4222222222222 4242424242424242 4000056655665556 "
    "4000002500003155 4000002760003184 4000003720000278 4000008260000000 4000003800000446 "
    "4000000000000077 4000000000000002 4000000000009995 4000000000000069 4000000000000127 "
    "4000000000000119 4000002760000016 4000000360000006 4484070000000000 4917610000000000 "
    "4263982640269299 4917484589897107 4001919257537193 4007702835532454 4462030000000000 "
    "5555555555554444 5105105105105100 2223003122003222 5200828282828210 5454545454545454 "
    "2222405343248877 5555552500001001 2223520043560014 5425233430109903 378282246310005 "
    "371449635398431 378734493671000 374245455400126 6011111111111117 6011000990139424 "
    "6011981111111113 6555900000604105 3056930009020004 36227206271667 30569309025904 "
    "38520000023237 3566002020360505 3530111333300000 3566000020000410 6200000000000005 "
    "6250941006528599 6205500000000000004 6759649826438453 6771798021000008 6304000000000000"
).split()
"""Numbers that card networks and payment services publish for tests; no such cards exist."""

EXAMPLE_IBANS = (
    "GB82WEST12345698765432 DE89370400440532013000 FR1420041010050500013M02606 "
    "ES9121000418450200051332 NO9386011117947 CH9300762011623852957 NL91ABNA0417164300 "
    "IT60X0542811101000000123456 SE4550000000058398257466 PL61109010140000071219812874 "
    "PT50000201231234567890154 AT611904300234573201 FI2112345600000785 DK5000400440116243 "
    "IE29AIBK93115212345678 LU280019400644750000 GR1601101250000000012300695 "
    "CZ6508000000192000145399 HU42117730161111101800000000 TR330006100519786457841326 "
    "SA0380000000608010167519 AE070331234567890123456 IL620108000000099999999 "
    "BR1800360305000010009795493C1 "
    "GE29NB0000000101904917 IS140159260076545510730339 EE382200221020145685 "
    "LV80BANK0000435195001 LT121000011101001000 HR1210010051863000160 SI56263300012039086 "
    "SK3112000000198742637541 RO49AAAA1B31007593840000 BG80BNBG96611020345678 "
    "CY17002001280000001200527600 RS35260005601001611379"
).split()
"""The examples of the IBAN registry."""

# Shape of the part after the check digits: @ for a letter, # for a digit. No bank has these codes.
_BBANS = {
    "GB": "@@@@99############", "DE": "99################", "NL": "@@@@##########",
    "AT": "99##############", "CH": "99###############", "DK": "99############",
    "SE": "99##################", "IE": "@@@@99############", "PT": "99###################",
    "PL": "99######################", "CZ": "99##################", "LU": "99##############",
    "TR": "99###0################", "AE": "99#################", "RO": "@@@@################",
    "GE": "XN################", "IS": "99####################", "FI": "99############",
    "SA": "99##################", "QA": "@@@@#####################",
}  # fmt: skip

_GIVEN = (
    "Amelia Oliver Hannah Thomas Grace Callum Annika Jonas Greta Florian Margaux Julien Astrid "
    "Henrik Ingrid Chiara Matteo Marina Sergio Mafalda Tiago Femke Sander Haruka Kenji Ananya "
    "Rohan Layla Omar Elif Ploy Jiwoo Naomi Marcus Leah Stuart Signe Nils Odile Davide"
).split()
_FAMILY = (
    "Ashworth Caldwell Marsden Thorne Lockhart Brandt Kessler Seidel Fontaine Garnier Lindqvist "
    "Dahl Nygaard Moretti Lombardi Navarro Vidal Almeida Mulder Brouwer Aoki Matsuda Nair Iyer "
    "Haddad Mansour Aksoy Winslow Ellery Hollis Kirkwood Sandvik Perrin Okada Varma Teixeira"
).split()
CALLERS = (
    "US CA GB IE FR DE ES PT IT NL BE CH AT SE NO DK FI PL CZ HU GR TR IL AE SA EG ZA KE NG MA IN "
    "PK BD TH VN SG MY ID PH JP KR CN AU NZ MX AR CL PE IS RO BG HR UA LT LV EE"
).split()
_UNFAMILIAR = [
    c for c in CALLERS if c not in "US CA GB IE AU NZ ZA NG SG PH CN JP KR FR DE ES IT PT".split()
]
"""Countries whose language somebody may have to ask for."""
LANGUAGES = (
    "en es fr de it pt ru zh ja nl sv pl no da fi hu el ar hi ko tr cs uk ro bg hr sr sk sl lt lv "
    "et is ga he fa ur bn ta th vi id ms sw ka hy sq mk"
).split()


def _pick(
    kind: str, values: Callable[[], Sequence[Any]], *, said: bool = True, same: str = ""
) -> None:
    """A kind whose values stand in a list; `same`: a kind whose value in this row will do."""

    def sample(_world: World, rng: Random, context: Mapping[str, Json]) -> Json:
        found = values()
        if same in context and rng.random() < 0.5 and context[same] in found:
            return context[same]
        return rng.choice(found)

    pack.kind(kind, said=said)(sample)


@cache
def _column(name: str) -> tuple[Any, ...]:
    if name in ("person", "phone", "email"):
        return tuple(getattr(contact, name) for contact in contacts())
    if name in ("title", "isbn13", "published_on"):
        return tuple(getattr(book, name) for book in books().values())
    found = dict.fromkeys(getattr(company, name) for company in companies().values())
    return tuple(value for value in found if value)


_pick("company.name", lambda: _column("name"))
_pick("company.id", lambda: _column("id"), said=False)
_pick("company.traced", lambda: _column("id"), said=False)
_pick("company.called", lambda: _column("id"), said=False)
_pick("company.publisher", lambda: _column("id"), said=False)
_pick("phone.desk", lambda: _column("phone"), said=False)
_pick("date.founding", lambda: _column("founded_on"), said=False)
_pick("date.registration", lambda: _column("registered_on") + _column("founded_on"), said=False)
_pick("date.publication", lambda: _column("published_on"), said=False)
_pick("person.staff", lambda: _column("person"))
_pick("phone.caller", lambda: _column("phone"))
_pick("email.sender", lambda: _column("email"))
_pick("book.title", lambda: _column("title"))
_pick("isbn.isbn13", lambda: _column("isbn13"))
_pick("isbn.catalogued", lambda: _column("isbn13"), said=False)
_pick("isbn.converted", lambda: _column("isbn13"), said=False)
_pick("vat.number", vat_numbers)
_pick("language.code", lambda: [code for code in LANGUAGES if code not in ("en", "zh")])
_pick("language.spoken", lambda: LANGUAGES, said=False)
for place in ("country.phone", "country.bank", "country.vat", "country.office"):
    _pick(place, lambda: CALLERS, said=False)
_pick("country.caller", lambda: CALLERS, same="country.code")
_pick("country.spoken", lambda: _UNFAMILIAR)


@pack.kind("person.name")
def _person(_world: World, rng: Random, _context: Mapping[str, Json]) -> str:
    return f"{rng.choice(_GIVEN)} {rng.choice(_FAMILY)}"


@pack.kind("phone.e164")
def _phone(_world: World, rng: Random, _context: Mapping[str, Json]) -> str:
    shape = rng.choice(phone_areas())[2]
    return _filled(shape, rng)


def _filled(shape: str, rng: Random) -> str:
    digits = iter(f"{rng.randrange(10**24):024}")
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    return "".join(
        next(digits) if c == "#" else rng.choice(letters) if c == "@" else c for c in shape
    )


@pack.kind("email.address")
def _email(_world: World, rng: Random, _context: Mapping[str, Json]) -> str:
    given, family = rng.choice(_GIVEN).lower(), rng.choice(_FAMILY).lower()
    local = rng.choice((f"{given}.{family}", f"{given[0]}.{family}", f"{given}_{family}", given))
    if rng.random() < 0.2:
        local += str(rng.randrange(2, 99))
    return f"{local}@example.{rng.choice(('com', 'org', 'net'))}"


@pack.kind("email.unchecked")
def _unchecked_email(world: World, rng: Random, context: Mapping[str, Json]) -> str:
    address: str = str(_email(world, rng, context))
    local, _, domain = address.partition("@")
    if rng.random() < 0.5:
        return address
    wrong = [
        f"{local}{domain}",
        f"{local}@{domain.replace('.', '..')}",
        f"{local}.@{domain}",
        f"{local}@{domain.partition('.')[0]}",
        f"{local}@@{domain}",
        f"{local}@{domain.replace('.', ',')}",
        f"{local}#{domain}",
    ]
    return rng.choice(wrong)


@pack.kind("iban")
def _iban(_world: World, rng: Random, _context: Mapping[str, Json]) -> str:
    if rng.random() < 0.25:
        return rng.choice(EXAMPLE_IBANS)
    country, shape = rng.choice(list(_BBANS.items()))
    bban = _filled(shape, rng)
    number = int("".join(str(int(c, 36)) for c in f"{bban}{country}00"))
    return f"{country}{98 - number % 97:02}{bban}"


@pack.kind("iban.unchecked")
def _unchecked_iban(world: World, rng: Random, context: Mapping[str, Json]) -> str:
    return _mistyped(_iban(world, rng, context), rng, first=4)


@pack.kind("isbn.unchecked")
def _unchecked_isbn(world: World, rng: Random, context: Mapping[str, Json]) -> str:
    number = rng.choice(_column("isbn13")) if rng.random() < 0.7 else _isbn10(world, rng, context)
    return _mistyped(str(number), rng, first=3)


def _mistyped(number: str, rng: Random, first: int) -> str:
    """Half of the time right, else with two digits swapped, one changed or one left out."""
    chance = rng.random()
    if chance < 0.5:
        return number
    at = rng.randrange(first, len(number) - 2)
    here, there = number[at], number[at + 1]
    if chance < 0.7 and here != there:
        return number[:at] + there + here + number[at + 2 :]
    if chance < 0.85:
        return number[:at] + number[at + 1 :]
    digit = str((int(here, 36) + rng.randrange(1, 9)) % 10)
    return number[:at] + digit + number[at + 1 :]


@pack.kind("isbn.isbn10")
def _isbn10(_world: World, rng: Random, _context: Mapping[str, Json]) -> Json:
    return rng.choice(_tens())


@lru_cache(maxsize=1)
def _shelf() -> tuple[str, ...]:
    """Any language, but mostly those that the catalogue has books in."""
    stocked = sorted({book.language for book in books().values()})
    return (*stocked, *stocked, *stocked, *LANGUAGES)


_pick("language.shelf", _shelf)


@lru_cache(maxsize=1)
def _tens() -> tuple[Any, ...]:
    return tuple(isbn.to_isbn10(number) for number in _column("isbn13"))


_pick("isbn.ten", _tens, said=False)


@pack.kind("card.number")
def _card(_world: World, rng: Random, _context: Mapping[str, Json]) -> str:
    number = rng.choice(CARDS)
    if rng.random() < 0.6:
        return number
    at = rng.randrange(6, len(number) - 1)
    return number[:at] + str((int(number[at]) + rng.randrange(1, 9)) % 10) + number[at + 1 :]
