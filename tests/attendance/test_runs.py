"""A month of everybody, part by part: where it stops it goes on, and punches that come meanwhile are not lost."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection

from tests.attendance.test_months import LATER, OCTOBER, stored
from tests.factories.attendance import incoming, make_worker
from zhiren.attendance import computing, months, runs, services
from zhiren.attendance.errors import AlreadyComputing
from zhiren.attendance.models import ComputeRun, DayRecord, Dirty

pytestmark = pytest.mark.django_db


def now() -> datetime:
    return LATER


def compute(**given: Any) -> list[tuple[int, int, int]]:
    found = runs.compute(**{"now": now, "month": OCTOBER, "people_at_once": 2, **given})
    return [(run.done, run.people, run.written) for run in found]


class TestCompute:
    def test_tells_how_far_it_is(self) -> None:
        for _number in range(5):
            make_worker()

        assert compute() == [(0, 5, 0), (2, 5, 62), (4, 5, 124), (5, 5, 155)]
        assert compute() == [(0, 5, 0), (2, 5, 0), (4, 5, 0), (5, 5, 0)]

    def test_goes_on_where_it_was_stopped(self) -> None:
        for _number in range(5):
            make_worker()
        steps = runs.compute(now=now, month=OCTOBER, people_at_once=2)
        assert [next(steps).done for _step in range(2)] == [0, 2]
        steps.close()

        assert compute() == [(2, 5, 62), (4, 5, 124), (5, 5, 155)]
        assert ComputeRun.objects.get().finished_at == LATER

    def test_begins_anew_when_told_to_or_when_the_rules_are_others(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for _number in range(3):
            make_worker()
        for given, version in (({"again": True}, 1), ({}, 2)):
            steps = runs.compute(now=now, month=OCTOBER, people_at_once=2)
            next(steps), next(steps)
            steps.close()
            monkeypatch.setattr("zhiren.attendance.rules.RULES_VERSION", version)

            assert [done for done, _people, _written in compute(**given)] == [0, 2, 3]

    def test_of_what_waits_for_the_worker_computes_those_days_alone_and_leaves_what_was_not_finished(self) -> None:
        workers = sorted((make_worker() for _number in range(5)), key=lambda one: one.pk)
        steps = runs.compute(now=now, month=OCTOBER, people_at_once=2)
        next(steps), next(steps)
        steps.close()
        computing.mark([(workers[place].pk, date(2026, 10, 14)) for place in (0, 3, 4)], at=LATER)

        assert compute(marked=True) == [(0, 3, 0), (2, 3, 1), (3, 3, 2)]
        assert compute() == [(2, 5, 62), (4, 5, 123), (5, 5, 153)]

    def test_of_one_legal_entity_leaves_the_others_alone(self) -> None:
        one, _other = make_worker(), make_worker()

        compute(entity_id=one.entity_id)

        assert set(DayRecord.objects.values_list("employment", flat=True)) == {one.pk}

    def test_computes_everybody_employed_in_the_month_and_whose_days_are_none_any_more(self) -> None:
        gone, left = make_worker(), make_worker(from_on=date(2026, 11, 2))
        compute()
        assert DayRecord.objects.filter(employment=gone).count() == 31
        assert not DayRecord.objects.filter(employment=left).exists()
        type(gone).objects.filter(pk=gone.pk).update(to_on=date(2026, 9, 15))

        assert compute() == [(0, 1, 0), (1, 1, 31)]
        assert not DayRecord.objects.exists()

    def test_of_nobody_is_done_at_once(self) -> None:
        assert compute() == [(0, 0, 0)]

    @pytest.mark.django_db(transaction=True)
    def test_is_refused_while_another_process_is_at_it(self, other_connection: Any) -> None:
        make_worker()
        with other_connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtextextended('2026-10-01 None', 7406))")

        with pytest.raises(AlreadyComputing):
            compute()

        assert not ComputeRun.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_loses_no_punch_that_comes_while_it_computes(
        self, other_connection: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        worker = make_worker()
        read = months._stored

        def read_and_be_told(people: Any) -> Any:
            # Another request has stored a punch with its mark; it waits for the person before it computes.
            with other_connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO attendance_punch "
                    "(id, key, employment_id, badge, at, zone, source, received_at, details) "
                    "VALUES (gen_random_uuid(), 'x', %s, '', '2026-10-14T00:50Z', 'UTC', 'api', now(), '{}')",
                    [worker.pk],
                )
                cursor.execute(
                    "INSERT INTO attendance_dirty (employment_id, \"on\", noted_at) VALUES (%s, '2026-10-14', now())",
                    [worker.pk],
                )
            return read(people)

        monkeypatch.setattr(months, "_stored", read_and_be_told)

        compute()

        assert DayRecord.objects.get(on=date(2026, 10, 14)).first_in is None
        assert Dirty.objects.values_list("on", flat=True).get() == date(2026, 10, 14)
        services.compute_dirty(at=LATER)
        assert DayRecord.objects.get(on=date(2026, 10, 14)).first_in == datetime(2026, 10, 14, 0, 50, tzinfo=UTC)

    @pytest.mark.django_db(transaction=True)
    def test_in_several_threads_comes_to_the_same(self) -> None:
        rows = [make_worker() for _number in range(5)]
        for row in rows:
            services.take_punches(at=LATER, punches=list(incoming(row, ["2026-10-14 08:50", "2026-10-14 18:20"])))
        computing.compute(at=LATER, keys=[(row.pk, date(2026, 10, 1 + number)) for row in rows for number in range(31)])
        expected = stored(DayRecord)
        DayRecord.objects.all().delete()

        assert compute(workers=2)[-1] == (5, 5, 155)

        assert stored(DayRecord) == expected


@pytest.fixture
def other_connection(transactional_db: None) -> Any:
    """Give a second connection, as another process has one, that commits each statement."""
    other = connection.copy()
    yield other
    other.close()
