"""Carts, wish lists and checking out."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.shop.base import (
    MAX_ITEMS,
    CartTotal,
    Currency,
    Customer,
    CustomerId,
    CustomerName,
    DeliveryDate,
    Price,
    ProductName,
    Total,
    customer_of,
    next_id,
    pack,
    product_of,
    shop,
)
from callwright.generators.packs.shop.world import price_in
from callwright.schemas.errors import ToolError

FREE_SHIPPING = 120.0
"""Base value in euros from which nothing is charged for shipping."""

SHIPPING = 7.9
"""Base fee in euros below that."""

CartId = Annotated[str, Kind("cart.id")]


class CartItem(TypedDict):
    item_id: Annotated[str, Kind("cart.item")]
    product_id: Annotated[str, Kind("product.in_cart")]
    product_name: ProductName
    quantity: int
    unit_price: Price
    currency: Currency


class Cart(TypedDict):
    cart_id: CartId
    customer_name: CustomerName
    total: CartTotal
    currency: Currency
    count: int
    items: list[CartItem]


class Added(TypedDict):
    cart_id: CartId
    item_id: str
    product_name: ProductName
    quantity: int
    unit_price: Annotated[float, Kind("money.unit_price")]
    cart_total: CartTotal
    currency: Currency


class Removed(TypedDict):
    cart_id: CartId
    product_name: ProductName
    items_left: int
    cart_total: CartTotal
    currency: Currency


class Wish(TypedDict):
    customer_name: CustomerName
    product_id: str
    product_name: ProductName
    items_on_list: int


class Placed(TypedDict):
    order_id: Annotated[str, Kind("order.placed")]
    customer_name: CustomerName
    status: Annotated[str, Kind("order.status")]
    item_count: int
    shipping_fee: float
    total: Total
    currency: Currency
    delivery_date: DeliveryDate


def _items(world: World, cart_id: str, currency: str) -> list[CartItem]:
    return [
        {
            "item_id": row[0],
            "product_id": row[1],
            "product_name": row[2],
            "quantity": row[3],
            "unit_price": price_in(row[4], currency),
            "currency": currency,
        }
        for row in shop(world).execute(
            "SELECT item_id, product_id, name, quantity, base_price FROM cart_items"
            " JOIN products USING (product_id) WHERE cart_id = ? ORDER BY item_id",
            (cart_id,),
        )
    ]


def _total(items: list[CartItem]) -> float:
    return round(sum(item["unit_price"] * item["quantity"] for item in items), 2)


def _cart_of(world: World, customer_id: str) -> tuple[str, Customer]:
    customer = customer_of(world, customer_id)
    query = "SELECT cart_id FROM carts WHERE customer_id = ?"
    (cart_id,) = shop(world).execute(query, (customer_id,)).fetchone()
    return cart_id, customer


@pack.tool
def view_cart(world: World, customer_id: CustomerId) -> Cart:
    """Show what is in a customer's cart. Gives the cart ID, the items with prices and the total.

    Args:
        customer_id: ID of the customer.
    """
    cart_id, customer = _cart_of(world, customer_id)
    items = _items(world, cart_id, customer.currency)
    return {
        "cart_id": cart_id,
        "customer_name": customer.name,
        "total": _total(items),
        "currency": customer.currency,
        "count": len(items),
        "items": items[:MAX_ITEMS],
    }


@pack.tool(effect="write")
def add_to_cart(
    world: World,
    customer_id: CustomerId,
    product_id: Annotated[str, Kind("product.id", accepts=("product.found",))],
    quantity: Annotated[int, Kind("cart.quantity"), Field(ge=1, le=20)] = 1,
) -> Added:
    """Put a product in a customer's cart. Refused when fewer units are in stock.

    Args:
        customer_id: ID of the customer.
        product_id: ID of the product.
        quantity: How many units.
    """
    cart_id, customer = _cart_of(world, customer_id)
    product = product_of(world, product_id)
    db = shop(world)
    row = db.execute(
        "SELECT item_id, quantity FROM cart_items WHERE cart_id = ? AND product_id = ?",
        (cart_id, product_id),
    ).fetchone()
    wanted = quantity + (row[1] if row else 0)
    if wanted > product.stock:
        raise ToolError("refused", f"{product.name}: {wanted} wanted, {product.stock} in stock.")
    if row:
        item_id = row[0]
        db.execute("UPDATE cart_items SET quantity = ? WHERE item_id = ?", (wanted, item_id))
    else:
        item_id = next_id(world, "cart_items", "item_id")
        values = (item_id, cart_id, product_id, wanted)
        db.execute("INSERT INTO cart_items VALUES (?, ?, ?, ?)", values)
    return {
        "cart_id": cart_id,
        "item_id": item_id,
        "product_name": product.name,
        "quantity": wanted,
        "unit_price": price_in(product.base_price, customer.currency),
        "cart_total": _total(_items(world, cart_id, customer.currency)),
        "currency": customer.currency,
    }


@pack.tool(effect="write")
def remove_from_cart(world: World, item_id: Annotated[str, Kind("cart.item")]) -> Removed:
    """Take an item out of a cart, whatever its quantity.

    Args:
        item_id: ID of the item in the cart.
    """
    db = shop(world)
    row = db.execute(
        "SELECT cart_id, products.name, currency FROM cart_items JOIN products USING (product_id)"
        " JOIN carts USING (cart_id) JOIN customers USING (customer_id) WHERE item_id = ?",
        (item_id,),
    ).fetchone()
    if row is None:
        raise ToolError("not_found", f"No cart holds an item {item_id}.")
    cart_id, name, currency = row
    db.execute("DELETE FROM cart_items WHERE item_id = ?", (item_id,))
    left = _items(world, cart_id, currency)
    return {
        "cart_id": cart_id,
        "product_name": name,
        "items_left": len(left),
        "cart_total": _total(left),
        "currency": currency,
    }


@pack.tool(effect="write")
def add_to_wish_list(
    world: World,
    customer_id: CustomerId,
    product_id: Annotated[str, Kind("product.id", accepts=("product.found",))],
) -> Wish:
    """Put a product on a customer's wish list. Nothing is bought or reserved.

    Args:
        customer_id: ID of the customer.
        product_id: ID of the product.
    """
    customer = customer_of(world, customer_id)
    product = product_of(world, product_id)
    db = shop(world)
    try_insert = "INSERT OR IGNORE INTO wish_lists VALUES (?, ?, ?)"
    added = db.execute(try_insert, (customer_id, product_id, world.now.date().isoformat()))
    if added.rowcount == 0:
        raise ToolError("refused", f"{product.name} is on the wish list already.")
    count = "SELECT count(*) FROM wish_lists WHERE customer_id = ?"
    (items,) = db.execute(count, (customer_id,)).fetchone()
    return {
        "customer_name": customer.name,
        "product_id": product.product_id,
        "product_name": product.name,
        "items_on_list": items,
    }


@pack.tool(effect="write")
def place_order(world: World, cart_id: CartId) -> Placed:
    """Order everything in a cart, to the customer's own address. The cart is empty afterwards.

    Refused when the cart is empty or an item is no longer in stock.

    Args:
        cart_id: ID of the cart.
    """
    db = shop(world)
    row = db.execute("SELECT customer_id FROM carts WHERE cart_id = ?", (cart_id,)).fetchone()
    if row is None:
        raise ToolError("not_found", f"No cart with the ID {cart_id}.")
    customer = customer_of(world, row[0])
    items = _items(world, cart_id, customer.currency)
    if not items:
        raise ToolError("refused", f"Cart {cart_id} is empty.")
    base = 0.0
    for item in items:
        product = product_of(world, item["product_id"])
        base += product.base_price * item["quantity"]
        if product.stock < item["quantity"]:
            raise ToolError("refused", f"{product.name}: only {product.stock} in stock.")
    fee = 0.0 if base >= FREE_SHIPPING else price_in(SHIPPING, customer.currency)
    # Other shoppers take numbers too, as many as the cart says: another cart, another number.
    order_id = next_id(world, "orders", "order_id", skip=int(cart_id.removeprefix("K-")) % 97)
    today = world.now.date()
    # the same everywhere, but not on Sundays
    delivery = today + timedelta(6 + len(items))
    delivery += timedelta(delivery.weekday() == 6)
    db.execute(
        "INSERT INTO orders VALUES (?, ?, ?, 'pending', ?, ?, ?, ?)",
        (
            order_id,
            customer.customer_id,
            today.isoformat(),
            customer.currency,
            fee,
            customer.city,
            delivery.isoformat(),
        ),
    )
    for item in items:
        item_id = next_id(world, "order_items", "item_id")
        product_id, quantity = item["product_id"], item["quantity"]
        db.execute(
            "INSERT INTO order_items VALUES (?, ?, ?, ?, ?, 0)",
            (item_id, order_id, product_id, quantity, item["unit_price"]),
        )
        take = "UPDATE products SET stock = stock - ? WHERE product_id = ?"
        db.execute(take, (quantity, product_id))
    db.execute("DELETE FROM cart_items WHERE cart_id = ?", (cart_id,))
    return {
        "order_id": order_id,
        "customer_name": customer.name,
        "status": "pending",
        "item_count": sum(item["quantity"] for item in items),
        "shipping_fee": fee,
        "total": round(fee + _total(items), 2),
        "currency": customer.currency,
        "delivery_date": delivery.isoformat(),
    }
