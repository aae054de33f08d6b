"""The pages of who is employed, and who signs in for an employment."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import (
    MONDAY,
    SYSTEM,
    make_branch,
    make_company,
    make_department,
    make_employment,
    make_person,
    make_user,
)
from zhiren.access import services as access
from zhiren.access.handlers import link_the_employed
from zhiren.access.models import User
from zhiren.attendance import services
from zhiren.attendance.models import Punch
from zhiren.attendance.services import Incoming
from zhiren.people import employment_queries as queries
from zhiren.people.events import PersonEmployed
from zhiren.people.models import Employment, PersonKey
from zhiren.plumbing import clock
from zhiren.plumbing.jobs import run_due


@pytest.fixture(autouse=True)
def _monday() -> Any:
    make_company()
    with clock.travel(MONDAY):
        yield


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, where: str, *args: Any, **query: str) -> str:
    reply = client_of(user).get(reverse(f"people:{where}", args=args), query)
    assert reply.status_code == 200
    return reply.content.decode()


def send(user: User, where: str, *args: Any, **data: Any) -> Any:
    return client_of(user).post(reverse(f"people:{where}", args=args), data)


@pytest.mark.django_db
class TestEmployees:
    def test_shows_whom_the_reader_may_see_and_who_has_left(self) -> None:
        here, gone = make_employment(), make_employment(to_on=date(2026, 10, 31))
        hr = make_user("hr_manager", scope="all")

        assert here.person.name in page(hr, "employees")
        assert gone.person.name not in page(hr, "employees")
        assert gone.person.name in page(hr, "employees", gone="1")
        assert here.person.name not in page(make_user("employee"), "employees")
        assert gone.person.name in page(hr, "employees", gone="1", q=gone.number)


@pytest.mark.django_db
class TestEmploy:
    def test_employs_a_person_we_know_or_a_new_one(self) -> None:
        department, known = make_department(), make_person(mails=["lin@example.com"])
        hr = make_user("hr_manager", entity=department.entity)
        facts = {"name": "林晓", "department": str(department.pk), "from_on": "2026-12-01", "number": "A1"}

        assert send(hr, "employ", **facts).status_code == 422
        assert send(hr, "employ", **facts, mail="lin@example.com").status_code == 302
        assert send(hr, "employ", **{**facts, "number": "A2"}, mail="other@example.com").status_code == 302

        rows = Employment.objects.order_by("number")
        assert [row.number for row in rows] == ["A1", "A2"]
        assert rows[0].person == known != rows[1].person

    def test_is_for_hr_of_the_entity(self) -> None:
        facts = {
            "name": "林晓",
            "mail": "lin@example.com",
            "department": str(make_department().pk),
            "from_on": "2026-12-01",
        }

        assert send(make_user("hr_manager"), "employ", **facts).status_code == 403
        assert Employment.objects.count() == 0


@pytest.mark.django_db
class TestTransferAndEnd:
    def test_are_noted_from_the_page_of_the_employment(self) -> None:
        row = make_employment()
        hr, branch = make_user("hr_manager", entity=row.entity), make_branch(entity=row.entity, name="新店")

        send(hr, "transfer", row.pk, department=str(row.department_id), branch=str(branch.pk), on="2026-11-17")
        send(hr, "end_employment", row.pk, to_on="2026-12-31", reason="resigned")

        shown = page(hr, "employee", row.pk)
        assert "新店" in shown
        assert "计划中" in shown
        assert "主动离职" in shown
        assert queries.employment_by_id(row.pk).to_on == date(2026, 12, 31)

    def test_keep_a_manager_who_leaves_or_is_of_another_entity(self) -> None:
        leaving, elsewhere = make_employment(to_on=date(2026, 12, 31)), make_employment()
        for manager in (leaving, elsewhere):
            row = make_employment(department=leaving.department, manager=manager)
            hr = make_user("hr_manager", entity=row.entity)

            shown = page(hr, "transfer", row.pk)
            send(
                hr, "transfer", row.pk, department=str(row.department_id), manager=str(manager.pk),
                branch=str(make_branch(entity=row.entity).pk), on="2026-11-18",
            )  # fmt: skip

            assert f'value="{manager.pk}" selected' in shown
            assert queries.placements_of(row.pk)[-1].manager_id == manager.pk


@pytest.mark.django_db
class TestIdentify:
    def test_corrects_number_and_badge_and_gives_punches_set_aside_their_owner(self) -> None:
        row = make_employment(number="A1", badge="17")
        services.take_punches(
            at=MONDAY, punches=[Incoming(key="x", at=MONDAY, zone="Asia/Shanghai", source="device", badge="71")]
        )
        hr = make_user("hr_manager", entity=row.entity)

        assert 'value="17"' in page(hr, "identify", row.pk)
        assert send(hr, "identify", row.pk, number="A1", badge="71").status_code == 302
        run_due(MONDAY + timedelta(hours=1))

        assert "71" in page(hr, "employee", row.pk)
        assert Punch.objects.get().employment_id == row.pk

    def test_names_whose_badge_it_is(self) -> None:
        other = make_employment(badge="17")
        row = make_employment(department=other.department)
        hr = make_user("hr_manager", entity=row.entity)

        answer = send(hr, "identify", row.pk, number="", badge="17")

        assert answer.status_code == 409
        assert f"{other.person.name}在这些日子使用考勤号 17" in answer.content.decode()

    def test_is_not_for_oneself_nor_for_hr_of_another_entity(self) -> None:
        department = make_department()
        hr = make_user("hr_manager", entity=department.entity)

        for row in (make_employment(hr, department=department), make_employment()):
            assert send(hr, "identify", row.pk, number="Z", badge="").status_code == 404


@pytest.mark.django_db
class TestSigningIn:
    def test_is_linked_by_the_mail_address_whoever_comes_first(self) -> None:
        early = make_employment(person=make_person(mails=["lin@yunshan.example"]))
        access.invite_user(actor=SYSTEM, at=MONDAY, email="lin@yunshan.example", name="林晓")
        access.invite_user(actor=SYSTEM, at=MONDAY, email="xu@yunshan.example", name="许诺")
        late = make_employment(person=make_person(mails=["Xu@yunshan.example"]))

        run_due(MONDAY + timedelta(hours=1))
        run_due(MONDAY + timedelta(hours=1))

        for row, mail in ((early, "lin@yunshan.example"), (late, "xu@yunshan.example")):
            user = User.objects.get(email=mail)
            assert queries.employment_by_id(row.pk).user_id == user.pk
            assert [grant.role for grant in user.grants.all()] == ["employee"]

    def test_is_passed_over_for_who_was_erased_meanwhile(self) -> None:
        user = make_user("employee")
        row = make_employment(person=make_person(mails=[user.email]))
        PersonKey.objects.filter(person=row.person).delete()

        link_the_employed(PersonEmployed(person_id=row.person_id, at=MONDAY, employment_id=row.pk, on=row.from_on))

        assert queries.employment_by_id(row.pk).user_id is None

    def test_takes_no_employment_from_somebody(self) -> None:
        person, user = make_person(mails=["lin@yunshan.example"]), make_user("employee")
        row = make_employment(user, person=person)
        access.invite_user(actor=SYSTEM, at=MONDAY, email="lin@yunshan.example", name="林晓")

        run_due(MONDAY + timedelta(hours=1))

        assert queries.employment_by_id(row.pk).user_id == user.pk
