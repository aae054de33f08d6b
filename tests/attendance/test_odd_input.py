"""What nobody means, such as a day in the year one, is refused or passed over, and never breaks a page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import actor_of, make_company, make_department, make_user
from tests.factories.attendance import make_worker, punch, wall
from zhiren.access.models import RoleGrant
from zhiren.attendance import requests
from zhiren.attendance.models import Punch, Request
from zhiren.kernel.refusals import NotFound
from zhiren.plumbing import clock

pytestmark = pytest.mark.django_db
NOON = wall("2026-11-18 12:00")
FAR = ["0001-01-01", "9999-12-31", "2026-02-30", "-", "²", "x" * 200]


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with clock.travel(NOON):
        yield


def client_of(user: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


class TestDaysAndMonths:
    @pytest.mark.parametrize("on", FAR)
    def test_that_cannot_be_meant_are_not_found(self, on: str) -> None:
        user = make_user("employee")
        worker = make_worker(user=user)
        client = client_of(user)

        assert client.get(reverse("attendance:day", args=[worker.pk, on])).status_code == 404
        assert client.get(f"/api/v1/attendance/people/{worker.pk}/days/{on}").status_code in {404, 422}
        listed = client.get(f"/api/v1/attendance/people/{worker.pk}/days", {"since": on, "until": on})
        assert listed.status_code in {200, 422}

    @pytest.mark.parametrize("month", ["0001-01", "9999-12", "2026-13", "-", "²", "x" * 200])
    def test_of_which_there_is_no_month_show_this_one(self, month: str) -> None:
        user, hr = make_user("employee"), make_user("hr_manager", scope="all", language="en")
        make_worker(user=user)

        assert client_of(user).get(reverse("attendance:home"), {"month": month}).status_code == 200
        shown = client_of(hr).get(reverse("attendance:month"), {"month": month})
        assert shown.status_code == 200
        assert "November 2026" in shown.content.decode()

    @pytest.mark.parametrize("named", ["-" * 36, "0" * 36, "x"])
    def test_are_of_everybody_where_a_department_is_none(self, named: str) -> None:
        worker = make_worker()
        punch(worker, "2026-11-17 09:00", at=NOON)
        hr = make_user("hr_manager", scope="all")

        shown = client_of(hr).get(reverse("attendance:month"), {"department": named, "branch": named, "after": named})

        assert shown.status_code == 200


class TestAnyPage:
    @pytest.mark.parametrize(
        "address",
        [
            "/attendance/month?q=%00", "/attendance/month?only=%00&after=%00&month=%00",
            "/attendance/exceptions?after=%00", "/leave/team?q=%00&after=%00",
            "/leave/new?type=%00&from_on=%00", "/leave/new?employment=%00",
            "/leave/preview?type=%00&from_on=%00&to_on=%00", "/approvals/all?state=%00&after=%00",
            "/approvals/policies/leave?entity=%00", "/approvals/policies/%00", "/approvals/answer/%00",
            "/people/employees?q=%00", "/rostering/law?country=%00", "/rostering/groups/new?length=%C2%B2",
            "/api/v1/requests?after=%00&size=99999999999999999999",
        ],
    )  # fmt: skip
    def test_answers_what_nobody_types(self, address: str) -> None:
        make_company()
        hr = make_user("hr_manager", scope="all")
        make_worker(user=hr)

        assert client_of(hr).get(address).status_code < 500


class TestRequests:
    @pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59", "yesterday", ""])
    def test_for_a_moment_that_cannot_be_meant_are_refused_at_the_form(self, moment: str) -> None:
        user = make_user("employee")
        worker = make_worker(user=user)

        answer = client_of(user).post(
            reverse("attendance:ask", args=[worker.pk]),
            {"kind": "trip", "starts_at": moment, "ends_at": moment, "reason": "x"},
        )

        assert answer.status_code == 422
        assert not Request.objects.exists()

    def test_for_others_are_of_those_who_manage_them_and_not_of_those_who_see_them(self) -> None:
        department = make_department()
        worker, other = make_worker(department=department), make_worker()
        hr = make_user("hr_manager", scope="entity", entity=department.entity)
        make_user("hr_manager", scope="all")  # who decides it
        RoleGrant.objects.create(user=hr, role="hiring_manager", scope="all")
        given: dict[str, Any] = {"kind": "correction", "starts_at": wall("2026-11-17 09:00"), "at": NOON}

        with pytest.raises(NotFound):
            requests.ask(actor=actor_of(hr), employment_id=other.pk, **given)
        assert requests.ask(actor=actor_of(hr), employment_id=worker.pk, **given).on == date(2026, 11, 17)


class TestPunchesOfOtherPrograms:
    @pytest.mark.parametrize(
        "odd",
        [
            {"at": "0001-01-01T00:00:00+08:00"},
            {"at": "9999-12-31T23:59:59-08:00"},
            {"key": "k" * 76},
            {"badge": "b" * 65},
            {"zone": "Mars/Olympus"},
        ],
    )
    def test_are_refused_with_their_reason(self, odd: dict[str, str]) -> None:
        worker = make_worker(badge="1001")
        hr = make_user("hr_manager", scope="entity", entity=worker.entity)
        told = {"key": "a", "badge": "1001", "at": "2026-11-17T09:20:00+08:00", **odd}

        answer = client_of(hr).post(
            "/api/v1/attendance/punches",
            {"entity_id": str(worker.entity_id), "punches": [told]},
            content_type="application/json",
        )

        assert answer.status_code == 422
        assert not Punch.objects.exists()

    def test_may_have_the_longest_key(self) -> None:
        worker = make_worker(badge="1001")
        hr = make_user("hr_manager", scope="entity", entity=worker.entity)
        told = {"key": "k" * 75, "badge": "1001", "at": "2026-11-17T09:20:00+08:00"}

        answer = client_of(hr).post(
            "/api/v1/attendance/punches",
            {"entity_id": str(worker.entity_id), "punches": [told]},
            content_type="application/json",
        )

        assert answer.json()["new"] == 1
