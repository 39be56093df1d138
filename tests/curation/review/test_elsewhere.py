"""`review serve` with a team's Elasticsearch or Redis: it is asked, and told at once if it is away.

Elasticsearch itself is not here: a stand-in notes what it is asked, and finds every record that it
was given. What jobs in Redis are like is in `test_jobs.py`.
"""

import json
import re
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import annotating
import pytest
from annotating import Annotator, asking, dataset

from callwright.curation.review.home import Home
from callwright.curation.review.serve import Options, running
from callwright.schemas.errors import UserError


class StandIn:
    """Speaks as much Elasticsearch as Argilla needs to push, search and pull."""

    def __init__(self):
        self.asked = []
        self.documents = []
        standin = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                path = self.path.partition("?")[0]
                standin.asked.append((path, body))
                said = json.dumps(standin.answer(path, body)).encode()
                self.send_response(200)
                self.send_header("X-Elastic-Product", "Elasticsearch")  # its client looks for it
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(said)

            do_GET = do_HEAD = do_POST = do_PUT = answer  # noqa: N815

            def log_message(self, *_):
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, path, body):
        if path.endswith("/_bulk"):
            lines = map(json.loads, body.splitlines())
            heads = [head["index"] for head in lines if "index" in head]
            self.documents += [head["_id"] for head in heads]
            return {"errors": False, "items": [{"index": {**h, "status": 201}} for h in heads]}
        if path.endswith("/_search"):
            hits = [{"_id": name, "_score": 1.0} for name in self.documents]
            total = {"value": len(hits), "relation": "eq"}
            return {"hits": {"total": total, "hits": hits}, "timed_out": False}
        return {"acknowledged": True, "version": {"number": "8.7.0"}}

    def sent(self, path):
        """What was sent to such a path, in order."""
        return [body for p, body in self.asked if body and re.fullmatch(path, p)]


@pytest.fixture
def elasticsearch():
    standin = StandIn()
    with standin.server:
        threading.Thread(target=standin.server.serve_forever, daemon=True).start()
        yield standin
        standin.server.shutdown()


@pytest.mark.argilla
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_an_elasticsearch_that_is_named_gets_the_records_and_is_asked_for_them(
    rows, tmp_path, interpreter, elasticsearch
):
    home = Home(tmp_path / "home")
    home.prepare(["ann"])
    data = dataset(tmp_path / "data", [rows["chain"], rows["irrelevant"]])
    with running(home, Options(interpreter, port=0, elasticsearch=elasticsearch.url)) as server:
        pushed = annotating.push(home.connection(), data, "there")
        assert pushed.new == 2
        (index,) = elasticsearch.sent("/rg[.][^/]+")
        assert "mappings" in json.loads(index)
        bulk = "".join(elasticsearch.sent("/_bulk"))
        assert json.loads(bulk.splitlines()[1])["fields"]["chain"]
        ask = asking(home, server.url)
        ann = Annotator(ask, "ann")
        there = ann.records("there")
        assert set(there) == {f"{row.id}-r0" for row in data.rows()}
        (found,) = {record["dataset_id"] for record in there.values()}
        text = {"query": {"text": {"q": "笑话"}}}
        # Both: the stand-in finds all. Our own engine, which is not asked, would find one.
        answer = ask("ann", "POST", f"me/datasets/{found}/records/search", text)
        assert answer["total"] == 2
        assert "笑话" in json.dumps(
            json.loads(elasticsearch.sent(".*/_search")[-1]), ensure_ascii=False
        )
        for record in there.values():
            ann.say(record, verdict="accept")
        pulled = annotating.pull(home.connection(), "there", tmp_path / "out")
    assert pulled.kept == 2


@pytest.mark.parametrize("option", ["elasticsearch", "redis_url"])
@pytest.mark.parametrize(
    "url", ["nonsense", "//127.0.0.1:80", "ftp://127.0.0.1:80", "{}://", "{}://127.0.0.1:x"]
)
def test_a_url_that_is_none_says_what_one_looks_like(tmp_path, option, url):
    url = url.format("http" if option == "elasticsearch" else "redis")
    options = Options(Path("/no/python"), **{option: url})
    home = Home(tmp_path / "home")
    with (
        pytest.raises(UserError, match=r"^--[a-z-]+ takes a URL with its port, such as \w+://127"),
        running(home, options),
    ):
        pass


@pytest.mark.parametrize(
    ("option", "scheme"), [("elasticsearch", "https"), ("redis_url", "rediss")]
)
def test_a_service_that_is_away_is_told_at_once_without_its_password(tmp_path, option, scheme):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    url = f"{scheme}://reader:secret@127.0.0.1:{port}/0"
    options = Options(Path("/no/python"), **{option: url})
    name = option.replace("_", "-")
    said = f"^--{name}: nothing answers on 127.0.0.1, port {port}: Connection refused$"
    with pytest.raises(UserError, match=said), running(Home(tmp_path / "home"), options):
        pass
