"""How a pack is written: typed functions become tools, samplers know what values exist.

    pack = Pack("geography", about="Cities, countries and airports.", data="airportsdata, MIT")

    class Distance(TypedDict):            # typing_extensions.TypedDict
        distance_km: Annotated[float, Kind("distance.km")]

    @pack.tool
    def airport_distance(origin: Annotated[str, Kind("airport.iata")], ...) -> Distance:
        \"\"\"Great-circle distance between two airports. ...\"\"\"

The docstring is the tool's description (first sentence = concise form), its `Args` section the
parameters' descriptions. Wording lives beside the pack in `en.yaml` and `zh.yaml`.
"""

from __future__ import annotations

import inspect
import random
import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import docstring_parser
from pydantic import ConfigDict, Field, GetJsonSchemaHandler, TypeAdapter, create_model
from pydantic_core import CoreSchema

from callwright.schemas.toolbox import Effect, Json, Replay, Tool

_FORMATS = {"date-time": "local-date-time"}


@dataclass(frozen=True)
class Kind:
    """Says what a value *is*, finer than its type; put it in `Annotated`.

    On a result field: what the field offers to later calls. On a parameter: what a user may
    say for it, and in `accepts` which other kinds an earlier result may feed it.
    `along="amount"`: this parameter has no source of its own when `amount` is fed by a result
    that has a field of this kind beside it (a currency beside its amount).
    `format`: `date`, `time` (HH:MM) or `local-date-time` (YYYY-MM-DDTHH:MM, no offset; JSON
    Schema's own `date-time` demands one).
    """

    name: str
    accepts: tuple[str, ...] = ()
    along: str | None = None
    format: str | None = None

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        schema = dict(handler(core_schema))
        schema["x-kind"] = self.name
        if self.accepts:
            schema["x-accepts"] = list(self.accepts)
        if self.along:
            schema["x-along"] = self.along
        if self.format:
            schema["format"] = _FORMATS.get(self.format, self.format)
        return schema


@dataclass
class World:
    """What a tool may know beside its arguments: the row's clock, chance and databases."""

    seed: int
    now: datetime
    """The row's clock, UTC, timezone-aware; it does not move while a row is made."""
    databases: dict[str, sqlite3.Connection] = field(default_factory=dict)
    open_database: Callable[[str], sqlite3.Connection] | None = None

    def db(self, pack: str) -> sqlite3.Connection:
        """The database of a stateful pack, opened on first use."""
        if pack not in self.databases:
            assert self.open_database is not None, f"no database for pack {pack}"
            self.databases[pack] = self.open_database(pack)
        return self.databases[pack]


Sampler = Callable[[World, random.Random, Mapping[str, Json]], Json]
"""`(world, rng, context) -> value`; `context`: kind -> value already chosen in this row."""


@dataclass(frozen=True)
class Values:
    """Where values of a kind come from, and whether a user would say one."""

    sample: Sampler
    said: bool


@dataclass(frozen=True)
class Function:
    """A tool together with the code behind it."""

    tool: Tool
    run: Callable[..., Json]
    takes_world: bool


SeedDatabase = Callable[[random.Random, datetime], sqlite3.Connection]


class Pack:
    """A module of tools that belong together."""

    def __init__(
        self, name: str, about: str, data: str, seed_database: SeedDatabase | None = None
    ) -> None:
        self.name = name
        self.about = about
        self.data = data
        """Where the pack's data comes from: source, version or date, licence."""
        self.seed_database = seed_database
        """For a stateful pack: makes the first state of its SQLite database."""
        self.functions: dict[str, Function] = {}
        self.values: dict[str, Values] = {}

    def tool(
        self, run: Callable[..., Json] | None = None, *, effect: Effect = "read"
    ) -> Callable[..., Any]:
        """Register a function as a tool (usable bare or with `effect="write"`)."""
        if run is None:
            return lambda f: self.tool(f, effect=effect)
        if run.__name__ in self.functions:
            raise ValueError(f"pack {self.name}: two tools named {run.__name__}")
        self.functions[run.__name__] = function_of(run, self.name, effect)
        return run

    def kind(self, name: str, *, said: bool = True) -> Callable[[Sampler], Sampler]:
        """Register where values of kind `name` come from; `said=False`: no user says one."""

        def register(sample: Sampler) -> Sampler:
            if name in self.values:
                raise ValueError(f"pack {self.name}: two samplers for kind {name}")
            self.values[name] = Values(sample, said)
            return sample

        return register


def function_of(
    run: Callable[..., Json], pack: str, effect: Effect, replay: Replay = "exact"
) -> Function:
    """Read a tool off a typed function and its docstring."""
    hints = get_type_hints(run, include_extras=True)
    doc = docstring_parser.parse(run.__doc__ or "")
    about = {p.arg_name: p.description for p in doc.params}
    fields: dict[str, Any] = {}
    takes_world = False
    for name, parameter in inspect.signature(run).parameters.items():
        hint = hints[name]
        if hint is World:
            takes_world = True
            continue
        if not about.get(name):
            raise ValueError(f"{pack}.{run.__name__}: parameter {name} has no description")
        default = ... if parameter.default is inspect.Parameter.empty else parameter.default
        fields[name] = (
            _without_none(hint) if default is None else hint,
            Field(default=default, description=about[name]),
        )
    model = create_model(run.__name__, __config__=ConfigDict(extra="forbid"), **fields)
    description = " ".join(filter(None, [doc.short_description, doc.long_description]))
    description = " ".join(description.split())
    return Function(
        Tool(
            name=run.__name__,
            pack=pack,
            description=description,
            concise=re.split(r"(?<=[.!?])\s", description, maxsplit=1)[0],
            parameters=clean(model.model_json_schema()),
            returns=clean(TypeAdapter(hints["return"]).json_schema(mode="serialization")),
            effect=effect,
            replay=replay,
        ),
        run,
        takes_world,
    )


def _without_none(hint: Any) -> Any:
    """Take the None out of `X | None`: an optional parameter is left out, never null."""
    if get_origin(hint) is Annotated:
        inner, *extra = get_args(hint)
        return Annotated[(_without_none(inner), *extra)]
    args = [a for a in get_args(hint) if a is not type(None)]
    return args[0] if len(args) == 1 and type(None) in get_args(hint) else hint


def clean(schema: dict[str, Any]) -> dict[str, Any]:
    """Inline `$defs`, drop titles and null defaults, close every object."""
    definitions = schema.pop("$defs", {})

    def walk(node: Any) -> Any:
        if isinstance(node, list):
            return [walk(item) for item in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            rest = {k: v for k, v in node.items() if k != "$ref"}
            return {**walk(definitions[node["$ref"].rsplit("/", 1)[1]]), **walk(rest)}
        out: dict[str, Any] = {}
        for key, value in node.items():
            if key == "properties":
                out[key] = {name: walk(sub) for name, sub in value.items()}
            elif (key == "title" and isinstance(value, str)) or (
                key == "default" and value is None
            ):
                continue
            else:
                out[key] = walk(value)
        if "properties" in out:
            out.setdefault("additionalProperties", False)
        return out

    cleaned: dict[str, Any] = walk(schema)
    if cleaned.get("type") == "object":
        cleaned.setdefault("properties", {})
        cleaned.pop("description", None)
    return cleaned
