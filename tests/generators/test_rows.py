"""What built rows look like, whatever they are about."""

from __future__ import annotations

import re

from callwright.generators.packs import PACK_NAMES
from callwright.schemas.record import Conversation, ResultSource, SelectedSource, UserSource
from callwright.schemas.views import tool_of


def _asked(row: Conversation) -> str:
    return "\n".join(m.content or "" for m in row.messages if m.role == "user")


def test_every_gate_passes_or_does_not_apply(rows: list[Conversation]) -> None:
    for row in rows:
        assert {gate.outcome for gate in row.gates.values()} <= {"pass", "not_applicable"}, row.id
        assert len(row.gates) == 5


def test_no_two_rows_ask_the_same(rows: list[Conversation]) -> None:
    assert len({_asked(row) for row in rows}) == len(rows)


def test_most_rows_are_chains_of_two_calls_or_more(rows: list[Conversation]) -> None:
    assert sum(row.plan.length >= 2 for row in rows) >= 0.6 * len(rows)


def test_half_of_the_chain_rows_leave_a_necessary_step_unsaid(rows: list[Conversation]) -> None:
    chains = [row for row in rows if row.plan.length >= 2]
    unsaid = [row for row in chains if any(step.unnamed for step in row.plan.steps)]
    assert len(unsaid) >= 0.5 * len(chains)


def test_offered_tools_hold_what_is_called_and_never_show_kinds(rows: list[Conversation]) -> None:
    for row in rows:
        names = [tool["function"]["name"] for tool in row.tools]
        assert set(row.plan.sequence) <= {tool_of(row.views, name) for name in names}
        assert 3 <= len(names) <= 20
        assert "x-" not in re.sub(
            r"[a-z]x-", "", str([t["function"]["parameters"] for t in row.tools])
        )


def test_requests_begin_with_a_capital_and_hold_no_template_syntax(
    rows: list[Conversation],
) -> None:
    for row in rows:
        text = _asked(row) + (row.messages[-1].content or "")
        assert not re.search(r"[{}\[\]]", text), text
        assert "  " not in text, text
        assert text.strip() == text, text


def test_all_kinds_of_sources_occur(rows: list[Conversation]) -> None:
    found = {
        source.origin
        for row in rows
        for leaves in row.sources.values()
        for sources in leaves.values()
        for source in sources
    }
    assert {"user", "system", "result", "selected"} <= found


def test_chinese_rows_are_asked_and_answered_in_chinese(rows: list[Conversation]) -> None:
    for row in rows:
        if row.language == "zh":
            for text in (_asked(row), row.messages[-1].content or ""):
                assert re.search(r"[\u4e00-\u9fff]", text), text
                assert not re.search(r"\b(the|please|is)\b", text), text


def test_a_value_passed_on_is_the_one_that_was_returned(rows: list[Conversation]) -> None:
    fed = [
        source
        for row in rows
        for leaves in row.sources.values()
        for sources in leaves.values()
        for source in sources
        if isinstance(source, (ResultSource, SelectedSource))
    ]
    assert len(fed) > 100


def test_spans_cover_the_words_of_the_user(rows: list[Conversation]) -> None:
    for row in rows:
        for leaves in row.sources.values():
            for sources in leaves.values():
                for source in sources:
                    if isinstance(source, UserSource):
                        said = row.messages[source.message]
                        assert said.role == "user"
                        assert 0 <= source.start < source.end <= len(said.content or "")


def test_packs_are_all_offered(rows: list[Conversation]) -> None:
    from callwright.generators.packs import load_pack

    offered = {tool["function"]["name"] for row in rows for tool in row.tools}
    for pack in PACK_NAMES:
        assert offered & set(load_pack(pack).functions), pack
