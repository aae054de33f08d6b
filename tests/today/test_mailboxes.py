"""A mailbox that cannot be read is a line of Today until it can be."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import MONDAY, SYSTEM, actor_of, make_company, make_person, make_user
from tests.mailbox.making import facts
from zhiren.access.models import User
from zhiren.kernel.refusals import NotFound
from zhiren.mailbox import services as mailbox
from zhiren.mailbox.models import MailAccount
from zhiren.plumbing import clock, jobs
from zhiren.today import keepers, queries, services
from zhiren.today.errors import ColleagueMayNotSee
from zhiren.today.models import FollowUp

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _company() -> None:
    make_company()


def make_manager(**given: Any) -> User:
    """Return an HR manager for the whole company."""
    return make_user("hr_manager", scope="all", language="en", **given)


def make_account(owner: User) -> MailAccount:
    """Return a mailbox that somebody set up."""
    return mailbox.save_account(actor=actor_of(owner), at=MONDAY, facts=facts(name="Careers box"))


def fail(
    account: MailAccount, problem: str = "sign_in", *, lasting: bool = True, at: datetime = MONDAY, times: int = 1
) -> None:
    for _time in range(times):
        mailbox.note_failure(account_id=account.pk, at=at, problem=problem, lasting=lasting)
    happen()


def happen() -> None:
    """Let what was recorded reach those who react to it."""
    jobs.run_due(LATER)


def lines_of(user: User) -> list[FollowUp]:
    return list(queries.waiting(actor_of(user), LATER))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


class TestTellKeepers:
    def test_says_why_since_when_and_what_to_do(self) -> None:
        manager = make_manager()
        account = make_account(manager)
        fail(account)

        with clock.travel(LATER):
            page = signed_in(manager).get(reverse("today:today")).content.decode()

        assert "Mailbox “Careers box”" in page
        assert "refuses user name or password" in page
        assert "Many providers want a password made for this purpose" in page
        assert "Cannot be read since" in page
        assert reverse("mailbox:account", args=[account.pk]) in page

    def test_speaks_the_language_of_the_reader(self) -> None:
        manager = make_manager()
        fail(make_account(manager))

        [line] = lines_of(manager)

        assert line.why["zh-hans"].startswith("服务器拒绝了用户名或密码")
        assert line.why["en"].startswith("The server refuses")

    def test_waits_a_quarter_of_an_hour_with_what_may_mend_itself(self) -> None:
        manager = make_manager()
        account = make_account(manager)

        fail(account, "unreachable", lasting=False, times=4)
        before = lines_of(manager)
        fail(account, "unreachable", lasting=False, times=3)

        assert (len(before), len(lines_of(manager))) == (0, 1)

    def test_says_anew_what_it_is_when_it_has_become_something_else(self) -> None:
        manager = make_manager()
        account = make_account(manager)
        fail(account, "unreachable", lasting=False, times=5)
        fail(account, "certificate", at=MONDAY + timedelta(minutes=40))

        [line] = lines_of(manager)

        assert "certificate" in line.why["en"]
        assert FollowUp.objects.get(state="done").settled_how == "by_event"

    def test_goes_to_the_managers_where_whoever_set_it_up_has_no_queue(self) -> None:
        manager, recruiter = make_manager(), make_user("recruiter")
        fail(make_account(make_user("administrator")))

        assert len(lines_of(manager)) == 1
        assert lines_of(recruiter) == []

    def test_is_the_same_however_often_it_is_told(self) -> None:
        manager = make_manager()
        account = make_account(manager)
        fail(account)

        keepers.tell_keepers(source="mailbox", account_id=account.pk, at=MONDAY)
        keepers.tell_keepers(source="mailbox", account_id=account.pk, at=MONDAY - timedelta(minutes=5))

        assert FollowUp.objects.count() == 1

    @pytest.mark.parametrize("how", ["read", "changed", "switched off"])
    def test_is_over_when_there_is_nothing_to_do_any_more(self, how: str) -> None:
        manager = make_manager()
        account = make_account(manager)
        fail(account)
        assert len(lines_of(manager)) == 1

        if how == "read":
            mailbox.note_contact(account_id=account.pk, at=LATER, behind=0)
        elif how == "changed":
            mailbox.save_account(actor=SYSTEM, at=LATER, facts=facts(password="right"), account_id=account.pk)
        else:
            mailbox.switch_account(actor=SYSTEM, at=LATER, account_id=account.pk, active=False)
        happen()

        assert lines_of(manager) == []


class TestLine:
    def test_counts_beside_persons_and_is_done_put_off_and_handed_over(self) -> None:
        manager, other = make_manager(), make_manager(name="林静")
        services.open_follow_up(
            at=MONDAY, key="a", person_id=make_person().pk, owner_id=manager.pk,
            reason=services.Reason(why={"en": "call"}), due_at=MONDAY,
        )  # fmt: skip
        fail(make_account(manager))
        [line] = [row for row in lines_of(manager) if row.person_id is None]
        client = signed_in(manager)

        counts = queries.counts(actor_of(manager), LATER)
        with clock.travel(LATER):
            until = (LATER + timedelta(days=1)).isoformat()
            snoozed = client.post(
                reverse("today:snooze", args=[line.pk]), {"until": until}, headers={"HX-Request": "true"}
            )
            services.reopen(actor=actor_of(manager), at=LATER, follow_up_id=line.pk)
            given = services.hand_over(actor=actor_of(manager), at=LATER, follow_up_id=line.pk, to_id=other.pk)
            done = signed_in(other).post(reverse("today:done", args=[line.pk]), headers={"HX-Request": "true"})

        assert counts.waiting == 2
        assert (snoozed.status_code, done.status_code, given.owner) == (200, 200, other)
        assert FollowUp.objects.get(pk=line.pk).state == "done"

    def test_is_handed_over_only_to_who_may_set_up_the_mailbox(self) -> None:
        manager, recruiter = make_manager(), make_user("recruiter")
        fail(make_account(manager))
        [line] = lines_of(manager)

        with pytest.raises(ColleagueMayNotSee):
            services.hand_over(actor=actor_of(manager), at=LATER, follow_up_id=line.pk, to_id=recruiter.pk)

    def test_has_no_page_that_is_about_a_person(self) -> None:
        manager = make_manager()
        fail(make_account(manager))
        [line] = lines_of(manager)
        client = signed_in(manager)

        for name in ("evidence", "contact", "mail"):
            ask = client.post if name == "contact" else client.get
            assert ask(reverse(f"today:{name}", args=[line.pk])).status_code == 404
        with pytest.raises(NotFound):
            services.finish_by_mail(
                actor=actor_of(manager), at=LATER, follow_up_id=line.pk, subject="a", body="b", business_key="k"
            )
