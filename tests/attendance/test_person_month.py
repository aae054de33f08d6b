"""The month of one person, as HR and their manager open it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.attendance.test_pages import NOON, client_of
from tests.factories import make_department, make_user
from tests.factories.attendance import make_worker, punch
from tests.factories.leave import make_type
from zhiren.attendance.models import Request
from zhiren.leave.models import Leave
from zhiren.people.models import Employment
from zhiren.plumbing import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_noon() -> Any:
    with clock.travel(NOON):
        yield


def month_of(client: Client, row: Employment, month: str = "2026-11") -> Any:
    return client.get(reverse("attendance:person_month", args=[row.pk]), {"month": month})


class TestPersonMonth:
    def test_shows_days_sums_leave_and_what_was_asked_for(self) -> None:
        worker = make_worker()
        punch(worker, "2026-11-17 09:20", "2026-11-17 18:01", at=NOON)
        Request.objects.create(
            employment=worker, kind="correction", on=date(2026, 11, 18), starts_at=NOON, ends_at=NOON,
            zone="Asia/Shanghai", asked_at=NOON,
        )  # fmt: skip
        Leave.objects.create(
            employment=worker, type=make_type(name_en="Home leave"), state="approved", from_on=date(2026, 11, 30),
            to_on=date(2026, 12, 1), minutes=960, requested_at=NOON,
        )  # fmt: skip
        hr = client_of(make_user("hr_manager", entity=worker.entity, language="en"))

        page = month_of(hr, worker).content.decode()

        assert worker.person.name in page
        assert reverse("attendance:day", args=[worker.pk, "2026-11-17"]) in page
        assert "7 h 40" in page
        assert "Missing punch" in page
        assert "Home leave" in page
        assert "Home leave" not in month_of(hr, worker, "2026-10").content.decode()
        assert month_of(hr, worker, "nonsense").status_code == 200

    def test_is_reached_from_the_month_of_the_team_and_from_a_day(self) -> None:
        worker = make_worker()
        punch(worker, "2026-11-17 09:00", at=NOON)
        hr = client_of(make_user("hr_manager", entity=worker.entity))
        address = reverse("attendance:person_month", args=[worker.pk]) + "?month=2026-11"

        assert address in hr.get(reverse("attendance:month")).content.decode()
        assert address in hr.get(reverse("attendance:day", args=[worker.pk, "2026-11-17"])).content.decode()

    def test_is_for_the_manager_of_reports_and_oneself_and_for_nobody_else(self) -> None:
        department = make_department()
        boss = make_worker(user=(manager := make_user("hiring_manager", scope="own")), department=department)
        worker = make_worker(user=(user := make_user("employee")), department=department, manager=boss)
        beside = make_worker(user=(other := make_user("employee")), department=department)

        assert month_of(client_of(manager), worker).status_code == 200
        assert month_of(client_of(manager), beside).status_code == 404
        assert month_of(client_of(user), worker).status_code == 200
        assert month_of(client_of(other), worker).status_code == 404
        assert month_of(client_of(make_user("hr_manager")), worker).status_code == 404

    def test_asks_as_much_however_long_the_month(self, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
        worker = make_worker()
        punch(worker, *(f"2026-11-{day:02} 09:00" for day in range(2, 18)), at=NOON)
        hr = client_of(make_user("hr_manager", entity=worker.entity))

        with django_assert_max_num_queries(24):
            month_of(hr, worker)
