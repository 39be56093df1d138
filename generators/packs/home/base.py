"""What the house's tools share: the pack, look-ups by id, and the types of common fields."""

from __future__ import annotations

import sqlite3
from typing import Annotated, Literal, NamedTuple

from callwright.generators.nearest import nearest
from callwright.generators.pack import Kind, Pack, World
from callwright.generators.packs.home.world import seed_database
from callwright.schemas.errors import ToolError

pack = Pack(
    "home",
    about="A house: rooms, devices, scenes, timers, alerts, data sheets, energy and climate.",
    data="Invented and seeded; makers and models exist nowhere.",
    seed_database=seed_database,
)

PAGE = 8
"""Items on a page."""

DeviceId = Annotated[str, Kind("home.device_id")]
DeviceName = Annotated[str, Kind("home.device")]
RoomId = Annotated[str, Kind("home.room_id")]
RoomName = Annotated[str, Kind("home.room")]
SceneName = Annotated[str, Kind("home.scene")]
Model = Annotated[str, Kind("home.model")]
DeviceType = Annotated[str, Kind("home.type")]
State = Annotated[str, Kind("home.state")]
Switch = Annotated[str, Kind("home.switch")]
"""What a timer or a scene does to a device."""
Wanted = Annotated[Literal["on", "off"], Kind("home.switch")]
Moment = Annotated[str, Kind("datetime.house", format="date-time")]
"""When something happened in the house; nothing is counted from it."""
TimerMoment = Annotated[str, Kind("datetime.timer", format="date-time")]
Percent = Annotated[int, Kind("percent.battery")]


class Device(NamedTuple):
    device_id: str
    name: str
    room_id: str
    room: str
    model_number: str
    type: str
    state: str
    watts: float
    battery_percent: int | None
    firmware: str
    serial: str
    installed_on: str
    signal_dbm: int
    month_kwh: float


class Room(NamedTuple):
    room_id: str
    name: str
    floor: str
    area_m2: float
    temperature_c: float
    humidity_percent: int
    co2_ppm: int
    measured_at: str
    target_c: float | None


DEVICES = (
    "SELECT device_id, d.name, d.room_id, r.name, model_number, type, state, watts,"
    " battery_percent, firmware, serial, installed_on, signal_dbm, month_kwh"
    " FROM devices d JOIN rooms r USING (room_id)"
)


def house(world: World) -> sqlite3.Connection:
    return world.db("home")


def device_of(world: World, device_id: str) -> Device:
    row = house(world).execute(DEVICES + " WHERE device_id = ?", (device_id,)).fetchone()
    if row is None:
        raise ToolError("not_found", f"No device with the ID {device_id}.")
    return Device(*row)


def room_of(world: World, room_id: str) -> Room:
    row = house(world).execute("SELECT * FROM rooms WHERE room_id = ?", (room_id,)).fetchone()
    if row is None:
        raise ToolError("not_found", f"No room with the ID {room_id}.")
    return Room(*row)


def named(world: World, table: str, name: str) -> str:
    """The id of what is called `name`; letter case does not count."""
    key = f"{table[:-1]}_id"
    query = f"SELECT {key}, name FROM {table} ORDER BY name"  # noqa: S608  our own names
    known = {row[1]: row[0] for row in house(world).execute(query)}
    for other, found in known.items():
        if other.casefold() == name.strip().casefold():
            return str(found)
    raise ToolError("not_found", f"No {table[:-1]} called {name!r}.", nearest(name, known))


def switchable(world: World, device_id: str) -> Device:
    """A device that can be switched on and off.

    Raises:
        ToolError: there is no such device, or it is a sensor.
    """
    device = device_of(world, device_id)
    if device.type == "sensor":
        raise ToolError("refused", f"{device.name} is a sensor: it cannot be switched.")
    return device
