"""A real PostgreSQL for the tests. What must be set before Django starts is in `environment.py`."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import databases
from zhiren.plumbing import postgres


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what was loaded by now, which stays, and come less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


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
def _migrated(
    django_db_modify_db_settings: None, django_db_blocker: Any, database_server: postgres.Server | None
) -> None:
    """Have Django begin with a database that has its tables, where the cluster is ours to keep one in."""
    if database_server is None:
        return
    from django.db import connection

    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = databases.migrated()


@pytest.fixture(scope="session")
def django_db_setup(_migrated: None, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Have the database be after a test that commits what it was before the first test."""
    from django.test import TransactionTestCase

    with django_db_blocker.unblock():
        databases.remember()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _test: databases.put_back())
        yield


@pytest.fixture(scope="session", autouse=True)
def _static_files() -> Iterator[None]:
    """Look once which static files there are: every client of a test would look through all of them anew."""
    from whitenoise import WhiteNoise

    look, found = WhiteNoise.update_files_dictionary, dict[tuple[str, str], dict[str, Any]]()

    def remembered(noise: WhiteNoise, root: str, prefix: str) -> None:
        if (root, prefix) not in found:
            look(noise, root, prefix)
            found[root, prefix] = dict(noise.files)
        noise.files.update(found[root, prefix])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoise, "update_files_dictionary", remembered)
        yield


@pytest.fixture
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh data folder for one test."""
    monkeypatch.setenv("ZHIREN_DATA", str(tmp_path))
    return tmp_path
