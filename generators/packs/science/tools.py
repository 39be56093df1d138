"""Science: the pack, and the values people say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from random import Random
from typing import Any

from callwright.generators.pack import Pack, World
from callwright.generators.packs.science import astronomy, chemistry, laboratory, sky, worlds
from callwright.generators.packs.science.tables import (
    Compound,
    compound_named,
    compounds,
    elements,
    half_lives,
)
from callwright.schemas.toolbox import Json

pack = Pack(
    "science",
    about="Chemical compounds, elements and solutions; sun, moon and sky.",
    data=(
        "Compounds: 190 common ones with CAS number, formula, melting and boiling point, taken "
        "from the tables of chemicals 1.5.2 (MIT; mostly CRC Handbook and CAS Common Chemistry) "
        "and checked by hand, see compounds.csv. Elements and isotopes: periodictable (public "
        "domain). Half-lives of medical isotopes: rounded from published nuclear data, see "
        "isotopes.csv. Sun: astral (Apache-2.0), for the cities of the pack geography. Moon and "
        "seasons: computed after J. Meeus, Astronomical Algorithms. Eclipses 2024 to 2032: dates "
        "after NASA's catalogues. Meteor showers: peak longitudes of the International Meteor "
        "Organization."
    ),
)
for tool in (*chemistry.TOOLS, *laboratory.TOOLS, *astronomy.TOOLS, *worlds.TOOLS):
    pack.tool(tool)

_WELL_KNOWN = (
    "hydrogen helium lithium carbon nitrogen oxygen fluorine neon sodium magnesium aluminum "
    "silicon phosphorus sulfur chlorine argon potassium calcium titanium chromium manganese iron "
    "cobalt nickel copper zinc gallium germanium selenium bromine krypton rubidium "
    "strontium zirconium molybdenum palladium silver cadmium tin antimony xenon cesium "
    "barium neodymium samarium europium gadolinium tungsten osmium iridium platinum gold mercury "
    "thallium lead bismuth thorium uranium"
).split()
_IN_COMPOUNDS = (
    "carbon hydrogen oxygen nitrogen sulfur chlorine sodium potassium calcium iron copper".split()
)

# Whole numbers up to 12 may be put in words ("five grams"): none where that reads badly.
CHOICES: dict[str, Sequence[Json]] = {
    "isotope.name": list(half_lives()),
    "temperature.room": [-40, -20, -15, -10, -5, *range(15, 45), *range(50, 260, 10)],
    "mass.lab_g": [0.25, 0.5, 1.5, 2.5, 3.5, 7.5, *range(2, 13), *range(15, 105, 5), 125, 150, 250],
    "amount.mol": [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1.5, 2, 2.5, 3],
    "volume.flask_ml": [50, 100, 150, 200, 250, 300, 400, 500, 600, 750, 800, 1000, 1500, 2000],
    "volume.diluted_ml": [25, 50, 100, 150, 200, 250, 300, 400, 500],
    "concentration.wanted": [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1.5, 2],
    "concentration.stock": [2, 2.5, 3, 4, 5, 6, 8, 10, 12],
    "concentration.final": [0.01, 0.02, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.5],
    "molar.mass": [18.015, 40.0, 44.01, 58.44, 60.05, 74.55, 84.01, 98.08, 180.156, 342.3],
    "activity.mbq": [*range(100, 800, 25), 37, 74, 185],
    "space.body": list(worlds.GRAVITY),
}
_UNSAID = {"molar.mass"}
_IN_FLASK = {"mass.lab_g", "amount.mol", "volume.flask_ml"}
_HOURS = (0.5, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12, 18, 24, 36, 48, 72, 96, 120, 240, 480)


def _register(kind: str, values: Sequence[Json]) -> None:
    @pack.kind(kind, said=kind not in _UNSAID)
    def sample(world: World, rng: Random, context: Mapping[str, Json]) -> Json:  # noqa: ARG001
        if kind not in _IN_FLASK:
            return rng.choice(values)
        return rng.choice([v for v in values if _dissolves({**context, kind: v})] or values)


def _dissolves(context: Mapping[str, Any]) -> bool:
    """A solution of at most two moles and 100 grams a litre."""
    flask = context.get("volume.flask_ml")
    if flask is None:
        return True
    moles, grams = context.get("amount.mol", 0), context.get("mass.lab_g", 0)
    return bool(moles * 500 <= flask and grams * 10 <= flask)


for _kind, _values in CHOICES.items():
    _register(_kind, _values)


_UNWEIGHED = frozenset(
    {
        "methane", "ethane", "propane", "butane", "ethylene", "propylene", "acetylene",
        "carbon dioxide", "carbon monoxide", "nitrous oxide", "sulfur dioxide", "hydrogen sulfide",
        "titanium dioxide", "silicon dioxide", "magnesium oxide", "barium sulfate", "squalene",
    }
)  # fmt: skip
"""Gases and minerals: nobody weighs them out to make a solution."""

_FORMULAS = (
    "NaCl KCl CaCl2 NH4Cl NaF KBr KI NaOH KOH Ca(OH)2 Na2CO3 NaHCO3 Li2CO3 KNO3 NH4NO3 AgNO3 NaNO2 "
    "Na2SO4 MgSO4 CuSO4 KMnO4 NaClO H3BO3 H2SO4 HNO3 H3PO4 HCl H2O2 NH3 K2Cr2O7 K2CrO4 FeCl3 FeCl2 "
    "FeSO4 ZnCl2 ZnSO4 NiSO4 CoCl2 MnSO4 Na2S2O3 NaHSO4 KH2PO4 K2HPO4 Na2HPO4 NaH2PO4 Na3PO4 "
    "(NH4)2SO4 Na2SO3 KIO3 KBrO3 KClO3 BaCl2 SrCl2 MgCl2 MnCl2 LiCl LiOH Ba(OH)2 Ca(NO3)2 Mg(NO3)2 "
    "Pb(NO3)2 Cu(NO3)2 Zn(NO3)2 Fe(NO3)3 Al(NO3)3 AlCl3 NiCl2 CuCl2 SnCl2 NaBr NaI KF KSCN NaNO3 "
    "K2SO4 K2CO3 Na2S NH4SCN KHCO3 NaClO3 KClO4 K3PO4 NaBrO3 CsCl RbCl Al2(SO4)3 Fe2(SO4)3 "
    "C6H12O6 C12H22O11 CH3COOH CH3COONa C2H5OH Na2C2O4 H2C2O4 NH4HCO3 K3Fe(CN)6 CrCl3 BiCl3"
).split()
"""What people write as a formula rather than by name, and what dissolves."""


@lru_cache(maxsize=1)
def _compounds_with() -> dict[str, list[Compound]]:
    """Compounds by element name, "" for all; those whose boiling point is known count thrice."""
    found: dict[str, list[Compound]] = {"": []}
    for compound in compounds():
        if compound.name in _UNWEIGHED:
            continue
        for name in ("", *_elements_of(compound.formula)):
            found.setdefault(name, []).extend([compound] * (1 if compound.boiling_c is None else 3))
    return found


@lru_cache(maxsize=512)
def _elements_of(formula: str) -> tuple[str, ...]:
    known = elements()
    return tuple(dict.fromkeys(known[s].name for s in re.findall("[A-Z][a-z]?", formula)))


def _compound(rng: Random, context: Mapping[str, Json]) -> Compound:
    """One that holds the element that the row is about."""
    among = _compounds_with()
    return rng.choice(among.get(context.get("element.name", ""), among[""]))


@pack.kind("compound.name")
def compound_name(world: World, rng: Random, context: Mapping[str, Json]) -> str:  # noqa: ARG001
    return _compound(rng, context).name


@pack.kind("compound.formula")
def formula(world: World, rng: Random, context: Mapping[str, Json]) -> str:  # noqa: ARG001
    wanted = context.get("element.name", "")
    return rng.choice([f for f in _FORMULAS if wanted in _elements_of(f)] or _FORMULAS)


@pack.kind("element.name")
def element_name(world: World, rng: Random, context: Mapping[str, Json]) -> str:  # noqa: ARG001
    """One that the compound of the row holds."""
    found = context.get("compound.formula")
    if found is None and "compound.name" in context:
        found = compound_named(context["compound.name"]).formula
    return rng.choice(_elements_of(found) if found else _WELL_KNOWN + _IN_COMPOUNDS * 4)


@pack.kind("duration.decay_hours")
def decay_hours(world: World, rng: Random, context: Mapping[str, Json]) -> float:  # noqa: ARG001
    """Long enough to notice a decay, short enough that something is left."""
    life = half_lives().get(context.get("isotope.name", ""), 12.0)
    fits = [hours for hours in _HOURS if life / 6 <= hours <= life * 4]
    return rng.choice(fits or (_HOURS[:2] if life < 1 else _HOURS[-3:]))


@pack.kind("compound.cas", said=False)
def cas(world: World, rng: Random, context: Mapping[str, Json]) -> str:  # noqa: ARG001
    return rng.choice(compounds()).cas


@pack.kind("element.symbol", said=False)
def symbol(world: World, rng: Random, context: Mapping[str, Json]) -> str:  # noqa: ARG001
    return rng.choice(("C", "H", "O", "N", "S", "Cl", "Fe", "Cu", "Sn", "Ag", "Pb", "Xe", "Ca"))


@pack.kind("isotope.half_life", said=False)
def half_life(world: World, rng: Random, context: Mapping[str, Json]) -> float:  # noqa: ARG001
    return rng.choice(list(half_lives().values()))


@pack.kind("gravity.surface", said=False)
def gravity(world: World, rng: Random, context: Mapping[str, Json]) -> float:  # noqa: ARG001
    return rng.choice(list(worlds.GRAVITY.values()))


@pack.kind("year.sky")
def year(world: World, rng: Random, context: Mapping[str, Json]) -> int:  # noqa: ARG001
    return world.now.year + rng.choice((0, 0, 1, 1, 1, 2, 3, 4, 5, 6, 8))


def _dates(kind: str) -> None:
    """Days as they come out of the tools here, in the next years."""

    @pack.kind(kind, said=False)
    def sample(world: World, rng: Random, context: Mapping[str, Json]) -> str:  # noqa: ARG001
        year = world.now.year + rng.randrange(3)
        if kind == "date.season":
            moment = sky.season_at(year, rng.randrange(4))
        elif kind == "date.meteors":
            moment = sky.when_sun_at(rng.choice(list(astronomy.SHOWERS.values()))[0], year)
        else:
            moment = sky.next_phase(date(year, rng.randint(1, 12), 1), rng.randrange(4))
        return moment.date().isoformat()


for _kind in ("date.season", "date.meteors", "date.moon"):
    _dates(_kind)


def _times(kind: str, first: int, last: int) -> None:
    @pack.kind(kind, said=False)
    def sample(world: World, rng: Random, context: Mapping[str, Json]) -> str:  # noqa: ARG001
        return f"{rng.randint(first, last):02d}:{rng.randrange(60):02d}"


for _kind, _first, _last in (
    ("time.dawn", 3, 7),
    ("time.sunrise", 4, 8),
    ("time.sunset", 16, 21),
    ("time.dusk", 17, 22),
    ("time.golden_start", 15, 20),
):
    _times(_kind, _first, _last)
