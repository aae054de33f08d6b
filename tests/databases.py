"""The database of each process: a copy of one to which all migrations were applied once, and kept for the next run.

A test that commits leaves its rows behind. They are taken out again by `put_back`: only what is there, which takes
milliseconds, where emptying each of the hundred tables takes a second.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import distributions
from pathlib import Path

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

PREFIX = "migrated_"  # then the day, then a mark of the migrations
DAYS = 2  # so long one is kept, whatever happens to the migrations meanwhile
LOCK = 7_411_902  # any number that nobody else in the tests' cluster asks for
KEEP = "as_it_was"  # the schema with the rows that come with the system
# Tables whose own rules act on each row that is deleted, or refuse it, as the log does.
GUARDED = """
    SELECT quote_ident(relname) FROM pg_class JOIN pg_trigger ON tgrelid = pg_class.oid
    WHERE relnamespace = 'public'::regnamespace AND NOT tgisinternal AND tgtype & 8 > 0 AND tgtype & 1 > 0
"""


def migrated() -> str:
    """Return the name of a database to which every migration was applied; make it unless there is one."""
    with _server() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])  # until this connection ends
        name = _name()
        if name not in _there(server):
            _make(server, name)
        return name


def remember() -> None:
    """Keep a copy of each table that has rows now; the log's rule against being emptied goes."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER IF EXISTS timeline_event_no_truncate ON timeline_event")
        cursor.execute("DROP TRIGGER IF EXISTS timeline_seal_no_truncate ON timeline_seal")
        cursor.execute(f"CREATE SCHEMA {KEEP}")
        for table in _with_rows(cursor):
            cursor.execute(f"CREATE TABLE {KEEP}.{table} AS TABLE public.{table}")


def put_back() -> None:
    """Take out what was written since `remember`, and bring back what was there."""
    with transaction.atomic(), connection.cursor() as cursor:
        tables = _with_rows(cursor)
        cursor.execute(GUARDED)
        guarded = {table for (table,) in cursor.fetchall()}
        whole = [table for table in tables if table in guarded]
        if whole:
            cursor.execute(f"TRUNCATE {', '.join(whole)} CASCADE")
        for table in tables:
            if table not in whole:
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - keys are checked when the transaction ends
        for table in _tables(cursor, KEEP):
            cursor.execute(f"INSERT INTO public.{table} SELECT * FROM {KEEP}.{table}")  # noqa: S608 - our own names


def _tables(cursor: CursorWrapper, schema: str) -> list[str]:
    cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
    return [table for (table,) in cursor.fetchall()]


def _with_rows(cursor: CursorWrapper) -> list[str]:
    """Return the tables that are not empty."""
    asked = [
        f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})"  # noqa: S608 - our own names
        for table in _tables(cursor, "public")
    ]
    cursor.execute(" UNION ALL ".join(asked))
    return [table for (table,) in cursor.fetchall()]


def _name() -> str:
    """Return a name that changes with the migrations, and with the packages that brought theirs along."""
    mark = hashlib.sha256()
    for one in sorted(f"{one.name} {one.version}" for one in distributions()):
        mark.update(one.encode())
    for app in sorted(apps.get_app_configs(), key=lambda one: one.label):
        for path in sorted(Path(app.path, "migrations").glob("*.py")):
            mark.update(f"{app.label}/{path.name}".encode())
            mark.update(path.read_bytes())
    return f"{PREFIX}{datetime.now(UTC):%Y%m%d}_{mark.hexdigest()[:16]}"


def _make(server: psycopg.Connection, name: str) -> None:
    """Apply the migrations to a new database, which gets its name once it is whole; those of other days go."""
    oldest = f"{PREFIX}{datetime.now(UTC) - timedelta(days=DAYS):%Y%m%d}"
    for old in _there(server):
        if old < oldest:
            _do(server, "DROP DATABASE IF EXISTS {}", old)
    unfinished = f"unfinished_{PREFIX}"
    here = settings.DATABASES["default"]["NAME"]
    chosen = connection.settings_dict["TEST"]["NAME"]
    connection.settings_dict["TEST"]["NAME"] = unfinished
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = here
    connection.settings_dict["TEST"]["NAME"] = chosen
    _do(server, "ALTER DATABASE {} RENAME TO {}", unfinished, name)


def _there(server: psycopg.Connection) -> list[str]:
    rows = server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY datname", [PREFIX])
    return [name for (name,) in rows]


def _do(server: psycopg.Connection, statement: str, *names: str) -> None:
    server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def _server() -> Iterator[psycopg.Connection]:
    """Return a connection to the server's own database, apart from Django's."""
    params = connection.get_connection_params()
    with psycopg.connect(
        host=params["host"], port=params["port"], user=params["user"], dbname="postgres", autocommit=True
    ) as server:
        yield server
