"""What the shop's tools share: the pack, look-ups by id, and the types of common fields."""

from __future__ import annotations

import sqlite3
from typing import Annotated, NamedTuple

from callwright.generators.pack import Kind, Pack, World
from callwright.generators.packs.shop.world import seed_database
from callwright.schemas.errors import ToolError

pack = Pack(
    "shop",
    about="An online shop: customers, products, carts, orders, parcels, returns and refunds.",
    data="Invented and seeded; names, goods and prices belong to nobody.",
    seed_database=seed_database,
)

MAX_ITEMS = 8
"""Longest list a result holds."""

CustomerName = Annotated[str, Kind("customer.name")]
ProductName = Annotated[str, Kind("product.name")]
Category = Annotated[str, Kind("product.category")]
Status = Annotated[str, Kind("order.status")]
Currency = Annotated[str, Kind("currency.code")]
Total = Annotated[float, Kind("money.total")]
CartTotal = Annotated[float, Kind("money.cart")]
Price = Annotated[float, Kind("money.price")]
PaidPrice = Annotated[float, Kind("money.paid_price")]
Refund = Annotated[float, Kind("money.refund")]
DeliveryDate = Annotated[str, Kind("date.delivery", format="date")]
RefundDate = Annotated[str, Kind("date.refund", format="date")]
"""When money comes back; nothing is counted from it."""
DueDate = Annotated[str, Kind("date.due", format="date")]
CustomerId = Annotated[str, Kind("customer.id")]


class Customer(NamedTuple):
    customer_id: str
    name: str
    city: str
    country_code: str
    currency: str
    tier: str
    points: int
    store_credit: float
    joined_on: str


class Product(NamedTuple):
    product_id: str
    name: str
    category: str
    base_price: float
    weight_kg: float
    stock: int


class Order(NamedTuple):
    order_id: str
    customer_id: str
    placed_on: str
    status: str
    currency: str
    shipping_fee: float
    ship_to_city: str
    delivery_date: str | None


def shop(world: World) -> sqlite3.Connection:
    return world.db("shop")


def customer_of(world: World, customer_id: str) -> Customer:
    query = (
        "SELECT customer_id, name, city, country_code, currency, tier, points, store_credit,"
        " joined_on FROM customers WHERE customer_id = ?"
    )
    return Customer(*_found(world, query, customer_id, "customer with the ID"))


def product_of(world: World, product_id: str) -> Product:
    query = (
        "SELECT product_id, name, category, base_price, weight_kg, stock FROM products"
        " WHERE product_id = ?"
    )
    return Product(*_found(world, query, product_id, "product with the ID"))


def order_of(world: World, order_id: str) -> Order:
    query = (
        "SELECT order_id, customer_id, placed_on, status, currency, shipping_fee,"
        " ship_to_city, delivery_date FROM orders WHERE order_id = ?"
    )
    return Order(*_found(world, query, order_id, "order with the number"))


def _found(world: World, query: str, key: str, what: str) -> sqlite3.Row:
    """The one row that `query` finds by `key`; what is missing is told as `what`."""
    row: sqlite3.Row | None = shop(world).execute(query, (key,)).fetchone()
    if row is None:
        raise ToolError("not_found", f"No {what} {key}.")
    return row


def next_id(world: World, table: str, column: str, skip: int = 0) -> str:
    """The id after the highest one and `skip` more: `SO-10877` -> `SO-10878`.

    Ids of a table are equally long.
    """
    query = f"SELECT max({column}) FROM {table}"  # noqa: S608  our own names
    (highest,) = shop(world).execute(query).fetchone()
    prefix, number = str(highest).split("-")
    return f"{prefix}-{int(number) + 1 + skip}"
