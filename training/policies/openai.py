"""A model behind any OpenAI-compatible endpoint: vLLM, SGLang, llama.cpp, Ollama, a service.

Calls are taken natively (`tool_calls`) where the server parses them, else from the text. Many
requests are in flight at a time. A request that is turned away for the moment is made again; what
is refused for good, or not answered in time, is the reply's `failure`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson

from callwright.schemas.canonical import dumps
from callwright.schemas.errors import UserError
from callwright.training.policies.base import Prompt, Reply
from callwright.training.policies.openai_read import read_answer
from callwright.training.policies.openai_wait import MOST_WAIT, PASSING, wait

if TYPE_CHECKING:
    import httpx2

_SHOWN = 300  # characters of a failure


class OpenAIPolicy:
    """Asks an endpoint for each turn, with temperature 0.

    Args:
        url: the endpoint up to and including its version, such as `http://localhost:8000/v1`.
        model: the model's name there.
        key_variable: the environment variable that holds the API key; unset, none is sent. The
            key stands nowhere but in the request.
        concurrency: requests in flight at a time.
        timeout: seconds that one request may take as a whole.
        retries: how often a request that was turned away is made again.
        max_new_tokens: most tokens of a turn.
        extra: what else each request says, such as `{"chat_template_kwargs": {…}}`.

    Raises:
        UserError: `url` is no HTTP URL.
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        key_variable: str = "OPENAI_API_KEY",
        concurrency: int = 16,
        timeout: float = 120.0,
        retries: int = 5,
        max_new_tokens: int = 512,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        if not url.startswith(("http://", "https://")):
            raise UserError(f"an endpoint's URL begins with http:// or https://, not {url!r}")
        self.name = model
        self._url = url.rstrip("/") + "/chat/completions"
        self._key_variable = key_variable
        self._concurrency = concurrency
        self._timeout = timeout
        self._retries = retries
        self._request = {"temperature": 0, "max_tokens": max_new_tokens, **(extra or {})}

    def turns(self, prompts: Sequence[Prompt]) -> list[Reply]:
        """One answer to each prompt.

        Raises:
            UserError: the endpoint knows no such key, model or path, so that no request can do.
        """
        from anyio.from_thread import start_blocking_portal

        # In a thread of its own, so that it works where a loop runs already, as in a notebook.
        with start_blocking_portal() as portal:
            return portal.call(self._all, prompts)

    async def _all(self, prompts: Sequence[Prompt]) -> list[Reply]:
        import anyio
        import httpx2

        replies = [Reply()] * len(prompts)
        refused: list[str] = []
        slots = anyio.Semaphore(self._concurrency)
        key = os.environ.get(self._key_variable, "").strip()
        headers = {"Content-Type": "application/json"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        limits = httpx2.Limits(max_connections=self._concurrency)

        async def one(index: int, prompt: Prompt) -> None:
            async with slots:
                try:
                    reply = await self._answer(client, prompt)
                except UserError as error:
                    refused.append(_quoted(str(error), key))
                    group.cancel_scope.cancel()
                    return
            if reply.failure:
                reply = replace(reply, failure=_quoted(reply.failure, key))
            replies[index] = reply

        # The whole request has one time limit, set where it is made.
        async with (
            httpx2.AsyncClient(headers=headers, limits=limits, timeout=None) as client,
            anyio.create_task_group() as group,
        ):
            for index, prompt in enumerate(prompts):
                group.start_soon(one, index, prompt)
        if refused:
            raise UserError(refused[0])
        return replies

    async def _answer(self, client: httpx2.AsyncClient, prompt: Prompt) -> Reply:
        """Ask until there is an answer or no use in asking."""
        import anyio
        import httpx2

        body = self._body(prompt)
        attempt = 0
        while True:
            started = time.perf_counter()
            pause = wait(attempt)
            try:
                with anyio.fail_after(self._timeout):
                    response = await client.post(self._url, content=body)
            except TimeoutError:
                return Reply(seconds=self._timeout, failure=f"timeout: {self._timeout:g} s")
            except httpx2.HTTPError as error:
                told = f"no answer: {type(error).__name__} {error}"
            else:
                seconds = time.perf_counter() - started
                if response.is_success:
                    return read_answer(response.content, seconds)
                told = f"{response.status_code} {response.text}"
                if response.status_code in {401, 404}:
                    raise UserError(
                        f"{self._url} refuses the model {self.name!r} or the key in "
                        f"${self._key_variable}: {told}"
                    )
                if response.status_code not in PASSING:
                    return Reply(seconds=seconds, failure=f"endpoint: {told}")
                pause = wait(attempt, response.headers.get("retry-after"))
            if attempt == self._retries or pause > MOST_WAIT:
                seconds = time.perf_counter() - started
                return Reply(seconds=seconds, failure=f"endpoint: {told}")
            attempt += 1
            await anyio.sleep(pause)

    def _body(self, prompt: Prompt) -> bytes:
        said: dict[str, Any] = {
            "model": self.name,
            "messages": [_sent(message) for message in prompt.messages],
            **({"tools": list(prompt.tools)} if prompt.tools else {}),
        }
        return orjson.dumps(said | self._request)


def _quoted(told: str, key: str) -> str:
    """What went wrong, on one line, not too long, and without the key: some endpoints echo it."""
    hidden = told.replace(key, "[key]") if key else told
    return " ".join(hidden.split())[:_SHOWN]


def _sent(message: Mapping[str, Any]) -> dict[str, Any]:
    """A message as the protocol has it: arguments as JSON text."""
    sent = dict(message)
    if sent.get("tool_calls"):
        sent["tool_calls"] = [
            call
            | {"function": call["function"] | {"arguments": dumps(call["function"]["arguments"])}}
            for call in sent["tool_calls"]
        ]
    return sent
