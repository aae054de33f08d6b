"""Setting conditions, screening candidates, putting them aside and bringing them back."""

import json
from datetime import timedelta

import pytest

from tests.factories import MONDAY, SYSTEM, actor_of, make_application, make_opening, make_user
from zhiren.conversation import queries as conversation
from zhiren.conversation.models import Message
from zhiren.kernel.refusals import Forbidden, NotFound
from zhiren.people import services as people
from zhiren.plumbing import jobs, ticks
from zhiren.recruiting import services as recruiting
from zhiren.recruiting.models import Application, Opening
from zhiren.resumes import Fact, Resume
from zhiren.screening import errors, queries, services
from zhiren.screening.conditions import Degree, Experience, Skills
from zhiren.screening.models import Screening, SetAside
from zhiren.timeline import queries as timeline

pytestmark = pytest.mark.django_db
BACHELOR = Degree(at_least="bachelor")


def set_conditions(opening: Opening, *conditions: object, puts_aside: bool = False) -> None:
    services.set_conditions(
        actor=SYSTEM,
        at=MONDAY,
        opening_id=opening.pk,
        conditions=conditions,  # type: ignore[arg-type]  # each test gives real conditions
        puts_aside=puts_aside,
    )
    jobs.run_due(MONDAY)


def give_resume(application: Application, degree: str) -> None:
    fact = Fact(value=degree, source="大专", page=1, line=7, start=0, end=2, confidence=0.9, rule="t")
    resume = Resume(text="大专", pages=1, language="zh", degree=fact)
    document = people.store_document(
        at=MONDAY, data=f"{application.pk}{degree}".encode(), name="x.txt", media_type="text/plain",
        person_id=application.person_id,
    )  # fmt: skip
    people.keep_resume(at=MONDAY, document=document, parsed_json=json.dumps(resume.to_json()), facts=1, parser="2")
    jobs.run_due(MONDAY)


def candidate(opening: Opening, degree: str) -> Application:
    application = make_application(opening=opening)
    give_resume(application, degree)
    return application


def screened(application: Application) -> str:
    return Screening.objects.get(application=application).outcome


def names(application: Application) -> list[str]:
    return [name for name in timeline.names_of(application.person_id) if name.startswith("screening.")]


class TestSetConditions:
    def test_holds_everybody_in_the_opening_against_them(self) -> None:
        opening = make_opening()
        below, above = candidate(opening, "associate"), candidate(opening, "master")

        set_conditions(opening, BACHELOR)

        assert (screened(below), screened(above)) == ("failed", "passed")

    def test_refuses_what_may_not_decide_and_says_why(self) -> None:
        opening = make_opening()

        with pytest.raises(errors.ConditionForbidden, match=r"限男性.*四十三"):
            set_conditions(opening, Experience(years=3, field=("限男性",)))

        assert queries.newest_set(opening.pk) is None

    def test_refuses_a_condition_that_says_nothing(self) -> None:
        with pytest.raises(errors.ConditionMalformed):
            set_conditions(make_opening(), Skills())

    def test_keeps_the_set_before(self) -> None:
        opening = make_opening()
        set_conditions(opening, BACHELOR)
        set_conditions(opening)

        assert queries.conditions_of(opening.pk) is None
        newest = queries.newest_set(opening.pk)
        assert newest is not None
        assert newest.number == 2

    def test_is_for_those_who_manage_the_opening(self) -> None:
        opening = make_opening()

        for role, refusal in (("interviewer", Forbidden), ("recruiter", NotFound)):
            with pytest.raises(refusal):
                services.set_conditions(
                    actor=actor_of(make_user(role)), at=MONDAY, opening_id=opening.pk, conditions=[BACHELOR]
                )


class TestScreenApplication:
    def test_shows_the_evidence_of_each_condition(self) -> None:
        opening = make_opening()
        application = candidate(opening, "associate")
        set_conditions(opening, BACHELOR, Experience(years=3))

        (degree, years) = queries.judged_by_application(SYSTEM, [application.pk])[application.pk]

        assert (degree.verdict.outcome, degree.verdict.evidence[0].line) == ("failed", 7)
        assert years.verdict.outcome == "unknown"

    def test_keeps_nothing_readable_in_the_row(self) -> None:
        opening = make_opening()
        application = candidate(opening, "associate")
        set_conditions(opening, BACHELOR)

        sealed = bytes(Screening.objects.get(application=application).verdicts_sealed)

        assert b"associate" not in sealed
        assert "大专".encode() not in sealed

    def test_leaves_who_has_no_resume_unknown(self) -> None:
        opening = make_opening()
        set_conditions(opening, BACHELOR)
        application = make_application(opening=opening)
        jobs.run_due(MONDAY)

        assert screened(application) == "unknown"

    def test_looks_anew_when_a_resume_comes(self) -> None:
        opening = make_opening()
        set_conditions(opening, BACHELOR)
        application = candidate(opening, "associate")
        assert screened(application) == "failed"

        give_resume(application, "master")

        assert screened(application) == "passed"

    def test_tells_an_outcome_once(self) -> None:
        opening = make_opening()
        application = candidate(opening, "associate")
        set_conditions(opening, BACHELOR)
        services.screen_application(at=MONDAY, application_id=application.pk)

        assert names(application) == ["screening.candidate.screened"]

    def test_puts_nobody_aside_unless_told_to(self) -> None:
        opening = make_opening()
        candidate(opening, "associate")
        set_conditions(opening, BACHELOR)

        assert not SetAside.objects.exists()

    def test_puts_who_fails_aside_once(self) -> None:
        opening = make_opening()
        application = candidate(opening, "associate")
        set_conditions(opening, BACHELOR, puts_aside=True)
        row = SetAside.objects.get(application=application)
        services.bring_back(actor=SYSTEM, at=MONDAY, set_aside_id=row.pk)

        services.screen_application(at=MONDAY, application_id=application.pk)

        assert SetAside.objects.filter(application=application, state="waiting").count() == 0

    def test_leaves_alone_whom_somebody_moved_on(self) -> None:
        opening = make_opening()
        application = candidate(opening, "associate")
        recruiting.move_application(
            actor=SYSTEM, at=MONDAY, application_id=application.pk, stage_id=opening.stages.all()[1].pk
        )

        set_conditions(opening, BACHELOR, puts_aside=True)

        assert screened(application) == "failed"
        assert not SetAside.objects.exists()

    def test_brings_back_who_fails_no_more(self) -> None:
        opening = make_opening()
        application = candidate(opening, "associate")
        set_conditions(opening, BACHELOR, puts_aside=True)

        give_resume(application, "bachelor")

        assert SetAside.objects.get(application=application).state == "brought_back"
        assert names(application)[-1] == "screening.candidate.brought_back"

    def test_brings_everybody_back_when_the_conditions_are_taken_away(self) -> None:
        opening = make_opening()
        application = candidate(opening, "associate")
        set_conditions(opening, BACHELOR, puts_aside=True)

        set_conditions(opening)

        assert SetAside.objects.get(application=application).state == "brought_back"
        assert not Screening.objects.exists()


@pytest.fixture
def aside() -> SetAside:
    """Somebody who waits to be declined."""
    opening = make_opening()
    application = candidate(opening, "associate")
    set_conditions(opening, BACHELOR, puts_aside=True)
    return SetAside.objects.get(application=application)


class TestDeclineDue:
    def test_declines_nobody_before_the_time(self, aside: SetAside) -> None:
        ticks.tick(aside.due_at - timedelta(minutes=1))

        aside.refresh_from_db()
        assert aside.state == "waiting"
        assert aside.application.state == "active"

    def test_ends_the_way_and_writes_once(self, aside: SetAside) -> None:
        ticks.tick(aside.due_at)
        ticks.tick(aside.due_at + timedelta(hours=1))
        jobs.run_due(aside.due_at + timedelta(hours=1))

        application = Application.objects.get(pk=aside.application_id)
        assert application.exit_reason is not None
        assert (application.state, application.exit_reason.code) == ("exited", "hard_condition")
        assert (
            Message.objects.filter(
                person_id=application.person_id, template_version__template__key="application_declined"
            ).count()
            == 1
        )

    def test_sends_the_letter_as_it_was_changed(self, aside: SetAside) -> None:
        services.change_letter(actor=SYSTEM, set_aside_id=aside.pk, subject="关于申请", text="这次先到这里，谢谢你。")

        assert services.letter_for(SetAside.objects.get(pk=aside.pk)) == ("关于申请", "这次先到这里，谢谢你。")
        services.decline_due(aside.due_at)

        message = Message.objects.get(template_version__template__key="application_declined")
        words = conversation.words_of([message])[message.pk]
        assert (words.subject, words.body) == ("关于申请", "这次先到这里，谢谢你。")

    def test_is_undone_by_reopening(self, aside: SetAside) -> None:
        services.decline_due(aside.due_at)
        recruiting.reopen_application(actor=SYSTEM, at=aside.due_at, application_id=aside.application_id)
        jobs.run_due(aside.due_at)

        assert Application.objects.get(pk=aside.application_id).state == "active"
        assert not SetAside.objects.filter(state="waiting").exists()


class TestBringBack:
    def test_sends_nothing_and_lets_the_candidate_go_on(self, aside: SetAside) -> None:
        services.bring_back(actor=SYSTEM, at=MONDAY, set_aside_id=aside.pk)
        ticks.tick(aside.due_at + timedelta(days=9))

        assert Application.objects.get(pk=aside.application_id).state == "active"
        assert not Message.objects.filter(template_version__template__key="application_declined").exists()

    def test_is_refused_once_it_was_settled(self, aside: SetAside) -> None:
        services.decline(actor=SYSTEM, at=MONDAY, set_aside_id=aside.pk)

        with pytest.raises(errors.NotPutAside):
            services.bring_back(actor=SYSTEM, at=MONDAY, set_aside_id=aside.pk)

    def test_happens_by_moving_the_card_on(self, aside: SetAside) -> None:
        stage = aside.application.opening.stages.all()[1]
        recruiting.move_application(actor=SYSTEM, at=MONDAY, application_id=aside.application_id, stage_id=stage.pk)
        jobs.run_due(MONDAY)

        aside.refresh_from_db()
        assert aside.state == "brought_back"

    def test_is_for_those_who_see_the_candidate(self, aside: SetAside) -> None:
        with pytest.raises(NotFound):
            services.bring_back(actor=actor_of(make_user("recruiter")), at=MONDAY, set_aside_id=aside.pk)


class TestPutAside:
    def test_needs_a_failed_condition(self) -> None:
        opening = make_opening()
        application = candidate(opening, "master")
        set_conditions(opening, BACHELOR)

        with pytest.raises(errors.NothingFailed):
            services.put_aside(actor=SYSTEM, at=MONDAY, application_id=application.pk)

    def test_does_not_take_somebody_who_is_hired(self) -> None:
        opening = make_opening()
        application = candidate(opening, "associate")
        set_conditions(opening, BACHELOR)
        hired = opening.stages.get(kind="hired")
        recruiting.move_application(actor=SYSTEM, at=MONDAY, application_id=application.pk, stage_id=hired.pk)

        with pytest.raises(errors.NothingFailed):
            services.put_aside(actor=SYSTEM, at=MONDAY, application_id=application.pk)

        assert not queries.failing(SYSTEM, opening).exists()
        assert queries.outcome_counts(opening)["failed"] == 0

    def test_is_the_same_done_twice(self) -> None:
        opening = make_opening()
        application = candidate(opening, "associate")
        set_conditions(opening, BACHELOR)

        first = services.put_aside(actor=SYSTEM, at=MONDAY, application_id=application.pk)

        assert services.put_aside(actor=SYSTEM, at=MONDAY, application_id=application.pk) == first
        assert first.due_at > MONDAY + timedelta(hours=24)
