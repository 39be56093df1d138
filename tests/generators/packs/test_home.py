"""The house: its worlds make sense, its tools change what they say, its errors help."""

from __future__ import annotations

import datetime
import json

import pytest

from callwright.generators.pack import World
from callwright.generators.packs.home import tables
from callwright.generators.packs.home.tools import pack
from callwright.generators.packs.home.world import LOW_BATTERY

from .worlds import Worlds, assert_chinese_names

NOW = datetime.datetime(2026, 11, 12, 8, 15, tzinfo=datetime.UTC)
WORLDS = Worlds(pack, NOW)
world_of, call, refusal, ask = WORLDS.world, WORLDS.call, WORLDS.refusal, WORLDS.rows


@pytest.fixture
def world() -> World:
    return world_of(7)


def a_switchable(world: World, state: str) -> tuple[str, str]:
    query = "SELECT device_id, name FROM devices WHERE state = ? AND type <> 'sensor'"
    return ask(world, query, state)[0]


@pytest.mark.parametrize("seed", range(6))
def test_what_a_request_picks_by_is_never_a_tie(seed: int) -> None:
    world = world_of(seed)
    charges = [charge for (charge,) in ask(world, "SELECT battery_percent FROM devices"
               " WHERE battery_percent IS NOT NULL")]  # fmt: skip
    assert len(set(charges)) == len(charges) > PAGE_OF_BATTERIES
    moments = [moment for (moment,) in ask(world, "SELECT raised_at FROM alerts")]
    assert len(set(moments)) == len(moments)
    for (device,) in ask(world, "SELECT device_id FROM devices"):
        timers = call(world, "list_timers", device_id=device)["timers"]
        assert len({timer["runs_at"] for timer in timers}) == len(timers)


PAGE_OF_BATTERIES = 8


@pytest.mark.parametrize("seed", range(6))
def test_an_alert_of_a_low_battery_comes_from_a_low_battery(seed: int) -> None:
    query = (
        "SELECT battery_percent FROM alerts JOIN devices USING (device_id)"
        " WHERE reason = 'low battery'"
    )
    assert all(charge <= LOW_BATTERY for (charge,) in ask(world_of(seed), query))


def test_every_name_has_a_chinese_one_and_no_two_share_it() -> None:
    assert_chinese_names(
        {
            "home.device": [thing.name for thing in tables.THINGS],
            "home.room": [room.name for room in tables.ROOMS],
            "home.scene": list(tables.SCENES),
            "home.reason": list(tables.REASONS),
        }
    )


def test_a_name_with_a_slip_is_not_found_and_the_right_one_suggested(world: World) -> None:
    (name,) = ask(world, "SELECT name FROM devices WHERE type = 'light'")[0]
    error = refusal(world, "find_device", name=name[:-1])
    assert error.kind == "not_found"
    assert error.suggestions[0] == name
    assert call(world, "find_device", name=name.upper())["name"] == name


def test_batteries_come_in_pages_that_hold_each_once(world: World) -> None:
    seen, page = [], 1
    while page:
        found = call(world, "list_batteries", page=page)
        seen += [one["device_id"] for one in found["batteries"]]
        page = found["next_page"]
    assert len(seen) == len(set(seen)) == found["count"]
    assert "the last one is" in refusal(world, "list_batteries", page=9).message


def test_switching_lasts_and_is_refused_where_it_changes_nothing(world: World) -> None:
    device, name = a_switchable(world, "off")
    assert call(world, "switch_device", device_id=device, state="on")["name"] == name
    assert call(world, "get_device", device_id=device)["state"] == "on"
    assert refusal(world, "switch_device", device_id=device, state="on").kind == "refused"


def test_a_sensor_can_be_neither_switched_nor_timed(world: World) -> None:
    ((sensor,),) = ask(world, "SELECT device_id FROM devices WHERE type = 'sensor' LIMIT 1")
    assert (
        "cannot be switched"
        in refusal(world, "switch_device", device_id=sensor, state="off").message
    )
    assert refusal(
        world, "set_timer", device_id=sensor, state="off", runs_at="2026-12-01T09:00"
    ).kind == "refused"  # fmt: skip


def test_a_scene_switches_just_what_it_says(world: World) -> None:
    scene = call(world, "find_scene", name="good night")
    before = dict(ask(world, "SELECT name, state FROM devices"))
    done = call(world, "run_scene", scene_id=scene["scene_id"])
    after = dict(ask(world, "SELECT name, state FROM devices"))
    assert {n for n in after if after[n] != before[n]} == set(done["switched"])
    assert all(after[step["device"]] == step["state"] for step in scene["steps"])
    assert refusal(world, "run_scene", scene_id=scene["scene_id"]).kind == "refused"


def test_heating_says_its_limits_and_which_rooms_have_none(world: World) -> None:
    rooms = dict(ask(world, "SELECT name, room_id FROM rooms"))
    hot = refusal(world, "set_heating", room_id=rooms["kitchen"], target_c=40)
    assert hot.suggestions == (7.0, 26.0)
    assert (
        "no thermostat"
        in refusal(world, "set_heating", room_id=rooms["garage"], target_c=20).message
    )
    set_to = call(world, "set_heating", room_id=rooms["kitchen"], target_c=16.5)
    climate = call(world, "room_climate", room_id=rooms["kitchen"])
    assert climate["target_c"] == set_to["target_c"] == 16.5


def test_a_timer_is_set_listed_and_cancelled(world: World) -> None:
    device, _ = a_switchable(world, "on")
    wanted = {"device_id": device, "state": "off", "runs_at": "2026-11-20T22:00"}
    made = call(world, "set_timer", **wanted)
    listed = call(world, "list_timers", device_id=device)["timers"]
    assert made["timer_id"] in {timer["timer_id"] for timer in listed}
    assert made["timer_id"] in refusal(world, "set_timer", **wanted).message
    past = refusal(world, "set_timer", **{**wanted, "runs_at": "2026-11-01T22:00"})
    assert "past" in past.message
    call(world, "cancel_timer", timer_id=made["timer_id"])
    assert refusal(world, "cancel_timer", timer_id=made["timer_id"]).kind == "not_found"


def test_a_dismissed_alert_is_gone(world: World) -> None:
    first = call(world, "list_alerts")["alerts"][0]
    call(world, "dismiss_alert", alert_id=first["alert_id"])
    assert first not in call(world, "list_alerts")["alerts"]


def test_a_devices_page_and_its_data_sheet_are_long_and_agree(world: World) -> None:
    device, _ = a_switchable(world, "on")
    page = call(world, "get_device", device_id=device)
    sheet = call(world, "model_sheet", model_number=page["model_number"])
    assert sheet["maker"] == page["maker"]
    assert sheet["type"] == page["type"]
    assert 2_000 < len(json.dumps(page)) < 10_000
    assert 1_500 < len(json.dumps(sheet)) < 10_000
