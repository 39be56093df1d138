"""The search engine's answers are those of plain Python over the same 2,000 records."""

import math
import operator
import sys
import unicodedata
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import two_thousand

pytestmark = pytest.mark.argilla

RECORDS = two_thousand.records()
ALL = len(RECORDS)


@pytest.fixture(scope="module")
def data(ask):
    """The dataset's id, and the ids of its metadata properties."""
    users = {user["username"]: user["id"] for user in ask("owner", "GET", "users")["items"]}
    return two_thousand.made(ask, users)


@pytest.fixture(scope="module")
def found(ask, data):
    """Search as somebody and give the records' own ids, all of them in pages, and the total."""

    def found(user, query=None, filters=(), sort=(), text_field=None):
        body = {}
        if query is not None:
            body["query"] = {"text": {"q": query, "field": text_field}}
        if filters:
            body["filters"] = {"and": list(filters)}
        if sort:
            body["sort"] = [{"scope": scope, "order": order} for scope, order in sort]
        me = "" if user == "owner" else "me/"
        ids = []
        while True:
            page = urlencode({"offset": len(ids), "limit": 700})
            path = f"{me}datasets/{data[0]}/records/search?{page}"
            answer = ask(user, "POST", path, body)
            if not answer["items"]:
                assert answer["total"] == len(ids), "the total is that of the records in pages"
                return ids
            ids += [item["record"]["external_id"] for item in answer["items"]]

    return found


def terms(values, entity, **scope):
    return {"type": "terms", "scope": {"entity": entity, **scope}, "values": list(values)}


def span(entity, ge=None, le=None, **scope):
    return {"type": "range", "scope": {"entity": entity, **scope}, "ge": ge, "le": le}


def expected(holds):
    return sorted(record["id"] for record in RECORDS if holds(record))


# ---------------------------------------------------------------------------- text


def same(text):
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def every_text(value):
    if isinstance(value, dict):
        return [text for inner in value.values() for text in every_text(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in every_text(inner)]
    return [str(value)]


def says(words, fields=("request", "chat", "chain")):
    def holds(record):
        return any(
            same(words) in same(text) for name in fields for text in every_text(record[name])
        )

    return holds


TEXT = {
    "paris": says("paris"),
    "pari": says("Paris"),
    "巴黎": says("巴黎"),
    "京": says("東京"),
    "天气": lambda _: True,
    "київ": says("Київ"),
    "straße": says("STRASSE"),
    "القاهرة": says("القاهرة"),
    "Ｚｕ\u0308rich": says("Zürich"),
    "paris kyiv": lambda r: says("Paris")(r) and says("Kyiv")(r),
    "paris | 東京": lambda r: says("Paris")(r) or says("東京")(r),
    "paris kyiv|巴黎": lambda r: (says("Paris")(r) and says("Kyiv")(r)) or says("巴黎")(r),
    "-paris": lambda r: not says("Paris")(r),
    "paris -巴黎 -kyiv": lambda r: says("Paris")(r) and not says("巴黎")(r) and not says("Kyiv")(r),
    '"from paris to"': says("from Paris to"),
    '-"from paris to" +paris': lambda r: says("Paris")(r) and not says("from Paris to")(r),
    "pari*": says("Paris"),
    "case 1999)": says("case 1999)"),
    "get_weather": lambda _: True,
    "nowhere": lambda _: False,
    '"kyiv). 天气"': lambda _: False,  # across two fields
    "100%_": lambda _: False,  # nothing is a wildcard of SQL
    "'; drop table records; --": lambda _: False,
    '"': lambda _: True,  # it stands in each call
    "|": lambda _: True,
}


@pytest.mark.parametrize("query", TEXT)
def test_text_is_found_in_any_script_and_any_field(found, query):
    assert sorted(found("owner", query)) == expected(TEXT[query])


@pytest.mark.parametrize("field", ["request", "chat", "chain"])
def test_text_is_found_in_the_field_that_is_named_and_no_other(found, field):
    wanted = expected(says("東京", [field]))
    assert 0 < len(wanted) < len(expected(says("東京")))
    assert sorted(found("owner", "東京", text_field=field)) == wanted


# ------------------------------------------------------------------------- filters


def meta(name):
    return lambda record: record["metadata"].get(name)


def suggested(record, name):
    return record["suggestions"].get(name, (None, None, None))


def answered(record, user, name):
    return record["responses"].get(user, (None, {}))[1].get(name)


def status(record, user):
    return record["responses"].get(user, ("pending",))[0]


def is_complete(record):
    return sum(given == "submitted" for given, _ in record["responses"].values()) >= 2


FILTERS = {
    "topic": (
        terms(["weather", "旅行"], "metadata", metadata_property="topic"),
        lambda r: meta("topic")(r) in ("weather", "旅行"),
    ),
    "steps as terms": (
        terms(["2", "5.0"], "metadata", metadata_property="steps"),
        lambda r: meta("steps")(r) in (2, 5),
    ),
    "steps between": (
        span("metadata", 2, 4, metadata_property="steps"),
        lambda r: 2 <= meta("steps")(r) <= 4,
    ),
    "score above": (
        span("metadata", 6.125, metadata_property="score"),
        lambda r: meta("score")(r) >= 6.125,
    ),
    "score below": (
        span("metadata", None, 0.5, metadata_property="score"),
        lambda r: meta("score")(r) <= 0.5,
    ),
    "record status": (terms(["completed"], "record", property="status"), is_complete),
    "record id": (
        terms(["rec-0007", "rec-1999", "none"], "record", property="external_id"),
        lambda r: r["id"] in ("rec-0007", "rec-1999"),
    ),
    "suggested label": (
        terms(["fix"], "suggestion", question="verdict", property="value"),
        lambda r: suggested(r, "verdict")[0] == "fix",
    ),
    "suggested labels": (
        terms(["wrong tool"], "suggestion", question="faults", property="value"),
        lambda r: "wrong tool" in (suggested(r, "faults")[0] or ()),
    ),
    "suggested rating": (
        span("suggestion", 2, 3, question="rating", property="value"),
        lambda r: suggested(r, "rating")[0] in (2, 3),
    ),
    "suggestion's score": (
        span("suggestion", 0.25, 0.5, question="verdict", property="score"),
        lambda r: 0.25 <= (suggested(r, "verdict")[1] or 0) <= 0.5,
    ),
    "suggestion's agent": (
        terms(["b"], "suggestion", question="verdict", property="agent"),
        lambda r: suggested(r, "verdict")[2] == "b",
    ),
    "anybody's answer": (
        terms(["reject"], "response", question="verdict"),
        lambda r: "reject" in (answered(r, "ann", "verdict"), answered(r, "bob", "verdict")),
    ),
    "anybody's rating": (
        span("response", 5, None, question="rating"),
        lambda r: 5 in (answered(r, "ann", "rating"), answered(r, "bob", "rating")),
    ),
    "nobody has answered": (
        terms(["pending"], "response", property="status"),
        lambda r: not r["responses"],
    ),
    "somebody has submitted or nobody answered": (
        terms(["submitted", "pending"], "response", property="status"),
        lambda r: (
            not r["responses"] or "submitted" in [given for given, _ in r["responses"].values()]
        ),
    ),
    "since 1970": (span("record", 0, None, property="inserted_at"), lambda _: True),
    "until yesterday": (
        span("record", None, "2026-01-01", property="inserted_at"),
        lambda _: False,
    ),
    "before the year 2200, elsewhere": (
        span("record", None, "2200-01-01T00:00:00+08:00", property="updated_at"),
        lambda _: True,
    ),
}


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_keeps_the_records_that_it_names(found, name):
    asked, holds = FILTERS[name]
    assert sorted(found("owner", filters=[asked])) == expected(holds)


MINE = {
    "pending": ["pending"],
    "draft": ["draft"],
    "submitted": ["submitted"],
    "discarded": ["discarded"],
    "pending or draft": ["pending", "draft"],
}


@pytest.mark.parametrize("name", MINE)
@pytest.mark.parametrize("user", ["ann", "bob"])
def test_an_annotator_filters_by_their_own_answers(found, user, name):
    asked = terms(MINE[name], "response", property="status")
    wanted = expected(lambda r: status(r, user) in MINE[name])
    assert 0 < len(wanted) < ALL
    assert sorted(found(user, filters=[asked])) == wanted
    mine = terms(["fix"], "response", question="verdict")
    assert sorted(found(user, filters=[mine])) == expected(
        lambda r: answered(r, user, "verdict") == "fix"
    )


def test_filters_and_text_are_all_to_hold(found):
    filters = [FILTERS["topic"], FILTERS["steps between"], FILTERS["suggested label"]]
    wanted = expected(lambda r: says("Paris")(r) and all(holds(r) for _, holds in filters))
    assert 0 < len(wanted) < 200
    assert sorted(found("owner", "paris", [asked for asked, _ in filters])) == wanted


def test_a_bound_that_is_no_number_and_a_day_that_is_none_are_refused_by_name(ask, found):
    for asked in (
        span("metadata", "much", None, metadata_property="steps"),
        span("record", "yesterday", None, property="inserted_at"),
    ):
        with pytest.raises(AssertionError, match=r"422 .*(much|yesterday).* is no (number|date)"):
            found("owner", filters=[asked])


# ----------------------------------------------------------------------------- order

SORTS = {
    "score": ({"entity": "metadata", "metadata_property": "score"}, meta("score")),
    "topic": ({"entity": "metadata", "metadata_property": "topic"}, meta("topic")),
    "id": ({"entity": "record", "property": "external_id"}, lambda r: r["id"]),
    "suggestion's score": (
        {"entity": "suggestion", "question": "verdict", "property": "score"},
        lambda r: suggested(r, "verdict")[1],
    ),
    "suggested label": (
        {"entity": "suggestion", "question": "verdict", "property": "value"},
        lambda r: suggested(r, "verdict")[0],
    ),
    "suggestion's agent": (
        {"entity": "suggestion", "question": "verdict", "property": "agent"},
        lambda r: suggested(r, "verdict")[2],
    ),
}


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("name", SORTS)
def test_an_order_holds_over_all_pages_and_who_lacks_the_value_comes_last(found, name, order):
    scope, value = SORTS[name]
    last = sorted(r["id"] for r in RECORDS if value(r) is None)
    having = [r for r in RECORDS if value(r) is not None]
    wanted = [value(r) for r in sorted(having, key=value, reverse=order == "desc")]
    ids = found("owner", sort=[(scope, order)])
    by_id = {record["id"]: record for record in RECORDS}
    assert [value(by_id[one]) for one in ids[: len(having)]] == wanted
    assert sorted(ids[len(having) :]) == last


def test_a_second_order_decides_where_the_first_leaves_a_tie(found):
    ids = found("owner", sort=[(SORTS["topic"][0], "asc"), (SORTS["id"][0], "desc")])
    having = [r for r in RECORDS if meta("topic")(r)]
    by_id = sorted(having, key=lambda r: r["id"], reverse=True)
    assert ids[: len(having)] == [r["id"] for r in sorted(by_id, key=meta("topic"))]


def test_an_annotator_sorts_by_their_own_answer_and_not_by_another_s(found):
    scope = {"entity": "response", "question": "rating"}
    ids = found("ann", sort=[(scope, "desc")])
    by_id = {record["id"]: record for record in RECORDS}
    ratings = [answered(by_id[one], "ann", "rating") for one in ids]
    given = [rating for rating in ratings if rating is not None]
    assert given == sorted(given, reverse=True)
    assert ratings[len(given) :] == [None] * (ALL - len(given))


def test_unsorted_the_owner_sees_what_was_pushed_first_and_each_annotator_an_order_of_their_own(
    found,
):
    assert len(found("owner")) == ALL
    ann, bob = found("ann"), found("bob")
    assert ann == found("ann")
    assert ann != bob
    assert set(ann) == set(bob) == {record["id"] for record in RECORDS}


# --------------------------------------------------------------- progress and metrics


def test_progress_counts_records_and_each_annotator_s_answers(ask, data):
    progress = ask("owner", "GET", f"datasets/{data[0]}/progress")
    complete = sum(map(is_complete, RECORDS))
    assert (progress["completed"], progress["pending"], progress["total"]) == (
        complete,
        ALL - complete,
        ALL,
    )
    for user in ("ann", "bob"):
        mine = ask(user, "GET", f"me/datasets/{data[0]}/metrics")["responses"]
        counts = Counter(status(record, user) for record in RECORDS)
        del counts["pending"]
        assert {name: mine[name] for name in counts} == dict(counts)


def test_metrics_of_metadata_are_counts_of_terms_and_ends_of_numbers(ask, data):
    def metrics(name):
        return ask("owner", "GET", f"metadata-properties/{data[1][name]}/metrics")

    counts = Counter(meta("topic")(record) for record in RECORDS if meta("topic")(record))
    said = metrics("topic")
    assert said["total"] == counts.total()
    assert {one["term"]: one["count"] for one in said["values"]} == dict(counts)
    assert [one["count"] for one in said["values"]] == sorted(counts.values(), reverse=True)
    for name in ("steps", "score"):
        values = [meta(name)(record) for record in RECORDS]
        said = metrics(name)
        assert (said["min"], said["max"]) == (min(values), max(values))


# ---------------------------------------------------------------------------- vectors


def cosine(one, other):
    return sum(map(operator.mul, one, other)) / math.hypot(*one) / math.hypot(*other)


def alike(ask, data, vector, limit=25, **body):
    query = {"vector": {"name": "meaning", **vector}, **body.pop("query", {})}
    path = f"datasets/{data[0]}/records/search?limit={limit}"
    items = ask("owner", "POST", path, {"query": query, **body})["items"]
    return [(item["record"]["external_id"], item["query_score"]) for item in items]


@pytest.mark.parametrize("order", ["most_similar", "least_similar"])
def test_vectors_are_ranked_by_their_cosine(ask, data, order):
    target = [0.5, -0.25, 1, 0]
    sign = 1 if order == "most_similar" else -1
    ranked = sorted(RECORDS, key=lambda r: -sign * cosine(r["vector"], target))
    got = alike(ask, data, {"value": target, "order": order})
    assert [one for one, _ in got] == [record["id"] for record in ranked[:25]]
    wanted = [(1 + sign * cosine(record["vector"], target)) / 2 for record in ranked[:25]]
    assert [score for _, score in got] == pytest.approx(wanted)


def test_a_record_is_not_like_itself_and_filters_and_text_hold_among_the_like(ask, data, found):
    first = RECORDS[0]
    path = f"datasets/{data[0]}/records/search"
    asked = {"filters": {"and": [terms([first["id"]], "record", property="external_id")]}}
    record_id = ask("owner", "POST", path, asked)["items"][0]["record"]["id"]
    topic, holds = FILTERS["topic"]
    got = alike(
        ask,
        data,
        {"record_id": record_id},
        query={"text": {"q": "paris"}},
        filters={"and": [topic]},
    )
    ranked = sorted(RECORDS[1:], key=lambda r: -cosine(r["vector"], first["vector"]))
    wanted = [r["id"] for r in ranked if holds(r) and says("Paris")(r)]
    assert [one for one, _ in got] == wanted[:25]


# ---------------------------------------------------------------------------- changes


def test_a_change_is_found_at_once_and_what_is_gone_is_not(ask, data, found):
    """Last in this file: it changes the records that the others compare with."""
    first, second = RECORDS[0]["id"], RECORDS[1]["id"]
    asked = {"filters": {"and": [terms([first, second], "record", property="external_id")]}}
    path = f"datasets/{data[0]}/records/search"
    items = ask("owner", "POST", path, asked)["items"]
    ids = {item["record"]["external_id"]: item["record"]["id"] for item in items}
    record = RECORDS[0]
    fields = {"request": "Ünïque wörds", "chat": record["chat"], "chain": record["chain"]}
    ask("owner", "PATCH", f"records/{ids[first]}", {"metadata": {"topic": "new"}})
    bulk = {"items": [{"id": ids[first], "fields": fields}]}
    ask("owner", "PUT", f"datasets/{data[0]}/records/bulk", bulk)
    ask("owner", "DELETE", f"records/{ids[second]}")
    assert found("owner", "ünïque") == [first]
    new = terms(["new"], "metadata", metadata_property="topic")
    assert found("owner", filters=[new]) == [first]
    assert len(found("owner")) == ALL - 1
