"""The pages of interviews."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import MONDAY, SYSTEM, actor_of, make_application, make_opening, make_person, make_user
from tests.interviews.making import AFTERWARDS, ALL_GOOD, TOMORROW, make_interview, send_card
from zhiren.access.models import User
from zhiren.interviews import lists, queries, services
from zhiren.interviews.models import Interview
from zhiren.plumbing import clock

pytestmark = pytest.mark.django_db

AtMost = Callable[[int], AbstractContextManager[Any]]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def get(user: User, name: str, *args: object, query: str = "", **headers: str) -> Any:
    return signed_in(user).get(reverse(f"interviews:{name}", args=args) + query, **headers)  # type: ignore[arg-type]  # headers


@pytest.fixture
def recruiter() -> User:
    return make_user("recruiter")


@pytest.fixture
def interviewer() -> User:
    return make_user("interviewer", name="王磊")


@pytest.fixture
def interview(recruiter: User, interviewer: User) -> Interview:
    person = make_person(name="周明远", phones=["13812342071"], mails=["mingyuan@example.com"])
    return make_interview(make_application(make_opening(recruiter), person, stage="interview"), [interviewer])


CARD = {
    **{f"rating-{code}": str(value) for code, value in ALL_GOOD.items()},
    "evidence-skills": "讲清了缓存击穿",
    "verdict": "strong_yes",
    "strengths": "方案讲得很细。",
    "concerns": "期望薪资偏高",
}


class TestInterviews:
    def test_shows_interviewers_their_own_and_recruiters_their_candidates(
        self, recruiter: User, interviewer: User, interview: Interview
    ) -> None:
        with clock.travel(TOMORROW - timedelta(hours=1)):
            for user in (recruiter, interviewer):
                assert "周明远" in get(user, "interviews").content.decode()
            for stranger in (make_user("recruiter"), make_user("interviewer")):
                assert "周明远" not in get(stranger, "interviews", query="?show=all").content.decode()

    @pytest.mark.parametrize("show", ["today", "week", "waiting", "all"])
    def test_asks_the_database_as_often_for_many_as_for_one(
        self,
        show: str,
        recruiter: User,
        interviewer: User,
        interview: Interview,
        django_assert_max_num_queries: AtMost,
    ) -> None:
        for hour in range(1, 6):
            application = make_application(make_opening(recruiter), stage="interview")
            make_interview(application, [interviewer], starts_at=TOMORROW + timedelta(hours=hour), at=AFTERWARDS)
        client = signed_in(recruiter)

        with clock.travel(AFTERWARDS), django_assert_max_num_queries(12):
            page = client.get(reverse("interviews:interviews") + f"?show={show}")

        assert page.status_code == 200

    def test_leads_to_what_waits_when_nothing_is_on_today(self, interviewer: User, interview: Interview) -> None:
        services.hold_ended(AFTERWARDS)

        with clock.travel(AFTERWARDS + timedelta(days=3)):
            text = get(interviewer, "interviews").content.decode()

        assert reverse("interviews:scorecard", args=[interview.pk]) in text

    def test_pages_through_what_waits_ones_own_first_and_then_the_oldest(
        self, recruiter: User, interviewer: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        opening = make_opening(recruiter)
        for name, hour, user in (("迟的", 2, interviewer), ("早的", 0, interviewer), ("自己的", 4, recruiter)):
            application = make_application(opening, make_person(name=name), stage="interview")
            make_interview(application, [user], starts_at=TOMORROW + timedelta(hours=hour))
        services.hold_ended(AFTERWARDS + timedelta(days=1))
        monkeypatch.setattr(lists, "ROWS", 1)
        client, page, query, seen = signed_in(recruiter), reverse("interviews:interviews"), "?show=waiting", []

        with clock.travel(AFTERWARDS + timedelta(days=1)):
            while query:
                text = client.get(page + query, headers={"HX-Request": "true"}).content.decode()
                seen.append([name for name in ("迟的", "早的", "自己的") if name in text])
                more = re.search(r'hx-get="([^"]*after=[^"]*)"', text)
                query = more[1].replace("&amp;", "&") if more else ""

        assert seen == [["自己的"], ["早的"], ["迟的"]]


class TestInterview:
    def test_keeps_contacts_from_interviewers(self, interviewer: User, interview: Interview) -> None:
        text = get(interviewer, "interview", interview.pk).content.decode()

        assert "周明远" in text
        assert "2071" not in text
        assert "mingyuan" not in text

    def test_answers_for_anothers_interview_as_for_none(self, interview: Interview) -> None:
        assert get(make_user("interviewer"), "interview", interview.pk).status_code == 404
        assert get(make_user("recruiter"), "interview", interview.pk).status_code == 404

    def test_names_the_zone_and_the_readers_time(self, recruiter: User, interview: Interview) -> None:
        reader = make_user("recruiter", zone="Europe/Madrid")
        interview.application.opening.team.add(reader)

        text = get(reader, "interview", interview.pk).content.decode()

        assert "10:00–11:00" in text
        assert "03:00–04:00" in text

    def test_asks_the_database_at_most_twelve_times(
        self, recruiter: User, interview: Interview, interviewer: User, django_assert_max_num_queries: AtMost
    ) -> None:
        send_card(interview.pk, interviewer)
        client = signed_in(recruiter)

        with django_assert_max_num_queries(12):
            assert client.get(reverse("interviews:interview", args=[interview.pk])).status_code == 200


class TestArrange:
    def given(self, interviewer: User, **changed: object) -> dict[str, object]:
        return {
            "round_name": "二面",
            "kind": "video",
            "day": "2026-11-18",
            "clock": "14:30",
            "minutes": "45",
            "zone": "Europe/Madrid",
            "place": "https://meet.example.com/x",
            "interviewers": [str(interviewer.pk)],
            **changed,
        }

    def test_arranges_in_the_zone_that_was_chosen(self, recruiter: User, interviewer: User) -> None:
        application = make_application(make_opening(recruiter), stage="interview")
        with clock.travel(MONDAY):
            answer = signed_in(recruiter).post(
                reverse("interviews:arrange", args=[application.pk]), self.given(interviewer)
            )

        made = Interview.objects.get(application=application)
        assert answer.status_code == 302
        assert made.starts_at.isoformat() == "2026-11-18T13:30:00+00:00"
        assert (made.minutes, made.zone, made.round_name) == (45, "Europe/Madrid", "二面")

    @pytest.mark.parametrize(
        "wrong",
        [
            {"interviewers": []},
            {"interviewers": ["not-an-id"]},
            {"zone": "Mars/Base"},
            {"day": "2026-02-30"},
            {"clock": "25:00"},
            {"day": "2026-03-29", "clock": "02:30"},
            {"kind": "seance"},
            {"minutes": "-5"},
            {"round_name": ""},
        ],
    )
    def test_shows_the_form_again_with_what_does_not_fit(
        self, wrong: dict[str, object], recruiter: User, interviewer: User
    ) -> None:
        application = make_application(make_opening(recruiter), stage="interview")

        with clock.travel(MONDAY):
            answer = signed_in(recruiter).post(
                reverse("interviews:arrange", args=[application.pk]), self.given(interviewer, **wrong)
            )

        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()
        assert not Interview.objects.exists()

    def test_tells_in_the_page_that_an_interviewer_is_busy(
        self, recruiter: User, interviewer: User, interview: Interview
    ) -> None:
        application = make_application(make_opening(recruiter), stage="interview")
        taken = self.given(interviewer, day="2026-11-17", clock="10:30", zone="Asia/Shanghai")

        with clock.travel(MONDAY):
            answer = signed_in(recruiter).post(
                reverse("interviews:arrange", args=[application.pk]), taken, headers={"HX-Request": "true"}
            )

        assert answer.status_code == 409
        assert Interview.objects.count() == 1

    def test_opens_in_a_dialog_and_as_a_page(self, recruiter: User, interviewer: User) -> None:
        application = make_application(make_opening(recruiter), stage="interview")

        page = get(recruiter, "arrange", application.pk)
        dialog = get(recruiter, "arrange", application.pk, HTTP_HX_REQUEST="true")

        assert "<html" in page.content.decode()
        assert "<html" not in dialog.content.decode()
        assert "dialog-title" in dialog.content.decode()

    def test_hides_the_candidates_of_others(self) -> None:
        application = make_application(stage="interview")

        assert get(make_user("recruiter"), "arrange", application.pk).status_code == 404


class TestNew:
    def test_finds_candidates_by_name_and_those_who_wait(self, recruiter: User) -> None:
        opening = make_opening(recruiter)
        make_application(opening, make_person(name="何俊"), stage="interview")
        make_application(opening, make_person(name="沈悦"))

        assert "何俊" in get(recruiter, "new").content.decode()
        assert "沈悦" not in get(recruiter, "new").content.decode()
        assert "沈悦" in get(recruiter, "new", query="?q=shenyue").content.decode()


class TestColleagues:
    def test_finds_by_name_what_the_form_does_not_show_yet(self, recruiter: User, interviewer: User) -> None:
        assert "王磊" in get(recruiter, "colleagues", query="?find=王").content.decode()
        shown = get(recruiter, "colleagues", query=f"?find=王&shown={interviewer.pk}&shown=nobody").content.decode()
        assert "王磊" not in shown

    def test_keeps_who_was_ticked_before(self, recruiter: User, interviewer: User) -> None:
        text = get(recruiter, "colleagues", query=f"?find=zzz&interviewers={interviewer.pk}").content.decode()

        assert f'value="{interviewer.pk}" checked' in text


class TestChangeAndCancel:
    def test_calls_off_and_takes_it_back(self, recruiter: User, interview: Interview) -> None:
        client = signed_in(recruiter)

        client.post(reverse("interviews:cancel", args=[interview.pk]), {"reason": "candidate"})
        interview.refresh_from_db()
        assert interview.state == "cancelled"
        with clock.travel(MONDAY):
            client.post(reverse("interviews:reinstate", args=[interview.pk]))
        interview.refresh_from_db()
        assert interview.state == "arranged"

    def test_refuses_reasons_that_are_none(self, recruiter: User, interview: Interview) -> None:
        answer = signed_in(recruiter).post(reverse("interviews:cancel", args=[interview.pk]), {"reason": "x"})

        assert answer.status_code == 422

    def test_changes_the_place(self, recruiter: User, interviewer: User, interview: Interview) -> None:
        given = TestArrange().given(interviewer, place="3 楼静安")

        with clock.travel(MONDAY):
            signed_in(recruiter).post(reverse("interviews:change", args=[interview.pk]), given)

        interview.refresh_from_db()
        assert interview.place == "3 楼静安"


class TestScorecard:
    def test_sends_a_card_in_one_go(self, interviewer: User, interview: Interview) -> None:
        client = signed_in(interviewer)
        address = reverse("interviews:scorecard", args=[interview.pk])

        with clock.travel(AFTERWARDS):
            answer = client.post(address, CARD, follow=True)

        interview.refresh_from_db()
        assert interview.state == "completed"
        assert answer.redirect_chain == [(reverse("interviews:sent", args=[interview.pk]), 302)]
        assert client.get(address).status_code == 302

    def test_keeps_what_was_entered_when_something_is_missing(self, interviewer: User, interview: Interview) -> None:
        given = {name: value for name, value in CARD.items() if name != "rating-teamwork"}

        with clock.travel(AFTERWARDS):
            answer = signed_in(interviewer).post(reverse("interviews:scorecard", args=[interview.pk]), given)

        text = answer.content.decode()
        assert answer.status_code == 422
        assert "讲清了缓存击穿" in text
        assert "ring-bad" in text
        interview.refresh_from_db()
        assert interview.state == "arranged"

    def test_asks_for_the_reason_of_a_strong_no(self, interviewer: User, interview: Interview) -> None:
        given = {**CARD, "verdict": "strong_no", "concerns": "", "evidence-skills": ""}

        with clock.travel(AFTERWARDS):
            answer = signed_in(interviewer).post(reverse("interviews:scorecard", args=[interview.pk]), given)

        assert answer.status_code == 422
        assert "concerns-error" in answer.content.decode()

    def test_comes_back_with_the_draft(self, interviewer: User, interview: Interview) -> None:
        client = signed_in(interviewer)

        with clock.travel(TOMORROW):
            saved = client.post(
                reverse("interviews:draft", args=[interview.pk]),
                {"rating-skills": "3", "rating-charm": "9", "rating-problems": "x", "evidence-skills": "会拆问题"},
                headers={"HX-Request": "true"},
            )
            page = client.get(reverse("interviews:scorecard", args=[interview.pk]))

        assert saved.status_code == 200
        assert "<html" not in saved.content.decode()
        own = queries.get_own_card(actor_of(interviewer), interview.pk)
        assert own.card.ratings == {"skills": 3}
        assert "会拆问题" in page.content.decode()

    def test_is_not_for_who_does_not_hold_the_interview(self, recruiter: User, interview: Interview) -> None:
        for user in (recruiter, make_user("interviewer")):
            assert get(user, "scorecard", interview.pk).status_code == 404
            answer = signed_in(user).post(reverse("interviews:draft", args=[interview.pk]), CARD)
            assert answer.status_code == 404

    def test_cannot_be_sent_before_the_interview(self, interviewer: User, interview: Interview) -> None:
        with clock.travel(MONDAY):
            page = get(interviewer, "scorecard", interview.pk)
            answer = signed_in(interviewer).post(reverse("interviews:scorecard", args=[interview.pk]), CARD)

        assert "disabled" in page.content.decode()
        assert answer.status_code == 409

    def test_asks_the_database_at_most_twelve_times(
        self, interviewer: User, interview: Interview, django_assert_max_num_queries: AtMost
    ) -> None:
        client = signed_in(interviewer)

        with django_assert_max_num_queries(12):
            assert client.get(reverse("interviews:scorecard", args=[interview.pk])).status_code == 200


class TestSent:
    def test_hands_over_the_next_card(self, interviewer: User, interview: Interview) -> None:
        other = make_interview(interviewers=[interviewer], starts_at=TOMORROW - timedelta(hours=2))
        services.hold_ended(AFTERWARDS)
        send_card(interview.pk, interviewer)

        text = get(interviewer, "sent", interview.pk).content.decode()

        assert reverse("interviews:scorecard", args=[other.pk]) in text


class TestOfPerson:
    def test_lists_a_persons_interviews(self, recruiter: User, interview: Interview) -> None:
        text = get(recruiter, "of_person", interview.application.person_id).content.decode()

        assert reverse("interviews:interview", args=[interview.pk]) in text
        assert reverse("interviews:arrange", args=[interview.application_id]) in text

    def test_shows_interviewers_no_way_to_arrange(self, interviewer: User, interview: Interview) -> None:
        text = get(interviewer, "of_person", interview.application.person_id).content.decode()

        assert reverse("interviews:interview", args=[interview.pk]) in text
        assert "/arrange/" not in text

    def test_hides_the_persons_of_others(self, interview: Interview) -> None:
        assert get(make_user("recruiter"), "of_person", interview.application.person_id).status_code == 404


class TestPersonDoor:
    def test_lets_interviewers_meet_the_person_until_it_is_called_off(
        self, interviewer: User, interview: Interview
    ) -> None:
        address = reverse("people:person", args=[interview.application.person_id])
        assert signed_in(interviewer).get(address).status_code == 200

        services.cancel_interview(actor=SYSTEM, at=MONDAY, interview_id=interview.pk, reason="not_needed")

        assert signed_in(interviewer).get(address).status_code == 404


class TestCompared:
    def test_shows_the_verdicts_of_each_person_side_by_side(
        self, recruiter: User, interview: Interview, interviewer: User, django_assert_max_num_queries: AtMost
    ) -> None:
        send_card(interview.pk, interviewer)
        other = make_application(interview.application.opening, make_person(name="李若水"))
        ids = f"?ids={interview.application.person_id},{other.person_id}"

        client = signed_in(recruiter)

        with django_assert_max_num_queries(6):
            page = client.get(reverse("interviews:compared") + ids).content.decode()

        assert "周明远" in page
        assert "李若水" in page
        assert interview.round_name in page

    def test_leaves_out_whom_the_reader_may_not_see(self, interview: Interview) -> None:
        page = get(make_user("recruiter"), "compared", query=f"?ids={interview.application.person_id}").content.decode()

        assert "周明远" not in page
