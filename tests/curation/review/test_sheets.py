"""What annotators see of a row: all of it, as text, within Argilla's limits."""

import html
import json

import pytest

from callwright.curation.review.answers import answered
from callwright.curation.review.corrections import edited, parse_calls, texts_of, turns_of
from callwright.curation.review.parcel import LARGEST, Parcel, pack, unpack
from callwright.curation.review.settings import guidelines
from callwright.curation.review.sheets import raw, sheet, sureness
from callwright.curation.review.view import view
from callwright.schemas.errors import UserError
from callwright.schemas.record import Gate, Message

HOSTILE = "<script>alert(1)</script><!--{{#each x}}{{{y}}}\u202eevil\x1b[31m\x00\u200b"


def told(value):
    """All text in the view, in order, as a browser shows it."""
    if isinstance(value, dict):
        return "".join(told(item) for key, item in value.items() if key != "preview")
    if isinstance(value, list):
        return "".join(map(told, value))
    return html.unescape(value) if isinstance(value, str) else ""


def with_answer(row, text):
    return row.model_copy(
        update={"messages": [*row.messages[:-1], Message(role="assistant", content=text)]}
    )


def test_the_screen_has_request_tools_steps_badges_and_answer_in_this_order(rows):
    shown = view(rows["chain"])
    kinds = [item.get("title") or item["number"] for item in shown["items"]]
    assert kinds == ["System", "Request", 1, 2, 3, "Answer"]
    assert shown["tool_count"] == len(rows["chain"].tools)
    badges = [
        (argument["name"], badge["colour"], badge["text"])
        for item in shown["items"]
        for argument in item.get("arguments", ())
        for badge in argument["badges"]
    ]
    assert badges == [
        ("city", "user", "from the user: “Lisbon” (verbatim)"),
        ("origin", "result", "from step 1: /airport"),
        ("destination", "user", "from the user: “OSL” (verbatim)"),
        ("unit", "default", "default"),
        ("distance", "result", "from step 2: /distance"),
    ]


def test_a_selected_item_tells_its_rule(rows):
    (badge,) = view(rows["stateful"])["items"][3]["arguments"][0]["badges"]
    assert badge["text"].startswith("from step 2: /orders: min by total where status")


def test_what_hides_or_acts_is_spelled_out_and_markup_stays_text(rows):
    shown = told(view(with_answer(rows["chain"], HOSTILE)))
    for word in ("<script>", "{{{y}}}", "⟨U+202E⟩", "⟨ESC⟩", "⟨NUL⟩", "⟨U+200B⟩"):
        assert word in shown
    assert not set(shown) & set("\u202e\x1b\x00\u200b")
    assert not set(json.dumps(view(with_answer(rows["chain"], HOSTILE))["items"])) & set("<`$")
    assert "⟨ESC⟩" in raw(with_answer(rows["chain"], HOSTILE))["messages"][-1]["text"]


def test_suggestions_of_a_hostile_row_are_visible_and_yet_no_edit_when_left(rows):
    row = with_answer(rows["chain"], HOSTILE)
    suggested = {name: value for name, (value, _) in sheet(Parcel(row, ""), {}).suggestions.items()}
    text = json.dumps(suggested, ensure_ascii=False)
    assert not [word for word in ("\x00", "</script", "<script", "<!--") if word in text]
    assert not answered("u", {**suggested, "verdict": "accept"}, row, suggested).wanted


def test_a_hundred_kilobytes_are_folded_and_all_there(rows):
    row = rows["chain"]
    call = row.messages[2].tool_calls[0]
    long = "x" * 100_000
    function = call.function.model_copy(update={"arguments": {"city": long}})
    message = row.messages[2].model_copy(
        update={"tool_calls": [call.model_copy(update={"function": function})]}
    )
    row = row.model_copy(update={"messages": [*row.messages[:2], message, *row.messages[3:]]})
    (argument,) = view(row)["items"][2]["arguments"]
    assert argument["folded"]
    assert len(argument["preview"]) < 250
    assert long in told(argument)
    assert long in told(raw(row))


def test_the_raw_chat_holds_every_call_as_it_was_made(rows):
    for row in rows.values():
        told_calls = [
            json.loads(html.unescape(m["text"]))
            for m in raw(row)["messages"]
            if m["role"] == "call"
        ]
        made = [call for turn in turns_of(row) for call in turn]
        assert [(c["name"], c["arguments"]) for c in told_calls] == [
            (call.name, call.arguments) for call in made
        ]


def test_calls_survive_the_text_box(rows):
    for row in rows.values():
        assert parse_calls(texts_of(row).calls) == turns_of(row)
        assert not edited(row, texts_of(row))


def test_a_parcel_gives_the_row_back(rows):
    for row in rows.values():
        parcel = Parcel(row, "parent", {"versions": {"python": "3.11"}})
        assert unpack(pack(parcel), "r") == parcel


def test_what_is_no_parcel_is_refused_in_one_line():
    import base64
    import zlib

    bomb = base64.b64encode(zlib.compress(b"0" * (LARGEST + 1))).decode()
    for text in (None, 7, "", "!!", "aGVsbG8=", bomb, base64.b64encode(zlib.compress(b"{}"))):
        with pytest.raises(UserError, match="record r holds no row") as caught:
            unpack(text, "r")
        assert "\n" not in str(caught.value)


def test_gates_that_did_not_apply_or_compare_make_a_row_less_sure(rows):
    row = rows["chain"]

    def having(outcome):
        return row.model_copy(update={"gates": {**row.gates, "replay": Gate(outcome=outcome)}})

    sure = [sureness(having(o)) for o in ("pass", "not_applicable", "not_comparable", "fail")]
    assert sure == sorted(sure, reverse=True)
    assert sure[-1] == 0 < sure[-2] < sure[1] < sure[0] <= 1
    assert sureness(rows["miles"]) < sureness(rows["parallel"])


def test_a_failed_gate_suggests_what_is_wrong(rows):
    row = rows["chain"]
    detail = "the answer states '7', which no claim traces to a result"
    bad = row.model_copy(
        update={"gates": {**row.gates, "grounding": Gate(outcome="fail", detail=detail)}}
    )
    found = sheet(Parcel(bad, ""), {}).suggestions
    assert found["verdict"][0] == "reject"
    assert found["problems"][0] == ["wrong_answer"]


def test_metadata_tells_packs_and_tools(rows):
    found = sheet(Parcel(rows["chain"], ""), {"flight_time": "atlas"}).metadata
    assert found["pack"] == ["atlas"]
    assert found["length"] == 3
    assert found["steps"] == 3


def test_guidelines_in_both_languages_fit_argilla():
    text = guidelines()
    assert "What you judge" in text
    assert "您要判断什么" in text
    assert len(text) <= 10_000
