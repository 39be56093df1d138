"""Who the owner works with."""

from __future__ import annotations

from typing import Annotated

from typing_extensions import TypedDict

from callwright.generators.nearest import nearest
from callwright.generators.pack import Kind, World
from callwright.generators.packs.agenda.base import (
    PERSON,
    Name,
    agenda,
    name_of,
    pack,
    person_of,
)
from callwright.generators.packs.agenda.texts import about_person
from callwright.generators.packs.travel.people import fold
from callwright.schemas.errors import ToolError


class FoundColleague(TypedDict):
    person_id: Annotated[str, Kind("person.colleague")]
    name: Name
    role: Annotated[str, Kind("colleague.role")]
    team: Annotated[str, Kind("colleague.team")]


class Colleague(TypedDict):
    person_id: str
    name: Name
    role: Annotated[str, Kind("colleague.role")]
    team: Annotated[str, Kind("colleague.team")]
    manager_id: Annotated[str | None, Kind("person.manager")]
    manager_name: Name | None
    works_from: Annotated[str, Kind("time.shift", format="time")]
    works_until: Annotated[str, Kind("time.shift_end", format="time")]
    office_city: Annotated[str, Kind("city.label")]
    desk: str
    email: str
    next_day_off: Annotated[str, Kind("date.leave", format="date")]
    skills: list[str]
    about: str


@pack.tool
def find_colleague(world: World, name: Name) -> FoundColleague:
    """Find a colleague of the user's by full name. Gives the ID that other agenda tools ask for.

    Args:
        name: Full name in Latin letters; Chinese names in pinyin, family name first.
    """
    db = agenda(world)
    row = db.execute("SELECT no, name, role, team FROM people WHERE folded = ?", (fold(name),))
    found = row.fetchone()
    if found is None:
        names = [known for (known,) in db.execute("SELECT name FROM people")]
        raise ToolError("not_found", f"No colleague named {name}.", nearest(name, names))
    return {
        "person_id": f"{PERSON}-{found[0]}",
        "name": found[1],
        "role": found[2],
        "team": found[3],
    }


@pack.tool
def get_colleague(
    world: World,
    person_id: Annotated[
        str,
        Kind(
            "person.any",
            accepts=(
                "person.colleague",
                "person.organizer",
                "person.requester",
                "person.participant",
            ),
        ),
    ],
) -> Colleague:
    """Show a colleague's work profile. Gives role, manager, working hours, desk and next day off.

    Args:
        person_id: ID of the colleague.
    """
    person = person_of(world, person_id)
    about, skills = about_person(str(person.no))
    manager = person.manager
    return {
        "person_id": person_id,
        "name": person.name,
        "role": person.role,
        "team": person.team,
        "manager_id": f"{PERSON}-{manager}" if manager else None,
        "manager_name": name_of(world, manager) if manager else None,
        "works_from": person.works_from,
        "works_until": person.works_until,
        "office_city": person.city,
        "desk": person.desk,
        "email": person.email,
        "next_day_off": person.day_off,
        "skills": list(skills),
        "about": about,
    }
