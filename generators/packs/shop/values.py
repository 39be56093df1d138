"""What people say to the shop, and what may stand in for an id when causality is checked."""

# ruff: noqa: ARG001 - samplers share one signature

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta

from callwright.generators.pack import World
from callwright.generators.packs.shop.base import pack, shop
from callwright.generators.packs.shop.tables import (
    CATEGORIES,
    CURRENCY_OF,
    PICKUP_CITIES,
    PICKUP_COUNTRY,
    PRICE_LEVEL,
    TIERS,
)
from callwright.generators.packs.shop.world import RETURN_DAYS
from callwright.schemas.toolbox import Json

Context = Mapping[str, Json]

STATUSES = ("pending", "shipped", "delivered", "cancelled", "returned")
ACTIVE = ("pending", "shipped")
"""Statuses of orders that are still to be delivered."""

NAMED = {"customer.name": "name", "customer.email": "email", "customer.id": "customer_id"}
"""Kinds by which a row knows its customer, with their columns in `customers`."""


def _one(world: World, rng: random.Random, query: str, *values: Json) -> Json:
    """The first column of one of the rows that `query` finds."""
    db = shop(world)
    (count,) = db.execute(f"SELECT count(*) FROM ({query})", values).fetchone()  # noqa: S608
    if not count:
        raise LookupError(query)
    at = (*values, int(rng.random() * count))
    return db.execute(query + " LIMIT 1 OFFSET ?", at).fetchone()[0]


def _theirs(world: World, rng: random.Random, context: Context, query: str, *values: Json) -> Json:
    """One of what `query` finds; of the customer whom the request names, if they have one."""
    for kind, column in NAMED.items():
        if kind in context:
            of = f" AND customer_id = (SELECT customer_id FROM customers WHERE {column} = ?)"  # noqa: S608
            try:
                return _one(world, rng, query + of, *values, context[kind])
            except LookupError:
                break
    return _one(world, rng, query, *values)


def _order(world: World, rng: random.Random, context: Context, *statuses: str) -> Json:
    marks = ",".join("?" * len(statuses))
    query = f"SELECT order_id FROM orders WHERE status IN ({marks})"  # noqa: S608
    return _theirs(world, rng, context, query, *statuses)


# ------------------------------------------------------------------------- customers


def _customer(world: World, rng: random.Random, context: Context, column: str) -> Json:
    """A customer's `column`; of one who pays in the currency that the row is about."""
    query = f"SELECT {column} FROM customers"  # noqa: S608
    if "currency.shop" in context:
        try:
            return _one(world, rng, query + " WHERE currency = ?", context["currency.shop"])
        except LookupError:
            pass
    return _one(world, rng, query)


@pack.kind("customer.id", said=False)
def customer_id(world: World, rng: random.Random, context: Context) -> Json:
    return _customer(world, rng, context, "customer_id")


@pack.kind("customer.name")
def customer_name(world: World, rng: random.Random, context: Context) -> Json:
    if "customer.email" in context:
        query = "SELECT name FROM customers WHERE email = ?"
        return _one(world, rng, query, context["customer.email"])
    return _customer(world, rng, context, "name")


@pack.kind("customer.email")
def customer_email(world: World, rng: random.Random, context: Context) -> Json:
    if "customer.name" in context:
        query = "SELECT email FROM customers WHERE name = ?"
        return _one(world, rng, query, context["customer.name"])
    return _customer(world, rng, context, "email")


@pack.kind("membership.tier", said=False)
def tier(world: World, rng: random.Random, context: Context) -> Json:
    return rng.choice(TIERS)


# -------------------------------------------------------------------------- products


def _product_id(world: World, rng: random.Random, context: Context) -> Json:
    return _one(world, rng, "SELECT product_id FROM products WHERE stock > 0")


for kind in ("product.id", "product.found", "product.ordered", "product.in_cart"):
    pack.kind(kind, said=False)(_product_id)


@pack.kind("product.name")
def product_name(world: World, rng: random.Random, context: Context) -> Json:
    return _one(world, rng, "SELECT name FROM products WHERE stock > 0")


@pack.kind("product.category")
def category(world: World, rng: random.Random, context: Context) -> Json:
    return rng.choice(list(CATEGORIES))


@pack.kind("currency.shop")
def currency(world: World, rng: random.Random, context: Context) -> Json:
    """The one that the customer of the row pays in; without one, any customer's."""
    for kind, column in NAMED.items():
        if kind in context:
            query = f"SELECT currency FROM customers WHERE {column} = ?"  # noqa: S608
            return _one(world, rng, query, context[kind])
    return _one(world, rng, "SELECT DISTINCT currency FROM customers")


@pack.kind("country.home", said=False)
@pack.kind("country.store")
def country(world: World, rng: random.Random, context: Context) -> Json:
    return rng.choice([code for code in CURRENCY_OF if code != "HK"])  # no country


@pack.kind("money.budget")
def budget(world: World, rng: random.Random, context: Context) -> Json:
    """A round amount that buys some, not all, of a category's products."""
    level = PRICE_LEVEL.get(str(context.get("currency.shop", "USD")), 1.1)
    wanted = rng.choice((40, 60, 80, 100, 120, 150, 180, 200, 250, 300, 350, 400)) * level
    step = 10 ** (len(str(int(wanted))) - 2) * 5
    return int(max(1, round(wanted / step)) * step)


@pack.kind("cart.quantity")
def quantity(world: World, rng: random.Random, context: Context) -> Json:
    return 2 if "product.category" in context else rng.choice((2, 2, 2, 2, 3, 3, 4))


# ------------------------------------------------------------------- carts and orders


@pack.kind("cart.id", said=False)
def cart_id(world: World, rng: random.Random, context: Context) -> Json:
    return _one(world, rng, "SELECT DISTINCT cart_id FROM cart_items")


@pack.kind("cart.item", said=False)
def cart_item(world: World, rng: random.Random, context: Context) -> Json:
    return _one(world, rng, "SELECT item_id FROM cart_items")


@pack.kind("order.id")
def order_id(world: World, rng: random.Random, context: Context) -> Json:
    return _order(world, rng, context, *STATUSES)


@pack.kind("order.open")
def open_order(world: World, rng: random.Random, context: Context) -> Json:
    return _order(world, rng, context, "pending")


@pack.kind("order.active")
def active_order(world: World, rng: random.Random, context: Context) -> Json:
    return _order(world, rng, context, *ACTIVE)


@pack.kind("order.sent")
def sent_order(world: World, rng: random.Random, context: Context) -> Json:
    return _order(world, rng, context, "shipped", "shipped", "delivered")


@pack.kind("order.refunded")
def refunded_order(world: World, rng: random.Random, context: Context) -> Json:
    return _order(world, rng, context, "cancelled", "returned")


def _since(world: World) -> str:
    return (world.now.date() - timedelta(RETURN_DAYS)).isoformat()


@pack.kind("order.arrived")
def arrived_order(world: World, rng: random.Random, context: Context) -> Json:
    query = "SELECT order_id FROM orders WHERE status = 'delivered' AND delivery_date >= ?"
    return _theirs(world, rng, context, query, _since(world))


@pack.kind("order.item", said=False)
def order_item(world: World, rng: random.Random, context: Context) -> Json:
    query = (
        "SELECT item_id FROM order_items JOIN orders USING (order_id)"
        " WHERE status = 'delivered' AND delivery_date >= ? AND NOT returned"
    )
    return _one(world, rng, query, _since(world))


@pack.kind("order.status")
def status(world: World, rng: random.Random, context: Context) -> Json:
    return rng.choice(STATUSES)


@pack.kind("date.slot")
def slot(world: World, rng: random.Random, context: Context) -> Json:
    """A day on which a parcel may be delivered: within six weeks, no Sunday."""
    day = world.now.date() + timedelta(rng.randint(3, 40))
    if day.weekday() == 6:
        day += timedelta(1)
    return day.isoformat()


ORDERS = ("order.id", "order.active", "order.open", "order.sent", "order.placed")
"""Kinds by which a row knows an order."""


def _home(world: World, context: Context) -> Json:
    """The country of the customer whom the row is about."""
    db = shop(world)
    for kind, column in NAMED.items():
        if kind in context:
            query = f"SELECT country_code FROM customers WHERE {column} = ?"  # noqa: S608
            if found := db.execute(query, (context[kind],)).fetchone():
                return found[0]
    for kind in ORDERS:
        if kind in context:
            query = "SELECT country_code FROM customers JOIN orders USING (customer_id)"
            if found := db.execute(query + " WHERE order_id = ?", (context[kind],)).fetchone():
                return found[0]
    return None


@pack.kind("city.pickup")
def pickup_city(world: World, rng: random.Random, context: Context) -> Json:
    """In the customer's own country, where the row has a customer."""
    home = _home(world, context)
    return rng.choice(
        [c for c, country in PICKUP_COUNTRY.items() if country == home] or PICKUP_CITIES
    )
