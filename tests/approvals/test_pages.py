"""The pages of requests and their API, as their readers use them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.approvals.conftest import House
from tests.approvals.test_services import ask, decide
from tests.factories import MONDAY, actor_of, make_user
from zhiren.access.models import User
from zhiren.approvals import general, queries
from zhiren.approvals.models import Delegation, Request
from zhiren.kernel.ids import new_id
from zhiren.kernel.money import Money
from zhiren.plumbing import clock

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _on_monday() -> Iterator[None]:
    with clock.travel(MONDAY):
        yield


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(user: User, name: str, *args: Any, **query: str) -> str:
    answer = client_of(user).get(reverse(f"approvals:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


class TestOddInput:
    @pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "soon"])
    def test_of_days_makes_no_delegation(self, house: House, day: str) -> None:
        for span in ((day, "2026-12-01"), ("2026-11-20", day)):
            answer = client_of(house.manager).post(
                reverse("approvals:delegations"),
                {"to_user": str(house.head.pk), "from_on": span[0], "to_on": span[1]},
            )
            assert answer.status_code == 422
        assert not Delegation.objects.exists()


class TestWaiting:
    def test_lists_what_the_reader_decides_with_its_facts(self, house: House) -> None:
        request = ask(house)

        assert f'id="request-{request.pk}"' in text_of(house.manager, "waiting")
        assert f'id="request-{request.pk}"' not in text_of(house.asker, "waiting")

    def test_approves_with_one_tap_and_shows_what_is_left(self, house: House) -> None:
        first = ask(house)
        house.subject = new_id()
        second = ask(house)

        answer = client_of(house.manager).post(
            reverse("approvals:approve", args=[first.pk]),
            **HTMX,
            HTTP_HX_CURRENT_URL=f"http://testserver{reverse('approvals:waiting')}",
        )

        page = answer.content.decode()
        assert (str(first.pk) in page, str(second.pk) in page) == (False, True)
        assert Request.objects.get(pk=first.pk).state == "approved"

    def test_asks_as_many_queries_for_many_as_for_few(self, house: House, django_assert_num_queries: Any) -> None:
        for _number in range(12):
            house.subject = new_id()
            ask(house)
        client = client_of(house.manager)

        with django_assert_num_queries(8):
            page = client.get(reverse("approvals:waiting")).content.decode()

        assert page.count('id="request-') == 12


class TestMine:
    def test_says_who_is_asked(self, house: House) -> None:
        ask(house)

        assert "经理" in text_of(house.asker, "mine")

    def test_goes_on_after_a_page(self, house: House) -> None:
        for _number in range(31):
            house.subject = new_id()
            ask(house)

        first = client_of(house.asker).get(reverse("approvals:mine"))
        after = first.context["next_cursor"]
        rest = client_of(house.asker).get(reverse("approvals:mine"), {"after": after}, **HTMX)

        assert first.content.decode().count('id="request-') == 30
        assert rest.content.decode().count('id="request-') == 1


class TestAll:
    def test_is_for_hr_of_the_entity_by_state(self, house: House) -> None:
        request = decide(ask(house), house.manager)

        assert str(request.pk) in text_of(house.hr, "all", state="approved")
        assert str(request.pk) not in text_of(house.hr, "all", state="pending")
        stranger = make_user("hr_manager")
        assert str(request.pk) not in text_of(stranger, "all")
        assert client_of(house.manager).get(reverse("approvals:all")).status_code == 403


class TestRequest:
    def test_shows_the_buttons_to_who_decides_only(self, house: House) -> None:
        request = ask(house, days=4)
        approve = reverse("approvals:approve", args=[request.pk])

        assert approve in text_of(house.manager, "request", request.pk)
        assert approve not in text_of(house.asker, "request", request.pk)
        assert "人事" in text_of(house.asker, "request", request.pk)  # who would be asked next

    def test_shows_why_it_was_declined(self, house: House) -> None:
        request = decide(ask(house), house.manager, approves=False, reason="人手不够")

        assert "人手不够" in text_of(house.asker, "request", request.pk)

    def test_does_not_run_what_somebody_wrote(self, house: House) -> None:
        request = decide(ask(house), house.manager, approves=False, reason="<script>alert(1)</script>")

        assert "<script>alert(1)" not in text_of(house.asker, "request", request.pk)

    def test_needs_a_reason_for_a_no(self, house: House) -> None:
        request = ask(house)
        address = reverse("approvals:decline", args=[request.pk])

        assert client_of(house.manager).post(address, {"reason": " "}).status_code == 422
        assert client_of(house.manager).post(address, {"reason": "不行"}).status_code == 302

        assert Request.objects.get().state == "declined"

    def test_is_withdrawn_and_taken_back_from_its_page(self, house: House) -> None:
        first = ask(house)
        assert client_of(house.asker).post(reverse("approvals:withdraw", args=[first.pk])).status_code == 302
        second = decide(ask(house), house.manager)
        assert client_of(house.asker).post(reverse("approvals:cancel", args=[second.pk])).status_code == 302

        assert [row.state for row in Request.objects.order_by("submitted_at", "id")] == [
            "withdrawn", "approved", "pending",
        ]  # fmt: skip


class TestGeneral:
    def test_asks_for_whatever_has_no_app(self, house: House) -> None:
        answer = client_of(house.asker).post(
            reverse("approvals:new"), {"title": "显示器", "text": "看图用", "cost": "1999.50", "currency": "CNY"}
        )

        request = Request.objects.get()
        assert answer["Location"] == reverse("approvals:request", args=[request.pk])
        page = text_of(house.manager, "request", request.pk)
        assert "显示器" in page
        assert "¥1,999.50" in page

    @pytest.mark.parametrize("wrong", [{"title": ""}, {"cost": "-1"}, {"cost": "0.001"}, {"cost": "abc"}])
    def test_refuses_what_makes_no_sense(self, house: House, wrong: dict[str, str]) -> None:
        given = {"title": "显示器", "text": "看图用", "cost": "1", "currency": "CNY", **wrong}

        assert client_of(house.asker).post(reverse("approvals:new"), given).status_code == 422
        assert not Request.objects.exists()

    def test_can_be_a_condition_by_its_cost(self, house: House) -> None:
        request = general.ask(
            actor=actor_of(house.asker), at=MONDAY, title="a", text="b", cost=Money.of("12.50", "CNY")
        )

        assert queries.values_of(request)["cost"] == 12.5


class TestDelegations:
    def test_names_a_stand_in_for_whole_days(self, house: House) -> None:
        deputy = make_user("", name="代理人")
        client = client_of(house.manager)

        answer = client.post(
            reverse("approvals:delegations"),
            {"to_user": str(deputy.pk), "from_on": "2026-11-16", "to_on": "2026-11-17"},
        )

        assert answer.status_code == 302
        page = text_of(house.manager, "delegations")
        assert "代理人" in page
        assert "11月17日" in page
        ask(house)
        assert "request-" in text_of(deputy, "waiting")


class TestApi:
    def test_decides(self, house: House) -> None:
        request = ask(house)
        client = client_of(house.manager)

        listed = client.get("/api/v1/requests?which=waiting").json()
        assert [item["id"] for item in listed["items"]] == [str(request.pk)]
        answer = client.post(
            f"/api/v1/requests/{request.pk}/decide", json.dumps({"approves": True}), content_type="application/json"
        ).json()

        assert (answer["state"], answer["steps"][0]["answers"][0]["answer"]) == ("approved", "approved")
        again = client.post(
            f"/api/v1/requests/{request.pk}/decide", json.dumps({"approves": True}), content_type="application/json"
        )
        assert (again.status_code, again.json()["code"]) == (409, "approvals.answered_already")
