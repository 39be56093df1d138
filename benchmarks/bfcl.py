"""How far our `bfcl` rules agree with BFCL's own checker, over gold and perturbed answers.

    pip download --no-deps bfcl-eval==2026.3.23 && unzip bfcl_eval-*.whl -d bfcl
    python benchmarks/bfcl.py bfcl             agreement, and every disagreement
    python benchmarks/bfcl.py bfcl --check     exit 1 below 99 %

Each gold answer of the category `simple_python` is judged as it is and renamed, with an argument
dropped, added, retyped, changed, recased, repunctuated, its lists reordered and its defaults
spelled out. The checker is loaded from the folder; nothing of it is copied.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from callwright.schemas.compare import matches
from callwright.schemas.compare_gold import gold_of_bfcl
from callwright.schemas.formats import READERS
from callwright.schemas.record import Function, Rejection

CATEGORY = "BFCL_v4_simple_python.json"


def oracle(folder: Path) -> Any:
    """BFCL's checker without the model clients that its package imports beside it."""
    sys.path.insert(0, str(folder))
    models = ModuleType("bfcl_eval.constants.model_config")
    plain = SimpleNamespace(underscore_to_dot=False)
    models.MODEL_CONFIG_MAPPING = defaultdict(lambda: plain)  # type: ignore[attr-defined]
    sys.modules[models.__name__] = models
    for language in ("java", "js"):
        name = f"bfcl_eval.eval_checker.ast_eval.type_convertor.{language}_type_converter"
        module = ModuleType(name)
        setattr(module, f"{language}_type_converter", None)
        sys.modules[name] = module
    return importlib.import_module("bfcl_eval.eval_checker.ast_eval.ast_checker")


def perturbed(name: str, allowed: dict[str, list[Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(what was done, {name: arguments}) from a gold answer on."""
    gold = {key: values[0] for key, values in allowed.items() if values[0] != ""}
    gold = {key: _first(value) for key, value in gold.items()}
    yield "gold", {name: gold}
    yield "renamed", {f"{name}_2": gold}
    yield "added", {name: {**gold, "verbose": True}}
    for key, value in gold.items():
        yield "dropped", {name: {k: v for k, v in gold.items() if k != key}}
        for what, other in _changes(value):
            yield what, {name: {**gold, key: other}}
    for key, values in allowed.items():
        for value in values[1:]:
            if value != "":
                yield "alternative", {name: {**gold, key: _first(value)}}
        if "" in values:
            yield "empty", {name: {**gold, key: ""}}


def _first(value: Any) -> Any:
    """A value with the first alternative of each member of an object."""
    if isinstance(value, dict):
        return {
            k: _first(v[0]) if isinstance(v, list) and v else v
            for k, v in value.items()
            if not (isinstance(v, list) and v and v[0] == "")
        }
    if isinstance(value, list):
        return [_first(item) for item in value]
    return value


def _changes(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, bool):
        yield "changed", not value
        yield "retyped", int(value)
        yield "retyped", str(value)
    elif isinstance(value, int | float):
        yield "changed", value + 1
        yield "retyped", str(value)
        yield "retyped", float(value) if isinstance(value, int) else int(value)
    elif isinstance(value, str):
        yield "changed", value + "x"
        yield "recased", value.upper()
        yield "repunctuated", value.replace(" ", "-")
        yield "retyped", [value]
    elif isinstance(value, list):
        yield "reordered", value[::-1]
        yield "changed", value[:-1]
        yield "retyped", json.dumps(value)
        yield "recased", [v.upper() if isinstance(v, str) else v for v in value]
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield "dropped", {k: v for k, v in value.items() if k != key}
            for what, other in _changes(inner):
                yield what, {**value, key: other}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the unzipped bfcl-eval wheel")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    checker = oracle(options.folder)
    language = checker.Language.PYTHON
    data = options.folder / "bfcl_eval" / "data"
    raw = {
        row["id"]: row for row in map(json.loads, (data / CATEGORY).read_text("utf-8").splitlines())
    }
    cases: Counter[str] = Counter()
    apart: list[str] = []
    for row in READERS["bfcl"](data / CATEGORY):
        if isinstance(row, Rejection) or row.origin is None:
            print(f"not read: {row}")
            return 1
        question = raw[row.origin["answer"]["id"]]
        (answer,) = row.origin["answer"]["ground_truth"]
        ((name, allowed),) = answer.items()
        schema = row.tools[0]["function"]["parameters"]
        for what, made in perturbed(name, allowed):
            cases[what] += 1
            ((made_name, made_arguments),) = made.items()
            theirs = checker.ast_checker(
                question["function"], [made], [answer], language, "simple_python", "any"
            )["valid"]
            ours = matches(
                gold_of_bfcl(answer), Function(name=made_name, arguments=made_arguments),
                schema, "bfcl",
            )  # fmt: skip
            if theirs != ours:
                apart.append(f"{question['id']} {what}: BFCL {theirs}, ours {ours}: {made}")
    total = cases.total()
    print(f"{total:,} cases: " + ", ".join(f"{n} {what}" for what, n in cases.most_common()))
    print(f"agreement {1 - len(apart) / total:.2%}, {len(apart)} disagreements")
    for line in apart:
        print(" ", line)
    return 1 if options.check and len(apart) > total / 100 else 0


if __name__ == "__main__":
    sys.exit(main())
