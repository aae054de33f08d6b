"""Comprehensive hours over a period: what is standard, what is over, and that payroll gets it once."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import SYSTEM, make_user
from tests.factories.attendance import OFFICE, make_group, make_shift, make_worker, punch, wall
from zhiren.attendance import comprehensive, exports, services
from zhiren.attendance.models import PeriodHours
from zhiren.people.models import Employment
from zhiren.plumbing import clock
from zhiren.plumbing.jobs import run_due
from zhiren.rostering import queries as roster
from zhiren.rostering import services as rostering

pytestmark = pytest.mark.django_db

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
EARLY_DECEMBER, JANUARY = wall("2026-12-02 12:00"), wall("2027-01-03 12:00")
TWELVE_HOURS: dict[str, Any] = {"kind": 1, "segments": [{"start": 480, "end": 1260, "breaks": [[720, 780]]}]}
HOLIDAY_COUNTS = {**OFFICE, "policy": {**OFFICE["policy"], "holiday_is_overtime": True}}


def make_comprehensive(period: str = "month", shift: dict[str, Any] | None = None, **given: Any) -> Employment:
    """Return somebody who may work every day, and whose hours are reckoned over a period."""
    every_day = {"pattern": [1] * 7, "follows_holidays": False, "agreed": ["approved"]}
    return make_worker(shift, regime="comprehensive", period=period, **every_day, **given)


def work(worker: Employment, first: int, last: int, month: str = "2026-11", until: str = "18:00") -> None:
    times = [f"{month}-{day:02d} {hour}" for day in range(first, last + 1) for hour in ("09:00", until)]
    punch(worker, *times, at=JANUARY)


def reckon(worker: Employment, *, valid_from: date, **how: Any) -> None:
    """Have the hours of somebody's group be reckoned otherwise from a date on."""
    group = roster.group_of(worker.pk, NOVEMBER)
    assert group
    version = group.versions.get()
    way = rostering.Way(
        pattern=[*version.pattern], pattern_from=version.pattern_from, zone=version.zone,
        follows_holidays=version.follows_holidays, **how,
    )  # fmt: skip
    rostering.publish_group(
        actor=SYSTEM, at=JANUARY, entity_id=group.entity_id, group_id=group.pk, name=group.name, way=way,
        valid_from=valid_from,
    )  # fmt: skip


def lines(worker: Employment, month: date) -> list[tuple[str, dict[str, int]]]:
    found = exports.payroll_of(actor=SYSTEM, entity_id=worker.entity_id, month=month)
    return [(line.kind, {name: n for name, n in line.minutes.items() if n}) for line in found.lines]


class TestHoursBetween:
    def test_are_held_against_the_workdays_of_the_calendar(self) -> None:
        worker = make_comprehensive()
        work(worker, 1, 22)

        [hours] = comprehensive.hours_between([worker.pk], NOVEMBER, date(2026, 11, 30))

        assert (hours.standard, hours.worked, hours.excess) == (21 * 480, 22 * 480, 480)
        assert (hours.first, hours.last, hours.ends) == (NOVEMBER, date(2026, 11, 30), date(2026, 11, 30))

    def test_of_a_quarter_count_from_the_first_day_in_the_group_to_the_last_of_the_job(self) -> None:
        worker = make_worker()
        shift = make_shift(TWELVE_HOURS)
        group = make_group(worker, shift, regime="comprehensive", period="quarter", pattern=[shift.pk] * 7)
        rostering.place(actor=SYSTEM, at=JANUARY, employment_id=worker.pk, group_id=group.pk, from_on=date(2026, 11, 2))
        Employment.objects.filter(pk=worker.pk).update(to_on=date(2026, 11, 13))
        work(worker, 2, 13)

        [hours] = comprehensive.hours_between([worker.pk], date(2026, 11, 13), date(2026, 11, 13))

        assert (hours.first, hours.last, hours.ends) == (date(2026, 10, 1), date(2026, 12, 31), date(2026, 11, 13))
        assert hours.standard == 10 * 480

    def test_leave_work_on_holidays_out_and_count_it_as_overtime_once(self) -> None:
        plain, counted = make_comprehensive(), make_comprehensive(shift=HOLIDAY_COUNTS)
        for worker in (plain, counted):
            punch(worker, "2026-10-01 09:00", "2026-10-01 18:00", at=JANUARY)

        found = {one.employment_id: one for one in comprehensive.hours_between(
            [plain.pk, counted.pk], date(2026, 10, 1), date(2026, 10, 31)
        )}  # fmt: skip

        assert (found[plain.pk].worked, found[plain.pk].holiday) == (0, 480)
        assert (found[counted.pk].worked, found[counted.pk].holiday) == (0, 0)  # the day says so itself

    def test_are_several_weeks_of_a_month(self) -> None:
        worker = make_comprehensive("week")
        work(worker, 2, 8)

        weeks = comprehensive.hours_between([worker.pk], NOVEMBER, date(2026, 11, 30))

        assert [one.first for one in weeks] == [
            date(2026, 10, 26),
            *(date(2026, 11, day) for day in (2, 9, 16, 23, 30)),
        ]
        assert [one.excess for one in weeks] == [0, 960, 0, 0, 0, 0]

    def test_are_nobody_elses(self) -> None:
        assert comprehensive.hours_on([make_worker().pk], NOVEMBER) == {}

    def test_of_many_take_one_query(self, django_assert_num_queries: Any) -> None:
        people = [make_comprehensive("quarter") for _number in range(3)]

        with django_assert_num_queries(1):
            assert len(comprehensive.hours_on([one.pk for one in people], NOVEMBER)) == 3

    def test_follow_the_version_of_the_group_on_each_date(self) -> None:
        worker = make_comprehensive()
        reckon(worker, valid_from=date(2026, 11, 16), regime="standard")

        [hours] = comprehensive.hours_between([worker.pk], NOVEMBER, date(2026, 11, 30))

        assert (hours.ends, hours.standard) == (date(2026, 11, 15), 10 * 480)


class TestClosing:
    def test_gives_payroll_what_is_over_with_the_last_month_of_the_period(self) -> None:
        worker = make_comprehensive("quarter")
        Employment.objects.filter(pk=worker.pk).update(from_on=date(2026, 11, 30))
        work(worker, 30, 30)
        work(worker, 1, 28, "2026-12")
        for month in (NOVEMBER, DECEMBER):
            services.close_month(actor=SYSTEM, at=JANUARY, entity_id=worker.entity_id, month=month)

        assert [kind for kind, _minutes in lines(worker, NOVEMBER)] == ["month"]
        over = (29 - 24) * 480  # of 24 workdays
        assert dict(lines(worker, DECEMBER))["period"] == {"ot_work": over}
        assert PeriodHours.objects.get().month == DECEMBER

    def test_tells_what_became_known_later_as_a_difference(self) -> None:
        worker = make_comprehensive()
        work(worker, 1, 22)
        services.close_month(actor=SYSTEM, at=EARLY_DECEMBER, entity_id=worker.entity_id, month=NOVEMBER)

        work(worker, 24, 24)

        found = dict(lines(worker, NOVEMBER))
        assert found["period"] == {"ot_work": 480}
        assert found["adjustment"]["ot_work"] == 480
        assert found["adjustment"]["worked"] == 480

    def test_settles_a_job_that_ends_with_its_last_month_and_never_again(self) -> None:
        worker = make_comprehensive("year")
        Employment.objects.filter(pk=worker.pk).update(from_on=date(2026, 11, 2), to_on=date(2026, 11, 6))
        work(worker, 2, 6, until="21:00")
        for month in (NOVEMBER, DECEMBER):
            services.close_month(actor=SYSTEM, at=JANUARY, entity_id=worker.entity_id, month=month)

        assert PeriodHours.objects.get().month == NOVEMBER
        assert dict(lines(worker, NOVEMBER))["period"] == {"ot_work": 5 * 180}
        assert lines(worker, DECEMBER) == []

    def test_tells_a_period_that_becomes_known_after_its_month_was_closed_as_a_difference_of_it(self) -> None:
        worker = make_worker(pattern=[1] * 7, follows_holidays=False)
        work(worker, 1, 22)
        services.close_month(actor=SYSTEM, at=EARLY_DECEMBER, entity_id=worker.entity_id, month=NOVEMBER)
        closed = dict(lines(worker, NOVEMBER))

        reckon(worker, valid_from=NOVEMBER, regime="comprehensive", period="month", agreed=["approved"])
        with clock.travel(EARLY_DECEMBER):
            run_due(EARLY_DECEMBER)
        late = dict(lines(worker, NOVEMBER))
        services.close_month(actor=SYSTEM, at=JANUARY, entity_id=worker.entity_id, month=DECEMBER)

        assert "period" not in closed
        assert late["month"] == closed["month"]
        assert late["adjustment"]["ot_work"] == (22 - 21) * 480
        assert not PeriodHours.objects.filter(first=NOVEMBER).exists()
        assert dict(lines(worker, NOVEMBER)) == late

    def test_does_not_settle_with_a_later_month_what_ended_in_one_that_is_closed(self) -> None:
        worker = make_comprehensive("quarter")
        Employment.objects.filter(pk=worker.pk).update(from_on=date(2026, 11, 2))
        work(worker, 2, 6, until="21:00")
        services.close_month(actor=SYSTEM, at=EARLY_DECEMBER, entity_id=worker.entity_id, month=NOVEMBER)

        Employment.objects.filter(pk=worker.pk).update(to_on=date(2026, 11, 6))
        services.close_month(actor=SYSTEM, at=JANUARY, entity_id=worker.entity_id, month=DECEMBER)

        assert dict(lines(worker, NOVEMBER))["adjustment"] == {"ot_work": 5 * 180}
        assert lines(worker, DECEMBER) == []

    def test_shows_beforehand_whose_period_ends(self) -> None:
        worker = make_comprehensive()
        work(worker, 1, 22)
        client = Client()

        with clock.travel(EARLY_DECEMBER):
            client.force_login(make_user("hr_manager", scope="all", language="en"))
            page = client.get(reverse("attendance:before_closing", args=[worker.entity_id, "2026-11"]))
            services.close_month(actor=SYSTEM, at=EARLY_DECEMBER, entity_id=worker.entity_id, month=NOVEMBER)
            afterwards = client.get(reverse("attendance:before_closing", args=[worker.entity_id, "2026-11"]))

        assert "168 h" in afterwards.content.decode()
        text = page.content.decode()
        assert "Comprehensive hours that end here" in text
        assert worker.person.name in text
        assert "168 h" in text
        assert "8 h" in text

    def test_is_in_the_csv_of_payroll(self) -> None:
        worker = make_comprehensive()
        work(worker, 1, 22)
        services.close_month(actor=SYSTEM, at=EARLY_DECEMBER, entity_id=worker.entity_id, month=NOVEMBER)
        client = Client()
        client.force_login(make_user("hr_manager", scope="all", language="en"))

        answer = client.get(reverse("attendance:payroll", args=[worker.entity_id, "2026-11"]))

        rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
        assert [(row["row"], row["ot_work_minutes"]) for row in rows[:2]] == [("month", "0"), ("period", "480")]


class TestPages:
    def test_one_sees_the_hours_of_ones_own_period(self) -> None:
        user = make_user("employee", language="en")
        worker = make_comprehensive("quarter", user=user)
        work(worker, 2, 3)
        client = Client()
        client.force_login(user)

        with clock.travel(wall("2026-11-18 12:00")):
            home = client.get(reverse("attendance:home")).content.decode()
            part = client.get(reverse("attendance:hours", args=[worker.pk, "2026-11-18"]) + "?part=hours")

        assert f"/people/{worker.pk}/2026-11-18/hours?part=hours" in home
        assert "16 h of" in part.content.decode()
        assert "standard hours of the quarter" in part.content.decode()

    def test_the_month_of_a_team_shows_them_where_asked(self) -> None:
        worker = make_comprehensive()
        work(worker, 1, 22)
        client = Client()
        page = reverse("attendance:month") + "?month=2026-11"

        with clock.travel(EARLY_DECEMBER):
            client.force_login(make_user("hr_manager", scope="all", language="en"))
            without = client.get(page).content.decode()
            shown = client.get(page + "&also=period").content.decode()

        assert "176.0 / 168.0 (+8.0)" in shown
        assert "176.0 / 168.0" not in without
