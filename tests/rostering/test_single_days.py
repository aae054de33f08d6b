"""Single days that differ from what the group says: by whom, why, and what holds once they are taken back."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from tests.factories import MONDAY, SYSTEM
from tests.factories.attendance import make_shift, make_worker
from zhiren.kernel.ids import new_id
from zhiren.people.models import Employment
from zhiren.rostering import queries, services
from zhiren.rostering.models import Assignment
from zhiren.rostering.services import AssignedDay

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 11, 17)


def shift_on(worker: Employment, on: date = TUESDAY) -> UUID | None:
    return queries.roster([worker.pk], on, on)[worker.pk][on].shift_id


def approve(worker: Employment, shift_id: UUID | None, request_id: UUID) -> None:
    services.assign_days(
        at=MONDAY, by=None, days=[AssignedDay(worker.pk, TUESDAY, shift_id)], source="swap", request_id=request_id
    )


class TestAssignDays:
    def test_has_somebody_work_what_was_approved_and_says_why(self) -> None:
        worker, late, request = make_worker(), make_shift(), new_id()

        approve(worker, late.pk, request)

        row = queries.assignment_on(worker.pk, TUESDAY)
        assert shift_on(worker) == late.pk
        assert row
        assert (row.source, row.request_id) == ("swap", request)

    def test_is_as_good_twice_as_once(self) -> None:
        worker, late, request = make_worker(), make_shift(), new_id()
        approve(worker, late.pk, request)

        approve(worker, late.pk, request)

        assert Assignment.objects.count() == 1

    def test_does_not_come_back_after_somebody_changed_the_day_by_hand(self) -> None:
        worker, late, request = make_worker(), make_shift(), new_id()
        approve(worker, late.pk, request)
        services.assign(actor=SYSTEM, at=MONDAY, employment_id=worker.pk, on=TUESDAY, shift_id=None)

        approve(worker, late.pk, request)

        assert shift_on(worker) is None


class TestTakeDaysBack:
    def test_lets_the_group_plan_again(self) -> None:
        worker, request = make_worker(), new_id()
        usual = shift_on(worker)
        approve(worker, make_shift().pk, request)

        services.take_days_back(at=MONDAY, by=None, request_id=request)

        assert shift_on(worker) == usual

    def test_lets_what_was_assigned_before_hold_again(self) -> None:
        worker, request, early = make_worker(), new_id(), make_shift()
        services.assign(actor=SYSTEM, at=MONDAY, employment_id=worker.pk, on=TUESDAY, shift_id=early.pk, note="忙")
        approve(worker, make_shift().pk, request)

        services.take_days_back(at=MONDAY, by=None, request_id=request)

        assert shift_on(worker) == early.pk

    def test_leaves_what_took_its_place(self) -> None:
        worker, first, second, late = make_worker(), new_id(), new_id(), make_shift()
        approve(worker, make_shift().pk, first)
        approve(worker, late.pk, second)

        services.take_days_back(at=MONDAY, by=None, request_id=first)

        assert shift_on(worker) == late.pk

    def test_brings_back_nothing_that_was_itself_taken_back(self) -> None:
        worker, first, second = make_worker(), new_id(), new_id()
        usual = shift_on(worker)
        approve(worker, make_shift().pk, first)
        approve(worker, make_shift().pk, second)
        services.take_days_back(at=MONDAY, by=None, request_id=first)

        services.take_days_back(at=MONDAY, by=None, request_id=second)

        assert shift_on(worker) == usual


class TestLetGroupPlan:
    def test_takes_away_what_was_assigned(self) -> None:
        worker = make_worker()
        usual = shift_on(worker)
        services.assign(actor=SYSTEM, at=MONDAY, employment_id=worker.pk, on=TUESDAY, shift_id=None)

        services.let_group_plan(actor=SYSTEM, at=MONDAY, employment_id=worker.pk, on=TUESDAY)

        assert shift_on(worker) == usual
        assert queries.assignment_on(worker.pk, TUESDAY) is None
