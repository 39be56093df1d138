"""From the names that people use to the ids that everything else wants."""

from __future__ import annotations

from typing import Annotated

from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.home.base import (
    DeviceId,
    DeviceName,
    DeviceType,
    RoomId,
    RoomName,
    SceneName,
    Switch,
    device_of,
    house,
    named,
    pack,
    room_of,
)


class FoundDevice(TypedDict):
    device_id: DeviceId
    name: DeviceName
    type: DeviceType
    room_id: RoomId
    room: RoomName


class FoundRoom(TypedDict):
    room_id: RoomId
    name: RoomName
    floor: Annotated[str, Kind("home.floor")]
    area_m2: Annotated[float, Kind("area.floor")]
    device_count: int


class SceneStep(TypedDict):
    device: DeviceName
    state: Switch


class FoundScene(TypedDict):
    scene_id: Annotated[str, Kind("home.scene_id")]
    name: SceneName
    count: int
    steps: list[SceneStep]


@pack.tool
def find_device(world: World, name: DeviceName) -> FoundDevice:
    """Find a device by its name. Gives its ID and the room it stands in.

    Args:
        name: What the device is called.
    """
    device = device_of(world, named(world, "devices", name))
    return {
        "device_id": device.device_id,
        "name": device.name,
        "type": device.type,
        "room_id": device.room_id,
        "room": device.room,
    }


@pack.tool
def find_room(world: World, name: RoomName) -> FoundRoom:
    """Find a room by its name. Gives its ID, floor, size and how many devices it has.

    Args:
        name: What the room is called.
    """
    room = room_of(world, named(world, "rooms", name))
    count = "SELECT count(*) FROM devices WHERE room_id = ?"
    return {
        "room_id": room.room_id,
        "name": room.name,
        "floor": room.floor,
        "area_m2": room.area_m2,
        "device_count": house(world).execute(count, (room.room_id,)).fetchone()[0],
    }


@pack.tool
def find_scene(world: World, name: SceneName) -> FoundScene:
    """Find a scene by its name. Gives its ID and what it switches on and off.

    Args:
        name: What the scene is called.
    """
    scene_id = named(world, "scenes", name)
    query = (
        "SELECT d.name, s.state FROM scene_steps s JOIN devices d USING (device_id)"
        " WHERE scene_id = ? ORDER BY d.name"
    )
    steps: list[SceneStep] = [
        {"device": row[0], "state": row[1]} for row in house(world).execute(query, (scene_id,))
    ]
    (known,) = (
        house(world).execute("SELECT name FROM scenes WHERE scene_id = ?", (scene_id,)).fetchone()
    )
    return {"scene_id": scene_id, "name": known, "count": len(steps), "steps": steps}
