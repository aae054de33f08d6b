"""What the benchmarks share: a database of their own, fast loading, and how figures are printed."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parent.parent
if str(CHECKOUT) not in sys.path:
    sys.path.insert(0, str(CHECKOUT))
_TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def fresh_folder() -> Iterator[Path]:
    """Give a data folder that the database's own system user can reach, too; it is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="zhiren-bench-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _kept_folder(folder: Path) -> Iterator[Path]:
    """Give a data folder that stays, so that the next run finds what this one loaded."""
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    yield folder.resolve()


@contextmanager
def fresh_database(kept: Path | None = None) -> Iterator[Any]:
    """Give an embedded PostgreSQL of our own, durable as in production, with all tables, and Django on it.

    It is gone afterwards, unless a folder is named in which it is kept.
    """
    with _kept_folder(kept) if kept else fresh_folder() as folder:
        os.environ.pop("DATABASE_URL", None)
        os.environ |= {
            "ZHIREN_DATA": str(folder),
            "ZHIREN_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "zhiren.site.settings",
        }
        from zhiren.plumbing import postgres

        with postgres.ensure_running(folder=folder) as server:
            import django
            from django.core.management import call_command
            from django.db import connections

            django.setup()
            call_command("migrate", interactive=False, verbosity=0)
            try:
                yield server
            finally:
                connections.close_all()


def copy(model: Any, rows: Iterable[Any], *, without: Sequence[str] = ()) -> None:
    """Load rows of a model by COPY, the fastest way in; `without` names columns that the database fills."""
    from django.db import connection, models
    from psycopg import sql
    from psycopg.types.json import Jsonb

    fields = [field for field in model._meta.concrete_fields if field.column not in without]
    names = [field.attname for field in fields]
    jsons = [index for index, field in enumerate(fields) if isinstance(field, models.JSONField)]
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(sql.Identifier(field.column) for field in fields)
    )
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        with cursor.cursor.copy(command) as target:
            for row in rows:
                values = [getattr(row, name) for name in names]
                for index in jsons:
                    values[index] = Jsonb(values[index])
                target.write_row(values)


def execute(*statements: str) -> None:
    """Run statements that may take as long as they need."""
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in ("SET statement_timeout = 0", *statements):
            cursor.execute(statement)


def percentile(seconds: Sequence[float], part: float) -> float:
    """Return, in milliseconds, what this part of the measurements does not exceed."""
    ordered = sorted(seconds)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)] * 1000


def timed(function: Callable[[], object]) -> float:
    """Return how many seconds a call takes."""
    began = time.perf_counter()
    function()
    return time.perf_counter() - began


def cpu_seconds(*processes: int) -> float:
    """Return how much processor time this process and others have used so far; on Linux only, else our own."""
    used = time.process_time()
    for process in processes:
        try:
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        used += (int(fields[11]) + int(fields[12])) / _TICKS
    return used


def machine(*, with_database: bool = True) -> str:
    """Return what a figure depends on: processor, versions, and how busy the machine is with other things."""
    versions = [f"Python {platform.python_version()}"]
    if with_database:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            versions.append(f"PostgreSQL {cursor.fetchone()[0]}")
    return (
        f"machine: {os.cpu_count()} cores, {_processor()}, {platform.system()} {platform.release()}, "
        f"{', '.join(versions)}, load average {load()}"
    )


def load() -> str:
    """Return the load average of the last 1, 5 and 15 minutes: what is above zero at the start disturbs the figures."""
    return " ".join(f"{value:.1f}" for value in os.getloadavg())


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def say(text: str) -> None:
    """Print a line at once, so that whoever waits sees where we are."""
    print(text, flush=True)
