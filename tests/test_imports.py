"""Imports flow down only: cli -> {generators, curation, training} -> schemas.

Packs live in generators and keep its rule.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

MAY_IMPORT = {
    "callwright.schemas": ("callwright.schemas",),
    "callwright.generators": ("callwright.generators", "callwright.schemas"),
    "callwright.curation": ("callwright.curation", "callwright.schemas"),
    "callwright.training": ("callwright.training", "callwright.schemas"),
    # the top floor: cli, recipe and the public names
    "callwright": ("callwright",),
}
BARE = ("schemas", "generators", "curation", "training")


def modules(package: str) -> dict[str, Path]:
    """Module name -> file, for every module of a floor. Links are not followed."""
    room = package.removeprefix("callwright").removeprefix(".")
    top = ROOT / room if room else ROOT / "src" / "callwright"
    named = {}
    for path in sorted(top.rglob("*.py")):
        if not room and path.relative_to(top).parts[0] in BARE:
            continue
        parts = path.relative_to(top).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        named[".".join((package, *parts))] = path
    return named


EVERY_MODULE = {name for package in MAY_IMPORT for name in modules(package)}


def imported(module: str, path: Path) -> set[str]:
    """Every module that `module` imports, at its top or within a function, for types or not."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parents, *filter(None, [node.module])])
            for alias in node.names:
                # `from callwright import schemas` imports a module, not a name in one.
                inner = f"{base}.{alias.name}"
                found.add(inner if inner in EVERY_MODULE else base)
    return found


def within(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(package + ".") for package in packages)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_floor_imports_only_what_lies_below_it(package):
    wrong = [
        f"{module} imports {target}"
        for module, path in modules(package).items()
        for target in imported(module, path)
        if within(target, ("callwright",)) and not within(target, MAY_IMPORT[package])
    ]
    assert wrong == []


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_nobody_imports_a_room_under_its_bare_name(package):
    wrong = [
        f"{module} imports {target}"
        for module, path in modules(package).items()
        for target in imported(module, path)
        if within(target, BARE)
    ]
    assert wrong == []
