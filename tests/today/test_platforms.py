"""A platform for punches that fails, or refuses some, is a line of Today until it works again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import MONDAY, SYSTEM, actor_of, make_company, make_user
from tests.factories.attendance import make_worker, punch
from zhiren.access.models import User
from zhiren.attendance import pulling
from zhiren.attendance.channels import Unavailable
from zhiren.attendance.models import PunchAccount
from zhiren.attendance.pulling import AccountFacts
from zhiren.connectors.console.platforms import listener, teller
from zhiren.plumbing import clock, jobs
from zhiren.today import queries, services
from zhiren.today.errors import ColleagueMayNotSee
from zhiren.today.models import FollowUp

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=2)
WRONG = Unavailable("client_refused", permanent=True, detail="40001 invalid credential")


@pytest.fixture(autouse=True)
def _company() -> None:
    make_company()
    teller.empty()
    listener.empty()


def make_manager(**given: Any) -> User:
    """Return an HR manager for the whole company."""
    return make_user("hr_manager", scope="all", language="en", **given)


def make_account(owner: User, *, platform: str = "console") -> PunchAccount:
    """Return an account that somebody set up."""
    given = AccountFacts(platform=platform, name="Stores", tenant="ww1", secret="s3cret", since=date(2026, 11, 10))
    return pulling.save_account(actor=actor_of(owner), at=MONDAY, facts=given)


def exchange(account: PunchAccount, *answers: Unavailable | None, minutes: int = 0) -> None:
    for number, answer in enumerate(answers or (None,)):
        teller.answers.append(answer)
        listener.answers.append(answer)
        pulling.exchange(account_id=account.pk, at=MONDAY + timedelta(minutes=minutes + number))
    jobs.run_due(LATER)


def lines_of(user: User) -> list[FollowUp]:
    return list(queries.waiting(actor_of(user), LATER))


class TestTellKeepers:
    def test_says_what_is_wrong_and_leads_to_the_account(self) -> None:
        manager = make_manager()
        make_worker(number="Y001")
        account = make_account(manager)
        exchange(account, WRONG)
        client = Client()
        client.force_login(manager)

        with clock.travel(LATER):
            page = client.get(reverse("today:today")).content.decode()

        assert "Platform “Stores”" in page
        assert "refuses the application" in page
        assert "Trouble since" in page
        assert reverse("attendance:platform", args=[account.pk]) in page

    def test_is_opened_once_and_closed_when_it_works_again(self) -> None:
        manager = make_manager()
        make_worker(number="Y001")
        account = make_account(manager)

        exchange(account, WRONG, WRONG, WRONG)
        failing = lines_of(manager)
        exchange(account, minutes=60)

        assert len(failing) == 1
        assert lines_of(manager) == []
        assert FollowUp.objects.get().settled_how == "by_event"

    def test_waits_a_quarter_of_an_hour_with_what_may_mend_itself(self) -> None:
        manager = make_manager()
        make_worker(number="Y001")
        account = make_account(manager)

        exchange(account, *[Unavailable("busy")] * 4)
        before = lines_of(manager)
        exchange(account, Unavailable("busy"), minutes=15)

        assert (len(before), len(lines_of(manager))) == (0, 1)

    def test_is_over_when_the_account_is_changed_or_switched_off(self) -> None:
        manager = make_manager()
        make_worker(number="Y001")
        account = make_account(manager)
        exchange(account, WRONG)

        pulling.switch_account(actor=SYSTEM, at=LATER, account_id=account.pk, active=False)
        jobs.run_due(LATER)

        assert lines_of(manager) == []

    def test_tells_of_punches_that_are_refused_until_they_are_taken(self) -> None:
        manager = make_manager()
        punch(make_worker(number="Y001"), "2026-11-16 08:58", at=MONDAY)
        account = make_account(manager, platform="console-out")
        listener.strangers = {"Y001"}
        exchange(account)
        exchange(account, minutes=30)

        [line] = lines_of(manager)
        listener.strangers.clear()
        pulling.ask_now(actor=actor_of(manager), at=LATER, account_id=account.pk)
        with clock.travel(LATER):
            jobs.run_due(LATER)

        assert "does not take some punches" in line.why["en"]
        assert line.why["zh-hans"].startswith("有些打卡")
        assert lines_of(manager) == []

    def test_goes_to_the_managers_where_whoever_set_it_up_has_no_queue(self) -> None:
        manager, recruiter = make_manager(), make_user("recruiter")
        make_worker(number="Y001")
        exchange(make_account(make_user("administrator")), WRONG)

        assert len(lines_of(manager)) == 1
        assert lines_of(recruiter) == []

    def test_is_handed_over_only_to_who_may_set_up_the_platform(self) -> None:
        manager, recruiter = make_manager(), make_user("recruiter")
        make_worker(number="Y001")
        exchange(make_account(manager), WRONG)
        [line] = lines_of(manager)

        with pytest.raises(ColleagueMayNotSee):
            services.hand_over(actor=actor_of(manager), at=LATER, follow_up_id=line.pk, to_id=recruiter.pk)
