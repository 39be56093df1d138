"""Argilla's background jobs without Redis: a queue in memory and a worker in a thread.

Jobs are few (a record's status after the wanted number of answers changed; webhooks), so what is
lost with the process is little; a team that wants them kept names a Redis.
"""

from __future__ import annotations

import threading
from functools import partial
from typing import Any


def use_queue_in_memory() -> None:
    """Give Argilla a Redis that lives in this process. Must come before it is imported."""
    import fakeredis
    import redis

    server = fakeredis.FakeServer()

    def connect(_url: str, **options: Any) -> Any:
        return fakeredis.FakeStrictRedis(server=server, **options)

    redis.from_url = connect


def start() -> None:
    """Work jobs off in a thread, as long as the process lives.

    All imports happen before it starts: a job may wait in Redis already, and what it needs would
    then be imported in two threads at once.
    """
    from argilla_server.jobs import dataset_jobs, hub_jobs, webhook_jobs
    from argilla_server.jobs.queues import DEFAULT_QUEUE, HIGH_QUEUE
    from rq import SimpleWorker
    from rq.scheduler import RQScheduler
    from rq.timeouts import TimerDeathPenalty

    class InThread:
        def _install_signal_handlers(self) -> None:
            """Only the main thread can have them."""

    class Worker(InThread, SimpleWorker):
        death_penalty_class = TimerDeathPenalty  # the usual one wants signals

    class Scheduler(InThread, RQScheduler):
        """Puts what is to be tried again into the queue when its time has come."""

    sessions = _own_sessions()
    for module in (dataset_jobs, hub_jobs, webhook_jobs):
        module.AsyncSessionLocal = sessions
    queues = [HIGH_QUEUE, DEFAULT_QUEUE]
    worker = Worker(queues, connection=DEFAULT_QUEUE.connection)
    scheduler = Scheduler(queues, connection=DEFAULT_QUEUE.connection, logging_level="WARNING")
    work = partial(worker.work, with_scheduler=False, logging_level="WARNING")
    threading.Thread(target=work, daemon=True, name="jobs").start()
    threading.Thread(target=scheduler.work, daemon=True, name="later").start()


def _own_sessions() -> Any:
    """Sessions on connections that jobs do not share with the server.

    Each job runs in an event loop of its own. SQLAlchemy guards an engine's first connection with
    a lock of one loop: a job that wants its first while the server opens one waits forever.
    """
    from argilla_server.settings import settings
    from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
    from sqlalchemy.pool import NullPool

    options = {**settings.database_engine_args, "poolclass": NullPool}
    engine = create_async_engine(settings.database_url, **options)
    return async_sessionmaker(engine, autocommit=False, expire_on_commit=False)
