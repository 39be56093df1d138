"""The endpoint policy against a real HTTP server: what it sends, reads, waits for and gives up."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from callwright.schemas.errors import UserError
from callwright.schemas.record import Function
from callwright.training.policies import openai_wait
from callwright.training.policies.base import Prompt
from callwright.training.policies.openai import OpenAIPolicy
from callwright.training.policies.openai_read import read_answer, read_message
from callwright.training.policies.openai_wait import MOST_WAIT, wait

KEY = "sk-a-secret-that-stands-nowhere"
TOOL = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}


def prompt(text: str) -> Prompt:
    return Prompt([{"role": "user", "content": text}], [TOOL])


def completion(content: str = "", **message) -> dict:
    usage = {"prompt_tokens": 7, "completion_tokens": 3}
    said = {"role": "assistant", "content": content, **message}
    return {"choices": [{"index": 0, "message": said}], "usage": usage}


@contextmanager
def endpoint(answer):
    """A server whose `answer(number, body, headers)` gives status, headers and body or object."""
    seen: list[dict] = []
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            with lock:
                number = len(seen)
                seen.append(body | {"path": self.path})
            status, headers, content = answer(number, body, self.headers)
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            try:
                self.send_response(status)
                for name, value in {"content-length": str(len(data)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)
            except OSError:
                self.close_connection = True  # the client did not wait

        def log_message(self, *_) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(autouse=True)
def brisk(monkeypatch):
    monkeypatch.setattr(openai_wait, "_FIRST", 0.01)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


def test_answers_come_in_the_order_of_their_prompts_and_many_at_a_time():
    running, most = [], []

    def answer(number, body, headers):
        running.append(number)
        most.append(len(running))
        time.sleep(0.02 * (3 - number % 4))
        running.remove(number)
        return 200, {}, completion("to " + body["messages"][0]["content"])

    with endpoint(answer) as (url, seen):
        replies = OpenAIPolicy(url + "/", "m", concurrency=4).turns(
            [prompt(str(n)) for n in range(12)]
        )
    assert [reply.turn.content for reply in replies] == [f"to {n}" for n in range(12)]
    assert 1 < max(most) <= 4
    assert {(r.tokens_in, r.tokens_out, r.failure) for r in replies} == {(7, 3, None)}
    assert all(0 < reply.seconds < 1 for reply in replies)
    assert {body["path"] for body in seen} == {"/v1/chat/completions"}


def test_a_request_says_what_the_protocol_wants_and_leaves_the_prompt_as_it_was():
    said = {"a": "圣", "n": [1, 2.5, None]}
    messages = [
        {"role": "user", "content": "?"},
        {
            "role": "assistant",
            "content": "",
            "tool_calls": [
                {"id": "c", "type": "function", "function": {"name": "f", "arguments": said}}
            ],
        },
        {"role": "tool", "tool_call_id": "c", "content": '{"x":1.0}'},
    ]
    with endpoint(lambda *_: (200, {}, completion("ok"))) as (url, seen):
        OpenAIPolicy(url, "m", max_new_tokens=9, extra={"seed": 1}).turns(
            [Prompt(messages, [TOOL]), Prompt(messages[:1], [])]
        )
    with_calls, plain = sorted(seen, key=lambda body: -len(body["messages"]))
    sent = with_calls["messages"][1]["tool_calls"][0]["function"]["arguments"]
    assert json.loads(sent) == said
    assert with_calls["messages"][2] == messages[2]
    assert with_calls["tools"] == [TOOL]
    assert "tools" not in plain  # some servers refuse an empty list
    assert {(b["model"], b["temperature"], b["max_tokens"], b["seed"]) for b in seen} == {
        ("m", 0, 9, 1)
    }
    assert messages[1]["tool_calls"][0]["function"]["arguments"] is said


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_request_turned_away_for_the_moment_is_made_again(status):
    def answer(number, body, headers):
        return (status, {}, {}) if number < 3 else (200, {}, completion("at last"))

    with endpoint(answer) as (url, seen):
        (reply,) = OpenAIPolicy(url, "m").turns([prompt("x")])
    assert (reply.turn.content, reply.failure, len(seen)) == ("at last", None, 4)


def test_it_gives_up_after_its_retries_and_the_other_prompts_are_answered():
    def answer(number, body, headers):
        bad = body["messages"][0]["content"] == "bad"
        return (500, {}, {"error": "overloaded"}) if bad else (200, {}, completion("fine"))

    with endpoint(answer) as (url, seen):
        replies = OpenAIPolicy(url, "m", retries=2).turns([prompt("bad"), prompt("good")])
    assert replies[0].failure == 'endpoint: 500 {"error": "overloaded"}'
    assert replies[0].turn.raw == ""
    assert replies[1].turn.content == "fine"
    assert len(seen) == 4


def test_a_prompt_that_is_refused_for_good_is_asked_once():
    refusal = {"error": {"message": "maximum context length is 4096 tokens"}}
    with endpoint(lambda *_: (400, {}, refusal)) as (url, seen):
        (reply,) = OpenAIPolicy(url, "m").turns([prompt("x")])
    assert reply.failure is not None
    assert "400" in reply.failure
    assert "4096 tokens" in reply.failure
    assert len(seen) == 1


def test_a_request_without_an_answer_in_time_is_an_outcome():
    def answer(number, body, headers):
        time.sleep(0.5)
        return 200, {}, completion("too late")

    with endpoint(answer) as (url, seen):
        (reply,) = OpenAIPolicy(url, "m", timeout=0.1).turns([prompt("x")])
    assert reply.failure == "timeout: 0.1 s"
    assert len(seen) == 1


def test_an_answer_that_only_trickles_is_cut_off_by_the_same_limit():
    class Slow:
        def answer(self, number, body, headers):
            return 200, {"content-length": "1000"}, b" "  # and then nothing more

    with endpoint(Slow().answer) as (url, _):
        (reply,) = OpenAIPolicy(url, "m", timeout=0.2).turns([prompt("x")])
    assert reply.failure == "timeout: 0.2 s"


def test_an_endpoint_that_is_not_there_is_a_failure_after_the_retries():
    with endpoint(lambda *_: (200, {}, {})) as (url, _):
        pass
    (reply,) = OpenAIPolicy(url, "m", retries=1).turns([prompt("x")])
    assert reply.failure is not None
    assert reply.failure.startswith("endpoint: no answer: ConnectError")


@pytest.mark.parametrize("status", [401, 404])
def test_a_wrong_key_or_model_stops_at_once_and_the_key_is_not_shown(status):
    def answer(number, body, headers):
        return status, {}, {"error": "I do not know " + headers["authorization"]}

    with (
        endpoint(answer) as (url, seen),
        pytest.raises(UserError, match=r"OPENAI_API_KEY") as error,
    ):
        OpenAIPolicy(url, "m", concurrency=1).turns([prompt("x")] * 50)
    assert "[key]" in str(error.value)
    assert KEY not in str(error.value)
    assert len(seen) == 1


@pytest.mark.parametrize("status", [200, 400, 503])
def test_the_key_never_appears_in_a_failure_or_in_the_policy(status):
    def answer(number, body, headers):
        assert headers["authorization"] == f"Bearer {KEY}"
        return status, {}, ("x" * 250 + headers["authorization"]).encode()

    with endpoint(answer) as (url, _):
        policy = OpenAIPolicy(url, "m", retries=1)
        (reply,) = policy.turns([prompt("x")])
    assert reply.failure is not None
    assert not any(KEY[:n] in repr(reply) for n in (10, len(KEY)))
    assert KEY not in repr(vars(policy))


def test_without_a_key_none_is_sent(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY")
    seen = []

    def answer(number, body, headers):
        seen.append(headers["authorization"])
        return 200, {}, completion("ok")

    with endpoint(answer) as (url, _):
        OpenAIPolicy(url, "m").turns([prompt("x")])
    assert seen == [None]


def test_it_works_where_an_event_loop_is_running():
    import asyncio

    async def notebook(url: str) -> str:
        return OpenAIPolicy(url, "m").turns([prompt("x")])[0].turn.content

    # In a thread of its own: a browser test's loop may be running in this one.
    with endpoint(lambda *_: (200, {}, completion("ok"))) as (url, _), ThreadPoolExecutor() as pool:
        assert pool.submit(lambda: asyncio.run(notebook(url))).result() == "ok"


def test_an_address_that_is_none_is_refused_when_it_is_named():
    with pytest.raises(UserError, match="localhost:8000"):
        OpenAIPolicy("localhost:8000/v1", "m")


def test_it_waits_as_long_as_it_is_asked_to_and_else_twice_as_long_each_time():
    assert wait(0, "7") == 7
    assert 8 < wait(0, formatdate(time.time() + 10, usegmt=True)) <= 10
    assert wait(0, "soon") < 1
    assert wait(0, formatdate(time.time() - 10, usegmt=True)) > 0
    for attempt in range(4):
        assert 0.005 * 2**attempt <= wait(attempt) <= 0.01 * 2**attempt
    assert wait(5000) <= 16


def test_an_endpoint_that_asks_for_too_long_a_pause_is_not_waited_for():
    with endpoint(lambda *_: (429, {"retry-after": f"{MOST_WAIT + 1}"}, {})) as (url, seen):
        (reply,) = OpenAIPolicy(url, "m").turns([prompt("x")])
    assert reply.failure == "endpoint: 429 {}"
    assert len(seen) == 1


# ------------------------------------------------------------------ answers


def native(arguments, name="f") -> dict:
    return {"content": None, "tool_calls": [{"function": {"name": name, "arguments": arguments}}]}


@pytest.mark.parametrize(
    ("arguments", "read"),
    [('{"a": 1}', {"a": 1}), ({"a": 1}, {"a": 1}), ("", {}), (None, {}), ({}, {}), (" ", {})],
)
def test_native_calls_are_read_whether_their_arguments_are_text_or_not(arguments, read):
    turn = read_message(native(arguments))
    assert turn.calls == (Function(name="f", arguments=read),)
    assert turn.fault is None


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (native("{'a': 1}"), "no JSON in the arguments of f"),
        (native('{"a": "\\ud83d"}'), "no JSON in the arguments of f"),
        (native("[1]"), "the arguments of f are no object"),
        (native('"{}"'), "the arguments of f are no object"),
        (native([1]), "without a function"),
        (native("{}", name=None), "a name and arguments"),
        ({"tool_calls": [{"id": "1"}]}, "without a function"),
        ({"tool_calls": ["f()"]}, "without a function"),
        ({"tool_calls": {"name": "f"}}, "without a function"),
        ({"content": "<tool_call>{</tool_call>"}, "no JSON in a call"),
    ],
)
def test_a_malformed_call_is_a_fault_and_the_turn_has_no_calls(message, told):
    turn = read_message(message)
    assert turn.fault is not None
    assert told in turn.fault
    assert turn.calls == ()


def test_one_malformed_native_call_spoils_its_turn():
    good, bad = native("{}")["tool_calls"], native("{")["tool_calls"]
    assert read_message({"tool_calls": good + bad}).calls == ()


def test_calls_that_a_server_leaves_in_the_text_are_read_from_it():
    text = (
        '<think>Hm.</think>\nSo:\n<tool_call>\n{"name": "f", "arguments": {"a": 1}}\n</tool_call>'
    )
    turn = read_message({"content": text})
    assert (turn.content, turn.reasoning) == ("So:", "Hm.")
    assert turn.calls == (Function(name="f", arguments={"a": 1}),)
    assert read_message({"content": "x", "reasoning_content": "why"}).reasoning == "why"


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b'{"choices": []}', b'{"choices": [{"message": 1}]}', b"\xff"]
)
def test_an_answer_that_is_no_completion_is_a_failure(body):
    reply = read_answer(body, 1.0)
    assert reply.failure is not None
    assert "no chat completion" in reply.failure
