"""Looking travellers up."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from typing_extensions import TypedDict

from callwright.generators.nearest import nearest
from callwright.generators.pack import Kind, World
from callwright.generators.packs.travel.cities import CITY
from callwright.generators.packs.travel.desk import TRAVELLER, pack, today, traveller
from callwright.generators.packs.travel.people import fold
from callwright.generators.packs.travel.timetable import mix
from callwright.generators.packs.travel.world import TIER_POINTS
from callwright.schemas.errors import ToolError


class Traveller(TypedDict):
    traveller_id: Annotated[str, Kind("traveller.id")]
    name: Annotated[str, Kind("traveller.name")]
    email: Annotated[str, Kind("traveller.email")]
    tier: Annotated[str, Kind("loyalty.tier")]


class Profile(TypedDict):
    name: Annotated[str, Kind("traveller.name")]
    email: Annotated[str, Kind("email.address")]
    home_city: Annotated[str, Kind("city.home")]
    home_airport: Annotated[str, Kind("airport.home")]
    home_airport_name: Annotated[str, Kind("airport.name")]
    tier: Annotated[str, Kind("loyalty.tier")]
    member_since: Annotated[str, Kind("date.joined", format="date")]
    passport_valid_until: Annotated[str, Kind("date.passport", format="date")]


class Points(TypedDict):
    traveller_name: Annotated[str, Kind("traveller.name")]
    tier: Annotated[str, Kind("loyalty.tier")]
    points: Annotated[int, Kind("loyalty.points")]
    next_tier: Annotated[str | None, Kind("loyalty.tier")]
    points_to_next_tier: Annotated[int | None, Kind("loyalty.points")]
    expiring_points: Annotated[int, Kind("loyalty.points")]
    expire_on: Annotated[str, Kind("date.expiry", format="date")]


def _shown(row: tuple[Any, ...]) -> Traveller:
    return {
        "traveller_id": f"{TRAVELLER}{row[0]}",
        "name": row[1],
        "email": row[3],
        "tier": row[5],
    }


@pack.tool
def find_traveller(world: World, name: Annotated[str, Kind("traveller.name")]) -> Traveller:
    """Find a traveller by full name.

    Gives the traveller's id, which other tools ask for.

    Args:
        name: Full name in Latin letters as in the passport; Chinese names in pinyin, family name
            first.
    """
    row = (
        world.db("travel")
        .execute("SELECT * FROM travellers WHERE folded = ?", (fold(name),))
        .fetchone()
    )
    if row is None:
        people = world.db("travel").execute("SELECT name FROM travellers")
        near = nearest(name, (known for (known,) in people))
        raise ToolError("not_found", f"No traveller with the name {name}.", near)
    return _shown(row)


@pack.tool
def find_traveller_by_email(
    world: World, email: Annotated[str, Kind("traveller.email")]
) -> Traveller:
    """Find a traveller by e-mail address.

    Gives the traveller's id, which other tools ask for.

    Args:
        email: The address the traveller is registered with.
    """
    row = (
        world.db("travel")
        .execute("SELECT * FROM travellers WHERE email = ?", (email.strip().lower(),))
        .fetchone()
    )
    if row is None:
        raise ToolError("not_found", f"No traveller is registered with {email}.")
    return _shown(row)


@pack.tool
def traveller_profile(world: World, traveller_id: Annotated[str, Kind("traveller.id")]) -> Profile:
    """Get a traveller's profile.

    Gives e-mail address, home city and airport, tier, and until when the passport is valid.

    Args:
        traveller_id: Id of the traveller.
    """
    person = traveller(world.db("travel"), traveller_id)
    return {
        "name": person[1],
        "email": person[3],
        "home_city": person[4],
        "home_airport": CITY[person[4]].iata,
        "home_airport_name": CITY[person[4]].airport,
        "tier": person[5],
        "member_since": person[7],
        "passport_valid_until": person[8],
    }


@pack.tool
def loyalty_points(world: World, traveller_id: Annotated[str, Kind("traveller.id")]) -> Points:
    """Get a traveller's loyalty account.

    Gives points, tier, the points still missing for the next tier, and which points expire when.

    Args:
        traveller_id: Id of the traveller.
    """
    person = traveller(world.db("travel"), traveller_id)
    number, tier, points = person[0], person[5], person[6]
    tiers = list(TIER_POINTS)
    following = tiers[tiers.index(tier) + 1] if tier != tiers[-1] else None
    month = today(world).month + 1 + mix(number, 3) % 9
    end = date(today(world).year + month // 12, month % 12 + 1, 1).toordinal() - 1
    return {
        "traveller_name": person[1],
        "tier": tier,
        "points": points,
        "next_tier": following,
        "points_to_next_tier": TIER_POINTS[following] - points if following else None,
        "expiring_points": 100 + points * (5 + mix(number, 5) % 30) // 100,
        "expire_on": date.fromordinal(end).isoformat(),
    }
