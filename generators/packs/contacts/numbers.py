"""What numbers and addresses mean: phone, IBAN, VAT, e-mail, card."""

from __future__ import annotations

import re
from typing import Annotated, Literal

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import timezone as phone_zones
from stdnum import iban as iban_rules
from stdnum import luhn, numdb
from stdnum.eu import vat as vat_rules
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError
from typing_extensions import TypedDict

from callwright.generators.pack import Kind
from callwright.generators.packs.contacts.base import pack
from callwright.generators.packs.contacts.tables import country_name, phone_areas
from callwright.schemas.errors import ToolError

Country = Annotated[str, Kind("country.code")]
CountryName = Annotated[str, Kind("country.name")]
Verdict = Annotated[bool, Kind("check.valid")]

# Members of the Single Euro Payments Area, European Payments Council list of 2025.
SEPA = frozenset(
    "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT "
    "NL NO PL PT RO RS SE SI SK SM VA".split()
)

# ------------------------------------------------------------------- phone

LineType = Literal["landline", "mobile", "landline or mobile", "toll-free", "other"]
_LINES: dict[int, LineType] = {
    phonenumbers.PhoneNumberType.FIXED_LINE: "landline",
    phonenumbers.PhoneNumberType.MOBILE: "mobile",
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE: "landline or mobile",
    phonenumbers.PhoneNumberType.TOLL_FREE: "toll-free",
}


class PhoneLocation(TypedDict):
    phone: Annotated[str, Kind("phone.e164")]
    city: Annotated[str | None, Kind("city.label")]
    country_code: Annotated[str, Kind("country.phone")]
    country_name: CountryName
    timezone: Annotated[str | None, Kind("timezone.phone")]
    line_type: Annotated[LineType, Kind("phone.line")]


class Dialling(TypedDict):
    phone: Annotated[str, Kind("phone.e164")]
    dialled_from: Annotated[str, Kind("country.caller")]
    dialled_from_name: CountryName
    dial: str
    phone_country_code: Country
    phone_country_name: CountryName
    domestic: bool


def _number(phone: str) -> phonenumbers.PhoneNumber:
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        raise ToolError("invalid_arguments", f"{phone!r} is not a number in E.164 form.") from None
    if not phonenumbers.is_valid_number(number):
        raise ToolError("not_found", f"No numbering plan has a number {phone!r}.")
    return number


@pack.tool
def phone_location(phone: Annotated[str, Kind("phone.e164")]) -> PhoneLocation:
    """Where a phone number belongs: its country and its time zone.

    For landlines of some large cities also the city, found by the area code.

    Args:
        phone: Phone number in E.164 form: a plus sign, country calling code, digits only.
    """
    number = _number(phone)
    country = phonenumbers.region_code_for_number(number) or ""
    zones = phone_zones.time_zones_for_number(number)
    areas = [(prefix, city) for city, prefix, _ in phone_areas() if phone.startswith(prefix)]
    return {
        "phone": phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        "city": (max(areas)[1] if areas else None) or None,
        "country_code": country,
        "country_name": country_name(country),
        "timezone": zones[0] if len(zones) == 1 and zones[0] != "Etc/Unknown" else None,
        "line_type": _LINES.get(phonenumbers.number_type(number), "other"),
    }


@pack.tool
def dialling_instructions(
    phone: Annotated[str, Kind("phone.e164")],
    country: Annotated[str, Kind("country.caller")],
) -> Dialling:
    """What to dial to reach a phone number when calling from a given country.

    Exit code, country calling code and number, or the national form for a call within the country.

    Args:
        phone: Phone number in E.164 form: a plus sign, country calling code, digits only.
        country: ISO 3166 alpha-2 code of the country the call is made from.
    """
    number = _number(phone)
    if country not in phonenumbers.SUPPORTED_REGIONS:
        raise ToolError("not_found", f"No numbering plan for country {country!r}.")
    dial = phonenumbers.format_out_of_country_calling_number(number, country)
    home = phonenumbers.region_code_for_number(number) or ""
    return {
        "phone": phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        "dialled_from": country,
        "dialled_from_name": country_name(country),
        "dial": dial.replace("~", "-"),
        "phone_country_code": home,
        "phone_country_name": country_name(home),
        "domestic": home == country,
    }


# ---------------------------------------------------------- bank, tax, mail


class IbanDetails(TypedDict):
    iban: Annotated[str, Kind("iban")]
    printed: str
    country_code: Annotated[str, Kind("country.bank")]
    country_name: CountryName
    check_digits: str
    sepa: Annotated[bool, Kind("bank.sepa")]


class IbanCheck(TypedDict):
    iban: Annotated[str, Kind("iban.unchecked")]
    valid: Verdict
    problem: Annotated[
        Literal["wrong check digits", "wrong length", "wrong format"] | None, Kind("check.problem")
    ]
    length: int


class VatDetails(TypedDict):
    vat_number: Annotated[str, Kind("vat.number")]
    country_code: Annotated[str, Kind("country.vat")]
    country_name: CountryName
    national_number: str


MailProblem = Literal[
    "no at sign", "dots in the wrong place", "an incomplete domain", "a stray character"
]


class EmailCheck(TypedDict):
    email: Annotated[str, Kind("email.unchecked")]
    valid: Verdict
    problem: Annotated[MailProblem | None, Kind("email.problem")]
    domain: str | None


class CardNetwork(TypedDict):
    card_number: Annotated[str, Kind("card.number")]
    network: str | None
    valid: Verdict
    digits: int


@pack.tool
def iban_details(iban: Annotated[str, Kind("iban")]) -> IbanDetails:
    """What an IBAN tells: the country of the account and whether that country takes part in SEPA.

    Also gives the IBAN in printed groups of four. Refuses IBANs that are not valid.

    Args:
        iban: The IBAN without spaces.
    """
    try:
        compact = iban_rules.validate(iban)
    except ValidationError:
        raise ToolError("invalid_arguments", f"{iban!r} is not a valid IBAN.") from None
    return {
        "iban": compact,
        "printed": iban_rules.format(compact),
        "country_code": compact[:2],
        "country_name": country_name(compact[:2]),
        "check_digits": compact[2:4],
        "sepa": compact[:2] in SEPA,
    }


@pack.tool
def check_iban(
    iban: Annotated[str, Kind("iban.unchecked")],
) -> IbanCheck:
    """Check whether an IBAN is written correctly.

    Checks length and format for its country, and the two check digits. Does not say whether the
    account exists.

    Args:
        iban: The IBAN without spaces.
    """
    problem: Literal["wrong check digits", "wrong length", "wrong format"] | None = None
    try:
        iban_rules.validate(iban)
    except InvalidChecksum:
        # stdnum looks at the check digits first, and a missing character upsets them too.
        problem = "wrong length" if _length_is_wrong(iban) else "wrong check digits"
    except InvalidLength:
        problem = "wrong length"
    except ValidationError:
        problem = "wrong length" if _length_is_wrong(iban) else "wrong format"
    return {"iban": iban, "valid": problem is None, "problem": problem, "length": len(iban)}


def _length_is_wrong(iban: str) -> bool:
    """Is the length another than that of the country's IBANs?"""
    facts = numdb.get("iban").info(iban[:2])[0][1]
    parts = re.findall(r"(\d+)!", facts.get("bban", ""))
    return bool(parts) and len(iban) != 4 + sum(map(int, parts))


@pack.tool
def vat_number_details(vat_number: Annotated[str, Kind("vat.number")]) -> VatDetails:
    """Which member state of the European Union a VAT number was issued in.

    Also gives the number by which it is known there. Refuses numbers whose check digits are wrong.

    Args:
        vat_number: VAT number with its country prefix, without spaces.
    """
    try:
        compact = vat_rules.validate(vat_number)
    except ValidationError:
        raise ToolError("invalid_arguments", f"{vat_number!r} is not a valid VAT number.") from None
    country = "GR" if compact[:2] == "EL" else compact[:2]
    return {
        "vat_number": compact,
        "country_code": country,
        "country_name": country_name(country),
        "national_number": compact[2:],
    }


@pack.tool
def check_email(
    email: Annotated[str, Kind("email.unchecked")],
) -> EmailCheck:
    """Check whether an e-mail address is written correctly.

    Says what is wrong if it is not; does not say whether the mailbox exists.

    Args:
        email: The e-mail address as it was written.
    """
    try:
        found = validate_email(email, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return {"email": email, "valid": False, "problem": _email_problem(email), "domain": None}
    return {"email": email, "valid": True, "problem": None, "domain": found.domain}


def _email_problem(email: str) -> MailProblem:
    local, at, domain = email.rpartition("@")
    if not at:
        return "no at sign"
    if any(".." in p or p.startswith(".") or p.endswith(".") for p in (local, domain)):
        return "dots in the wrong place"
    if "." not in domain:
        return "an incomplete domain"
    return "a stray character"


# IIN ranges that tell the network: (first, last), compared by as many digits.
_NETWORKS: list[tuple[str, str, str]] = [
    ("American Express", "34", "34"), ("American Express", "37", "37"),
    ("Diners Club", "300", "305"), ("Diners Club", "36", "36"), ("Diners Club", "38", "39"),
    ("Discover", "6011", "6011"), ("Discover", "644", "649"), ("Discover", "65", "65"),
    ("JCB", "3528", "3589"), ("UnionPay", "62", "62"), ("Visa", "4", "4"),
    ("Mastercard", "51", "55"), ("Mastercard", "2221", "2720"),
    ("Maestro", "5018", "5018"), ("Maestro", "5020", "5020"), ("Maestro", "5038", "5038"),
    ("Maestro", "6304", "6304"), ("Maestro", "6759", "6759"), ("Maestro", "676", "676"),
]  # fmt: skip


@pack.tool
def card_network(card_number: Annotated[str, Kind("card.number")]) -> CardNetwork:
    """Which network a payment card number belongs to, and whether its check digit is right.

    The network follows from the first digits, the check digit from Luhn's rule. Meant for test
    card numbers; nothing is charged or looked up.

    Args:
        card_number: The card number, digits only.
    """
    if not (card_number.isascii() and card_number.isdigit() and 12 <= len(card_number) <= 19):
        raise ToolError("invalid_arguments", f"{card_number!r} is not 12 to 19 digits.")
    network = next(
        (name for name, first, last in _NETWORKS if first <= card_number[: len(first)] <= last),
        None,
    )
    return {
        "card_number": card_number,
        "network": network,
        "valid": luhn.is_valid(card_number),
        "digits": len(card_number),
    }
