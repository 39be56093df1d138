"""Two small packs, one with a database, and rows over them written by hand.

The rows' results come from really calling the tools; spans are found in the texts they stand in.
"""

import random
import sqlite3
from datetime import datetime, timedelta
from functools import cache
from typing import Annotated, Literal

from typing_extensions import TypedDict

from callwright.curation.verify import certify
from callwright.generators.execution import PackToolbox
from callwright.generators.pack import Kind, Pack, World
from callwright.generators.worlds import clock
from callwright.schemas.canonical import digest
from callwright.schemas.errors import ToolError
from callwright.schemas.reading import calls_of
from callwright.schemas.record import Conversation
from callwright.schemas.schema_gate import without_kinds
from callwright.schemas.shape import feeders, topology

# --------------------------------------------------------------------- atlas

CITIES = {
    "Lisbon": ("LIS", 38.77, -9.13),
    "Vienna": ("VIE", 48.11, 16.57),
    "Nairobi": ("NBO", -1.32, 36.93),
    "Quito": ("UIO", -0.13, -78.36),
    "Hanoi": ("HNX", 21.22, 105.81),
}
PLACES = {code: (lat, lon) for code, lat, lon in CITIES.values()} | {"OSL": (60.19, 11.1)}

atlas = Pack("atlas", about="Cities and their airports.", data="made up")


class Place(TypedDict):
    city: str
    airport: Annotated[str, Kind("airport.iata")]
    latitude: Annotated[float, Kind("geo.latitude")]
    longitude: Annotated[float, Kind("geo.longitude")]


@atlas.tool
def city_airport(city: Annotated[str, Kind("city.name")]) -> Place:
    """Look up the airport of a city. Gives its IATA code.

    Args:
        city: Name of the city.
    """
    if city not in CITIES:
        raise ToolError("not_found", f"No city {city}.")
    code, lat, lon = CITIES[city]
    return {"city": city, "airport": code, "latitude": lat, "longitude": lon}


class Distance(TypedDict):
    origin: str
    destination: str
    distance: Annotated[float, Kind("distance.any")]
    unit: str


@atlas.tool
def airport_distance(
    origin: Annotated[str, Kind("airport.iata")],
    destination: Annotated[str, Kind("airport.iata")],
    unit: Literal["km", "mi"] = "km",
) -> Distance:
    """Measure the way between two airports. As the crow flies.

    Args:
        origin: Code of the first airport.
        destination: Code of the second airport.
        unit: Unit of the distance.
    """
    for code in (origin, destination):
        if code not in PLACES:
            raise ToolError("not_found", f"No airport {code}.")
    (a, b), (c, d) = PLACES[origin], PLACES[destination]
    way = round((abs(a - c) + abs(b - d)) * (111.2 if unit == "km" else 69.1), 1)
    return {"origin": origin, "destination": destination, "distance": way, "unit": unit}


class Time(TypedDict):
    hours: Annotated[float, Kind("duration.hours")]


@atlas.tool
def flight_time(distance: Annotated[float, Kind("distance.any")]) -> Time:
    """Estimate how long a flight takes. At cruising speed.

    Args:
        distance: Kilometres to fly.
    """
    return {"hours": round(distance / 830 + 0.5, 2)}


class Echo(TypedDict):
    code: Annotated[str, Kind("airport.iata")]
    noted: bool


@atlas.tool
def note_airport(code: Annotated[str, Kind("airport.iata")]) -> Echo:
    """Take note of an airport. Gives back what it was given.

    Args:
        code: Code of the airport.
    """
    return {"code": code, "noted": True}


class Sky(TypedDict):
    sunset: Annotated[str, Kind("time.sunset")]


@atlas.tool
def sunset(
    latitude: Annotated[float, Kind("geo.latitude")],
    longitude: Annotated[float, Kind("geo.longitude", along="latitude")],
) -> Sky:
    """Tell when the sun sets. Local time.

    Args:
        latitude: Degrees north.
        longitude: Degrees east.
    """
    if (latitude, longitude) not in PLACES.values():
        raise ToolError("not_found", "Nobody lives there.")
    return {"sunset": f"{18 + int(latitude) % 4:02d}:{int(abs(longitude)) % 60:02d}"}


class Day(TypedDict):
    date: str
    opens: str


@atlas.tool
def opening_hours(date: Annotated[str, Kind("date.day", format="date")]) -> Day:
    """Tell when the library opens. On any day.

    Args:
        date: The day.
    """
    return {"date": date, "opens": f"{8 + int(date[-1]) % 3:02d}:30"}


class Home(TypedDict):
    airport: Annotated[str, Kind("airport.iata")]


@atlas.tool
def home_airport() -> Home:
    """Tell the user's home airport. As set up."""
    return {"airport": "VIE"}


@atlas.kind("airport.iata")
def _airport(_world: World, rng: random.Random, _context):
    return rng.choice(sorted(PLACES))


@atlas.kind("city.name")
def _city(_world: World, rng: random.Random, _context):
    return rng.choice(sorted(CITIES))


@atlas.kind("date.day")
def _day(world: World, rng: random.Random, _context):
    return (world.now + timedelta(days=rng.randrange(60))).date().isoformat()


# --------------------------------------------------------------------- store


def _seed(_rng: random.Random, _now: datetime) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
    db.execute("create table customers(id text primary key, name text)")
    db.execute(
        "create table orders(id integer primary key, customer text, total real, status text)"
    )
    names = ["Nora Lindqvist", "Tariq Haddad", "Mei Tanaka"]
    for number, name in enumerate(names):
        db.execute("insert into customers values(?, ?)", (f"K-{410 + 7 * number}", name))
        for at in range(4):
            total = 20.5 + 31.25 * ((at * 5 + number) % 7)
            status = ["open", "delivered", "open", "open"][(at + number) % 4]
            row = (3001 + 13 * number + 5 * at, f"K-{410 + 7 * number}", total, status)
            db.execute("insert into orders values(?, ?, ?, ?)", row)
    return db


store = Pack("store", about="Customers and orders.", data="made up", seed_database=_seed)


class Customer(TypedDict):
    customer_id: Annotated[str, Kind("customer.id")]
    name: str


@store.tool
def find_customer(world: World, name: Annotated[str, Kind("customer.name")]) -> Customer:
    """Find a customer. By full name.

    Args:
        name: Full name.
    """
    found = world.db("store").execute("select * from customers where name = ?", (name,)).fetchone()
    if found is None:
        raise ToolError("not_found", f"No customer {name}.")
    return {"customer_id": found["id"], "name": found["name"]}


class Order(TypedDict):
    order_id: Annotated[int, Kind("order.id")]
    total: Annotated[float, Kind("money.total")]
    status: Annotated[str, Kind("order.status")]


class Orders(TypedDict):
    count: int
    orders: list[Order]


@store.tool
def list_orders(world: World, customer_id: Annotated[str, Kind("customer.id")]) -> Orders:
    """List the orders of a customer. Oldest first.

    Args:
        customer_id: The customer's number.
    """
    rows = world.db("store").execute(
        "select * from orders where customer = ? order by id", (customer_id,)
    )
    orders = [
        {"order_id": row["id"], "total": row["total"], "status": row["status"]} for row in rows
    ]
    return {"count": len(orders), "orders": orders}


class Cancelled(TypedDict):
    order_id: int
    status: str
    refund: Annotated[float, Kind("money.refund")]


@store.tool(effect="write")
def cancel_order(world: World, order_id: Annotated[int, Kind("order.id")]) -> Cancelled:
    """Cancel an order. Delivered ones cannot be cancelled.

    Args:
        order_id: The order's number.
    """
    db = world.db("store")
    order = db.execute("select * from orders where id = ?", (order_id,)).fetchone()
    if order is None:
        raise ToolError("not_found", f"No order {order_id}.")
    if order["status"] != "open":
        raise ToolError("refused", f"Order {order_id} is {order['status']}.")
    db.execute("update orders set status = 'cancelled' where id = ?", (order_id,))
    return {"order_id": order_id, "status": "cancelled", "refund": order["total"]}


class Placed(TypedDict):
    order_id: Annotated[int, Kind("order.id")]


@store.tool(effect="write")
def place_order(
    world: World,
    customer_id: Annotated[str, Kind("customer.id")],
    total: Annotated[float, Kind("money.amount")],
) -> Placed:
    """Place an order. Numbers go up.

    Args:
        customer_id: The customer's number.
        total: What it costs.
    """
    db = world.db("store")
    db.execute(
        "insert into orders(customer, total, status) values(?, ?, 'open')", (customer_id, total)
    )
    (last,) = db.execute("select max(id) from orders").fetchone()
    return {"order_id": last}


@store.kind("customer.name")
def _name(world: World, rng: random.Random, _context):
    names = world.db("store").execute("select name from customers order by id").fetchall()
    return rng.choice(names)[0]


@cache
def toolbox() -> PackToolbox:
    return PackToolbox([atlas, store])


# ---------------------------------------------------------------------- rows


class Script:
    """Writes a row: says, calls, answers; notes where each value stands."""

    def __init__(self, scenario, user, *, system=None, language="en", seed=5, offer=()):
        self.messages = [{"role": "system", "content": system}] if system else []
        self.asked = len(self.messages)
        self.messages.append({"role": "user", "content": user})
        self.row = {"id": digest(user), "scenario": scenario, "language": language, "seed": seed}
        self.offer = set(offer)
        self.session = toolbox().open(seed)
        self.sources, self.claims, self.made, self.goals = {}, [], [], []
        self.wrote = False

    def span(self, message, words, form):
        start = self.messages[message]["content"].index(words)
        return {"message": message, "start": start, "end": start + len(words), "form": form}

    def said(self, value, words=None, form="verbatim"):
        return value, [{"origin": "user", **self.span(self.asked, words or value, form)}]

    def today(self, value, words, form, date):
        value, sources = self.said(value, words, form)
        return value, [*sources, {"origin": "system", **self.span(0, date, "date.long")}]

    def result(self, call, pointer):
        value = self.made[call - 1][1].value
        for token in pointer.split("/")[1:]:
            value = value[token]
        return value, [{"origin": "result", "call": f"call_{call}", "pointer": pointer}]

    def selected(self, call, path, value, pointer, rule):
        source = {"origin": "selected", "call": f"call_{call}", "list": path, "pointer": pointer}
        return value, [{**source, "rule": rule}]

    def turn(self, *calls):
        """Each call is (tool, {name: (value, sources)})."""
        tool_calls, results = [], []
        for name, arguments in calls:
            call = f"call_{len(self.made) + 1}"
            given = {key: value for key, (value, _) in arguments.items()}
            result = self.session.call(name, given)
            function = {"name": name, "arguments": given}
            self.made.append((function, result))
            self.sources[call] = {f"/{key}": found for key, (_, found) in arguments.items()}
            self.wrote |= toolbox().functions[name].tool.effect == "write"
            tool_calls.append({"id": call, "type": "function", "function": function})
            results.append({"role": "tool", "tool_call_id": call, "content": result.content})
        self.messages += [{"role": "assistant", "tool_calls": tool_calls}, *results]

    def answer(self, *pieces):
        """Pieces: plain text, or (words, call, pointer, form)."""
        text = ""
        for piece in pieces:
            words = piece if isinstance(piece, str) else piece[0]
            if not isinstance(piece, str):
                _, call, pointer, form = piece
                span = {"message": len(self.messages), "start": len(text)}
                span |= {"end": len(text) + len(words), "form": form}
                self.claims.append({**span, "call": f"call_{call}", "pointer": pointer})
                if f"call_{call}" not in self.goals:
                    self.goals.append(f"call_{call}")
            text += words
        self.messages.append({"role": "assistant", "content": text})

    def finish(self) -> Conversation:
        """The row as a builder would hand it to `certify`: its edges still candidates."""
        names = [function["name"] for function, _ in self.made]
        tools = [f.tool for n, f in toolbox().functions.items() if n in {*names, *self.offer}]
        functions = [
            {
                "name": tool.name,
                "description": tool.description,
                "parameters": without_kinds(tool.parameters),
            }
            for tool in tools
        ]
        record = {
            **self.row,
            "tools": [{"type": "function", "function": function} for function in functions],
            "messages": self.messages,
            "sources": self.sources,
            "claims": self.claims,
            "expected": {
                "state": self.session.digest() if self.wrote else None,
                "calls": [function for function, _ in self.made],
                "outputs": [{"call": c["call"], "pointer": c["pointer"]} for c in self.claims],
                "forbidden": [t.name for t in tools if t.effect == "write" and t.name not in names],
            },
        }
        row = Conversation.model_validate(record)
        calls = calls_of(row)
        after = feeders(calls, row.sources)
        plan = {
            "steps": [{"call": c.id, "tool": c.name, "after": after[c.id]} for c in calls],
            "goals": self.goals,
            "sequence": names,
            "topology": topology(calls, after),
            "skeleton": digest(names),
        }
        return Conversation.model_validate({**record, "plan": plan})


def chain() -> Conversation:
    """City, airport, distance, flight time; a system message that states nothing of use."""
    s = Script(
        "chain",
        "How long would I fly from Lisbon to OSL?",
        system="You are a travel assistant.",
        offer=["sunset", "cancel_order"],
    )
    s.turn(("city_airport", {"city": s.said("Lisbon")}))
    ends = {"origin": s.result(1, "/airport"), "destination": s.said("OSL")}
    s.turn(("airport_distance", {**ends, "unit": ("km", [{"origin": "default"}])}))
    s.turn(("flight_time", {"distance": s.result(2, "/distance")}))
    s.answer(
        "You would fly for about ", (_number(s, 3, "hours"), 3, "/hours", "number.digits"), "."
    )
    return s.finish()


def stateful() -> Conversation:
    """A person's cheapest order above an amount is cancelled, then all orders are listed."""
    s = Script("stateful", "I'm Tariq Haddad. Cancel my cheapest open order above 50 euros.")
    s.turn(("find_customer", {"name": s.said("Tariq Haddad")}))
    s.turn(("list_orders", {"customer_id": s.result(1, "/customer_id")}))
    said = s.span(0, "50", "number.digits")
    tests = [
        {"field": "status", "op": "eq", "value": "open"},
        {"field": "total", "op": "ge", "value": 50, "source": {"origin": "user", **said}},
    ]
    orders = [o for o in s.made[1][1].value["orders"] if o["status"] == "open" and o["total"] >= 50]
    chosen = min(orders, key=lambda order: order["total"])["order_id"]
    rule = {"where": tests, "take": "min", "by": "total"}
    s.turn(("cancel_order", {"order_id": s.selected(2, "/orders", chosen, "/order_id", rule)}))
    s.answer(
        "Order ",
        (str(chosen), 3, "/order_id", "number.digits"),
        " is cancelled; you get ",
        (_number(s, 3, "refund"), 3, "/refund", "number.digits"),
        " back.",
    )
    return s.finish()


def companions() -> Conversation:
    """Two values of one object are passed on together."""
    s = Script("chain", "When does the sun go down in Vienna?")
    s.turn(("city_airport", {"city": s.said("Vienna")}))
    place = {"latitude": s.result(1, "/latitude"), "longitude": s.result(1, "/longitude")}
    s.turn(("sunset", place))
    s.answer("The sun sets at ", (s.made[1][1].value["sunset"], 2, "/sunset", "time.h24"), ".")
    return s.finish()


def single() -> Conversation:
    """What "tomorrow" means stands in the system message."""
    day = clock(5).date()
    today = f"{day.day} {day:%B} {day.year}"
    s = Script("single", "Does the library open early tomorrow?", system=f"Today is {today}.")
    date = (day + timedelta(days=1)).isoformat()
    s.turn(("opening_hours", {"date": s.today(date, "tomorrow", "date.relative", today)}))
    s.answer("It opens at ", (s.made[0][1].value["opens"], 1, "/opens", "time.h24"), ".")
    return s.finish()


def parallel() -> Conversation:
    s = Script("parallel", "Which airports do Quito and Hanoi have?")
    s.turn(("city_airport", {"city": s.said("Quito")}), ("city_airport", {"city": s.said("Hanoi")}))
    s.answer(
        ("Quito", 1, "/city", "verbatim"),
        " has ",
        ("UIO", 1, "/airport", "verbatim"),
        ", ",
        ("Hanoi", 2, "/city", "verbatim"),
        " has ",
        ("HNX", 2, "/airport", "verbatim"),
        ".",
    )
    return s.finish()


def miles() -> Conversation:
    """The request's words imply the unit."""
    s = Script("single", "How many miles is it from LIS to OSL?")
    given = {"origin": s.said("LIS"), "destination": s.said("OSL")}
    s.turn(("airport_distance", {**given, "unit": ("mi", [{"origin": "constant"}])}))
    s.answer("It is ", (_number(s, 1, "distance"), 1, "/distance", "number.digits"), " miles.")
    return s.finish()


def irrelevant() -> Conversation:
    s = Script("irrelevant", "请给我讲一个笑话。", language="zh", offer=["sunset", "place_order"])
    s.answer("好的，不过现有的工具都帮不上忙。")
    return s.finish()


def echo() -> Conversation:
    """The third call gets what the second was given: one edge is no edge."""
    s = Script("chain", "Take note of the airport of Nairobi, then tell how far OSL is from it.")
    s.turn(("city_airport", {"city": s.said("Nairobi")}))
    s.turn(("note_airport", {"code": s.result(1, "/airport")}))
    s.turn(("airport_distance", {"origin": s.result(2, "/code"), "destination": s.said("OSL")}))
    s.answer(
        "They are ", (_number(s, 3, "distance"), 3, "/distance", "number.digits"), " km apart."
    )
    return s.finish()


def new_order() -> Conversation:
    """The number of a new order is the next one, whoever orders whatever."""
    s = Script("stateful", "I'm Mei Tanaka. Order something for 75 euros, and cancel that again.")
    s.turn(("find_customer", {"name": s.said("Mei Tanaka")}))
    amount = s.said(75, "75", "number.digits")
    s.turn(("place_order", {"customer_id": s.result(1, "/customer_id"), "total": amount}))
    s.turn(("cancel_order", {"order_id": s.result(2, "/order_id")}))
    s.answer("You get ", (_number(s, 3, "refund"), 3, "/refund", "number.digits"), " back.")
    return s.finish()


def _number(script, call, field) -> str:
    return str(script.made[call - 1][1].value[field])


@cache
def rows() -> dict[str, Conversation]:
    """Every row that passes, certified."""
    made = (chain, stateful, companions, single, parallel, miles, irrelevant)
    return {make.__name__: certify(make(), toolbox()) for make in made}
