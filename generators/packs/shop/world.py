"""The shop's first state: a small SQLite database, different for every seed."""

from __future__ import annotations

import math
import random
import sqlite3
from datetime import date, datetime, timedelta
from functools import lru_cache

from callwright.generators.packs.shop.tables import (
    CARRIERS,
    CATEGORIES,
    CULTURES,
    CURRENCY_OF,
    HUBS,
    OTHER,
    PRICE_LEVEL,
    TIERS,
    WAREHOUSES,
    names_in,
)
from callwright.generators.seeding import insert, new_database

CUSTOMERS = 40
PRODUCTS_PER_CATEGORY = (7, 8)
CREDITS = (15, 20, 25, 30, 40, 50, 60, 75, 80, 90, 110, 125, 150, 175, 200, 240, 280)
"""What customers have in store credit, in euros of base price."""
RETURN_DAYS = 60
"""An order may be sent back this many days after it came."""

SCHEMA = """
CREATE TABLE customers (
  customer_id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, email TEXT NOT NULL UNIQUE,
  city TEXT NOT NULL, country_code TEXT NOT NULL, currency TEXT NOT NULL,
  joined_on TEXT NOT NULL, tier TEXT NOT NULL, points INTEGER NOT NULL,
  store_credit REAL NOT NULL);
CREATE TABLE products (
  product_id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  category TEXT NOT NULL, base_price REAL NOT NULL, weight_kg REAL NOT NULL,
  rating REAL NOT NULL, review_count INTEGER NOT NULL, recommend_percent INTEGER NOT NULL,
  newest_review_on TEXT NOT NULL, warranty_months INTEGER NOT NULL, stock INTEGER NOT NULL,
  warehouse_city TEXT NOT NULL, next_batch_on TEXT NOT NULL);
CREATE TABLE orders (
  order_id TEXT PRIMARY KEY, customer_id TEXT NOT NULL REFERENCES customers,
  placed_on TEXT NOT NULL, status TEXT NOT NULL, currency TEXT NOT NULL,
  shipping_fee REAL NOT NULL, ship_to_city TEXT NOT NULL, delivery_date TEXT);
CREATE TABLE order_items (
  item_id TEXT PRIMARY KEY, order_id TEXT NOT NULL REFERENCES orders,
  product_id TEXT NOT NULL REFERENCES products, quantity INTEGER NOT NULL,
  unit_price REAL NOT NULL, returned INTEGER NOT NULL DEFAULT 0);
CREATE TABLE shipments (
  order_id TEXT PRIMARY KEY REFERENCES orders, carrier TEXT NOT NULL,
  tracking_number TEXT NOT NULL, shipped_on TEXT NOT NULL, current_city TEXT);
CREATE TABLE pickups (
  order_id TEXT PRIMARY KEY REFERENCES orders, pickup_id TEXT NOT NULL,
  city TEXT NOT NULL, ready_on TEXT NOT NULL, hold_until TEXT NOT NULL);
CREATE TABLE carts (
  cart_id TEXT PRIMARY KEY, customer_id TEXT NOT NULL REFERENCES customers);
CREATE TABLE cart_items (
  item_id TEXT PRIMARY KEY, cart_id TEXT NOT NULL REFERENCES carts,
  product_id TEXT NOT NULL REFERENCES products, quantity INTEGER NOT NULL);
CREATE TABLE wish_lists (
  customer_id TEXT NOT NULL REFERENCES customers, product_id TEXT NOT NULL REFERENCES products,
  added_on TEXT NOT NULL, PRIMARY KEY (customer_id, product_id));
CREATE TABLE refunds (
  refund_id TEXT PRIMARY KEY, order_id TEXT NOT NULL REFERENCES orders, amount REAL NOT NULL,
  currency TEXT NOT NULL, status TEXT NOT NULL, issued_on TEXT NOT NULL,
  due_on TEXT NOT NULL);
CREATE INDEX items_of ON order_items (order_id);
"""


def currency_in(country: str) -> str:
    """What the shop charges in `country` (ISO 3166 alpha-2)."""
    return CURRENCY_OF.get(country, OTHER)


@lru_cache(maxsize=65536)
def price_in(base: float, currency: str) -> float:
    """List price in `currency` of what has a base price of `base` euros.

    Three digits count, so that base prices at least two percent apart stay apart and in order.
    """
    value = base * PRICE_LEVEL[currency]
    if value == 0:
        return 0.0
    digits = 2 - math.floor(math.log10(value))
    return float(round(value, min(digits, 2)))


def seed_database(rng: random.Random, now: datetime) -> sqlite3.Connection:
    """The shop as it stands at `now`: about 40 customers, 60 products, 150 orders."""
    db = new_database(SCHEMA)
    today = now.date()
    products = _products(rng, today)
    customers = _customers(rng, today)
    insert(db, "products", products)
    insert(db, "customers", customers)
    _orders(db, rng, today, customers, products)
    _carts(db, rng, today, customers, products)
    db.commit()
    db.execute("PRAGMA foreign_keys = ON")
    return db


Row = tuple[str | int | float | None, ...]


@lru_cache(maxsize=8192)
def _ago(today: date, days: int) -> str:
    return (today - timedelta(days)).isoformat()


def _apart(rng: random.Random, bounds: tuple[float, float], taken: list[float]) -> float:
    """A number within `bounds`, small ones likelier, at least three percent from those taken."""
    low, high = bounds
    while True:
        number: float = low * (high / low) ** rng.random()
        number = round(number, 3 if number < 0.3 else 2 if number < 10 else 1)
        if all(abs(number - other) > 0.03 * other for other in taken):
            taken.append(number)
            return number


def _products(rng: random.Random, today: date) -> list[Row]:
    rows: list[Row] = []
    ids = rng.sample(range(2010, 2990), len(CATEGORIES) * PRODUCTS_PER_CATEGORY[1])
    for category in CATEGORIES:
        count = rng.randint(*PRODUCTS_PER_CATEGORY)
        ratings = rng.sample(range(31, 50), count)
        prices: list[float] = []
        weights: list[float] = []
        for rating, (name, good) in zip(
            ratings, rng.sample(names_in(category), count), strict=True
        ):
            rows.append(
                (
                    f"P-{ids.pop()}",
                    name,
                    category,
                    _apart(rng, good.price, prices),
                    _apart(rng, good.weight, weights),
                    rating / 10,
                    rng.randint(8, 940),
                    min(99, rating * 2 - rng.randint(2, 9)),
                    _ago(today, rng.randint(1, 25)),
                    rng.choice((12, 24, 24, 36, 60)),
                    0 if rng.random() < 0.12 else rng.randint(2, 70),
                    rng.choice(WAREHOUSES),
                    _ago(today, -rng.randint(4, 40)),
                )
            )
    return rows


def _customers(rng: random.Random, today: date) -> list[Row]:
    rows: list[Row] = []
    ids = rng.sample(range(1010, 1990), CUSTOMERS)
    names: set[str] = set()
    emails: set[str] = set()
    # every culture twice or so, Chinese names more often
    cultures = [*CULTURES, *CULTURES, CULTURES[0], CULTURES[0]]
    cultures += rng.choices(CULTURES, k=CUSTOMERS - len(cultures))
    for customer_id, culture in zip(ids, cultures, strict=True):
        name = ""
        while not name or name in names:
            given, family = rng.choice(culture.given), rng.choice(culture.family)
            name = f"{given} {family}"
        names.add(name)
        local = rng.choice((f"{given}.{family}", f"{given[0]}.{family}", f"{family}.{given}"))
        email = f"{local}@example.{rng.choice(('com', 'org'))}".lower()
        if email in emails:
            email = f"{given}_{family}@example.com".lower()
        emails.add(email)
        home = rng.choice(culture.places)
        rows.append(
            (
                f"C-{customer_id}",
                name,
                email,
                home.city,
                home.country,
                currency_in(home.country),
                _ago(today, rng.randint(420, 2600)),
                rng.choice(TIERS),
                rng.randint(12, 480) * 5,
                price_in(rng.choice(CREDITS), currency_in(home.country)),
            )
        )
    return rows


def _history(rng: random.Random) -> list[tuple[str, int]]:
    """A customer's orders as (status, days since it was placed), no two on one day."""
    statuses = [
        status
        for status, chance in (("pending", 0.7), ("shipped", 0.6), ("recent", 0.75))
        if rng.random() < chance
    ]
    while len(statuses) < 2 or (len(statuses) < 6 and rng.random() < 0.65):
        statuses.append(
            rng.choice(("old", "old", "recent", "cancelled", "cancelled", "returned", "returned"))
        )
    ages = {
        "pending": (0, 6),
        "shipped": (3, 12),
        "recent": (9, 58),
        "old": (75, 400),
        "cancelled": (4, 220),
        "returned": (22, 300),
    }
    taken: set[int] = set()
    history = []
    for status in statuses:
        age = rng.randint(*ages[status])
        while age in taken:
            age = rng.randint(*ages[status])
        taken.add(age)
        history.append(("delivered" if status in ("recent", "old") else status, age))
    return history


def _orders(
    db: sqlite3.Connection,
    rng: random.Random,
    today: date,
    customers: list[Row],
    products: list[Row],
) -> None:
    orders: list[Row] = []
    items: list[Row] = []
    shipments: list[Row] = []
    refunds: list[Row] = []
    planned = [
        (age, rng.random(), status, customer)
        for customer in customers
        for status, age in _history(rng)
    ]
    planned.sort(key=lambda order: (-order[0], order[1]))
    number = rng.randint(10200, 10900)
    item = rng.randint(50100, 58000)
    refund = rng.randint(30100, 38000)
    for age, _, status, customer in planned:
        number += rng.randint(1, 4)
        order_id = f"SO-{number}"
        currency = str(customer[5])
        total = fee = price_in(rng.choice((0.0, 0.0, 4.9, 7.9)), currency)
        prices: set[float] = set()
        for product in rng.sample(products, rng.choice((1, 2, 2, 2, 3, 4))):
            price = price_in(float(product[3] or 0), currency)
            if price in prices:
                continue
            prices.add(price)
            quantity = rng.choice((1, 1, 1, 1, 2, 3))
            total += price * quantity
            item += 1
            items.append(
                (f"OI-{item}", order_id, product[0], quantity, price, int(status == "returned"))
            )
        delivery: str | None = _ago(today, age - rng.randint(3, 7))
        if status == "cancelled":
            delivery = None
        elif status == "pending":
            delivery = _ago(today, -rng.randint(4, 12))
        elif status == "shipped":
            delivery = _ago(today, -rng.randint(1, 9))
        if status not in ("cancelled", "pending"):
            carrier = rng.choice(list(CARRIERS))
            tracking = f"{CARRIERS[carrier]}{rng.randint(10**8, 10**9 - 1)}"
            here = rng.choice([hub for hub in HUBS if hub != customer[3]])
            shipments.append(
                (
                    order_id,
                    carrier,
                    tracking,
                    _ago(today, age - min(2, age)),
                    here if status == "shipped" else None,
                )
            )
        orders.append(
            (order_id, customer[0], _ago(today, age), status, currency, fee, customer[3], delivery)
        )
        if status in ("cancelled", "returned"):
            refund += rng.randint(1, 5)
            since = min(age, rng.randint(1, 14)) if status == "cancelled" else max(1, age - 18)
            wait = rng.randint(5, 10)
            amount = round(total - (fee if status == "returned" else 0), 2)
            paid = "paid" if since > wait else "pending"
            due = _ago(today, since - wait)
            issued = _ago(today, since)
            refunds.append((f"RF-{refund}", order_id, amount, currency, paid, issued, due))
    insert(db, "orders", orders)
    insert(db, "order_items", items)
    insert(db, "shipments", shipments)
    insert(db, "refunds", refunds)


def _carts(
    db: sqlite3.Connection,
    rng: random.Random,
    today: date,
    customers: list[Row],
    products: list[Row],
) -> None:
    ids = rng.sample(range(4010, 4990), len(customers))
    carts: list[Row] = [(f"K-{i}", c[0]) for i, c in zip(ids, customers, strict=True)]
    items: list[Row] = []
    wishes: list[Row] = []
    in_stock = [product for product in products if int(product[10] or 0) > 4]
    item = rng.randint(7100, 7900)
    for (cart_id, customer_id), customer in zip(carts, customers, strict=True):
        prices: set[float] = set()
        for product in rng.sample(in_stock, rng.choice((0, 1, 2, 2, 3, 3, 4))):
            price = price_in(float(product[3] or 0), str(customer[5]))
            if price not in prices:
                prices.add(price)
                item += 1
                items.append((f"CI-{item}", cart_id, product[0], rng.choice((1, 1, 1, 2))))
        wishes.extend(
            (customer_id, product[0], _ago(today, rng.randint(1, 200)))
            for product in rng.sample(products, rng.choice((1, 2, 2, 3)))
        )
    insert(db, "carts", carts)
    insert(db, "cart_items", items)
    insert(db, "wish_lists", wishes)
