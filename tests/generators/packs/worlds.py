"""A pack's worlds, and its tools at work in them."""

from __future__ import annotations

import datetime
import json
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from callwright.generators.database import connect
from callwright.generators.pack import Pack, World
from callwright.schemas.errors import ToolError
from callwright.schemas.surface import terms
from callwright.schemas.validation import is_valid


@dataclass(frozen=True)
class Worlds:
    pack: Pack
    now: datetime.datetime

    def world(self, seed: int) -> World:
        db = self.pack.seed_database(random.Random(seed), self.now)
        return World(seed, self.now, {self.pack.name: connect(db.serialize())})

    def call(self, world: World, tool: str, /, **arguments: Any) -> Any:
        """The result as a model reads it; arguments and result are as the schemas say."""
        function = self.pack.functions[tool]
        assert is_valid(function.tool.parameters, arguments), (tool, arguments)
        result = json.loads(json.dumps(function.run(world, **arguments)))
        assert is_valid(function.tool.returns, result)
        return result

    def refusal(self, world: World, tool: str, /, **arguments: Any) -> ToolError:
        """What the tool says where it refuses; the world is then as it was."""
        before = self.state(world)
        with pytest.raises(ToolError) as caught:
            self.call(world, tool, **arguments)
        assert self.state(world) == before
        return caught.value

    def sampled(self, world: World, kind: str, seed: int = 1, **context: Any) -> Any:
        return self.pack.values[kind].sample(world, random.Random(seed), context)

    def rows(self, world: World, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in world.db(self.pack.name).execute(query, values)]

    def state(self, world: World) -> list[str]:
        return list(world.db(self.pack.name).iterdump())

    def tables(self, world: World) -> list[str]:
        """The names of the tables, once it is seen that their rows belong together."""
        assert self.rows(world, "PRAGMA foreign_key_check") == []
        query = "SELECT name FROM sqlite_master WHERE type = 'table'"
        return [name for (name,) in self.rows(world, query)]

    def counts(self, world: World) -> dict[str, int]:
        """Table -> its rows."""
        tables = self.tables(world)
        return {table: self.rows(world, f"SELECT count(*) FROM {table}")[0][0] for table in tables}

    def tables_without_key(self, world: World) -> list[str]:
        def has_key(table: str) -> bool:
            return any(column[5] for column in self.rows(world, f"PRAGMA table_info({table})"))

        return [table for table in self.tables(world) if not has_key(table)]


def assert_chinese_names(names: Mapping[str, Iterable[str]]) -> None:
    """Every value of each kind has a Chinese name, and no two share one."""
    for kind, values in names.items():
        meant = terms.meanings(kind, "zh")
        for value in values:
            chinese = terms.names_of(value, kind, "zh")
            assert chinese, value
            assert all(len(meant[one.casefold()]) == 1 for one in chinese)
