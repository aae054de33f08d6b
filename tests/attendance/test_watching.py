"""First signs in attendance: who hears of what, once, and of nothing that is chance."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from tests.factories import make_department, make_user
from tests.factories.attendance import make_worker, punch, wall
from zhiren.attendance import warnings, watching
from zhiren.attendance.models import EarlyWarning
from zhiren.people.models import Employment
from zhiren.playbooks import services as playbooks
from zhiren.plumbing.jobs import run_due
from zhiren.today.models import FollowUp

MONDAY_MORNING = wall("2026-11-30 12:00")


def usual(draw: random.Random, count: int, around: float = -5) -> list[float]:
    return [draw.gauss(around, 6) for _day in range(count)]


class TestDrift:
    def test_finds_a_quarter_of_an_hour_within_two_weeks(self) -> None:
        draw = random.Random(1)
        found = warnings.drift(usual(draw, 50) + usual(draw, 10, 12), least_minutes=10, chance=0.001)

        assert found is not None
        assert 12 <= found.minutes <= 22
        assert found.chance < 0.001

    def test_hardly_ever_cries_where_nothing_changed(self) -> None:
        draw = random.Random(2)
        alarms = sum(
            warnings.drift(usual(draw, 60), least_minutes=0, chance=0.001) is not None for _person in range(4000)
        )

        assert alarms <= 12  # 4 are expected

    def test_lets_one_very_late_day_weigh_no_more_than_any_other(self) -> None:
        draw = random.Random(3)

        assert warnings.drift([*usual(draw, 59), 300.0], least_minutes=10, chance=0.001) is None

    def test_says_nothing_before_there_is_a_past(self) -> None:
        draw = random.Random(4)

        assert warnings.drift(usual(draw, 19) + usual(draw, 10, 60), least_minutes=10, chance=0.001) is None


@pytest.mark.django_db
class TestANewcomerWhoIsLateEveryDay:
    def newcomer(self) -> tuple[Employment, Employment]:
        department = make_department()
        boss = make_user("hiring_manager", scope="department", department=department)
        manager = make_worker(user=boss, department=department)
        worker = make_worker(department=department, manager=manager, from_on=date(2026, 11, 23))
        return worker, manager

    def test_is_put_into_the_managers_today_with_what_one_could_say(self) -> None:
        playbooks.ensure_shipped(at=MONDAY_MORNING)
        worker, manager = self.newcomer()

        for day in range(23, 28):
            punch(worker, f"2026-11-{day} 09:20", f"2026-11-{day} 18:00", at=MONDAY_MORNING)
        run_due(MONDAY_MORNING)

        line = FollowUp.objects.get()
        assert (line.owner_id, line.person_id) == (manager.user_id, worker.person_id)
        assert "弹性" in line.suggestion["zh-hans"]
        assert line.evidence[0]["text"] == {
            "zh-hans": "头 5 个工作日每天都迟到", "en": "Late on each of the first 5 planned days",
        }  # fmt: skip

    def test_is_told_of_once(self) -> None:
        worker, _manager = self.newcomer()
        for day in range(23, 28):
            punch(worker, f"2026-11-{day} 09:20", f"2026-11-{day} 18:00", at=MONDAY_MORNING)

        for _time in range(2):
            watching.look_at(at=MONDAY_MORNING, employment_ids=[worker.pk], on=date(2026, 11, 27))

        assert EarlyWarning.objects.count() == 1

    def test_is_no_sign_when_one_day_was_in_time(self) -> None:
        worker, _manager = self.newcomer()
        for day in range(23, 28):
            came = "08:55" if day == 25 else "09:20"
            punch(worker, f"2026-11-{day} {came}", f"2026-11-{day} 18:00", at=MONDAY_MORNING)

        assert watching.look_at(at=MONDAY_MORNING, employment_ids=[worker.pk], on=date(2026, 11, 27)) == 0


@pytest.mark.django_db
class TestSomebodyWhoComesLaterAndLater:
    def test_is_told_of_against_their_own_past(self) -> None:
        worker = make_worker()
        draw, on, last = random.Random(5), date(2026, 9, 1), date(2026, 11, 27)
        times = []
        while on <= last:
            came = wall(f"{on} 09:00") + timedelta(minutes=draw.gauss(-8 if on < date(2026, 11, 14) else 9, 4))
            times += [f"{came:%Y-%m-%d %H:%M:%S}", f"{on} 18:05"]
            on += timedelta(days=1)
        punch(worker, *times, at=MONDAY_MORNING)

        told = watching.look_for_drift(at=MONDAY_MORNING, employment_ids=[worker.pk], on=date(2026, 11, 30))
        again = watching.look_for_drift(at=MONDAY_MORNING, employment_ids=[worker.pk], on=date(2026, 12, 7))

        assert (told, again) == (1, 0)
        assert 12 <= EarlyWarning.objects.get().amount <= 22
