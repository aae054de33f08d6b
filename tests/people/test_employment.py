"""Who works where, for whom, from when to when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.factories import (
    MONDAY,
    SYSTEM,
    actor_of,
    make_branch,
    make_department,
    make_employment,
    make_entity,
    make_person,
    make_position,
    make_user,
)
from zhiren.kernel.refusals import Forbidden, NotFound, Refusal
from zhiren.people import employing, merging
from zhiren.people import employment_queries as queries
from zhiren.people.errors import (
    BadgeTaken,
    EmployedAlready,
    ManagedInACircle,
    NotEmployedThen,
    NumberTaken,
    PlacementMismatched,
)
from zhiren.people.models import Employment
from zhiren.plumbing.ticks import tick
from zhiren.timeline import queries as timeline

TODAY = MONDAY.date()
DAY = timedelta(days=1)


def end(row: Employment, on: date, reason: str = "resigned") -> Employment:
    return employing.end_employment(actor=SYSTEM, at=MONDAY, employment_id=row.pk, to_on=on, reason=reason)


@pytest.mark.django_db
class TestEmploy:
    def test_tells_it_on_the_timeline(self) -> None:
        row = make_employment(from_on=date(2026, 12, 1))

        event = timeline.events_of(row.person_id).get(name="people.employment.begun")
        assert event.payload == {"employment_id": str(row.pk), "on": "2026-12-01"}

    def test_refuses_a_second_employment_in_the_entity_at_the_time(self) -> None:
        first = end(make_employment(), date(2026, 6, 30))

        with pytest.raises(EmployedAlready):
            make_employment(person=first.person, department=first.department, from_on=date(2026, 6, 30))

        again = make_employment(person=first.person, department=first.department, from_on=date(2026, 7, 1))
        assert [row.pk for row in queries.employments_of(first.person_id)] == [again.pk, first.pk]

    def test_is_kept_from_overlaps_by_the_database_too(self) -> None:
        first = make_employment()

        with pytest.raises(IntegrityError, match="employed_once_at_a_time"), transaction.atomic():
            Employment.objects.create(
                person=first.person,
                entity=first.entity,
                department=first.department,
                from_on=date(2026, 1, 1),
                created_at=MONDAY,
            )

    def test_knows_a_merged_person_for_the_same(self) -> None:
        first, other = make_employment(), make_person()
        merging.merge_persons(actor=SYSTEM, at=MONDAY, stays_id=other.pk, goes_id=first.person_id)

        with pytest.raises(EmployedAlready):
            make_employment(person=other, department=first.department)

    def test_lets_another_entity_employ_the_person_too(self) -> None:
        first = make_employment()

        assert make_employment(person=first.person).entity_id != first.entity_id

    @pytest.mark.parametrize(("field", "refusal"), [("number", NumberTaken), ("badge", BadgeTaken)])
    def test_refuses_a_number_somebody_has(self, field: str, refusal: type[Refusal]) -> None:
        first = end(make_employment(**{field: "17"}), date(2026, 6, 30))

        with pytest.raises(refusal):
            make_employment(department=first.department, **{field: "17"})

        assert make_employment(department=first.department, from_on=date(2026, 7, 1), **{field: "17"}).pk

    def test_refuses_a_place_of_another_entity(self) -> None:
        with pytest.raises(PlacementMismatched):
            make_employment(branch_id=make_branch().pk)
        with pytest.raises(PlacementMismatched):
            make_employment(position_id=make_position().pk)

    def test_is_for_hr_of_the_entity_alone(self) -> None:
        department, person = make_department(), make_person()
        facts = {"at": MONDAY, "person_id": person.pk, "department_id": department.pk, "from_on": TODAY}

        with pytest.raises(Forbidden):
            employing.employ(actor=actor_of(make_user("employee")), **facts)
        with pytest.raises(Forbidden):
            employing.employ(actor=actor_of(make_user("hr_manager")), **facts)

        hr = actor_of(make_user("hr_manager", entity=department.entity))
        assert employing.employ(actor=hr, **facts).created_by == hr.user_id

    def test_gives_the_clock_and_region_of_the_place(self) -> None:
        entity = make_entity()
        branch = make_branch(entity=entity, zone="Asia/Tokyo", region="JP")
        here = make_employment(department=make_department(entity=entity))
        there = make_employment(department=make_department(entity=entity), branch_id=branch.pk)

        assert [(row.zone, row.region) for row in (here, there)] == [("Asia/Shanghai", "CN"), ("Asia/Tokyo", "JP")]


@pytest.mark.django_db
class TestTransfer:
    def test_at_noon_takes_effect_the_next_day(self) -> None:
        row, old = make_employment(), make_department()
        new = make_department(entity=row.entity)
        noon = datetime(2026, 11, 16, 4, 0, tzinfo=UTC)

        placed = employing.transfer(actor=SYSTEM, at=noon, employment_id=row.pk, department_id=new.pk)

        assert placed.from_on == date(2026, 11, 17)
        assert queries.employment_by_id(row.pk).department_id == row.department_id != old.pk
        tick(noon + timedelta(hours=11))
        assert queries.employment_by_id(row.pk).department_id == row.department_id
        tick(noon + timedelta(hours=12))
        tick(noon + timedelta(hours=12))
        assert queries.employment_by_id(row.pk).department_id == new.pk

    def test_of_a_past_day_holds_until_the_next_one(self) -> None:
        row = make_employment()
        second, third = make_department(entity=row.entity), make_department(entity=row.entity)
        employing.transfer(actor=SYSTEM, at=MONDAY, employment_id=row.pk, on=date(2026, 3, 1), department_id=third.pk)

        employing.transfer(actor=SYSTEM, at=MONDAY, employment_id=row.pk, on=date(2026, 2, 1), department_id=second.pk)

        stood = [(placed.from_on.month, placed.department_id) for placed in queries.placements_of(row.pk)]
        assert stood == [(1, row.department_id), (2, second.pk), (3, third.pk)]
        assert queries.employment_by_id(row.pk).department_id == third.pk

    def test_leaves_the_position_of_the_old_department(self) -> None:
        position = make_position()
        row = make_employment(department=position.department, position_id=position.pk)
        new = make_department(entity=row.entity)

        employing.transfer(actor=SYSTEM, at=MONDAY, employment_id=row.pk, on=TODAY, department_id=new.pk)

        assert queries.employment_by_id(row.pk).position is None
        event = timeline.events_of(row.person_id).get(name="people.employment.transferred")
        assert event.payload["fields"] == ["department", "position"]

    def test_that_changes_nothing_is_no_event(self) -> None:
        row = make_employment()

        employing.transfer(actor=SYSTEM, at=MONDAY, employment_id=row.pk, department_id=row.department_id)

        assert not timeline.events_of(row.person_id).filter(name="people.employment.transferred").exists()

    def test_refuses_a_day_outside_of_the_employment(self) -> None:
        row = make_employment(from_on=date(2026, 5, 1))

        with pytest.raises(NotEmployedThen):
            employing.transfer(
                actor=SYSTEM,
                at=MONDAY,
                employment_id=row.pk,
                on=date(2026, 4, 30),
                department_id=make_department(entity=row.entity).pk,
            )

    def test_refuses_another_entity(self) -> None:
        with pytest.raises(PlacementMismatched):
            employing.transfer(
                actor=SYSTEM, at=MONDAY, employment_id=make_employment().pk, department_id=make_department().pk
            )

    def test_refuses_managers_in_a_circle(self) -> None:
        top = make_employment()
        middle = make_employment(manager=top)
        bottom = make_employment(manager=middle)

        for manager in (top, middle, bottom):
            with pytest.raises(ManagedInACircle):
                employing.transfer(actor=SYSTEM, at=MONDAY, employment_id=top.pk, on=TODAY, manager_id=manager.pk)

        assert [row.pk for row in queries.managers_above(bottom.pk)] == [middle.pk, top.pk]


@pytest.mark.django_db
class TestEndEmployment:
    def test_drops_what_was_planned_for_later(self) -> None:
        row = make_employment()
        new = make_department(entity=row.entity)
        employing.transfer(actor=SYSTEM, at=MONDAY, employment_id=row.pk, on=date(2027, 1, 1), department_id=new.pk)

        end(row, date(2026, 12, 31))

        assert len(queries.placements_of(row.pk)) == 1
        assert queries.employed_on(date(2026, 12, 31)).filter(pk=row.pk).exists()
        assert not queries.employed_on(date(2027, 1, 1)).filter(pk=row.pk).exists()

    def test_may_be_moved_and_is_told_each_time(self) -> None:
        row = make_employment()
        for day in (date(2026, 12, 31), date(2026, 11, 30), date(2026, 11, 30)):
            end(row, day)

        told = timeline.events_of(row.person_id).filter(name="people.employment.ended").order_by("number")
        assert [event.payload["on"] for event in told] == ["2026-12-31", "2026-11-30"]

    def test_refuses_a_day_before_the_first(self) -> None:
        with pytest.raises(NotEmployedThen):
            end(make_employment(from_on=TODAY), TODAY - DAY)

    def test_refuses_to_reach_into_the_next_employment(self) -> None:
        row = end(make_employment(), date(2026, 6, 30))
        make_employment(person=row.person, department=row.department, from_on=date(2026, 8, 1))

        with pytest.raises(EmployedAlready):
            end(row, date(2026, 8, 1))

    def test_is_not_for_oneself(self) -> None:
        department = make_department()
        user = make_user("hr_manager", entity=department.entity)
        row = make_employment(user, department=department)

        with pytest.raises(NotFound):
            employing.end_employment(actor=actor_of(user), at=MONDAY, employment_id=row.pk, to_on=TODAY, reason="other")


@pytest.mark.django_db
class TestEmploymentsVisibleTo:
    def test_an_employee_are_their_own_and_those_of_their_team(self) -> None:
        user = make_user("employee")
        own = make_employment(user)
        team = make_employment(manager=own)
        make_employment(manager=team)

        assert set(queries.employments_visible_to(actor_of(user))) == {own, team}

    def test_hr_are_those_of_the_entity(self) -> None:
        here = make_employment()
        make_employment()
        hr = actor_of(make_user("hr_manager", entity=here.entity))

        assert list(queries.employments_visible_to(hr)) == [here]
        assert queries.get_employment(hr, here.pk) == here

    def test_nobody_are_none(self) -> None:
        other = make_employment()

        assert not queries.employments_visible_to(actor_of(make_user("recruiter"))).exists()
        with pytest.raises(NotFound):
            queries.get_employment(actor_of(make_user("employee")), other.pk)


@pytest.mark.django_db
class TestEmploymentOfUser:
    def test_is_the_one_that_holds_on_the_day(self) -> None:
        user = make_user("employee")
        row = end(make_employment(user), date(2026, 6, 30))
        later = make_employment(user, person=row.person, department=row.department, from_on=date(2026, 9, 1))

        found = [queries.employment_of_user(user.pk, on=date(2026, month, 30)) for month in (6, 7, 9)]
        assert found == [row, None, later]


@pytest.mark.django_db
class TestTeamOf:
    def test_is_as_of_the_day(self) -> None:
        first, second = make_employment(), make_employment()
        member, gone = make_employment(manager=first), make_employment(manager=first)
        end(gone, date(2026, 10, 31))
        employing.transfer(actor=SYSTEM, at=MONDAY, employment_id=member.pk, on=date(2026, 12, 1), manager_id=second.pk)

        assert set(queries.team_of(first.pk, on=date(2026, 10, 31))) == {member, gone}
        assert queries.team_of(first.pk, on=date(2026, 11, 30)) == [member]
        assert queries.team_of(first.pk, on=date(2026, 12, 1)) == []
        assert queries.team_of(second.pk, on=date(2026, 12, 1)) == [member]


@pytest.mark.django_db
class TestIdentify:
    def test_refuses_a_badge_somebody_has(self) -> None:
        first = make_employment(badge="17")
        second = make_employment(department=first.department)

        with pytest.raises(BadgeTaken, match=f"{first.person.name}.*17"):
            employing.identify(actor=SYSTEM, at=MONDAY, employment_id=second.pk, number="", badge="17")

        changed = employing.identify(actor=SYSTEM, at=MONDAY, employment_id=second.pk, number="B1", badge="18")
        assert (changed.number, changed.badge) == ("B1", "18")
        [event] = timeline.events_of(second.person_id).filter(name="people.employment.identified")
        assert event.payload == {"employment_id": str(second.pk), "fields": ["number", "badge"]}

    def test_leaves_alone_who_signs_in_and_records_nothing_where_nothing_changes(self) -> None:
        row = make_employment(user := make_user("employee"), number="A1", badge="17")

        employing.identify(actor=SYSTEM, at=MONDAY, employment_id=row.pk, number=" A1", badge="17 ")

        assert queries.employment_by_id(row.pk).user_id == user.pk
        assert not timeline.events_of(row.person_id).filter(name="people.employment.identified").exists()
