"""The pages of screening."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import MONDAY, SYSTEM, actor_of, make_opening, make_user
from tests.screening.test_services import BACHELOR, candidate, set_conditions
from zhiren.access.models import User
from zhiren.plumbing import jobs
from zhiren.recruiting.models import Opening
from zhiren.screening import queries, services
from zhiren.screening.conditions import Degree, Skills
from zhiren.screening.models import SetAside

pytestmark = pytest.mark.django_db
AtMost = Callable[[int], AbstractContextManager[Any]]


@pytest.fixture
def recruiter() -> User:
    return make_user("recruiter", language="en")


@pytest.fixture
def opening(recruiter: User) -> Opening:
    return make_opening(recruiter)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(name: str, *args: object) -> str:
    return reverse(f"screening:{name}", args=args)


def form(**given: str) -> dict[str, str]:
    return {"currency": "CNY", "decline_after_hours": "24", **given}


class TestOpening:
    def test_shows_who_fails_and_on_which_line(self, recruiter: User, opening: Opening) -> None:
        application = candidate(opening, "associate")
        set_conditions(opening, BACHELOR)

        page = signed_in(recruiter).get(address("opening", opening.pk)).content.decode()

        assert application.person.name in page
        assert "page 1, line 7" in page

    def test_costs_the_same_however_many_fail(
        self, recruiter: User, opening: Opening, django_assert_max_num_queries: AtMost
    ) -> None:
        for _number in range(6):
            candidate(opening, "associate")
        set_conditions(opening, BACHELOR, puts_aside=True)
        for row in SetAside.objects.all()[:3]:
            services.bring_back(actor=SYSTEM, at=MONDAY, set_aside_id=row.pk)
        client = signed_in(recruiter)

        with django_assert_max_num_queries(16):
            page = client.get(address("opening", opening.pk)).content.decode()

        assert page.count("line 7") == 6

    def test_saves_what_was_filled_in(self, recruiter: User, opening: Opening) -> None:
        answer = signed_in(recruiter).post(
            address("set_conditions", opening.pk), form(degree="master", skills_all="Java，用友", silence_fails="on")
        )

        assert answer.status_code == 302
        in_force = queries.conditions_of(opening.pk)
        assert in_force is not None
        assert queries.conditions_in(in_force) == [Degree(at_least="master"), Skills(all_of=("Java", "用友"))]

    def test_keeps_what_was_typed_where_something_is_wrong(self, recruiter: User, opening: Opening) -> None:
        answer = signed_in(recruiter).post(address("set_conditions", opening.pk), form(field="会计"))

        assert answer.status_code == 422
        assert "会计" in answer.content.decode()
        assert queries.newest_set(opening.pk) is None

    def test_says_in_the_form_which_words_may_not_decide(self, recruiter: User, opening: Opening) -> None:
        answer = signed_in(recruiter).post(address("set_conditions", opening.pk), form(skills_all="限男性"))

        assert answer.status_code == 422
        assert 'name="skills_all" value="限男性"' in answer.content.decode()
        assert queries.newest_set(opening.pk) is None

    def test_is_not_there_for_those_who_do_not_see_the_opening(self, opening: Opening) -> None:
        assert signed_in(make_user("recruiter")).get(address("opening", opening.pk)).status_code == 404


class TestPreview:
    def test_counts_and_saves_nothing(self, recruiter: User, opening: Opening) -> None:
        candidate(opening, "associate")
        candidate(opening, "master")

        page = signed_in(recruiter).post(address("preview", opening.pk), form(degree="bachelor")).content.decode()

        assert "1 not met · 0 to be asked" in page
        assert queries.newest_set(opening.pk) is None

    def test_points_at_words_that_may_not_decide(self, recruiter: User, opening: Opening) -> None:
        page = signed_in(recruiter).post(address("preview", opening.pk), form(skills_all="限男性")).content.decode()

        assert "限男性" in page
        assert "art. 43" in page


class TestCheckText:
    def test_explains_what_a_job_text_decides_by(self, recruiter: User) -> None:
        page = signed_in(recruiter).post(address("check_text"), {"description": "形象好，35岁以下"}).content.decode()

        assert "Health and looks" in page
        assert "Age" in page


class TestOfPerson:
    def test_shows_each_opening_with_its_conditions(self, recruiter: User, opening: Opening) -> None:
        application = candidate(opening, "master")
        set_conditions(opening, BACHELOR)

        page = signed_in(recruiter).get(address("of_person", application.person_id)).content.decode()

        assert "Bachelor or higher" in page
        assert "Master" in page


class TestPutAsideAndBack:
    def test_go_there_and_back_by_a_click_each(self, recruiter: User, opening: Opening) -> None:
        application = candidate(opening, "associate")
        set_conditions(opening, BACHELOR)
        client = signed_in(recruiter)

        client.post(address("put_aside", application.pk), headers={"hx-request": "true"})
        row = SetAside.objects.get(application=application)
        answer = client.post(address("bring_back", row.pk), headers={"hx-request": "true"})

        row.refresh_from_db()
        assert (answer.status_code, row.state) == (204, "brought_back")
        assert row.settled_by == recruiter

    def test_show_and_change_the_letter(self, recruiter: User, opening: Opening) -> None:
        application = candidate(opening, "associate")
        set_conditions(opening, BACHELOR, puts_aside=True)
        row = SetAside.objects.get(application=application)
        client = signed_in(recruiter)
        shown = client.get(address("letter", row.pk), headers={"hx-request": "true"}).content.decode()

        client.post(address("letter", row.pk), {"subject": "你好", "text": "谢谢你的申请。"})

        assert opening.title in shown
        assert services.letter_for(queries.get_set_aside(actor_of(recruiter), row.pk)) == ("你好", "谢谢你的申请。")

    def test_decline_now_with_a_click(self, recruiter: User, opening: Opening) -> None:
        application = candidate(opening, "associate")
        set_conditions(opening, BACHELOR, puts_aside=True)
        row = SetAside.objects.get(application=application)

        signed_in(recruiter).post(address("decline", row.pk), headers={"hx-request": "true"})
        jobs.run_due(MONDAY)

        application.refresh_from_db()
        assert application.state == "exited"
