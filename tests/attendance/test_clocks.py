"""By whose clock the pages of attendance show times: that of the place the day belongs to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import reverse

from tests.attendance.test_pages import NOON, client_of
from tests.factories import make_user
from tests.factories.attendance import make_worker, punch
from zhiren.access.models import User
from zhiren.people.models import Employment
from zhiren.plumbing import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with clock.travel(NOON):
        yield


def worker_reading_in(zone: str) -> tuple[User, Employment]:
    user = make_user("employee", language="en", zone=zone)
    worker = make_worker(user=user)
    punch(worker, "2026-11-18 08:55", "2026-11-17 09:20", "2026-11-17 18:01", at=NOON)
    return user, worker


class TestClocks:
    def test_are_those_of_the_place_and_it_is_said_so_once(self) -> None:
        user, worker = worker_reading_in("Europe/Berlin")
        day = reverse("attendance:day", args=[worker.pk, "2026-11-17"])

        for address, time in ((reverse("attendance:home"), "09:00–18:00"), (day, "In at 09:20, expected at 09:00")):
            page = client_of(user).get(address).content.decode()
            assert time in page
            assert "02:00" not in page
            assert page.count("your own clock is that of Europe/Berlin") == 1

    def test_are_not_remarked_on_where_they_are_the_readers(self) -> None:
        user, _worker = worker_reading_in("Asia/Singapore")  # at all times as late as in Shanghai

        assert "your own clock" not in client_of(user).get(reverse("attendance:home")).content.decode()

    def test_tell_when_a_punch_was_recorded(self) -> None:
        user, _worker = worker_reading_in("Europe/Berlin")

        page = client_of(user).post(reverse("attendance:punch"), {"key": "a"}, follow=True).content.decode()

        assert "Recorded at 12:00:0" in page
        assert "(Asia/Shanghai)" in page

    def test_are_named_where_times_are_asked_for(self) -> None:
        user, worker = worker_reading_in("Europe/Berlin")
        page = client_of(user).get(reverse("attendance:ask", args=[worker.pk]), headers={"hx-request": "true"})

        assert "By the clock of Asia/Shanghai." in page.content.decode()
