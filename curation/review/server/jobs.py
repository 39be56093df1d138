"""Argilla's background jobs without Redis: a queue in memory and a worker in a thread.

Jobs are few (a record's status after the wanted number of answers changed; webhooks), so what is
lost with the process is little; a team that wants them kept names a Redis.
"""

from __future__ import annotations

from typing import Any


def use_queue_in_memory() -> None:
    """Give Argilla a Redis that lives in this process. Must come before it is imported."""
    import fakeredis
    import redis

    server = fakeredis.FakeServer()

    def connect(_url: str, **options: Any) -> Any:
        return fakeredis.FakeStrictRedis(server=server, **options)

    redis.from_url = connect


def work() -> None:
    """Work jobs off, forever, in a thread that is not the main one."""
    from argilla_server.jobs.queues import DEFAULT_QUEUE, HIGH_QUEUE
    from rq import SimpleWorker
    from rq.timeouts import TimerDeathPenalty

    class Worker(SimpleWorker):
        death_penalty_class = TimerDeathPenalty  # the usual one wants signals

        def _install_signal_handlers(self) -> None:
            """Only the main thread can have them."""

    worker = Worker([HIGH_QUEUE, DEFAULT_QUEUE], connection=DEFAULT_QUEUE.connection)
    worker.work(with_scheduler=False, logging_level="WARNING")
