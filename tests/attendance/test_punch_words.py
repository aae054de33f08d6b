"""How a punch came to be known, as the day's page and one's own page tell it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.attendance.test_phones import EVENING, MORNING, Phone
from tests.factories import actor_of, make_employment, make_user
from tests.factories.attendance import wall
from zhiren.access.models import User
from zhiren.attendance import phones, services
from zhiren.attendance.models import Device, DoubtfulPunch, Punch
from zhiren.attendance.services import Incoming
from zhiren.people.models import Employment
from zhiren.plumbing import clock

pytestmark = pytest.mark.django_db


def told(worker: Employment, *, name: str = "attendance:day") -> str:
    reader = Client()
    reader.force_login(User.objects.get(pk=worker.user_id))
    args: list[Any] = [worker.pk, "2026-11-18"] if name == "attendance:day" else []
    with clock.travel(EVENING):
        return reader.get(reverse(name, args=args)).content.decode()


def take(worker: Employment, source: str, **given: Any) -> None:
    services.take_punches(
        at=given.pop("received", wall("2026-11-18 09:00:05")),
        punches=[
            Incoming(
                key=source, at=wall("2026-11-18 09:00"), zone="Asia/Shanghai", source=source, employment_id=worker.pk,
                **given,
            )
        ],
    )  # fmt: skip


class TestOrigin:
    def test_tells_of_a_punch_made_without_a_network(self, user: User, worker: Employment) -> None:
        phone = Phone(user)
        phone.meet(MORNING)
        phone.send(wall("2026-11-18 10:12"), phone.entry(wall("2026-11-18 08:58")))

        for name in ("attendance:day", "attendance:home"):
            page = told(worker, name=name)
            assert "Phone, without a network" in page
            assert "Made on the phone without a network at 08:58, received at 10:12." in page

    def test_names_the_date_where_it_is_another(self, worker: Employment) -> None:
        take(worker, "device", received=wall("2026-11-19 07:30"))

        assert "Received at 19 Nov 2026, 07:30." in told(worker)

    def test_says_nothing_more_of_what_came_at_once(self, worker: Employment) -> None:
        take(worker, "api")

        assert "Received" not in told(worker)

    def test_names_the_kiosk_the_clock_and_the_line_of_a_file(self, worker: Employment) -> None:
        device = Device.objects.create(
            serial="X1", name="前门", first_seen_at=MORNING, last_seen_at=MORNING, state="claimed"
        )
        take(worker, "device", device_id=device.pk)
        assert "前门" in told(worker)

        take(worker, "kiosk", details={"kiosk": "大厅", "place": "总部"})
        assert "Kiosk · 大厅" in told(worker)

        take(worker, "file", details={"file": "x", "line": 12}, received=wall("2026-11-18 19:00"))
        assert "Line 12 of a file that was taken in at 19:00." in told(worker)

    def test_is_told_of_a_day_that_nobody_planned_as_well(self, user: User) -> None:
        unplanned = make_employment(user)
        take(unplanned, "kiosk", details={"kiosk": "大厅"})

        page = told(unplanned)

        assert "Nobody planned this day" in page
        assert "09:00:00" in page
        assert "Kiosk · 大厅" in page

    def test_speaks_chinese(self, user: User, worker: Employment) -> None:
        user.language = "zh-hans"
        user.save()
        phone = Phone(user)
        phone.meet(MORNING)
        phone.send(wall("2026-11-18 10:12"), phone.entry(wall("2026-11-18 08:58")))

        assert "08:58 在无网络时用手机打卡，10:12 收到。" in told(worker)


class TestDoubts:
    @pytest.fixture
    def doubtful(self, user: User, worker: Employment) -> DoubtfulPunch:
        phone = Phone(user)
        phone.meet(MORNING)
        set_back = phone.entry(wall("2026-11-18 08:58"), made=1000 * int(wall("2026-11-18 08:00").timestamp()))
        phone.send(wall("2026-11-18 10:12"), set_back)
        return DoubtfulPunch.objects.get()

    def test_are_told_while_the_punch_does_not_count(self, worker: Employment, doubtful: DoubtfulPunch) -> None:
        page = told(worker)

        assert doubtful.punch.employment is None
        assert "Punches that do not count" in page
        assert "clock was changed. It counts once HR says so." in page

    @pytest.mark.parametrize("counts", [True, False])
    def test_stay_told_once_hr_has_decided(self, worker: Employment, doubtful: DoubtfulPunch, counts: bool) -> None:
        hr = actor_of(make_user("hr_manager", scope="all"))
        phones.decide_doubt(actor=hr, at=EVENING, doubtful_id=doubtful.pk, counts=counts)

        page = told(worker)

        assert Punch.objects.filter(employment=worker).exists() is counts
        assert ("HR let it count on" in page) is counts
        assert ("HR did not let it count, on" in page) is not counts
