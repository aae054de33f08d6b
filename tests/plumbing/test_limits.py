"""How often something may be tried, also by many at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from zhiren.kernel.refusals import TooMany
from zhiren.plumbing import limits

AT = datetime(2026, 11, 16, 9, tzinfo=UTC)
QUARTER = 900


def tries(count: int, at: datetime = AT, *, who: str = "1003", limit: int = 5) -> list[bool]:
    """Try so often; return which tries were let."""
    found = []
    for _number in range(count):
        try:
            limits.check("pin", who, limit=limit, seconds=QUARTER, at=at)
            found.append(True)
        except TooMany:
            found.append(False)
    return found


def rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM plumbing_tries")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
class TestCheck:
    def test_lets_so_many_within_a_window_and_says_when_it_ends(self) -> None:
        assert tries(7, AT + timedelta(minutes=1)) == [True] * 5 + [False] * 2

        with pytest.raises(TooMany) as told:
            limits.check("pin", "1003", limit=5, seconds=QUARTER, at=AT + timedelta(minutes=14))
        assert told.value.retry_after == 60

    def test_counts_all_tries_of_a_window_however_far_apart(self) -> None:
        for minute in (0, 7, 14):
            tries(2, AT + timedelta(minutes=minute))

        assert tries(1, AT + timedelta(minutes=14)) == [False]
        assert tries(1, AT + timedelta(minutes=15)) == [True]

    def test_counts_for_each_by_themselves(self) -> None:
        tries(5)

        assert tries(1, who="1004") == [True]

    def test_forgets_windows_that_are_over(self) -> None:
        for who in range(20):
            tries(1, who=str(who))

        tries(1, AT + timedelta(hours=1))

        assert rows() == 1

    def test_lets_none_where_none_may_be(self) -> None:
        assert tries(2, limit=0) == [False, False]


@pytest.mark.django_db
class TestForgive:
    def test_takes_one_try_back_and_never_more_than_there_were(self) -> None:
        tries(5)
        limits.forgive("pin", "1003", seconds=QUARTER, at=AT)
        for _number in range(3):
            limits.forgive("pin", "1005", seconds=QUARTER, at=AT)

        assert tries(2) == [True, False]
        assert tries(6, who="1005") == [True] * 5 + [False]


@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    def test_are_counted_exactly(self) -> None:
        def some(_number: int) -> list[bool]:
            try:
                return tries(10, limit=23)
            finally:
                connection.close()

        with ThreadPoolExecutor(6) as pool:
            let = [one for found in pool.map(some, range(6)) for one in found]
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM plumbing_tries")

        assert let.count(True) == 23
