"""The pages of leave, as each reader meets them."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories import MONDAY, SYSTEM, actor_of, make_company, make_employment, make_user
from tests.factories.leave import Company, make_plan, make_type
from zhiren.access.models import User
from zhiren.kernel.refusals import Forbidden
from zhiren.leave import services
from zhiren.leave.models import AccrualPlan, Leave, LeaveType
from zhiren.leave.rules import DAY
from zhiren.plumbing import clock

TUESDAY, FRIDAY = date(2026, 11, 17), date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _monday() -> Any:
    make_company()
    with clock.travel(MONDAY):
        yield


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, name: str, *args: Any, status: int = 200, **query: str) -> str:
    reply = client_of(user).get(reverse(f"leave:{name}", args=args), query)
    assert reply.status_code == status
    return reply.content.decode()


def send(user: User, where: str, *args: Any, **data: Any) -> Any:
    return client_of(user).post(reverse(f"leave:{where}", args=args), data)


@pytest.mark.django_db
class TestOddInput:
    @pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "tomorrow"])
    def test_of_days_is_refused_at_the_form(self, day: str) -> None:
        company = Company(days=10)
        leave = company.taken(TUESDAY, FRIDAY)
        person = [company.employment.pk]

        asked = send(company.user, "new", type=str(company.type.pk), from_on=day, to_on=day)
        shown = client_of(company.user).get(
            reverse("leave:preview"), {"type": str(company.type.pk), "from_on": day, "to_on": day}
        )
        given = {"type": str(company.type.pk), "amount": "1", "note": "x"}
        adjusted = send(company.hr, "adjust", *person, **given, on=day)
        lapsing = send(company.hr, "adjust", *person, **given, on="2026-11-16", expires_on=day)
        shorter = send(company.user, "shorten", leave.pk, to_on=day)

        assert [answer.status_code for answer in (asked, shown, adjusted, lapsing)] == [422, 200, 422, 422]
        if day in {"0001-01-01", "9999-12-31"}:
            assert "请选择 1900 年到 2199 年之间的日期。" in asked.content.decode()
        assert shorter.status_code == 302
        leave.refresh_from_db()
        assert (leave.to_on, company.left()) == (FRIDAY, 6)

    def test_of_more_files_than_are_taken_sends_nothing(self) -> None:
        company = Company(days=10)
        papers = [SimpleUploadedFile(f"{number}.pdf", b"%PDF-1.4") for number in range(6)]
        asked = {"type": str(company.type.pk), "from_on": "2026-11-17", "to_on": "2026-11-17", "papers": papers}

        answer = send(company.user, "new", **asked)

        assert answer.status_code == 422
        assert "最多添加 5 个文件" in answer.content.decode()
        assert not Leave.objects.exists()


@pytest.mark.django_db
class TestMine:
    def test_shows_what_is_left_and_what_was_asked_for(self) -> None:
        company = Company(days=10)
        company.ask(TUESDAY, FRIDAY)

        shown = page(company.user, "mine")

        assert "6 天" in shown
        assert "待批 4 天" in shown
        assert "11月17日" in shown

    def test_says_what_to_do_without_an_employment(self) -> None:
        assert "尚未关联任职" in page(make_user("employee"), "mine")


@pytest.mark.django_db
class TestNew:
    def wish(self, company: Company, **given: Any) -> dict[str, Any]:
        return {"type": str(company.type.pk), "from_on": "2026-11-17", "to_on": "2026-11-18", "reason": "家事", **given}

    def test_sends_a_request(self) -> None:
        company = Company()

        reply = send(company.user, "new", **self.wish(company, until_midday="on"))

        leave = Leave.objects.get()
        assert reply["Location"] == reverse("leave:leave", args=[leave.pk])
        assert (leave.minutes, leave.employment) == (DAY * 3 // 2, company.employment)
        assert "家事" in page(company.user, "leave", leave.pk)
        assert "家事" not in page(company.boss_user, "leave", leave.pk)

    def test_keeps_documents_for_oneself_and_hr(self) -> None:
        company = Company()
        paper = SimpleUploadedFile("病假条.pdf", b"%PDF-1.4 note", content_type="application/pdf")
        send(company.user, "new", **self.wish(company, papers=paper))
        leave = Leave.objects.get()
        address = reverse("leave:document", args=[leave.pk, leave.documents.get().pk])

        assert client_of(company.hr).get(address).content == b"%PDF-1.4 note"
        assert client_of(company.boss_user).get(address).status_code == 404

    def test_offers_only_what_the_type_knows(self) -> None:
        company = Company(unit="day")
        hourly = LeaveType.objects.get(code="personal")

        assert 'name="from_midday"' not in page(company.user, "new", type=str(company.type.pk))
        assert 'name="starts"' in page(company.user, "new", type=str(hourly.pk))

    def test_refuses_an_end_before_the_start(self) -> None:
        company = Company()

        reply = send(company.user, "new", **self.wish(company, to_on="2026-11-16"))

        assert reply.status_code == 422
        assert Leave.objects.count() == 0

    def test_says_in_the_preview_what_it_takes_and_why_not(self) -> None:
        company = Company(days=1)

        assert "1 天" in page(company.user, "preview", **self.wish(company, to_on="2026-11-17"))
        assert "余额不足" in page(company.user, "preview", **self.wish(company))

    def test_is_for_hr_of_the_person_too(self) -> None:
        company = Company()
        address = f"{reverse('leave:new')}?employment={company.employment.pk}"

        assert client_of(company.hr).post(address, self.wish(company)).status_code == 302
        assert client_of(company.boss_user).get(address).status_code == 404
        assert client_of(make_user("hr_manager")).get(address).status_code == 404


@pytest.mark.django_db
class TestLeave:
    def test_is_withdrawn_shortened_and_cancelled_from_its_page(self) -> None:
        company = Company()
        waiting, approved = company.ask(date(2026, 12, 1)), company.taken(TUESDAY, FRIDAY)

        send(company.user, "withdraw", waiting.pk)
        send(company.user, "shorten", approved.pk, to_on="2026-11-18")
        assert "11月18日" in page(company.user, "leave", approved.pk)
        send(company.user, "cancel", approved.pk)

        states = {leave.pk: leave.state for leave in Leave.objects.all()}
        assert states == {waiting.pk: "withdrawn", approved.pk: "cancelled"}

    def test_shows_who_decides_the_balance_and_who_else_is_away(self) -> None:
        company = Company()
        mate = make_user("employee")
        row = make_employment(mate, department=company.department, manager=company.boss)
        other = services.ask_leave(
            actor=SYSTEM,
            at=MONDAY,
            employment_id=row.pk,
            type_id=LeaveType.objects.get(code="personal").pk,
            wish=services.Wish(TUESDAY, TUESDAY),
        )
        leave = company.ask(TUESDAY, FRIDAY)

        shown = page(company.boss_user, "beside", leave.pk)

        assert other.employment.person.name in shown
        assert "6 天" in shown


@pytest.mark.django_db
class TestTeam:
    def test_shows_the_month_of_those_one_may_see(self) -> None:
        company = Company()
        company.taken(TUESDAY, FRIDAY)
        make_employment()

        for user in (company.boss_user, company.hr):
            shown = page(user, "team", month="2026-11")
            assert company.employment.person.name in shown
            assert shown.count(f"{company.type.label} · 全天") == 4
        assert company.employment.person.name not in page(make_user("hr_manager"), "team", month="2026-11")

    def test_costs_the_same_for_many(self, django_assert_max_num_queries: Any) -> None:
        company = Company(days=0)
        for _number in range(12):
            make_employment(department=company.department)
        client = client_of(company.hr)
        client.get(reverse("leave:team"))

        with django_assert_max_num_queries(14):
            client.get(reverse("leave:team"))


@pytest.mark.django_db
class TestPerson:
    def test_shows_every_line_and_lets_hr_correct(self) -> None:
        company = Company()

        reply = send(
            company.hr,
            "adjust",
            company.employment.pk,
            type=str(company.type.pk),
            amount="-1.5",
            on="2026-11-16",
            note="多发",
        )

        assert reply.status_code == 302
        shown = page(company.hr, "person", company.employment.pk)
        assert "多发" in shown
        assert "8.5 天" in shown
        assert "多发" in page(company.user, "person", company.employment.pk)
        assert page(make_user("employee"), "person", company.employment.pk, status=404)

    def test_refuses_corrections_of_nothing(self) -> None:
        company = Company()

        reply = send(
            company.hr,
            "adjust",
            company.employment.pk,
            type=str(company.type.pk),
            amount="0",
            on="2026-11-16",
            note="a",
        )

        assert reply.status_code == 422


@pytest.mark.django_db
class TestTypes:
    def test_are_added_and_changed(self) -> None:
        hr = make_user("hr_manager", scope="all")
        facts = {
            "code": "birthday", "name": "生日假", "unit": "day", "counts": "workdays", "after_months": "0",
            "position": "5", "is_active": "on", "may_owe_days": "0.5",
        }  # fmt: skip

        assert send(hr, "new_type", **facts).status_code == 302
        row = LeaveType.objects.get(code="birthday")
        assert (row.name, row.may_owe) == ("生日假", DAY // 2)
        assert send(hr, "type", row.pk, **{**facts, "name": "寿星假"}).status_code == 302
        assert "寿星假" in page(hr, "types")

    def test_have_plans_with_steps(self) -> None:
        hr, row = make_user("hr_manager", scope="all"), LeaveType.objects.get(code="sick")
        facts = {
            "type": str(row.pk), "from_on": "2026-01-01", "steps_text": "0: 5\n60: 7.5", "grants": "yearly",
            "year": "calendar", "start_after_months": "0", "round_to": "240", "rounds": "down", "carry_days": "0",
        }  # fmt: skip

        assert send(hr, "new_plan", **facts).status_code == 302
        plan = AccrualPlan.objects.get(type=row)
        assert (plan.steps, plan.carry_most) == ([[0, 5 * DAY], [60, DAY * 15 // 2]], 0)
        assert "0: 5" in page(hr, "plan", plan.pk)
        for wrong in ("five", "12", "12: 400", "9" * 5000 + ": 1", "1: " + "9" * 5000, "²: 1", ""):
            answer = send(hr, "plan", plan.pk, **{**facts, "steps_text": wrong, "rounds": "up"})
            assert answer.status_code == 422
            assert 'id="id_steps_text_error"' in answer.content.decode()
            assert '<option value="up" selected>' in answer.content.decode()

    def test_keep_an_odd_number_of_days_when_nothing_is_changed(self) -> None:
        hr = make_user("hr_manager", scope="all")
        plan = make_plan(make_type(), steps=[[0, 160], [12, 1000]])
        written = re.search(r'<textarea name="steps_text"[^>]*>\s*([^<]*)', page(hr, "plan", plan.pk))
        assert written is not None

        facts = {
            "type": str(plan.type_id), "from_on": "2026-01-01", "steps_text": written[1], "grants": "yearly",
            "year": "calendar", "start_after_months": "0", "round_to": "240", "rounds": "down",
        }  # fmt: skip
        assert send(hr, "plan", plan.pk, **facts).status_code == 302

        plan.refresh_from_db()
        assert plan.steps == [[0, 160], [12, 1000]]
        assert send(hr, "new_plan", **facts).status_code == 409

    def test_of_one_entity_are_for_its_hr_and_those_of_all_are_not(self) -> None:
        hr, shared = make_user("hr_manager"), LeaveType.objects.get(code="sick")
        own = LeaveType(code="own", name="店庆假", entity=hr.grants.get().entity)
        everybodys = LeaveType(code="all", name="年会假")

        assert services.save(actor=actor_of(hr), at=MONDAY, row=own).pk
        for row in (everybodys, shared):
            with pytest.raises(Forbidden):
                services.save(actor=actor_of(hr), at=MONDAY, row=row)

    def test_are_for_hr_and_administrators(self) -> None:
        page(make_user("employee"), "types", status=403)
        page(make_user("administrator"), "types")


@pytest.mark.django_db
class TestCalendar:
    def test_is_read_by_its_private_address_only(self) -> None:
        company = Company(unit="hour")
        company.taken(TUESDAY, FRIDAY)
        company.taken(date(2026, 11, 23), until_midday=True)
        company.ask(date(2026, 12, 1))
        link = re.search(r'value="([^"]+)"', send(company.user, "calendar_link").content.decode())
        assert link
        path = link[1].removeprefix("http://127.0.0.1:8000")

        feed = Client().get(path).content.decode()

        assert feed.startswith("BEGIN:VCALENDAR\r\n")
        assert feed.count("BEGIN:VEVENT") == 2
        assert "DTSTART;VALUE=DATE:20261117\r\nDTEND;VALUE=DATE:20261121\r\n" in feed
        assert "DTSTART:20261123T010000Z\r\nDTEND:20261123T040000Z\r\n" in feed
        assert all(len(line.encode()) <= 75 for line in feed.split("\r\n"))
        send(company.user, "calendar_link")
        assert Client().get(path).status_code == 404


@pytest.mark.django_db
class TestClocks:
    def test_of_some_hours_are_those_of_the_place_of_work(self) -> None:
        company = Company(unit="hour")
        leave = company.ask(TUESDAY, starts=time(11), ends=time(15))
        company.user.zone = "Europe/Berlin"
        company.user.save()

        assert "11:00–15:00" in page(company.user, "leave", leave.pk)
