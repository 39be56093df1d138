"""The places the desk serves: real cities with their main airport."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0
PRICE_LEVEL = {
    "AED": 4.0,
    "AUD": 1.65,
    "CAD": 1.5,
    "CHF": 0.95,
    "CNY": 7.8,
    "EUR": 1.0,
    "GBP": 0.86,
    "JPY": 160.0,
    "MXN": 20.0,
    "NOK": 11.5,
    "SGD": 1.45,
    "USD": 1.1,
}
"""Units of a currency that buy about what one euro buys: makes prices believable, nothing else."""


@dataclass(frozen=True, slots=True)
class City:
    """A served city. Kyoto has hotels, but its airport is Osaka's."""

    name: str
    iata: str
    airport: str
    latitude: float
    longitude: float
    zone: str
    currency: str
    centre_km: float
    """From the airport to the centre."""
    also: tuple[str, ...] = ()
    """The city's other airports: a search that names one of them means the city."""


def _rows() -> list[City]:
    c = City
    paris, rome, tokyo, ny = "Europe/Paris", "Europe/Rome", "Asia/Tokyo", "America/New_York"
    china, west = "Asia/Shanghai", "America/Los_Angeles"
    return [
        c(
            "Amsterdam",
            "AMS",
            "Amsterdam Schiphol Airport",
            52.37,
            4.90,
            "Europe/Amsterdam",
            "EUR",
            11.5,
        ),
        c(
            "Beijing",
            "PEK",
            "Beijing Capital Airport",
            39.91,
            116.40,
            china,
            "CNY",
            25.8,
            ("PKX",),
        ),
        c(
            "Berlin",
            "BER",
            "Berlin Brandenburg Airport",
            52.52,
            13.41,
            "Europe/Berlin",
            "EUR",
            19.3,
        ),
        c(
            "Cairo",
            "CAI",
            "Cairo International Airport",
            30.04,
            31.24,
            "Africa/Cairo",
            "USD",
            18.2,
            ("SPX",),
        ),
        c(
            "Dubai",
            "DXB",
            "Dubai International Airport",
            25.20,
            55.27,
            "Asia/Dubai",
            "AED",
            10.6,
            ("DWC",),
        ),
        c(
            "Istanbul",
            "IST",
            "Istanbul Airport",
            41.01,
            28.98,
            "Europe/Istanbul",
            "EUR",
            34.7,
            ("SAW",),
        ),
        c("Kyoto", "KIX", "Osaka Kansai Airport", 35.01, 135.77, tokyo, "JPY", 98.4),
        c(
            "Lisbon",
            "LIS",
            "Lisbon Humberto Delgado Airport",
            38.72,
            -9.14,
            "Europe/Lisbon",
            "EUR",
            6.4,
        ),
        c(
            "London",
            "LHR",
            "London Heathrow Airport",
            51.51,
            -0.13,
            "Europe/London",
            "GBP",
            23.1,
            ("LGW", "STN", "LCY", "LTN"),
        ),
        c("Madrid", "MAD", "Madrid Barajas Airport", 40.42, -3.70, "Europe/Madrid", "EUR", 12.8),
        c(
            "Mexico City",
            "MEX",
            "Mexico City Benito Juárez Airport",
            19.43,
            -99.13,
            "America/Mexico_City",
            "MXN",
            6.7,
            ("NLU",),
        ),
        c(
            "New York",
            "JFK",
            "New York John F. Kennedy Airport",
            40.71,
            -74.01,
            ny,
            "USD",
            20.4,
            ("EWR", "LGA"),
        ),
        c(
            "Osaka",
            "KIX",
            "Osaka Kansai Airport",
            34.69,
            135.50,
            tokyo,
            "JPY",
            38.1,
            ("ITM", "UKB"),
        ),
        c("Oslo", "OSL", "Oslo Gardermoen Airport", 59.91, 10.75, "Europe/Oslo", "NOK", 36.9),
        c(
            "Paris",
            "CDG",
            "Paris Charles de Gaulle Airport",
            48.86,
            2.35,
            paris,
            "EUR",
            23.5,
            ("ORY", "BVA"),
        ),
        c("Rome", "FCO", "Rome Fiumicino Airport", 41.90, 12.50, rome, "EUR", 22.2, ("CIA",)),
        c(
            "San Francisco",
            "SFO",
            "San Francisco International Airport",
            37.77,
            -122.42,
            west,
            "USD",
            18.9,
            ("OAK",),
        ),
        c(
            "Shanghai",
            "PVG",
            "Shanghai Pudong Airport",
            31.23,
            121.47,
            china,
            "CNY",
            32.4,
            ("SHA",),
        ),
        c(
            "Singapore",
            "SIN",
            "Singapore Changi Airport",
            1.29,
            103.85,
            "Asia/Singapore",
            "SGD",
            16.7,
        ),
        c(
            "Sydney",
            "SYD",
            "Sydney Kingsford Smith Airport",
            -33.87,
            151.21,
            "Australia/Sydney",
            "AUD",
            8.3,
        ),
        c("Tokyo", "HND", "Tokyo Haneda Airport", 35.68, 139.69, tokyo, "JPY", 14.1, ("NRT",)),
        c(
            "Toronto",
            "YYZ",
            "Toronto Pearson Airport",
            43.65,
            -79.38,
            "America/Toronto",
            "CAD",
            21.6,
            ("YTZ",),
        ),
        c(
            "Vienna",
            "VIE",
            "Vienna International Airport",
            48.21,
            16.37,
            "Europe/Vienna",
            "EUR",
            16.9,
        ),
        c("Zurich", "ZRH", "Zurich Airport", 47.37, 8.54, "Europe/Zurich", "CHF", 8.6),
    ]


CITIES = _rows()
CITY = {city.name: city for city in CITIES}
AIRPORTS = [city for city in CITIES if city.name != "Kyoto"]
"""Cities with flights; a city's place in this list is its number in a route."""
BY_IATA = {code: city for city in AIRPORTS for code in (city.iata, *city.also)}
NUMBER = {city.name: index for index, city in enumerate(AIRPORTS)}


@cache
def distance_km(first: str, second: str) -> float:
    """Great-circle distance between two served cities."""
    a, b = CITY[first], CITY[second]
    lat1, lat2 = radians(a.latitude), radians(b.latitude)
    half = sin((lat2 - lat1) / 2) ** 2
    half += cos(lat1) * cos(lat2) * sin(radians(b.longitude - a.longitude) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def money(amount: float, currency: str) -> float:
    """`amount` as it is charged: yen have no smaller part."""
    return float(round(amount)) if currency == "JPY" else round(amount, 2)
