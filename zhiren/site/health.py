"""How the system is: database, migrations, worker, queue."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from zhiren.plumbing.jobs import DEAD_AFTER_SECONDS


@dataclass(frozen=True)
class Health:
    """What was found. Ages are in seconds; None means that there is none, or that nobody could look."""

    database: bool
    migrations: bool = False
    worker_heartbeat_age: int | None = None
    jobs_waiting: int | None = None
    jobs_failed: int | None = None
    oldest_job_age: int | None = None

    @property
    def worker(self) -> bool:
        """Whether a worker was heard of lately."""
        return self.worker_heartbeat_age is not None and self.worker_heartbeat_age <= DEAD_AFTER_SECONDS

    @property
    def well(self) -> bool:
        """Whether everything that the system needs is there."""
        return self.database and self.migrations and self.worker

    def as_json(self) -> dict[str, Any]:
        """Return it for machines."""
        return {
            "status": "ok" if self.well else "failing",
            "database": "ok" if self.database else "unreachable",
            "migrations": "ok" if self.migrations else "missing" if self.database else "unknown",
            "worker": {"status": "ok" if self.worker else "absent", "heartbeat_age_seconds": self.worker_heartbeat_age},
            "jobs": {
                "waiting": self.jobs_waiting,
                "failed": self.jobs_failed,
                "oldest_waiting_seconds": self.oldest_job_age,
            },
        }


def look(at: datetime) -> Health:
    """Return how the system is at `at`. A database that is gone is an answer, not an error."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return Health(database=True)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT extract(epoch FROM %(at)s - max(last_heartbeat)) FROM procrastinate_workers),"
                " count(*) FILTER (WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= %(at)s)),"
                " count(*) FILTER (WHERE status = 'failed') FROM procrastinate_jobs",
                {"at": at},
            )
            heartbeat, waiting, failed = cursor.fetchone()
            cursor.execute(
                "SELECT extract(epoch FROM %(at)s - min(coalesce(j.scheduled_at, e.at))) FROM procrastinate_jobs j"
                " LEFT JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'"
                " WHERE j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= %(at)s)",
                {"at": at},
            )
            (oldest,) = cursor.fetchone()
    except (OperationalError, InterfaceError, DatabaseError):
        return Health(database=False)
    return Health(
        database=True,
        migrations=True,
        worker_heartbeat_age=None if heartbeat is None else max(int(heartbeat), 0),
        jobs_waiting=waiting,
        jobs_failed=failed,
        oldest_job_age=None if oldest is None else max(int(oldest), 0),
    )
