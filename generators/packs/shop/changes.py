"""Changing orders: cancelling, sending back, delivering on another day or to another place."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.shop.base import (
    Currency,
    DeliveryDate,
    DueDate,
    Order,
    ProductName,
    Refund,
    RefundDate,
    Status,
    next_id,
    order_of,
    pack,
    shop,
)
from callwright.generators.packs.shop.tables import PICKUP_CITIES
from callwright.generators.packs.shop.values import ACTIVE
from callwright.generators.packs.shop.world import RETURN_DAYS
from callwright.schemas.errors import ToolError

LATEST_SLOT = 60
"""A delivery may be put off until so many days from now."""

ActiveOrder = Annotated[str, Kind("order.active", accepts=("order.id", "order.placed"))]


class Cancelled(TypedDict):
    order_id: str
    status: Status
    refund_id: str
    refund_amount: Refund
    currency: Currency
    refund_due_on: RefundDate


class Returned(TypedDict):
    order_id: str
    refund_id: str
    refund_amount: Refund
    currency: Currency
    send_back_by: DueDate
    refund_due_on: RefundDate


class ReturnedItem(TypedDict):
    order_id: str
    product_name: ProductName
    quantity: int
    refund_id: str
    refund_amount: Refund
    currency: Currency
    send_back_by: DueDate


class Rescheduled(TypedDict):
    order_id: str
    old_delivery_date: Annotated[str, Kind("date.replaced", format="date")]
    new_delivery_date: Annotated[str, Kind("date.agreed", format="date")]


class Pickup(TypedDict):
    order_id: str
    pickup_id: str
    city: Annotated[str, Kind("city.pickup")]
    ready_on: DeliveryDate
    hold_until: DueDate


def _today(world: World) -> date:
    return world.now.date()


def _refund(world: World, order: Order, amount: float, days: int) -> tuple[str, str]:
    """Notes a refund; returns its id and the day by which it is paid."""
    refund_id = next_id(world, "refunds", "refund_id")
    today = _today(world)
    due = (today + timedelta(days)).isoformat()
    shop(world).execute(
        "INSERT INTO refunds VALUES (?, ?, ?, ?, 'pending', ?, ?)",
        (refund_id, order.order_id, amount, order.currency, today.isoformat(), due),
    )
    return refund_id, due


def _patience(order: Order) -> int:
    """Days a refund takes: the bank's pace, different from order to order."""
    return 5 + int(order.order_id[-1]) % 6


def _set_status(world: World, order: Order, status: str) -> None:
    update = "UPDATE orders SET status = ? WHERE order_id = ?"
    shop(world).execute(update, (status, order.order_id))


@pack.tool(effect="write")
def cancel_order(
    world: World, order_id: Annotated[str, Kind("order.open", accepts=("order.id",))]
) -> Cancelled:
    """Cancel an order that has not been shipped yet. The whole amount is refunded.

    Refused once the order has been shipped.

    Args:
        order_id: Number of the order.
    """
    order = order_of(world, order_id)
    if order.status != "pending":
        raise ToolError("refused", f"Order {order_id} is {order.status} and cannot be cancelled.")
    db = shop(world)
    items = db.execute(
        "SELECT product_id, quantity, unit_price FROM order_items WHERE order_id = ?", (order_id,)
    ).fetchall()
    amount = order.shipping_fee
    for product_id, quantity, price in items:
        amount += quantity * price
        put_back = "UPDATE products SET stock = stock + ? WHERE product_id = ?"
        db.execute(put_back, (quantity, product_id))
    amount = round(amount, 2)
    refund_id, due = _refund(world, order, amount, _patience(order))
    _set_status(world, order, "cancelled")
    db.execute("UPDATE orders SET delivery_date = NULL WHERE order_id = ?", (order_id,))
    return {
        "order_id": order_id,
        "status": "cancelled",
        "refund_id": refund_id,
        "refund_amount": amount,
        "currency": order.currency,
        "refund_due_on": due,
    }


def _check_returnable(world: World, order: Order) -> None:
    if order.status != "delivered" or order.delivery_date is None:
        raise ToolError("refused", f"Order {order.order_id} is {order.status}, not delivered.")
    last = date.fromisoformat(order.delivery_date) + timedelta(RETURN_DAYS)
    if _today(world) > last:
        raise ToolError("refused", f"Order {order.order_id} could be returned until {last}.")


def _send_back_by(world: World, order: Order) -> str:
    return (_today(world) + timedelta(10 + int(order.order_id[-2]))).isoformat()


@pack.tool(effect="write")
def return_order(
    world: World, order_id: Annotated[str, Kind("order.arrived", accepts=("order.id",))]
) -> Returned:
    """Register the return of a whole delivered order. Shipping fees are not refunded.

    Refused for orders that were not delivered, or that were delivered too long ago.

    Args:
        order_id: Number of the order.
    """
    order = order_of(world, order_id)
    _check_returnable(world, order)
    db = shop(world)
    (amount,) = db.execute(
        "SELECT sum(quantity * unit_price) FROM order_items WHERE order_id = ? AND NOT returned",
        (order_id,),
    ).fetchone()
    db.execute("UPDATE order_items SET returned = 1 WHERE order_id = ?", (order_id,))
    amount = round(amount, 2)
    refund_id, due = _refund(world, order, amount, 14 + _patience(order))
    _set_status(world, order, "returned")
    return {
        "order_id": order_id,
        "refund_id": refund_id,
        "refund_amount": amount,
        "currency": order.currency,
        "send_back_by": _send_back_by(world, order),
        "refund_due_on": due,
    }


@pack.tool(effect="write")
def return_item(world: World, item_id: Annotated[str, Kind("order.item")]) -> ReturnedItem:
    """Register the return of one item of a delivered order. The order's other items are kept.

    Refused for orders that were not delivered, or that were delivered too long ago.

    Args:
        item_id: ID of the item in the order.
    """
    db = shop(world)
    row = db.execute(
        "SELECT order_id, name, quantity, unit_price, returned FROM order_items"
        " JOIN products USING (product_id) WHERE item_id = ?",
        (item_id,),
    ).fetchone()
    if row is None:
        raise ToolError("not_found", f"No order holds an item {item_id}.")
    order_id, name, quantity, price, returned = row
    order = order_of(world, order_id)
    if returned:
        raise ToolError("refused", f"Item {item_id} has been returned already.")
    _check_returnable(world, order)
    db.execute("UPDATE order_items SET returned = 1 WHERE item_id = ?", (item_id,))
    left = "SELECT count(*) FROM order_items WHERE order_id = ? AND NOT returned"
    if db.execute(left, (order_id,)).fetchone()[0] == 0:
        _set_status(world, order, "returned")
    amount = round(quantity * price, 2)
    refund_id, _ = _refund(world, order, amount, 14 + _patience(order))
    return {
        "order_id": order_id,
        "product_name": name,
        "quantity": quantity,
        "refund_id": refund_id,
        "refund_amount": amount,
        "currency": order.currency,
        "send_back_by": _send_back_by(world, order),
    }


@pack.tool(effect="write")
def reschedule_delivery(
    world: World,
    order_id: ActiveOrder,
    new_date: Annotated[str, Kind("date.slot", format="date")],
) -> Rescheduled:
    """Have an order delivered on another day. Nothing is delivered on Sundays.

    Refused for orders that have been delivered or cancelled, and for days too soon or too late.

    Args:
        order_id: Number of the order.
        new_date: The day wanted, tomorrow at the earliest, within the next 60 days.
    """
    order = order_of(world, order_id)
    if order.status not in ACTIVE or order.delivery_date is None:
        raise ToolError("refused", f"Order {order_id} is {order.status}.")
    try:
        day = date.fromisoformat(new_date)
    except ValueError:
        raise ToolError("invalid_arguments", f"{new_date} is not a date.") from None
    today = _today(world)
    if not today < day <= today + timedelta(LATEST_SLOT):
        raise ToolError("refused", f"{new_date} is not within the next {LATEST_SLOT} days.")
    if day.weekday() == 6:
        raise ToolError("refused", f"{new_date} is a Sunday.")
    if new_date == order.delivery_date:
        raise ToolError("refused", f"Order {order_id} is due on {new_date} already.")
    update = "UPDATE orders SET delivery_date = ? WHERE order_id = ?"
    shop(world).execute(update, (new_date, order_id))
    return {
        "order_id": order_id,
        "old_delivery_date": order.delivery_date,
        "new_delivery_date": new_date,
    }


@pack.tool(effect="write")
def redirect_to_pickup(
    world: World, order_id: ActiveOrder, city: Annotated[str, Kind("city.pickup")]
) -> Pickup:
    """Send an order to the pickup point of a city instead of the customer's address.

    Refused for orders that have been delivered or cancelled.

    Args:
        order_id: Number of the order.
        city: Name of the city, in English.
    """
    order = order_of(world, order_id)
    if order.status not in ACTIVE or order.delivery_date is None:
        raise ToolError("refused", f"Order {order_id} is {order.status}.")
    if city not in PICKUP_CITIES:
        raise ToolError("not_found", f"There is no pickup point in {city}.")
    ready = date.fromisoformat(order.delivery_date) + timedelta(1 + len(city) % 3)
    ready += timedelta(ready.weekday() == 6)
    hold = (ready + timedelta(14)).isoformat()
    number = 200 + sum(map(ord, city)) % 700
    pickup_id = f"PU-{number}-{order_id.removeprefix('SO-')}"
    shop(world).execute(
        "INSERT OR REPLACE INTO pickups VALUES (?, ?, ?, ?, ?)",
        (order_id, pickup_id, city, ready.isoformat(), hold),
    )
    return {
        "order_id": order_id,
        "pickup_id": pickup_id,
        "city": city,
        "ready_on": ready.isoformat(),
        "hold_until": hold,
    }
