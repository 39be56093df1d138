"""The contacts pack: nothing in it is anybody's, everything in it is well-formed."""

from __future__ import annotations

import csv
import random
import re
from pathlib import Path

import phonenumbers
import pytest
from email_validator import validate_email
from stdnum import iban, isbn, luhn
from stdnum.eu import vat

from callwright.generators.execution import PackToolbox
from callwright.generators.graph import parameters_of
from callwright.generators.packs import load_pack
from callwright.generators.packs.contacts import tables, values
from callwright.generators.wording.lexicon import Each, Lexicon, Maybe, Slot
from callwright.schemas import validation
from callwright.schemas.surface import residue, terms

from .fields import field_schema

PACKS = Path(tables.__file__).parent.parent
EXAMPLE_DOMAIN = re.compile(r"@([a-z0-9]+\.)?example\.(com|net|org)$")
# Ranges that Ofcom, NANPA, ACMA, BNetzA, Arcep, PTS and NMHH keep for films and examples.
FILM_NUMBERS = re.compile(
    r"\+44(207946|161496|131496|141496|117496|121496|113496|151496|289649)[06]\d{3}"
    r"|\+1\d{3}55501\d\d|\+6137010\d{4}"
    r"|\+49(3023125|4066969|2214710|8999998)\d{3}|\+33(19900|35301|46571)\d{4}"
    r"|\+46(846500[4]\d\d|31390060?\d\d)|\+361555\d{4}"
)


@pytest.fixture(scope="module")
def toolbox():
    return PackToolbox(("contacts",))


@pytest.fixture(scope="module")
def session(toolbox):
    return toolbox.open(5)


def value(session, tool, **arguments):
    result = session.call(tool, arguments)
    assert result.failure is None, result.content
    return result.value


# -------------------------------------------------------------------- data


def test_nobody_can_be_reached_through_the_directory():
    for contact in tables.contacts():
        assert FILM_NUMBERS.fullmatch(contact.phone), contact.phone
        assert EXAMPLE_DOMAIN.search(contact.email), contact.email
        assert phonenumbers.is_valid_number(phonenumbers.parse(contact.phone))
        validate_email(contact.email, check_deliverability=False)


def test_every_department_of_every_company_has_one_contact():
    found = [(contact.company.id, contact.department) for contact in tables.contacts()]
    assert len(found) == len(set(found)) == 3 * len(tables.companies())
    assert len(tables.contact_by()) == 3 * len(found)  # no phone, address or name twice


def test_the_numbers_of_companies_and_books_pass_their_checks():
    for company in tables.companies().values():
        assert not company.iban or iban.is_valid(company.iban)
        assert not company.vat_number or vat.is_valid(company.vat_number)
        assert company.iban[:2] in ("", company.country)
        assert company.vat_number[:2].replace("EL", "GR") in ("", company.country)
        assert bool(company.vat_number) == bool(company.registered_on)
    for book in tables.books().values():
        assert isbn.is_valid(book.isbn13)
        assert isbn.split(book.isbn13)[2] == "", "an assigned prefix"
    assert all(map(vat.is_valid, tables.vat_numbers()))
    assert all(map(iban.is_valid, values.EXAMPLE_IBANS))
    assert all(map(luhn.is_valid, values.CARDS))


def test_places_publishers_and_languages_are_known_elsewhere():
    with (PACKS / "geography" / "cities.csv").open(encoding="utf-8") as file:
        cities = {row[0] for row in csv.reader(file)}
    with (PACKS / "geography" / "countries.csv").open(encoding="utf-8") as file:
        countries = {row[0] for row in csv.reader(file)}
    for company in tables.companies().values():
        assert company.city in cities
        assert company.country in countries
    assert {city for city, _, _ in tables.phone_areas() if city} <= cities
    for book in tables.books().values():
        assert book.publisher.casefold() in tables.companies_by_name()
        assert book.language in tables.languages()


# ------------------------------------------------------------------- tools


def test_every_result_fits_its_schema(toolbox, session):
    rng = random.Random(1)
    for name, function in toolbox.functions.items():
        for _ in range(60):
            arguments = {
                parameter.name: rng.choice(parameter.choices)
                if parameter.choices
                else session.sample(parameter.kind, rng, {})
                for parameter in parameters_of(function.tool)
            }
            result = session.call(name, arguments)
            if result.failure == "not_found" and name.startswith("company_"):
                continue  # no IBANs there, or no VAT
            assert result.failure is None, f"{name} {arguments}: {result.content}"
            assert validation.is_valid(function.tool.returns, result.value), result.content


def test_a_company_leads_to_the_country_of_its_bank(session):
    found = value(session, "find_company", name="Halden Foods")
    account = value(session, "company_bank_account", company_id=found["company_id"])
    bank = value(session, "iban_details", iban=account["iban"])
    assert bank["country_code"] == account["iban"][:2] == "GB"
    assert bank["sepa"] is True
    assert bank["printed"].replace(" ", "") == account["iban"]


def test_a_caller_is_found_and_an_unknown_one_is_not(session):
    contact = tables.contacts()[0]
    found = value(session, "phone_owner", phone=contact.phone)
    assert (found["contact_name"], found["company_id"]) == (contact.person, contact.company.id)
    assert session.call("phone_owner", {"phone": "+442079460999"}).failure == "not_found"
    assert session.call("phone_owner", {"phone": contact.email}).failure == "not_found"
    assert session.call("email_owner", {"email": contact.phone}).failure == "not_found"
    assert session.call("find_person", {"name": contact.email}).failure == "not_found"


@pytest.mark.parametrize(
    ("phone", "city", "country", "zone"),
    [
        ("+442079460018", "London", "GB", "Europe/London"),
        ("+12125550143", "New York", "US", "America/New_York"),
        ("+14165550143", "Toronto", "CA", "America/Toronto"),
        ("+33199001234", None, "FR", "Europe/Paris"),
    ],
)
def test_a_phone_number_has_a_place(session, phone, city, country, zone):
    found = value(session, "phone_location", phone=phone)
    assert (found["city"], found["country_code"], found["timezone"]) == (city, country, zone)


@pytest.mark.parametrize(
    ("country", "dial"),
    [("US", "011 44 20 7946 0018"), ("JP", "010 44 20 7946 0018"), ("GB", "020 7946 0018")],
)
def test_what_to_dial_depends_on_where_one_is(session, country, dial):
    found = value(session, "dialling_instructions", phone="+442079460018", country=country)
    assert found["dial"] == dial
    assert found["domestic"] is (country == "GB")


@pytest.mark.parametrize(
    ("tool", "argument", "text", "problem"),
    [
        ("check_iban", "iban", "GB82WEST12345698765432", None),
        ("check_iban", "iban", "GB82WEST12345698765423", "wrong check digits"),
        ("check_iban", "iban", "GB82WEST1234569876543", "wrong length"),
        ("check_isbn", "isbn", "9783161484100", None),
        ("check_isbn", "isbn", "9783161484101", "wrong check digit"),
        ("check_isbn", "isbn", "316148410X", None),
        ("check_isbn", "isbn", "31614841", "wrong length"),
        ("check_email", "email", "nora@example.com", None),
        ("check_email", "email", "nora.example.com", "no at sign"),
        ("check_email", "email", "nora@example..com", "dots in the wrong place"),
        ("check_email", "email", "nora@example", "an incomplete domain"),
        ("check_email", "email", "nora@example,com", "an incomplete domain"),
        ("check_email", "email", "nora@@example.com", "a stray character"),
    ],
)
def test_a_check_says_what_is_wrong(session, tool, argument, text, problem):
    found = value(session, tool, **{argument: text})
    assert (found["valid"], found["problem"]) == (problem is None, problem)


def test_the_last_digit_of_an_isbn_is_worked_out(session):
    found = value(session, "check_isbn", isbn="9783161484107")
    assert found["expected_check_digit"] == "0"
    assert value(session, "check_isbn", isbn="3161484100")["expected_check_digit"] == "X"


def test_isbns_turn_into_each_other_and_back(session):
    for number in tables.books():
        short = value(session, "isbn13_to_isbn10", isbn13=number)["isbn10"]
        assert value(session, "isbn10_to_isbn13", isbn10=short)["isbn13"] == number
    refused = session.call("isbn13_to_isbn10", {"isbn13": "9798100000006"})
    assert refused.failure == "refused"


def test_books_of_a_language_are_at_most_eight(session):
    for code in values.LANGUAGES:
        found = value(session, "books_in_language", language=code)
        assert found["count"] == len(found["books"]) <= 8
    assert session.call("books_in_language", {"language": "xx"}).failure == "not_found"


@pytest.mark.parametrize(("country", "language"), [("CH", "de"), ("BR", "pt"), ("SG", "en")])
def test_the_main_language_is_an_official_one(session, country, language):
    assert value(session, "main_language", country=country)["language_code"] == language


# ------------------------------------------------------------------ values


def test_samplers_follow_from_the_random_numbers_alone(session):
    for kind in load_pack("contacts").values:
        drawn = [
            [session.sample(kind, random.Random(seed), {}) for seed in range(200)] for _ in range(2)
        ]
        assert drawn[0] == drawn[1]
        assert len(set(drawn[0])) >= 35, kind


def test_what_is_to_be_checked_is_right_about_half_of_the_time(session):
    rng = random.Random(2)
    for kind, tool in [
        ("iban.unchecked", "check_iban"),
        ("isbn.unchecked", "check_isbn"),
        ("email.unchecked", "check_email"),
    ]:
        argument = kind.partition(".")[0]
        right = sum(
            value(session, tool, **{argument: session.sample(kind, rng, {})})["valid"]
            for _ in range(200)
        )
        assert 70 <= right <= 140, kind


# ----------------------------------------------------------------- wording


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_tool_is_worded_in_full(toolbox, language):
    lexicon = Lexicon(language, ["contacts"])
    assert lexicon.tools.keys() == toolbox.functions.keys()
    for name, words in lexicon.tools.items():
        tool = toolbox.functions[name].tool
        names = {parameter.name for parameter in parameters_of(tool)}
        required = {parameter.name for parameter in parameters_of(tool) if parameter.required}
        assert len(words.ask) >= 4, name
        assert len(words.do) >= 3, name
        assert len(words.because) >= 3, name
        assert len(words.answer) >= 4, name
        for form in (*words.ask, *words.do, *sum(words.elide.values(), ())):
            assert required <= form.needs <= form.offers <= names, form.text
        for field, forms in words.name.items():
            assert len(forms) >= 2, (name, field)
            assert field_schema(tool, field), (name, field)
            assert "." in field or field in words.that, (name, field)
        for form in (*words.answer, *words.none):
            text, spans = flat(form.pieces, tool)
            stated = residue(text, language, spans)
            assert all(word in tool.description for word in stated), form.text  # ISBN, as it says


def flat(pieces, tool, path="", text=""):
    """An answer's fixed words, with a place holder in each slot."""
    spans = []
    for piece in pieces:
        if isinstance(piece, str):
            text += piece
        elif isinstance(piece, Slot):
            field = f"{path}.{piece.name}" if path else piece.name
            assert field_schema(tool, field), field
            spans.append((len(text), len(text) + 1))
            text += "x"
        else:
            inside = piece.list if isinstance(piece, Each) else path
            body = piece.item if isinstance(piece, Each) else piece.pieces
            assert isinstance(piece, (Each, Maybe))
            text, more = flat(body, tool, inside, text)
            spans += more
    return text, spans


def test_no_name_means_two_things():
    for kind in terms.load(terms.FOLDER / "contacts.yaml"):
        for language in terms.LANGUAGES:
            for name, meant in terms.meanings(kind, language).items():
                assert len(meant) == 1, (kind, name, meant)


def test_what_the_assistant_names_has_a_chinese_name():
    for book in tables.books().values():
        assert terms.names_of(book.title, "book.title", "zh"), book.title
        assert terms.names_of(book.author, "book.author", "zh"), book.author
        assert terms.names_of(book.language, "language.code", "zh"), book.language
    for company in tables.companies().values():
        assert terms.names_of(company.sector, "company.sector", "zh"), company.sector
    for country in values.CALLERS:
        assert terms.names_of(country, "country.caller", "en"), country
