"""What a customer has ordered, where it is, and what was paid back."""

from __future__ import annotations

from typing import Annotated, Literal

from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.shop.base import (
    MAX_ITEMS,
    Currency,
    CustomerId,
    CustomerName,
    DeliveryDate,
    PaidPrice,
    ProductName,
    Refund,
    RefundDate,
    Status,
    Total,
    customer_of,
    order_of,
    pack,
    shop,
)
from callwright.schemas.errors import ToolError


class ListedOrder(TypedDict):
    order_id: Annotated[str, Kind("order.id")]
    placed_on: Annotated[str, Kind("date.order", format="date")]
    status: Status
    item_count: int


class Orders(TypedDict):
    customer_id: str
    customer_name: CustomerName
    count: int
    orders: list[ListedOrder]


class OrderItem(TypedDict):
    item_id: Annotated[str, Kind("order.item")]
    product_id: Annotated[str, Kind("product.ordered")]
    product_name: ProductName
    quantity: int
    unit_price: PaidPrice
    currency: Currency


class OrderDetails(TypedDict):
    order_id: str
    customer_name: CustomerName
    status: Status
    placed_on: Annotated[str, Kind("date.placed", format="date")]
    ship_to_city: Annotated[str, Kind("city.parcel")]
    shipping_fee: float
    total: Total
    currency: Currency
    count: int
    items: list[OrderItem]


class Tracking(TypedDict):
    order_id: str
    status: Annotated[str, Kind("shipment.status")]
    carrier: str
    tracking_number: str
    shipped_on: Annotated[str, Kind("date.shipped", format="date")]
    delivery_date: DeliveryDate
    current_city: Annotated[str | None, Kind("city.parcel")]
    weight_kg: Annotated[float, Kind("mass.parcel")]


class RefundStatus(TypedDict):
    refund_id: str
    order_id: str
    status: Annotated[str, Kind("refund.status")]
    amount: Refund
    currency: Currency
    issued_on: Annotated[str, Kind("date.issued", format="date")]
    due_on: RefundDate


@pack.tool
def list_orders(
    world: World,
    customer_id: CustomerId,
    status: Annotated[
        Literal["pending", "shipped", "delivered", "cancelled", "returned"] | None,
        Kind("order.status"),
    ] = None,
) -> Orders:
    """List a customer's latest orders, newest first. Gives each order's date and status.

    Args:
        customer_id: ID of the customer.
        status: Only orders in this state; a pending order has not been shipped yet.
    """
    customer = customer_of(world, customer_id)
    query = (
        "SELECT order_id, placed_on, status,"
        " (SELECT sum(quantity) FROM order_items i WHERE i.order_id = o.order_id)"
        " FROM orders o WHERE customer_id = ?"
    )
    values = [customer_id]
    if status is not None:
        query += " AND status = ?"
        values.append(status)
    rows = shop(world).execute(query + " ORDER BY placed_on DESC, order_id DESC", values).fetchall()
    orders: list[ListedOrder] = [
        {"order_id": row[0], "placed_on": row[1], "status": row[2], "item_count": row[3]}
        for row in rows
    ]
    return {
        "customer_id": customer.customer_id,
        "customer_name": customer.name,
        "count": len(orders),
        "orders": orders[:MAX_ITEMS],
    }


@pack.tool
def get_order(world: World, order_id: Annotated[str, Kind("order.id")]) -> OrderDetails:
    """Show what is in an order. Gives its items with prices, the total and where it goes.

    Args:
        order_id: Number of the order.
    """
    order = order_of(world, order_id)
    items: list[OrderItem] = [
        {
            "item_id": row[0],
            "product_id": row[1],
            "product_name": row[2],
            "quantity": row[3],
            "unit_price": row[4],
            "currency": order.currency,
        }
        for row in shop(world).execute(
            "SELECT item_id, product_id, name, quantity, unit_price FROM order_items"
            " JOIN products USING (product_id) WHERE order_id = ? ORDER BY item_id",
            (order_id,),
        )
    ]
    total = order.shipping_fee + sum(item["unit_price"] * item["quantity"] for item in items)
    return {
        "order_id": order.order_id,
        "customer_name": customer_of(world, order.customer_id).name,
        "status": order.status,
        "placed_on": order.placed_on,
        "ship_to_city": order.ship_to_city,
        "shipping_fee": order.shipping_fee,
        "total": round(total, 2),
        "currency": order.currency,
        "count": len(items),
        "items": items[:MAX_ITEMS],
    }


@pack.tool
def track_shipment(
    world: World, order_id: Annotated[str, Kind("order.sent", accepts=("order.id",))]
) -> Tracking:
    """Track the parcel of an order that has left the warehouse. Gives carrier, place and date.

    The delivery date is the expected one while the parcel is in transit, afterwards the day on
    which it was delivered; a parcel may have been returned since. Refused for orders that have not
    been shipped.

    Args:
        order_id: Number of the order.
    """
    order = order_of(world, order_id)
    row = (
        shop(world)
        .execute(
            "SELECT carrier, tracking_number, shipped_on, current_city FROM shipments"
            " WHERE order_id = ?",
            (order_id,),
        )
        .fetchone()
    )
    if row is None or order.delivery_date is None:
        raise ToolError("refused", f"Order {order_id} is {order.status}: there is no parcel yet.")
    (weight,) = (
        shop(world)
        .execute(
            "SELECT sum(quantity * weight_kg) FROM order_items JOIN products USING (product_id)"
            " WHERE order_id = ?",
            (order_id,),
        )
        .fetchone()
    )
    return {
        "order_id": order.order_id,
        "status": "in transit" if order.status == "shipped" else order.status,
        "carrier": row[0],
        "tracking_number": row[1],
        "shipped_on": row[2],
        "delivery_date": order.delivery_date,
        "current_city": row[3],
        "weight_kg": round(weight + 0.2, 2),
    }


@pack.tool
def refund_status(
    world: World, order_id: Annotated[str, Kind("order.refunded", accepts=("order.id",))]
) -> RefundStatus:
    """Show the refund of a cancelled or returned order. Gives amount, state and due date.

    Args:
        order_id: Number of the order that was cancelled or returned.
    """
    order = order_of(world, order_id)
    row = (
        shop(world)
        .execute(
            "SELECT refund_id, status, amount, currency, issued_on, due_on FROM refunds"
            " WHERE order_id = ? ORDER BY refund_id DESC",
            (order_id,),
        )
        .fetchone()
    )
    if row is None:
        raise ToolError("not_found", f"Order {order_id} is {order.status} and has no refund.")
    return {
        "refund_id": row[0],
        "order_id": order.order_id,
        "status": row[1],
        "amount": row[2],
        "currency": row[3],
        "issued_on": row[4],
        "due_on": row[5],
    }
