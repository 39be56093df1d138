"""The directory and the shelf, read from the CSV files beside this module."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast

from babel import Locale

Department = Literal["sales", "support", "billing"]


@dataclass(frozen=True, slots=True)
class Company:
    id: str
    name: str
    sector: str
    city: str
    country: str
    founded_on: str
    employees: int
    iban: str
    """Empty where banks use none, as are the next two outside the European Union."""
    vat_number: str
    registered_on: str
    """Day of the VAT registration."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Who answers for one department of a company."""

    company: Company
    department: Department
    person: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Book:
    isbn13: str
    title: str
    author: str
    language: str
    publisher: str
    published_on: str
    pages: int
    binding: str
    price: float
    currency: str


def _rows(name: str) -> list[list[str]]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


@dataclass(frozen=True, slots=True)
class Language:
    code: str
    name: str
    native_name: str
    iso639_3: str
    direction: str
    """ltr or rtl"""


@lru_cache(maxsize=1)
def languages() -> dict[str, Language]:
    """ISO 639 code -> language: those for which CLDR 47 has an own name."""
    return {row[0]: Language(*row) for row in _rows("languages.csv")}


@lru_cache(maxsize=1)
def companies() -> dict[str, Company]:
    """Company id -> company."""
    found: dict[str, Company] = {}
    for number, name, sector, city, country, founded, employees, *rest in _rows("companies.csv"):
        found[number] = Company(number, name, sector, city, country, founded, int(employees), *rest)
    return found


@lru_cache(maxsize=1)
def companies_by_name() -> dict[str, Company]:
    """Casefolded name -> company."""
    return {company.name.casefold(): company for company in companies().values()}


@lru_cache(maxsize=1)
def contacts() -> tuple[Contact, ...]:
    """Everybody in the directory, three to a company."""
    return tuple(
        Contact(companies()[number], cast("Department", department), *rest)
        for number, department, *rest in _rows("contacts.csv")
    )


@lru_cache(maxsize=1)
def contact_by() -> dict[str, Contact]:
    """Phone number, casefolded e-mail address or casefolded name -> contact."""
    return {
        key.casefold(): contact
        for contact in contacts()
        for key in (contact.phone, contact.email, contact.person)
    }


@lru_cache(maxsize=1)
def books() -> dict[str, Book]:
    """ISBN-13 -> book."""
    found: dict[str, Book] = {}
    for row in _rows("books.csv"):
        *head, pages, binding, price, currency = row
        isbn13, title, author, language, publisher, published = head
        found[isbn13] = Book(
            isbn13,
            title,
            author,
            language,
            publisher,
            published,
            int(pages),
            binding,
            float(price),
            currency,
        )
    return found


@lru_cache(maxsize=1)
def books_by_title() -> dict[str, Book]:
    """Casefolded title -> book."""
    return {book.title.casefold(): book for book in books().values()}


@lru_cache(maxsize=1)
def phone_areas() -> list[tuple[str, str, str]]:
    """(city or "", prefix of its numbers, range reserved for films with # for free digits)."""
    return [(city, prefix, example) for city, prefix, example in _rows("phone_areas.csv")]


@lru_cache(maxsize=1)
def vat_numbers() -> list[str]:
    """VAT numbers that pass their country's checks and belong to nobody."""
    return [row[0] for row in _rows("vat_numbers.csv")]


@lru_cache(maxsize=512)
def country_name(code: str) -> str:
    """English name of an ISO 3166 country, the code itself where there is none."""
    usual = {"HK": "Hong Kong", "MO": "Macau", "TR": "Turkey", "BA": "Bosnia and Herzegovina"}
    return usual.get(code) or str(Locale("en").territories.get(code, code))


@lru_cache(maxsize=512)
def language_name(code: str) -> str:
    """English name of a language."""
    return str(Locale("en").languages.get(code, code))
