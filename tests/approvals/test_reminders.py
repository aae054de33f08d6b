"""Reminding and going higher, by the playbooks that come along."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.approvals.conftest import House
from tests.approvals.test_services import ask, decide, set_policy, waiting
from tests.factories import MONDAY, make_company, make_user
from zhiren.connectors.console.channel import ConsoleChannel, console
from zhiren.kernel.ids import new_id
from zhiren.playbooks import services as playbooks
from zhiren.playbooks.models import Playbook
from zhiren.plumbing import clock, jobs, ticks


@pytest.fixture
def letters(settings: Any, db: None) -> Iterator[ConsoleChannel]:
    """Let the console's double carry the mail, and give it; the shipped playbooks are there."""
    settings.MAIL_CARRIER = "console"
    make_company()
    playbooks.ensure_shipped(at=MONDAY)
    console.letters.clear()
    yield console
    console.letters.clear()


def until(moment: datetime) -> None:
    """Let time pass: what happened is told, what is due is done."""
    with clock.travel(moment):
        jobs.run_due(moment)
        ticks.tick(moment)
        jobs.run_due(moment)


def to(letters: ConsoleChannel, address: str) -> list[str]:
    return [letter.subject for letter in letters.letters if letter.to_address == address]


class TestReminders:
    def test_come_after_a_working_day_and_then_go_higher(self, house: House, letters: ConsoleChannel) -> None:
        request = ask(house)

        until(MONDAY + timedelta(minutes=1))
        assert len(to(letters, house.manager.email)) == 1
        until(MONDAY + timedelta(days=1, minutes=1))
        assert len(to(letters, house.manager.email)) == 2
        until(MONDAY + timedelta(days=3, minutes=1))
        assert len(to(letters, house.manager.email)) == 3
        assert waiting(house.head) == []
        until(MONDAY + timedelta(days=7, minutes=1))

        assert waiting(house.head) == [request]
        assert len(to(letters, house.head.email)) == 1

    def test_come_for_what_is_about_nobody_too(self, house: House, letters: ConsoleChannel) -> None:
        request = ask(house, employment_id=None)
        answered = ask(house, employment_id=None, subject_id=new_id(), days=3)
        assert (request.person_id, answered.person_id) == (None, None)

        until(MONDAY + timedelta(minutes=1))
        decide(answered, house.manager)
        until(MONDAY + timedelta(days=1, minutes=1))
        assert len(to(letters, house.manager.email)) == 3  # asked twice, reminded of the one
        until(MONDAY + timedelta(days=3, minutes=1))
        until(MONDAY + timedelta(days=7, minutes=1))

        assert waiting(house.head) == [request]
        everything = make_user("hr_manager", scope="all")
        client = Client()
        client.force_login(everything)
        playbook = Playbook.objects.get(key="approval_waiting")
        page = client.get(reverse("playbooks:runs", args=[playbook.pk])).content.decode()
        assert reverse("approvals:request", args=[request.pk]) in page

    def test_of_what_is_about_nobody_come_when_the_time_of_the_policy_is_over(
        self, house: House, letters: ConsoleChannel
    ) -> None:
        set_policy({"ask": ["manager"], "within_days": 1})
        request = ask(house, employment_id=None)
        until(MONDAY + timedelta(minutes=1))

        until(MONDAY + timedelta(days=1, minutes=2))

        assert waiting(house.head) == [request]
        assert len(to(letters, house.head.email)) >= 1

    def test_stop_with_the_answer(self, house: House, letters: ConsoleChannel) -> None:
        request = ask(house)
        until(MONDAY + timedelta(minutes=1))
        decide(request, house.manager)

        until(MONDAY + timedelta(days=10))

        assert len(to(letters, house.manager.email)) == 1
        assert waiting(house.head) == []

    def test_of_a_decided_step_do_not_reach_the_next(self, house: House, letters: ConsoleChannel) -> None:
        request = ask(house, days=4)
        until(MONDAY + timedelta(minutes=1))
        decide(request, house.manager)
        until(MONDAY + timedelta(hours=1, minutes=1))
        assert len(to(letters, house.hr.email)) == 1

        until(MONDAY + timedelta(days=1, minutes=1))

        assert len(to(letters, house.hr.email)) == 1  # its own day is not over

    def test_come_sooner_where_the_policy_gives_less_time(self, house: House, letters: ConsoleChannel) -> None:
        set_policy({"ask": ["manager"], "within_days": 1})
        request = ask(house)
        until(MONDAY + timedelta(minutes=1))

        until(MONDAY + timedelta(days=1, minutes=2))

        assert waiting(house.head) == [request]
