"""What the bank's worlds are made of: invented shops, firms and billers; homes and price levels."""

from __future__ import annotations

from typing import NamedTuple


class Home(NamedTuple):
    """Where a client may live. `level`: what a thing of one euro costs there, in `currency`."""

    country: str
    currency: str
    level: float
    cities: tuple[str, ...]


HOMES = (
    Home("DE", "EUR", 1.0, ("Berlin", "Hamburg", "Munich")),
    Home("AT", "EUR", 1.0, ("Vienna",)),
    Home("IE", "EUR", 1.1, ("Dublin",)),
    Home("NL", "EUR", 1.0, ("Amsterdam",)),
    Home("GB", "GBP", 0.9, ("London", "Manchester", "Edinburgh")),
    Home("US", "USD", 1.2, ("New York", "Chicago", "Seattle", "Boston")),
    Home("CN", "CNY", 4.0, ("Shanghai", "Hangzhou", "Chengdu")),
    Home("SG", "SGD", 1.4, ("Singapore",)),
    Home("CH", "CHF", 1.3, ("Zurich",)),
    Home("CA", "CAD", 1.5, ("Toronto", "Vancouver")),
    Home("AU", "AUD", 1.6, ("Sydney", "Melbourne")),
    Home("SE", "SEK", 10.0, ("Stockholm", "Gothenburg")),
)


class Merchant(NamedTuple):
    """A shop. `low`, `high`: what one visit costs, in euros; `code`: its trade's number (MCC)."""

    name: str
    category: str
    low: float
    high: float
    code: int


def _merchants(category: str, low: float, high: float, code: int, names: str) -> list[Merchant]:
    return [Merchant(name, category, low, high, code) for name in names.split("|")]


MERCHANTS = (
    *_merchants("groceries", 9, 120, 5411,
        "Green Fork Grocer|Corner Basket|Harvest Lane Market|Sunny Field Foods"),
    *_merchants("groceries", 3, 22, 5462, "Daily Bread Bakery"),
    *_merchants("eating out", 6, 85, 5812,
        "Blue Kettle Coffee|Golden Wok|Olive and Thyme|Noodle Yard|Pier Nine Grill|Little Tandoor"),
    *_merchants("transport", 3, 70, 4121,
        "Metroline Transit|Swift Cab|City Bike Share|Northern Rail Tickets"),
    *_merchants("clothing", 18, 240, 5651,
        "Fable and Thread|Cotton House|Tall Pine Outfitters|Red Button Shoes"),
    *_merchants("electronics", 15, 900, 5732,
        "Pixel Barn|Bright Volt Electronics|Second Screen"),
    *_merchants("books", 8, 75, 5942, "Harbour Books|Paper Lantern Stationery"),
    *_merchants("health", 7, 140, 5912, "Well Street Pharmacy|Clear View Opticians|Iron Oak Gym"),
    *_merchants("home", 12, 420, 5712,
        "Nest and Nail Hardware|Willow Furniture|Kettle and Pan|Garden Gate Nursery"),
    *_merchants("entertainment", 5, 110, 7832,
        "Starlight Cinema|Echo Music Streaming|Vista Video|Old Town Theatre|Lucky Dice Games"),
    *_merchants("fuel", 25, 110, 5541, "Roadstar Fuel|Blue Drop Petrol"),
    *_merchants("travel", 45, 640, 4722, "Skyhopper Travel|Harbour View Hotel|Trailhead Hostels"),
    *_merchants("pets", 10, 130, 5995, "Happy Paws Pet Supplies|Riverside Vets"),
)  # fmt: skip

ACCOUNTS: dict[str, tuple[str, float, float, float]] = {
    "Joint": ("current", 900, 4200, 0.25),
    "Holiday": ("savings", 500, 3800, 1.35),
    "Rainy Day": ("savings", 1500, 9000, 2.1),
    "House": ("savings", 9000, 46000, 2.65),
    "Car": ("savings", 1800, 11000, 1.85),
    "Wedding": ("savings", 2200, 14000, 1.6),
    "Education": ("savings", 3000, 16000, 2.4),
    "Business": ("current", 1600, 9500, 0.4),
    "Gift": ("savings", 150, 900, 0.95),
    "Tax": ("savings", 1200, 7800, 1.1),
}
"""Name that the client gave an account -> type, lowest and highest balance in euros, interest."""

FIRMS = (
    "Hillside Property Management", "Little Oaks Kindergarten", "City Dental Clinic",
    "Riverside Tennis Club", "Maple Street Music School", "Green Valley Landlords",
    "Bright Start Tutoring", "Lakeside Rowing Club", "Spotless Home Cleaning",
    "Old Mill Housing Association",
)  # fmt: skip
"""Who is paid by transfer and is no person."""

BILLERS: dict[str, tuple[tuple[str, ...], float, float, str]] = {
    "electricity": (("Northlight Energy", "Volta Home Power"), 38, 160, "kWh"),
    "gas": (("Hearth Gas Supply", "Blueflame Heating"), 30, 190, "kWh"),
    "water": (("Clearbrook Water", "Stillwater Utilities"), 18, 75, "m3"),
    "internet": (("Fibrewave", "Lumen Broadband"), 24, 65, "GB"),
    "mobile phone": (("Pocketline Mobile", "Hello Cellular"), 12, 58, "GB"),
    "home insurance": (("Anchor Home Insurance", "Threshold Cover"), 16, 62, ""),
    "car insurance": (("Roadwise Insurance", "Bumper Mutual"), 32, 118, ""),
    "waste collection": (("Tidy Town Services", "Greenbin Collect"), 11, 34, ""),
}
"""Category -> firms, lowest and highest bill in euros, unit of what is used."""

BANKS = ("Kestrel Bank", "Union Harbour Bank", "First Meadow Bank", "Civic Savings Bank")
"""Where payees have their accounts."""

STREETS = (
    "Mill Lane", "Station Road", "Market Square", "Park Avenue", "Harbour Street", "Church Hill",
    "Garden Row", "Canal Walk", "Bridge Street", "North Quay",
)  # fmt: skip
