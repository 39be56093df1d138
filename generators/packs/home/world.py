"""The house's first state: a small SQLite database, different for every seed."""

from __future__ import annotations

import json
import random
import sqlite3
from datetime import datetime, timedelta

from callwright.generators.packs.home.tables import (
    ABOUT,
    CARE,
    EVENTS,
    FITTING,
    MAKERS,
    PROTOCOLS,
    REASONS,
    ROOMS,
    SCENES,
    SENSOR,
    THINGS,
    Thing,
)
from callwright.generators.seeding import insert, new_database
from callwright.generators.worlds import local

LOW_BATTERY = 20
"""Percent from which on a battery is low."""

SCHEMA = """
CREATE TABLE rooms (
  room_id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, floor TEXT NOT NULL,
  area_m2 REAL NOT NULL, temperature_c REAL NOT NULL, humidity_percent INTEGER NOT NULL,
  co2_ppm INTEGER NOT NULL, measured_at TEXT NOT NULL, target_c REAL);
CREATE TABLE models (
  model_number TEXT PRIMARY KEY, maker TEXT NOT NULL, type TEXT NOT NULL,
  battery_type TEXT, warranty_months INTEGER NOT NULL, spare_part TEXT NOT NULL,
  latest_firmware TEXT NOT NULL, sheet TEXT NOT NULL);
CREATE TABLE devices (
  device_id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE,
  room_id TEXT NOT NULL REFERENCES rooms, model_number TEXT NOT NULL REFERENCES models,
  type TEXT NOT NULL, state TEXT NOT NULL, watts REAL NOT NULL, battery_percent INTEGER,
  firmware TEXT NOT NULL, serial TEXT NOT NULL, installed_on TEXT NOT NULL,
  signal_dbm INTEGER NOT NULL, month_kwh REAL NOT NULL);
CREATE TABLE events (
  event_id INTEGER PRIMARY KEY, device_id TEXT NOT NULL REFERENCES devices,
  at TEXT NOT NULL, what TEXT NOT NULL);
CREATE TABLE scenes (scene_id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE scene_steps (
  scene_id TEXT NOT NULL REFERENCES scenes, device_id TEXT NOT NULL REFERENCES devices,
  state TEXT NOT NULL, PRIMARY KEY (scene_id, device_id));
CREATE TABLE timers (
  timer_id TEXT PRIMARY KEY, device_id TEXT NOT NULL REFERENCES devices,
  state TEXT NOT NULL, runs_at TEXT NOT NULL);
CREATE TABLE alerts (
  alert_id TEXT PRIMARY KEY, device_id TEXT NOT NULL REFERENCES devices,
  severity TEXT NOT NULL, reason TEXT NOT NULL, raised_at TEXT NOT NULL);
CREATE INDEX events_of ON events (device_id);
"""

Row = tuple[str | int | float | None, ...]


def seed_database(rng: random.Random, now: datetime) -> sqlite3.Connection:
    """The house as it stands at `now`: 14 rooms, about 55 devices, timers and alerts."""
    db = new_database(SCHEMA)
    rooms = _rooms(rng, now)
    models = _models(rng)
    devices = _devices(rng, now, {str(room[1]): str(room[0]) for room in rooms}, models)
    insert(db, "rooms", rooms)
    insert(db, "models", models)
    insert(db, "devices", devices)
    insert(db, "events", _events(rng, now, devices))
    _scenes(db, rng, devices)
    insert(db, "timers", _timers(rng, now, devices))
    insert(db, "alerts", _alerts(rng, now, devices))
    db.commit()
    db.execute("PRAGMA foreign_keys = ON")
    return db


def _numbers(rng: random.Random, prefix: str, count: int, low: int, high: int) -> list[str]:
    return [f"{prefix}-{number}" for number in sorted(rng.sample(range(low, high), count))]


def _rooms(rng: random.Random, now: datetime) -> list[Row]:
    ids = _numbers(rng, "R", len(ROOMS), 100, 999)
    rng.shuffle(ids)
    warm = rng.sample(range(172, 244), len(ROOMS))
    rows: list[Row] = []
    for room_id, room, tenths in zip(ids, ROOMS, warm, strict=True):
        outside = room.floor == "outside"
        temperature = (tenths - (110 if outside else 40 if not room.heated else 0)) / 10
        rows.append(
            (
                room_id,
                room.name,
                room.floor,
                rng.randrange(50, 420) / 10,
                temperature,
                rng.randrange(32, 71),
                rng.randrange(415, 460) if outside else rng.randrange(480, 1450),
                local(now - timedelta(minutes=rng.randrange(1, 9))),
                rng.choice((18.0, 19.0, 20.0, 20.5, 21.0, 21.5, 22.0)) if room.heated else None,
            )
        )
    return rows


def _models(rng: random.Random) -> list[Row]:
    rows: list[Row] = []
    kinds = sorted({(thing.type, thing.battery or "") for thing in THINGS})
    numbers = iter(rng.sample(range(1100, 9900), 2 * len(kinds)))
    for type_, battery in kinds:
        for _ in range(2):
            maker = rng.choice(MAKERS)
            number = f"{maker[:2].upper()}-{next(numbers)}"
            rows.append(
                (
                    number,
                    maker,
                    type_,
                    battery or None,
                    rng.choice((12, 24, 24, 36, 48, 60)),
                    f"{maker[:1]}P-{rng.randrange(10_000, 99_999)}",
                    _version(rng),
                    json.dumps(_sheet(rng)),
                )
            )
    return rows


def _version(rng: random.Random) -> str:
    return f"{rng.randrange(1, 7)}.{rng.randrange(0, 15)}.{rng.randrange(0, 40)}"


def _sheet(rng: random.Random) -> dict[str, object]:
    """What a data sheet says besides: true of the model, and of little use."""
    return {
        "protocols": rng.sample(PROTOCOLS, rng.randrange(2, 4)),
        "dimensions_mm": [rng.randrange(30, 400) for _ in range(3)],
        "weight_g": rng.randrange(40, 3200),
        "operating_range_c": [rng.choice((-20, -10, 0)), rng.choice((40, 45, 50))],
        "description": " ".join(rng.sample(ABOUT, len(ABOUT))),
        "care": rng.sample(CARE, 6),
        "in_the_box": ["device", "quick guide", *rng.sample(("screws", "cable", "adapter"), 2)],
    }  # fmt: skip


def _devices(
    rng: random.Random, now: datetime, rooms: dict[str, str], models: list[Row]
) -> list[Row]:
    missing = set(rng.sample(range(len(THINGS)), 6))
    things = [thing for at, thing in enumerate(THINGS) if at not in missing]
    ids = _numbers(rng, "D", len(things), 1000, 9999)
    rng.shuffle(ids)
    charges = iter(rng.sample(range(6, 98), sum(thing.battery is not None for thing in things)))
    rows: list[Row] = []
    for device_id, thing in zip(ids, things, strict=True):
        number, firmware = _model_for(rng, thing, models)
        on = thing.type == SENSOR or rng.random() < 0.45
        watts = round(thing.watts * rng.uniform(0.9, 1.1), 1)
        hours = rng.uniform(20, 320) if thing.watts < 1000 else rng.uniform(4, 40)
        rows.append(
            (
                device_id,
                thing.name,
                rooms[thing.room],
                number,
                thing.type,
                "on" if on else "off",
                watts,
                next(charges) if thing.battery else None,
                firmware if rng.random() < 0.6 else _version(rng),
                f"SN{rng.randrange(10**9, 10**10)}",
                (now.date() - timedelta(rng.randrange(40, 1500))).isoformat(),
                -rng.randrange(38, 84),
                round(watts * hours / 1000, 2) if thing.watts else 0.0,
            )
        )
    return rows


def _model_for(rng: random.Random, thing: Thing, models: list[Row]) -> tuple[str, str]:
    fitting = [m for m in models if (m[2], m[3]) == (thing.type, thing.battery)]
    model = rng.choice(fitting)
    return str(model[0]), str(model[6])


def _events(rng: random.Random, now: datetime, devices: list[Row]) -> list[Row]:
    rows: list[Row] = []
    for device in devices:
        moment = now - timedelta(minutes=rng.randrange(2, 50))
        for _ in range(rng.randrange(14, 22)):
            rows.append((len(rows) + 1, device[0], local(moment), rng.choice(EVENTS)))
            moment -= timedelta(minutes=rng.randrange(7, 900))
    return rows


def _scenes(db: sqlite3.Connection, rng: random.Random, devices: list[Row]) -> None:
    ids = _numbers(rng, "SC", len(SCENES), 10, 99)
    room_of = {thing.name: thing.room for thing in THINGS}
    steps: list[Row] = []
    scenes: list[Row] = []
    for scene_id, (name, rooms) in zip(ids, SCENES.items(), strict=True):
        scenes.append((scene_id, name))
        inside = [d for d in devices if room_of[str(d[1])] in rooms and d[4] != SENSOR]
        chosen = rng.sample(inside, min(len(inside), rng.randrange(3, 7)))
        states = [rng.choice(("on", "off")) for _ in chosen]
        first = chosen[0]
        states[0] = "off" if first[5] == "on" else "on"  # a scene changes something
        steps += [(scene_id, d[0], state) for d, state in zip(chosen, states, strict=True)]
    insert(db, "scenes", scenes)
    insert(db, "scene_steps", steps)


def _timers(rng: random.Random, now: datetime, devices: list[Row]) -> list[Row]:
    switchable = [d for d in devices if d[4] != SENSOR]
    owners = [d for d in rng.sample(switchable, 30) for _ in range(rng.choice((1, 1, 2, 3)))]
    ids = _numbers(rng, "T", len(owners), 1000, 9999)
    minutes = rng.sample(range(4, 24 * 14 * 4), len(owners))
    return [
        (timer, d[0], rng.choice(("on", "off")), local(now + timedelta(minutes=15 * quarter)))
        for timer, d, quarter in zip(ids, owners, minutes, strict=True)
    ]


def _alerts(rng: random.Random, now: datetime, devices: list[Row]) -> list[Row]:
    chosen = rng.sample(devices, 16)
    ids = _numbers(rng, "A", len(chosen), 100, 999)
    ages = rng.sample(range(20, 60 * 24 * 6), len(chosen))
    rows: list[Row] = []
    for alert, device, age in zip(ids, chosen, ages, strict=True):
        full = device[7] is not None and int(device[7]) > LOW_BATTERY
        fitting = [r for r in FITTING[str(device[4])] if not (full and r == "low battery")]
        reason = rng.choice(fitting)
        raised = local(now - timedelta(minutes=age))
        rows.append((alert, device[0], REASONS[reason], reason, raised))
    return rows
