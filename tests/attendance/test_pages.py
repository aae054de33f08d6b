"""The pages of attendance as employees, managers and HR use them, and the door that clocks knock at."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import SYSTEM, actor_of, make_department, make_user
from tests.factories.attendance import NIGHT, make_worker, punch, wall
from tests.factories.leave import Company as LeaveCompany
from zhiren.approvals import services as approvals
from zhiren.approvals.models import Request as Approval
from zhiren.attendance import months, queries, requests, services
from zhiren.attendance.errors import ResultNotMendable
from zhiren.attendance.models import DayRecord, Device, Punch, Request
from zhiren.plumbing import clock
from zhiren.plumbing.jobs import run_due

pytestmark = pytest.mark.django_db
NOON = wall("2026-11-18 12:00")
TUESDAY = date(2026, 11, 17)


def client_of(user: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with clock.travel(NOON):
        yield


class TestHome:
    def test_shows_today_and_why_somebody_is_late(self) -> None:
        user = make_user("employee", language="en")
        worker = make_worker(user=user)
        punch(worker, "2026-11-18 09:20", at=NOON)

        page = client_of(user).get(reverse("attendance:home"))

        assert page.status_code == 200
        assert "Seriously late" in page.content.decode()
        assert "geolocation=(self)" in page.headers["Permissions-Policy"]

    def test_shows_what_leave_is_left(self) -> None:
        house = LeaveCompany(days=3)
        house.user.language = "en"
        house.user.save()

        page = client_of(house.user).get(reverse("attendance:home")).content.decode()

        assert "Leave left" in page
        assert "3 days" in page

    def test_lets_them_punch(self) -> None:
        user = make_user("employee", language="en")
        worker = make_worker(user=user)

        client_of(user).post(reverse("attendance:punch"), {"key": "a"})
        client_of(user).post(reverse("attendance:punch"), {"key": "a"})

        assert NOON <= Punch.objects.get().at < NOON + timedelta(minutes=2)  # the clock goes on
        assert queries.days_of(worker.pk, date(2026, 11, 18), date(2026, 11, 18))

    def test_takes_a_punch_whose_place_makes_no_sense_as_one_without(self) -> None:
        user = make_user("employee")
        make_worker(user=user)

        answer = client_of(user).post(
            reverse("attendance:punch"), {"key": "a", "latitude": "²", "longitude": "900", "accuracy": "x"}
        )

        assert answer.status_code == 302
        assert Punch.objects.get().details == {}

    def test_says_so_to_who_is_not_employed(self) -> None:
        user = make_user("employee", language="en")

        page = client_of(user).get(reverse("attendance:home"))

        assert "You have no attendance here" in page.content.decode()


class TestDay:
    def test_tells_the_reasons(self) -> None:
        user = make_user("employee", language="en")
        worker = make_worker(user=user)
        punch(worker, "2026-11-17 09:20", "2026-11-17 09:21", "2026-11-17 18:01", at=NOON)

        page = client_of(user).get(reverse("attendance:day", args=[worker.pk, "2026-11-17"])).content.decode()

        assert "In at 09:20, expected at 09:00: late by 20 minutes." in page
        assert "More than 15 minutes late is seriously late." in page
        assert "too soon after the one before: ignored" in page

    def test_is_nobody_elses(self) -> None:
        worker = make_worker(user=make_user("employee"))
        make_worker(user=(other := make_user("employee")))

        answer = client_of(other).get(reverse("attendance:day", args=[worker.pk, "2026-11-17"]))

        assert answer.status_code == 404


class TestAsking:
    def test_is_offered_and_opened_by_oneself_and_by_who_manages_attendance_only(self) -> None:
        department = make_department()
        boss = make_user("hiring_manager", scope="department", department=department)
        manager = make_worker(user=boss, department=department)
        worker = make_worker(user=(user := make_user("employee")), department=department, manager=manager)
        hr = make_user("hr_manager", entity=department.entity)
        day = reverse("attendance:day", args=[worker.pk, "2026-11-17"])
        asks = [reverse(f"attendance:{name}", args=[worker.pk]) for name in ("ask", "ask_shift", "preview_shift")]
        given = {"kind": "correction", "starts_at": "2026-11-17T18:00", "reason": "忘了打卡"}

        for reader, may in ((user, True), (hr, True), (boss, False)):
            client = client_of(reader)
            assert (asks[0] in client.get(day).content.decode()) is may
            for address in asks:
                assert client.get(address, headers={"hx-request": "true"}).status_code == (200 if may else 404)
        assert client_of(boss).post(asks[0], given).status_code == 404
        assert Request.objects.count() == 0
        sent = client_of(hr).post(asks[0], given)
        assert sent.headers["Location"] == reverse("attendance:person_month", args=[worker.pk])

    def test_for_a_missing_punch_mends_the_day_once_it_is_approved(self) -> None:
        department = make_department()
        boss = make_user("hiring_manager", scope="department", department=department)
        manager = make_worker(user=boss, department=department)
        user = make_user("employee", department=department)
        worker = make_worker(user=user, department=department, manager=manager)
        punch(worker, "2026-11-17 09:00", at=NOON)

        answer = client_of(user).post(
            reverse("attendance:ask", args=[worker.pk]),
            {"kind": "correction", "starts_at": "2026-11-17T18:00", "reason": "忘了打卡"},
        )
        run_due(NOON)
        approvals.decide_request(actor=actor_of(boss), at=NOON, request_id=Approval.objects.get().pk, approves=True)
        run_due(NOON)

        assert answer.status_code == 302
        assert Request.objects.get().state == "approved"
        record = queries.days_of(worker.pk, TUESDAY, TUESDAY)[TUESDAY]
        assert (record.worked, record.absent) == (480, 0)

    @pytest.mark.parametrize(
        ("allowed", "at", "may"),
        [
            (["missing"], "2026-11-12 18:00", True),
            (["late"], "2026-11-12 18:00", False),
            (["late"], "2026-11-16 08:59", True),
            (["early", "normal"], "2026-11-16 08:59", False),
            (["normal"], "2026-11-13 18:00", True),
            (["missing"], "2026-11-13 18:00", False),
            (["early"], "2026-11-17 08:50", True),
            (["missing"], "2026-11-15 12:00", False),
            ([], "2026-11-15 12:00", True),
        ],
    )
    def test_for_a_missing_punch_is_refused_where_the_group_lets_no_such_day_be_mended(
        self, allowed: list[str], at: str, may: bool
    ) -> None:
        user = make_user("employee")
        worker = make_worker(user=user, corrections={"allowed": True, "results": allowed})
        make_user("hr_manager", entity=worker.entity)
        punch(worker, "2026-11-12 09:00", "2026-11-13 09:00", "2026-11-13 18:00", at=NOON)
        punch(worker, "2026-11-16 09:30", "2026-11-16 18:00", at=NOON)
        punch(worker, "2026-11-17 09:00", at=wall("2026-11-17 09:00"))
        asked = {"actor": actor_of(user), "at": wall("2026-11-17 12:00"), "employment_id": worker.pk}

        if may:
            requests.ask(**asked, kind="correction", starts_at=wall(at))
        else:
            with pytest.raises(ResultNotMendable):
                requests.ask(**asked, kind="correction", starts_at=wall(at))
        assert Request.objects.exists() is may

    def test_for_a_missing_punch_after_midnight_goes_by_the_day_of_the_night(self) -> None:
        user = make_user("employee")
        worker = make_worker(NIGHT, user=user, corrections={"allowed": True, "results": ["missing"]})
        make_user("hr_manager", entity=worker.entity)
        punch(worker, "2026-11-16 21:55", at=NOON)

        requests.ask(
            actor=actor_of(user), at=NOON, employment_id=worker.pk, kind="correction",
            starts_at=wall("2026-11-17 06:00"),
        )  # fmt: skip

    def test_for_a_missing_punch_counts_no_more_once_that_is_taken_back(self) -> None:
        department = make_department()
        boss = make_user("hiring_manager", scope="department", department=department)
        manager = make_worker(user=boss, department=department)
        user = make_user("employee", department=department)
        worker = make_worker(user=user, department=department, manager=manager)
        punch(worker, "2026-11-17 09:00", "2026-11-17 18:00", at=NOON)
        asked = [
            requests.ask(
                actor=actor_of(user), at=NOON, employment_id=worker.pk, kind="correction", starts_at=wall(moment)
            )
            for moment in ("2026-11-17 08:30", "2026-11-17 18:00")
        ]
        for row in asked:
            [approval] = Approval.objects.filter(subject_id=row.pk)
            approvals.decide_request(actor=actor_of(boss), at=NOON, request_id=approval.pk, approves=True)
        run_due(NOON)
        before = queries.days_of(worker.pk, TUESDAY, TUESDAY)[TUESDAY]

        for row in asked:
            [approval] = Approval.objects.filter(subject_id=row.pk)
            back = approvals.cancel_request(actor=actor_of(user), at=NOON, request_id=approval.pk)
            approvals.decide_request(actor=actor_of(boss), at=NOON, request_id=back.pk, approves=True)
        run_due(NOON)

        after = queries.days_of(worker.pk, TUESDAY, TUESDAY)[TUESDAY]
        assert (before.first_in, before.n_punches) == (wall("2026-11-17 08:30"), 4)
        assert (after.first_in, after.last_out, after.n_punches) == (
            wall("2026-11-17 09:00"), wall("2026-11-17 18:00"), 2,
        )  # fmt: skip
        shown = client_of(user).get(reverse("attendance:day", args=[worker.pk, "2026-11-17"])).content.decode()
        assert "08:30" not in shown
        DayRecord.objects.all().delete()
        months.compute_month(at=NOON, month=TUESDAY.replace(day=1))
        assert queries.days_of(worker.pk, TUESDAY, TUESDAY)[TUESDAY].n_punches == 2

    def test_is_refused_when_the_times_are_mixed_up(self) -> None:
        user = make_user("employee", language="en")
        worker = make_worker(user=user)

        answer = client_of(user).post(
            reverse("attendance:ask", args=[worker.pk]),
            {"kind": "trip", "starts_at": "2026-11-17T18:00", "ends_at": "2026-11-16T18:00", "reason": "x"},
        )

        assert answer.status_code == 422
        assert not Request.objects.exists()


class TestMonth:
    def test_shows_those_within_reach_and_nobody_else(self) -> None:
        department = make_department()
        boss = make_user("hiring_manager", scope="department", department=department, language="en")
        mine, other = make_worker(department=department), make_worker()
        punch(mine, "2026-11-17 09:20", "2026-11-17 18:00", at=NOON)

        page = client_of(boss).get(reverse("attendance:month"), {"month": "2026-11"}).content.decode()

        assert mine.person.name in page
        assert other.person.name not in page
        assert 'data-look="late"' in page

    def test_asks_as_many_queries_for_many_as_for_few(self, django_assert_max_num_queries: Any) -> None:
        department = make_department()
        boss = make_user("hiring_manager", scope="department", department=department)
        for _number in range(3):
            punch(make_worker(department=department), "2026-11-17 09:20", "2026-11-17 18:00", at=NOON)
        client = client_of(boss)
        client.get(reverse("attendance:month"))

        with django_assert_max_num_queries(12):
            client.get(reverse("attendance:month"))

    def test_is_handed_out_as_a_spreadsheet(self) -> None:
        department = make_department()
        boss = make_user("hiring_manager", scope="department", department=department)
        worker = make_worker(department=department)
        punch(worker, "2026-11-17 09:20", "2026-11-17 18:00", at=NOON)

        answer = client_of(boss).get(reverse("attendance:export"), {"month": "2026-11"})

        with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as book:  # type: ignore[attr-defined]
            words = "".join(book.read(part).decode() for part in book.namelist() if part.endswith(".xml"))
        assert worker.person.name in words


class TestExceptions:
    def test_are_those_of_others_for_whom_nobody_has_asked_anything(self) -> None:
        department = make_department()
        boss = make_user("hiring_manager", scope="department", department=department, language="en")
        own = make_worker(user=boss, department=department)
        mine, other = make_worker(department=department), make_worker()
        for worker in (own, mine, other):
            punch(worker, "2026-11-17 09:00", at=NOON)

        page = client_of(boss).get(reverse("attendance:exceptions")).content.decode()

        assert mine.person.name in page
        assert "No punch out" in page
        assert other.person.name not in page
        assert f"/attendance/people/{own.pk}/" not in page


class TestClosing:
    def test_closes_a_month_and_hands_it_to_payroll(self) -> None:
        worker = make_worker()
        punch(worker, "2026-11-17 09:20", "2026-11-17 18:00", at=NOON)
        hr = make_user("hr_manager", scope="entity", entity=worker.entity, language="en")
        with clock.travel(wall("2026-12-03 12:00")):
            client = client_of(hr)

            client.post(reverse("attendance:close", args=[worker.entity_id, "2026-11"]))
            lines = client.get(reverse("attendance:payroll", args=[worker.entity_id, "2026-11"])).content.decode()

        assert worker.number in lines
        assert "#checksum" in lines

    def test_gives_payroll_nothing_of_a_month_that_is_open(self) -> None:
        worker = make_worker()
        hr = make_user("hr_manager", scope="entity", entity=worker.entity)

        assert client_of(hr).get(reverse("attendance:payroll", args=[worker.entity_id, "2026-11"])).status_code == 409


class TestTheApi:
    def test_takes_punches_once_and_tells_the_day_with_its_reasons(self) -> None:
        worker = make_worker(badge="1001")
        hr = make_user("hr_manager", scope="entity", entity=worker.entity, language="en")
        client = client_of(hr)
        told = {
            "entity_id": str(worker.entity_id),
            "punches": [
                {"key": "a", "badge": "1001", "at": "2026-11-17T09:20:00+08:00"},
                {"key": "b", "badge": "1001", "at": "2026-11-17T18:00:00+08:00"},
            ],
        }

        first = client.post("/api/v1/attendance/punches", told, content_type="application/json")
        again = client.post("/api/v1/attendance/punches", told, content_type="application/json")
        day = client.get(f"/api/v1/attendance/people/{worker.pk}/days/2026-11-17").json()

        assert first.json() == {"new": 2, "known": 0, "of_nobody": 0}
        assert again.json() == {"new": 0, "known": 2, "of_nobody": 0}
        assert day["day"]["minutes"]["late"] == 20
        assert "In at 09:20, expected at 09:00: late by 20 minutes." in day["sentences"]

    def test_takes_none_for_another_entity_and_none_without_an_offset(self) -> None:
        worker, other = make_worker(badge="1001"), make_worker()
        hr = make_user("hr_manager", scope="entity", entity=worker.entity)
        client = client_of(hr)
        punches = [{"key": "a", "badge": "1001", "at": "2026-11-17T09:20:00"}]

        elsewhere = client.post(
            "/api/v1/attendance/punches", {"entity_id": str(other.entity_id), "punches": []}, "application/json"
        )
        naive = client.post(
            "/api/v1/attendance/punches", {"entity_id": str(worker.entity_id), "punches": punches}, "application/json"
        )

        assert (elsewhere.status_code, naive.status_code) == (404, 422)
        assert not Punch.objects.exists()

    def test_lists_nobody_elses_days(self) -> None:
        worker = make_worker(user=make_user("employee"))
        other = make_user("employee")
        address = f"/api/v1/attendance/people/{worker.pk}/days?since=2026-11-01&until=2026-11-30"

        assert client_of(other).get(address).status_code == 404


def push(line: str, serial: str = "CJ9Z1") -> Any:
    return Client().post(f"/iclock/cdata?SN={serial}&table=ATTLOG&Stamp=9999", line, content_type="text/plain")


def claimed(serial: str = "CJ9Z1", **given: Any) -> Device:
    device = services.greet_device(at=NOON, serial=serial)
    return services.keep_device(
        actor=SYSTEM,
        at=NOON,
        device_id=device.pk,
        **{"name": "前台", "branch_id": None, "zone": "Asia/Shanghai", "state": "claimed", **given},
    )


class TestTheDoorForClocks:
    LINE = "1001\t2026-11-17 08:55:00\t0\t1\t0\t0\n"

    def test_greets_and_says_what_to_send(self) -> None:
        answer = Client().get("/iclock/cdata?SN=CJ9Z1&options=all&pushver=2.4.1")

        assert answer.content.startswith(b"GET OPTION FROM: CJ9Z1\nATTLOGStamp=None\n")
        assert b"TimeZone=8\n" in answer.content
        assert Device.objects.get().state == "waiting"

    def test_refuses_one_that_nobody_claimed_so_that_it_keeps_what_it_has(self) -> None:
        assert push(self.LINE).status_code == 403
        assert not Punch.objects.exists()

    def test_stores_and_computes_before_it_says_ok(self) -> None:
        worker = make_worker(badge="1001")
        claimed()

        answer = push(self.LINE + "1001\t2026-11-17 18:02:00\t1\t1\t0\t0\r\n")

        assert (answer.status_code, answer.content) == (200, b"OK: 2\n")
        record = queries.days_of(worker.pk, TUESDAY, TUESDAY)[TUESDAY]
        assert record.worked == 480

    def test_takes_the_same_lines_a_thousand_times_as_one(self) -> None:
        make_worker(badge="1001")
        claimed()

        for _time in range(3):
            push(self.LINE * 1000)

        assert Punch.objects.count() == 1

    def test_keeps_lines_that_are_no_punches_for_somebody_to_see(self) -> None:
        make_worker(badge="1001")
        claimed()

        answer = push("1001\t2026-13-45 08:55:00\t0\n" + self.LINE + "\x00garbage\n" + "x\t" * 90 + "\n")

        assert answer.status_code == 200
        assert Punch.objects.count() == 1
        assert len(Device.objects.get().rejected) == 3

    def test_listens_only_to_the_network_it_was_told(self) -> None:
        claimed(network="10.1.0.0/16")

        assert push(self.LINE).status_code == 403

    def test_names_one_whose_clock_is_two_hours_ahead(self) -> None:
        claimed()
        push("1001\t2026-11-18 14:00:00\t0\n")
        hr = make_user("administrator", language="en")

        page = client_of(hr).get(reverse("attendance:devices")).content.decode()

        assert "off by 2 h" in page
        assert "came at once" in page
        assert "Probably set to another time zone" in page
