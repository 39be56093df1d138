"""The shop: its worlds make sense, its tools change what they say, its wording names fields."""

from __future__ import annotations

import csv
import datetime
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from callwright.generators.pack import World
from callwright.generators.packs.shop import tables
from callwright.generators.packs.shop.tools import pack
from callwright.generators.packs.shop.values import STATUSES
from callwright.generators.packs.shop.world import price_in
from callwright.generators.wording.lexicon import Each, Form, Maybe, Words, lexicon
from callwright.schemas.errors import ToolError
from callwright.schemas.surface import terms

from .fields import field_schema
from .worlds import Worlds

NOW = datetime.datetime(2026, 5, 3, 10, 15, tzinfo=datetime.UTC)
WORLDS = Worlds(pack, NOW)
world_of, call = WORLDS.world, WORLDS.call
sampled, rows, state = WORLDS.sampled, WORLDS.rows, WORLDS.state
TODAY = NOW.date()
PACKS = Path(tables.__file__).parent.parent


@pytest.fixture
def world() -> World:
    return world_of(7)


# ------------------------------------------------------------------------------ worlds


@pytest.mark.parametrize("seed", range(8))
def test_a_world_is_small_whole_and_keyed(seed: int) -> None:
    world = world_of(seed)
    assert len(world.db("shop").serialize()) < 120_000
    assert WORLDS.tables_without_key(world) == []
    assert [table for table, count in WORLDS.counts(world).items() if not count] == ["pickups"]


@pytest.mark.parametrize("seed", range(8))
def test_choices_among_a_customers_orders_are_clear(seed: int) -> None:
    world = world_of(seed)
    for (customer_id,) in rows(world, "SELECT customer_id FROM customers"):
        orders = call(world, "list_orders", customer_id=customer_id)["orders"]
        assert 2 <= len(orders) <= 6
        assert len({order["placed_on"] for order in orders}) == len(orders)
        assert all(order["placed_on"] <= TODAY.isoformat() for order in orders)
        for order in orders:
            items = call(world, "get_order", order_id=order["order_id"])["items"]
            assert len({item["unit_price"] for item in items}) == len(items) >= 1


@pytest.mark.parametrize("seed", range(4))
def test_choices_within_a_category_are_clear(seed: int) -> None:
    world = world_of(seed)
    for category in tables.CATEGORIES:
        for currency in tables.PRICE_LEVEL:
            found = call(world, "search_products", category=category, currency=currency)["products"]
            assert 7 <= len(found) == len({hit["price"] for hit in found})
            assert [hit["price"] for hit in found] == sorted(hit["price"] for hit in found)
            assert len({hit["rating"] for hit in found}) == len(found)
            assert len({hit["weight_kg"] for hit in found}) == len(found)


def test_prices_keep_the_order_of_base_prices() -> None:
    ladder = [9.0 * 1.031**i for i in range(150)]
    for currency in tables.PRICE_LEVEL:
        prices = [price_in(base, currency) for base in ladder]
        assert prices == sorted(set(prices))
        assert prices == [round(price, 2) for price in prices]


def test_places_and_currencies_are_those_other_packs_know() -> None:
    with (PACKS / "geography" / "cities.csv").open(encoding="utf-8") as file:
        known = {(row["name"], row["country"]) for row in csv.DictReader(file)}
    homes = {(p.city, p.country) for culture in tables.CULTURES for p in culture.places}
    assert homes <= known
    assert {*tables.HUBS, *tables.WAREHOUSES} <= {name for name, _ in known}
    with (PACKS / "money" / "rates.csv").open(encoding="utf-8") as file:
        rates = {row["currency"] for row in csv.DictReader(file)}
    assert set(tables.PRICE_LEVEL) <= rates
    assert set(tables.CURRENCY_OF.values()) | {tables.OTHER} <= set(tables.PRICE_LEVEL)
    assert {country for _, country in homes} == set(tables.COUNTRY_NAMES)


def test_every_product_has_a_chinese_name_of_its_own() -> None:
    names = [name for category in tables.CATEGORIES for name, _ in tables.names_in(category)]
    assert len(names) == len(set(names)) == 320
    for name in names:
        (chinese, *_) = terms.names_of(name, "product.name", "zh")
        assert terms.parse(chinese, "product.name", "zh") == [name]


# ------------------------------------------------------------------------------ values


@pytest.mark.parametrize("kind", sorted(pack.values))
def test_samplers_are_deterministic_and_varied(world: World, kind: str) -> None:
    found = [sampled(world, kind, seed) for seed in range(60)]
    assert found == [sampled(world, kind, seed) for seed in range(60)]
    small = kind in ("order.status", "product.category", "membership.tier", "cart.quantity")
    assert len(set(found)) >= (3 if small else 10)


@pytest.mark.parametrize(
    ("tool", "parameter", "kind"),
    [
        ("find_customer", "name", "customer.name"),
        ("find_customer_by_email", "email", "customer.email"),
        ("get_order", "order_id", "order.id"),
        ("track_shipment", "order_id", "order.sent"),
        ("refund_status", "order_id", "order.refunded"),
        ("find_product", "product_name", "product.name"),
        ("check_stock", "product_id", "product.found"),
        ("place_order", "cart_id", "cart.id"),
        ("remove_from_cart", "item_id", "cart.item"),
        ("cancel_order", "order_id", "order.open"),
        ("return_order", "order_id", "order.arrived"),
        ("return_item", "item_id", "order.item"),
    ],
)
def test_what_may_be_said_is_accepted(tool: str, parameter: str, kind: str) -> None:
    for seed in range(25):
        world = world_of(seed % 5)
        call(world, tool, **{parameter: sampled(world, kind, seed)})


def test_orders_said_beside_a_name_are_that_customers(world: World) -> None:
    for seed in range(20):
        name = sampled(world, "customer.name", seed)
        order_id = sampled(world, "order.id", seed, **{"customer.name": name})
        assert call(world, "get_order", order_id=order_id)["customer_name"] == name
        email = sampled(world, "customer.email", seed, **{"customer.name": name})
        assert call(world, "find_customer_by_email", email=email)["name"] == name


def test_parcels_are_collected_in_the_customers_country(world: World) -> None:
    found = rows(
        world, "SELECT order_id, name, country_code FROM customers JOIN orders USING (customer_id)"
    )
    for order_id, name, country in found[:40]:
        for known in ({"order.active": order_id}, {"customer.name": name}):
            city = sampled(world, "city.pickup", **known)
            assert tables.PICKUP_COUNTRY[city] == country


def test_budgets_suit_their_currency(world: World) -> None:
    for currency in tables.PRICE_LEVEL:
        budget = sampled(world, "money.budget", 5, **{"currency.shop": currency})
        assert price_in(30, currency) < budget < price_in(500, currency)


# ------------------------------------------------------------------------------- reads


def test_reading_changes_nothing(world: World) -> None:
    before = state(world)
    customer_id = call(world, "find_customer", name=sampled(world, "customer.name").upper())[
        "customer_id"
    ]
    call(world, "get_customer", customer_id=customer_id)
    call(world, "view_cart", customer_id=customer_id)
    product_id = sampled(world, "product.id")
    for tool in ("get_product", "check_stock", "product_reviews", "similar_products"):
        call(world, tool, product_id=product_id)
    call(world, "shipping_cost", product_id=product_id, country="NO")
    assert state(world) == before


def test_a_price_is_the_countrys_own(world: World) -> None:
    product_id = sampled(world, "product.id")
    swedish = call(world, "price_in_country", product_id=product_id, country="SE")
    icelandic = call(world, "price_in_country", product_id=product_id, country="IS")
    assert (swedish["currency"], icelandic["currency"]) == ("SEK", "USD")
    assert icelandic["price"] == call(world, "get_product", product_id=product_id)["price"]


def test_a_search_keeps_to_the_budget(world: World) -> None:
    found = call(world, "search_products", category="tents", currency="EUR", max_price=200)
    every = call(world, "search_products", category="tents", currency="EUR")
    assert found["products"] == [hit for hit in every["products"] if hit["price"] <= 200]


def test_a_parcel_in_transit_is_somewhere_and_a_delivered_one_is_not(world: World) -> None:
    for order_id, status in rows(world, "SELECT order_id, status FROM orders"):
        if status == "shipped":
            found = call(world, "track_shipment", order_id=order_id)
            assert found["current_city"] in tables.HUBS
            assert found["delivery_date"] > TODAY.isoformat()
        elif status == "delivered":
            found = call(world, "track_shipment", order_id=order_id)
            assert found["current_city"] is None
            assert found["shipped_on"] <= found["delivery_date"] <= TODAY.isoformat()


# ------------------------------------------------------------------------------ writes


def test_from_cart_to_order(world: World) -> None:
    customer_id = sampled(world, "customer.id")
    product_id = next(
        product
        for (product,) in rows(world, "SELECT product_id FROM products WHERE stock > 9")
        if product
        not in {i["product_id"] for i in call(world, "view_cart", customer_id=customer_id)["items"]}
    )
    stock = call(world, "check_stock", product_id=product_id)["units_in_stock"]
    added = call(world, "add_to_cart", customer_id=customer_id, product_id=product_id, quantity=3)
    cart = call(world, "view_cart", customer_id=customer_id)
    assert added["cart_total"] == cart["total"]
    placed = call(world, "place_order", cart_id=added["cart_id"])
    assert placed["total"] == pytest.approx(cart["total"] + placed["shipping_fee"])
    assert call(world, "view_cart", customer_id=customer_id)["items"] == []
    assert call(world, "check_stock", product_id=product_id)["units_in_stock"] == stock - 3
    newest = call(world, "list_orders", customer_id=customer_id)["orders"][0]
    assert newest["order_id"] == placed["order_id"]
    order = call(world, "get_order", order_id=placed["order_id"])
    assert (order["total"], order["status"]) == (placed["total"], "pending")
    assert {item["product_id"] for item in order["items"]} == {
        item["product_id"] for item in cart["items"]
    }


def test_cancelling_refunds_everything_and_restocks(world: World) -> None:
    order_id = sampled(world, "order.open")
    order = call(world, "get_order", order_id=order_id)
    product_id = order["items"][0]["product_id"]
    stock = call(world, "check_stock", product_id=product_id)["units_in_stock"]
    cancelled = call(world, "cancel_order", order_id=order_id)
    assert cancelled["refund_amount"] == order["total"]
    assert call(world, "refund_status", order_id=order_id)["refund_id"] == cancelled["refund_id"]
    back = call(world, "check_stock", product_id=product_id)["units_in_stock"]
    assert back == stock + order["items"][0]["quantity"]


def test_returning_items_one_by_one_returns_the_order(world: World) -> None:
    order_id = next(
        order
        for order in (sampled(world, "order.arrived", seed) for seed in range(99))
        if call(world, "get_order", order_id=order)["count"] > 1
    )
    items = call(world, "get_order", order_id=order_id)["items"]
    for item in items:
        assert call(world, "get_order", order_id=order_id)["status"] == "delivered"
        refund = call(world, "return_item", item_id=item["item_id"])["refund_amount"]
        assert refund == pytest.approx(item["unit_price"] * item["quantity"])
    assert call(world, "get_order", order_id=order_id)["status"] == "returned"


def test_deliveries_move_to_days_and_places(world: World) -> None:
    order_id = sampled(world, "order.active")
    day = sampled(world, "date.slot")
    moved = call(world, "reschedule_delivery", order_id=order_id, new_date=day)
    assert moved["new_delivery_date"] == day != moved["old_delivery_date"]
    pickup = call(world, "redirect_to_pickup", order_id=order_id, city="Lyon")
    assert day < pickup["ready_on"] < pickup["hold_until"]


def refusals(world: World) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(kind of failure, tool, arguments) of calls that the shop turns down."""
    of = dict(rows(world, "SELECT status, max(order_id) FROM orders GROUP BY status"))
    (old,) = rows(world, "SELECT order_id FROM orders WHERE delivery_date < '2026-02-01'")[0]
    (sold_out,) = rows(world, "SELECT product_id FROM products WHERE stock = 0")[0]
    query = "SELECT cart_id FROM carts WHERE cart_id NOT IN (SELECT cart_id FROM cart_items)"
    (empty,) = rows(world, query)[0]
    customer_id = sampled(world, "customer.id")
    (wish,) = rows(world, "SELECT product_id FROM wish_lists WHERE customer_id = ?", customer_id)[0]
    pair = {"customer_id": customer_id}
    yield "refused", "cancel_order", {"order_id": of["shipped"]}
    yield "refused", "return_order", {"order_id": of["pending"]}
    yield "refused", "return_order", {"order_id": old}
    yield "refused", "track_shipment", {"order_id": of["pending"]}
    yield "not_found", "refund_status", {"order_id": of["pending"]}
    yield "refused", "add_to_cart", {**pair, "product_id": sold_out}
    yield "refused", "add_to_wish_list", {**pair, "product_id": wish}
    yield "refused", "place_order", {"cart_id": empty}
    for day in ("2026-05-03", "2026-09-01", "2026-05-10"):  # today, too late, a Sunday
        arguments = {"order_id": of["pending"], "new_date": day}
        yield "refused", "reschedule_delivery", arguments
    yield "refused", "redirect_to_pickup", {"order_id": of["delivered"], "city": "Lyon"}
    yield "not_found", "redirect_to_pickup", {"order_id": of["pending"], "city": "Atlantis"}
    yield "not_found", "find_customer", {"name": "Nobody Atall"}
    yield "not_found", "get_order", {"order_id": "SO-1"}
    yield "not_found", "remove_from_cart", {"item_id": "CI-1"}
    yield "not_found", "shipping_cost", {"product_id": sold_out, "country": "ZZ"}
    yield "refused", "search_products", {"category": "tents", "currency": "XYZ"}


def test_refusals_say_why_and_leave_the_shop_as_it_was(world: World) -> None:
    for kind, tool, arguments in list(refusals(world)):
        before = state(world)
        with pytest.raises(ToolError) as caught:
            call(world, tool, **arguments)
        assert caught.value.kind == kind, (tool, arguments)
        assert state(world) == before


def test_a_snapshot_brings_everything_back(world: World) -> None:
    db: sqlite3.Connection = world.db("shop")
    before, image = state(world), db.serialize()
    first = call(world, "place_order", cart_id=sampled(world, "cart.id"))
    db.deserialize(image)
    assert state(world) == before
    assert call(world, "place_order", cart_id=sampled(world, "cart.id")) == first


# ----------------------------------------------------------------------------- wording


def slots(forms: tuple[Form, ...]) -> set[str]:
    return {name for form in forms for name in form.offers}


def unknown_in_answer(pieces: Any, tool: Any, path: str = "") -> list[str]:
    found = []
    for piece in pieces:
        if isinstance(piece, Maybe):
            found += unknown_in_answer(piece.pieces, tool, path)
        elif isinstance(piece, Each):
            found += unknown_in_answer(piece.item, tool, f"{path}{piece.list}.")
        elif not isinstance(piece, str) and not field_schema(tool, path + piece.name):
            found.append(path + piece.name)
    return found


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", sorted(pack.functions))
def test_wording_names_what_is_there_and_enough_of_it(language: Any, name: str) -> None:
    words: Words = lexicon(language, ("shop",)).tools[name]
    tool = pack.functions[name].tool
    parameters = set(tool.parameters["properties"])
    assert slots((*words.ask, *words.do, *words.me)) <= parameters
    for path, forms in (*words.name.items(), *words.elide.items(), *words.that.items()):
        assert field_schema(tool, path), path
        assert slots(forms) <= parameters | {"@"}
    for path, rules in words.pick.items():
        for rule in rules:
            said = {f".{field}" for field, _, value in rule.tests if value == "said"}
            assert slots(rule.forms) <= parameters | said
            for field in [f for f, _, _ in rule.tests] + ([rule.by] if rule.by else []):
                assert field_schema(tool, f"{path}.{field}"), field
    assert [unknown_in_answer(form.pieces, tool) for form in words.answer] == [[]] * len(
        words.answer
    )
    assert len(words.ask) >= 4
    assert len(words.do) >= 3
    assert len(words.because) >= 3
    assert len(words.answer) >= 3
    assert not any(char.isdigit() for why in words.because for char in why.text)
    # every way of calling the tool can be asked for
    required = frozenset(tool.parameters["required"])
    assert any(form.fits(required) for form in words.do)
    assert any(form.fits(required) for form in words.ask)


def test_states_have_chinese_names() -> None:
    for status in STATUSES:
        assert terms.names_of(status, "order.status", "zh")
    for kind, values in {
        "country.store": set(tables.CURRENCY_OF),
        "currency.shop": set(tables.PRICE_LEVEL),
        "city.pickup": set(tables.PICKUP_CITIES),
        "membership.tier": set(tables.TIERS),
        "product.category": set(tables.CATEGORIES),
    }.items():
        assert all(terms.names_of(value, kind, "zh") for value in values), kind
