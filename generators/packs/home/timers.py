"""Timers, which switch a device later, and alerts, which devices raise."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.home.base import (
    PAGE,
    DeviceId,
    DeviceName,
    Moment,
    RoomName,
    Switch,
    TimerMoment,
    Wanted,
    device_of,
    house,
    pack,
    switchable,
)
from callwright.generators.worlds import local
from callwright.schemas.errors import ToolError

TimerId = Annotated[str, Kind("home.timer_id")]
AlertId = Annotated[str, Kind("home.alert_id")]
Severity = Annotated[str, Kind("home.severity")]
Reason = Annotated[str, Kind("home.reason")]


class ListedTimer(TypedDict):
    timer_id: TimerId
    state: Switch
    runs_at: TimerMoment


class Timers(TypedDict):
    device_id: str
    name: DeviceName
    count: int
    timers: list[ListedTimer]


class Timer(TypedDict):
    timer_id: Annotated[str, Kind("home.timer_set")]
    name: DeviceName
    state: Switch
    runs_at: TimerMoment


class Alert(TypedDict):
    alert_id: AlertId
    device_id: DeviceId
    device: DeviceName
    room: RoomName
    severity: Severity
    reason: Reason
    raised_at: Moment


class Alerts(TypedDict):
    count: int
    alerts: list[Alert]


class Dismissed(TypedDict):
    alert_id: str
    device: DeviceName
    reason: Reason
    open_alerts: int


@pack.tool
def list_timers(world: World, device_id: DeviceId) -> Timers:
    """List the timers of a device, the next one first.

    Args:
        device_id: ID of the device.
    """
    device = device_of(world, device_id)
    query = "SELECT timer_id, state, runs_at FROM timers WHERE device_id = ? ORDER BY runs_at"
    found: list[ListedTimer] = [
        {"timer_id": row[0], "state": row[1], "runs_at": row[2]}
        for row in house(world).execute(query, (device_id,))
    ]
    return {
        "device_id": device.device_id,
        "name": device.name,
        "count": len(found),
        "timers": found[:PAGE],
    }


@pack.tool(effect="write")
def set_timer(
    world: World,
    device_id: DeviceId,
    state: Wanted,
    runs_at: Annotated[str, Kind("datetime.timer_wanted", format="date-time")],
) -> Timer:
    """Set a timer that switches a device on or off once, at a later time.

    Args:
        device_id: ID of the device.
        state: What it is to be.
        runs_at: When, in the house's local time.
    """
    device = switchable(world, device_id)
    if datetime.fromisoformat(runs_at) <= world.now.replace(tzinfo=None):
        raise ToolError("refused", f"{runs_at} is past: it is {local(world.now)} now.")
    db = house(world)
    query = "SELECT timer_id FROM timers WHERE device_id = ? AND runs_at = ?"
    taken = db.execute(query, (device_id, runs_at)).fetchone()
    if taken is not None:
        raise ToolError("refused", f"{device.name} has timer {taken[0]} at that time already.")
    (highest,) = db.execute("SELECT max(timer_id) FROM timers").fetchone()
    # Timers of other houses take numbers too: another device, another number.
    skip = int(device_id.removeprefix("D-")) % 7
    timer_id = f"T-{int(str(highest).removeprefix('T-')) + 1 + skip:04}"
    db.execute("INSERT INTO timers VALUES (?, ?, ?, ?)", (timer_id, device_id, state, runs_at))
    return {"timer_id": timer_id, "name": device.name, "state": state, "runs_at": runs_at}


@pack.tool(effect="write")
def cancel_timer(world: World, timer_id: TimerId) -> Timer:
    """Cancel a timer that has not run yet.

    Args:
        timer_id: ID of the timer.
    """
    db = house(world)
    row = db.execute(
        "SELECT d.name, t.state, runs_at FROM timers t JOIN devices d USING (device_id)"
        " WHERE timer_id = ?",
        (timer_id,),
    ).fetchone()
    if row is None:
        raise ToolError("not_found", f"No timer with the ID {timer_id}.")
    db.execute("DELETE FROM timers WHERE timer_id = ?", (timer_id,))
    return {"timer_id": timer_id, "name": row[0], "state": row[1], "runs_at": row[2]}


@pack.tool
def list_alerts(
    world: World,
    severity: Annotated[
        Literal["info", "warning", "critical"] | None, Kind("home.severity")
    ] = None,
) -> Alerts:
    """List the alerts that nobody has dismissed yet, the latest first.

    Args:
        severity: Only alerts of this severity.
    """
    query = (
        "SELECT alert_id, device_id, d.name, r.name, severity, reason, raised_at FROM alerts"
        " JOIN devices d USING (device_id) JOIN rooms r USING (room_id)"
    )
    values = []
    if severity is not None:
        query += " WHERE severity = ?"
        values.append(severity)
    rows = house(world).execute(query + " ORDER BY raised_at DESC", values).fetchall()
    alerts: list[Alert] = [
        {
            "alert_id": row[0],
            "device_id": row[1],
            "device": row[2],
            "room": row[3],
            "severity": row[4],
            "reason": row[5],
            "raised_at": row[6],
        }
        for row in rows
    ]
    return {"count": len(alerts), "alerts": alerts[:PAGE]}


@pack.tool(effect="write")
def dismiss_alert(world: World, alert_id: AlertId) -> Dismissed:
    """Dismiss an alert that has been dealt with.

    Args:
        alert_id: ID of the alert.
    """
    db = house(world)
    row = db.execute(
        "SELECT d.name, reason FROM alerts JOIN devices d USING (device_id) WHERE alert_id = ?",
        (alert_id,),
    ).fetchone()
    if row is None:
        raise ToolError("not_found", f"No alert with the ID {alert_id}.")
    db.execute("DELETE FROM alerts WHERE alert_id = ?", (alert_id,))
    (left,) = db.execute("SELECT count(*) FROM alerts").fetchone()
    return {"alert_id": alert_id, "device": row[0], "reason": row[1], "open_alerts": left}
