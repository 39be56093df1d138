"""Looking up airports, flights and their details: tools that change nothing."""

from __future__ import annotations

from typing import Annotated

from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.travel.cities import BY_IATA, CITY, City
from callwright.generators.packs.travel.desk import bookable_day, pack
from callwright.generators.packs.travel.timetable import (
    Flight,
    flight_by_id,
    flight_by_number,
    flights_on,
)
from callwright.schemas.errors import ToolError

BOARDING_MINUTES = {False: 45, True: 60}
"""Before departure: short flights, long flights (over five hours)."""


class ServedAirport(TypedDict):
    city: Annotated[str, Kind("city.label")]
    iata: Annotated[str, Kind("airport.served")]
    airport_name: Annotated[str, Kind("airport.name")]
    timezone: Annotated[str, Kind("timezone.flight")]
    distance_to_centre_km: Annotated[float, Kind("distance.local_km")]


class FlightOffer(TypedDict):
    flight_id: Annotated[str, Kind("flight.id")]
    flight_number: Annotated[str, Kind("flight.number")]
    airline: Annotated[str, Kind("airline.name")]
    departs_at: Annotated[str, Kind("datetime.offered", format="date-time")]
    departs_time: Annotated[str, Kind("time.departure", format="time")]
    arrives_at: Annotated[str, Kind("datetime.offered", format="date-time")]
    arrives_on: Annotated[str, Kind("date.reached", format="date")]
    duration_minutes: Annotated[int, Kind("duration.flight_minutes")]
    nonstop: Annotated[bool, Kind("flight.nonstop")]
    fare: Annotated[float, Kind("money.fare")]
    currency: Annotated[str, Kind("currency.code")]
    seats_left: Annotated[int, Kind("flight.seats_left")]


class FlightList(TypedDict):
    origin: Annotated[str, Kind("airport.origin")]
    origin_city: Annotated[str, Kind("city.label")]
    destination: Annotated[str, Kind("airport.destination")]
    destination_city: Annotated[str, Kind("city.label")]
    date: Annotated[str, Kind("date.flight", format="date")]
    count: Annotated[int, Kind("count.flights")]
    flights: list[FlightOffer]


class Departure(TypedDict):
    airport: Annotated[str, Kind("airport.left")]
    city: Annotated[str, Kind("city.label")]
    local_time: Annotated[str, Kind("datetime.departure", format="date-time")]
    timezone: Annotated[str, Kind("timezone.flight")]
    date: Annotated[str, Kind("date.flight", format="date")]


class Arrival(TypedDict):
    airport: Annotated[str, Kind("airport.reached")]
    city: Annotated[str, Kind("city.label")]
    local_time: Annotated[str, Kind("datetime.arrival", format="date-time")]
    timezone: Annotated[str, Kind("timezone.flight")]
    date: Annotated[str, Kind("date.reached", format="date")]


class FlightDetails(TypedDict):
    flight_id: Annotated[str, Kind("flight.id")]
    flight_number: Annotated[str, Kind("flight.number")]
    airline: Annotated[str, Kind("airline.name")]
    aircraft: Annotated[str, Kind("aircraft.type")]
    departure: Departure
    arrival: Arrival
    duration_minutes: Annotated[int, Kind("duration.flight_minutes")]
    stops: Annotated[int, Kind("flight.stops")]
    fare: Annotated[float, Kind("money.current_fare")]
    currency: Annotated[str, Kind("currency.code")]
    seats_left: Annotated[int, Kind("flight.seats_left")]
    free_bag_kg: Annotated[int, Kind("mass.baggage")]


class FlightTimes(TypedDict):
    flight_number: Annotated[str, Kind("flight.number")]
    airline: Annotated[str, Kind("airline.name")]
    terminal: Annotated[str, Kind("airport.terminal")]
    boarding_time: Annotated[str, Kind("time.boarding", format="time")]
    departure: Departure
    arrival: Arrival


def local(moment: object) -> str:
    """A local datetime without seconds and zone."""
    return str(moment)[:16].replace(" ", "T")


def departure_of(flight: Flight) -> Departure:
    return {
        "airport": flight.origin.iata,
        "city": flight.origin.name,
        "local_time": local(flight.departs),
        "timezone": flight.origin.zone,
        "date": flight.day.isoformat(),
    }


def arrival_of(flight: Flight) -> Arrival:
    return {
        "airport": flight.destination.iata,
        "city": flight.destination.name,
        "local_time": local(flight.arrives),
        "timezone": flight.destination.zone,
        "date": flight.arrives.date().isoformat(),
    }


def served(code: str) -> City:
    """The city an airport code means.

    Raises:
        ToolError: `not_found`.
    """
    city = BY_IATA.get(code.strip().upper())
    if city is None:
        raise ToolError("not_found", f"No flights from or to {code}: the airport is not served.")
    return city


@pack.tool
def find_airport(
    city: Annotated[str, Kind("city.flown")],
) -> ServedAirport:
    """Look up the airport that is used for flights from and to a city.

    Gives its IATA code.

    Args:
        city: English name of the city.
    """
    found = CITY.get(city.strip()) or next(
        (c for c in CITY.values() if c.name.casefold() == city.strip().casefold()), None
    )
    if found is None:
        raise ToolError("not_found", f"No airport with flights in {city}.")
    return {
        "city": found.name,
        "iata": found.iata,
        "airport_name": found.airport,
        "timezone": found.zone,
        "distance_to_centre_km": found.centre_km,
    }


@pack.tool
def search_flights(
    world: World,
    origin: Annotated[str, Kind("airport.origin", accepts=("airport.home",))],
    destination: Annotated[
        str, Kind("airport.destination", accepts=("airport.served", "airport.nearby"))
    ],
    date: Annotated[
        str,
        Kind("date.travel", accepts=("date.planned",), format="date"),
    ],
) -> FlightList:
    """Search for flights with free seats on one day.

    Lists them by departure time, with fares for one adult; times are local.

    Args:
        origin: IATA code of the airport to leave from.
        destination: IATA code of the airport to fly to.
        date: Day of departure, YYYY-MM-DD.
    """
    start, end = served(origin), served(destination)
    if start is end:
        raise ToolError("refused", f"{origin} and {destination} serve the same city.")
    day = bookable_day(world, date)
    flights: list[FlightOffer] = [
        {
            "flight_id": flight.id,
            "flight_number": flight.number,
            "airline": flight.airline,
            "departs_at": local(flight.departs),
            "departs_time": local(flight.departs)[11:],
            "arrives_at": local(flight.arrives),
            "arrives_on": flight.arrives.date().isoformat(),
            "duration_minutes": flight.minutes,
            "nonstop": not flight.stops,
            "fare": flight.fare,
            "currency": flight.currency,
            "seats_left": flight.seats_left,
        }
        for flight in flights_on(world.db("travel"), start, end, day)
        if flight.departs > world.now
    ]
    return {
        "origin": start.iata,
        "origin_city": start.name,
        "destination": end.iata,
        "destination_city": end.name,
        "date": day.isoformat(),
        "count": len(flights),
        "flights": flights,
    }


@pack.tool
def get_flight(
    world: World, flight_id: Annotated[str, Kind("flight.id", accepts=("flight.booked",))]
) -> FlightDetails:
    """Get everything about one flight.

    Gives local departure and arrival with their time zones, aircraft, fare for one adult, free
    seats and the free checked-bag allowance.

    Args:
        flight_id: Id of the flight, as a search or a booking gives it.
    """
    flight = flight_by_id(world.db("travel"), flight_id)
    return {
        "flight_id": flight.id,
        "flight_number": flight.number,
        "airline": flight.airline,
        "aircraft": flight.aircraft,
        "departure": departure_of(flight),
        "arrival": arrival_of(flight),
        "duration_minutes": flight.minutes,
        "stops": flight.stops,
        "fare": flight.fare,
        "currency": flight.currency,
        "seats_left": flight.seats_left,
        "free_bag_kg": 23 if flight.minutes > 300 else (15, 20)[flight.key // 512 % 2],
    }


@pack.tool
def flight_schedule(
    world: World,
    flight_number: Annotated[str, Kind("flight.number")],
    date: Annotated[str, Kind("date.flight", along="flight_number", format="date")],
) -> FlightTimes:
    """Get the schedule of a flight by its number and day.

    Gives terminal, boarding time, and local departure and arrival.

    Args:
        flight_number: Airline code and number.
        date: Day of departure, YYYY-MM-DD.
    """
    flight = flight_by_number(world.db("travel"), flight_number, bookable_day(world, date))
    before = BOARDING_MINUTES[flight.minutes > 300]
    leaves = flight.departs.hour * 60 + flight.departs.minute - before
    return {
        "flight_number": flight.number,
        "airline": flight.airline,
        "terminal": str(flight.key // 512 % 3 + 1),
        "boarding_time": f"{leaves // 60:02d}:{leaves % 60:02d}",
        "departure": departure_of(flight),
        "arrival": arrival_of(flight),
    }
