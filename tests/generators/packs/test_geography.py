"""The gazetteer agrees with the libraries it comes from, and its tools with known facts."""

from __future__ import annotations

import datetime
import random
from typing import Any
from zoneinfo import ZoneInfo

import airportsdata
import phonenumbers
import pycountry
import pytest
from babel.numbers import get_territory_currencies

from callwright.generators.pack import World
from callwright.generators.packs.geography.base import geodesic
from callwright.generators.packs.geography.data import airports, cities, countries, zone_names
from callwright.generators.packs.geography.tools import pack
from callwright.schemas.errors import ToolError
from callwright.schemas.surface import terms

NOW = datetime.datetime(2026, 4, 20, 9, 30, tzinfo=datetime.UTC)


def call(name: str, **arguments: Any) -> Any:
    return pack.functions[name].run(**arguments)


def test_airports_stand_where_airportsdata_has_them() -> None:
    library = airportsdata.load("IATA")
    for airport in airports().values():
        known = library[airport.iata]
        km, _ = geodesic(airport.latitude, airport.longitude, known["lat"], known["lon"])
        assert km < 0.1, airport.iata
        assert airport.country == known["country"], airport.iata
        assert airport.elevation_m == round(known["elevation"] * 0.3048), airport.iata


def test_airport_zones_keep_the_time_airportsdata_says() -> None:
    # Not the same names: the library knows fewer zones (Mexico_City for Monterrey).
    library = airportsdata.load("IATA")
    for airport in airports().values():
        for month in (1, 7):
            moment = datetime.datetime(2026, month, 15, 12, tzinfo=ZoneInfo(airport.timezone))
            other = moment.astimezone(ZoneInfo(library[airport.iata]["tz"]))
            assert moment.utcoffset() == other.utcoffset(), airport.iata


def test_each_airport_serves_a_known_city_of_its_own_country_within_reach() -> None:
    for airport in airports().values():
        city = cities()[airport.city]
        km, _ = geodesic(airport.latitude, airport.longitude, city.latitude, city.longitude)
        assert city.country == airport.country, airport.iata
        assert km < 105, airport.iata  # Frankfurt-Hahn and its like


def test_each_city_has_a_main_airport_in_its_own_country_and_zone() -> None:
    for city in cities().values():
        airport = airports()[city.airport]
        km, _ = geodesic(airport.latitude, airport.longitude, city.latitude, city.longitude)
        assert airport.country == city.country, city.name
        assert airport.timezone == city.timezone, city.name
        assert km < 180, city.name  # Agra's people fly from Delhi


def test_country_facts_agree_with_the_libraries() -> None:
    for country in countries().values():
        assert pycountry.countries.get(alpha_2=country.code) is not None
        prefix = phonenumbers.country_code_for_region(country.code)
        assert country.calling_code == f"+{prefix}", country.code
        assert pycountry.currencies.get(alpha_3=country.currency) is not None
        if country.code != "BG":  # the euro since 2026, which CLDR does not know yet
            assert country.currency in get_territory_currencies(country.code), country.code
        assert not country.capital or cities()[country.capital].country == country.code


def test_every_zone_has_a_name() -> None:
    used = {c.timezone for c in cities().values()} | {a.timezone for a in airports().values()}
    assert used <= set(zone_names())


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("city.name", cities),
        ("city.partner", cities),
        ("airport.iata", airports),
        ("airport.visited", airports),
        ("country.code", countries),
        ("country.nation", countries),
    ],
)
def test_every_value_has_a_chinese_name_of_its_own(kind: str, values: Any) -> None:
    names = [terms.names_of(value, kind, "zh")[:1] for value in values()]
    assert all(names)
    assert len(set(names)) == len(names)


def test_paris_to_tokyo_is_the_known_distance() -> None:
    found = call("airport_distance", origin="CDG", destination="HND")
    assert found["distance_km"] == pytest.approx(9730.4, abs=0.1)
    assert found["origin_name"] == "Paris Charles de Gaulle Airport"


def test_nobody_flies_to_the_other_side_of_the_earth_without_a_stop() -> None:
    with pytest.raises(ToolError) as error:
        call("estimate_flight_time", origin="BKK", destination="SCL")
    assert error.value.kind == "not_found"


def test_a_flight_lands_in_the_zone_of_its_destination() -> None:
    found = call(
        "estimate_arrival",
        origin="CDG",
        destination="HND",
        departure_date="2026-05-03",
        departure_time="10:30",
    )
    # 11 h 57 min after 08:30 UTC it is 20:27 UTC, 05:27 on the next day in Tokyo.
    assert found["flight_minutes"] == 717
    assert (found["landing_date"], found["landing_time"]) == ("2026-05-04", "05:27")


@pytest.mark.parametrize(
    ("city", "country", "zone", "iata"),
    [
        ("Kyoto", "JP", "Asia/Tokyo", "KIX"),
        ("Oxford", "GB", "Europe/London", "LHR"),
        ("Honolulu", "US", "Pacific/Honolulu", "HNL"),
        ("cape town", "ZA", "Africa/Johannesburg", "CPT"),
    ],
)
def test_known_cities(city: str, country: str, zone: str, iata: str) -> None:
    assert call("country_of_city", city=city)["country_code"] == country
    assert call("city_timezone", city=city)["timezone"] == zone
    assert call("city_airport", city=city)["iata_code"] == iata


@pytest.mark.parametrize(
    ("country", "capital", "currency", "prefix", "languages"),
    [
        ("AU", "Canberra", "AUD", "+61", ["English"]),
        ("CH", "Bern", "CHF", "+41", ["German", "French", "Italian", "Romansh"]),
        ("TR", "Ankara", "TRY", "+90", ["Turkish"]),
        ("BG", "Sofia", "EUR", "+359", ["Bulgarian"]),
    ],
)
def test_known_countries(
    country: str, capital: str, currency: str, prefix: str, languages: list[str]
) -> None:
    assert call("country_capital", country=country)["capital"] == capital
    assert call("country_currency", country=country)["currency_code"] == currency
    assert call("country_calling_code", country=country)["calling_code"] == prefix
    assert call("country_languages", country=country)["languages"] == languages


def test_directions_go_round_the_compass() -> None:
    assert call("city_direction", from_city="Madrid", to_city="Bilbao")["compass_point"] == "north"
    berlin = call("city_direction", from_city="Hamburg", to_city="Berlin")
    assert berlin["compass_point"] == "southeast"
    assert call("city_direction", from_city="Dublin", to_city="Galway")["compass_point"] == "west"


def test_the_halfway_point_is_equally_far_from_both() -> None:
    found = call("halfway_point", first_city="Paris", second_city="Warsaw")
    for name in ("Paris", "Warsaw"):
        city = cities()[name]
        km, _ = geodesic(found["latitude"], found["longitude"], city.latitude, city.longitude)
        assert km == pytest.approx(found["distance_to_each_km"], abs=1)
    near = call("nearest_city", latitude=found["latitude"], longitude=found["longitude"])
    assert cities()[near["city"]].country == "DE"


def test_nearest_airports_come_in_order_and_within_the_radius() -> None:
    found = call("nearest_airports", latitude=35.02, longitude=135.75, within_km=90)
    assert [a["iata_code"] for a in found["airports"]] == ["ITM", "UKB", "KIX"]
    assert call("nearest_airports", latitude=-31.95, longitude=115.86)["count"] == 1
    assert call("nearest_airports", latitude=-40.0, longitude=-120.0)["airports"] == []


def test_an_airport_is_not_near_itself() -> None:
    place = call("airport_details", airport="CDG")
    found = call("nearest_airports", latitude=place["latitude"], longitude=place["longitude"])
    assert "CDG" not in [a["iata_code"] for a in found["airports"]]


@pytest.mark.parametrize(
    ("name", "arguments", "kind"),
    [
        ("locate_city", {"city": "Atlantis"}, "not_found"),
        ("airport_details", {"airport": "QQQ"}, "not_found"),
        ("country_currency", {"country": "XX"}, "not_found"),
        ("country_capital", {"country": "IL"}, "not_found"),
        ("city_distance", {"from_city": "Oslo", "to_city": "oslo"}, "invalid_arguments"),
        ("airport_distance", {"origin": "OSL", "destination": "osl"}, "invalid_arguments"),
        ("nearest_city", {"latitude": 95, "longitude": 0}, "invalid_arguments"),
        ("nearest_airports", {"latitude": 0, "longitude": 200}, "invalid_arguments"),
    ],
)
def test_failures_name_the_value(name: str, arguments: dict[str, Any], kind: str) -> None:
    with pytest.raises(ToolError) as failure:
        call(name, **arguments)
    assert failure.value.kind == kind


def test_a_broken_departure_is_refused() -> None:
    with pytest.raises(ToolError, match="2026-02-30"):
        call(
            "estimate_arrival",
            origin="CDG",
            destination="HND",
            departure_date="2026-02-30",
            departure_time="10:30",
        )


def test_samplers_give_what_the_tools_know() -> None:
    world, rng = World(1, NOW), random.Random(5)
    for _ in range(300):
        assert pack.values["city.name"].sample(world, rng, {}) in cities()
        assert pack.values["airport.iata"].sample(world, rng, {}) in airports()
        assert pack.values["country.code"].sample(world, rng, {}) in countries()


def test_a_second_place_lies_in_another_country() -> None:
    world, rng = World(1, NOW), random.Random(5)
    others = [
        pack.values["airport.iata"].sample(world, rng, {"city.name": "Paris"}) for _ in range(100)
    ]
    assert sum(airports()[str(iata)].country == "FR" for iata in others) <= 2


def test_people_who_meet_halfway_live_within_a_short_flight() -> None:
    world, rng = World(1, NOW), random.Random(5)
    oslo = cities()["Oslo"]
    for _ in range(50):
        name = pack.values["city.partner"].sample(world, rng, {"city.name": "Oslo"})
        other = cities()[str(name)]
        assert geodesic(oslo.latitude, oslo.longitude, other.latitude, other.longitude)[0] <= 1800
