"""Reading interviews and scorecards."""

from datetime import timedelta

import pytest

from tests.factories import MONDAY, SYSTEM, actor_of, make_application, make_opening, make_user
from tests.interviews.making import AFTERWARDS, ALL_GOOD, TOMORROW, make_interview, send_card
from zhiren.interviews import queries, services
from zhiren.interviews.models import Interview
from zhiren.kernel.actors import Actor
from zhiren.timeline import queries as timeline
from zhiren.timeline.telling import tell

pytestmark = pytest.mark.django_db


class TestFindingsShownTo:
    def test_hides_the_others_until_ones_own_is_sent(self) -> None:
        early, late = make_user("interviewer"), make_user("interviewer")
        interview = make_interview(interviewers=[early, late])
        send_card(interview.pk, early, verdict="no", concerns="节奏慢", evidence={"skills": "细节"})

        before = queries.findings_shown_to(actor_of(late), queries.get_interview(actor_of(late), interview.pk)).cards
        send_card(interview.pk, late)
        after = queries.findings_shown_to(actor_of(late), queries.get_interview(actor_of(late), interview.pk)).cards

        assert [(card.is_open, card.verdict, card.concerns, card.ratings) for card in before] == [
            (False, "", "", ()),
            (False, "", "", ()),
        ]
        assert [(card.is_open, card.verdict, card.concerns) for card in after] == [
            (True, "no", "节奏慢"),
            (True, "yes", ""),
        ]
        assert after[0].ratings[0].evidence == "细节"

    def test_shows_sent_cards_to_the_recruiter_who_does_not_interview(self) -> None:
        recruiter, users = make_user("recruiter"), [make_user("interviewer"), make_user("interviewer")]
        application = make_application(make_opening(recruiter), stage="interview")
        interview = make_interview(application, users)
        send_card(interview.pk, users[0])

        actor = actor_of(recruiter)
        cards = queries.findings_shown_to(actor, queries.get_interview(actor, interview.pk)).cards

        assert [card.is_open for card in cards] == [True, False]


class TestSummaryForCandidate:
    def test_tells_strengths_and_nothing_internal(self) -> None:
        user = make_user("interviewer")
        interview = make_interview(interviewers=[user])
        send_card(
            interview.pk,
            user,
            ratings={**ALL_GOOD, "teamwork": 1},
            evidence={"skills": "只对我们说的细节"},
            verdict="strong_yes",
            summary_for_candidate="您的方案讲得很细。",
            concerns="期望薪资偏高",
        )

        summary = queries.summary_for_candidate(interview.pk, "zh-hans")

        assert summary.startswith("• 您的方案讲得很细。\n• ")
        assert "协作" not in summary
        for secret in ("期望薪资", "只对我们", "4", "strong", user.name):
            assert secret not in summary
        assert summary == queries.summary_for_candidate(interview.pk, "zh-hans")

    def test_speaks_english_to_who_speaks_english(self) -> None:
        user = make_user("interviewer")
        interview = make_interview(interviewers=[user])
        send_card(interview.pk, user, ratings={**dict.fromkeys(ALL_GOOD, 0), "skills": 1})

        assert queries.summary_for_candidate(interview.pk, "en") == "• We talked with you about Professional skill."

    def test_is_empty_before_anybody_scored(self) -> None:
        assert queries.summary_for_candidate(make_interview().pk, "en") == ""


class TestInterviewsVisibleTo:
    def test_gives_each_their_own(self) -> None:
        recruiter, interviewer = make_user("recruiter"), make_user("interviewer")
        application = make_application(make_opening(recruiter), stage="interview")
        interview = make_interview(application, [interviewer])
        make_interview()

        for actor in (actor_of(recruiter), actor_of(interviewer)):
            assert list(queries.interviews_visible_to(actor)) == [interview]
        assert queries.interviews_visible_to(actor_of(make_user("administrator"))).count() == 0
        assert queries.interviews_visible_to(Actor.nobody()).count() == 0
        assert queries.interviews_visible_to(SYSTEM).count() == 2

    def test_gives_a_hiring_manager_the_department(self) -> None:
        opening = make_opening()
        make_interview(make_application(opening, stage="interview"))
        make_interview()

        manager = make_user("hiring_manager", department=opening.department)

        assert queries.interviews_visible_to(actor_of(manager)).count() == 1


class TestFeedback:
    def test_counts_what_was_due_and_what_came_in_time(self) -> None:
        user = make_user("interviewer")
        first, second = make_interview(interviewers=[user]), make_interview(interviewers=[user], starts_at=AFTERWARDS)
        services.hold_ended(AFTERWARDS + timedelta(days=1))
        send_card(first.pk, user, at=AFTERWARDS)
        send_card(second.pk, user, at=AFTERWARDS + timedelta(days=3))
        make_interview(starts_at=AFTERWARDS + timedelta(days=4), at=AFTERWARDS + timedelta(days=5))

        found = queries.feedback(SYSTEM, since=MONDAY, until=AFTERWARDS + timedelta(days=4, hours=2))

        assert (found.due, found.in_time, found.percent) == (2, 1, 50)

    def test_tells_periods_apart(self) -> None:
        user = make_user("interviewer")
        first, second = make_interview(interviewers=[user]), make_interview(interviewers=[user], starts_at=AFTERWARDS)
        services.hold_ended(AFTERWARDS + timedelta(days=1))
        send_card(first.pk, user, at=AFTERWARDS)
        send_card(second.pk, user, at=AFTERWARDS + timedelta(days=3))

        borders = [MONDAY, second.starts_at, AFTERWARDS + timedelta(days=4)]
        found = queries.feedback_between(SYSTEM, borders)

        assert [(period.due, period.in_time) for period in found] == [(1, 1), (1, 0)]


class TestWaitingFor:
    def test_counts_held_interviews_without_ones_card(self) -> None:
        user = make_user("interviewer")
        interview = make_interview(interviewers=[user])
        assert queries.waiting_for(actor_of(user)).count() == 0

        services.hold_ended(AFTERWARDS)
        assert queries.waiting_for(actor_of(user)).count() == 1

        send_card(interview.pk, user)
        assert queries.waiting_for(actor_of(user)).count() == 0


class TestTelling:
    def test_tells_the_whole_way_without_giving_a_verdict_away(self) -> None:
        users = [make_user("interviewer", name="王磊"), make_user("interviewer", name="李倩")]
        interview = make_interview(interviewers=users)
        services.change_interview(actor=SYSTEM, at=MONDAY, interview_id=interview.pk, place="3 楼")
        send_card(interview.pk, users[0], verdict="no")

        rows = timeline.events_of(interview.application.person_id)
        lines = [str(entry.told.text) for entry in tell(rows, SYSTEM)]

        assert any("王磊" in line for line in lines)
        assert not any("不" in line for line in lines if "王磊" in line)
        told = {entry.kind for entry in tell(rows, SYSTEM)}
        assert len(lines) >= 4
        assert told

    def test_says_when_an_interview_was_only_written_down(self) -> None:
        written, arranged = make_interview(at=AFTERWARDS), make_interview()

        def told(interview: Interview) -> list[str]:
            rows = timeline.events_of(interview.application.person_id).filter(name="interviews.interview.arranged")
            return [str(entry.told.text)[:2] for entry in tell(rows, SYSTEM)]

        assert [told(written), told(arranged)] == [["补记"], ["安排"]]

    def test_asks_the_database_as_often_for_many_as_for_one(self, django_assert_max_num_queries: object) -> None:
        application = make_application(stage="interview")
        for day in range(5):
            make_interview(application, starts_at=TOMORROW + timedelta(days=day))
        rows = list(timeline.events_of(application.person_id).filter(name="interviews.interview.arranged"))

        with django_assert_max_num_queries(2):  # type: ignore[operator]  # the interviews, and who arranged them
            assert len(tell(rows, SYSTEM)) == 5


class TestFindColleagues:
    def test_finds_by_part_of_a_name_only_active_ones(self) -> None:
        actor = actor_of(make_user("recruiter"))
        make_user("interviewer", name="欧阳静")
        make_user("interviewer", name="欧阳峰", is_active=False)

        assert [user.name for user in queries.find_colleagues(actor, "欧阳")] == ["欧阳静"]
        assert queries.find_colleagues(actor, " ") == []


class TestSuggestedInterviewers:
    def test_begins_with_the_hiring_manager_and_who_did_it_before(self) -> None:
        manager, before, colleague = make_user("hiring_manager"), make_user("interviewer"), make_user("interviewer")
        opening = make_opening(hiring_manager_id=manager.pk)
        colleague.department = opening.department
        colleague.save()
        application = make_application(opening, stage="interview")
        make_interview(application, [before])

        found = queries.suggested_interviewers(SYSTEM, application)

        assert [user.pk for user in found] == [manager.pk, before.pk, colleague.pk]
        assert Interview.objects.count() == 1
