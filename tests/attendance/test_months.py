"""A month of many people at once comes to what its days come to one by one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.attendance.stored import make_crowd
from zhiren.attendance import bulk, computing, months
from zhiren.attendance.models import DayRecord, MonthRecord

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OCTOBER = date(2026, 10, 1)
LATER = datetime(2026, 11, 20, 9, tzinfo=UTC)


def stored(model: type[Any], *left_out: str) -> list[dict[str, Any]]:
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in left_out]
    return sorted(model.objects.values(*names), key=lambda row: (row["employment_id"], row.get("on") or row["month"]))


def one_by_one(rows: list[Any], at: datetime) -> computing.Computed:
    return computing.compute(at=at, keys=[(row.pk, OCTOBER + DAY * number) for row in rows for number in range(31)])


def at_once(at: datetime) -> months.Done:
    return months.compute_month(at=at, month=OCTOBER)


class TestComputeMonth:
    @pytest.mark.parametrize("compiled", [True, False])
    @pytest.mark.parametrize("seed", [1, 2])
    def test_comes_to_what_the_days_come_to_one_by_one(
        self, seed: int, compiled: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if not compiled:
            monkeypatch.setattr(bulk, "kernel", lambda: None)
            monkeypatch.setattr("zhiren.attendance.digests._compiled", lambda: None)
        rows = make_crowd(seed, 24, OCTOBER)
        one_by_one(rows, LATER)
        days, sums = stored(DayRecord), stored(MonthRecord)
        assert len(days) > 300
        DayRecord.objects.all().delete()
        MonthRecord.objects.all().delete()

        done = at_once(LATER)

        assert stored(DayRecord) == days
        assert stored(MonthRecord) == sums
        assert (done.people, done.days, done.written) == (24, len(days), len(days))

    def test_of_a_month_that_goes_on_as_well(self) -> None:
        rows = make_crowd(3, 24, OCTOBER)
        for hours in (0, 7, 13, 20):
            at = datetime(2026, 10, 14, hours, 30, tzinfo=UTC)
            one_by_one(rows, at)
            days, sums = stored(DayRecord, "computed_at"), stored(MonthRecord)

            done = at_once(at)

            assert done.written == 0
            DayRecord.objects.all().delete()
            at_once(at)
            assert (stored(DayRecord, "computed_at"), stored(MonthRecord)) == (days, sums)
