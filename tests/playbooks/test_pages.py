"""The pages of playbooks, asked for as a browser does."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.factories import make_application, make_company, make_opening, make_user
from tests.interviews.making import AFTERWARDS, make_interview, send_card
from tests.playbooks.test_services import ESCALATED, Until
from zhiren.access.models import User
from zhiren.connectors.console.channel import ConsoleChannel
from zhiren.playbooks.models import Playbook, Run
from zhiren.plumbing import clock

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _company() -> Iterator[None]:
    make_company()
    with clock.travel(ESCALATED + HOUR):
        yield


@pytest.fixture
def as_user(client: Client) -> Callable[[User], Client]:
    """Return a browser in which somebody has signed in."""

    def sign_in(user: User) -> Client:
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def manager() -> User:
    return make_user("hr_manager", scope="all")


@pytest.fixture
def passed(manager: User, until: Until, letters: ConsoleChannel) -> Any:
    """An interview that was passed on Tuesday, after which nobody called."""
    application = make_application(make_opening(make_user("recruiter", manager=manager)), stage="interview")
    interviewer = make_user("interviewer")
    send_card(make_interview(application, [interviewer]).pk, interviewer)
    until(AFTERWARDS)
    return application


def url(key: str, page: str = "") -> str:
    return f"/playbooks/{Playbook.objects.get(key=key).pk}{page}"


def entered(page: str) -> dict[str, str]:
    """Return what a form holds as it was sent to the browser."""
    import html
    import re

    fields = {}
    for found in re.finditer(r'<input[^>]*name="(step[^"]+|name[^"]+|summary[^"]+)"[^>]*>', page):
        value = re.search(r'value="([^"]*)"', found[0])
        fields[found[1]] = html.unescape(value[1]) if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\s*(.*?)</textarea>', page, re.DOTALL):
        fields[name] = html.unescape(text)
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)"[^>]*selected', options)
        fields[name] = chosen[1] if chosen else ""
    return fields


class TestPlaybooks:
    def test_lists_what_the_system_does_in_words(
        self, as_user: Callable[[User], Client], manager: User, django_assert_max_num_queries: Any
    ) -> None:
        browser = as_user(manager)

        with django_assert_max_num_queries(10):
            page = browser.get("/playbooks/").content.decode()

        assert "面试通过要有人联系" in page
        assert "24 个工作小时后" in page
        assert "告诉招聘负责人的经理" in page

    def test_lets_a_recruiter_look_but_not_switch(self, as_user: Callable[[User], Client]) -> None:
        browser = as_user(make_user("recruiter"))

        assert "disabled" in browser.get("/playbooks/").content.decode()
        assert browser.post(url("no_feedback", "/switch"), {"is_on": ""}).status_code == 403
        assert Playbook.objects.get(key="no_feedback").is_on


class TestPlaybook:
    def test_shows_the_raw_definition_only_to_who_may_change_it(
        self, as_user: Callable[[User], Client], manager: User
    ) -> None:
        raw = "&quot;trigger&quot;"

        assert raw in as_user(manager).get(url("interview_passed")).content.decode()
        assert raw not in as_user(make_user("recruiter")).get(url("interview_passed")).content.decode()


class TestRuns:
    def test_shows_what_came_of_each_step(
        self,
        as_user: Callable[[User], Client],
        manager: User,
        passed: Any,
        until: Until,
        django_assert_max_num_queries: Any,
    ) -> None:
        until(ESCALATED)
        browser = as_user(manager)

        with django_assert_max_num_queries(8):
            page = browser.get(url("interview_passed", "/runs")).content.decode()

        assert passed.person.name in page
        assert "已列入今日" in page
        assert "已告诉经理" in page

    def test_shows_no_stranger_to_another_recruiter(self, as_user: Callable[[User], Client], passed: Any) -> None:
        page = as_user(make_user("recruiter")).get(url("interview_passed", "/runs")).content.decode()

        assert passed.person.name not in page


class TestRehearsal:
    def test_says_what_it_would_have_done_and_does_nothing(
        self,
        as_user: Callable[[User], Client],
        manager: User,
        passed: Any,
        django_assert_max_num_queries: Any,
    ) -> None:
        runs = Run.objects.count()
        browser = as_user(manager)

        with django_assert_max_num_queries(11):
            page = browser.get(url("interview_passed", "/rehearsal")).content.decode()

        assert passed.person.name in page
        assert "会启动 <strong>1</strong> 次" in page
        assert "做 <strong>2</strong> 件事" in page
        assert Run.objects.count() == runs

    def test_tries_what_is_not_saved_yet(self, as_user: Callable[[User], Client], manager: User, passed: Any) -> None:
        browser = as_user(manager)
        form = entered(browser.get(url("interview_passed", "/change")).content.decode())

        page = browser.post(url("interview_passed", "/rehearsal"), {**form, "step1-wait-amount": "90"}).content.decode()

        assert "做 <strong>1</strong> 件事" in page
        assert "还在等" in page

    def test_says_why_a_step_would_not_have_been_done(
        self, as_user: Callable[[User], Client], manager: User, passed: Any
    ) -> None:
        from tests.factories import SYSTEM
        from zhiren.people import services as people

        people.write_note(actor=SYSTEM, at=AFTERWARDS + HOUR, person_id=passed.person_id, text="聊过", kind="call")

        page = as_user(manager).get(url("interview_passed", "/rehearsal")).content.decode()

        assert "不需要了" in page

    def test_shows_no_stranger_to_another_recruiter(self, as_user: Callable[[User], Client], passed: Any) -> None:
        page = as_user(make_user("recruiter")).get(url("interview_passed", "/rehearsal")).content.decode()

        assert passed.person.name not in page
        assert "会启动 <strong>0</strong> 次" in page


class TestChange:
    def test_saves_a_new_version_of_what_was_entered(self, as_user: Callable[[User], Client], manager: User) -> None:
        browser = as_user(manager)
        form = entered(browser.get(url("interview_passed", "/change")).content.decode())

        browser.post(
            url("interview_passed", "/change"), {**form, "step1-wait-amount": "2", "step1-wait-unit": "business_days"}
        )

        newest = Playbook.objects.get(key="interview_passed").versions.latest("number")
        assert (newest.number, newest.by) == (2, manager)
        assert newest.definition["steps"][1]["wait"] == {"business_days": 2}
        assert newest.definition["steps"][0] == newest.playbook.versions.get(number=1).definition["steps"][0]

    def test_saves_nothing_when_nothing_was_changed(self, as_user: Callable[[User], Client], manager: User) -> None:
        browser = as_user(manager)
        for key in Playbook.objects.values_list("key", flat=True):
            form = entered(browser.get(url(key, "/change")).content.decode())

            browser.post(url(key, "/change"), form)

            assert Playbook.objects.get(key=key).versions.count() == 1, key

    @pytest.mark.parametrize(
        "wrong", [{"step1-wait-amount": "-1"}, {"step1-wait-amount": "9999"}, {"step0-why-en": ""}, {"name-en": ""}]
    )
    def test_keeps_what_was_entered_when_it_makes_no_sense(
        self, as_user: Callable[[User], Client], manager: User, wrong: dict[str, str]
    ) -> None:
        browser = as_user(manager)
        form = entered(browser.get(url("interview_passed", "/change")).content.decode())

        answer = browser.post(url("interview_passed", "/change"), {**form, "name-zh-hans": "新名字", **wrong})

        assert answer.status_code == 422
        assert "新名字" in answer.content.decode()
        assert Playbook.objects.get(key="interview_passed").versions.count() == 1


class TestDoneLately:
    def test_counts_what_was_done_today_for_those_one_may_see(
        self,
        as_user: Callable[[User], Client],
        manager: User,
        passed: Any,
        until: Until,
        django_assert_max_num_queries: Any,
    ) -> None:
        until(ESCALATED)
        browser = as_user(manager)

        with django_assert_max_num_queries(8):
            page = browser.get("/playbooks/done").content.decode()

        assert "把 1 位候选人升级给经理" in page
        assert passed.person.name in page

    def test_tells_another_recruiter_nothing(
        self, as_user: Callable[[User], Client], passed: Any, until: Until
    ) -> None:
        until(ESCALATED)

        page = as_user(make_user("recruiter")).get("/playbooks/done").content.decode()

        assert passed.person.name not in page
        assert "今天还没有" in page


class TestSwitch:
    def test_turns_it_off_and_on(self, as_user: Callable[[User], Client], manager: User) -> None:
        browser = as_user(manager)

        browser.post(url("no_feedback", "/switch"), {})
        assert not Playbook.objects.get(key="no_feedback").is_on

        browser.post(url("no_feedback", "/switch"), {"is_on": "1"})
        assert Playbook.objects.get(key="no_feedback").is_on
