"""Days that were worked, held against working-time law: what is found, when, who sees it, and what goes away again."""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import SYSTEM, make_user
from tests.factories.attendance import OFFICE, make_group, make_worker, punch, wall
from zhiren.attendance import findings, judging, services
from zhiren.attendance.models import LawFinding, MonthRecord
from zhiren.org.models import Branch
from zhiren.people.models import Employment
from zhiren.plumbing import clock
from zhiren.plumbing.jobs import run_due
from zhiren.plumbing.ticks import tick
from zhiren.rostering import services as rostering

pytestmark = pytest.mark.django_db

NOON = wall("2026-11-18 12:00")
TUESDAY = date(2026, 11, 17)
NOVEMBER = date(2026, 11, 1)
FREE: dict[str, Any] = {"kind": 4, "target": 28800, "policy": {"ot_mode": 1}}
LONG_DAY = ("2026-11-17 09:00", "2026-11-17 21:00")


def client_of(user: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def said() -> list[tuple[str, int, int, date, date]]:
    judging.judge_due(at=NOON)
    rows = LawFinding.objects.order_by("on", "code")
    return [(row.code, row.reached, row.limit, row.since, row.on) for row in rows]


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with clock.travel(NOON):
        yield


class TestJudgeDue:
    def test_finds_a_day_of_too_much_overtime(self) -> None:
        punch(make_worker(), *LONG_DAY, at=NOON)

        assert said() == [("overtime_day", 180, 60, TUESDAY, TUESDAY)]

    def test_finds_too_little_rest_between_two_days_by_the_rules_of_the_house(self) -> None:
        worker = make_worker(FREE, preset="retail")
        punch(worker, "2026-11-16 15:00", "2026-11-16 23:00", "2026-11-17 06:00", "2026-11-17 14:00", at=NOON)

        assert said() == [("daily_rest", 420, 660, date(2026, 11, 16), TUESDAY)]

    def test_finds_a_month_of_too_much_overtime_and_a_week_without_a_free_day(self) -> None:
        worker = make_worker(FREE, agreed=["special_reasons"], pattern=[1] * 7, follows_holidays=False)
        times = [f"2026-11-{day:02d} {hour}" for day in range(2, 16) for hour in ("09:00", "20:00")]
        punch(worker, *times, at=NOON)

        assert ("overtime_month", 14 * 180, 36 * 60, date(2026, 11, 2), date(2026, 11, 15)) in said()
        assert LawFinding.objects.filter(code="rest_days").count() == 2

    def test_judges_by_the_law_of_the_place_of_work(self) -> None:
        entity = make_worker().entity
        berlin = Branch.objects.create(entity=entity, name="Berlin", zone="Europe/Berlin", region="DE")
        worker = make_worker()
        Employment.objects.filter(pk=worker.pk).update(branch=berlin)
        punch(worker, *LONG_DAY, at=NOON)

        assert [(code, reached) for code, reached, *_rest in said()] == [("longest_day", 660), ("longest_stretch", 480)]

    def test_says_nothing_where_no_law_is_known(self) -> None:
        worker = make_worker()
        paris = Branch.objects.create(entity=worker.entity, name="Paris", zone="Europe/Paris", region="FR")
        Employment.objects.filter(pk=worker.pk).update(branch=paris)
        punch(worker, *LONG_DAY, at=NOON)

        assert said() == []
        assert not judging.has_due(at=NOON)

    def test_asks_for_the_permit_of_comprehensive_hours_and_not_for_each_day(self) -> None:
        punch(make_worker(regime="comprehensive"), *LONG_DAY, at=NOON)

        assert [code for code, *_rest in said()] == ["approval"]

    def test_lets_irregular_hours_be_that_were_permitted(self) -> None:
        punch(make_worker(regime="irregular", agreed=["approved"]), *LONG_DAY, at=NOON)

        assert said() == []

    def test_takes_back_what_no_longer_is_so(self) -> None:
        worker = make_worker({**OFFICE, "policy": {**OFFICE["policy"], "ot_mode": 2}}, agreed=["special_reasons"])
        group = make_group(worker, agreed=[])
        rostering.place(actor=SYSTEM, at=NOON, employment_id=worker.pk, group_id=group.pk, from_on=date(2026, 11, 16))
        punch(worker, *LONG_DAY, at=NOON)
        before = said()
        pattern = [UUID(shift) if shift else None for shift in group.versions.get().pattern]
        permitted = rostering.Way(
            pattern=pattern, pattern_from=date(2026, 1, 5), zone="Asia/Shanghai", agreed=["special_reasons"]
        )
        rostering.publish_group(
            actor=SYSTEM, at=NOON, entity_id=group.entity_id, group_id=group.pk, name=group.name, way=permitted,
            valid_from=date(2026, 11, 16),
        )  # fmt: skip
        run_due(NOON)

        assert [code for code, *_rest in before] == ["overtime_day"]
        assert said() == []

    def test_leaves_what_did_not_change_as_it_is(self) -> None:
        worker = make_worker()
        punch(worker, *LONG_DAY, at=NOON)
        said()
        row = LawFinding.objects.get()
        punch(worker, "2026-11-16 09:00", "2026-11-16 18:00", at=NOON)
        said()

        assert LawFinding.objects.get().pk == row.pk

    def test_waits_for_the_tick_so_that_a_punch_waits_for_nothing(self) -> None:
        worker = make_worker()
        punch(worker, *LONG_DAY, at=NOON)
        assert not LawFinding.objects.exists()
        assert judging.has_due(at=NOON)

        tick(NOON)
        run_due(NOON)

        assert LawFinding.objects.get().employment_id == worker.pk
        assert not judging.has_due(at=NOON)

    def test_judges_once_more_what_changed_while_it_was_judged(self) -> None:
        worker = make_worker()
        punch(worker, *LONG_DAY, at=NOON)
        said()
        judging.judge_anew(employment_ids=[worker.pk], first=TUESDAY)

        assert judging.has_due(at=NOON)
        month = MonthRecord.objects.get(employment=worker, month=NOVEMBER)
        assert month.judged == month.changes - 1

    def test_asks_as_little_for_many_people_as_for_one(self, django_assert_max_num_queries: Any) -> None:
        for _number in range(5):
            punch(make_worker(), *LONG_DAY, at=NOON)

        with django_assert_max_num_queries(16):
            judging.judge_due(at=NOON)

        assert LawFinding.objects.count() == 5


class TestPages:
    def test_hr_sees_what_to_look_at_with_the_law_and_its_source(self) -> None:
        worker = make_worker()
        punch(worker, *LONG_DAY, at=NOON)
        said()

        page = client_of(make_user("hr_manager", scope="all", language="en")).get(reverse("attendance:law"))

        text = html.unescape(page.content.decode())
        assert worker.person.name in text
        assert "3 hours of overtime on one day; at most 1 hour." in text
        assert "Mainland China · Labour Law of the People's Republic of China, art. 41" in text

    def test_nobody_sees_what_concerns_people_out_of_their_reach(self) -> None:
        worker = make_worker()
        punch(worker, *LONG_DAY, at=NOON)
        said()
        other = make_user("hiring_manager", language="en")

        assert worker.person.name not in client_of(other).get(reverse("attendance:law")).content.decode()
        part = reverse("attendance:hours", args=[worker.pk, "2026-11-17"])
        assert client_of(other).get(part).status_code == 404

    def test_the_day_says_it_too_to_whose_it_is(self) -> None:
        user = make_user("employee", language="en")
        worker = make_worker(user=user)
        punch(worker, *LONG_DAY, at=NOON)
        said()

        part = client_of(user).get(reverse("attendance:hours", args=[worker.pk, "2026-11-17"])).content.decode()
        other = client_of(user).get(reverse("attendance:hours", args=[worker.pk, "2026-11-16"])).content.decode()

        assert "3 hours of overtime on one day" in part
        assert "overtime" not in other

    def test_a_month_is_looked_at_before_it_is_closed(self) -> None:
        worker = make_worker()
        punch(worker, *LONG_DAY, "2026-11-16 09:00", "2026-11-16 20:00", at=NOON)
        said()
        client = client_of(make_user("hr_manager", scope="all", language="en"))

        months = client.get(reverse("attendance:closing")).content.decode()
        page = client.get(reverse("attendance:before_closing", args=[worker.entity_id, "2026-10"]))
        november = client.get(reverse("attendance:before_closing", args=[worker.entity_id, "2026-11"]))

        assert "Before closing" in months
        assert "No rule of working time is against the days of this month." in page.content.decode()
        text = html.unescape(november.content.decode())
        assert "2 findings" in text
        assert "3 hours of overtime on one day; at most 1 hour." in text  # the worst of both

    def test_the_findings_of_a_month_can_be_taken_along(self) -> None:
        worker = make_worker(number="=A1")
        punch(worker, *LONG_DAY, at=NOON)
        said()
        client = client_of(make_user("hr_manager", scope="all", language="en"))

        text = client.get(reverse("attendance:findings_csv", args=[worker.entity_id, "2026-11"])).content.decode()

        header, line = text.removeprefix("\ufeff").splitlines()
        assert header.split(",") == list(findings.COLUMNS)
        assert line.startswith(f"'=A1,{worker.person.name},2026-11-17,2026-11-17,overtime_day,")
        assert ",180,60,minute," in line

    def test_a_closed_month_keeps_its_findings(self) -> None:
        worker = make_worker()
        punch(worker, *LONG_DAY, at=NOON)
        said()
        december = wall("2026-12-02 12:00")

        services.close_month(actor=SYSTEM, at=december, entity_id=worker.entity_id, month=NOVEMBER)
        judging.judge_due(at=december)

        assert findings.counts([worker.entity_id], NOVEMBER) == {(worker.entity_id, NOVEMBER): (1, 1)}
