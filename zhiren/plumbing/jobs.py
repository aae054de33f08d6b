"""Background work in the same database: a job is deferred in the transaction of its fact, and rolls back with it."""

import asyncio
import json
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.tasks import Task

from zhiren.kernel.registry import Registry
from zhiren.plumbing import clock, ticks

Companion = Callable[[threading.Event], None]
_companions: Registry[Companion] = Registry("companion of the worker")
F = TypeVar("F", bound=Callable[..., Any])

# A worker that has not been heard of for this many seconds is dead; its jobs are taken up again.
DEAD_AFTER_SECONDS = 20
# A companion that does not stop within this many seconds is cut off.
COMPANION_SECONDS = 3
# 2 s, 4, 8 ... up to 18 hours between two tries, about a day and a half in all.
RETRIES = RetryStrategy(max_attempts=16, exponential_wait=2)


def job(
    *, name: str, queue: str = "default", retry: RetryStrategy | bool = RETRIES
) -> Callable[[F], "Task[..., Any, Any]"]:
    """Make a function a job: `send.defer(message_id=...)`. It runs at least once, so it must be safe to run twice."""

    def wrap(function: F) -> "Task[..., Any, Any]":
        return app.task(name=name, queue=queue, retry=retry)(function)

    return wrap


def defer_once(task: "Task[..., Any, Any]", *, of: str = "", **arguments: Any) -> bool:
    """Have a job done, one at a time, of those that are `of` the same; tell whether it is new.

    One that waits already stands for this one too.
    """
    name = f"{task.name}:{of}" if of else task.name
    try:
        with transaction.atomic():
            task.configure(lock=name, queueing_lock=name).defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True


def beside_the_worker(function: Companion) -> Companion:
    """Have `function(stop)` run in a thread of its own beside every worker, until `stop` is set.

    For what waits for somebody outside for hours, and would hold one of the worker's few hands. It must see to it
    itself that no other worker does the same, and it is cut off when the process ends.
    """
    return _companions.add(f"{function.__module__}.{function.__qualname__}", function)


@app.periodic(cron="* * * * *")
@app.task(name="plumbing.tick", queueing_lock="plumbing.tick", pass_context=False)
def tick_now(timestamp: int) -> None:
    """Once a minute, do all that has become due."""
    del timestamp  # a worker that was away does not replay the minutes it missed: what is due is due now
    ticks.tick(clock.now())


@app.periodic(cron="* * * * * */10")
@app.task(name="plumbing.revive", queueing_lock="plumbing.revive", pass_context=False)
async def revive_stalled(timestamp: int) -> None:
    """Take up again the jobs of workers that died."""
    del timestamp
    await _revive()


async def _revive() -> None:
    manager = app.job_manager
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER_SECONDS):
        await manager.retry_job(stalled)
    await manager.prune_stalled_workers(DEAD_AFTER_SECONDS)


def run_worker(*, concurrency: int = 2, until_empty: bool = False) -> None:
    """Work until told to stop (SIGINT, SIGTERM), or until the queues are empty.

    What a dead worker left behind is taken up first.
    """

    async def work() -> None:
        connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]  # Django's connector has it
        # What a job defers belongs to the transaction of its fact, so it goes through Django's connection here too.
        connector.get_sync_connector = app.connector.get_sync_connector
        with app.replace_connector(connector):
            async with app.open_async():
                await _revive()
                await app.run_worker_async(
                    wait=not until_empty,
                    concurrency=concurrency,
                    delete_jobs="successful",
                    shutdown_graceful_timeout=10,
                    fetch_job_polling_interval=2,
                    update_heartbeat_interval=5,
                    stalled_worker_timeout=DEAD_AFTER_SECONDS,
                    install_signal_handlers=True,
                )

    if until_empty:
        asyncio.run(work())
        return
    stop = threading.Event()
    companions = [
        threading.Thread(target=function, args=(stop,), name=name, daemon=True)
        for name, function in _companions.items()
    ]
    for companion in companions:
        companion.start()
    try:
        asyncio.run(work())
    finally:
        stop.set()
        for companion in companions:
            companion.join(COMPANION_SECONDS)


def run_due(at: datetime) -> int:
    """Do, here and now, every job that is due at `at`, and those that they defer; return how many.

    For the demo's past and for tests, where no worker runs. The first failure is raised: nothing is retried.
    """
    done = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo'"
                " AND (scheduled_at IS NULL OR scheduled_at <= %s) ORDER BY id LIMIT 200",
                [at],
            )
            rows = cursor.fetchall()
        if not rows:
            return done
        for job_id, task_name, args in rows:
            _is_now(job_id, "doing")
            try:
                app.tasks[task_name].func(**(json.loads(args) if isinstance(args, str) else args))
            except Exception:
                if not connection.needs_rollback:
                    _is_now(job_id, "todo")
                raise
            with connection.cursor() as cursor:
                cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'succeeded', true)", [job_id])
            done += 1


def _is_now(job_id: int, status: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [status, job_id])
