"""How fast the review server is: a push with our speed-ups on and off, and searches of a full one.

    python benchmarks/review.py                  both measures
    python benchmarks/review.py push             records per CPU-second of the server, on / off
    python benchmarks/review.py search           seconds per page, filter, search at 10,000 records

A record has nine messages, a chain of three steps, three suggestions and three metadata values.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from callwright.curation.review.connection import Connection
from callwright.curation.review.environment import server_python
from callwright.curation.review.home import Home
from callwright.curation.review.serve import Options, running

PUSHED = 1000
FULL = 10_000
BULK = 500
SPEEDUPS = "CALLWRIGHT_REVIEW_SPEEDUPS"
CITIES = ["Paris", "Zürich", "東京", "巴黎", "Kyiv", "Київ", "القاهرة", "São Paulo"]
DOMAINS = ["weather", "trips", "money"]


class Server:
    """A running server, asked as its owner."""

    def __init__(self, connection: Connection, process: int) -> None:
        """Remember where it is and which process it is."""
        self._connection = connection
        self._process = process

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Call Argilla's interface."""
        request = urllib.request.Request(  # noqa: S310 - the server that we started
            f"{self._connection.url}/api/v1/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"X-Argilla-Api-Key": self._connection.key, "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=600) as answer:  # noqa: S310
            return json.loads(answer.read() or b"null")

    def cpu_seconds(self) -> float:
        """Processor time of the server so far, of all its threads (Linux)."""
        fields = Path(f"/proc/{self._process}/stat").read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def server(*, speedups: bool) -> Iterator[Server]:
    """Run a server on a home of its own."""
    os.environ[SPEEDUPS] = "1" if speedups else "0"
    with tempfile.TemporaryDirectory() as scratch:
        home = Home(Path(scratch) / "home")
        home.prepare(["ann"])
        options = Options(server_python(None, lambda *_: None), port=0)
        with running(home, options) as started:
            yield Server(home.connection(), started.process.pid)


# ---------------------------------------------------------------------------- records


def dataset(server: Server) -> tuple[str, dict[str, str]]:
    """Make a dataset; gives its id and those of its questions."""
    space = server.ask("GET", "me/workspaces")["items"][0]["id"]
    made = server.ask("POST", "datasets", {"name": "chains", "workspace_id": space})["id"]

    def add(what: str, name: str, settings: dict[str, Any], **rest: Any) -> str:
        body = {"name": name, "title": name, "settings": settings, **rest}
        return str(server.ask("POST", f"datasets/{made}/{what}", body)["id"])

    add("fields", "chat", {"type": "chat", "use_markdown": True}, required=True)
    add("fields", "chain", {"type": "custom", "template": "{{record}}", "advanced_mode": False})
    verdicts = [{"value": name, "text": name} for name in ("accept", "fix", "reject")]
    questions = {
        "verdict": add(
            "questions",
            "verdict",
            {"type": "label_selection", "options": verdicts, "visible_options": None},
            required=True,
        ),
        "quality": add(
            "questions",
            "quality",
            {"type": "rating", "options": [{"value": value} for value in range(1, 6)]},
        ),
        "correction": add("questions", "correction", {"type": "text", "use_markdown": False}),
    }
    for name, kind in (("domain", "terms"), ("steps", "integer"), ("score", "float")):
        add("metadata-properties", name, {"type": kind})
    server.ask("PUT", f"datasets/{made}/publish")
    return made, questions


def items(count: int, questions: dict[str, str]) -> list[dict[str, Any]]:
    """Give records as the client sends them."""
    draw = random.Random(8)
    return [_item(draw, number, questions) for number in range(count)]


def _item(draw: random.Random, number: int, questions: dict[str, str]) -> dict[str, Any]:
    city = draw.choice(CITIES)
    results: list[dict[str, Any]] = [
        {"lat": 48.85, "lon": 2.35},
        {"temp_c": number % 30, "sky": "rain"},
        {"id": number},
    ]
    names = ["geocode", "get_weather", "send_message"]
    chat: list[dict[str, str]] = [
        {"role": "system", "content": "You can call tools."},
        {"role": "user", "content": f"Text Ann today's weather in {city} (case {number})."},
    ]
    for name, result in zip(names, results, strict=True):
        call = json.dumps({"name": name, "arguments": {"city": city, **result}}, indent=1)
        chat.append({"role": "assistant", "content": f"```json\n{call}\n```"})
        chat.append({"role": "tool", "content": f"```json\n{json.dumps(result)}\n```"})
    chat.append({"role": "assistant", "content": f"Ann knows how it is in {city}."})
    steps = [
        {"n": n, "name": name, "args": [{"k": "city", "v": city}], "result": json.dumps(result)}
        for n, (name, result) in enumerate(zip(names, results, strict=True), 1)
    ]
    suggested = {
        "verdict": draw.choice(["accept", "fix"]),
        "quality": draw.randint(1, 5),
        "correction": json.dumps(steps, ensure_ascii=False, indent=1),
    }
    return {
        "external_id": f"rec-{number}",
        "fields": {"chat": chat, "chain": {"request": chat[1]["content"], "steps": steps}},
        "metadata": {
            "domain": draw.choice(DOMAINS),
            "steps": draw.randint(2, 6),
            "score": draw.random(),
        },
        "suggestions": [
            {"question_id": questions[name], "value": value, "score": draw.random(), "agent": "g"}
            for name, value in suggested.items()
        ],
    }


def push(server: Server, where: str, what: list[dict[str, Any]]) -> None:
    """Push records, as the client does: with PUT, which may change what is there."""
    for start in range(0, len(what), BULK):
        server.ask("PUT", f"datasets/{where}/records/bulk", {"items": what[start : start + BULK]})


# --------------------------------------------------------------------------- measures


def pushes(rounds: int) -> None:
    """Print what a push costs the server, with our speed-ups and without; the best of rounds."""
    best: dict[bool, float] = {}
    for _ in range(rounds):
        for speedups in (True, False):
            with server(speedups=speedups) as started:
                where, questions = dataset(started)
                what = items(PUSHED, questions)
                push(started, where, what[:20])  # what is made once is made
                before = started.cpu_seconds()
                push(started, where, what[20:])
                spent = started.cpu_seconds() - before
            best[speedups] = min(spent, best.get(speedups, spent))
    for speedups, spent in best.items():
        name = "on " if speedups else "off"
        count = PUSHED - 20
        print(f"speed-ups {name}: {spent:5.1f} CPU-s = {count / spent:5.0f} records per CPU-s")
    print(f"ratio: {best[False] / best[True]:.2f}")


def searches() -> None:
    """Print how long what people do takes at 10,000 records: the first time, and the median."""
    with server(speedups=True) as started:
        where, questions = dataset(started)
        push(started, where, items(FULL, questions))
        print(f"{FULL:,} records")
        for name, body, page in _asked():
            seconds = _times(lambda b=body, p=page: _search(started, where, b, p))  # type: ignore[misc]
            median = sorted(seconds)[len(seconds) // 2]
            print(f"  {name:42} first {seconds[0]:.3f} s, median {median:.3f} s")


def _asked() -> Iterator[tuple[str, dict[str, Any], str]]:
    me, everybody = "me/", ""
    yield "first page of an annotator", {}, me
    pending = _terms("response", ["pending"], property="status")
    yield "pending, as the page opens", _and(pending), me
    yield "text in Chinese", _text("巴黎"), me
    yield "two words and one not", _text("paris case -rain77"), me
    yield "text that is nowhere", _text("nowhere"), everybody
    terms = _terms("metadata", ["weather"], metadata_property="domain")
    yield "metadata terms", _and(terms), me
    between: dict[str, Any] = {"type": "range", "ge": 0.25, "le": 0.5}
    yield (
        "metadata range",
        _and({**between, "scope": {"entity": "metadata", "metadata_property": "score"}}),
        me,
    )
    suggested = _terms("suggestion", ["fix"], question="verdict", property="value")
    yield "suggested label", _and(suggested), me
    score = {"entity": "suggestion", "question": "verdict", "property": "score"}
    yield "sorted by a suggestion's score", {"sort": [{"scope": score, "order": "asc"}]}, me
    metadata = {"entity": "metadata", "metadata_property": "score"}
    yield "sorted by metadata", {"sort": [{"scope": metadata, "order": "desc"}]}, me
    together = {**_text("zürich"), **_and(pending, terms, suggested)}
    yield (
        "text, three filters and an order",
        together | {"sort": [{"scope": score, "order": "asc"}]},
        me,
    )


def _terms(entity: str, values: list[str], **scope: str) -> dict[str, Any]:
    return {"type": "terms", "scope": {"entity": entity, **scope}, "values": values}


def _and(*filters: dict[str, Any]) -> dict[str, Any]:
    return {"filters": {"and": list(filters)}}


def _text(query: str) -> dict[str, Any]:
    return {"query": {"text": {"q": query}}}


def _search(started: Server, where: str, body: dict[str, Any], page: str) -> None:
    options = "limit=10&offset=50&include=suggestions&include=responses"
    started.ask("POST", f"{page}datasets/{where}/records/search?{options}", body)


def _times(what: Callable[[], None], rounds: int = 7) -> list[float]:
    seconds = []
    for _ in range(rounds):
        begin = time.perf_counter()
        what()
        seconds.append(time.perf_counter() - begin)
    return seconds


def main() -> None:
    """Measure what is named, or all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("what", nargs="?", choices=("push", "search"))
    parser.add_argument("--rounds", type=int, default=2, help="of the push")
    given = parser.parse_args()
    if given.what != "search":
        pushes(given.rounds)
    if given.what != "push":
        searches()
    sys.stdout.flush()


if __name__ == "__main__":
    main()
