"""The pack science: compounds, solutions, elements, sun and moon."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from callwright.generators.packs import load_pack
from callwright.generators.packs.science import sky
from callwright.generators.packs.science.astronomy import ECLIPSES
from callwright.generators.packs.science.tables import (
    compounds,
    element_with,
    elements,
    group_and_period,
)
from callwright.schemas.errors import ToolError
from callwright.schemas.surface.terms import names_of
from callwright.schemas.validation import is_valid

PACK = load_pack("science")


def run(tool_name: str, /, **arguments: Any) -> Any:
    """The result of a tool, checked against its schemas."""
    tool = PACK.functions[tool_name].tool
    assert is_valid(tool.parameters, arguments)
    result = PACK.functions[tool_name].run(**arguments)
    assert is_valid(tool.returns, result), result
    return result


def test_ten_grams_of_aspirin_are_found_to_be_0_0555_mol() -> None:
    cas = run("compound_cas", name="aspirin")["cas"]
    formula = run("compound_formula", cas=cas)["formula"]
    mass = run("molar_mass", formula=formula)["molar_mass_g_mol"]
    moles = run("moles_in_mass", mass_g=10, molar_mass_g_mol=mass)["moles"]
    assert (cas, formula, mass, moles) == ("50-78-2", "C9H8O4", 180.159, 0.05551)


def test_every_cas_number_has_a_right_check_digit() -> None:
    for compound in compounds():
        *digits, check = (int(c) for c in compound.cas if c.isdigit())
        weighted = sum(n * digit for n, digit in enumerate(reversed(digits), 1))
        assert weighted % 10 == check, compound


@pytest.mark.parametrize(
    ("formula", "mass"),
    [("H2O", 18.015), ("C8H10N4O2", 194.19), ("Ca(OH)2", 74.09), ("KMnO4", 158.03)],
)
def test_molar_masses_are_those_of_the_textbooks(formula: str, mass: float) -> None:
    found = run("molar_mass", formula=formula)["molar_mass_g_mol"]
    assert found == pytest.approx(mass, abs=0.01)


def test_every_formula_can_be_weighed() -> None:
    for compound in compounds():
        assert 15 < run("molar_mass", formula=compound.formula)["molar_mass_g_mol"] < 500


def test_nothing_boils_before_it_melts() -> None:
    for compound in compounds():
        if compound.melting_c is not None and compound.boiling_c is not None:
            assert compound.melting_c < compound.boiling_c, compound


@pytest.mark.parametrize(
    ("name", "melting", "boiling"),
    [
        ("water", 0, 100),
        ("ethanol", -114.1, 78.2),
        ("benzene", 5.5, 80.1),
        ("acetone", -94.9, 56.1),
    ],
)
def test_melting_and_boiling_points_are_those_of_the_textbooks(
    name: str, melting: float, boiling: float
) -> None:
    cas = run("compound_cas", name=name)["cas"]
    assert run("melting_point", cas=cas)["melting_point_c"] == melting
    assert run("boiling_point", cas=cas)["boiling_point_c"] == boiling


@pytest.mark.parametrize(("celsius", "state"), [(-10, "solid"), (20, "liquid"), (110, "gas")])
def test_water_is_ice_water_or_steam(celsius: float, state: str) -> None:
    assert run("state_at_temperature", cas="7732-18-5", temperature_c=celsius)["state"] == state


def test_every_compound_and_element_has_a_chinese_name() -> None:
    assert all(names_of(c.name, "compound.name", "zh") for c in compounds())
    assert all(names_of(e.name, "element.name", "zh") for e in elements().values())


@pytest.mark.parametrize("formula", ["", "Xx2", "water", "2H2O", "C6(H12", "é"])
def test_what_is_no_formula_is_refused(formula: str) -> None:
    with pytest.raises(ToolError) as caught:
        PACK.functions["molar_mass"].run(formula)
    assert caught.value.kind == "invalid_arguments"


def test_a_stock_of_2_molar_is_diluted_to_a_tenth_with_25_ml() -> None:
    mixed = run("dilution", stock_mol_l=2, final_mol_l=0.1, final_volume_ml=500)
    assert (mixed["stock_volume_ml"], mixed["solvent_volume_ml"]) == (25, 475)
    with pytest.raises(ToolError, match="cannot be diluted"):
        PACK.functions["dilution"].run(0.1, 2, 500)


def test_a_litre_of_physiological_salt_takes_9_grams() -> None:
    mass = run("molar_mass", formula="NaCl")["molar_mass_g_mol"]
    weighed = run("solution_mass", molar_mass_g_mol=mass, molarity_mol_l=0.154, volume_ml=1000)
    assert weighed["mass_g"] == pytest.approx(9, abs=0.01)
    moles = run("moles_in_mass", mass_g=weighed["mass_g"], molar_mass_g_mol=mass)["moles"]
    assert run("molarity", moles=moles, volume_ml=1000)["molarity_mol_l"] == 0.154
    assert run("mass_of_moles", moles=moles, molar_mass_g_mol=mass)["mass_g"] == weighed["mass_g"]


def test_iron_makes_up_70_percent_of_rust() -> None:
    symbol = run("element_symbol", name="iron")["symbol"]
    assert symbol == "Fe"
    assert run("element_share", formula="Fe2O3", symbol=symbol)["mass_percent"] == 69.94
    with pytest.raises(ToolError, match="holds no gold"):
        PACK.functions["element_share"].run("Fe2O3", "Au")


@pytest.mark.parametrize(
    ("symbol", "group", "period"),
    [("H", 1, 1), ("He", 18, 1), ("C", 14, 2), ("Fe", 8, 4), ("La", None, 6), ("Pb", 14, 6)],
)
def test_elements_stand_where_the_periodic_table_has_them(
    symbol: str, group: int | None, period: int
) -> None:
    assert group_and_period(element_with(symbol).number) == (group, period)
    assert run("element_properties", symbol=symbol)["period"] == period


def test_chlorine_is_three_quarters_chlorine_35() -> None:
    found = run("natural_isotopes", symbol="Cl")
    assert found["count"] == 2
    assert found["isotopes"][0]["isotope"] == "chlorine-35"
    assert found["isotopes"][0]["abundance_percent"] == pytest.approx(75.8, abs=0.1)


def test_after_two_half_lives_a_quarter_is_left() -> None:
    hours = run("isotope_half_life", isotope="iodine-131")["half_life_hours"]
    assert hours == 192.5
    left = run("remaining_activity", initial_mbq=400, half_life_hours=hours, elapsed_hours=385)
    assert (left["remaining_mbq"], left["remaining_percent"]) == (100, 25)


@pytest.mark.parametrize(
    ("after", "phase", "expected"),
    [
        ("2026-03-01", "full moon", "2026-03-03"),
        ("2026-03-04", "full moon", "2026-04-02"),
        ("2026-08-01", "new moon", "2026-08-12"),
        ("2026-06-01", "last quarter", "2026-06-08"),
        ("2024-04-01", "new moon", "2024-04-08"),
    ],
)
def test_moon_phases_fall_on_the_days_of_the_almanac(after: str, phase: str, expected: str) -> None:
    assert run("next_moon", after=after, phase=phase)["date"] == expected
    assert run("moon_phase", date=expected)["phase"] == phase


def test_solar_eclipses_come_at_new_moon_and_lunar_ones_at_full_moon() -> None:
    for body, phase in (("solar", 0), ("lunar", 2)):
        for word in ECLIPSES[body].split()[::2]:
            day = date.fromisoformat(word)
            assert abs((sky.next_phase(day, phase).date() - day).days) <= 1, (body, day)


def test_the_eclipse_over_spain_is_the_next_solar_one_in_summer_2026() -> None:
    found = run("next_eclipse", after="2026-05-01", body="solar")
    assert (found["date"], found["eclipse_type"]) == ("2026-08-12", "total")
    with pytest.raises(ToolError):
        PACK.functions["next_eclipse"].run("2040-01-01", "solar")


@pytest.mark.parametrize(
    ("year", "event", "day", "time"),
    [
        (2024, "March equinox", "2024-03-20", "03:06"),
        (2025, "June solstice", "2025-06-21", "02:42"),
        (2026, "September equinox", "2026-09-23", "00:05"),
        (2026, "December solstice", "2026-12-21", "20:50"),
    ],
)
def test_seasons_begin_when_the_almanac_says(year: int, event: str, day: str, time: str) -> None:
    found = run("season_start", year=year, event=event)
    minutes = [int(clock[:2]) * 60 + int(clock[3:]) for clock in (found["time_utc"], time)]
    assert found["date"] == day
    assert abs(minutes[0] - minutes[1]) <= 1


def test_meteor_showers_peak_on_their_known_nights() -> None:
    assert run("meteor_shower", shower="Perseids", year=2026)["date"] == "2026-08-13"
    assert run("meteor_shower", shower="Geminids", year=2026)["date"] == "2026-12-14"
    assert run("meteor_shower", shower="Quadrantids", year=2026)["date"] == "2026-01-03"


def test_the_sun_sets_in_tokyo_on_7_may_2026_at_about_18_31() -> None:
    assert run("sun_times", city="Tokyo", date="2026-05-07")["sunset"] in ("18:31", "18:32")
    golden = run("evening_golden_hour", city="Tokyo", date="2026-05-07")
    assert golden["starts_at"] < "18:31" < golden["ends_at"]


def test_the_day_is_twelve_hours_at_the_equator_and_endless_in_tromso_in_june() -> None:
    equator = run("day_length", latitude=0.0, longitude=-78.5, date="2026-03-20")
    assert equator["daylight_minutes"] == pytest.approx(727, abs=2)
    assert run("day_length", latitude=69.65, longitude=18.96, date="2026-06-21")["hours"] == 24
    assert run("day_length", latitude=69.65, longitude=18.96, date="2026-12-21")["hours"] == 0


def test_seventy_kilos_feel_like_a_sixth_on_the_moon() -> None:
    gravity = run("surface_gravity", body="the Moon")["gravity_m_s2"]
    felt = run("weight_elsewhere", mass_kg=70, gravity_m_s2=gravity)["feels_like_kg"]
    assert felt == pytest.approx(70 / 6, abs=0.2)
