"""The devices: which there are, how each of them is, what its maker says of it."""

from __future__ import annotations

import json
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.home.base import (
    DEVICES,
    PAGE,
    Device,
    DeviceId,
    DeviceName,
    DeviceType,
    Model,
    Moment,
    Percent,
    RoomId,
    RoomName,
    State,
    device_of,
    house,
    pack,
    room_of,
)
from callwright.generators.paging import paged
from callwright.schemas.errors import ToolError

PRICE_KWH = 0.32
"""Euros for a kilowatt-hour."""

Power = Annotated[float, Kind("power.watts")]


class ListedDevice(TypedDict):
    device_id: DeviceId
    name: DeviceName
    type: DeviceType
    state: State
    power_w: Power


class DeviceList(TypedDict):
    room: RoomName
    count: int
    page: int
    next_page: int | None
    devices: list[ListedDevice]


class Battery(TypedDict):
    device_id: DeviceId
    name: DeviceName
    room: RoomName
    battery_percent: Percent


class Batteries(TypedDict):
    count: int
    page: int
    next_page: int | None
    batteries: list[Battery]


class Network(TypedDict):
    protocol: str
    signal_dbm: int
    address: str


class Event(TypedDict):
    event_id: int
    at: Moment
    level: str
    source: str
    what: str
    acknowledged: bool


class DeviceDetails(TypedDict):
    device_id: str
    name: DeviceName
    type: DeviceType
    room_id: RoomId
    room: RoomName
    state: State
    power_w: Power
    battery_percent: Percent | None
    model_number: Model
    maker: str
    serial_number: str
    firmware: Annotated[str, Kind("home.firmware")]
    installed_on: Annotated[str, Kind("date.installed", format="date")]
    last_seen: Moment
    network: Network
    count: int
    events: list[Event]


class Details(TypedDict):
    protocols: list[str]
    dimensions_mm: list[int]
    weight_g: int
    operating_range_c: list[int]
    description: str
    care: list[str]
    in_the_box: list[str]


class Sheet(TypedDict):
    model_number: str
    maker: Annotated[str, Kind("home.maker")]
    type: DeviceType
    battery_type: Annotated[str | None, Kind("home.battery_type")]
    warranty_months: Annotated[int, Kind("duration.warranty")]
    spare_part: Annotated[str, Kind("home.part")]
    latest_firmware: Annotated[str, Kind("home.firmware")]
    details: Details


class Energy(TypedDict):
    device_id: str
    name: DeviceName
    period: Annotated[str, Kind("home.period")]
    energy_kwh: Annotated[float, Kind("energy.used")]
    cost: Annotated[float, Kind("money.energy")]
    currency: Annotated[str, Kind("currency.code")]


@pack.tool
def list_devices(
    world: World,
    room_id: RoomId,
    state: Annotated[Literal["on", "off"] | None, Kind("home.state")] = None,
    page: Annotated[int, Kind("list.page"), Field(ge=1)] = 1,
) -> DeviceList:
    """List the devices in a room by name, 8 a page, with their state and the power they draw.

    Args:
        room_id: ID of the room.
        state: Only devices that are on, or off.
        page: Number of the page.
    """
    room = room_of(world, room_id)
    rows = [Device(*row) for row in house(world).execute(DEVICES + " WHERE d.room_id = ?"
            " ORDER BY d.name", (room_id,))]  # fmt: skip
    found: list[ListedDevice] = [
        {
            "device_id": device.device_id,
            "name": device.name,
            "type": device.type,
            "state": device.state,
            "power_w": device.watts if device.state == "on" else 0.0,
        }
        for device in rows
        if state in (None, device.state)
    ]
    devices, following = paged(found, page, PAGE)
    return {
        "room": room.name,
        "count": len(found),
        "page": page,
        "next_page": following,
        "devices": devices,
    }


@pack.tool
def list_batteries(
    world: World, page: Annotated[int, Kind("list.page"), Field(ge=1)] = 1
) -> Batteries:
    """List what runs on batteries in the house, the emptiest first, 8 a page.

    Args:
        page: Number of the page.
    """
    query = DEVICES + " WHERE battery_percent IS NOT NULL ORDER BY battery_percent"
    rows = house(world).execute(query)
    found: list[Battery] = [
        {
            "device_id": row[0],
            "name": row[1],
            "room": row[3],
            "battery_percent": row[8],
        }
        for row in rows
    ]
    batteries, following = paged(found, page, PAGE)
    return {"count": len(found), "page": page, "next_page": following, "batteries": batteries}


@pack.tool
def get_device(world: World, device_id: DeviceId) -> DeviceDetails:
    """Show all there is to know of a device: state, model, firmware, battery, network, its log.

    Args:
        device_id: ID of the device.
    """
    device = device_of(world, device_id)
    db = house(world)
    maker, sheet = db.execute(
        "SELECT maker, sheet FROM models WHERE model_number = ?", (device.model_number,)
    ).fetchone()
    log = "SELECT event_id, at, what FROM events WHERE device_id = ? ORDER BY event_id"
    events: list[Event] = [
        {
            "event_id": row[0],
            "at": row[1],
            "level": "notice",
            "source": f"hub/{device.type}",
            "what": row[2],
            "acknowledged": True,
        }
        for row in db.execute(log, (device_id,))
    ]
    number = int(device.device_id.removeprefix("D-"))
    return {
        "device_id": device.device_id,
        "name": device.name,
        "type": device.type,
        "room_id": device.room_id,
        "room": device.room,
        "state": device.state,
        "power_w": device.watts if device.state == "on" else 0.0,
        "battery_percent": device.battery_percent,
        "model_number": device.model_number,
        "maker": maker,
        "serial_number": device.serial,
        "firmware": device.firmware,
        "installed_on": device.installed_on,
        "last_seen": events[0]["at"],
        "network": {
            "protocol": json.loads(sheet)["protocols"][0],
            "signal_dbm": device.signal_dbm,
            "address": f"192.0.2.{number % 250 + 2}",
        },
        "count": len(events),
        "events": events,
    }


@pack.tool
def model_sheet(world: World, model_number: Model) -> Sheet:
    """Show the data sheet of a model: battery type, warranty, spare part, newest firmware, care.

    Args:
        model_number: Number of the model.
    """
    row = house(world).execute(
        "SELECT maker, type, battery_type, warranty_months, spare_part, latest_firmware, sheet"
        " FROM models WHERE model_number = ?",
        (model_number,),
    ).fetchone()  # fmt: skip
    if row is None:
        raise ToolError("not_found", f"No model with the number {model_number}.")
    maker, type_, battery, months, part, firmware, sheet = row
    return {
        "model_number": model_number,
        "maker": maker,
        "type": type_,
        "battery_type": battery,
        "warranty_months": months,
        "spare_part": part,
        "latest_firmware": firmware,
        "details": json.loads(sheet),
    }


@pack.tool
def device_energy(
    world: World,
    device_id: DeviceId,
    period: Annotated[Literal["day", "week", "month"], Kind("home.period")] = "month",
) -> Energy:
    """Show how much electricity a device has used lately, and what that cost.

    Args:
        device_id: ID of the device.
        period: The last day, week or month.
    """
    device = device_of(world, device_id)
    if device.watts == 0:
        raise ToolError("refused", f"{device.name} runs on a battery: its use is not measured.")
    share = {"day": 1 / 30, "week": 7 / 30, "month": 1.0}[period]
    energy = round(device.month_kwh * share, 2)
    return {
        "device_id": device.device_id,
        "name": device.name,
        "period": period,
        "energy_kwh": energy,
        "cost": round(energy * PRICE_KWH, 2),
        "currency": "EUR",
    }
