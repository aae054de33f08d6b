"""Punching at a kiosk by badge number and PIN: who sets it, what it opens, and that nobody may guess for long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.attendance.test_kiosks import MORNING, tablet_of
from tests.attendance.test_pages import client_of
from tests.factories import SYSTEM, actor_of, make_branch, make_user
from tests.factories.attendance import make_worker
from zhiren.access.models import User
from zhiren.attendance import kiosk_pins, kiosks
from zhiren.attendance.models import Kiosk, KioskPin, Punch
from zhiren.people.models import Employment
from zhiren.plumbing import clock
from zhiren.timeline import queries as timeline

pytestmark = pytest.mark.django_db
PIN = "280416"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.travel(MORNING):
        yield


@pytest.fixture
def worker(user: User) -> Employment:
    return make_worker(user=user, badge="1003")


@pytest.fixture
def kiosk(worker: Employment) -> Kiosk:
    branch = make_branch(entity=worker.entity, name="徐汇店")
    return kiosks.make_kiosk(actor=SYSTEM, at=MORNING, name="正门", branch_id=branch.pk)[0]


@pytest.fixture
def tablet(kiosk: Kiosk) -> Client:
    return tablet_of(kiosk)


@pytest.fixture
def pin(user: User, worker: Employment) -> str:
    kiosk_pins.set_pin(actor=actor_of(user), at=MORNING, employment_id=worker.pk, pin=PIN)
    return PIN


def type_in(tablet: Client, badge: str, pin: str, at: datetime = MORNING) -> tuple[int, str]:
    with clock.travel(at):
        answer = tablet.post(reverse("attendance:screen_pin"), {"badge": badge, "pin": pin})
    return answer.status_code, answer.content.decode()


class TestOwnPin:
    def test_is_set_and_removed_by_oneself_and_kept_as_a_hash(
        self, user: User, worker: Employment, tablet: Client
    ) -> None:
        client, address = client_of(user), reverse("attendance:own_pin", args=[worker.pk])
        assert "Set a PIN" in client.get(reverse("attendance:home")).content.decode()

        assert client.post(address, {"pin": PIN, "again": PIN}).status_code == 302

        row = KioskPin.objects.get()
        assert row.digest.startswith("argon2")
        assert "Change the PIN" in client.get(reverse("attendance:home")).content.decode()
        client.post(reverse("attendance:remove_pin", args=[worker.pk]))
        assert not KioskPin.objects.exists()
        names = timeline.events_of(worker.person_id).values_list("name", flat=True)
        assert {"attendance.kiosk_pin.set", "attendance.kiosk_pin.removed"} <= set(names)

    @pytest.mark.parametrize(
        ("pin", "again"),
        [
            ("12345", "12345"), ("123456789", "123456789"), ("28a416", "28a416"), ("٢٨٠٤١٦", "٢٨٠٤١٦"),
            ("111111", "111111"), ("123456", "123456"), ("987654", "987654"), ("100300", "100300"),
            (PIN, "280417"), ("", ""),
        ],
    )  # fmt: skip
    def test_is_none_that_is_tried_first(self, user: User, worker: Employment, pin: str, again: str) -> None:
        worker.badge = "100300"
        worker.save()

        answer = client_of(user).post(reverse("attendance:own_pin", args=[worker.pk]), {"pin": pin, "again": again})

        assert answer.status_code == 422
        assert not KioskPin.objects.exists()

    def test_is_nobody_elses_to_set(self, worker: Employment) -> None:
        make_worker(user=(other := make_user("employee")))
        for reader, status in ((other, 404), (make_user("hr_manager", entity=worker.entity), 403)):
            for name in ("own_pin", "remove_pin"):
                answer = client_of(reader).post(
                    reverse(f"attendance:{name}", args=[worker.pk]), {"pin": PIN, "again": PIN}
                )
                assert answer.status_code == status

    def test_is_offered_where_there_is_a_kiosk(self, user: User, worker: Employment) -> None:
        assert "PIN for kiosks" not in client_of(user).get(reverse("attendance:home")).content.decode()


class TestPunchByPin:
    def test_records_a_punch_at_the_kiosk(self, tablet: Client, worker: Employment, pin: str) -> None:
        assert "Badge number and PIN" in tablet.get(reverse("attendance:screen")).content.decode()

        status, page = type_in(tablet, " 1003 ", pin)
        again, _page = type_in(tablet, "1003", pin)

        assert (status, again) == (200, 200)
        assert "Punched" in page
        [row] = Punch.objects.all()
        assert (row.employment_id, row.source, row.details) == (
            worker.pk, "kiosk", {"kiosk": "正门", "place": "徐汇店", "by": "pin"},
        )  # fmt: skip

    @pytest.mark.parametrize(("badge", "typed"), [("1003", "280417"), ("9999", PIN), ("", ""), ("1003", "")])
    def test_refuses_both_wrongs_alike(self, tablet: Client, pin: str, badge: str, typed: str) -> None:
        status, page = type_in(tablet, badge, typed)

        assert status == 422
        assert "Badge number and PIN do not go together" in page
        assert not Punch.objects.exists()

    def test_knows_no_pin_that_nobody_set(self, tablet: Client, worker: Employment) -> None:
        for typed in ("", "0000", "000000", "1003", "123456"):
            assert type_in(tablet, "1003", typed)[0] == 422

    def test_stops_guessing_at_a_badge_and_lets_on_after_a_quarter_of_an_hour(self, tablet: Client, pin: str) -> None:
        told = [type_in(tablet, "1003", f"28041{number}")[0] for number in range(5)]

        assert told == [422] * 5
        assert type_in(tablet, "1003", pin)[0] == 429
        assert type_in(tablet, "1003", pin, MORNING + 16 * MINUTE)[0] == 200

    def test_stops_guessing_over_many_badges_at_a_kiosk(self, tablet: Client, pin: str, monkeypatch: Any) -> None:
        monkeypatch.setattr(kiosk_pins, "TRIES_AT_KIOSK", 3)
        for number in range(3):
            type_in(tablet, f"2{number}", PIN)

        assert type_in(tablet, "1003", pin)[0] == 429

    def test_counts_no_try_that_was_right(self, tablet: Client, pin: str) -> None:
        for number in range(8):
            assert type_in(tablet, "1003", pin, MORNING + number * MINUTE / 2)[0] == 200

    def test_is_for_who_works_in_the_kiosks_entity_and_may_still_punch(
        self, tablet: Client, user: User, worker: Employment, pin: str
    ) -> None:
        elsewhere = make_worker(user=(other := make_user("employee")), badge="77")
        kiosk_pins.set_pin(actor=actor_of(other), at=MORNING, employment_id=elsewhere.pk, pin=PIN)
        assert type_in(tablet, "77", PIN)[0] == 422

        user.is_active = False
        user.save()
        assert type_in(tablet, "1003", pin)[0] == 422
        assert not Punch.objects.exists()

    def test_is_only_on_a_kiosk(self, pin: str) -> None:
        assert type_in(Client(), "1003", pin)[0] == 403
