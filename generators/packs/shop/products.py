"""What the shop sells."""

from __future__ import annotations

from typing import Annotated, Literal

import pycountry
from typing_extensions import TypedDict

from callwright.generators.nearest import nearest
from callwright.generators.pack import Kind, World
from callwright.generators.packs.shop.base import (
    MAX_ITEMS,
    Category,
    Currency,
    Price,
    ProductName,
    pack,
    product_of,
    shop,
)
from callwright.generators.packs.shop.tables import COUNTRY_NAMES, NEAR, OTHER, PRICE_LEVEL
from callwright.generators.packs.shop.world import currency_in, price_in
from callwright.schemas.errors import ToolError

Weight = Annotated[float, Kind("mass.kg")]


class FoundProduct(TypedDict):
    product_id: Annotated[str, Kind("product.id")]
    name: ProductName
    category: Category


class Hit(TypedDict):
    product_id: Annotated[str, Kind("product.found")]
    name: ProductName
    price: Price
    currency: Currency
    rating: float
    weight_kg: float
    in_stock: bool


class Hits(TypedDict):
    category: Category
    count: int
    products: list[Hit]


class Alternatives(TypedDict):
    product_id: str
    name: ProductName
    count: int
    products: list[Hit]


class ProductDetails(TypedDict):
    product_id: str
    name: ProductName
    category: Category
    price: Price
    currency: Currency
    weight_kg: Annotated[float, Kind("mass.product")]
    warranty_months: int


class StorePrice(TypedDict):
    product_id: str
    name: ProductName
    country_code: str
    country_name: Annotated[str, Kind("country.name")]
    price: Annotated[float, Kind("money.price_abroad")]
    currency: Currency


class Stock(TypedDict):
    product_id: str
    name: ProductName
    units_in_stock: int
    warehouse_city: Annotated[str, Kind("city.parcel")]
    next_batch_on: Annotated[str, Kind("date.batch", format="date")]


class Reviews(TypedDict):
    product_id: str
    name: ProductName
    average_rating: float
    review_count: int
    recommend_percent: int
    newest_review_on: Annotated[str, Kind("date.review", format="date")]


class ShippingCost(TypedDict):
    product_id: str
    name: ProductName
    country_code: str
    country_name: Annotated[str, Kind("country.name")]
    weight_kg: float
    shipping_fee: Annotated[float, Kind("money.postage")]
    currency: Currency
    transit_days: int


@pack.tool
def find_product(world: World, product_name: ProductName) -> FoundProduct:
    """Find a product by its name. Returns the product ID that other tools ask for.

    Args:
        product_name: Full name of the product; capitals do not matter.
    """
    row = (
        shop(world)
        .execute(
            "SELECT product_id, name, category FROM products WHERE name = ?",
            (product_name.strip(),),
        )
        .fetchone()
    )
    if row is None:
        names = [name for (name,) in shop(world).execute("SELECT name FROM products")]
        raise ToolError(
            "not_found", f"No product named {product_name}.", nearest(product_name, names)
        )
    return {"product_id": row[0], "name": row[1], "category": row[2]}


@pack.tool
def search_products(
    world: World,
    category: Annotated[
        Literal[
            "backpacks",
            "speakers",
            "desk lamps",
            "coffee makers",
            "keyboards",
            "watches",
            "board games",
            "tents",
        ],
        Kind("product.category"),
    ],
    currency: Annotated[
        str | None, Kind("currency.shop", accepts=("currency.code",), along="max_price")
    ] = None,
    max_price: Annotated[float | None, Kind("money.budget")] = None,
) -> Hits:
    """List the products of a category, cheapest first. Gives prices, ratings and weights.

    Args:
        category: Category to look in.
        currency: ISO 4217 code in which prices are given and max_price is meant; the shop's
            own list prices, not converted ones. The shop's home currency when left out.
        max_price: Leave out products that cost more than this.
    """
    currency = currency or OTHER
    if currency not in PRICE_LEVEL:
        raise ToolError("refused", f"The shop has no prices in {currency}.")
    found = _hits(world, category, currency)
    found = [hit for hit in found if max_price is None or hit["price"] <= max_price]
    return {"category": category, "count": len(found), "products": found[:MAX_ITEMS]}


def _hits(world: World, category: str, currency: str) -> list[Hit]:
    return [
        {
            "product_id": row[0],
            "name": row[1],
            "price": price_in(row[2], currency),
            "currency": currency,
            "rating": row[3],
            "weight_kg": row[4],
            "in_stock": row[5] > 0,
        }
        for row in shop(world).execute(
            "SELECT product_id, name, base_price, rating, weight_kg, stock FROM products"
            " WHERE category = ? ORDER BY base_price",
            (category,),
        )
    ]


@pack.tool
def similar_products(world: World, product_id: Annotated[str, Kind("product.id")]) -> Alternatives:
    """List alternatives to a product, cheapest first. Gives list prices, ratings and weights.

    Args:
        product_id: ID of the product that alternatives are wanted for.
    """
    product = product_of(world, product_id)
    found = [
        hit
        for hit in _hits(world, product.category, OTHER)
        if hit["product_id"] != product.product_id
    ]
    return {
        "product_id": product.product_id,
        "name": product.name,
        "count": len(found),
        "products": found[:MAX_ITEMS],
    }


@pack.tool
def get_product(world: World, product_id: Annotated[str, Kind("product.id")]) -> ProductDetails:
    """Show a product's current list price, its weight and its warranty.

    Args:
        product_id: ID of the product.
    """
    product = product_of(world, product_id)
    query = "SELECT warranty_months FROM products WHERE product_id = ?"
    (warranty,) = shop(world).execute(query, (product_id,)).fetchone()
    return {
        "product_id": product.product_id,
        "name": product.name,
        "category": product.category,
        "price": price_in(product.base_price, OTHER),
        "currency": OTHER,
        "weight_kg": product.weight_kg,
        "warranty_months": warranty,
    }


@pack.tool
def price_in_country(
    world: World,
    product_id: Annotated[str, Kind("product.id")],
    country: Annotated[str, Kind("country.store")],
) -> StorePrice:
    """Show the price that a product has in a country, in that country's currency.

    Countries without prices of their own are charged in the shop's home currency.

    Args:
        product_id: ID of the product.
        country: ISO 3166 alpha-2 code of the country whose price is wanted.
    """
    product = product_of(world, product_id)
    currency = currency_in(_known(country))
    return {
        "product_id": product.product_id,
        "name": product.name,
        "country_code": country,
        "country_name": _country_name(country),
        "price": price_in(product.base_price, currency),
        "currency": currency,
    }


@pack.tool
def check_stock(
    world: World,
    product_id: Annotated[str, Kind("product.id", accepts=("product.in_cart",))],
) -> Stock:
    """Check how many units of a product are in stock. Also gives the warehouse and the next batch.

    Args:
        product_id: ID of the product.
    """
    product = product_of(world, product_id)
    city, batch = (
        shop(world)
        .execute(
            "SELECT warehouse_city, next_batch_on FROM products WHERE product_id = ?",
            (product_id,),
        )
        .fetchone()
    )
    return {
        "product_id": product.product_id,
        "name": product.name,
        "units_in_stock": product.stock,
        "warehouse_city": city,
        "next_batch_on": batch,
    }


@pack.tool
def product_reviews(
    world: World,
    product_id: Annotated[str, Kind("product.id", accepts=("product.in_cart",))],
) -> Reviews:
    """Sum up what customers say about a product. Gives stars from 1 to 5 and how many recommend it.

    Args:
        product_id: ID of the product.
    """
    product = product_of(world, product_id)
    rating, count, percent, newest = (
        shop(world)
        .execute(
            "SELECT rating, review_count, recommend_percent, newest_review_on FROM products"
            " WHERE product_id = ?",
            (product_id,),
        )
        .fetchone()
    )
    return {
        "product_id": product.product_id,
        "name": product.name,
        "average_rating": rating,
        "review_count": count,
        "recommend_percent": percent,
        "newest_review_on": newest,
    }


@pack.tool
def shipping_cost(
    world: World,
    product_id: Annotated[str, Kind("product.id")],
    country: Annotated[str, Kind("country.store", accepts=("country.home",))],
) -> ShippingCost:
    """Quote what it costs to ship one unit of a product to a country. Also gives the days it takes.

    Args:
        product_id: ID of the product.
        country: ISO 3166 alpha-2 code of the country it goes to.
    """
    product = product_of(world, product_id)
    near = _known(country) in NEAR
    base, per_kg, days = (4.9, 0.9, 3) if near else (14.0, 3.6, 7)
    currency = currency_in(country)
    fee = price_in(round(base + per_kg * product.weight_kg, 2), currency)
    return {
        "product_id": product.product_id,
        "name": product.name,
        "country_code": country,
        "country_name": _country_name(country),
        "weight_kg": product.weight_kg,
        "shipping_fee": fee,
        "currency": currency,
        "transit_days": days + int(product.weight_kg > 5),
    }


def _country_name(code: str) -> str:
    found = pycountry.countries.get(alpha_2=code)
    return COUNTRY_NAMES.get(code) or (found.name if found else code)


def _known(country: str) -> str:
    if pycountry.countries.get(alpha_2=country) is None:
        raise ToolError("not_found", f"No country with the code {country}.")
    return country
