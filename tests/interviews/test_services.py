"""Writing interviews and scorecards."""

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories import MONDAY, SYSTEM, actor_of, make_application, make_user
from tests.interviews.making import AFTERWARDS, ALL_GOOD, ALL_WEAK, TOMORROW, make_interview, send_card
from zhiren.interviews import errors, queries, services
from zhiren.interviews.models import Interview, Interviewer, Scorecard, ScorecardTemplate
from zhiren.kernel.ids import new_id
from zhiren.kernel.refusals import Forbidden, NotFound, Refusal
from zhiren.plumbing import jobs
from zhiren.recruiting import queries as recruiting
from zhiren.recruiting import services as recruiting_services
from zhiren.recruiting.errors import ApplicationEnded
from zhiren.recruiting.models import Application
from zhiren.timeline import queries as timeline

pytestmark = pytest.mark.django_db


def names(application: Application) -> list[str]:
    """Return what happened with interviews, in the order in which it did."""
    return [name for name in timeline.names_of(application.person_id) if name.startswith("interviews.")]


def exit_application(application: Application) -> None:
    reason = recruiting.exit_reasons().filter(side="we").first()
    assert reason
    recruiting_services.exit_application(actor=SYSTEM, at=MONDAY, application_id=application.pk, reason_id=reason.pk)


class TestArrangeInterview:
    def test_gives_an_interview_its_time_interviewers_and_scorecards(self) -> None:
        lead, second = make_user("hiring_manager"), make_user("interviewer")

        interview = make_interview(interviewers=[lead, second])

        assert interview.ends_at == TOMORROW + timedelta(hours=1)
        assert queries.interviewers_of(interview.pk) == [lead, second]
        assert queries.unscored_by(interview.pk) == [lead.pk, second.pk]
        assert names(interview.application) == ["interviews.interview.arranged"]

    def test_writes_down_one_that_was_held_already(self) -> None:
        interview = make_interview(at=AFTERWARDS)

        assert interview.state == Interview.State.HELD
        assert sorted(names(interview.application)) == ["interviews.interview.arranged", "interviews.interview.held"]

    def test_refuses_an_interviewer_who_is_elsewhere_then(self) -> None:
        user = make_user("interviewer", name="王磊")
        make_interview(interviewers=[user])

        with pytest.raises(errors.InterviewerBusy, match=r"王磊.*11-17 10:00–11:00"):
            make_interview(interviewers=[make_user(), user], starts_at=TOMORROW + timedelta(minutes=59))

        assert Interview.objects.count() == 1

    def test_lets_one_interview_begin_when_another_ends(self) -> None:
        user = make_user("interviewer")
        make_interview(interviewers=[user])

        make_interview(interviewers=[user], starts_at=TOMORROW + timedelta(hours=1))

        assert Interviewer.objects.filter(user=user).count() == 2

    def test_is_kept_from_double_booking_by_the_database_too(self) -> None:
        first, second = make_interview(), make_interview()
        row = second.interviewers.get()

        with pytest.raises(IntegrityError, match="interviewer_not_in_two_places"), transaction.atomic():
            Interviewer.objects.filter(pk=row.pk).update(user=first.interviewers.get().user)

    def test_refuses_an_application_that_ended(self) -> None:
        application = make_application(stage="interview")
        exit_application(application)

        with pytest.raises(ApplicationEnded):
            make_interview(application)

    @pytest.mark.parametrize("given", [{"zone": "Mars/Base"}, {"minutes": 0}, {"minutes": -30}, {"minutes": 10**9}])
    def test_refuses_a_time_that_cannot_be(self, given: dict[str, object]) -> None:
        with pytest.raises(errors.TimeImpossible):
            make_interview(**given)

    def test_refuses_interviewers_who_are_none(self) -> None:
        gone, administrator = make_user("interviewer", is_active=False), make_user("administrator")

        for unknown in ([], [gone.pk], [administrator.pk], [new_id()]):
            with pytest.raises(errors.NobodyInterviews):
                make_interview(interviewer_ids=unknown)

    def test_hides_the_candidates_of_others(self) -> None:
        application, stranger = make_application(stage="interview"), make_user("recruiter")

        with pytest.raises(NotFound):
            make_interview(application, actor=actor_of(stranger))

    def test_is_not_for_interviewers(self) -> None:
        with pytest.raises(Forbidden):
            make_interview(actor=actor_of(make_user("interviewer")))

    def test_freezes_the_questions_of_the_scorecard(self) -> None:
        interview = make_interview()
        ScorecardTemplate.objects.update(attributes=[])

        assert len(interview.scorecards.get().attributes) == 5


class TestArrangeAtOnce:
    @pytest.mark.django_db(transaction=True)
    def test_books_an_interviewer_once_however_many_try(self) -> None:
        services.default_template()
        user = make_user("interviewer")
        applications = [make_application(stage="interview") for _ in range(6)]
        outcomes: list[str] = []
        gate = threading.Barrier(len(applications))

        def book(application: Application) -> None:
            gate.wait()
            try:
                make_interview(application, [user])
                outcomes.append("booked")
            except Refusal as refusal:
                outcomes.append(refusal.code)
            finally:
                connection.close()

        threads = [threading.Thread(target=book, args=[application]) for application in applications]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(outcomes) == ["booked", *["interviews.interviewer_busy"] * 5]


class TestChangeInterview:
    def test_moves_time_and_interviewers_and_tells_what_changed(self) -> None:
        first, second, third = make_user("interviewer"), make_user("interviewer"), make_user("interviewer")
        interview = make_interview(interviewers=[first, second])

        services.change_interview(
            actor=SYSTEM,
            at=MONDAY,
            interview_id=interview.pk,
            starts_at=TOMORROW + timedelta(hours=3),
            interviewer_ids=[third.pk, first.pk],
        )

        assert queries.interviewers_of(interview.pk) == [third, first]
        assert set(queries.unscored_by(interview.pk)) == {third.pk, first.pk}
        make_interview(interviewers=[second], starts_at=TOMORROW)
        event = timeline.events_of(interview.application.person_id).get(name="interviews.interview.changed")
        assert event.payload["fields"] == ["starts_at", "ends_at", "interviewers"]

    def test_records_nothing_when_nothing_changes(self) -> None:
        interview = make_interview()

        services.change_interview(actor=SYSTEM, at=MONDAY, interview_id=interview.pk, place="", minutes=60)

        assert names(interview.application) == ["interviews.interview.arranged"]

    def test_waits_anew_when_a_held_interview_is_put_off(self) -> None:
        interview = make_interview(at=AFTERWARDS)

        services.change_interview(
            actor=SYSTEM, at=AFTERWARDS, interview_id=interview.pk, starts_at=AFTERWARDS + timedelta(days=1)
        )

        interview.refresh_from_db()
        assert interview.state == Interview.State.ARRANGED

    def test_completes_it_without_an_interviewer_who_never_scored(self) -> None:
        diligent, silent = make_user("interviewer"), make_user("interviewer")
        interview = make_interview(interviewers=[diligent, silent])
        send_card(interview.pk, diligent)

        services.change_interview(actor=SYSTEM, at=AFTERWARDS, interview_id=interview.pk, interviewer_ids=[diligent.pk])

        interview.refresh_from_db()
        assert (interview.state, interview.verdict) == ("completed", "yes")
        assert names(interview.application)[-1] == "interviews.interview.completed"

    def test_keeps_what_was_scored(self) -> None:
        diligent, silent = make_user("interviewer"), make_user("interviewer")
        interview = make_interview(interviewers=[diligent, silent])
        send_card(interview.pk, diligent)

        for change in ({"starts_at": TOMORROW + timedelta(days=1)}, {"interviewer_ids": [silent.pk]}):
            with pytest.raises(errors.ScoredAlready):
                services.change_interview(actor=SYSTEM, at=AFTERWARDS, interview_id=interview.pk, **change)  # type: ignore[arg-type]  # one or the other

    def test_is_not_for_an_interviewer_of_somebody_elses_candidate(self) -> None:
        recruiter = make_user("recruiter")
        interview = make_interview(interviewers=[recruiter])

        with pytest.raises(NotFound):
            services.change_interview(actor=actor_of(recruiter), at=MONDAY, interview_id=interview.pk, place="3 楼")


class TestCancelInterview:
    def test_frees_the_interviewers(self) -> None:
        user = make_user("interviewer")
        interview = make_interview(interviewers=[user])

        services.cancel_interview(actor=SYSTEM, at=MONDAY, interview_id=interview.pk, reason="candidate")

        make_interview(interviewers=[user])
        assert names(interview.application) == ["interviews.interview.arranged", "interviews.interview.cancelled"]

    def test_refuses_what_was_scored(self) -> None:
        users = [make_user("interviewer"), make_user("interviewer")]
        interview = make_interview(interviewers=users)
        send_card(interview.pk, users[0])

        with pytest.raises(errors.ScoredAlready):
            services.cancel_interview(actor=SYSTEM, at=AFTERWARDS, interview_id=interview.pk, reason="no_show")

    def test_refuses_to_cancel_twice(self) -> None:
        interview = make_interview()
        services.cancel_interview(actor=SYSTEM, at=MONDAY, interview_id=interview.pk, reason="candidate")

        with pytest.raises(errors.InterviewOver):
            services.cancel_interview(actor=SYSTEM, at=MONDAY, interview_id=interview.pk, reason="candidate")


class TestReinstateInterview:
    def test_takes_a_cancellation_back(self) -> None:
        interview = make_interview()
        services.cancel_interview(actor=SYSTEM, at=MONDAY, interview_id=interview.pk, reason="candidate")

        services.reinstate_interview(actor=SYSTEM, at=MONDAY, interview_id=interview.pk)

        interview.refresh_from_db()
        assert (interview.state, interview.cancel_reason) == ("arranged", "")
        assert interview.interviewers.get().is_active

    def test_refuses_when_the_interviewer_is_elsewhere_by_now(self) -> None:
        user = make_user("interviewer")
        interview = make_interview(interviewers=[user])
        services.cancel_interview(actor=SYSTEM, at=MONDAY, interview_id=interview.pk, reason="candidate")
        make_interview(interviewers=[user])

        with pytest.raises(errors.InterviewerBusy):
            services.reinstate_interview(actor=SYSTEM, at=MONDAY, interview_id=interview.pk)


class TestCallOff:
    def test_cancels_what_was_arranged_when_the_application_ends(self) -> None:
        interview = make_interview()

        exit_application(interview.application)
        jobs.run_due(MONDAY)

        interview.refresh_from_db()
        assert (interview.state, interview.cancel_reason) == ("cancelled", "application_ended")


class TestHoldEnded:
    def test_notes_once_what_has_ended(self) -> None:
        ended, later = make_interview(), make_interview(starts_at=AFTERWARDS)

        assert [services.hold_ended(AFTERWARDS), services.hold_ended(AFTERWARDS)] == [1, 0]

        held = timeline.events_of(ended.application.person_id).get(name="interviews.interview.held")
        assert held.at == ended.ends_at
        later.refresh_from_db()
        assert later.state == Interview.State.ARRANGED


class TestSaveDraft:
    def test_keeps_what_was_entered_sealed(self) -> None:
        user = make_user("interviewer")
        interview = make_interview(interviewers=[user])

        services.save_draft(
            actor=actor_of(user),
            at=MONDAY,
            interview_id=interview.pk,
            ratings={"skills": 3},
            evidence={"skills": "讲清了缓存击穿", "no_such": "x"},
            concerns="薪资期望偏高",
        )

        own = queries.get_own_card(actor_of(user), interview.pk)
        assert own.card.ratings == {"skills": 3}
        assert own.words == queries.CardWords(evidence={"skills": "讲清了缓存击穿"}, concerns="薪资期望偏高")
        assert "薪资".encode() not in bytes(own.card.words_sealed or b"")
        assert names(interview.application) == ["interviews.interview.arranged"]

    @pytest.mark.parametrize("ratings", [{"skills": 5}, {"charm": 3}, {"skills": -1}])
    def test_refuses_ratings_that_are_not_on_the_card(self, ratings: dict[str, int]) -> None:
        user = make_user("interviewer")
        interview = make_interview(interviewers=[user])

        with pytest.raises(errors.UnknownRating):
            services.save_draft(
                actor=actor_of(user), at=MONDAY, interview_id=interview.pk, ratings=ratings, evidence={}
            )

    def test_survives_control_characters(self) -> None:
        user = make_user("interviewer")
        interview = make_interview(interviewers=[user])

        services.save_draft(
            actor=actor_of(user), at=MONDAY, interview_id=interview.pk, ratings={}, evidence={}, concerns="a\0b\nc"
        )

        assert queries.get_own_card(actor_of(user), interview.pk).words.concerns == "ab\nc"


class TestSubmitScorecard:
    def test_completes_the_interview_with_the_last_card(self) -> None:
        users = [make_user("interviewer"), make_user("interviewer")]
        interview = make_interview(interviewers=users)

        send_card(interview.pk, users[0], verdict="strong_yes")
        interview.refresh_from_db()
        assert interview.state == Interview.State.HELD
        send_card(interview.pk, users[1], verdict="yes")

        interview.refresh_from_db()
        assert (interview.state, interview.verdict, interview.completed_at) == ("completed", "yes", AFTERWARDS)
        completed = timeline.events_of(interview.application.person_id).get(name="interviews.interview.completed")
        assert completed.payload == {
            "interview_id": str(interview.pk),
            "application_id": str(interview.application_id),
            "opening_id": str(interview.application.opening_id),
            "verdict": "yes",
            "passed": True,
        }

    def test_shows_that_an_interview_was_held_before_its_time_ran_out(self) -> None:
        user = make_user("interviewer")
        interview = make_interview(interviewers=[user])

        send_card(interview.pk, user, at=TOMORROW + timedelta(minutes=20))

        held = timeline.events_of(interview.application.person_id).get(name="interviews.interview.held")
        assert held.at == TOMORROW + timedelta(minutes=20)

    def test_refuses_before_the_interview_has_begun(self) -> None:
        user = make_user("interviewer")
        interview = make_interview(interviewers=[user])

        with pytest.raises(errors.NotBegun):
            send_card(interview.pk, user, at=MONDAY)

    def test_names_what_is_missing(self) -> None:
        user = make_user("interviewer")
        interview = make_interview(interviewers=[user])

        with pytest.raises(errors.ScorecardIncomplete, match="沟通表达、协作与担当、意愿与匹配"):
            send_card(interview.pk, user, ratings={"skills": 3, "problems": 0}, verdict="yes")

    def test_asks_for_the_reason_of_a_strong_no(self) -> None:
        user = make_user("interviewer")
        interview = make_interview(interviewers=[user])

        with pytest.raises(errors.ReasonMissing):
            send_card(interview.pk, user, ratings=ALL_WEAK, verdict="strong_no")
        send_card(interview.pk, user, ratings=ALL_WEAK, verdict="strong_no", concerns="简历经历不实")

        assert Scorecard.objects.get(interview=interview).verdict == "strong_no"

    def test_takes_a_card_once(self) -> None:
        user = make_user("interviewer")
        interview = make_interview(interviewers=[user, make_user()])
        send_card(interview.pk, user)

        with pytest.raises(errors.ScorecardSent):
            send_card(interview.pk, user, verdict="no")
        with pytest.raises(errors.ScorecardSent):
            services.save_draft(actor=actor_of(user), at=AFTERWARDS, interview_id=interview.pk, ratings={}, evidence={})

    def test_is_only_for_those_who_hold_the_interview(self) -> None:
        interview = make_interview()

        with pytest.raises(NotFound):
            send_card(interview.pk, make_user("interviewer"))

    def test_refuses_a_cancelled_interview(self) -> None:
        user = make_user("interviewer")
        interview = make_interview(interviewers=[user])
        services.cancel_interview(actor=SYSTEM, at=MONDAY, interview_id=interview.pk, reason="candidate")

        with pytest.raises(errors.InterviewOver):
            send_card(interview.pk, user)

    @pytest.mark.django_db(transaction=True)
    def test_completes_once_when_the_last_two_cards_come_at_once(self) -> None:
        users = [make_user("interviewer"), make_user("interviewer")]
        interview = make_interview(interviewers=users)
        gate = threading.Barrier(2)

        def send(user_id: UUID) -> None:
            gate.wait()
            try:
                send_card(interview.pk, next(user for user in users if user.pk == user_id))
            finally:
                connection.close()

        threads = [threading.Thread(target=send, args=[user.pk]) for user in users]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert names(interview.application).count("interviews.interview.completed") == 1
        assert Scorecard.objects.filter(interview=interview).values_list("ratings", flat=True)[0] == ALL_GOOD
