"""Queries that are made once and asked often."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db.models import F, Q

from tests.factories import MONDAY, make_application, make_opening, make_person
from zhiren.people.models import Person
from zhiren.plumbing.questions import Question
from zhiren.plumbing.rights import MOMENT
from zhiren.recruiting.models import Application

pytestmark = pytest.mark.django_db
SOME = UUID(int=0)


class TestQuestion:
    def test_answers_for_the_id_and_the_moment_of_each_asking(self) -> None:
        first, second = make_opening(), make_opening()
        mine, other = make_application(first, make_person()), make_application(second, make_person())
        question = Question(Application.objects.filter(opening=SOME, applied_at__lte=MOMENT))

        assert question.rows(MONDAY + timedelta(days=1), {SOME: first.pk}) == [mine]
        assert question.rows(MONDAY + timedelta(days=1), {SOME: second.pk}) == [other]
        assert question.rows(MONDAY - timedelta(days=900), {SOME: first.pk}) == []

    def test_sees_what_came_after_it_was_made(self) -> None:
        opening = make_opening()
        question = Question(Application.objects.filter(opening=SOME))
        assert question.rows(given={SOME: opening.pk}) == []

        application = make_application(opening, make_person())

        assert question.rows(given={SOME: opening.pk}) == [application]

    def test_brings_what_is_joined_and_annotated_as_django_does(self, django_assert_num_queries: object) -> None:
        opening = make_opening()
        gone, stays = make_person(name="林知夏"), make_person(name="林知夏")
        gone.merged_into = stays
        gone.save()
        make_application(opening, gone)
        make_application(opening, make_person(name="周明远"))
        rows = (
            Application.objects.filter(Q(opening=opening))
            .select_related("person__merged_into", "opening__owner", "exit_reason")
            .annotate(called=F("person__name"))
            .order_by("called")
        )

        found = Question(rows).rows()

        with django_assert_num_queries(0):  # type: ignore[operator]  # a fixture without types
            told = [(row.called, row.person.root.pk, row.opening.owner.label, row.exit_reason) for row in found]  # type: ignore[attr-defined]  # annotated
        assert told == [(row.called, row.person.root.pk, row.opening.owner.label, row.exit_reason) for row in rows]
        assert [one.pk for one in (row.person.merged_into for row in found) if one] == [stays.pk]
        assert not found[0]._state.adding

    def test_finds_nothing_where_there_can_be_nothing(self) -> None:
        assert Question(Application.objects.none()).rows() == []

    def test_reads_columns_that_django_reads_in_its_own_way(self) -> None:
        person = make_person()
        Person.objects.filter(pk=person.pk).update(skills=["Python", "统计"])
        application = make_application(make_opening(), person)

        (found,) = Question(Application.objects.filter(pk=application.pk).select_related("person")).rows()

        assert found.person.skills == ["Python", "统计"]
        assert found.applied_at == application.applied_at
