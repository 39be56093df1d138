"""The pack units: distances, fuel, body measures, cooking, rooms."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

import pytest

from callwright.generators.pack import World
from callwright.generators.packs import load_pack
from callwright.schemas.errors import ToolError
from callwright.schemas.validation import is_valid

PACK = load_pack("units")


def run(name: str, **arguments: Any) -> Any:
    """The result of a tool, checked against its schemas."""
    tool = PACK.functions[name].tool
    assert is_valid(tool.parameters, arguments)
    result = PACK.functions[name].run(**arguments)
    assert is_valid(tool.returns, result), result
    return result


def test_conversions_follow_the_international_definitions() -> None:
    assert run("miles_to_km", miles=300)["distance_km"] == 482.8
    assert run("convert_distance", distance_km=42.195, unit="miles")["value"] == 26.2
    assert run("convert_distance", distance_km=100, unit="nautical miles")["value"] == 54
    assert run("convert_mass", mass_kg=23, unit="pounds")["value"] == 50.7
    assert run("convert_mass", mass_kg=0.5, unit="ounces")["value"] == 17.6
    assert run("body_weight_kg", pounds=165)["mass_kg"] == 74.8
    assert run("parcel_weight_kg", pounds=50)["mass_kg"] == 22.68
    assert run("body_height_cm", feet=5, inches=10)["height_cm"] == 177.8
    assert run("height_in_feet", height_m=8849)["height_ft"] == 29_032


def test_water_boils_at_212_and_minus_40_is_the_same_on_both_scales() -> None:
    boiling = run("convert_temperature", temperature_c=100, unit="fahrenheit")
    assert (boiling["value"], boiling["unit"]) == (212, "°F")
    assert run("convert_temperature", temperature_c=100, unit="kelvin")["value"] == 373.15
    assert run("fahrenheit_to_celsius", fahrenheit=-40)["temperature_c"] == -40


def test_350_fahrenheit_is_gas_mark_4() -> None:
    celsius = run("fahrenheit_to_celsius", fahrenheit=350)["temperature_c"]
    setting = run("oven_setting", temperature_c=celsius)
    assert (celsius, setting["gas_mark"], setting["fan_oven_c"]) == (176.7, 4, 155)


def test_nothing_is_colder_than_absolute_zero() -> None:
    with pytest.raises(ToolError, match=r"-273\.15"):
        PACK.functions["convert_temperature"].run(-300, "kelvin")


def test_a_drive_of_270_km_at_90_takes_three_hours() -> None:
    drive = run("driving_time", distance_km=270, speed_kmh=90)
    assert (drive["duration_minutes"], drive["hours"], drive["minutes"]) == (180, 3, 0)


def test_naismith_gives_12_km_with_600_m_of_climbing_three_hours_and_24_minutes() -> None:
    assert run("hiking_time", distance_km=12, ascent_m=600)["duration_minutes"] == 204


def test_the_latest_start_may_lie_on_the_day_before() -> None:
    start = run("latest_start", end_time="19:07", duration_minutes=97)
    assert (start["start_time"], start["days_earlier"]) == ("17:30", 0)
    start = run("latest_start", end_time="00:30", duration_minutes=45)
    assert (start["start_time"], start["days_earlier"]) == ("23:45", 1)


def test_fuel_charge_and_emissions_are_proportional_to_the_distance() -> None:
    litres = run("fuel_needed", distance_km=450, litres_per_100km=6.4)["litres"]
    assert litres == 28.8
    assert run("fuel_emissions", litres=litres, fuel="petrol")["co2_kg"] == 66.5
    assert run("charge_needed", distance_km=450, kwh_per_100km=18)["energy_kwh"] == 81


def test_a_wider_seat_emits_more_and_a_long_flight_more_than_a_short_one() -> None:
    economy = run("flight_emissions", distance_km=9730.4, cabin="economy")["co2_kg"]
    business = run("flight_emissions", distance_km=9730.4, cabin="business")["co2_kg"]
    assert business > economy > run("flight_emissions", distance_km=800, cabin="economy")["co2_kg"]
    assert economy == 836.8


def test_body_mass_index_of_70_kg_at_175_cm_is_normal() -> None:
    body = run("body_mass_index", mass_kg=70, height_cm=175)
    assert (body["bmi"], body["category"]) == (22.9, "normal")
    assert run("body_mass_index", mass_kg=95, height_cm=175)["category"] == "obese"


def test_running_an_hour_at_70_kg_burns_686_kilocalories() -> None:
    burned = run("calories_burned", mass_kg=70, activity="running", duration_minutes=60)
    assert burned["energy_kcal"] == 686


def test_ten_km_in_50_minutes_is_a_marathon_in_three_and_a_half_hours() -> None:
    pace = run("running_pace", distance_km=10, duration_minutes=50)
    assert (pace["pace"], pace["speed_kmh"]) == ("5:00", 12)
    assert run("race_time", pace="5:00", race="marathon")["finish_time"] == "3:30:58"
    assert run("race_time", pace="5:00", race="5K")["finish_time"] == "25:00"


def test_a_pace_that_is_none_is_refused() -> None:
    with pytest.raises(ToolError):
        PACK.functions["race_time"].run("fast", "marathon")


def test_two_cups_of_flour_for_four_are_360_grams_for_six() -> None:
    grams = run("cups_to_grams", cups=2, ingredient="flour")["mass_g"]
    scaled = run("scale_recipe", mass_g=grams, recipe_servings=4, wanted_servings=6)
    assert (grams, scaled["scaled_g"]) == (240, 360)


def test_a_room_of_4_by_5_takes_245_tiles_of_30_cm() -> None:
    area = run("floor_area", length_m=5, width_m=4)["area_m2"]
    assert (area, run("tiles_needed", area_m2=area, tile_cm=30)["tiles"]) == (20, 245)


def test_a_heater_of_2000_watts_uses_6_kilowatt_hours_in_three_hours() -> None:
    assert run("appliance_energy", power_w=2000, hours=3)["energy_kwh"] == 6


def test_runs_are_said_at_a_pace_that_people_run() -> None:
    world = World(1, datetime(2026, 5, 4, tzinfo=UTC))
    for seed in range(200):
        rng = random.Random(seed)
        km = PACK.values["distance.run"].sample(world, rng, {})
        minutes = PACK.values["duration.run"].sample(world, rng, {"distance.run": km})
        assert 4 <= minutes / km <= 8
