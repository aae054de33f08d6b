"""Findings of working-time law that somebody has seen: who may say so, where it shows, and when they come back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from tests.attendance.test_judging import LONG_DAY, NOON, client_of
from tests.factories import actor_of, make_department, make_user
from tests.factories.attendance import make_worker, punch
from zhiren.access.models import User
from zhiren.attendance import findings, judging, seeing
from zhiren.attendance.errors import SeenAlready
from zhiren.attendance.models import LawFinding, SeenFinding
from zhiren.kernel.refusals import NotFound
from zhiren.people.models import Employment
from zhiren.plumbing import clock
from zhiren.timeline import queries as timeline

pytestmark = pytest.mark.django_db
MONTH = NOON.date().replace(day=1)


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with clock.travel(NOON):
        yield


@pytest.fixture
def worker() -> Employment:
    worker = make_worker()
    punch(worker, *LONG_DAY, at=NOON)
    judging.judge_due(at=NOON)
    return worker


@pytest.fixture
def hr(worker: Employment) -> User:
    return make_user("hr_manager", entity=worker.entity, language="en")


def mark(hr: User, reason: str = "Stocktaking, agreed with the works council") -> SeenFinding:
    finding = LawFinding.objects.get()
    return seeing.mark_seen(actor=actor_of(hr), at=NOON, finding_id=finding.pk, reason=reason)


def opened(hr: User) -> list[Any]:
    return list(findings.to_look_at(actor_of(hr), today=NOON.date()))


class TestMarkSeen:
    def test_moves_a_finding_to_those_that_were_seen_with_who_when_and_why(self, worker: Employment, hr: User) -> None:
        finding, client = LawFinding.objects.get(), client_of(hr)
        address = reverse("attendance:mark_seen", args=[finding.pk])
        assert address in client.get(reverse("attendance:law")).content.decode()
        assert worker.person.name in client.get(address, headers={"hx-request": "true"}).content.decode()

        assert client.post(address, {"reason": " "}).status_code == 422
        assert client.post(address, {"reason": "Stocktaking"}).status_code == 302

        page = client.get(reverse("attendance:law")).content.decode()
        assert opened(hr) == []
        assert "1 that was seen" in page
        assert "Stocktaking" in page
        assert hr.name_en in page
        row = SeenFinding.objects.get()
        assert b"Stocktaking" not in bytes(row.reason_sealed)
        assert timeline.events_of(worker.person_id).filter(name="attendance.finding.seen").exists()

    def test_leaves_it_out_before_closing_and_tells_of_it_in_the_spreadsheet(self, hr: User) -> None:
        row = mark(hr, "=1+1")
        entity = row.employment.entity_id
        client = client_of(hr)

        page = client.get(reverse("attendance:before_closing", args=[entity, "2026-11"])).content.decode()
        text = client.get(reverse("attendance:findings_csv", args=[entity, "2026-11"])).content.decode("utf-8-sig")

        [line] = csv.DictReader(io.StringIO(text))
        assert (line["seen_by"], line["seen_because"]) == (hr.name_en, "'=1+1")
        assert line["seen_at"].startswith("2026-11-18T04:00")
        assert findings.counts([entity], MONTH) == {}
        assert "1 more was seen" in page

    def test_is_told_on_the_day_and_in_the_month_to_others_than_the_person(self, hr: User) -> None:
        user = make_user("employee", language="en")
        mark(hr, "Stocktaking")
        worker = Employment.objects.get(pk=LawFinding.objects.get().employment_id)
        worker.user_id = user.pk
        worker.save()

        for name, args in (("hours", [worker.pk, "2026-11-17"]), ("person_month", [worker.pk])):
            address = reverse(f"attendance:{name}", args=args)
            for reader, sees in ((hr, True), (user, False)):
                page = client_of(reader).get(address).content.decode()
                assert "of overtime on one day" in page
                assert (f"Seen by {hr.name_en}: Stocktaking" in page) is sees

    def test_is_once(self, hr: User) -> None:
        mark(hr)

        with pytest.raises(SeenAlready):
            mark(hr)

    def test_ends_once_the_facts_change(self, worker: Employment, hr: User) -> None:
        mark(hr)
        punch(worker, "2026-11-17 22:00", at=NOON)
        judging.judge_due(at=NOON)

        assert [row.reached for row in opened(hr)] == [240]
        kept = SeenFinding.objects.get()
        assert (kept.finding, kept.code, kept.seen_by) == (None, "overtime_day", hr)

    def test_outlasts_judging_that_finds_the_same(self, worker: Employment, hr: User) -> None:
        mark(hr)
        punch(worker, "2026-11-16 09:00", "2026-11-16 18:00", at=NOON)
        judging.judge_due(at=NOON)

        assert opened(hr) == []

    def test_is_for_who_manages_attendance_and_never_of_oneself(self, worker: Employment) -> None:
        finding = LawFinding.objects.get()
        boss = make_user("hiring_manager", scope="department", department=worker.department)
        address = reverse("attendance:mark_seen", args=[finding.pk])

        page = client_of(boss).get(reverse("attendance:law")).content.decode()
        assert worker.person.name in page
        assert address not in page
        assert client_of(boss).post(address, {"reason": "x"}).status_code == 403
        assert client_of(make_user("hr_manager")).post(address, {"reason": "x"}).status_code == 404
        assert not SeenFinding.objects.exists()

    def test_is_not_of_ones_own_days(self) -> None:
        department = make_department()
        hr = make_user("hr_manager", entity=department.entity)
        punch(make_worker(user=hr, department=department), *LONG_DAY, at=NOON)
        judging.judge_due(at=NOON)

        with pytest.raises(NotFound):
            mark(hr)


class TestPutBack:
    def test_lets_it_be_looked_at_again_and_keeps_who_had_seen_it(self, hr: User) -> None:
        finding = mark(hr).finding
        assert finding

        for _twice in range(2):
            answer = client_of(hr).post(reverse("attendance:put_back", args=[finding.pk]))
            assert answer.status_code == 302

        assert opened(hr) == [finding]
        assert SeenFinding.objects.get().finding is None
        mark(hr, "after all")
        assert opened(hr) == []
