"""Follow-ups: opened once, settled by hand or by what happens, handed over only to who may see the person."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import MONDAY, SYSTEM, actor_of, make_application, make_opening, make_person, make_user
from zhiren.conversation import services as conversation
from zhiren.conversation.models import Promise
from zhiren.kernel.refusals import NotFound
from zhiren.people import queries as people_queries
from zhiren.people import services as people
from zhiren.plumbing import jobs
from zhiren.timeline import queries as timeline
from zhiren.timeline.models import EventRow
from zhiren.today import queries, services
from zhiren.today.errors import AlreadySettled, ColleagueMayNotSee, SnoozedIntoThePast
from zhiren.today.models import FollowUp

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
CALL = {"event": "people.note.written", "where": {"kind": "call"}}


def opened(**given: Any) -> FollowUp:
    application = given.pop("application", None) or make_application()
    return services.open_follow_up(
        **{
            "at": MONDAY,
            "key": "k1",
            "person_id": application.person_id,
            "application_id": application.pk,
            "owner_id": application.opening.owner_id,
            "reason": services.Reason(why={"zh-hans": "还没人联系", "en": "Nobody in touch"}),
            "due_at": MONDAY + HOUR,
            **given,
        }
    )


class TestOpenFollowUp:
    def test_gives_the_same_line_for_the_same_key(self) -> None:
        application = make_application()

        first, second = opened(application=application), opened(application=application)

        assert first == second
        assert timeline.names_of(application.person_id).count("today.follow_up.opened") == 1

    def test_says_no_more_than_ids_in_the_log(self) -> None:
        line = opened()

        payload = EventRow.objects.get(name="today.follow_up.opened").payload
        assert set(payload) == {"follow_up_id", "application_id", "owner_id", "key", "source"}
        assert payload["follow_up_id"] == str(line.pk)

    def test_puts_the_important_before_the_merely_older(self) -> None:
        owner = make_user()
        opening = make_opening(owner)
        minor = opened(application=make_application(opening), key="a", importance=1, due_at=MONDAY)
        major = opened(application=make_application(opening), key="b", importance=5, due_at=MONDAY + 2 * HOUR)

        assert list(queries.waiting(actor_of(owner), MONDAY)) == [major, minor]


class TestSettleBy:
    def test_takes_away_what_a_call_makes_needless(self) -> None:
        line = opened(settles_on=[CALL])

        people.write_note(actor=SYSTEM, at=MONDAY + HOUR, person_id=line.person_id, text="聊过", kind="call")
        jobs.run_due(MONDAY + HOUR)

        line.refresh_from_db()
        assert (line.state, line.settled_how, line.settled_at) == ("done", "by_event", MONDAY + HOUR)

    def test_leaves_what_waits_for_something_else(self) -> None:
        line = opened(settles_on=[CALL])

        people.write_note(actor=SYSTEM, at=MONDAY + HOUR, person_id=line.person_id, text="想了想")
        jobs.run_due(MONDAY + HOUR)

        line.refresh_from_db()
        assert line.state == "open"

    def test_counts_nothing_from_before_it_was_opened(self) -> None:
        application = make_application()
        people.write_note(actor=SYSTEM, at=MONDAY - HOUR, person_id=application.person_id, text="聊过", kind="call")
        line = opened(application=application, settles_on=[CALL])

        jobs.run_due(MONDAY + HOUR)

        line.refresh_from_db()
        assert line.state == "open"

    def test_settles_a_snoozed_line_too(self) -> None:
        line = opened(settles_on=[CALL])
        services.snooze(actor=SYSTEM, at=MONDAY, follow_up_id=line.pk, until=MONDAY + timedelta(days=1))

        people.write_note(actor=SYSTEM, at=MONDAY + HOUR, person_id=line.person_id, text="聊过", kind="call")
        jobs.run_due(MONDAY + HOUR)

        line.refresh_from_db()
        assert line.state == "done"


class TestFinish:
    def test_is_final_for_the_second(self) -> None:
        line = opened()
        services.finish(actor=SYSTEM, at=MONDAY, follow_up_id=line.pk)

        with pytest.raises(AlreadySettled):
            services.finish(actor=SYSTEM, at=MONDAY, follow_up_id=line.pk)

    def test_is_not_for_another_recruiter(self) -> None:
        line = opened()

        with pytest.raises(NotFound):
            services.finish(actor=actor_of(make_user()), at=MONDAY, follow_up_id=line.pk)

    def test_keeps_what_was_promised_to_whoever_was_called(self) -> None:
        line = opened()
        conversation.make_promise(
            at=MONDAY - HOUR,
            person_id=line.person_id,
            application_id=line.application_id,
            what="next_step",
            due_at=MONDAY + HOUR,
            key="p",
        )

        services.finish(actor=SYSTEM, at=MONDAY, follow_up_id=line.pk, called=True)

        assert Promise.objects.get().state == "kept"


class TestSnooze:
    def test_hides_and_brings_back(self) -> None:
        line = opened()
        owner = actor_of(line.owner)

        services.snooze(actor=owner, at=MONDAY, follow_up_id=line.pk, until=MONDAY + 2 * HOUR)

        assert not queries.waiting(owner, MONDAY + HOUR).exists()
        assert queries.waiting(owner, MONDAY + 2 * HOUR).get() == line
        assert services.wake(MONDAY + 2 * HOUR) == 1
        line.refresh_from_db()
        assert line.state == "open"

    @pytest.mark.parametrize("until", [MONDAY, MONDAY - HOUR, MONDAY + timedelta(days=91)])
    def test_refuses_the_past_and_the_far_future(self, until: Any) -> None:
        line = opened()

        with pytest.raises(SnoozedIntoThePast):
            services.snooze(actor=SYSTEM, at=MONDAY, follow_up_id=line.pk, until=until)


class TestHandOver:
    def test_is_on_the_record(self) -> None:
        line = opened()
        colleague = make_user("hr_manager", scope="all")

        services.hand_over(actor=actor_of(line.owner), at=MONDAY, follow_up_id=line.pk, to_id=colleague.pk)

        row = EventRow.objects.get(name="today.follow_up.handed_over")
        assert (row.payload["from_id"], row.payload["to_id"]) == (str(line.owner_id), str(colleague.pk))

    def test_opens_nobody_to_a_stranger(self) -> None:
        line = opened()
        stranger = make_user("recruiter")

        with pytest.raises(ColleagueMayNotSee):
            services.hand_over(actor=actor_of(line.owner), at=MONDAY, follow_up_id=line.pk, to_id=stranger.pk)

        assert not people_queries.persons_visible_to(actor_of(stranger)).filter(pk=line.person_id).exists()

    def test_is_refused_to_somebody_who_has_left(self) -> None:
        line = opened()
        gone = make_user("hr_manager", scope="all", is_active=False)

        with pytest.raises(NotFound):
            services.hand_over(actor=actor_of(line.owner), at=MONDAY, follow_up_id=line.pk, to_id=gone.pk)


class TestWeighAgain:
    def test_lets_a_key_candidate_rise(self) -> None:
        owner = make_user()
        opening = make_opening(owner)
        first = opened(application=make_application(opening), key="a", due_at=MONDAY)
        second = opened(application=make_application(opening), key="b", due_at=MONDAY + 2 * HOUR)

        people.mark_key(actor=SYSTEM, at=MONDAY, person_id=second.person_id, is_key=True)
        jobs.run_due(MONDAY)

        assert list(queries.waiting(actor_of(owner), MONDAY)) == [second, first]


class TestTheDoor:
    def test_lets_whoever_has_to_contact_somebody_see_them(self) -> None:
        colleague = make_user("recruiter")
        person = make_person()

        line = opened(application=make_application(person=person), owner_id=colleague.pk)

        assert people_queries.get_person(actor_of(colleague), person.pk) == person
        services.finish(actor=SYSTEM, at=MONDAY, follow_up_id=line.pk)
        with pytest.raises(NotFound):
            people_queries.get_person(actor_of(colleague), person.pk)
