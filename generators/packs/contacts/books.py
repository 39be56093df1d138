"""A shelf of books, their numbers, and the languages they are in."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Literal

from babel.languages import get_territory_language_info
from stdnum import isbn as isbn_rules
from stdnum.exceptions import InvalidChecksum, ValidationError
from typing_extensions import TypedDict

from callwright.generators.nearest import nearest
from callwright.generators.pack import Kind
from callwright.generators.packs.contacts.base import pack
from callwright.generators.packs.contacts.tables import (
    Book,
    Language,
    books,
    books_by_title,
    companies_by_name,
    country_name,
    language_name,
    languages,
)
from callwright.schemas.errors import ToolError

Isbn13 = Annotated[str, Kind("isbn.isbn13")]
LanguageCode = Annotated[str, Kind("language.code")]
LanguageName = Annotated[str, Kind("language.name")]
Title = Annotated[str, Kind("book.title")]
Price = Annotated[float, Kind("money.list_price")]
Currency = Annotated[str, Kind("currency.code")]
Published = Annotated[str, Kind("date.publication", format="date")]


class FoundBook(TypedDict):
    isbn13: Isbn13
    title: Title
    author: Annotated[str, Kind("book.author")]


class BookRecord(TypedDict):
    isbn13: Isbn13
    title: Title
    author: Annotated[str, Kind("book.author")]
    language_code: Annotated[str, Kind("language.of_book")]
    language_name: LanguageName
    publisher: Annotated[str, Kind("publisher.name")]
    publisher_id: Annotated[str, Kind("company.publisher")]
    published_on: Published
    pages: int
    binding: Annotated[Literal["hardcover", "paperback"], Kind("book.binding")]
    list_price: Price
    currency: Currency


class ListedBook(TypedDict):
    isbn13: Annotated[str, Kind("isbn.listed")]
    title: Title
    author: Annotated[str, Kind("book.author")]
    published_on: Published
    pages: int


class BookList(TypedDict):
    language_code: LanguageCode
    language_name: LanguageName
    count: int
    books: list[ListedBook]


class Isbn13Of(TypedDict):
    isbn10: Annotated[str, Kind("isbn.isbn10")]
    isbn13: Annotated[str, Kind("isbn.converted")]


class Isbn10Of(TypedDict):
    isbn13: Isbn13
    isbn10: Annotated[str, Kind("isbn.ten")]


class IsbnCheck(TypedDict):
    isbn: Annotated[str, Kind("isbn.unchecked")]
    valid: Annotated[bool, Kind("check.valid")]
    problem: Annotated[
        Literal["wrong check digit", "wrong length", "wrong format"] | None, Kind("check.problem")
    ]
    expected_check_digit: str | None


@pack.tool
def find_book(title: Title) -> FoundBook:
    """Look a book up in the shop's catalogue by its title.

    Returns its ISBN-13, which the catalogue is ordered by, and its author.

    Args:
        title: Title of the book as printed on it.
    """
    book = books_by_title().get(title.strip().casefold())
    if book is None:
        near = nearest(title, (known.title for known in books_by_title().values()))
        raise ToolError("not_found", f"The catalogue has no book titled {title!r}.", near)
    return {"isbn13": book.isbn13, "title": book.title, "author": book.author}


@pack.tool
def book_record(
    isbn13: Annotated[str, Kind("isbn.catalogued", accepts=("isbn.isbn13", "isbn.converted"))],
) -> BookRecord:
    """The catalogue's record of a book.

    Title, author, language, publisher with its directory id, day of publication, pages, binding
    and list price.

    Args:
        isbn13: ISBN-13 of the book, digits only.
    """
    book = _book(isbn13)
    return {
        "isbn13": book.isbn13,
        "title": book.title,
        "author": book.author,
        "language_code": book.language,
        "language_name": language_name(book.language),
        "publisher": book.publisher,
        "publisher_id": companies_by_name()[book.publisher.casefold()].id,
        "published_on": book.published_on,
        "pages": book.pages,
        "binding": "hardcover" if book.binding == "hardcover" else "paperback",
        "list_price": _plain(book.price),
        "currency": book.currency,
    }


def _plain(number: float) -> float:
    """48 rather than 48.0."""
    return int(number) if number.is_integer() else number


def _book(isbn13: str) -> Book:
    if isbn13 not in books():
        raise ToolError("not_found", f"The catalogue has no book with the ISBN-13 {isbn13!r}.")
    return books()[isbn13]


@pack.tool
def books_in_language(
    language: Annotated[str, Kind("language.shelf")],
) -> BookList:
    """List the books that the shop's catalogue has in a language.

    The most recently published ones, at most eight, ordered by title.

    Args:
        language: ISO 639 code of the language.
    """
    _language(language)
    found = [book for book in books().values() if book.language == language]
    newest = sorted(found, key=lambda book: (book.published_on, book.isbn13))[-8:]
    return {
        "language_code": language,
        "language_name": language_name(language),
        "count": len(newest),
        "books": [
            {
                "isbn13": book.isbn13,
                "title": book.title,
                "author": book.author,
                "published_on": book.published_on,
                "pages": book.pages,
            }
            for book in sorted(newest, key=lambda book: book.title)
        ],
    }


# -------------------------------------------------------------------- ISBN


@pack.tool
def isbn10_to_isbn13(isbn10: Annotated[str, Kind("isbn.isbn10")]) -> Isbn13Of:
    """Turn an ISBN of ten digits, as printed in older books, into the ISBN-13 used today.

    Args:
        isbn10: The ISBN-10 without hyphens; its last character may be an X.
    """
    if len(isbn10) != 10 or not isbn_rules.is_valid(isbn10):
        raise ToolError("invalid_arguments", f"{isbn10!r} is not a valid ISBN-10.")
    return {"isbn10": isbn10, "isbn13": isbn_rules.to_isbn13(isbn10)}


@pack.tool
def isbn13_to_isbn10(isbn13: Isbn13) -> Isbn10Of:
    """Turn an ISBN-13 into the older ISBN of ten digits.

    Only numbers that begin with 978 have one.

    Args:
        isbn13: The ISBN-13, digits only.
    """
    if len(isbn13) != 13 or not isbn_rules.is_valid(isbn13):
        raise ToolError("invalid_arguments", f"{isbn13!r} is not a valid ISBN-13.")
    if not isbn13.startswith("978"):
        raise ToolError("refused", f"{isbn13} has no ISBN-10: it does not begin with 978.")
    return {"isbn13": isbn13, "isbn10": isbn_rules.to_isbn10(isbn13)}


@pack.tool
def check_isbn(isbn: Annotated[str, Kind("isbn.unchecked")]) -> IsbnCheck:
    """Check whether an ISBN of ten or thirteen digits is written correctly.

    If it is not, also says what its last digit would have to be.

    Args:
        isbn: The ISBN without hyphens.
    """
    problem: Literal["wrong check digit", "wrong length", "wrong format"] | None = None
    try:
        isbn_rules.validate(isbn)
    except InvalidChecksum:
        problem = "wrong check digit"
    except ValidationError:
        problem = "wrong format"
    if len(isbn) not in (10, 13):  # stdnum also reads the nine digits of the sixties
        problem = "wrong length"
    return {
        "isbn": isbn,
        "valid": problem is None,
        "problem": problem,
        "expected_check_digit": _check_digit(isbn) if problem else None,
    }


def _check_digit(isbn: str) -> str | None:
    body = isbn[:-1]
    if not body.isdigit():
        return None
    if len(isbn) == 13:
        return str(-sum(int(digit) * (1, 3)[i % 2] for i, digit in enumerate(body)) % 10)
    if len(isbn) == 10:
        rest = sum(int(digit) * (i + 1) for i, digit in enumerate(body)) % 11
        return "X" if rest == 10 else str(rest)
    return None


# --------------------------------------------------------------- languages


class MainLanguage(TypedDict):
    country_code: Annotated[str, Kind("country.code")]
    country_name: Annotated[str, Kind("country.name")]
    language_code: Annotated[str, Kind("language.spoken")]
    language_name: LanguageName
    population_percent: float


class LanguageDetails(TypedDict):
    language_code: LanguageCode
    language_name: LanguageName
    native_name: str
    iso639_3: str
    written: Annotated[Literal["left to right", "right to left"], Kind("language.direction")]


def _language(code: str) -> Language:
    if code not in languages():
        raise ToolError("not_found", f"No language with the code {code!r} is known here.")
    return languages()[code]


@lru_cache(maxsize=512)
def _most_spoken(country: str) -> tuple[str, float] | None:
    """The official language that most people speak, with their share in percent."""
    spoken = get_territory_language_info(country)
    official = [
        (float(facts["population_percent"] or 0), code.split("_")[0])  # zh_Hant is zh
        for code, facts in spoken.items()
        if facts["official_status"] in ("official", "de_facto_official")
    ]
    known = [(share, code) for share, code in official if code in languages()]
    if not known:
        return None
    share, code = max(known, key=lambda pair: (pair[0], pair[1]))
    return code, share


@pack.tool
def main_language(
    country: Annotated[str, Kind("country.spoken")],
) -> MainLanguage:
    """The official language that most people in a country speak.

    Returns its ISO 639 code and the share of the population that speaks it (CLDR estimate).

    Args:
        country: ISO 3166 alpha-2 code of the country.
    """
    country = country.upper()
    found = _most_spoken(country)
    if found is None:
        raise ToolError("not_found", f"No official language is known for country {country!r}.")
    code, share = found
    return {
        "country_code": country,
        "country_name": country_name(country),
        "language_code": code,
        "language_name": language_name(code),
        "population_percent": _plain(share),
    }


@pack.tool
def language_details(
    language: Annotated[str, Kind("language.code", accepts=("language.spoken",))],
) -> LanguageDetails:
    """A language's own name for itself, its three-letter code and the direction it is written in.

    Args:
        language: ISO 639 code of the language.
    """
    found = _language(language)
    return {
        "language_code": found.code,
        "language_name": found.name,
        "native_name": found.native_name,
        "iso639_3": found.iso639_3,
        "written": "right to left" if found.direction == "rtl" else "left to right",
    }
