"""Past attendance out of our own records: pure counting, and what it takes to note it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import MONDAY, SYSTEM, make_user
from tests.factories.attendance import make_worker, punch, wall
from zhiren.access.models import User
from zhiren.attendance import past
from zhiren.attendance.errors import NoDaysKept
from zhiren.attendance.past_rules import PastDay, counts
from zhiren.kernel.refusals import NotFound
from zhiren.people import past_attendance, past_queries
from zhiren.people.errors import NotAgreed
from zhiren.people.models import Employment
from zhiren.plumbing import clock

FIRST = date(2026, 11, 2)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def monday() -> Iterator[None]:
    """The time of the tests is Monday."""
    with clock.travel(MONDAY):
        yield


def days(*looks: str) -> list[PastDay]:
    """Read days: f fine, l late, v on leave, x absent, s short of the plan by an hour."""
    return [
        PastDay(
            FIRST + timedelta(days=number), 480, {"v": 0, "x": 0, "s": 420}.get(look, 480), is_late=look == "l",
            is_on_leave=look == "v", is_lacking=look in "xs",
        )
        for number, look in enumerate("".join(looks))
    ]  # fmt: skip


class TestCounts:
    def test_of_nothing_are_nothing(self) -> None:
        assert counts([]).workdays == 0

    def test_tell_late_days_from_all(self) -> None:
        found = counts(days("fflf"))

        assert (found.late, found.workdays) == (1, 4)

    def test_take_leave_that_goes_on_for_one(self) -> None:
        found = counts(days("fvvfvff"))

        assert (found.leaves, found.leave_days) == (2, 3)

    @pytest.mark.parametrize(("looks", "streak"), [("fffxff", 3), ("lffv", 2), ("vvv", 0), ("ffff", 4), ("sff", 2)])
    def test_find_the_longest_streak(self, looks: str, streak: int) -> None:
        assert counts(days(looks)).longest_streak == streak

    def test_measure_hours_where_somebody_worked(self) -> None:
        found = counts(days("ffsxv"))

        assert (found.steady, found.measured) == (2, 3)


@pytest.fixture
def worker() -> Employment:
    """Somebody who worked here for a week, and left."""
    row = make_worker()
    at = wall("2026-11-08 12:00")
    for day in (2, 3, 4, 5):
        came = "09:30" if day == 3 else "08:55"
        punch(row, f"2026-11-0{day} {came}", f"2026-11-0{day} 18:02", at=at)
    Employment.objects.filter(pk=row.pk).update(to_on=date(2026, 11, 5))
    row.refresh_from_db()
    return row


def agree(worker: Employment) -> None:
    past_attendance.note_consent(
        actor=SYSTEM, at=MONDAY, person_id=worker.person_id, door="signed", language="zh-hans", until=date(2027, 1, 1)
    )


def take_over(worker: Employment, **given: Any) -> Any:
    given = {"actor": SYSTEM, "at": MONDAY, "person_id": worker.person_id, "employment_id": worker.pk, **given}
    return past.take_over(**given)


@pytest.mark.django_db
class TestTakeOver:
    def test_counts_what_the_days_say(self, worker: Employment) -> None:
        agree(worker)

        row = take_over(worker)

        assert (row.source, row.from_on, row.to_on) == ("own", date(2026, 11, 2), date(2026, 11, 5))
        assert (row.late, row.workdays, row.longest_streak) == (1, 4, 2)
        assert past_queries.past_attendance_of(SYSTEM, worker.person, at=MONDAY)[0][1] == worker.entity.name

    def test_happens_once(self, worker: Employment) -> None:
        agree(worker)
        take_over(worker)

        with pytest.raises(NotFound):
            take_over(worker)

    def test_is_refused_without_a_consent(self, worker: Employment) -> None:
        with pytest.raises(NotAgreed):
            take_over(worker)

    def test_is_refused_where_nothing_is_kept(self) -> None:
        worker = make_worker()
        Employment.objects.filter(pk=worker.pk).update(to_on=date(2026, 11, 5))
        agree(worker)

        with pytest.raises(NoDaysKept):
            take_over(worker)

    def test_is_for_employments_that_ended(self, worker: Employment) -> None:
        Employment.objects.filter(pk=worker.pk).update(to_on=None)
        agree(worker)

        with pytest.raises(NotFound):
            take_over(worker)

    @pytest.mark.usefixtures("monday")
    def test_is_offered_on_the_card(self, worker: Employment) -> None:
        client = client_of(make_user("hr_manager", scope="all"))
        agree(worker)
        address = reverse("attendance:take_over_past", args=[worker.person_id, worker.pk])
        offered = client.get(reverse("attendance:own_records", args=[worker.person_id])).content.decode()
        assert address in offered
        assert client.post(address).status_code == 302
        card = client.get(reverse("people:past_attendance", args=[worker.person_id])).content.decode()

        assert worker.entity.name in card
