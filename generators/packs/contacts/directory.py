"""The directory: companies, their people, bank account and tax registration."""

from __future__ import annotations

from typing import Annotated, Literal

from typing_extensions import TypedDict

from callwright.generators.nearest import nearest
from callwright.generators.pack import Kind
from callwright.generators.packs.contacts.base import pack
from callwright.generators.packs.contacts.tables import (
    Company,
    companies,
    companies_by_name,
    contact_by,
    contacts,
    country_name,
)
from callwright.schemas.errors import ToolError

CompanyId = Annotated[str, Kind("company.id")]
CompanyOfAnyone = Annotated[
    str,
    Kind("company.id", accepts=("company.traced", "company.called", "company.publisher")),
]
"""Also the company of a caller, and a book's publisher: one may ask about those, or reach them."""
CompanyInWriting = Annotated[str, Kind("company.id", accepts=("company.traced",))]
"""Also the company that an e-mail came from: an invoice may be answered."""
CompanyName = Annotated[str, Kind("company.name")]
Phone = Annotated[str, Kind("phone.e164")]
Email = Annotated[str, Kind("email.address")]
Department = Annotated[Literal["sales", "support", "billing"], Kind("company.department")]


class FoundCompany(TypedDict):
    company_id: CompanyId
    name: CompanyName
    sector: Annotated[str, Kind("company.sector")]


class Profile(TypedDict):
    company_id: CompanyId
    company_name: CompanyName
    city: Annotated[str, Kind("city.office")]
    country_code: Annotated[str, Kind("country.office")]
    country_name: Annotated[str, Kind("country.name")]
    founded_on: Annotated[str, Kind("date.founding", format="date")]
    employees: int


class BankAccount(TypedDict):
    company_id: CompanyId
    company_name: CompanyName
    iban: Annotated[str, Kind("iban.company")]


class Registration(TypedDict):
    company_id: CompanyId
    company_name: CompanyName
    vat_number: Annotated[str, Kind("vat.company")]
    registered_on: Annotated[str, Kind("date.registration", format="date")]


class DepartmentContact(TypedDict):
    company_id: CompanyId
    company_name: CompanyName
    department: Department
    contact_name: str
    phone: Annotated[str, Kind("phone.desk")]
    email: Email


class Person(TypedDict):
    name: Annotated[str, Kind("person.staff")]
    department: Department
    phone: Phone
    email: Email
    company_id: CompanyId
    company_name: CompanyName


class PhoneOwner(TypedDict):
    contact_name: str
    department: Department
    company_id: Annotated[str, Kind("company.called")]
    company_name: CompanyName
    phone: Annotated[str, Kind("phone.caller")]


class EmailOwner(TypedDict):
    contact_name: str
    department: Department
    company_id: Annotated[str, Kind("company.traced")]
    company_name: CompanyName
    email: Annotated[str, Kind("email.sender")]


@pack.tool
def find_company(name: CompanyName) -> FoundCompany:
    """Look a company up in the business directory by its name.

    Returns its directory id, which the other company tools ask for, and its line of business.

    Args:
        name: Full name of the company.
    """
    company = companies_by_name().get(name.strip().casefold())
    if company is None:
        near = nearest(name, (known.name for known in companies_by_name().values()))
        raise ToolError("not_found", f"The directory has no company named {name!r}.", near)
    return {"company_id": company.id, "name": company.name, "sector": company.sector}


def _company(company_id: str) -> Company:
    if company_id not in companies():
        raise ToolError("not_found", f"The directory has no company with id {company_id!r}.")
    return companies()[company_id]


@pack.tool
def company_profile(company_id: CompanyOfAnyone) -> Profile:
    """Where a company has its head office, when it was founded and how many people it employs.

    Args:
        company_id: Directory id of the company.
    """
    company = _company(company_id)
    return {
        "company_id": company.id,
        "company_name": company.name,
        "city": company.city,
        "country_code": company.country,
        "country_name": country_name(company.country),
        "founded_on": company.founded_on,
        "employees": company.employees,
    }


@pack.tool
def company_bank_account(company_id: CompanyInWriting) -> BankAccount:
    """The bank account (IBAN) into which a company wants to be paid.

    Companies in countries without IBANs have none.

    Args:
        company_id: Directory id of the company.
    """
    company = _company(company_id)
    if not company.iban:
        raise ToolError("not_found", f"{company.name} has no IBAN; banks there do not use them.")
    return {"company_id": company.id, "company_name": company.name, "iban": company.iban}


@pack.tool
def company_registration(company_id: CompanyInWriting) -> Registration:
    """A company's VAT number in the European Union and the day it was registered.

    Companies outside the Union have none.

    Args:
        company_id: Directory id of the company.
    """
    company = _company(company_id)
    if not company.vat_number:
        raise ToolError("not_found", f"{company.name} is not registered for VAT in the EU.")
    return {
        "company_id": company.id,
        "company_name": company.name,
        "vat_number": company.vat_number,
        "registered_on": company.registered_on,
    }


@pack.tool
def company_contact(company_id: CompanyOfAnyone, department: Department) -> DepartmentContact:
    """Who answers for a department of a company, with phone number and e-mail address.

    Args:
        company_id: Directory id of the company.
        department: The department to reach.
    """
    company = _company(company_id)
    found = next(c for c in contacts() if c.company is company and c.department == department)
    return {
        "company_id": company.id,
        "company_name": company.name,
        "department": department,
        "contact_name": found.person,
        "phone": found.phone,
        "email": found.email,
    }


@pack.tool
def find_person(name: Annotated[str, Kind("person.staff")]) -> Person:
    """Look a person up in the business directory: company, department, phone and e-mail.

    Args:
        name: Full name of the person.
    """
    found = contact_by().get(name.strip().casefold())
    if found is None or found.person.casefold() != name.strip().casefold():
        near = nearest(name, {known.person for known in contact_by().values()})
        raise ToolError("not_found", f"The directory has nobody named {name!r}.", near)
    return {
        "name": found.person,
        "department": found.department,
        "phone": found.phone,
        "email": found.email,
        "company_id": found.company.id,
        "company_name": found.company.name,
    }


@pack.tool
def phone_owner(phone: Annotated[str, Kind("phone.caller")]) -> PhoneOwner:
    """Find out whose phone number this is.

    Searches the business directory; returns the person, the department and the company.

    Args:
        phone: Phone number in E.164 form: a plus sign, country calling code, digits only.
    """
    found = contact_by().get(phone) if phone.startswith("+") else None
    if found is None:
        raise ToolError("not_found", f"Nobody in the directory has the phone number {phone!r}.")
    return {
        "contact_name": found.person,
        "department": found.department,
        "company_id": found.company.id,
        "company_name": found.company.name,
        "phone": found.phone,
    }


@pack.tool
def email_owner(email: Annotated[str, Kind("email.sender")]) -> EmailOwner:
    """Find out whose e-mail address this is.

    Searches the business directory; returns the person, the department and the company.

    Args:
        email: The e-mail address.
    """
    found = contact_by().get(email.strip().casefold()) if "@" in email else None
    if found is None:
        raise ToolError("not_found", f"Nobody in the directory has the address {email!r}.")
    return {
        "contact_name": found.person,
        "department": found.department,
        "company_id": found.company.id,
        "company_name": found.company.name,
        "email": found.email,
    }
