"""Background work, with a real worker."""

import contextlib
import time

import pytest
from django.db import connection, transaction

from zhiren.plumbing import jobs
from zhiren.plumbing.jobs import job

seen: list[str] = []


@job(name="test.tell")
def tell(key: str) -> None:
    """Note whether the fact that deferred this job can be seen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM plumbing_cache WHERE cache_key = %s", [key])
        seen.append(f"{key}:{cursor.fetchone()[0]}")


@job(name="test.record")
def record(key: str, keep: bool) -> None:
    """Write a fact and defer a job about it, in one transaction that takes its time and may come to nothing."""
    with contextlib.suppress(RuntimeError), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO plumbing_cache VALUES (%s, '', now())", [key])
        tell.defer(key=key)
        time.sleep(0.3)
        if not keep:
            raise RuntimeError


@pytest.mark.django_db(transaction=True)
class TestRunWorker:
    def test_defers_within_the_transaction_of_the_fact(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)  # the worker's threads keep none open
        seen.clear()
        record.defer(key="kept", keep=True)
        record.defer(key="undone", keep=False)

        jobs.run_worker(concurrency=2, until_empty=True)

        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM plumbing_cache WHERE cache_key = 'kept'")
        assert seen == ["kept:1"]
