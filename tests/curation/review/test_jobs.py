"""Background jobs run without Redis, and our speed-ups keep nothing from who listens."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import SimpleQueue

import pytest

pytestmark = pytest.mark.argilla


@pytest.fixture
def heard():
    """An address, and what is sent there."""
    sent = SimpleQueue()

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self):
            sent.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Ear) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", sent
        server.shutdown()


def test_a_webhook_is_told_of_a_pushed_record_and_one_pushed_before_it_is_not(ask, heard):
    url, sent = heard
    space = ask("owner", "GET", "me/workspaces")["items"][0]["id"]
    dataset = ask("owner", "POST", "datasets", {"name": "told", "workspace_id": space})["id"]
    text = {"type": "text", "use_markdown": False}
    for what in ("fields", "questions"):
        body = {"name": "text", "title": "text", "required": True, "settings": text}
        ask("owner", "POST", f"datasets/{dataset}/{what}", body)
    ask("owner", "PUT", f"datasets/{dataset}/publish")

    def push(name):
        items = [{"external_id": name, "fields": {"text": name}}]
        ask("owner", "PUT", f"datasets/{dataset}/records/bulk", {"items": items})

    push("before")
    hook = {"url": url, "events": ["record.created"], "description": "an ear"}
    ask("owner", "POST", "webhooks", hook)
    push("after")
    event = sent.get(timeout=30)
    assert (event["type"], event["data"]["external_id"]) == ("record.created", "after")
    assert event["data"]["dataset"]["name"] == "told"
    assert sent.empty()
