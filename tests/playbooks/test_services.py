"""The engine, on the playbooks that come along."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.factories import (
    MONDAY,
    SYSTEM,
    actor_of,
    make_application,
    make_company,
    make_opening,
    make_person,
    make_user,
)
from tests.interviews.making import AFTERWARDS, ALL_WEAK, TOMORROW, make_interview, send_card
from zhiren.connectors.console.channel import ConsoleChannel
from zhiren.conversation import services as conversation
from zhiren.conversation.models import Message, Promise
from zhiren.kernel.refusals import Forbidden
from zhiren.people import services as people
from zhiren.playbooks import definition as definitions
from zhiren.playbooks import queries, services, shipped
from zhiren.playbooks.errors import DefinitionInvalid
from zhiren.playbooks.models import Playbook, Run, Step, Version
from zhiren.recruiting import services as recruiting
from zhiren.recruiting.events import ApplicationReceived
from zhiren.recruiting.models import Application, ExitReason, Stage
from zhiren.timeline import queries as timeline
from zhiren.timeline.models import EventRow
from zhiren.today import services as today
from zhiren.today.models import FollowUp

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
Until = Callable[[datetime], None]
# 24 working hours after Tuesday 12:00 in Shanghai: Friday 09:00 plus what is left of them.
ESCALATED = datetime.fromisoformat("2026-11-19T18:00:00+08:00")


@pytest.fixture(autouse=True)
def _company() -> None:
    make_company()


def only(key: str) -> None:
    """Leave one playbook switched on."""
    Playbook.objects.exclude(key=key).update(is_on=False)


def steps_of(application: Application, key: str) -> list[tuple[str, str, str]]:
    rows = Step.objects.filter(run__application=application, run__playbook__key=key).order_by(
        "run__started_at", "index"
    )
    return [(row.do, row.state, row.outcome) for row in rows]


def passed(application: Application) -> Application:
    """Let an interviewer find the candidate good, on Tuesday at noon."""
    interviewer = make_user("interviewer")
    interview = make_interview(application, [interviewer])
    send_card(interview.pk, interviewer)
    return application


def exit_now(application: Application, at: datetime) -> None:
    reason = ExitReason.objects.get(code="withdrew")
    recruiting.exit_application(actor=SYSTEM, at=at, application_id=application.pk, reason_id=reason.pk)


def owner_with_manager() -> tuple[Any, Any]:
    manager = make_user("hr_manager", scope="all")
    return make_user("recruiter", manager=manager), manager


class TestApplicationReceived:
    def test_is_acknowledged_at_once_and_once(self, letters: ConsoleChannel, until: Until) -> None:
        make_application(person=make_person(name="周明远", mails=["zhou@example.com"]))

        until(MONDAY)
        until(MONDAY + HOUR)

        [letter] = letters.letters
        assert letter.to_address == "zhou@example.com"
        assert "简历已经收到" in letter.text
        assert "几个工作日内看完" in letter.text
        assert "/c/" in letter.text
        assert letter.automatic

    def test_is_written_in_the_candidates_language(self, letters: ConsoleChannel, until: Until) -> None:
        make_application(person=make_person(language="en"))

        until(MONDAY)

        assert "A recruiter reads your application" in letters.letters[0].text

    def test_begins_one_run_however_often_the_event_is_told(self) -> None:
        application = make_application()
        event = ApplicationReceived(
            person_id=application.person_id,
            at=MONDAY,
            application_id=application.pk,
            opening_id=application.opening_id,
            source="upload",
        )

        first = services.begin_playbooks(event=event)
        second = services.begin_playbooks(event=event)

        assert (len(first), second) == (1, [])

    def test_does_nothing_while_switched_off(self, letters: ConsoleChannel, until: Until) -> None:
        Playbook.objects.update(is_on=False)
        make_application()

        until(MONDAY)

        assert not letters.letters
        assert not Run.objects.exists()


class TestInterviewCompleted:
    def test_promises_a_date_and_thanks_with_it(self, letters: ConsoleChannel, until: Until) -> None:
        only("interview_completed")
        application = make_application(stage="interview")
        interviewer = make_user("interviewer", name="王磊", title="研发总监", introduction="带平台组八年，爱骑车。")
        interview = make_interview(application, [interviewer])
        send_card(interview.pk, interviewer, summary_for_candidate="讲清了缓存失效的处理")

        until(AFTERWARDS)

        promise = Promise.objects.get(application_id=application.pk)
        assert promise.due_at == datetime.fromisoformat("2026-11-20T18:00:00+08:00")
        [letter] = letters.letters
        assert "11 月 20 日（星期五）18:00（北京时间）" in letter.text
        assert "王磊（研发总监）" in letter.text
        assert "爱骑车" in letter.text
        assert "讲清了缓存失效的处理" in letter.text

    def test_asks_for_no_contact_when_the_interview_was_not_passed(self, until: Until) -> None:
        application = make_application(stage="interview")
        interviewer = make_user("interviewer")
        interview = make_interview(application, [interviewer])
        send_card(interview.pk, interviewer, ratings=ALL_WEAK, verdict="no")

        until(AFTERWARDS)

        assert not FollowUp.objects.filter(application=application).exists()


class TestInterviewPassed:
    def test_puts_the_candidate_before_the_owner_at_once(self, until: Until) -> None:
        owner, _manager = owner_with_manager()
        application = passed(make_application(make_opening(owner), stage="interview"))

        until(AFTERWARDS)

        follow_up = FollowUp.objects.get(application=application)
        assert (follow_up.owner, follow_up.action, follow_up.importance) == (owner, "call", 5)
        assert follow_up.due_at == ESCALATED
        assert "没有人联系" in follow_up.why["zh-hans"]
        assert follow_up.evidence[0]["event_id"] == str(EventRow.objects.get(name="interviews.interview.completed").id)

    def test_tells_the_manager_after_24_working_hours_of_silence(self, letters: ConsoleChannel, until: Until) -> None:
        owner, manager = owner_with_manager()
        application = passed(make_application(make_opening(owner), stage="interview"))
        until(AFTERWARDS)
        letters.letters.clear()

        until(ESCALATED - timedelta(seconds=1))
        assert not FollowUp.objects.filter(owner=manager).exists()

        until(ESCALATED)
        until(ESCALATED + timedelta(minutes=1))

        assert FollowUp.objects.get(owner=manager).application == application
        [letter] = [letter for letter in letters.letters if letter.to_address == manager.email]
        assert owner.name in letter.text
        assert "面试通过 2 天了，负责人还没联系候选人" in letter.text
        assert FollowUp.objects.get(owner=owner).state == "open"

    @pytest.mark.parametrize("contact", ["call", "mail", "done"])
    def test_is_settled_by_contact_and_the_manager_hears_nothing(
        self, letters: ConsoleChannel, until: Until, contact: str
    ) -> None:
        owner, manager = owner_with_manager()
        application = passed(make_application(make_opening(owner), stage="interview"))
        until(AFTERWARDS)
        at = AFTERWARDS + HOUR
        mine = FollowUp.objects.get(owner=owner)

        match contact:
            case "call":
                people.write_note(
                    actor=actor_of(owner), at=at, person_id=application.person_id, text="聊过", kind="call"
                )
            case "mail":
                conversation.write_message(
                    actor=actor_of(owner),
                    at=at,
                    person_id=application.person_id,
                    application_id=application.pk,
                    subject="好消息",
                    body="你通过了",
                    business_key="by-hand",
                )
            case "done":
                today.finish(actor=actor_of(owner), at=at, follow_up_id=mine.pk)
        until(at)
        until(ESCALATED + HOUR)

        mine.refresh_from_db()
        assert mine.state == "done"
        assert steps_of(application, "interview_passed")[1] == ("escalate", "skipped", "unless")
        assert not FollowUp.objects.filter(owner=manager).exists()

    def test_counts_no_contact_about_another_application(self, until: Until) -> None:
        owner, _manager = owner_with_manager()
        application = passed(make_application(make_opening(owner), stage="interview"))
        other = make_application(make_opening(owner), application.person)
        until(AFTERWARDS)

        conversation.write_message(
            actor=actor_of(owner),
            at=AFTERWARDS + HOUR,
            person_id=application.person_id,
            application_id=other.pk,
            subject="另一个职位",
            body="谢谢你的申请",
            business_key="by-hand",
        )
        until(AFTERWARDS + HOUR)

        assert FollowUp.objects.get(application=application).state == "open"

    def test_escalates_though_a_done_was_taken_back(self, until: Until) -> None:
        owner, manager = owner_with_manager()
        passed(make_application(make_opening(owner), stage="interview"))
        until(AFTERWARDS)
        mine = FollowUp.objects.get(owner=owner)
        today.finish(actor=actor_of(owner), at=AFTERWARDS + HOUR, follow_up_id=mine.pk)
        today.reopen(actor=actor_of(owner), at=AFTERWARDS + HOUR, follow_up_id=mine.pk)

        until(ESCALATED)

        assert FollowUp.objects.filter(owner=manager).exists()

    def test_stops_when_the_application_ends(self, letters: ConsoleChannel, until: Until) -> None:
        owner, manager = owner_with_manager()
        application = passed(make_application(make_opening(owner), stage="interview"))
        until(AFTERWARDS)

        exit_now(application, AFTERWARDS + HOUR)
        until(ESCALATED + HOUR)

        assert FollowUp.objects.get(owner=owner).state == "done"
        assert not FollowUp.objects.filter(owner=manager).exists()
        assert Run.objects.get(playbook__key="interview_passed").state == "stopped"

    def test_opens_nothing_when_contact_came_before_the_step_ran(self, until: Until) -> None:
        owner, _manager = owner_with_manager()
        application = passed(make_application(make_opening(owner), stage="interview"))
        people.write_note(
            actor=actor_of(owner), at=AFTERWARDS + HOUR, person_id=application.person_id, text="打过了", kind="call"
        )

        until(AFTERWARDS + HOUR)

        assert not FollowUp.objects.filter(owner=owner).exists()
        assert steps_of(application, "interview_passed")[0] == ("follow_up", "skipped", "settled_before")

    def test_asks_the_manager_when_the_owner_has_left(self, until: Until) -> None:
        owner, manager = owner_with_manager()
        application = passed(make_application(make_opening(owner), stage="interview"))
        owner.is_active = False
        owner.save(update_fields=["is_active"])

        until(AFTERWARDS)

        assert FollowUp.objects.get(application=application).owner == manager


class TestNoFeedback:
    def test_reminds_only_those_who_have_not_scored_and_the_recruiter(self, until: Until) -> None:
        only("no_feedback")
        owner, _manager = owner_with_manager()
        quick, slow = make_user("interviewer"), make_user("interviewer")
        application = make_application(make_opening(owner), stage="interview")
        interview = make_interview(application, [quick, slow])
        send_card(interview.pk, quick)
        until(TOMORROW + HOUR)
        assert not FollowUp.objects.exists()

        until(TOMORROW + timedelta(days=3, hours=1))

        assert set(FollowUp.objects.values_list("owner", "action")) == {(slow.pk, "score"), (owner.pk, "call")}
        assert FollowUp.objects.get(owner=slow).subject_id == interview.pk

    def test_is_settled_by_the_scorecard(self, until: Until) -> None:
        only("no_feedback")
        slow = make_user("interviewer")
        interview = make_interview(interviewers=[slow])
        later = TOMORROW + timedelta(days=3, hours=1)
        until(TOMORROW + HOUR)
        until(later)

        send_card(interview.pk, slow, at=later + HOUR)
        until(later + HOUR)

        assert set(FollowUp.objects.values_list("state", flat=True)) == {"done"}

    def test_reminds_nobody_when_all_was_sent_in_time(self, until: Until) -> None:
        only("no_feedback")
        interviewer = make_user("interviewer")
        interview = make_interview(interviewers=[interviewer])
        send_card(interview.pk, interviewer)

        until(AFTERWARDS)
        until(TOMORROW + timedelta(days=5))

        assert not FollowUp.objects.exists()


class TestStageLimitExceeded:
    def test_reminds_the_stages_owner_then_the_manager(self, letters: ConsoleChannel, until: Until) -> None:
        only("stage_limit_exceeded")
        manager = make_user("hr_manager", scope="all")
        keeper = make_user("recruiter", manager=manager)
        application = make_application()
        Stage.objects.filter(pk=application.stage_id).update(owner=keeper)
        late = MONDAY + timedelta(days=1)  # nine working hours after Monday 10:00

        until(late)
        assert [row.owner for row in FollowUp.objects.all()] == [keeper]

        until(late + timedelta(days=1))
        assert set(FollowUp.objects.values_list("owner", flat=True)) == {keeper.pk, manager.pk}
        assert [letter.to_address for letter in letters.letters] == [manager.email]

    def test_ends_when_the_candidate_moves(self, until: Until) -> None:
        only("stage_limit_exceeded")
        owner, manager = owner_with_manager()
        application = make_application(make_opening(owner))
        late = MONDAY + timedelta(days=1)
        until(late)

        target = Stage.objects.get(opening=application.opening, kind="screening")
        recruiting.move_application(actor=SYSTEM, at=late + HOUR, application_id=application.pk, stage_id=target.pk)
        until(late + timedelta(days=1))

        assert FollowUp.objects.get(owner=owner).state == "done"
        assert not FollowUp.objects.filter(owner=manager).exists()


class TestPromiseBroken:
    def test_puts_the_candidate_before_the_owner(self, until: Until) -> None:
        only("promise_broken")
        application = make_application(stage="interview")
        conversation.make_promise(
            at=MONDAY,
            person_id=application.person_id,
            application_id=application.pk,
            what="next_step",
            due_at=MONDAY + HOUR,
            key="p1",
        )

        until(MONDAY + 2 * HOUR)

        follow_up = FollowUp.objects.get(application=application)
        assert follow_up.owner == application.opening.owner
        assert follow_up.due_at < MONDAY + 2 * HOUR + timedelta(seconds=1)


class TestMessageFailed:
    def test_asks_for_another_way(self, letters: ConsoleChannel, until: Until) -> None:
        application = make_application(person=make_person(mails=[]))

        until(MONDAY)

        assert Message.objects.get(person=application.person).state == "failed"
        assert FollowUp.objects.get(application=application).source == "playbook:message_failed"


class TestDoDueSteps:
    def test_lets_a_failing_step_hold_up_no_other_and_tries_again(
        self, until: Until, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        only("interview_completed")
        application = passed(make_application(stage="interview"))
        Version.objects.filter(playbook__key="interview_completed").update(
            definition=_with_template("interview_completed", step=1, template="no_such_template")
        )

        until(AFTERWARDS)

        assert steps_of(application, "interview_completed") == [
            ("promise", "done", "promised"),
            ("send", "failed", "refused"),
        ]

    def test_gives_up_in_the_end_and_says_why(self) -> None:
        application = make_application()
        run = _run_with_broken_step(application)
        at = MONDAY

        for _ in range(10):
            services.do_due_steps(at=at, run_id=run.pk)
            at += timedelta(days=1)

        step = run.steps.get()
        assert (step.state, step.outcome, step.attempts) == ("failed", "gave_up", 6)
        assert "IndexError" in step.error
        run.refresh_from_db()
        assert run.state == "done"

    def test_skips_what_waits_once_the_playbook_is_off(self, until: Until) -> None:
        owner, manager = owner_with_manager()
        passed(make_application(make_opening(owner), stage="interview"))
        until(AFTERWARDS)
        Playbook.objects.update(is_on=False)

        until(ESCALATED)

        assert not FollowUp.objects.filter(owner=manager).exists()

    def test_keeps_the_version_a_run_began_with(self, until: Until) -> None:
        owner, manager = owner_with_manager()
        application = passed(make_application(make_opening(owner), stage="interview"))
        until(AFTERWARDS)
        playbook = Playbook.objects.get(key="interview_passed")
        changed = definitions.plain(shipped.read_all()["interview_passed"])
        changed["steps"][1]["wait"] = {"business_hours": 2}
        services.change(actor=SYSTEM, at=AFTERWARDS, playbook_id=playbook.pk, definition=changed)

        until(AFTERWARDS + 3 * HOUR)

        assert not FollowUp.objects.filter(owner=manager).exists()
        assert Run.objects.get(application=application, playbook=playbook).version.number == 1


class TestChange:
    def test_makes_a_new_version_and_leaves_the_old_one(self) -> None:
        playbook = Playbook.objects.get(key="interview_passed")
        changed = definitions.plain(shipped.read_all()["interview_passed"])
        changed["steps"][1]["wait"] = {"business_hours": 12}

        version = services.change(actor=SYSTEM, at=MONDAY, playbook_id=playbook.pk, definition=changed)

        assert version.number == 2
        assert playbook.versions.get(number=1).definition["steps"][1]["wait"] == {"business_hours": 24}

    def test_adds_nothing_for_the_same_again(self) -> None:
        playbook = Playbook.objects.get(key="interview_passed")

        version = services.change(
            actor=SYSTEM,
            at=MONDAY,
            playbook_id=playbook.pk,
            definition=definitions.plain(shipped.read_all()["interview_passed"]),
        )

        assert version.number == 1

    @pytest.mark.parametrize(
        "changes",
        [
            {"steps": []},
            {"steps": [{"do": "launch", "with": {}}]},
            {"trigger": {"event": "recruiting.application.received"}},
            {"steps": [{"do": "tag", "wait": {"days": 1, "hours": 2}, "with": {"tag": "x"}}]},
            {"steps": [{"do": "tag", "wait": {"days": 100_000}, "with": {"tag": "x"}}]},
            {"steps": [{"do": "tag", "unless": [{"event": "no.such.event"}], "with": {"tag": "x"}}]},
        ],
    )
    def test_refuses_what_makes_no_sense(self, changes: dict[str, Any]) -> None:
        playbook = Playbook.objects.get(key="interview_passed")
        changed = {**definitions.plain(shipped.read_all()["interview_passed"]), **changes}

        with pytest.raises(DefinitionInvalid):
            services.change(actor=SYSTEM, at=MONDAY, playbook_id=playbook.pk, definition=changed)

        assert playbook.versions.count() == 1

    def test_is_not_for_recruiters(self) -> None:
        playbook = Playbook.objects.get(key="interview_passed")

        with pytest.raises(Forbidden):
            services.change(actor=actor_of(make_user()), at=MONDAY, playbook_id=playbook.pk, definition={})


class TestEnsureShipped:
    def test_leaves_what_somebody_changed(self) -> None:
        playbook = Playbook.objects.get(key="interview_passed")
        changed = definitions.plain(shipped.read_all()["interview_passed"])
        changed["steps"][1]["wait"] = {"business_hours": 12}
        manager = make_user("hr_manager", scope="all")
        services.change(actor=actor_of(manager), at=MONDAY, playbook_id=playbook.pk, definition=changed)

        services.ensure_shipped(at=MONDAY)

        assert queries.current_version(playbook).number == 2

    def test_brings_news_to_what_nobody_changed(self) -> None:
        playbook = Playbook.objects.get(key="interview_passed")
        old = playbook.versions.get()
        Version.objects.filter(pk=old.pk).update(definition={**old.definition, "also_after_exit": True})

        added = services.ensure_shipped(at=MONDAY)

        assert added == 1
        assert queries.current_version(playbook).number == 2


class TestSwitch:
    def test_is_on_the_record(self) -> None:
        playbook = Playbook.objects.get(key="no_feedback")

        services.switch(actor=SYSTEM, at=MONDAY, playbook_id=playbook.pk, is_on=False)

        assert not Playbook.objects.get(pk=playbook.pk).is_on
        row = timeline.events_named(["playbooks.playbook.switched"]).get()
        assert row.payload == {"playbook_id": str(playbook.pk), "is_on": False}


def _with_template(key: str, *, step: int, template: str) -> dict[str, Any]:
    raw = definitions.plain(shipped.read_all()[key])
    raw["steps"][step]["with"]["template"] = template
    return raw


def _run_with_broken_step(application: Application) -> Run:
    """Return a run whose only step points past the definition's end."""
    version = queries.current_version(Playbook.objects.get(key="application_received"))
    run = Run.objects.create(
        playbook=version.playbook,
        version=version,
        person=application.person,
        application=application,
        event_id=application.pk,
        payload={},
        started_at=MONDAY,
    )
    Step.objects.create(run=run, index=9, do="send", due_at=MONDAY, try_at=MONDAY)
    return run
