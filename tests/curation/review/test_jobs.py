"""Background jobs run without Redis, or in the one that is named; webhooks hear of every record."""

import json
import os
import shutil
import socket
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue

import pytest
from annotating import asking

from callwright.curation.review.home import Home
from callwright.curation.review.serve import Options, running

pytestmark = pytest.mark.argilla


class Ear:
    """An address, and what is sent there; while `open` is clear it lets senders wait.

    It answers with the statuses of `answers`, and when there are no more of them with 200.
    """

    def __init__(self):
        self.heard = SimpleQueue()
        self.answers = []
        self.open = threading.Event()
        self.open.set()
        ear = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                ear.heard.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                ear.open.wait(60)
                self.send_response(ear.answers.pop(0) if ear.answers else 200)
                self.end_headers()

            def log_message(self, *_):
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"

    def next(self):
        event = self.heard.get(timeout=30)
        return event["type"], event["data"]["dataset"]["name"], event["data"]["external_id"]


@pytest.fixture
def ear():
    ear = Ear()
    with ear.server:
        threading.Thread(target=ear.server.serve_forever, daemon=True).start()
        yield ear
        ear.open.set()
        ear.server.shutdown()


@pytest.fixture
def redis(tmp_path):
    """Port of a real Redis that keeps nothing on disk."""
    path = shutil.which("redis-server")
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("redis-server is not installed")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    line = [path, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
        assert any("Ready to accept connections" in said for said in process.stdout)
        yield port
        process.kill()


def new_dataset(ask, name):
    """Make a dataset; gives what pushes a record of a name."""
    space = ask("owner", "GET", "me/workspaces")["items"][0]["id"]
    dataset = ask("owner", "POST", "datasets", {"name": name, "workspace_id": space})["id"]
    text = {"type": "text", "use_markdown": False}
    for what in ("fields", "questions"):
        body = {"name": "text", "title": "text", "required": True, "settings": text}
        ask("owner", "POST", f"datasets/{dataset}/{what}", body)
    ask("owner", "PUT", f"datasets/{dataset}/publish")

    def push(record):
        items = [{"external_id": record, "fields": {"text": record}}]
        ask("owner", "PUT", f"datasets/{dataset}/records/bulk", {"items": items})

    return push


def listen(ask, ear):
    hook = {"url": ear.url, "events": ["record.created"], "description": "an ear"}
    ask("owner", "POST", "webhooks", hook)


def test_a_webhook_is_told_of_a_pushed_record_and_one_pushed_before_it_is_not(ask, ear):
    push = new_dataset(ask, "told")
    push("before")
    listen(ask, ear)
    push("after")
    assert ear.next() == ("record.created", "told", "after")
    assert ear.heard.empty()


def test_a_webhook_whose_listener_fails_is_tried_again(ask, ear):
    push = new_dataset(ask, "failing")
    listen(ask, ear)
    ear.answers = [503]
    push("told twice")
    assert ear.next() == ("record.created", "failing", "told twice")
    assert ear.next() == ("record.created", "failing", "told twice")  # Argilla: after 10 seconds
    assert ear.answers == []


def in_queue(redis):
    """Ask Redis for the jobs that wait."""
    words = [b"LRANGE", b"rq:queue:high", b"0", b"-1"]
    with socket.create_connection(("127.0.0.1", redis), timeout=30) as line:
        line.sendall(b"*4\r\n" + b"".join(b"$%d\r\n%s\r\n" % (len(w), w) for w in words))
        return int(line.makefile("rb").readline().removeprefix(b"*"))


def test_jobs_in_a_redis_that_is_named_outlive_a_killed_server(tmp_path, interpreter, redis, ear):
    home = Home(tmp_path / "home")
    home.prepare([])
    options = Options(interpreter, port=0, redis_url=f"redis://127.0.0.1:{redis}/0")
    with running(home, options) as server:
        ask = asking(home, server.url)
        push = new_dataset(ask, "kept")
        listen(ask, ear)
        ear.open.clear()
        push("worked on")
        assert ear.next() == ("record.created", "kept", "worked on")
        push("waiting")
        server.process.kill()
        server.wait()
    assert in_queue(redis) == 1
    ear.open.set()
    with running(home, options):
        assert ear.next() == ("record.created", "kept", "waiting")
    assert in_queue(redis) == 0
