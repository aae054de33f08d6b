"""A real PostgreSQL for the tests. What must be set before Django starts is in `environment.py`."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from zhiren.plumbing import postgres


@pytest.fixture(scope="session")
def database_server() -> Iterator[postgres.Server | None]:
    """The tests' own cluster, unless DATABASE_URL names another; the last process that uses it stops it."""
    if os.environ.get("DATABASE_URL"):
        yield None
        return
    with postgres.test_cluster() as server:
        yield server


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, database_server: postgres.Server | None) -> None:
    """Point Django at the tests' cluster, one database per process, so that several runs do not meet."""
    if database_server is None:
        return
    from django.conf import settings
    from django.db import connections

    where = postgres.connection_settings(database_server.folder)
    where.pop("OPTIONS", None)
    where["NAME"] = "postgres"
    where["TEST"] = {**connections["default"].settings_dict["TEST"], "NAME": f"test_{os.getpid()}"}
    settings.DATABASES["default"].update(where)
    connections["default"].settings_dict.update(where)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """Allow the emptying of tables between tests that commit; everywhere else the log refuses it."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]  # a fixture
        cursor.execute("DROP TRIGGER IF EXISTS timeline_event_no_truncate ON timeline_event")
        cursor.execute("DROP TRIGGER IF EXISTS timeline_seal_no_truncate ON timeline_seal")


@pytest.fixture
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh data folder for one test."""
    monkeypatch.setenv("ZHIREN_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture(autouse=True)
def _jobs_go_with_their_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """Take away the jobs that a test committed: the emptying of tables after it knows only Django's own."""
    yield
    marker = request.node.get_closest_marker("django_db")
    commits = "transactional_db" in request.fixturenames or bool(marker and marker.kwargs.get("transaction"))
    if commits:
        from django.db import connection

        blocker = request.getfixturevalue("django_db_blocker")
        with blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
