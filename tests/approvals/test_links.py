"""Answering by the link in a mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.approvals.conftest import House
from tests.approvals.test_services import LATER, ask, decide, set_policy
from tests.factories import MONDAY, SYSTEM, actor_of, make_user
from zhiren.access import services as access
from zhiren.access.models import User
from zhiren.approvals import links, services, standing_in
from zhiren.approvals.models import Approver, Request
from zhiren.connectors.console.channel import ConsoleChannel, console
from zhiren.plumbing import clock
from zhiren.plumbing.jobs import run_due


@pytest.fixture(autouse=True)
def _an_hour_later() -> Iterator[None]:
    with clock.travel(LATER):
        yield


@pytest.fixture
def letters(settings: Any) -> Iterator[ConsoleChannel]:
    """Let the console's double carry the mail, and give it."""
    settings.MAIL_CARRIER = "console"
    console.letters.clear()
    yield console
    console.letters.clear()


def page(request: Request, user: User, *, number: int = 1) -> str:
    step = request.steps.get(number=number)
    token = links.token_for(user_id=user.pk, step_id=step.pk, at=MONDAY)
    return reverse("approvals:by_mail", args=[token])


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


class TestMail:
    def test_brings_a_link_with_which_a_visitor_says_yes(self, house: House, letters: ConsoleChannel) -> None:
        request = ask(house)
        run_due(LATER)
        letter = next(one for one in letters.letters if one.to_address == house.manager.email)
        address = re.search(r"https?://\S+/approvals/mail/\S+", letter.text)
        assert address is not None
        path = address.group().removeprefix("http://127.0.0.1:8000")

        shown = Client().get(path)
        assert shown.status_code == 200
        assert Request.objects.get().state == "pending"
        assert Client().post(path, {"answer": "yes"}).status_code == 200

        answer = request.steps.get().approvers.get()
        assert (Request.objects.get().state, answer.answered_by, answer.door) == ("approved", house.manager, "mail")

    def test_goes_once_to_each_who_may_answer(self, house: House, letters: ConsoleChannel) -> None:
        deputy = make_user("")
        standing_in.give_delegation(
            actor=actor_of(house.manager), at=MONDAY, to_user_id=deputy.pk, starts_at=MONDAY,
            ends_at=MONDAY + timedelta(days=2),
        )  # fmt: skip
        request = ask(house)
        run_due(LATER)
        from zhiren.approvals.letters import write_to_approvers

        write_to_approvers(request_id=request.pk, at=LATER)
        run_due(LATER)

        asked = [one.to_address for one in letters.letters if "/approvals/mail/" in one.text]
        assert sorted(asked) == sorted([house.manager.email, deputy.email])

    def test_tells_the_asker_what_became_of_it_and_why(self, house: House, letters: ConsoleChannel) -> None:
        decide(ask(house), house.manager, approves=False, reason="人手不够")
        run_due(LATER)

        (told,) = [one for one in letters.letters if one.to_address == house.asker.email]
        assert "未通过" in told.subject
        assert "人手不够" in told.text
        assert "/approvals/mail/" not in told.text


class TestLink:
    def test_decides_nothing_when_it_is_only_looked_at(self, house: House) -> None:
        request = ask(house)

        for method in ("get", "head"):
            assert getattr(Client(), method)(page(request, house.manager)).status_code == 200

        assert not Approver.objects.exclude(answer="").exists()

    def test_works_once(self, house: House) -> None:
        set_policy({"ask": ["manager", "hr"], "needs": "all"})
        request = ask(house)
        address = page(request, house.manager)

        assert Client().post(address, {"answer": "yes"}).status_code == 200
        again = Client().post(address, {"answer": "no", "reason": "改主意了"})

        assert again.status_code == 409
        assert request.steps.get().approvers.get(user=house.manager).answer == "approved"
        shown = Client().get(address)
        assert (shown.status_code, 'name="answer"' in shown.content.decode()) == (200, False)

    def test_does_not_decide_a_later_step_of_the_same_request(self, house: House) -> None:
        set_policy({"ask": ["manager", "hr"]}, {"ask": [{"user": str(house.manager.pk)}]})
        request = ask(house)
        old = page(request, house.manager)
        decide(request, house.hr)

        assert Client().post(old, {"answer": "yes"}).status_code == 409

        assert Request.objects.get().state == "pending"

    def test_is_past_after_a_week(self, house: House) -> None:
        request = ask(house)

        with clock.travel(MONDAY + timedelta(days=7, minutes=1)):
            assert Client().post(page(request, house.manager), {"answer": "yes"}).status_code == 404

        assert Request.objects.get().state == "pending"

    def test_is_of_no_use_to_another_who_is_signed_in(self, house: House) -> None:
        request = ask(house)

        for user in (house.asker, house.hr, make_user("administrator")):
            assert signed_in(user).get(page(request, house.manager)).status_code == 404
            assert signed_in(user).post(page(request, house.manager), {"answer": "yes"}).status_code == 404

        assert Request.objects.get().state == "pending"

    def test_that_was_changed_is_refused(self, house: House) -> None:
        address = page(ask(house), house.manager)

        assert Client().get(address[:-4] + "aaaa").status_code == 404

    def test_made_for_the_asker_decides_nothing(self, house: House) -> None:
        request = ask(house)

        assert Client().post(page(request, house.asker), {"answer": "yes"}).status_code == 403

        assert Request.objects.get().state == "pending"

    def test_ends_with_the_access_of_its_reader(self, house: House) -> None:
        request = ask(house)
        access.disable_user(actor=SYSTEM, at=MONDAY, user_id=house.manager.pk)

        assert Client().post(page(request, house.manager), {"answer": "yes"}).status_code == 404

    def test_ends_with_the_delegation_it_was_sent_under(self, house: House) -> None:
        deputy = make_user("")
        given = standing_in.give_delegation(
            actor=actor_of(house.manager), at=MONDAY, to_user_id=deputy.pk, starts_at=MONDAY,
            ends_at=MONDAY + timedelta(days=2),
        )  # fmt: skip
        request = ask(house)
        standing_in.end_delegation(
            actor=actor_of(house.manager), at=MONDAY + timedelta(minutes=30), delegation_id=given.pk
        )

        assert Client().post(page(request, deputy), {"answer": "yes"}).status_code == 404

        assert Request.objects.get().state == "pending"

    def test_says_no_only_with_a_reason(self, house: House) -> None:
        request = ask(house)

        assert Client().post(page(request, house.manager), {"answer": "no"}).status_code == 422
        assert Client().post(page(request, house.manager), {"answer": "no", "reason": "不行"}).status_code == 200

        assert Request.objects.get().state == "declined"

    def test_needs_the_token_against_forged_forms(self, house: House) -> None:
        request = ask(house)

        assert Client(enforce_csrf_checks=True).post(page(request, house.manager), {"answer": "yes"}).status_code == 403

    def test_of_a_withdrawn_request_says_so(self, house: House) -> None:
        request = ask(house)
        services.withdraw_request(actor=actor_of(house.asker), at=LATER, request_id=request.pk)

        assert Client().get(page(request, house.manager)).status_code == 200
        assert Client().post(page(request, house.manager), {"answer": "yes"}).status_code == 409
