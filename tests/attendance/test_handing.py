"""Punches of a badge that were taken for the wrong person: handed over by HR, who sees first what that changes."""

from __future__ import annotations

import html
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.attendance.test_pages import client_of
from tests.factories import SYSTEM, actor_of, make_department, make_user
from tests.factories.attendance import make_worker, wall
from zhiren.access.models import User
from zhiren.attendance import handing, months, queries, services
from zhiren.attendance.errors import NothingToHandOver
from zhiren.attendance.handing import Wish
from zhiren.attendance.models import Adjustment, DayRecord, Dirty, HandedOver, Punch
from zhiren.attendance.services import Stamped
from zhiren.kernel.refusals import NotFound
from zhiren.people import employing
from zhiren.people.models import Employment
from zhiren.plumbing import clock
from zhiren.timeline.models import EventRow

pytestmark = pytest.mark.django_db
NOON = wall("2026-11-18 12:00")
MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)


class Shop:
    """Two people of whom one got the other's badge: the clock told of three punches, which went to the wrong one."""

    def __init__(self) -> None:
        department = make_department()
        self.user = make_user("employee", language="en")
        self.wrong = make_worker(user=self.user, department=department, badge="1003")
        self.right = make_worker(department=department, number="E77")
        self.hr = make_user("hr_manager", entity=department.entity, language="en")
        self.device = services.greet_device(at=NOON, serial="CJ9Z200160001")
        services.keep_device(
            actor=SYSTEM, at=NOON, device_id=self.device.pk, name="正门", branch_id=None, zone="Asia/Shanghai",
            state="claimed",
        )  # fmt: skip
        self.device.refresh_from_db()
        self.tell("2026-11-16 08:55", "2026-11-16 18:05", "2026-11-17 08:58")

    def tell(self, *times: str) -> services.Taken:
        shown = [Stamped("1003", wall(text).replace(tzinfo=None)) for text in times]
        taken = services.take_from_device(at=NOON, device=self.device, stamped=shown)
        services.compute_now(at=NOON, taken=taken)
        return taken

    def wish(self, **given: Any) -> Wish:
        usual = {"from_id": self.wrong.pk, "to_id": self.right.pk, "badge": "1003", "first": MONDAY, "last": TUESDAY}
        return Wish(**usual | given)

    def hand_over(self, user: User | None = None, **given: Any) -> int:
        return handing.hand_over(actor=actor_of(user or self.hr), at=NOON, wish=self.wish(**given))

    def worked(self, row: Employment, on: date = MONDAY) -> int:
        return queries.days_of(row.pk, on, on)[on].worked


@pytest.fixture
def shop() -> Shop:
    return Shop()


class TestHandOver:
    def test_lets_the_punches_count_for_whose_they_are(self, shop: Shop) -> None:
        assert shop.worked(shop.wrong) == 480

        assert shop.hand_over() == 3

        assert (shop.worked(shop.wrong), shop.worked(shop.right)) == (0, 480)
        assert queries.punches_of(shop.wrong.pk, NOON - timedelta(days=9), NOON) == []
        assert len(queries.punches_of(shop.right.pk, NOON - timedelta(days=9), NOON)) == 3

    def test_changes_and_deletes_no_punch(self, shop: Shop) -> None:
        before = list(Punch.objects.order_by("pk").values())

        shop.hand_over()

        after = list(Punch.objects.order_by("pk").values())
        assert after[:3] == before
        assert [row["employment_id"] for row in after[3:]] == [shop.right.pk] * 3
        assert {row["device_id"] for row in after} == {shop.device.pk}

    def test_is_the_same_when_the_month_is_computed_by_columns(self, shop: Shop) -> None:
        shop.hand_over()
        days = list(DayRecord.objects.order_by("employment", "on").values("employment", "on", "digest"))

        months.compute_month(at=NOON, month=date(2026, 11, 1))

        again = DayRecord.objects.filter(on__in=[row["on"] for row in days]).order_by("employment", "on")
        assert [row for row in again.values("employment", "on", "digest") if row in days] == days

    def test_is_done_once(self, shop: Shop) -> None:
        shop.hand_over()

        with pytest.raises(NothingToHandOver):
            shop.hand_over()
        assert shop.tell("2026-11-16 08:55").known == 1  # the clock tells it again
        assert shop.worked(shop.wrong) == 0

    def test_can_be_put_right_by_handing_back(self, shop: Shop) -> None:
        shop.hand_over()

        shop.hand_over(from_id=shop.right.pk, to_id=shop.wrong.pk)

        assert (shop.worked(shop.wrong), shop.worked(shop.right)) == (480, 0)

    def test_takes_only_the_dates_that_were_named_and_on_which_the_other_works(self, shop: Shop) -> None:
        assert shop.hand_over(first=TUESDAY) == 1
        employing.end_employment(
            actor=SYSTEM, at=NOON, employment_id=shop.right.pk, to_on=date(2026, 11, 13), reason="resigned"
        )

        with pytest.raises(NothingToHandOver):
            shop.hand_over()
        assert shop.worked(shop.wrong) == 480

    def test_notes_the_difference_beside_a_closed_month(self, shop: Shop) -> None:
        december = wall("2026-12-03 12:00")
        with clock.travel(december):
            months.compute_month(at=december, month=date(2026, 11, 1))
            Dirty.objects.all().delete()
            services.close_month(actor=SYSTEM, at=december, entity_id=shop.wrong.entity_id, month=date(2026, 11, 1))

        effect = handing.effect_of(actor=actor_of(shop.hr), at=december, wish=shop.wish(last=MONDAY))
        assert (effect.punches, effect.beside, list(effect.changes)) == (2, 2, [])
        assert not Adjustment.objects.exists()
        handing.hand_over(actor=actor_of(shop.hr), at=december, wish=shop.wish(last=MONDAY))

        assert shop.worked(shop.wrong) == 480
        found = {row.employment_id: row.minutes["worked"] for row in Adjustment.objects.filter(on=MONDAY)}
        assert found == {shop.wrong.pk: -480, shop.right.pk: 480}

    def test_is_on_the_record_of_both(self, shop: Shop) -> None:
        shop.hand_over()

        rows = EventRow.objects.filter(name__startswith="attendance.punches.").order_by("number")
        assert [(row.name, row.payload["punches"]) for row in rows] == [
            ("attendance.punches.handed_over", 3), ("attendance.punches.received", 3),
        ]  # fmt: skip

    def test_is_for_who_manages_both_and_is_neither(self, shop: Shop) -> None:
        elsewhere = make_worker(badge="9")
        for user, given in (
            (make_user("hr_manager", entity=elsewhere.entity), {}),
            (make_user("hiring_manager", scope="department", department=shop.wrong.department), {}),
            (shop.hr, {"to_id": elsewhere.pk}),
        ):
            with pytest.raises(NotFound):
                shop.hand_over(user, **given)
        shop.right.user_id = shop.hr.pk
        shop.right.save()
        with pytest.raises(NotFound):
            shop.hand_over()
        assert not HandedOver.objects.exists()


class TestThePage:
    def page(self, client: Client, shop: Shop, **given: Any) -> tuple[int, str]:
        address = reverse("attendance:hand_over", args=[shop.wrong.pk])
        usual = {"badge": "1003", "first": "2026-11-16", "last": "2026-11-18", "whose": "E77"}
        with clock.travel(NOON):
            answer = client.post(address, usual | given) if given is not None else client.get(address)
        return answer.status_code, html.unescape(answer.content.decode())

    def test_shows_what_changes_before_it_is_done(self, shop: Shop) -> None:
        client = client_of(shop.hr)

        status, page = self.page(client, shop)

        assert status == 200
        assert f"3 punches count for {shop.right.person.name} then." in page
        assert page.count("8 h") == 2  # of one before, of the other after
        assert not HandedOver.objects.exists()
        assert shop.worked(shop.wrong) == 480
        assert not EventRow.objects.filter(name__startswith="attendance.punches.handed").exists()
        seen = f"{shop.right.pk} 1003 2026-11-16 2026-11-18"
        assert seen in page
        assert self.page(client, shop, confirm=seen, last="2026-11-17")[0] == 200  # something else was typed
        assert not HandedOver.objects.exists()
        assert self.page(client, shop, confirm=seen)[0] == 302
        assert shop.worked(shop.right) == 480

    def test_is_offered_on_the_month_to_who_manages_it(self, shop: Shop) -> None:
        month = reverse("attendance:person_month", args=[shop.wrong.pk])
        address = reverse("attendance:hand_over", args=[shop.wrong.pk])
        with clock.travel(NOON):
            assert address in client_of(shop.hr).get(month).content.decode()
            assert address not in client_of(shop.user).get(month).content.decode()
            assert client_of(shop.hr).get(address).status_code == 200
            assert client_of(shop.user).get(address).status_code == 403

    def test_tells_both_what_became_of_the_punches(self, shop: Shop) -> None:
        shop.hand_over()
        with clock.travel(NOON):
            client = client_of(shop.hr)
            wrong, right = (
                client.get(reverse("attendance:day", args=[row.pk, "2026-11-16"])).content.decode()
                for row in (shop.wrong, shop.right)
            )

        assert "By badge 1003, which was another's; put right on" in html.unescape(wrong)
        assert "By this badge, first taken for somebody else's; put right at" in html.unescape(right)

    @pytest.mark.parametrize(
        ("odd", "words"),
        [
            ({"whose": "nobody"}, "Nobody else of this legal entity that you manage has this number."),
            ({"whose": "1003"}, "Nobody else of this legal entity that you manage has this number."),
            ({"badge": "1004"}, "1004"),
            ({"first": "2026-11-19"}, "This is before the first day."),
            ({"last": "0001-01-01"}, ""),
            ({"first": "soon"}, ""),
        ],
    )
    def test_says_what_cannot_be(self, shop: Shop, odd: dict[str, str], words: str) -> None:
        status, page = self.page(client_of(shop.hr), shop, **odd)

        assert status == 422
        assert words in page
