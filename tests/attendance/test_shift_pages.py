"""The pages of changes of shifts, in both languages, and what they say to odd input."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.attendance.test_shift_changes import FRIDAY, TUESDAY, Shop, shop, works
from tests.factories import MONDAY
from zhiren.access.models import User
from zhiren.attendance.models import ShiftChange
from zhiren.people.models import Employment
from zhiren.plumbing import clock

__all__ = ["shop"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_monday() -> Iterator[None]:
    with clock.travel(MONDAY):
        yield


def client_of(who: Employment | User, language: str = "zh-hans") -> Client:
    user = who if isinstance(who, User) else User.objects.get(pk=who.user_id)
    User.objects.filter(pk=user.pk).update(language=language)
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def at(name: str, *args: Any) -> str:
    return reverse(f"attendance:{name}", args=args)


class TestAsk:
    @pytest.mark.parametrize(("language", "title"), [("zh-hans", "调班或换班"), ("en", "Another shift, or a swap")])
    def test_offers_shifts_and_colleagues(self, shop: Shop, language: str, title: str) -> None:
        client = client_of(shop.ann, language)

        plain = client.get(at("ask_shift", shop.ann.pk)).content.decode()
        swap = client.get(at("ask_shift", shop.ann.pk), {"what": "swap", "on": "2026-11-17"}).content.decode()

        assert title in plain
        assert str(shop.late.pk) in plain
        assert str(shop.ben.pk) in swap
        assert str(shop.ann.pk) + '"' not in swap.split("id_colleague")[1].split("</select>")[0]

    def test_sends_a_swap_and_lists_it(self, shop: Shop) -> None:
        client = client_of(shop.ann)

        answer = client.post(
            at("ask_shift", shop.ann.pk),
            {"what": "swap", "on": f"{TUESDAY}", "colleague": str(shop.ben.pk), "also_on": f"{FRIDAY}"},
        )

        assert answer.status_code == 302
        assert ShiftChange.objects.get().colleague == shop.ben
        assert shop.ben.person.name in client.get(at("shift_changes", shop.ann.pk)).content.decode()
        assert shop.ann.person.name in client_of(shop.ben).get(at("shift_changes", shop.ben.pk)).content.decode()

    @pytest.mark.parametrize(
        "given",
        [
            {},
            {"what": "swap", "on": "2026-02-30", "colleague": "x"},
            {"what": "swap", "on": "2026-11-17", "colleague": "not-an-id", "also_on": "9999-99-99"},
            {"what": "change", "on": "2026-11-17", "shift": "00000000-0000-0000-0000-000000000000"},
            {"what": "change", "on": "0001-01-01", "shift": ""},
            {"what": "nothing", "on": "9999-12-31"},
        ],
    )
    def test_says_what_is_wrong(self, shop: Shop, given: dict[str, str]) -> None:
        client = client_of(shop.ann)

        assert client.post(at("ask_shift", shop.ann.pk), given).status_code == 422
        assert client.get(at("preview_shift", shop.ann.pk), given).status_code == 200
        assert client.get(at("ask_shift", shop.ann.pk), given).status_code == 200
        assert ShiftChange.objects.count() == 0

    def test_shows_both_plans_or_why_not(self, shop: Shop) -> None:
        client = client_of(shop.ann, "en")
        swap = {"what": "swap", "on": f"{TUESDAY}", "colleague": str(shop.ben.pk)}

        shown = client.get(at("preview_shift", shop.ann.pk), swap).content.decode()
        same = {"what": "change", "on": f"{TUESDAY}", "shift": str(shop.early.pk)}
        refused = client.get(at("preview_shift", shop.ann.pk), same).content.decode()

        assert "14:00–22:00" in shown
        assert "09:00–18:00" in shown
        assert "nothing would change" in refused

    def test_is_not_for_colleagues(self, shop: Shop) -> None:
        client = client_of(shop.ben)

        for name in ("ask_shift", "preview_shift", "shift_changes"):
            assert client.get(at(name, shop.ann.pk)).status_code == 404


class TestPlanDay:
    def test_plans_and_gives_back(self, shop: Shop) -> None:
        client = client_of(shop.hr)
        address = at("plan_day", shop.ann.pk, TUESDAY)

        assert client.post(address, {"plan": str(shop.late.pk), "note": "盘点"}).status_code == 302
        assert works(shop.ann) == shop.late.pk
        assert "盘点" in client.get(at("day", shop.ann.pk, TUESDAY)).content.decode()
        client.post(address, {"plan": "group"})

        assert works(shop.ann) == shop.early.pk

    @pytest.mark.parametrize("plan", ["", "x", "00000000-0000-0000-0000-000000000000"])
    def test_says_what_is_wrong(self, shop: Shop, plan: str) -> None:
        client = client_of(shop.hr)

        assert client.post(at("plan_day", shop.ann.pk, TUESDAY), {"plan": plan}).status_code == 422
        assert client.get(at("preview_day", shop.ann.pk, TUESDAY), {"plan": plan}).status_code == 200
        assert client.post(at("plan_day", shop.ann.pk, "2026-02-30"), {"plan": "off"}).status_code == 404

    def test_refuses_a_day_without_employment(self, shop: Shop) -> None:
        answer = client_of(shop.hr).post(at("plan_day", shop.ann.pk, "2019-01-01"), {"plan": "off"})

        assert answer.status_code == 422
