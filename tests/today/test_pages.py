"""The pages of Today, asked for as a browser does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.factories import MONDAY, actor_of, make_application, make_company, make_opening, make_person, make_user
from tests.interviews.making import make_interview
from zhiren.access.models import User
from zhiren.plumbing import clock
from zhiren.timeline import queries as timeline
from zhiren.today import services
from zhiren.today.models import FollowUp

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _that_monday() -> Any:
    make_company()
    with clock.travel(MONDAY):
        yield


@pytest.fixture
def owner() -> User:
    return make_user("recruiter")


@pytest.fixture
def as_user(client: Client) -> Callable[[User], Client]:
    """Return a browser in which somebody has signed in."""

    def sign_in(user: User) -> Client:
        client.force_login(user)
        return client

    return sign_in


def follow_up(owner: User, *, key: str = "k1", **given: Any) -> FollowUp:
    application = given.pop("application", None) or make_application(make_opening(owner), stage="interview")
    return services.open_follow_up(
        **{
            "at": MONDAY - HOUR,
            "key": key,
            "person_id": application.person_id,
            "application_id": application.pk,
            "owner_id": owner.pk,
            "reason": services.Reason(
                why={
                    "zh-hans": "面试通过 {{ since }}了，还没有人联系",
                    "en": "Passed {{ since }} ago, nobody in touch",
                },
                evidence=[
                    {
                        "event_id": None,
                        "at": (MONDAY - 3 * HOUR).isoformat(),
                        "text": {"zh-hans": "评分齐了，结论是通过", "en": "All scorecards say yes"},
                    }
                ],
                suggestion={"zh-hans": "{{ candidate_name }}，你好，我是{{ recruiter_name }}。", "en": "Hello"},
            ),
            "due_at": MONDAY - HOUR,
            **given,
        }
    )


class TestToday:
    def test_says_who_why_and_what_to_say(self, as_user: Callable[[User], Client], owner: User) -> None:
        line = follow_up(owner)

        page = as_user(owner).get("/today/").content.decode()

        assert line.person.name in page
        assert "面试通过 3 小时了，还没有人联系" in page
        assert "评分齐了，结论是通过" in page
        assert f"{line.person.name}，你好，我是{owner.name}。" in page

    def test_shows_nobody_elses_queue(self, as_user: Callable[[User], Client], owner: User) -> None:
        line = follow_up(owner)

        page = as_user(make_user("recruiter")).get("/today/?who=team").content.decode()

        assert line.person.name not in page
        assert "没有人在等你" in page

    def test_shows_a_manager_the_teams_queue(self, as_user: Callable[[User], Client], owner: User) -> None:
        line = follow_up(owner)
        manager = make_user("hr_manager", scope="all")
        browser = as_user(manager)

        assert line.person.name not in browser.get("/today/").content.decode()
        assert line.person.name in browser.get("/today/?who=team").content.decode()

    @pytest.mark.parametrize("lines", [1, 12])
    def test_asks_the_database_as_often_for_many_lines(
        self, as_user: Callable[[User], Client], owner: User, lines: int, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(lines):
            follow_up(owner, key=f"k{number}")
        browser = as_user(owner)

        with django_assert_max_num_queries(8):
            browser.get("/today/")

    def test_pages_by_key(self, as_user: Callable[[User], Client], owner: User) -> None:
        opening = make_opening(owner)
        for number in range(30):
            follow_up(owner, key=f"k{number}", application=make_application(opening), due_at=MONDAY + number * HOUR)
        browser = as_user(owner)

        first = browser.get("/today/").content.decode()
        cursor = first.split("?after=")[1].split('"')[0]
        second = browser.get(f"/today/?after={cursor}", headers={"HX-Request": "true"}).content.decode()

        assert (first.count("data-row id="), second.count("data-row id=")) == (15, 15)
        assert "<html" not in second

    def test_shows_a_person_once_with_all_that_is_due(self, as_user: Callable[[User], Client], owner: User) -> None:
        application = make_application(make_opening(owner))
        follow_up(owner, application=application)
        other = services.Reason(why={"zh-hans": "停留超时了", "en": "Too long"})
        follow_up(owner, key="k2", application=application, reason=other, due_at=MONDAY)

        page = as_user(owner).get("/today/").content.decode()

        assert page.count("data-row id=") == 1
        assert "还有：停留超时了" in page


class TestNumbers:
    def test_counts_what_is_there(self, as_user: Callable[[User], Client], owner: User) -> None:
        follow_up(owner)
        follow_up(owner, key="k2", due_at=MONDAY + HOUR)

        page = as_user(owner).get("/today/numbers").content.decode()

        assert "等你联系" in page
        assert "1 位已超时" in page
        assert "24 小时" not in page  # no interview was held, so nothing is said about feedback

    def test_shows_an_interviewer_nothing_about_candidates(self, as_user: Callable[[User], Client]) -> None:
        page = as_user(make_user("interviewer")).get("/today/numbers").content.decode()

        assert "等你联系" in page
        assert "停留" not in page

    def test_asks_the_database_few_questions(
        self, as_user: Callable[[User], Client], owner: User, django_assert_max_num_queries: Any
    ) -> None:
        follow_up(owner)
        browser = as_user(owner)

        with django_assert_max_num_queries(9):
            browser.get("/today/numbers")


class TestDay:
    def test_lists_the_readers_day(
        self, as_user: Callable[[User], Client], owner: User, django_assert_max_num_queries: Any
    ) -> None:
        application = make_application(make_opening(owner), stage="interview")
        make_interview(application, starts_at=MONDAY + 2 * HOUR)
        make_interview(application, starts_at=MONDAY + timedelta(days=1), round_name="二面")
        browser = as_user(owner)

        with django_assert_max_num_queries(8):
            page = browser.get("/today/day").content.decode()

        assert "一面" in page
        assert "12:00" in page
        assert "二面" not in page


class TestContact:
    def test_shows_the_number_and_notes_who_looked(self, as_user: Callable[[User], Client], owner: User) -> None:
        application = make_application(make_opening(owner), make_person(phones=["13800001234"]))
        line = follow_up(owner, application=application)

        page = as_user(owner).post(f"/today/{line.pk}/contact").content.decode()

        assert "+8613800001234" in page
        assert "你好，我是" in page
        assert "people.contact.revealed" in timeline.names_of(line.person_id)

    def test_masks_it_for_who_may_not_see_it(self, as_user: Callable[[User], Client]) -> None:
        colleague = make_user("hiring_manager")
        application = make_application(person=make_person(phones=["13800001234"]))
        line = follow_up(colleague, application=application)

        page = as_user(colleague).post(f"/today/{line.pk}/contact").content.decode()

        assert "13800001234" not in page
        assert "people.contact.revealed" not in timeline.names_of(line.person_id)

    def test_is_not_found_for_another_recruiter(self, as_user: Callable[[User], Client], owner: User) -> None:
        line = follow_up(owner)

        answer = as_user(make_user("recruiter")).post(f"/today/{line.pk}/contact")

        assert answer.status_code == 404


class TestDone:
    def test_takes_the_line_away_and_offers_to_undo(self, as_user: Callable[[User], Client], owner: User) -> None:
        line = follow_up(owner)

        answer = as_user(owner).post(f"/today/{line.pk}/done", headers={"HX-Request": "true"})

        assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == (f"#follow-up-{line.pk}", "delete")
        assert f"/today/{line.pk}/reopen" in answer.headers["HX-Trigger"]
        assert FollowUp.objects.get().state == "done"

    def test_leaves_what_else_is_due_in_its_place(self, as_user: Callable[[User], Client], owner: User) -> None:
        application = make_application(make_opening(owner))
        line = follow_up(owner, application=application)
        other = follow_up(owner, key="k2", application=application, due_at=MONDAY)

        answer = as_user(owner).post(f"/today/{line.pk}/done", headers={"HX-Request": "true"})

        assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == (f"#follow-up-{line.pk}", "outerHTML")
        assert f'id="follow-up-{other.pk}"' in answer.content.decode()

    def test_keeps_what_was_talked_about_as_a_call(self, as_user: Callable[[User], Client], owner: User) -> None:
        line = follow_up(owner)

        as_user(owner).post(f"/today/{line.pk}/done", {"note": "下周一来谈薪", "called": "1"})

        assert timeline.names_of(line.person_id)[-2:] == ["today.follow_up.done", "people.note.written"]

    def test_is_refused_a_second_time(self, as_user: Callable[[User], Client], owner: User) -> None:
        line = follow_up(owner)
        browser = as_user(owner)
        browser.post(f"/today/{line.pk}/done")

        assert browser.post(f"/today/{line.pk}/done").status_code == 409


class TestReopen:
    def test_puts_the_line_back(self, as_user: Callable[[User], Client], owner: User) -> None:
        line = follow_up(owner)
        browser = as_user(owner)
        browser.post(f"/today/{line.pk}/done")

        browser.post(f"/today/{line.pk}/reopen")

        assert line.person.name in browser.get("/today/").content.decode()


class TestMail:
    def test_sends_and_is_done(self, as_user: Callable[[User], Client], owner: User) -> None:
        line = follow_up(owner)
        browser = as_user(owner)
        form = browser.get(f"/today/{line.pk}/mail").content.decode()
        key = form.split('name="key" value="')[1].split('"')[0]

        browser.post(f"/today/{line.pk}/mail", {"subject": "好消息", "body": "你通过了", "key": key})

        assert FollowUp.objects.get().state == "done"
        assert "conversation.message.queued" in timeline.names_of(line.person_id)

    def test_keeps_what_was_typed_when_something_is_missing(
        self, as_user: Callable[[User], Client], owner: User
    ) -> None:
        line = follow_up(owner)

        answer = as_user(owner).post(f"/today/{line.pk}/mail", {"subject": "", "body": "你通过了", "key": line.pk})

        assert answer.status_code == 422
        assert "你通过了" in answer.content.decode()
        assert FollowUp.objects.get().state == "open"


class TestSnooze:
    def test_hides_the_line_until_then(self, as_user: Callable[[User], Client], owner: User) -> None:
        line = follow_up(owner)
        browser = as_user(owner)

        browser.post(f"/today/{line.pk}/snooze", {"until": "2026-11-16T15:00"})

        assert f"follow-up-{line.pk}" not in browser.get("/today/").content.decode()
        with clock.travel(MONDAY + 6 * HOUR):
            assert line.person.name in browser.get("/today/").content.decode()

    @pytest.mark.parametrize("until", ["2026-11-16T09:00", "2027-11-16T09:00", "gestern"])
    def test_refuses_an_impossible_time(self, as_user: Callable[[User], Client], owner: User, until: str) -> None:
        line = follow_up(owner)

        answer = as_user(owner).post(f"/today/{line.pk}/snooze", {"until": until})

        assert answer.status_code == 422
        assert FollowUp.objects.get().state == "open"


class TestHandOver:
    def test_gives_it_to_a_colleague_who_may_see_the_person(
        self, as_user: Callable[[User], Client], owner: User
    ) -> None:
        line = follow_up(owner)
        colleague = make_user("hr_manager", scope="all")

        as_user(owner).post(f"/today/{line.pk}/hand-over", {"to": str(colleague.pk)})

        assert FollowUp.objects.get().owner == colleague

    def test_is_refused_for_one_who_may_not(self, as_user: Callable[[User], Client], owner: User) -> None:
        line = follow_up(owner)
        stranger = make_user("recruiter")

        answer = as_user(owner).post(f"/today/{line.pk}/hand-over", {"to": str(stranger.pk)})

        assert answer.status_code == 422
        assert FollowUp.objects.get().owner == owner


class TestEvidence:
    def test_tells_what_it_rests_on(self, as_user: Callable[[User], Client], owner: User) -> None:
        line = follow_up(owner)
        services.snooze(actor=actor_of(owner), at=MONDAY, follow_up_id=line.pk, until=MONDAY + HOUR)

        page = as_user(owner).get(f"/today/{line.pk}/evidence").content.decode()

        assert "评分齐了，结论是通过" in page
        assert "推迟到" in page
