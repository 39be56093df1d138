"""The card of a published dataset: generated from what was counted, with a place for own words."""

from __future__ import annotations

from typing import Any

import orjson

from callwright.curation.card_counts import counted, promised, splitting, statistics
from callwright.curation.card_facts import Told
from callwright.curation.card_metadata import EVERYTHING, kept_metadata, licence_of, metadata
from callwright.curation.card_origin import columns, rebuilding, sources
from callwright.curation.card_text import BEGIN, END, cell, fenced, own_text
from callwright.schemas.record import Conversation


def compose(told: Told, standing: str | None) -> str:
    """Write the card.

    Args:
        told: What it says.
        standing: The card that stands there; what somebody wrote into it is kept.

    Raises:
        UserError: That card cannot be read.
    """
    kept, body = kept_metadata(standing)
    checked = told.checked
    licence = licence_of(checked.origins, told.facts.rows, told.licence)
    block = metadata(
        name=_pretty(told.name),
        licence=licence,
        languages=sorted(told.facts.languages),
        rows=told.rows,
        sizes=checked.bytes,
        download=told.download,
        built=told.imported < told.facts.rows,
        imported=told.imported > 0,
        formats=told.formats,
        kept=kept,
    )
    title = str(kept.get("pretty_name") or _pretty(told.name))
    own = own_text(body)
    sections = [
        f"# {cell(title)}",
        _lead(told),
        _chinese(told),
        f"{BEGIN}\n{own}\n{END}" if own else f"{BEGIN}\n{END}",
        _loading(told),
        _one_row(told),
        promised(told),
        splitting(told),
        counted(told.facts),
        statistics(told),
        columns(),
        sources(told, licence),
        rebuilding(told.facts),
        _limits(told),
    ]
    return f"---\n{block}---\n\n" + "\n\n".join(text for text in sections if text) + "\n"


def _pretty(name: str) -> str:
    words = name.replace("-", " ").replace("_", " ").split()
    return " ".join(words)[:1].upper() + " ".join(words)[1:]


def _lead(told: Told) -> str:
    facts = told.facts
    chains = sum(n for length, n in facts.lengths.items() if (length or 0) > 1)
    words = {"en": "English", "zh": "Chinese"}
    spoken = " and ".join(
        f"{n:,} in {words.get(code, code)}" for code, n in sorted(facts.languages.items())
    )
    text = (
        f"{facts.rows:,} conversations in which an assistant calls tools ({spoken}); "
        f"{len(facts.called):,} different tools are called."
    )
    if chains:
        longest = max(length for length in facts.lengths if length is not None)
        text += (
            f" {chains:,} rows hold a *chain*: the result of one call is needed as the argument "
            f"of a later one, over up to {longest} calls."
        )
    if told.checked.origins:
        text += f" {told.imported:,} rows were imported from elsewhere."
    return text + " Made with callwright; this card was generated with the data."


def _chinese(told: Told) -> str:
    facts, promises = told.facts, told.checked.promises
    exact = promises["executed (exact)"]
    text = (
        f"**中文简介：** 本数据集包含 {facts.rows:,} 条工具调用对话（"
        f"中文 {facts.languages['zh']:,} 条，英文 {facts.languages['en']:,} 条）。"
    )
    if told.imported < facts.rows:
        text += (
            f"其中 {exact:,} 条的工具结果由真实执行函数得到，重新执行可得到逐字节相同的结果；"
            f"{promises['grounded']:,} 条的每个参数都记录了来源，并通过检查；"
            f"{promises['causal']:,} 条含有经过因果验证的调用链"
            "（前一次调用的结果确实决定后一次调用）。"
            "自动生成的中文对话中用户与助手使用中文，工具定义与返回结果保持原样；"
            "用户请求由语法模板生成，人物与公司均为虚构。"
        )
    if told.imported:
        text += "另有" if told.imported < facts.rows else "其中"
        text += f" {told.imported:,} 条从外部导入，其工具结果未经执行验证。"
    return text


def _loading(told: Told) -> str:
    place = told.repo or "data"
    code = (
        "from datasets import load_dataset\n\n"
        f'rows = load_dataset("{place}")  # columns for training\n'
        f'proof = load_dataset("{place}", "{EVERYTHING}")  # and what proves each row\n'
    )
    source = f"hf://{told.repo}" if told.repo else "URL"
    pull = f"callwright pull {source} -o data\ncallwright verify data"
    first = "" if told.repo else "A folder `data` with these files can be loaded as it is. "
    text = (
        f"## Loading\n\n{fenced(code, 'python')}\n\n{first}"
        "Needs `datasets` with the feature type `Json()` (tested with version 5.2). "
        "`messages` and `tools` are lists of objects as Hugging Face chat templates and TRL take "
        "them: `arguments` is an object, and a key that a row does not have is absent, not null. "
        "In other parquet readers these columns are JSON text.\n\n"
        "The whole dataset, with its manifest and rejected rows, and every row checked anew:\n\n"
        f"{fenced(pull, 'bash')}"
    )
    for form, written in told.formats.items():
        refused = written.refused
        note = f"; {refused:,} rows that this form cannot carry are left out" if refused else ""
        text += f"\n\nConfig `{form}`: the same rows in another form{note}."
    return text


def _one_row(told: Told) -> str:
    rows = told.facts.samples
    if not rows:
        return ""
    called = [row for row in rows if any(message.tool_calls for message in row.messages)]
    rows = [row for row in called if row.plan.length > 1] or called or rows
    row = min(rows, key=lambda row: (row.language != "en", len(str(row.messages)), row.id))
    calls = [call.function.name for m in row.messages for call in m.tool_calls or ()]
    text = orjson.dumps(_messages(row), option=orjson.OPT_INDENT_2).decode()
    return (
        f"## One row\n\n`messages` of row `{cell(row.id)}` ({cell(row.scenario)}); it offers "
        f"{len(row.tools):,} tools and calls {', then '.join(map(cell, calls)) or 'none'}:\n\n"
        f"{fenced(text, 'json')}"
    )


def _messages(row: Conversation) -> list[dict[str, Any]]:
    return [message.model_dump(exclude_none=True) for message in row.messages]


_OF_BUILT = """\
Requests and answers of built rows are composed by a grammar, not written by people: their style \
is narrower than what people write.
The tools are of a few subjects and simpler than most real services; a model that does well here \
has not been shown to do well with others.
People, companies, shops, flights and their identifiers are invented; facts about the world are as \
old as the data named above.""".splitlines()
_OF_IMPORTED = ["Imported rows promise nothing: their results were not executed here."]
_OF_ALL = """\
Keys, tokens, e-mail addresses, telephone, card, bank and identity numbers were looked for in \
every row; none was found but those in ranges kept for examples and those that callwright's packs \
invent. Such a search knows common forms; it proves no absence.
`load_dataset` may change the last digit of a decimal number when it reads JSON; `callwright pull` \
and the parquet files have every byte.""".splitlines()


def _limits(told: Told) -> str:
    built = told.facts.rows - told.imported
    lines = [
        *(_OF_BUILT if built else ()),
        *(_OF_IMPORTED if built < told.facts.rows else ()),
        *_OF_ALL,
    ]
    return "## Limits\n\n" + "\n".join(f"- {line}" for line in lines)
