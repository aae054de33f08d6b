"""Changes of shifts: one asked for, one swapped, one set by hand; what the days and the roster say then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.factories import MONDAY, SYSTEM, actor_of, make_department, make_employment, make_user
from tests.factories.attendance import PLACED_ON, make_group, make_shift, punch, wall
from tests.factories.leave import make_type
from zhiren.access.models import User
from zhiren.approvals import queries as approvals
from zhiren.approvals import services as approving
from zhiren.attendance import computing, queries, reasons, services, shift_changes, shift_queries
from zhiren.attendance.errors import (
    AwayThen,
    CannotAgree,
    ChangeWaitsAlready,
    DayTooFar,
    MonthIsClosed,
    NotEmployedThen,
    NotPlannedThen,
    SameShift,
    TooLate,
)
from zhiren.attendance.models import Adjustment, ShiftChange
from zhiren.attendance.shift_changes import Wish
from zhiren.kernel.refusals import Forbidden, NotFound
from zhiren.leave import services as leave
from zhiren.leave.counting import Wish as LeaveWish
from zhiren.org.models import Department
from zhiren.people import employing
from zhiren.people.models import Employment
from zhiren.plumbing.jobs import run_due
from zhiren.rostering import services as rostering
from zhiren.rostering.models import Shift

pytestmark = pytest.mark.django_db
TUESDAY, WEDNESDAY, FRIDAY = date(2026, 11, 17), date(2026, 11, 18), date(2026, 11, 20)
LATE: dict[str, Any] = {"kind": 1, "segments": [{"start": 840, "end": 1320}], "policy": {"dup": 120}}
LATER = MONDAY + timedelta(hours=1)


@dataclass
class Shop:
    """Two who work early and late in one department, their manager, and HR of the entity."""

    department: Department
    manager: User
    hr: User
    early: Shift
    late: Shift
    ann: Employment
    ben: Employment

    @property
    def as_ann(self) -> Any:
        return actor_of(User.objects.get(pk=self.ann.user_id))

    @property
    def as_ben(self) -> Any:
        return actor_of(User.objects.get(pk=self.ben.user_id))


@pytest.fixture
def shop() -> Shop:
    """A shop: Ann works early, Ben late."""
    department = make_department()
    manager = make_user("", department=department, name="店长")
    above = make_employment(manager)
    hr = make_user("hr_manager", scope="entity", entity=department.entity)
    early, late = make_shift(), make_shift(LATE)
    people = []
    for shift in (early, late):
        who = make_employment(make_user("employee", department=department), manager=above)
        group = make_group(who, shift)
        rostering.place(actor=SYSTEM, at=MONDAY, employment_id=who.pk, group_id=group.pk, from_on=PLACED_ON)
        people.append(who)
    return Shop(department, manager, hr, early, late, *people)


def ask(shop: Shop, **given: Any) -> ShiftChange:
    at = given.pop("at", MONDAY)
    wish = Wish(**{"on": TUESDAY, **given})
    return shift_changes.ask(actor=shop.as_ann, at=at, employment_id=shop.ann.pk, wish=wish, reason="孩子家长会")


def swap(shop: Shop, **given: Any) -> ShiftChange:
    return ask(shop, colleague_id=shop.ben.pk, **given)


def decide(change: ShiftChange, actor: Any, *, approves: bool = True) -> None:
    request = approvals.requests_of(shift_queries.KIND, [change.pk])[change.pk]
    approving.decide_request(
        actor=actor, at=LATER, request_id=request.pk, approves=approves, reason="" if approves else "不方便"
    )
    run_due(LATER)
    change.refresh_from_db()


def works(who: Employment, on: date = TUESDAY) -> UUID | None:
    return shift_queries.lines_of([(who, on, None)])[0].before.shift_id


def why(who: Employment, on: date = TUESDAY) -> list[str]:
    days = shift_queries.rostering.roster([who.pk], on - timedelta(days=1), on + timedelta(days=1))[who.pk]
    return [one.text for one in reasons.of_day(who, on, days, LATER).sentences]


class TestAnotherShift:
    def test_is_worked_once_the_manager_says_yes(self, shop: Shop) -> None:
        change = ask(shop, shift_id=shop.late.pk)
        assert works(shop.ann) == shop.early.pk

        decide(change, actor_of(shop.manager))

        assert change.state == "approved"
        assert works(shop.ann) == shop.late.pk
        assert works(shop.ann, WEDNESDAY) == shop.early.pk

    def test_changes_nothing_when_the_manager_says_no(self, shop: Shop) -> None:
        change = ask(shop, shift_id=shop.late.pk)

        decide(change, actor_of(shop.manager), approves=False)

        assert change.state == "declined"
        assert works(shop.ann) == shop.early.pk

    def test_tells_on_the_day_who_approved_it(self, shop: Shop) -> None:
        decide(ask(shop, shift_id=shop.late.pk), actor_of(shop.manager))

        assert any("店长" in sentence for sentence in why(shop.ann))

    def test_judges_a_day_that_is_over_anew(self, shop: Shop) -> None:
        punch(shop.ann, "2026-11-17 13:55", "2026-11-17 22:02", at=wall("2026-11-18 09:00"))
        assert queries.days_of(shop.ann.pk, TUESDAY, TUESDAY)[TUESDAY].absent

        change = ask(shop, shift_id=shop.late.pk, at=wall("2026-11-18 09:00"))
        request = approvals.requests_of(shift_queries.KIND, [change.pk])[change.pk]
        at = wall("2026-11-18 10:00")
        approving.decide_request(actor=actor_of(shop.manager), at=at, request_id=request.pk, approves=True)
        run_due(at)

        day = queries.days_of(shop.ann.pk, TUESDAY, TUESDAY)[TUESDAY]
        assert (day.absent, day.worked) == (0, 480)

    def test_works_as_before_once_taken_back(self, shop: Shop) -> None:
        change = ask(shop, shift_id=shop.late.pk)
        decide(change, actor_of(shop.manager))
        request = approvals.requests_of(shift_queries.KIND, [change.pk])[change.pk]

        back = approving.cancel_request(actor=shop.as_ann, at=LATER, request_id=request.pk)
        approving.decide_request(actor=actor_of(shop.manager), at=LATER, request_id=back.pk, approves=True)
        run_due(LATER)

        change.refresh_from_db()
        assert change.state == "withdrawn"
        assert works(shop.ann) == shop.early.pk


class TestSwap:
    def test_asks_the_colleague_first_and_then_the_manager(self, shop: Shop) -> None:
        change = swap(shop)
        assert list(approvals.waiting_for(actor_of(shop.manager), LATER)) == []
        assert works(shop.ben) == shop.late.pk

        decide(change, shop.as_ben)
        assert change.state == "waiting"
        decide(change, actor_of(shop.manager))

        assert (works(shop.ann), works(shop.ben)) == (shop.late.pk, shop.early.pk)

    def test_exchanges_both_days(self, shop: Shop) -> None:
        change = swap(shop, also_on=FRIDAY)
        decide(change, shop.as_ben)
        decide(change, actor_of(shop.manager))

        assert [works(shop.ann, on) for on in (TUESDAY, WEDNESDAY, FRIDAY)] == [
            shop.late.pk, shop.early.pk, shop.late.pk,
        ]  # fmt: skip
        assert works(shop.ben, FRIDAY) == shop.early.pk

    def test_names_the_other_on_each_ones_day(self, shop: Shop) -> None:
        change = swap(shop)
        decide(change, shop.as_ben)
        decide(change, actor_of(shop.manager))

        assert any(shop.ben.person.name in sentence and "店长" in sentence for sentence in why(shop.ann))
        assert any(shop.ann.person.name in sentence for sentence in why(shop.ben))

    def test_ends_when_the_colleague_says_no(self, shop: Shop) -> None:
        change = swap(shop)

        decide(change, shop.as_ben, approves=False)

        assert change.state == "declined"
        assert ask(shop, shift_id=shop.late.pk).state == "waiting"

    def test_is_not_approved_by_a_manager_who_swaps(self, shop: Shop) -> None:
        boss = Employment.objects.get(user_id=shop.manager.pk)
        group = make_group(boss, shop.late)
        rostering.place(actor=SYSTEM, at=MONDAY, employment_id=boss.pk, group_id=group.pk, from_on=PLACED_ON)
        change = ask(shop, colleague_id=boss.pk)

        decide(change, actor_of(shop.manager))

        assert change.state == "waiting"
        assert list(approvals.waiting_for(actor_of(shop.manager), LATER)) == []
        assert len(list(approvals.waiting_for(actor_of(shop.hr), LATER))) == 1

    def test_lapses_when_the_colleague_has_left_before_it_is_approved(self, shop: Shop) -> None:
        change = swap(shop)
        decide(change, shop.as_ben)
        employing.end_employment(
            actor=SYSTEM, at=LATER, employment_id=shop.ben.pk, to_on=date(2026, 11, 16), reason="resigned"
        )

        decide(change, actor_of(shop.manager))

        assert change.state == "lapsed"
        assert works(shop.ann) == shop.early.pk

    def test_adjusts_a_month_that_was_closed_before_it_was_approved(self, shop: Shop) -> None:
        punch(shop.ann, "2026-11-17 08:55", "2026-11-17 18:02", at=wall("2026-11-18 09:00"))
        change = ask(shop, shift_id=shop.late.pk, at=wall("2026-11-18 09:00"))
        december = wall("2026-12-03 09:00")
        services.mark_days_to_close(at=december)
        computing.compute(
            at=december,
            keys=[(who.pk, date(2026, 11, 1) + timedelta(days=n)) for who in (shop.ann, shop.ben) for n in range(30)],
        )
        services.close_month(actor=SYSTEM, at=december, entity_id=shop.department.entity_id, month=date(2026, 11, 1))

        request = approvals.requests_of(shift_queries.KIND, [change.pk])[change.pk]
        approving.decide_request(actor=actor_of(shop.manager), at=december, request_id=request.pk, approves=True)
        run_due(december)

        assert Adjustment.objects.filter(employment=shop.ann, on=TUESDAY).exists()
        with pytest.raises(MonthIsClosed):
            ask(shop, shift_id=shop.late.pk, on=FRIDAY, at=december)


class TestRefused:
    def test_the_same_shift(self, shop: Shop) -> None:
        with pytest.raises(SameShift):
            ask(shop, shift_id=shop.early.pk)

    def test_a_colleague_who_works_the_same(self, shop: Shop) -> None:
        shop.ben = make_employment(make_user("employee", department=shop.department))
        group = make_group(shop.ben, shop.early)
        rostering.place(actor=SYSTEM, at=MONDAY, employment_id=shop.ben.pk, group_id=group.pk, from_on=PLACED_ON)

        with pytest.raises(SameShift):
            swap(shop)

    def test_two_requests_for_one_day(self, shop: Shop) -> None:
        swap(shop)

        with pytest.raises(ChangeWaitsAlready):
            ask(shop, shift_id=shop.late.pk)
        with pytest.raises(ChangeWaitsAlready):
            shift_changes.ask(
                actor=shop.as_ben, at=MONDAY, employment_id=shop.ben.pk,
                wish=Wish(on=TUESDAY, shift_id=shop.early.pk),
            )  # fmt: skip

    def test_a_colleague_who_leaves_before_the_second_day(self, shop: Shop) -> None:
        employing.end_employment(actor=SYSTEM, at=MONDAY, employment_id=shop.ben.pk, to_on=WEDNESDAY, reason="resigned")

        with pytest.raises(NotEmployedThen):
            swap(shop, also_on=FRIDAY)

    def test_a_colleague_who_cannot_sign_in(self, shop: Shop) -> None:
        Employment.objects.filter(pk=shop.ben.pk).update(user_id=None)

        with pytest.raises(CannotAgree):
            swap(shop)

    def test_somebody_of_elsewhere(self, shop: Shop) -> None:
        stranger = make_employment(make_user("employee"))

        with pytest.raises(NotFound):
            ask(shop, colleague_id=stranger.pk)

    def test_a_day_nobody_plans(self, shop: Shop) -> None:
        with pytest.raises(NotPlannedThen):
            swap(shop, on=date(2025, 12, 30))

    def test_a_day_far_away(self, shop: Shop) -> None:
        with pytest.raises(DayTooFar):
            ask(shop, shift_id=shop.late.pk, on=date.max)

    def test_a_day_beyond_the_deadline_of_the_group(self, shop: Shop) -> None:
        group = make_group(shop.ann, shop.early, corrections={"days": 2})
        rostering.place(actor=SYSTEM, at=MONDAY, employment_id=shop.ann.pk, group_id=group.pk, from_on=PLACED_ON)

        with pytest.raises(TooLate):
            ask(shop, shift_id=shop.late.pk, at=wall("2026-11-20 09:00"))

    def test_a_day_of_leave(self, shop: Shop) -> None:
        leave.ask_leave(
            actor=SYSTEM, at=MONDAY, employment_id=shop.ben.pk, type_id=make_type(needs_balance=False).pk,
            wish=LeaveWish(from_on=TUESDAY, to_on=TUESDAY),
        )  # fmt: skip

        with pytest.raises(AwayThen):
            swap(shop)

    def test_asking_for_somebody_else(self, shop: Shop) -> None:
        with pytest.raises(NotFound):
            shift_changes.ask(
                actor=shop.as_ben, at=MONDAY, employment_id=shop.ann.pk, wish=Wish(on=TUESDAY, shift_id=shop.late.pk)
            )


class TestFindings:
    def test_say_that_the_rest_between_two_shifts_is_too_short(self, shop: Shop) -> None:
        shop.department.entity.region = "DE"
        shop.department.entity.save()
        dawn = make_shift({"kind": 1, "segments": [{"start": 300, "end": 660}], "policy": {"dup": 120}})
        ben = Employment.objects.select_related("person", "entity", "branch").get(pk=shop.ben.pk)

        found = shift_queries.findings_of(shift_queries.lines_of([(ben, WEDNESDAY, dawn.pk)]))

        assert [one.finding.code for one in found] == ["daily_rest"]

    def test_say_nothing_that_holds_already(self, shop: Shop) -> None:
        assert shift_queries.findings_of(shift_queries.lines_of([(shop.ann, TUESDAY, shop.late.pk)])) == []


class TestPlanByHand:
    def test_says_who_and_why(self, shop: Shop) -> None:
        shift_changes.plan_by_hand(
            actor=actor_of(shop.hr), at=LATER, employment_id=shop.ann.pk, on=TUESDAY, shift_id=shop.late.pk,
            note="盘点",
        )  # fmt: skip

        assert works(shop.ann) == shop.late.pk
        assert any("盘点" in sentence and shop.hr.label in sentence for sentence in why(shop.ann))

    def test_gives_the_day_back_to_the_group(self, shop: Shop) -> None:
        hr = actor_of(shop.hr)
        given = {"actor": hr, "at": LATER, "employment_id": shop.ann.pk, "on": TUESDAY}
        shift_changes.plan_by_hand(**given, shift_id=None)
        assert works(shop.ann) is None

        shift_changes.let_group_plan(**given)

        assert works(shop.ann) == shop.early.pk

    def test_is_not_for_ones_own_day(self, shop: Shop) -> None:
        own = make_employment(shop.hr, department=shop.department)

        with pytest.raises(Forbidden):
            shift_changes.plan_by_hand(
                actor=actor_of(shop.hr), at=LATER, employment_id=own.pk, on=TUESDAY, shift_id=shop.late.pk
            )

    def test_is_not_for_employees(self, shop: Shop) -> None:
        with pytest.raises((Forbidden, NotFound)):
            shift_changes.plan_by_hand(
                actor=shop.as_ben, at=LATER, employment_id=shop.ann.pk, on=TUESDAY, shift_id=shop.late.pk
            )
