"""BFCL: `{"id", "question": [[messages]], "function": [tools]}` and a file of possible answers.

Its functions use a dialect of JSON Schema, translated here: dict -> object, float -> number,
tuple -> array, any -> untyped. A possible answer `{"id", "ground_truth": [{name: {parameter:
[allowed values]}}]}` becomes `expected.calls` with the first allowed value of each parameter;
`""` among them means that the parameter may be left out, and first means that it is. The whole
answer stays in `origin["answer"]`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from callwright.schemas.errors import FormatError
from callwright.schemas.formats.defects import Defect, check_calls, defect
from callwright.schemas.formats.drafting import offered
from callwright.schemas.formats.files import read_rows
from callwright.schemas.formats.format import Draft, Format, Raw, Second
from callwright.schemas.formats.guard import RowRefused, want_list, want_object, want_text
from callwright.schemas.record import Expected, Function, Message

_TYPES = {"dict": "object", "float": "number", "tuple": "array"}


def load_answers(path: Path, companion: Path | None) -> Second:
    """Read the answers: `NAME_possible_answer.jsonl` or `possible_answer/NAME` beside the rows.

    Some categories have none (irrelevance, say): then nothing is expected.
    """
    usual = (
        path.with_name(f"{path.stem}_possible_answer{path.suffix}"),
        path.parent / "possible_answer" / path.name,
    )
    source = companion or next((place for place in usual if place.exists()), None)
    answers: Second = {}
    for raw in read_rows(source) if source else ():
        if raw.refused or not isinstance(raw.value, dict) or "id" not in raw.value:
            why = raw.refused or "not an object with an id"
            raise FormatError(f"{source}:{raw.line}: not a BFCL answer ({why}); mend or remove it")
        answers[str(raw.value["id"])] = raw.value
    return answers


def read(row: Raw, answers: Second) -> Draft:
    tools = [
        offered(_translated_tool(item), f"function/{index}")
        for index, item in enumerate(want_list(row.get("function") or [], "function"))
    ]
    draft = Draft(tools=tools, messages=list(_messages(row["question"])))
    if "involved_classes" in row:
        detail = "the tools are Python classes, not part of the file"
        draft.defects.append(defect("tools", "tools_elsewhere", detail))
    answer = answers.get(str(row["id"]))
    if answer is None:
        draft.defects.append(defect("expected", "missing_answer", "no possible answer is given"))
        return draft
    draft.extra["answer"] = answer
    calls = list(_gold(answer, draft.defects))
    draft.expected = Expected(calls=[function for _, function in calls])
    draft.defects.extend(check_calls(tools, calls))
    return draft


def _messages(question: Any) -> Iterator[Message]:
    for turn in want_list(question, "question"):
        for item in turn if isinstance(turn, list) else [turn]:
            message = want_object(item, "question")
            role = message.get("role")
            if role not in ("system", "user", "assistant"):
                raise RowRefused("unknown_role", f"question: {str(role)[:80]!r}")
            yield Message(role=role, content=want_text(message.get("content"), "question"))


def _gold(answer: dict[str, Any], defects: list[Defect]) -> Iterator[tuple[str, Function]]:
    for index, item in enumerate(want_list(answer.get("ground_truth") or [], "ground_truth")):
        where = f"expected/{index}"
        if not isinstance(item, dict) or len(item) != 1:
            detail = f"not one call as an object: {str(item)[:80]}"
            defects.append(defect(where, "unreadable_answer", detail))
            continue
        ((name, allowed),) = item.items()
        values = want_object(allowed, where)
        arguments: dict[str, Any] = {}
        for parameter, choices in values.items():
            if not isinstance(choices, list) or not choices:
                detail = f"{parameter}: not a list of allowed values"
                defects.append(defect(where, "unreadable_answer", detail))
            elif choices[0] != "":
                arguments[parameter] = _plain(choices[0])
        yield f"gold_{index + 1}", Function(name=name, arguments=arguments)


def _plain(value: Any) -> Any:
    """An allowed object lists allowed values for each of its keys in turn."""
    if isinstance(value, dict):
        return {
            key: _plain(choices[0]) if isinstance(choices, list) and choices else choices
            for key, choices in value.items()
            if choices not in ([], [""]) and not (isinstance(choices, list) and choices[0] == "")
        }
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _translated_tool(tool: Any) -> Any:
    if isinstance(tool, dict) and isinstance(tool.get("parameters"), dict):
        return {**tool, "parameters": _translated(tool["parameters"])}
    return tool


def _translated(schema: Any) -> Any:
    """A schema of BFCL's dialect as JSON Schema."""
    if not isinstance(schema, dict):
        return schema
    made = dict(schema)
    kind = made.get("type")
    if kind == "any":
        del made["type"]
    elif isinstance(kind, str):
        made["type"] = _TYPES.get(kind, kind)
    for key in ("items", "additionalProperties"):
        if key in made:
            made[key] = _translated(made[key])
    if isinstance(made.get("properties"), dict):
        made["properties"] = {k: _translated(v) for k, v in made["properties"].items()}
    return made


BFCL = Format(
    name="bfcl",
    about="BFCL: questions, functions and possible answers; no results",
    keys=("id", "question"),
    read=read,
    load_second=load_answers,
    calls_only=True,
)
