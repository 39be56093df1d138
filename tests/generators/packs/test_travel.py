"""The travel desk: its world holds together, its tools do what they say, its wording is rich."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import airportsdata
import pytest

from callwright.generators.graph import outputs_of, parameters_of
from callwright.generators.pack import World
from callwright.generators.packs import load_pack
from callwright.generators.packs.travel import cities, people, timetable
from callwright.generators.packs.travel.houses import HOTELS
from callwright.generators.packs.travel.world import seed_database
from callwright.generators.wording.lexicon import Lexicon
from callwright.schemas.errors import ToolError
from callwright.schemas.surface import terms
from callwright.schemas.validation import is_valid

NOW = datetime(2026, 4, 28, 9, 30, tzinfo=UTC)
pack = load_pack("travel")
Json = Any


@pytest.fixture
def world() -> Iterator[World]:
    db = seed_database(random.Random(5), NOW)
    yield World(5, NOW, {"travel": db})
    db.close()


def call(world: World, tool: str, **arguments: Json) -> Json:
    """Call as the engine does, and hold the result against the tool's schemas."""
    function = pack.functions[tool]
    assert is_valid(function.tool.parameters, arguments)
    result = function.run(world, **arguments) if function.takes_world else function.run(**arguments)
    assert is_valid(function.tool.returns, result)
    return result


def refused(world: World, tool: str, kind: str, **arguments: Json) -> None:
    before = dump(world.db("travel"))
    with pytest.raises(ToolError) as error:
        call(world, tool, **arguments)
    assert error.value.kind == kind
    assert dump(world.db("travel")) == before


def dump(db: sqlite3.Connection) -> list[str]:
    return list(db.iterdump())


def sample(world: World, kind: str, seed: int = 0) -> Json:
    return pack.values[kind].sample(world, random.Random(seed), {})


def somebody(world: World, seed: int = 0) -> str:
    return str(
        call(world, "find_traveller", name=sample(world, "traveller.name", seed))["traveller_id"]
    )


# ----------------------------------------------------------------------- world


def test_the_same_chance_makes_the_same_world_and_another_chance_another_one() -> None:
    first, again, other = (seed_database(random.Random(n), NOW) for n in (1, 1, 2))
    try:
        assert dump(first) == dump(again)
        assert dump(first) != dump(other)
        assert len(first.serialize()) < 150_000
    finally:
        for db in (first, again, other):
            db.close()


def test_every_table_has_a_primary_key(world: World) -> None:
    db = world.db("travel")
    for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        assert any(column[5] for column in db.execute(f"PRAGMA table_info({table})")), table


def test_airport_codes_are_real_and_serve_their_city() -> None:
    known = airportsdata.load("IATA")
    for city in cities.CITIES:
        for code in (city.iata, *city.also):
            airport = known[code]
            assert abs(airport["lat"] - city.latitude) < 1.1, code
            assert abs(airport["lon"] - city.longitude) < 1.1, code
            assert airport["tz"] == city.zone, code


def test_cities_and_airports_are_called_as_in_geography() -> None:
    table = terms.load(terms.FOLDER / "geography.yaml")
    for city in cities.CITIES:
        assert city.name in table["city.name"]
        assert city.airport in table["airport.name"]
        assert city.iata in table["airport.iata"]


def test_confirmed_bookings_lie_ahead_and_completed_ones_behind(world: World) -> None:
    db = world.db("travel")
    for key, status in db.execute("SELECT flight, status FROM flight_bookings").fetchall():
        flight = timetable.flight_at(db, key)
        assert flight is not None
        assert (flight.departs > NOW) is (status != "completed")
    for check_in, status in db.execute("SELECT check_in, status FROM stays").fetchall():
        assert (check_in > NOW.date().isoformat()) is (status != "completed")


def test_everybody_has_flights_and_stays_to_choose_among(world: World) -> None:
    for (number,) in world.db("travel").execute("SELECT no FROM travellers").fetchall():
        assert call(world, "list_flight_bookings", traveller_id=f"TV{number}")["count"] >= 2
        assert call(world, "list_stays", traveller_id=f"TV{number}")["count"] >= 2


def test_no_two_flights_of_a_day_tie_in_fare_or_time(world: World) -> None:
    db, chance = world.db("travel"), random.Random(3)
    sizes = []
    for _ in range(400):
        start, end = chance.sample(cities.AIRPORTS, 2)
        day = NOW.date() + timedelta(days=chance.randrange(1, 300))
        flights = timetable.flights_on(db, start, end, day)
        sizes.append(len(flights))
        for seen in ("fare", "departs", "arrives", "minutes", "number"):
            assert len({getattr(f, seen) for f in flights}) == len(flights)
    assert sum(size >= 2 for size in sizes) > 350


def test_flight_times_are_local_and_add_up(world: World) -> None:
    db = world.db("travel")
    tokyo, paris = cities.CITY["Tokyo"], cities.CITY["Paris"]
    for flight in timetable.flights_on(db, paris, tokyo, date(2026, 5, 4)):
        assert flight.arrives - flight.departs == timedelta(minutes=flight.minutes)
        assert flight.departs.utcoffset() == timedelta(hours=2)
        assert flight.arrives.utcoffset() == timedelta(hours=9)
        assert 10 * 60 < flight.minutes < 20 * 60


def test_hotels_of_a_city_never_tie(world: World) -> None:
    for city in HOTELS:
        hotels = call(world, "search_hotels", city=city)["hotels"]
        assert 4 <= len(hotels) <= 8
        for field in ("nightly_rate", "guest_rating", "centre_km", "name"):
            assert len({hotel[field] for hotel in hotels}) == len(hotels)


def test_a_sealed_id_opens_to_its_number_and_nothing_else_does() -> None:
    for number in (0, 1, 512, 4_194_303, 60_000 << 22):
        assert timetable.unseal("fl", timetable.seal("fl", number)) == number
    for text in ("", "fl_", "fl_ABCDEFGH", "co_00000000", "FB123", "fl_0000000"):
        assert timetable.unseal("fl", text) == -1


# ----------------------------------------------------------------------- tools


def test_travellers_are_found_however_the_name_is_written(world: World) -> None:
    name = sample(world, "traveller.name")
    found = call(world, "find_traveller", name=name)
    assert call(world, "find_traveller", name=name.upper().replace(" ", "  ")) == found
    assert call(world, "find_traveller_by_email", email=found["email"]) == found
    refused(world, "find_traveller", "not_found", name="Nobody Atall")
    refused(world, "find_traveller_by_email", "not_found", email="nobody@example.com")


def test_any_airport_of_a_city_finds_the_city_s_flights(world: World) -> None:
    day = "2026-05-20"
    main = call(world, "search_flights", origin="LHR", destination="HND", date=day)
    assert call(world, "search_flights", origin="LGW", destination="NRT", date=day) == main
    refused(world, "search_flights", "refused", origin="LHR", destination="LGW", date=day)
    refused(world, "search_flights", "not_found", origin="LHR", destination="XXX", date=day)
    refused(world, "search_flights", "refused", origin="LHR", destination="HND", date="2026-04-27")
    refused(world, "search_flights", "refused", origin="LHR", destination="HND", date="2028-01-01")


def test_a_flight_is_booked_seated_loaded_moved_and_cancelled(world: World) -> None:
    me = somebody(world)
    found = call(world, "search_flights", origin="OSL", destination="SIN", date="2026-06-09")
    flight = found["flights"][0]
    booked = call(world, "book_flight", traveller_id=me, flight_id=flight["flight_id"])
    booking = booked["booking_id"]
    assert booked["total"] == flight["fare"]
    assert call(world, "get_flight", flight_id=flight["flight_id"])["seats_left"] == (
        flight["seats_left"] - 1
    )
    refused(world, "book_flight", "refused", traveller_id=me, flight_id=flight["flight_id"])

    seats = call(world, "free_seats", booking_id=booking)["seats"]
    assert (
        len({seat["fee"] for seat in seats}) == len({seat["row"] for seat in seats}) == len(seats)
    )
    seat = call(world, "choose_seat", seat_offer_id=seats[1]["seat_id"])
    bags = call(world, "add_baggage", booking_id=booking, bags=2)
    refused(world, "add_baggage", "refused", booking_id=booking, bags=4)
    now = call(world, "get_flight_booking", booking_id=booking)
    assert (now["seat"], now["extra_bags"]) == (seats[1]["seat"], 2)
    assert now["total"] == pytest.approx(flight["fare"] + seat["fee"] + bags["fee"])

    offers = call(world, "change_offers", booking_id=booking, date="2026-06-12")["offers"]
    changed = call(world, "change_flight", change_offer_id=offers[0]["offer_id"])
    assert changed["paid"] == offers[0]["to_pay"]
    moved = call(world, "get_flight_booking", booking_id=booking)
    assert moved["flight_number"] == offers[0]["flight_number"]
    assert moved["seat"] is None
    assert moved["departure"]["date"] == "2026-06-12"

    promised = call(world, "flight_refund", booking_id=booking)
    assert call(world, "cancel_flight", booking_id=booking) == promised
    assert promised["refund"] + promised["fee"] == pytest.approx(promised["total"])
    refused(world, "cancel_flight", "refused", booking_id=booking)


def test_a_booking_number_tells_which_flight_was_booked(world: World) -> None:
    me = somebody(world)
    found = call(world, "search_flights", origin="CDG", destination="JFK", date="2026-06-09")
    before = world.db("travel").serialize()
    numbers = set()
    for flight in found["flights"]:
        world.db("travel").deserialize(before)
        booked = call(world, "book_flight", traveller_id=me, flight_id=flight["flight_id"])
        numbers.add(booked["booking_id"])
    assert len(numbers) == len(found["flights"])


def test_what_has_departed_cannot_be_changed(world: World) -> None:
    number = (
        world.db("travel")
        .execute("SELECT no FROM flight_bookings WHERE status = 'completed'")
        .fetchone()[0]
    )
    for tool in ("cancel_flight", "flight_refund", "free_seats"):
        refused(world, tool, "refused", booking_id=f"FB{number}")
    refused(world, "get_flight_booking", "not_found", booking_id="FB1")
    refused(world, "get_flight_booking", "not_found", booking_id="nonsense")


def test_a_schedule_is_found_by_number_and_day(world: World) -> None:
    found = call(world, "search_flights", origin="VIE", destination="LIS", date="2026-05-20")
    flight = found["flights"][0]
    number = flight["flight_number"]
    schedule = call(world, "flight_schedule", flight_number=number, date="2026-05-20")
    assert schedule["departure"]["local_time"] == flight["departs_at"]
    assert schedule["boarding_time"] < flight["departs_time"]
    refused(world, "flight_schedule", "not_found", flight_number="ZZ100", date="2026-05-20")
    refused(world, "flight_schedule", "not_found", flight_number="", date="2026-05-20")


def test_a_room_is_priced_booked_extended_and_cancelled(world: World) -> None:
    me = somebody(world)
    hotel = call(world, "search_hotels", city="Kyoto", min_stars=4)["hotels"][0]
    stay = {"hotel_id": hotel["hotel_id"], "check_in": "2026-06-11", "nights": 3}
    price = call(world, "price_stay", **stay)
    booked = call(world, "book_hotel", traveller_id=me, **stay)
    booking = booked["booking_id"]
    assert booked["total"] == price["total"]
    assert booked["check_out"] == "2026-06-14"
    assert call(world, "price_stay", **stay)["rooms_left"] == price["rooms_left"] - 1
    longer = call(world, "extend_stay", booking_id=booking, nights=2)
    assert longer["check_out"] == "2026-06-16"
    assert longer["total"] == pytest.approx(booked["total"] + longer["extra_cost"])
    cancelled = call(world, "cancel_stay", booking_id=booking)
    assert (cancelled["fee"], cancelled["refund"]) == (None, longer["total"])
    refused(world, "extend_stay", "refused", booking_id=booking, nights=2)
    refused(world, "price_stay", "invalid_arguments", **{**stay, "nights": 99})
    refused(world, "search_hotels", "not_found", city="Atlantis")


def test_a_late_cancellation_keeps_the_first_night(world: World) -> None:
    me, hotel = somebody(world), sample(world, "hotel.id")
    tomorrow = (NOW.date() + timedelta(days=1)).isoformat()
    booked = call(world, "book_hotel", traveller_id=me, hotel_id=hotel, check_in=tomorrow, nights=2)
    cancelled = call(world, "cancel_stay", booking_id=booked["booking_id"])
    assert cancelled["fee"] > 0
    assert cancelled["refund"] + cancelled["fee"] == pytest.approx(booked["total"])


def test_kyoto_is_reached_through_osaka(world: World) -> None:
    assert call(world, "find_airport", city="Kyoto")["iata"] == "KIX"
    refused(world, "find_airport", "not_found", city="Atlantis")


@pytest.mark.parametrize("name", sorted(pack.functions))
def test_sampled_values_are_ones_the_tools_know(world: World, name: str) -> None:
    """Nearly every call with sampled arguments succeeds; what is refused is full or taken."""
    tool = pack.functions[name].tool
    before = world.db("travel").serialize()
    failures: list[str] = []
    for seed in range(40):
        world.db("travel").deserialize(before)
        chance = random.Random(seed)
        context: dict[str, Json] = {}
        arguments: dict[str, Json] = {}
        for parameter in parameters_of(tool):
            if parameter.required:
                value = pack.values[parameter.kind].sample(world, chance, context)
                context[parameter.kind] = arguments[parameter.name] = value
        try:
            call(world, name, **arguments)
        except ToolError as error:
            failures.append(error.kind)
    assert len(failures) <= 6
    assert set(failures) <= {"refused"}


# --------------------------------------------------------------------- wording


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_tool_is_worded_in_variety(language: Any) -> None:
    lexicon = Lexicon(language, ["travel"])
    assert set(lexicon.tools) == set(pack.functions)
    for name, words in lexicon.tools.items():
        tool = pack.functions[name].tool
        parameters = parameters_of(tool)
        outputs = {output.path for output in outputs_of(tool)}
        needed = {p.name for p in parameters if p.required and p.along is None}
        assert len(words.ask) >= 4, name
        assert min(map(len, (words.do, words.because, words.answer))) >= 3, name
        for form in (*words.ask, *words.do):
            assert needed <= form.offers <= {p.name for p in parameters}, form.text
        assert set(words.name) | set(words.elide) <= outputs, name
        assert set(words.name) <= set(words.that), name


def test_chinese_travellers_have_their_names_in_characters() -> None:
    table = terms.load(Path(terms.FOLDER / "travel.yaml"))
    names = [table["traveller.name"][name]["zh"][0] for name in people.CHINESE]
    assert len(set(names)) == len(people.CHINESE) == len(set(people.CHINESE))
    districts = {district for hotels in HOTELS.values() for _, district, _ in hotels}
    assert districts == set(table["city.district"])
    assert {city.name for city in cities.CITIES} == set(table["city.served"])
    assert {city.iata for city in cities.AIRPORTS} == set(table["airport.origin"])
    assert set(timetable.AIRLINES.values()) == set(table["airline.name"])
