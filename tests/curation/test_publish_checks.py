"""Before anything leaves: gates, secrets, licences."""

import re

import pytest
from publishing import prepared, send, store

from callwright.curation.publish_layout import Standing
from callwright.curation.verify import check
from callwright.schemas.errors import StoreError, UserError
from callwright.schemas.record import Conversation, Rejection

# huggingface_hub 2.4 hands httpx2 its bytes by an old name.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Use 'content=<...>' to upload:DeprecationWarning"),
    pytest.mark.usefixtures("one_picture"),
]

HUB = "hf://org/small"


def test_a_row_with_a_secret_or_a_persons_number_stays_here(rows, toolbox, tmp_path, hub):
    words = "My key is hf_" + "AbCdEfGhIj" * 4 + ", call +44 20 7219 3000."
    message = rows["irrelevant"].messages[-1].model_copy(update={"content": words})
    talk = [*rows["irrelevant"].messages[:-1], message]
    spoilt = rows["irrelevant"].model_copy(update={"messages": talk})
    folder = store(tmp_path / "spoilt", {"train": [spoilt]})
    found = prepared(folder, HUB, toolbox).problems
    assert any("token: hf_AbC…" in line for line in found)
    assert any("telephone number: +44 20 7219 3000" in line for line in found)
    with pytest.raises(UserError, match="telephone number"):
        send(folder, HUB, toolbox)
    assert not hub.repos


def test_a_secret_in_a_dropped_row_stays_here_too(rows, toolbox, tmp_path):
    dropped = Rejection(stage="x", reason="y", row={"id": "d1", "said": "jane.roe@gmail.com"})
    folder = store(tmp_path / "d", {"train": [rows["single"]]}, rejects=[dropped])
    (line,) = prepared(folder, HUB, toolbox).problems
    assert line == "row rejected, d1, row: e-mail address: jane.roe@gmail.com"


def test_a_row_that_fails_a_gate_stays_here(rows, toolbox, tmp_path):
    row = rows["single"]
    wrong = row.model_copy(
        update={
            "messages": [
                m.model_copy(update={"content": '{"code":"XXX"}'}) if m.role == "tool" else m
                for m in row.messages
            ]
        }
    )
    ready = prepared(store(tmp_path / "w", {"train": [wrong]}), HUB, toolbox)
    assert any(f"row {row.id}, replay: " in line for line in ready.problems), ready.problems


def imported(row, licence="MIT", **fields):
    """The row as if it came from elsewhere: it promises nothing."""
    bare = {"scenario": "imported", "promises": {}, "sources": {}, "claims": [], "plan": {}}
    origin = {"source": "theirs.json", "licence": licence, "format": "openai"}
    record = {**row.model_dump(), **bare, "origin": origin, **fields}
    return Conversation.model_validate(record)


def test_an_imported_row_may_say_what_is_wrong_with_it_and_no_better(rows, toolbox, tmp_path):
    row = imported(rows["single"], tools=[])
    honest = row.model_copy(update={"gates": check(row, toolbox)})
    assert honest.gates["schema"].outcome == "fail"
    proud = row.model_copy(update={"gates": rows["single"].gates})
    ready = prepared(store(tmp_path / "h", {"train": [honest]}), HUB, toolbox)
    assert ready.problems == []
    card = ready.card(Standing({}))
    assert re.search("Failed, by imported rows that say so themselves: .*schema 1", card)
    assert "calls run again" not in card
    assert "语法模板" not in card
    lines = prepared(store(tmp_path / "p", {"train": [proud]}), HUB, toolbox).problems
    assert any(line.startswith(f"row {row.id}, schema: fail: ") for line in lines)


@pytest.mark.parametrize("licence", ["unknown", None])
def test_imported_rows_need_a_licence(licence, rows, toolbox, tmp_path):
    row = imported(rows["single"], licence)
    row = row.model_copy(update={"gates": check(row, toolbox)})
    ready = prepared(store(tmp_path / "i", {"train": [row]}), HUB, toolbox)
    (line,) = ready.problems
    assert line.startswith("1 rows from theirs.json have no known licence: import them again with")


def test_a_damaged_dataset_stays_here(rows, toolbox, tmp_path):
    folder = store(tmp_path / "d", {"train": [rows["single"]]})
    (folder / "data/train/part-00000.parquet").write_bytes(b"broken")
    with pytest.raises(StoreError, match="corrupt"):
        prepared(folder, HUB, toolbox)


def test_a_secret_in_the_recipe_stays_here_too(rows, toolbox, tmp_path):
    recipe = {"judge": {"key": "sk-" + "AbCdEfGhIj12" * 3}}
    folder = store(tmp_path / "r", {"train": [rows["single"]]}, recipe=recipe)
    (line,) = prepared(folder, HUB, toolbox).problems
    assert line == "manifest.json: token: sk-AbC…"
