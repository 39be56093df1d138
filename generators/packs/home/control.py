"""Switching: a device, a scene, the heating of a room."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.home.base import (
    DeviceId,
    DeviceName,
    Moment,
    RoomId,
    RoomName,
    SceneName,
    State,
    Wanted,
    house,
    pack,
    room_of,
    switchable,
)
from callwright.generators.worlds import local
from callwright.schemas.errors import ToolError

COLDEST, WARMEST = 7.0, 26.0
"""Degrees Celsius that a thermostat can be set to."""


class Switched(TypedDict):
    device_id: str
    name: DeviceName
    room: RoomName
    state: State
    changed_at: Moment


class SceneRun(TypedDict):
    scene_id: str
    name: SceneName
    count: int
    switched: list[DeviceName]


class Climate(TypedDict):
    room_id: str
    room: RoomName
    temperature_c: Annotated[float, Kind("temperature.room")]
    humidity_percent: Annotated[int, Kind("percent.humidity")]
    co2_ppm: Annotated[int, Kind("air.co2")]
    target_c: Annotated[float | None, Kind("temperature.target")]
    measured_at: Moment


class Heating(TypedDict):
    room_id: str
    room: RoomName
    target_c: Annotated[float, Kind("temperature.target")]
    previous_target_c: Annotated[float, Kind("temperature.target")]
    temperature_c: Annotated[float, Kind("temperature.room")]


@pack.tool(effect="write")
def switch_device(world: World, device_id: DeviceId, state: Wanted) -> Switched:
    """Switch a device on or off. Refused for sensors, and where it is in that state already.

    Args:
        device_id: ID of the device.
        state: What it is to be.
    """
    device = switchable(world, device_id)
    if device.state == state:
        raise ToolError("refused", f"{device.name} is {state} already.")
    query = "UPDATE devices SET state = ? WHERE device_id = ?"
    house(world).execute(query, (state, device_id))
    return {
        "device_id": device.device_id,
        "name": device.name,
        "room": device.room,
        "state": state,
        "changed_at": local(world.now),
    }


@pack.tool(effect="write")
def run_scene(world: World, scene_id: Annotated[str, Kind("home.scene_id")]) -> SceneRun:
    """Run a scene: each of its devices is switched as the scene says.

    Args:
        scene_id: ID of the scene.
    """
    db = house(world)
    row = db.execute("SELECT name FROM scenes WHERE scene_id = ?", (scene_id,)).fetchone()
    if row is None:
        raise ToolError("not_found", f"No scene with the ID {scene_id}.")
    query = (
        "SELECT device_id, d.name, s.state FROM scene_steps s JOIN devices d USING (device_id)"
        " WHERE scene_id = ? AND s.state <> d.state ORDER BY d.name"
    )
    changing = db.execute(query, (scene_id,)).fetchall()
    if not changing:
        raise ToolError("refused", f"Everything is as the scene {row[0]!r} wants it already.")
    for device_id, _, state in changing:
        db.execute("UPDATE devices SET state = ? WHERE device_id = ?", (state, device_id))
    return {
        "scene_id": scene_id,
        "name": row[0],
        "count": len(changing),
        "switched": [name for _, name, _ in changing],
    }


@pack.tool
def room_climate(world: World, room_id: RoomId) -> Climate:
    """Show a room's temperature, humidity and carbon dioxide, and what its heating is set to.

    Args:
        room_id: ID of the room.
    """
    room = room_of(world, room_id)
    return {
        "room_id": room.room_id,
        "room": room.name,
        "temperature_c": room.temperature_c,
        "humidity_percent": room.humidity_percent,
        "co2_ppm": room.co2_ppm,
        "target_c": room.target_c,
        "measured_at": room.measured_at,
    }


@pack.tool(effect="write")
def set_heating(
    world: World,
    room_id: RoomId,
    target_c: Annotated[float, Kind("temperature.wanted"), Field(ge=-50, le=100)],
) -> Heating:
    """Set the heating of a room to a temperature.

    Args:
        room_id: ID of the room.
        target_c: Degrees Celsius that the room is to have.
    """
    room = room_of(world, room_id)
    if room.target_c is None:
        raise ToolError("refused", f"The {room.name} has no thermostat.")
    if not COLDEST <= target_c <= WARMEST:
        limits = f"{COLDEST:g} to {WARMEST:g} °C"
        raise ToolError("refused", f"The thermostat takes {limits}.", (COLDEST, WARMEST))
    if room.target_c == target_c:
        raise ToolError("refused", f"The {room.name} is set to {target_c:g} °C already.")
    query = "UPDATE rooms SET target_c = ? WHERE room_id = ?"
    house(world).execute(query, (target_c, room_id))
    return {
        "room_id": room.room_id,
        "room": room.name,
        "target_c": target_c,
        "previous_target_c": room.target_c,
        "temperature_c": room.temperature_c,
    }
