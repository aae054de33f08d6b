"""Writing openings and applications, against a real database."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections

from tests.factories import (
    MONDAY,
    SYSTEM,
    actor_of,
    make_application,
    make_branch,
    make_department,
    make_entity,
    make_opening,
    make_person,
    make_position,
    make_user,
)
from zhiren.kernel.refusals import Forbidden, NotFound, Refusal
from zhiren.recruiting import queries, services
from zhiren.recruiting.errors import ApplicationEnded, MovedMeanwhile, OpeningNotOpen, StageOfOtherOpening
from zhiren.recruiting.models import Application, ExitReason, Opening, Stage, StageChange, StageTemplate
from zhiren.timeline import queries as timeline

pytestmark = pytest.mark.django_db


def stage_of(opening: Opening, kind: str) -> Stage:
    return Stage.objects.get(opening=opening, kind=kind)


def reason(code: str = "skill") -> ExitReason:
    # tests that commit are followed by an emptying of all tables, the seeded reasons among them
    return ExitReason.objects.get_or_create(code=code, defaults={"side": "they", "name": code})[0]


def both(first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
    """Return what two calls gave or refused, made at once on connections of their own."""
    start = threading.Barrier(2)

    def run(call: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=30)
            return call()
        except Refusal as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, first), pool.submit(run, second)]]


class TestCreateOpening:
    def test_takes_stages_title_and_pay_from_template_position_and_grade(self) -> None:
        position = make_position(title="产品经理", title_en="Product Manager")
        owner = make_user()

        opening = services.create_opening(actor=actor_of(owner), at=MONDAY, position_id=position.pk, city="上海")

        assert (opening.title, opening.title_en, opening.city) == ("产品经理", "Product Manager", "上海")
        assert (opening.pay_from, opening.pay_to, opening.currency) == (1_800_000, 3_000_000, "CNY")
        assert opening.owner == owner
        assert opening.state == Opening.State.DRAFT
        assert [stage.kind for stage in queries.stages_of(opening)] == [
            "new", "screening", "interview", "offer", "hired",
        ]  # fmt: skip

    def test_takes_the_stages_of_the_template_named(self) -> None:
        template = StageTemplate.objects.create(
            name="校招", stages=[{"kind": "new", "name": "网申"}, {"kind": "hired", "name": "报到"}]
        )

        opening = make_opening(template_id=template.pk)

        assert [stage.name for stage in queries.stages_of(opening)] == ["网申", "报到"]

    def test_is_refused_to_who_may_not(self) -> None:
        with pytest.raises(Forbidden):
            services.create_opening(actor=actor_of(make_user("interviewer")), at=MONDAY, position_id=make_position().pk)

    def test_refuses_a_position_that_does_not_exist(self) -> None:
        with pytest.raises(NotFound):
            services.create_opening(actor=actor_of(make_user()), at=MONDAY, position_id=make_user().pk)


class TestPublishOpening:
    def test_shows_it_to_the_public_once(self) -> None:
        opening = make_opening()
        owner = actor_of(opening.owner)

        services.publish_opening(actor=owner, at=MONDAY, opening_id=opening.pk)
        services.publish_opening(actor=owner, at=MONDAY + timedelta(days=1), opening_id=opening.pk)

        opening.refresh_from_db()
        assert opening.published_at == MONDAY
        assert list(queries.published_openings()) == [opening]
        assert timeline.events_named(["recruiting.opening.published"]).count() == 1

    def test_refuses_a_closed_one(self) -> None:
        opening = make_opening()
        services.close_opening(actor=SYSTEM, at=MONDAY, opening_id=opening.pk)

        with pytest.raises(OpeningNotOpen):
            services.publish_opening(actor=SYSTEM, at=MONDAY, opening_id=opening.pk)

    def test_hides_from_others_that_there_is_one(self) -> None:
        opening = make_opening()

        with pytest.raises(NotFound):
            services.publish_opening(actor=actor_of(make_user()), at=MONDAY, opening_id=opening.pk)


class TestCloseOpening:
    def test_takes_it_from_the_public_and_takes_no_more_candidates(self) -> None:
        opening = make_opening()
        services.publish_opening(actor=SYSTEM, at=MONDAY, opening_id=opening.pk)

        opening = services.close_opening(actor=SYSTEM, at=MONDAY, opening_id=opening.pk)

        assert not queries.published_openings().exists()
        with pytest.raises(OpeningNotOpen):
            make_application(opening)


class TestShareOpening:
    def test_lets_a_colleague_see_its_candidates(self) -> None:
        application = make_application()
        colleague = make_user()
        assert not queries.applications_visible_to(actor_of(colleague)).exists()

        services.share_opening(
            actor=actor_of(application.opening.owner), opening_id=application.opening_id, user_ids=[colleague.pk]
        )

        assert list(queries.applications_visible_to(actor_of(colleague))) == [application]


class TestReceiveApplication:
    def test_starts_in_the_first_stage_with_its_clock(self) -> None:
        application = make_application(at=MONDAY)

        assert application.stage.kind == "new"
        # nine business hours from Monday 10:00 in Shanghai: the rest of Monday, and one hour of Tuesday
        assert application.due_at == datetime(2026, 11, 17, 2, 0, tzinfo=UTC)
        assert timeline.names_of(application.person_id)[-1] == "recruiting.application.received"

    def test_counts_business_hours_of_the_place_of_work(self) -> None:
        entity = make_entity(region="DE", zone="Europe/Berlin", currency="EUR")
        branch = make_branch(entity=entity, zone="Europe/Berlin", region="DE")
        opening = make_opening(department=make_department(entity=entity), branch_id=branch.pk)

        application = make_application(opening, at=MONDAY)

        # 02:00 UTC is before the office opens in Berlin: nine hours from 09:00 there
        assert application.due_at == datetime(2026, 11, 16, 17, 0, tzinfo=UTC)

    def test_gives_who_applies_twice_the_application_they_have(self) -> None:
        first = make_application()

        second, is_new = services.receive_application(
            actor=SYSTEM, at=MONDAY, person_id=first.person_id, opening=first.opening, source="careers"
        )

        assert (second, is_new) == (first, False)
        assert timeline.names_of(first.person_id).count("recruiting.application.received") == 1

    @pytest.mark.django_db(transaction=True)
    def test_makes_one_application_of_two_sent_at_once(self) -> None:
        opening, person = make_opening(), make_person()

        def apply() -> tuple[Application, bool]:
            return services.receive_application(
                actor=SYSTEM, at=MONDAY, person_id=person.pk, opening=opening, source="careers"
            )

        results = both(apply, apply)

        assert sorted(is_new for _application, is_new in results) == [False, True]
        assert Application.objects.filter(person=person).count() == 1


class TestMoveApplication:
    def test_changes_stage_clock_and_version_and_says_who_when_why(self) -> None:
        application = make_application()
        owner = application.opening.owner
        target = stage_of(application.opening, "screening")
        later = MONDAY + timedelta(hours=2)

        moved = services.move_application(
            actor=actor_of(owner), at=later, application_id=application.pk, stage_id=target.pk, version=1, note="不错"
        )

        assert (moved.stage, moved.entered_stage_at, moved.version) == (target, later, 2)
        assert moved.due_at == datetime(2026, 11, 18, 4, 0, tzinfo=UTC)  # 18 business hours
        change = StageChange.objects.get(application=application, to_stage=target)
        assert (change.from_stage, change.by, change.at, change.note) == (application.stage, owner, later, "不错")
        assert timeline.names_of(application.person_id)[-1] == "recruiting.application.moved"

    def test_changes_nothing_when_it_is_there_already(self) -> None:
        application = make_application()

        services.move_application(
            actor=SYSTEM, at=MONDAY, application_id=application.pk, stage_id=application.stage_id, version=1
        )

        application.refresh_from_db()
        assert application.version == 1
        assert "recruiting.application.moved" not in timeline.names_of(application.person_id)

    def test_refuses_who_saw_an_older_state_and_says_where_it_is(self) -> None:
        application = make_application(stage="screening")
        target = stage_of(application.opening, "offer")

        with pytest.raises(MovedMeanwhile, match="筛选"):
            services.move_application(
                actor=SYSTEM, at=MONDAY, application_id=application.pk, stage_id=target.pk, version=1
            )

        application.refresh_from_db()
        assert application.stage.kind == "screening"

    def test_refuses_a_stage_of_another_opening(self) -> None:
        application = make_application()

        with pytest.raises(StageOfOtherOpening):
            services.move_application(
                actor=SYSTEM, at=MONDAY, application_id=application.pk, stage_id=stage_of(make_opening(), "offer").pk
            )

    def test_refuses_an_ended_application(self) -> None:
        application = make_application()
        services.exit_application(actor=SYSTEM, at=MONDAY, application_id=application.pk, reason_id=reason().pk)

        with pytest.raises(ApplicationEnded):
            services.move_application(
                actor=SYSTEM,
                at=MONDAY,
                application_id=application.pk,
                stage_id=stage_of(application.opening, "offer").pk,
            )

    def test_looks_to_others_as_if_there_were_none(self) -> None:
        application = make_application()

        with pytest.raises(NotFound):
            services.move_application(
                actor=actor_of(make_user()), at=MONDAY, application_id=application.pk, stage_id=application.stage_id
            )

    def test_is_refused_to_who_may_only_look(self) -> None:
        application = make_application()
        manager = make_user("hiring_manager", department=application.opening.department)

        with pytest.raises(Forbidden):
            services.move_application(
                actor=actor_of(manager), at=MONDAY, application_id=application.pk, stage_id=application.stage_id
            )

    @pytest.mark.django_db(transaction=True)
    def test_of_two_who_move_the_same_card_at_once_refuses_the_second(self) -> None:
        application = make_application()
        targets = [stage_of(application.opening, kind) for kind in ("screening", "interview")]

        def to(stage: Stage) -> Callable[[], Application]:
            return lambda: services.move_application(
                actor=SYSTEM, at=MONDAY, application_id=application.pk, stage_id=stage.pk, version=1
            )

        results = both(to(targets[0]), to(targets[1]))

        [refused] = [result for result in results if isinstance(result, MovedMeanwhile)]
        [moved] = [result for result in results if isinstance(result, Application)]
        application.refresh_from_db()
        assert (application.stage, application.version) == (moved.stage, 2)
        assert moved.stage.name in str(refused)
        assert timeline.names_of(application.person_id).count("recruiting.application.moved") == 1


class TestExitApplication:
    def test_ends_with_a_reason_and_stops_the_clock(self) -> None:
        application = make_application(stage="interview")

        ended = services.exit_application(
            actor=SYSTEM, at=MONDAY, application_id=application.pk, reason_id=reason("other_offer").pk
        )

        assert (ended.state, ended.exit_reason, ended.due_at) == ("exited", reason("other_offer"), None)
        event = timeline.events_named(["recruiting.application.exited"]).get()
        assert (event.payload["side"], event.payload["reason"], event.payload["stage_kind"]) == (
            "they", "other_offer", "interview",
        )  # fmt: skip

    def test_refuses_to_end_twice(self) -> None:
        application = make_application()
        services.exit_application(actor=SYSTEM, at=MONDAY, application_id=application.pk, reason_id=reason().pk)

        with pytest.raises(ApplicationEnded):
            services.exit_application(actor=SYSTEM, at=MONDAY, application_id=application.pk, reason_id=reason().pk)

    @pytest.mark.django_db(transaction=True)
    def test_of_a_move_and_an_end_at_once_refuses_one(self) -> None:
        application = make_application()
        target, why = stage_of(application.opening, "offer"), reason()

        results = both(
            lambda: services.move_application(
                actor=SYSTEM, at=MONDAY, application_id=application.pk, stage_id=target.pk, version=1
            ),
            lambda: services.exit_application(
                actor=SYSTEM, at=MONDAY, application_id=application.pk, reason_id=why.pk, version=1
            ),
        )

        assert sorted(isinstance(result, MovedMeanwhile) for result in results) == [False, True]
        application.refresh_from_db()
        assert application.version == 2
        assert (application.state, application.stage.kind) in {("exited", "new"), ("active", "offer")}


class TestReopenApplication:
    def test_goes_on_where_it_ended_with_a_new_clock(self) -> None:
        application = make_application(stage="screening")
        services.exit_application(actor=SYSTEM, at=MONDAY, application_id=application.pk, reason_id=reason().pk)
        later = MONDAY + timedelta(days=7)

        reopened = services.reopen_application(actor=SYSTEM, at=later, application_id=application.pk)

        assert (reopened.state, reopened.stage.kind, reopened.exit_reason) == ("active", "screening", None)
        assert reopened.entered_stage_at == later
        assert reopened.due_at == datetime(2026, 11, 25, 2, 0, tzinfo=UTC)

    @pytest.mark.django_db(transaction=True)
    def test_reopens_once_when_two_do_it_at_once(self) -> None:
        application = make_application()
        services.exit_application(actor=SYSTEM, at=MONDAY, application_id=application.pk, reason_id=reason().pk)

        def reopen() -> Application:
            return services.reopen_application(actor=SYSTEM, at=MONDAY, application_id=application.pk)

        both(reopen, reopen)

        assert timeline.names_of(application.person_id).count("recruiting.application.reopened") == 1


class TestAnnounceOverdue:
    def test_tells_once_per_stay_when_the_limit_has_passed(self) -> None:
        application = make_application()
        limit = application.due_at
        assert limit is not None

        before = services.announce_overdue(limit - timedelta(seconds=1))
        after = [services.announce_overdue(limit + timedelta(hours=hours)) for hours in (0, 1, 2)]

        assert (before, after) == (0, [1, 0, 0])
        event = timeline.events_named(["recruiting.application.stage_limit_exceeded"]).get()
        assert (event.at, event.person_id) == (limit, application.person_id)

    def test_starts_anew_with_the_next_stage(self) -> None:
        application = make_application()
        services.announce_overdue(MONDAY + timedelta(days=3))
        target = stage_of(application.opening, "screening")
        services.move_application(
            actor=SYSTEM, at=MONDAY + timedelta(days=3), application_id=application.pk, stage_id=target.pk
        )

        assert services.announce_overdue(MONDAY + timedelta(days=14)) == 1

    def test_says_nothing_of_stages_without_a_limit_and_of_ended_ways(self) -> None:
        make_application(stage="hired")
        ended = make_application()
        services.exit_application(actor=SYSTEM, at=MONDAY, application_id=ended.pk, reason_id=reason().pk)

        assert services.announce_overdue(MONDAY + timedelta(days=60)) == 0


class TestSetStage:
    def test_counts_for_whoever_enters_from_now_on(self) -> None:
        opening = make_opening()
        before = make_application(opening)
        stage = stage_of(opening, "new")

        services.set_stage(actor=actor_of(opening.owner), stage_id=stage.pk, limit_hours=1, owner_id=None)

        after = make_application(opening)
        assert after.due_at == MONDAY + timedelta(hours=1)
        before.refresh_from_db()
        assert before.due_at == datetime(2026, 11, 17, 2, 0, tzinfo=UTC)

    def test_hides_the_stages_of_others(self) -> None:
        stage = stage_of(make_opening(), "new")

        with pytest.raises(NotFound):
            services.set_stage(actor=actor_of(make_user()), stage_id=stage.pk, limit_hours=1, owner_id=None)


class TestTheDatabase:
    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE recruiting_application SET state = 'exited'",
            "UPDATE recruiting_opening SET published_at = now(), state = 'draft'",
            "UPDATE recruiting_opening SET headcount = 0",
            "UPDATE recruiting_opening SET pay_from = 2, pay_to = 1",
        ],
    )
    def test_refuses_what_cannot_be(self, change: str) -> None:
        make_application()

        with pytest.raises(Exception, match="violates check constraint"), connection.cursor() as cursor:
            cursor.execute(change)
