"""Sections of a card that say where the rows come from: columns, tools, licences, recipes."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from callwright.curation.card_facts import Told
from callwright.curation.card_metadata import BUILT, DEFAULT, EVERYTHING, READERS_COLUMNS
from callwright.curation.card_text import cell, fenced, table
from callwright.curation.report_facts import Facts
from callwright.schemas.store import Manifest

_COLUMNS = {
    "messages": "the conversation: role, content, tool_calls, tool_call_id; a tool's content is "
    "the JSON text exactly as it was returned",
    "tools": "the tools offered, as OpenAI and chat templates take them",
    "id": "names the row for good",
    "scenario": "what kind of task it is",
    "language": "what user and assistant speak",
    "promises": "what has been proven of the row",
    "plan": "the calls as a graph: which feeds which, the topology, the length of its chain",
    "sources": "for each argument value where it comes from: a span of a message, a result, …",
    "claims": "spans of the answer and the results that they state",
    "expected": "what scoring needs: gold calls, required outputs, the final state",
    "gates": "outcome of each check",
    "views": "for tools offered under another signature: the way back to the tool",
    "review": "what people decided about the row",
    "origin": "of imported rows: source, licence, defects and the row as it was",
    "split": "the split it belongs to; of a dataset that was not split: all",
    "revision": "0 as it was made; higher where people changed it",
    "schema_version": "of the record's form",
    "seed": "opens the world that its calls were made in",
    "build": "digest of tools and versions that made the row",
    "text": "user's words and calls, by which rows are compared",
}


def columns() -> str:
    rows = [
        (f"{name}{'' if name in READERS_COLUMNS else f' ({EVERYTHING})'}", text)
        for name, text in _COLUMNS.items()
    ]
    return (
        f"## Columns\n\n{table(['column', 'what it holds'], rows, numbers=False)}\n\n"
        f"Config `{DEFAULT}` has the first {len(READERS_COLUMNS)}; `{EVERYTHING}` has all."
    )


def sources(told: Told, licence: str) -> str:
    text = f"## Tools, libraries, licences\n\nLicence of this dataset: {cell(licence)}."
    if told.imported < told.facts.rows:
        text += (
            f" What callwright built stands under {BUILT.upper()} where nothing else was chosen, "
            "because the tools' data below does in part."
        )
    if told.checked.origins:
        rows = [
            (source, found, f"{count:,}")
            for (source, found), count in sorted(told.checked.origins.items())
        ]
        text += f"\n\n{table(['imported from', 'licence', 'rows'], rows, numbers=False)}"
    packs = [(pack.name, f"{pack.tools:,}", pack.about, pack.data) for pack in told.packs]
    if packs:
        heads = ["pack", "tools", "about", "data: source, date, licence"]
        text += f"\n\n{table(heads, packs, numbers=False)}"
    versions = sorted(
        {
            (str(name), str(version))
            for build in told.facts.dataset.manifest.builds.values()
            if isinstance(build, dict)
            for name, version in dict(build.get("versions") or {}).items()
        }
    )
    if versions:
        listed = ", ".join(f"{cell(name)} {cell(version)}" for name, version in versions)
        text += f"\n\nBuilt with {listed}."
    return text


def rebuilding(facts: Facts) -> str:
    """The commands, with the recipe that each was given."""
    parts: list[str] = []
    known = [*facts.lineage, [facts.dataset.manifest]]
    before: list[str] = []
    if facts.dataset.manifest.parents and not facts.lineage:
        parts.append(
            "What this dataset was made from is not known here: "
            + ", ".join(f"`{cell(parent)}`" for parent in facts.dataset.manifest.parents)
            + " would have to be at hand."
        )
        before = [f"PARENT_{n + 1}" for n in range(len(facts.dataset.manifest.parents))]
    for number, generation in enumerate(known, 1):
        folders = []
        for index, manifest in enumerate(generation, 1):
            name = f"{number}_{manifest.command}" + (f"_{index}" if len(generation) > 1 else "")
            parts.append(_step(manifest, name, before))
            folders.append(name)
        before = folders
    return (
        "## Rebuilding it\n\nThe same recipe, seed and versions give the same bytes, on any number "
        "of processes:\n\n" + "\n\n".join(parts)
    )


def _step(manifest: Manifest, name: str, before: Sequence[str]) -> str:
    install = " ".join(f"{lib}=={version}" for lib, version in sorted(_installed(manifest).items()))
    recipe = yaml.safe_dump(manifest.recipe, sort_keys=False, allow_unicode=True, width=100)
    if manifest.command == "build":
        run = f"callwright build {name}.yaml -o {name}"
    elif manifest.command == "curate":
        run = f"callwright curate {' '.join(before) or 'DIR'} --recipe {name}.yaml -o {name}"
    else:
        given = f"`{cell(manifest.command)}`, with these settings:"
        return f"{given}\n\n{fenced(recipe, 'yaml')}"
    return (
        f"{fenced(f'pip install {install}' + chr(10) + run, 'bash')}\n\n`{name}.yaml`:\n\n"
        f"{fenced(recipe, 'yaml')}"
    )


def _installed(manifest: Manifest) -> dict[str, str]:
    return {n: v for n, v in manifest.versions.items() if n not in ("python", "sqlite")}
