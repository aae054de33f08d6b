"""A real PostgreSQL for the tests, a clock they may turn, and jobs they run by hand."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

# Before any setting is read: a data folder, a master key and a database of the tests' own.
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
_DATA = Path(tempfile.mkdtemp(prefix=f"zhiren-test-{_WORKER}-"))
os.environ["ZHIREN_DATA"] = str(_DATA)
os.environ.setdefault("ZHIREN_MASTER_KEY", "dGhlIHRlc3RzJyBvd24ga2V5OiBwcm90ZWN0cyBub24=")
os.environ.pop("ZHIREN_SMTP_HOST", None)

from zhiren.plumbing import postgres  # noqa: E402 - the environment above must come first

_server = None
if not os.environ.get("DATABASE_URL"):
    _server = postgres.test_cluster()

import pytest  # noqa: E402


def pytest_configure() -> None:
    """Point Django at the test cluster."""
    from django.conf import settings

    if _server is not None:
        where = postgres.connection_settings(_server.folder)
        settings.DATABASES["default"].update({key: value for key, value in where.items() if key != "OPTIONS"})


def pytest_unconfigure() -> None:
    """Let go of the cluster; the last process stops it."""
    if _server is not None:
        _server.release()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """Allow the emptying of tables between tests that commit; everywhere else the log refuses it."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("DROP TRIGGER IF EXISTS timeline_event_no_truncate ON timeline_event")
        cursor.execute("DROP TRIGGER IF EXISTS timeline_seal_no_truncate ON timeline_seal")


@pytest.fixture
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A fresh data folder for one test."""
    monkeypatch.setenv("ZHIREN_DATA", str(tmp_path))
    yield tmp_path
