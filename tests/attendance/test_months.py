"""A month of many people at once comes to what its days come to one by one."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from tests.attendance.stored import make_crowd
from tests.factories import make_department
from tests.factories.attendance import incoming, make_worker
from zhiren.attendance import bulk, computing, months, services
from zhiren.attendance.models import Adjustment, DayRecord, Dirty, MonthRecord, Period
from zhiren.kernel.ids import new_id
from zhiren.rostering.models import Membership
from zhiren.timeline.models import EventRow

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OCTOBER = date(2026, 10, 1)
LATER = datetime(2026, 11, 20, 9, tzinfo=UTC)


def stored(model: type[Any], *left_out: str) -> list[dict[str, Any]]:
    counted = ("changes", "judged", "digested")
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in (*left_out, *counted)]
    return sorted(
        model.objects.values(*names),
        key=lambda row: (row["employment_id"], row.get("on") or row["month"], row.get("digest")),
    )


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

    def test_reads_days_of_whoever_the_month_does_not_know_them(self) -> None:
        rows = make_crowd(5, 6, OCTOBER)
        at_once(LATER)
        days = stored(DayRecord, "computed_at")
        first, second, third = sorted(row.pk for row in rows)[:3]
        MonthRecord.objects.filter(employment_id=first).update(changes=F("changes") + 1)  # as an older release does
        MonthRecord.objects.filter(employment_id=second).update(digests=None, digested=None)
        removed = DayRecord.objects.filter(employment_id=third, on__lt=OCTOBER + 9 * DAY).delete()[0]

        assert at_once(LATER).written == removed
        assert at_once(LATER).written == 0
        assert stored(DayRecord, "computed_at") == days

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

    def test_of_a_closed_month_notes_what_would_differ_and_changes_nothing(self) -> None:
        homes = [make_department(), make_department()]
        rows = make_crowd(4, 16, OCTOBER, departments=homes)
        one_by_one(rows, LATER)
        Period.objects.create(entity=homes[0].entity, month=OCTOBER, closed_at=LATER, days=1, checksum="x")
        days = stored(DayRecord)
        for row in rows:
            services.take_punches(at=LATER, punches=list(incoming(row, ["2026-10-14 08:11", "2026-10-22 11:12"])))
        services.find_owners(at=LATER)
        with transaction.atomic():
            one_by_one(rows, LATER)
            expected = stored(DayRecord), stored(MonthRecord), stored(Adjustment, "id")
            transaction.set_rollback(True)

        done = at_once(LATER)

        assert (stored(DayRecord), stored(MonthRecord), stored(Adjustment, "id")) == expected
        assert 0 < done.adjusted == len(expected[2])
        closed = {row.pk for row in rows if row.entity_id == homes[0].entity_id}
        assert [row for row in stored(DayRecord) if row["employment_id"] in closed] == [
            row for row in days if row["employment_id"] in closed
        ]
        assert at_once(LATER).adjusted == 0

    def test_takes_the_marks_away_and_days_that_nobody_plans_any_more(self) -> None:
        row = make_worker()
        keys = [(row.pk, OCTOBER + DAY * number) for number in range(-1, 31)]
        computing.compute(at=LATER, keys=keys)
        computing.mark(keys, at=LATER)
        Membership.objects.filter(employment=row).update(until_on=date(2026, 10, 20))

        done = at_once(LATER)

        assert Dirty.objects.values_list("on", flat=True).get() == date(2026, 9, 30)
        assert DayRecord.objects.filter(on__month=10).count() == 20
        assert (done.days, done.written) == (31, 11)

    @pytest.mark.parametrize("seed", [6, 7])
    def test_of_marked_days_comes_to_what_they_come_to_one_by_one_and_leaves_the_others(self, seed: int) -> None:
        rows = make_crowd(seed, 24, OCTOBER)
        at_once(LATER)
        days, sums = stored(DayRecord), stored(MonthRecord)
        wanted = random.Random(seed).sample([(row.pk, OCTOBER + DAY * n) for row in rows[2:] for n in range(31)], 60)
        with connection.cursor() as cursor:  # punches that came by a way that marks nothing
            cursor.execute(
                "INSERT INTO attendance_punch (id, key, employment_id, badge, at, zone, source, received_at, details) "
                "SELECT gen_random_uuid(), row_number() OVER () || '', employment_id, '', first_in - interval '9 min', "
                "'UTC', 'api', first_in, '{}' FROM attendance_dayrecord WHERE first_in IS NOT NULL"
            )
        with transaction.atomic():
            one = computing.compute(at=LATER, keys=wanted)
            expected = stored(DayRecord), stored(MonthRecord)
            transaction.set_rollback(True)
        computing.mark(wanted, at=LATER)

        done = months.compute_month(at=LATER, month=OCTOBER, marked=True)

        assert (stored(DayRecord), stored(MonthRecord)) == expected != (days, sums)
        assert (done.people, done.written) == (len({who for who, _on in wanted}), one.written)
        assert not Dirty.objects.exists()
        assert months.compute_month(at=LATER, month=OCTOBER, marked=True) == months.Done()

    def test_of_marked_days_takes_away_those_that_nobody_plans_any_more(self) -> None:
        row = make_worker()
        at_once(LATER)
        Membership.objects.filter(employment=row).update(until_on=date(2026, 10, 20))
        computing.mark([(row.pk, date(2026, 10, 27)), (row.pk, date(2026, 11, 2))], at=LATER)

        months.compute_month(at=LATER, month=OCTOBER, marked=True)

        assert DayRecord.objects.count() == 30
        assert not DayRecord.objects.filter(on=date(2026, 10, 27)).exists()
        assert Dirty.objects.values_list("on", flat=True).get() == date(2026, 11, 2)

    def test_of_marked_days_sums_up_a_month_of_which_one_changes_and_another_is_gone(self) -> None:
        row = make_worker()
        at_once(LATER)
        services.take_punches(at=LATER, punches=list(incoming(row, ["2026-10-09 08:50", "2026-10-09 18:10"])))
        Membership.objects.filter(employment=row).update(until_on=date(2026, 10, 20))
        keys = [(row.pk, date(2026, 10, 9)), (row.pk, date(2026, 10, 27))]
        with transaction.atomic():
            computing.compute(at=LATER, keys=keys)
            expected = stored(DayRecord), stored(MonthRecord)
            transaction.set_rollback(True)
        computing.mark(keys, at=LATER)

        months.compute_month(at=LATER, month=OCTOBER, marked=True)

        assert (stored(DayRecord), stored(MonthRecord)) == expected

    def test_tells_of_what_it_tells_otherwise_and_of_the_last_days_but_not_of_history(self) -> None:
        row = make_worker()
        at = datetime(2026, 10, 15, 9, tzinfo=UTC)
        at_once(at)  # absent on every workday: a history of them
        told = EventRow.objects.filter(name="attendance.day.flagged")
        assert set(told.values_list("payload__on", flat=True)) == {"2026-10-12", "2026-10-13", "2026-10-14"}

        services.take_punches(at=at, punches=list(incoming(row, ["2026-10-09 08:50", "2026-10-09 18:10"])))
        at_once(at)

        assert told.order_by("number").last().payload["flags"] == 0
        assert told.count() == 4


class TestWhoseDaysTheseAre:
    def test_the_database_takes_no_day_of_nobody(self) -> None:
        row = make_worker()
        at_once(LATER)
        values = {**stored(DayRecord)[0], "employment_id": new_id()}

        with pytest.raises(IntegrityError, match="a day of no employment"), transaction.atomic():
            DayRecord.objects.create(**values)

        assert set(DayRecord.objects.values_list("employment", flat=True)) == {row.pk}

    def test_the_database_lets_nobody_go_who_has_days(self) -> None:
        row = make_worker()
        at_once(LATER)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM rostering_membership")
            cursor.execute("DELETE FROM attendance_monthrecord")

        with pytest.raises(IntegrityError, match="it has days of attendance"), connection.cursor() as cursor:
            cursor.execute("DELETE FROM people_employment WHERE id = %s", [row.pk])
