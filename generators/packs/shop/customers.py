"""Who a customer is."""

from __future__ import annotations

from typing import Annotated

from typing_extensions import TypedDict

from callwright.generators.nearest import nearest
from callwright.generators.pack import Kind, World
from callwright.generators.packs.shop.base import (
    Currency,
    CustomerId,
    CustomerName,
    customer_of,
    pack,
    shop,
)
from callwright.generators.packs.shop.tables import COUNTRY_NAMES
from callwright.schemas.errors import ToolError

Joined = Annotated[str, Kind("date.joined", format="date")]


class FoundCustomer(TypedDict):
    customer_id: CustomerId
    name: CustomerName
    joined_on: Joined


class FoundByEmail(FoundCustomer):
    email: str


class Account(TypedDict):
    customer_id: str
    name: CustomerName
    city: Annotated[str, Kind("city.label")]
    country_code: Annotated[str, Kind("country.home")]
    country: Annotated[str, Kind("country.name")]
    tier: Annotated[str, Kind("membership.tier")]
    loyalty_points: int
    store_credit: Annotated[float, Kind("money.credit")]
    currency: Currency
    joined_on: Joined


def _find(world: World, column: str, value: str, what: str) -> FoundCustomer:
    query = f"SELECT customer_id, name, joined_on FROM customers WHERE {column} = ? COLLATE NOCASE"  # noqa: S608
    row = shop(world).execute(query, (value.strip(),)).fetchone()
    if row is None:
        people = shop(world).execute("SELECT name FROM customers")
        near = nearest(value, (name for (name,) in people)) if column == "name" else ()
        raise ToolError("not_found", f"No customer with the {what} {value}.", near)
    return {"customer_id": row[0], "name": row[1], "joined_on": row[2]}


@pack.tool
def find_customer(world: World, name: Annotated[str, Kind("customer.name")]) -> FoundCustomer:
    """Find a shop customer by their full name. Returns the customer ID that other tools ask for.

    Args:
        name: Given name and family name as registered; capitals do not matter.
    """
    return _find(world, "name", name, "name")


@pack.tool
def find_customer_by_email(
    world: World, email: Annotated[str, Kind("customer.email")]
) -> FoundByEmail:
    """Find a shop customer by the email address of their account. Returns the customer ID.

    Args:
        email: The address the account is registered under.
    """
    found = _find(world, "email", email, "email address")
    return {**found, "email": email.strip()}


@pack.tool
def get_customer(world: World, customer_id: CustomerId) -> Account:
    """Show a customer's account. Gives home city and country, tier, points and store credit.

    Args:
        customer_id: ID of the customer.
    """
    customer = customer_of(world, customer_id)
    return {
        "customer_id": customer.customer_id,
        "name": customer.name,
        "city": customer.city,
        "country_code": customer.country_code,
        "country": COUNTRY_NAMES[customer.country_code],
        "tier": customer.tier,
        "loyalty_points": customer.points,
        "store_credit": customer.store_credit,
        "currency": customer.currency,
        "joined_on": customer.joined_on,
    }
