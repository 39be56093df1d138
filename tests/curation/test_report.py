"""A report tells what is in a dataset, the same every time, and nothing in a row acts on it."""

import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from callwright.curation import report_size
from callwright.curation.report import make_report, pictures_of, write_report
from callwright.curation.report_facts import SAMPLES, gather
from callwright.curation.report_leakage import read_leakage
from callwright.schemas.charts import COLOURS
from callwright.schemas.errors import MissingExtra, StoreError, UserError
from callwright.schemas.record import Conversation, Function, Message, Plan, Rejection, ToolCall
from callwright.schemas.store import Manifest, Writer, open_dataset

HOSTILE = (
    '<script>alert(1)</script><img src=x onerror="x()">\'"&amp;--> ]]> $\\frac{$ \x1b[2J\x00\u202e'
)
PACKS = {"city_airport": "atlas", "airport_distance": "atlas"}
SVG = "{http://www.w3.org/2000/svg}"
OURS = set(
    "html head meta title style body main header nav section article details summary figure "
    "figcaption h1 h2 h3 p a b i div span table thead tbody tr th td svg g path text".split()
)


class Page(HTMLParser):
    """What a browser would see."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.words = set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def store(folder, rows, rejects=(), *, command="build", parents=()):
    manifest = Manifest(command=command, seed=7, versions={"callwright": "1"}, parents=[*parents])
    writer = Writer(folder, manifest)
    for split in dict.fromkeys(row.split for row in rows):
        writer.write_part([row for row in rows if row.split == split], [], split=split)
    if rejects:
        writer.write_part([], list(rejects))
    writer.finish()
    return folder


def reject(stage, reason, detail="", row_id="r"):
    return Rejection(stage=stage, reason=reason, detail=detail, row={"id": row_id})


@pytest.fixture(scope="module")
def folder(rows, tmp_path_factory):
    rejects = [reject("build", "tool_refused"), reject("build", "tool_refused")]
    return store(tmp_path_factory.mktemp("sets") / "small", list(rows.values()), rejects)


@pytest.fixture(scope="module")
def page(folder):
    return make_report([folder], packs=PACKS)


def bare(row_id, **fields):
    """A row as it may come from elsewhere: a call, and nothing said about it."""
    call = ToolCall(id="call_1", function=Function(name="find", arguments={"a": 1}))
    messages = [
        Message(role="user", content="Find it."),
        Message(role="assistant", tool_calls=[call]),
        Message(role="tool", tool_call_id="call_1", content="{}"),
        Message(role="assistant", content="Found."),
    ]
    record = {"id": row_id, "scenario": "imported", "language": "en", "tools": []}
    return Conversation(**{**record, "messages": messages, **fields})


# ------------------------------------------------------------------------ facts


def test_every_row_is_counted_once_by_scenario_language_length_and_topology(folder, rows):
    facts = gather(open_dataset(folder), "small", PACKS)
    assert facts.rows == len(rows)
    for counter in (facts.scenarios, facts.languages, facts.lengths, facts.topologies):
        assert counter.total() == len(rows)
    assert facts.offered.total() == len(rows)


def test_sources_gates_and_edges_are_those_of_the_rows(folder, rows):
    facts = gather(open_dataset(folder), "small", PACKS)
    every = rows.values()
    origins = [
        origin
        for row in every
        for leaves in row.sources.values()
        for sources in leaves.values()
        for origin in {source.origin for source in sources}
    ]
    assert facts.sources == {origin: origins.count(origin) for origin in set(origins)}
    passed = sum(row.gates["causality"].outcome == "pass" for row in every)
    assert facts.gates["causality"]["pass"] == passed
    assert facts.fed.total() == sum(len(set(s.after)) for row in every for s in row.plan.steps)
    assert facts.fed["city_airport", "airport_distance"] > 0


def test_a_tool_called_twice_in_a_row_counts_the_row_once(folder, rows):
    facts = gather(open_dataset(folder), "small", PACKS)
    calling = [{step.tool for step in row.plan.steps} for row in rows.values() if row.plan.steps]
    assert facts.called["city_airport"] == sum("city_airport" in tools for tools in calling)
    assert facts.packs["atlas"] == sum(not tools.isdisjoint(PACKS) for tools in calling)


def test_calls_without_a_plan_are_of_unknown_length(tmp_path):
    facts = gather(open_dataset(store(tmp_path / "set", [bare("a")])), "set", {})
    assert facts.lengths == {None: 1}
    assert facts.topologies == {"unknown": 1}
    assert facts.called == {"find": 1}


def test_an_imported_plan_without_a_shape_gives_one(tmp_path):
    steps = [
        {"call": "a", "tool": "find"},
        {"call": "b", "tool": "find"},
        {"call": "c", "tool": "book", "after": ["a", "b"]},
    ]
    row = bare("a", plan=Plan(steps=steps))
    facts = gather(open_dataset(store(tmp_path / "set", [row])), "set", {})
    assert facts.topologies == {"0>2,1>2": 1}
    assert facts.fed == {("find", "book"): 2}


def test_each_dataset_of_two_shows_its_most_frequent_tools(tmp_path):
    def named(prefix, count):
        rows = [bare(f"{prefix}{n}").model_dump(exclude_none=True) for n in range(count)]
        for n, row in enumerate(rows):
            row["messages"][1]["tool_calls"][0]["function"]["name"] = f"{prefix}_{n % 30}"
        return [Conversation.model_validate(row) for row in rows]

    one = store(tmp_path / "one", named("first", 300))
    two = store(tmp_path / "two", named("second", 40))
    made = make_report([one, two])
    (tools,) = [picture.svg for picture in made.pictures if picture.name == "tools"]
    assert "first_" in tools
    assert "second_0" in tools


def test_what_a_judge_wants_called_counts_where_nothing_was_called(tmp_path):
    wanted = {"calls": [{"name": "find", "arguments": {}}]}
    messages = [Message(role="user", content="Find it.")]
    row = bare("a", messages=messages, expected=wanted)
    assert gather(open_dataset(store(tmp_path / "set", [row])), "set", {}).called == {"find": 1}


def test_a_text_that_an_earlier_row_has_is_a_repeat(tmp_path):
    rows = [bare("a"), bare("b"), bare("c", language="zh")]
    assert gather(open_dataset(store(tmp_path / "set", rows)), "set", {}).repeated == 2


def test_samples_come_from_every_scenario_and_language_in_turn(tmp_path):
    rows = [bare(f"{n:03}", language="zh" if n == 50 else "en") for n in range(60)]
    samples = gather(open_dataset(store(tmp_path / "set", rows)), "set", {}).samples
    assert len(samples) == SAMPLES
    assert [row.language for row in samples[:3]] == ["en", "zh", "en"]


@pytest.mark.parametrize(
    "columns",
    [
        {"plan": "[]"},
        {"messages": "7"},
        {"sources": '{"call_1": 3}'},
        {"gates": '{"form": "pass"}'},
        {"tools": None},
        {"scenario": None},
        {"messages": "{"},
    ],
    ids=str,
)
def test_a_row_that_is_no_conversation_is_named_in_one_line(tmp_path, monkeypatch, columns):
    dataset = open_dataset(store(tmp_path / "set", [bare("a")]))
    changed = {name: pl.lit(value, pl.String) for name, value in columns.items()}
    frames = [frame.with_columns(**changed) for frame in dataset.frames()]
    monkeypatch.setattr(dataset, "frames", lambda **_: iter(frames))
    with pytest.raises(StoreError, match="row a: not a conversation"):
        gather(dataset, "set", {})


# ------------------------------------------------------------------------ stages


def test_in_is_kept_and_rejected_stage_by_stage(page, rows):
    text = Page(page.html).text
    assert f"rows in {len(rows) + 2} rejected by build −2 rows kept {len(rows)}" in text


def test_what_the_parent_dropped_is_told_where_the_parent_lies_beside(tmp_path):
    first = store(tmp_path / "built", [bare("a"), bare("b")], [reject("build", "no_answer")])
    parents = [open_dataset(first).digest]
    dropped = [reject("dedup", "same_calls")]
    store(tmp_path / "out", [bare("a")], dropped, command="curate", parents=parents)
    text = Page(make_report([tmp_path / "out"]).html).text
    wanted = "rows in 3 rejected by build −1 kept by build 2 rejected by dedup −1 rows kept 1"
    assert wanted in text
    (tmp_path / "built" / "manifest.json").unlink()
    alone = Page(make_report([tmp_path / "out"]).html).text
    assert "rows in 2 rejected by dedup −1 rows kept 1" in alone


def test_a_stage_that_dropped_nothing_is_told_too(tmp_path):
    folder = store(tmp_path / "set", [bare("a")], [reject("split", "leak")], command="curate")
    (folder / "leakage.json").write_text("[]")
    (folder / "split.json").write_text('{"stages": [{"name": "dedup"}]}')
    text = Page(make_report([folder]).html).text
    assert "rows in 2 rejected by dedup 0 rejected by split −1 rows kept 1" in text


def test_rows_that_a_benchmark_has_are_named(tmp_path):
    hit = reject("decontaminate", "benchmark_request", "bfcl.jsonl row 4: share 0.9", "abc123")
    text = Page(make_report([store(tmp_path / "set", [bare("a")], [hit])]).html).text
    assert "abc123 benchmark_request bfcl.jsonl row 4: share 0.9" in text


# ------------------------------------------------------------------------ leakage


def leak(folder, shared, must_be_zero, held_out="atlas"):
    pair = {"between": ["train", "test_seen"], "shared": shared, "must_be_zero": must_be_zero}
    held = {"named": [held_out], "tools": ["x", "y"]}
    split = {"held_out": held, "rows_that_offer_fewer_tools": 3}
    (folder / "leakage.json").write_text(json.dumps([pair]))
    (folder / "split.json").write_text(json.dumps(split))


def test_the_leakage_table_says_what_is_zero_and_what_leaks(tmp_path):
    folder = store(tmp_path / "set", [bare("a")])
    leak(
        folder,
        {"requests": 0, "near_duplicates": 2, "sequences": 41},
        ["requests", "near_duplicates"],
    )
    text = Page(make_report([folder]).html).text
    assert "train – test seen 0 ✓ 2 leak 41" in text
    assert "2 tools (atlas), which 3 other rows no longer offer" in text


@pytest.mark.parametrize("text", ["", "{}", "[1]", '[{"between": []}]', "\xff"], ids=repr)
def test_a_leakage_table_that_is_none_is_refused_in_one_line(tmp_path, text):
    folder = store(tmp_path / "set", [bare("a")])
    (folder / "leakage.json").write_text(text, "latin-1")
    with pytest.raises(StoreError, match=r"leakage\.json is no leakage table"):
        read_leakage(folder)


def test_without_a_leakage_table_the_page_says_so(page):
    assert "Not split by curate" in page.html


# ------------------------------------------------------------------------ page


def test_the_same_dataset_gives_the_same_bytes(folder, page):
    again = make_report([folder], packs=PACKS)
    assert again.html == page.html
    assert [p.png for p in again.pictures] == [p.png for p in page.pictures]


def test_the_page_shows_rows_exactly_as_the_display_does(page, rows):
    from callwright.schemas.display_html import article

    shown = sum(article(row) in page.html for row in rows.values())
    assert shown == min(len(rows), SAMPLES)


def test_every_chart_is_in_the_page_and_a_png(page, tmp_path):
    write_report(page, tmp_path / "report.html")
    files = sorted(file.stem for file in (tmp_path / "report").iterdir())
    assert files == sorted(picture.name for picture in page.pictures)
    assert page.html.count("<svg") == len(files)
    assert all(p.png.startswith(b"\x89PNG") for p in page.pictures)
    for name in files:
        assert f'href="./report/{name}.png"' in page.html


def test_two_datasets_stand_side_by_side_in_every_chart(folder, tmp_path):
    other = store(tmp_path / "other", [bare("a"), bare("b", scenario="dag")])
    made = make_report([folder, other], packs=PACKS)
    text = Page(made.html).text
    assert "small beside other" in text
    names = {picture.name: picture.svg for picture in made.pictures}
    assert {"graph_1", "graph_2"} <= names.keys()
    for name in ("scenarios", "tools", "sources", "size"):
        assert COLOURS["first"] in names[name]
    assert COLOURS["second"] in names["scenarios"]


def test_two_folders_of_one_name_are_told_apart_by_their_paths(tmp_path):
    one = store(tmp_path / "a" / "set", [bare("a")])
    two = store(tmp_path / "b" / "set", [bare("a")])
    text = Page(make_report([one, two]).html).text
    assert str(one) in text
    assert str(two) in text


def test_an_empty_dataset_has_a_report(tmp_path):
    assert "0 conversations" in make_report([store(tmp_path / "set", [])]).html


def test_night_recolours_all_that_a_chart_is_drawn_in(page):
    drawn = {
        value
        for key, value in Page(page.html).attributes
        if key in ("fill", "stroke") and value != "none"
    }
    assert drawn <= set(COLOURS.values())


def test_a_page_that_cannot_be_written_is_said_in_one_line(page, tmp_path):
    with pytest.raises(UserError, match="cannot write"):
        write_report(page, tmp_path / "no" / "report.html")


def test_nothing_is_written_or_read_through_a_link_that_came_with_a_dataset(page, tmp_path):
    folder = store(tmp_path / "set", [bare("a")])
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter").write_text("dear")
    (folder / "report.html").symlink_to(mine / "letter")
    write_report(page, folder / "report.html")
    assert (mine / "letter").read_text() == "dear"
    (folder / "other").symlink_to(mine)
    (folder / "leakage.json").symlink_to(mine / "letter")
    with pytest.raises(StoreError, match="symbolic link"):
        write_report(page, folder / "other.html")
    with pytest.raises(StoreError, match="symbolic link"):
        read_leakage(folder)


def test_a_page_without_ending_does_not_share_its_name_with_its_folder(tmp_path):
    assert pictures_of(tmp_path / "page") != tmp_path / "page"


# ------------------------------------------------------------------------ hostile rows


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A dataset in which every string that may be foreign is hostile."""
    bad = HOSTILE
    calls = [
        ToolCall(id=f"call_{n}", function=Function(name=f"{bad}{n}", arguments={bad: bad}))
        for n in (1, 2)
    ]
    messages = [
        Message(role="user", content=bad),
        Message(role="assistant", tool_calls=calls),
        *(Message(role="tool", tool_call_id=call.id, content=bad) for call in calls),
        Message(role="assistant", content=bad),
    ]
    steps = [
        {"call": "call_1", "tool": f"{bad}1"},
        {"call": "call_2", "tool": f"{bad}2", "after": ["call_1"]},
    ]
    row = bare(
        bad, messages=messages, plan=Plan(steps=steps, topology=bad, length=10**9),
        tools=[{"type": "function", "function": {"name": bad}}],
        gates={"form": {"outcome": "fail", "detail": bad}}, origin={bad: bad},
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("hostile") / "<b>set"
    store(
        folder,
        [row, bare("x" * 100_000)],
        [reject(bad, bad, bad, bad), reject("decontaminate", bad, bad, bad)],
    )
    leak(folder, {"requests": 1}, ["requests"], held_out=bad)
    return folder


@pytest.fixture(scope="module")
def hostile_page(hostile):
    """The hostile dataset beside itself."""
    return make_report([hostile, hostile], packs={f"{HOSTILE}1": HOSTILE})


def test_nothing_in_a_row_becomes_markup(hostile_page):
    found = Page(hostile_page.html)
    assert found.tags <= OURS
    keys = {key for key, _ in found.attributes}
    assert not keys & {"src", "style", "onerror", "onload", "xlink:href"}
    assert {value[:2] for key, value in found.attributes if key == "href"} == {"#r", "./"}
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", hostile_page.html)
    assert "<script>alert(1)</script>" in "".join(found.words)


def test_the_page_may_run_nothing_load_nothing_and_style_itself_alone(hostile_page):
    assert "default-src 'none'; style-src 'sha256-" in hostile_page.html
    assert "url(" not in hostile_page.html
    assert hostile_page.html.count("<style>") == 1


def test_every_chart_is_sound_xml_whatever_it_names(hostile_page):
    for picture in hostile_page.pictures:
        root = ET.fromstring(picture.svg)  # noqa: S314 - ours
        tags = {element.tag.removeprefix(SVG) for element in root.iter()}
        assert tags <= {"svg", "g", "path", "text"}
        assert re.fullmatch(r"\w+", picture.name, re.ASCII)


# ------------------------------------------------------------------------ tokens


def test_without_a_tokenizer_characters_are_counted_and_that_is_said(page):
    assert "No tokenizer was named" in page.html


def test_a_missing_library_answers_with_the_install_line(folder, monkeypatch):
    monkeypatch.setattr(report_size, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"pip install 'callwright\[train\]'"):
        make_report([folder], tokenizer="any")


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory):
    """A tokenizer that makes a token of each word, with a chat template; in a folder."""
    pytest.importorskip("transformers", reason="transformers is not installed")
    pytest.importorskip("jinja2", reason="jinja2 is not installed")
    from tokenizers import Tokenizer, models, pre_tokenizers

    folder = tmp_path_factory.mktemp("tokenizer")
    words = Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))  # noqa: S106
    words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    words.save(str(folder / "tokenizer.json"))
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "chat_template": "{% for m in messages %}{{ m.role }} {{ m.content }}\n{% endfor %}",
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    return folder


def test_tokens_are_those_of_the_row_rendered_by_the_chat_template(tokenizer, tmp_path):
    dataset = open_dataset(store(tmp_path / "set", [bare("a")]))
    sizes = report_size.measure(str(tokenizer))(dataset)
    # user Find it. | assistant | tool {} | assistant Found.
    assert sizes.lengths == [8]
    assert sizes.unit == "tokens"
    assert str(tokenizer) in sizes.how


def test_a_tokenizer_file_alone_counts_plain_json(tokenizer, tmp_path):
    dataset = open_dataset(store(tmp_path / "set", [bare("a")]))
    sizes = report_size.measure(str(tokenizer / "tokenizer.json"))(dataset)
    assert sizes.lengths[0] > 0
    assert "no chat template" in sizes.how


def test_many_rows_are_measured_evenly(tokenizer, tmp_path, monkeypatch):
    monkeypatch.setattr(report_size, "MOST_MEASURED", 4)
    dataset = open_dataset(store(tmp_path / "set", [bare(f"{n}") for n in range(10)]))
    sizes = report_size.measure(str(tokenizer))(dataset)
    assert len(sizes.lengths) == 4
    assert "4 of 10 rows" in sizes.how


def test_a_tokenizer_that_is_none_is_refused_in_one_line(tokenizer, tmp_path):
    broken = tmp_path / "tokenizer.json"
    broken.write_text("{}")
    with pytest.raises(UserError, match="cannot load the tokenizer"):
        report_size.measure(str(broken))
