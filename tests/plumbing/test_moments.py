"""Moments come out of the database as they went in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import DataError, connection

from zhiren.plumbing import statements
from zhiren.plumbing.moments import MomentLoader


def read(text: str) -> datetime:
    """Return what a cursor of Django and a prepared statement both read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [text])
        (found,) = cursor.fetchone()
    assert statements.rows("SELECT %s::timestamptz", [text]) == [(found,)]
    return found  # type: ignore[no-any-return]  # a cursor has no types


@pytest.mark.django_db
class TestMomentLoader:
    @pytest.mark.parametrize(
        "moment",
        [
            datetime(2026, 11, 30, 8, 55, 1, 250_000, tzinfo=UTC),
            datetime(2026, 11, 30, 8, 55, 1, 3, tzinfo=UTC),
            datetime(2026, 11, 30, tzinfo=UTC),
            datetime(1, 1, 1, tzinfo=UTC),
            datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        ],
    )
    def test_reads_what_was_written(self, moment: datetime) -> None:
        found = read(moment.isoformat())

        assert found == moment
        assert found.tzinfo is UTC

    @pytest.mark.parametrize("zone", ["Asia/Shanghai", "Asia/Kolkata", "America/St_Johns"])
    def test_reads_it_in_utc_whatever_the_zone_of_the_connection(self, zone: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL TimeZone = '{zone}'")
        there = datetime(2026, 11, 30, 8, 55, 1, tzinfo=timezone(timedelta(hours=8)))

        assert (found := read(there.isoformat())) == there
        assert found.tzinfo is UTC

    @pytest.mark.parametrize("text", ["infinity", "0044-03-15 12:00:00+00 BC", "10000-01-01 00:00:00+00"])
    def test_says_of_what_python_does_not_know_what_the_driver_says(self, text: str) -> None:
        with pytest.raises(DataError):
            read(text)

    def test_is_what_connections_of_django_use(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT now()")

            assert cursor.cursor.adapters.get_loader(cursor.description[0].type_code, 0) is MomentLoader
