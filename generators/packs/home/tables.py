"""What a house is made of: rooms, the devices in them, scenes, alerts, and makers of devices."""

from __future__ import annotations

from typing import NamedTuple


class Room(NamedTuple):
    name: str
    floor: str
    heated: bool
    """Has it a thermostat?"""


class Thing(NamedTuple):
    name: str
    type: str
    room: str
    watts: int
    """Drawn while it is on; 0 for what runs on a battery."""
    battery: str | None = None


ROOMS = (
    Room("kitchen", "ground floor", True),
    Room("dining room", "ground floor", True),
    Room("living room", "ground floor", True),
    Room("hallway", "ground floor", True),
    Room("study", "first floor", True),
    Room("bedroom", "first floor", True),
    Room("nursery", "first floor", True),
    Room("guest room", "first floor", True),
    Room("bathroom", "first floor", True),
    Room("attic", "second floor", False),
    Room("basement", "basement", False),
    Room("garage", "ground floor", False),
    Room("conservatory", "ground floor", False),
    Room("garden", "outside", False),
)

SENSOR = "sensor"
"""The one type of device that cannot be switched: it watches, on a battery."""

THINGS = (
    Thing("kitchen ceiling light", "light", "kitchen", 24),
    Thing("worktop light", "light", "kitchen", 11),
    Thing("coffee machine", "appliance", "kitchen", 1350),
    Thing("dishwasher", "appliance", "kitchen", 1780),
    Thing("extractor fan", "fan", "kitchen", 160),
    Thing("kitchen smoke detector", SENSOR, "kitchen", 0, "CR123A"),
    Thing("kitchen leak sensor", SENSOR, "kitchen", 0, "CR2032"),
    Thing("dining table lamp", "light", "dining room", 18),
    Thing("wine cooler", "appliance", "dining room", 95),
    Thing("dining room speaker", "speaker", "dining room", 28),
    Thing("floor lamp", "light", "living room", 15),
    Thing("living room ceiling light", "light", "living room", 32),
    Thing("television", "screen", "living room", 118),
    Thing("games console", "screen", "living room", 165),
    Thing("living room speaker", "speaker", "living room", 42),
    Thing("air purifier", "fan", "living room", 55),
    Thing("aquarium pump", "pump", "living room", 21),
    Thing("living room motion sensor", SENSOR, "living room", 0, "CR2450"),
    Thing("hallway light", "light", "hallway", 13),
    Thing("shoe dryer", "heater", "hallway", 210),
    Thing("doorbell camera", "camera", "hallway", 6),
    Thing("hallway motion sensor", SENSOR, "hallway", 0, "CR2450"),
    Thing("desk lamp", "light", "study", 9),
    Thing("monitor light", "light", "study", 5),
    Thing("printer", "appliance", "study", 310),
    Thing("study heater", "heater", "study", 1500),
    Thing("study motion sensor", SENSOR, "study", 0, "AAA"),
    Thing("bedside lamp", "light", "bedroom", 7),
    Thing("bedroom ceiling light", "light", "bedroom", 26),
    Thing("electric blanket", "heater", "bedroom", 120),
    Thing("bedroom fan", "fan", "bedroom", 38),
    Thing("humidifier", "fan", "bedroom", 30),
    Thing("bedroom window sensor", SENSOR, "bedroom", 0, "CR1632"),
    Thing("night light", "light", "nursery", 2),
    Thing("baby monitor", "camera", "nursery", 8),
    Thing("white noise machine", "speaker", "nursery", 4),
    Thing("nursery window sensor", SENSOR, "nursery", 0, "CR1632"),
    Thing("guest room lamp", "light", "guest room", 12),
    Thing("guest room heater", "heater", "guest room", 1000),
    Thing("guest room window sensor", SENSOR, "guest room", 0, "CR1632"),
    Thing("mirror light", "light", "bathroom", 14),
    Thing("bathroom fan", "fan", "bathroom", 25),
    Thing("towel warmer", "heater", "bathroom", 300),
    Thing("bathroom leak sensor", SENSOR, "bathroom", 0, "CR2032"),
    Thing("attic light", "light", "attic", 17),
    Thing("attic fan", "fan", "attic", 70),
    Thing("attic smoke detector", SENSOR, "attic", 0, "CR123A"),
    Thing("basement light", "light", "basement", 20),
    Thing("dehumidifier", "fan", "basement", 240),
    Thing("washing machine", "appliance", "basement", 2050),
    Thing("tumble dryer", "appliance", "basement", 2400),
    Thing("basement leak sensor", SENSOR, "basement", 0, "CR2032"),
    Thing("garage light", "light", "garage", 36),
    Thing("car charger", "appliance", "garage", 7400),
    Thing("garage camera", "camera", "garage", 10),
    Thing("garage door sensor", SENSOR, "garage", 0, "AA"),
    Thing("garden light", "light", "garden", 40),
    Thing("pond pump", "pump", "garden", 60),
    Thing("sprinkler", "pump", "garden", 45),
    Thing("garden camera", "camera", "garden", 12),
    Thing("conservatory light", "light", "conservatory", 16),
    Thing("conservatory heater", "heater", "conservatory", 1900),
    Thing("weather station", SENSOR, "garden", 0, "AA"),
)

SCENES = {
    "movie night": ("living room", "dining room", "hallway"),
    "good night": ("living room", "kitchen", "hallway", "bedroom"),
    "good morning": ("bedroom", "bathroom", "kitchen"),
    "leaving home": ("kitchen", "living room", "study", "bathroom"),
    "dinner party": ("dining room", "kitchen", "conservatory"),
    "working from home": ("study", "hallway", "kitchen"),
    "bath time": ("bathroom", "nursery", "hallway"),
    "laundry day": ("basement", "bathroom"),
    "garden party": ("garden", "conservatory", "kitchen"),
    "guests arriving": ("guest room", "hallway", "living room"),
    "reading hour": ("living room", "bedroom", "study"),
    "holiday mode": ("living room", "bedroom", "garden", "garage"),
}
"""Scene -> rooms whose devices it switches."""

REASONS = {
    "low battery": "warning",
    "no contact for six hours": "warning",
    "firmware update failed": "info",
    "filter needs cleaning": "info",
    "weak wireless signal": "info",
    "overheating": "critical",
    "water detected": "critical",
    "unusual power draw": "warning",
    "vibration above the limit": "warning",
    "tamper switch opened": "critical",
}
"""What an alert may be about -> how bad that is."""

FITTING = {
    SENSOR: ("low battery", "no contact for six hours", "tamper switch opened"),
    "light": ("overheating", "weak wireless signal", "no contact for six hours"),
    "appliance": ("water detected", "unusual power draw", "vibration above the limit"),
    "fan": ("filter needs cleaning", "vibration above the limit", "unusual power draw"),
    "heater": ("overheating", "unusual power draw", "firmware update failed"),
    "camera": ("weak wireless signal", "tamper switch opened", "firmware update failed"),
    "pump": ("water detected", "unusual power draw", "filter needs cleaning"),
    "speaker": ("weak wireless signal", "firmware update failed"),
    "screen": ("firmware update failed", "unusual power draw"),
}  # fmt: skip
"""Type of device -> alerts that it raises."""

MAKERS = ("Lumora", "Norvik Home", "Teplon", "Aerlin", "Kowari", "Brightside Works", "Osterby")

PROTOCOLS = ("Wi-Fi 2.4 GHz", "Zigbee 3.0", "Thread", "Bluetooth LE", "Matter over Thread")

ABOUT = (
    "Set-up takes two minutes: hold the button until the ring blinks, then add it in the app.",
    "The status light can be dimmed or switched off altogether in the settings.",
    "All settings are kept in the device, so that it goes on working while the router is down.",
    "The housing is made of recycled plastic and can be opened with a small screwdriver.",
    "Firmware updates are installed at night and take less than five minutes.",
    "Up to ten members of the household can be given access, each with rights of their own.",
    "The device reports every two minutes, and at once whenever something changes.",
    "Energy figures are accurate to within two percent above a load of three watts.",
    "The wall bracket and two screws are in the box; the manual ends with the template.",
    "It can be used as a trigger in any scene and in any timer.",
    "A factory reset removes all members and timers; the serial number stays registered.",
    "Data is encrypted on its way and at rest, and nothing is shared without consent.",
)
CARE = (
    "Wipe with a dry, soft cloth once a month.",
    "Never use solvents or steam.",
    "Keep the vents free of dust.",
    "Check the seal before each winter.",
    "Let it cool down for ten minutes before cleaning.",
    "Rinse the filter under lukewarm water and let it dry for a day.",
    "Do not open the sealed compartment.",
    "Press the test button once a month.",
)
EVENTS = (
    "reported in", "setting changed in the app", "time synchronised", "restarted after an update",
    "timer ran", "access checked", "signal weak", "signal restored", "configuration saved",
    "self-test passed", "scene applied", "name resolved", "clock adjusted", "cache cleared",
)  # fmt: skip
"""What a device writes down of itself."""
