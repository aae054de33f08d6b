"""Keeping entries, saved searches and tags."""

from datetime import timedelta

import pytest

from tests.factories import (
    MONDAY,
    SYSTEM,
    actor_of,
    make_application,
    make_department,
    make_opening,
    make_person,
    make_user,
)
from tests.talent.conftest import Work
from tests.talent.making import names_found, with_resume
from zhiren.kernel.refusals import Forbidden, NotFound
from zhiren.people import merging
from zhiren.people import services as people
from zhiren.people.models import Person
from zhiren.talent import index_queries, lexemes, queries, services
from zhiren.talent.errors import NobodyChosen, NoTags, NothingToSave, TooManySaved
from zhiren.talent.models import Entry, SavedSearch, Stale, Walk
from zhiren.talent.queries import Search
from zhiren.timeline import queries as timeline

pytestmark = pytest.mark.django_db


class TestNoteStale:
    def test_makes_the_entry_once_however_much_changes(self, work: Work) -> None:
        person = make_person()
        work()

        services.note_stale(person_id=person.pk)
        services.note_stale(person_id=person.pk)

        assert Stale.objects.count() == 1
        assert services.index_stale() == 1
        assert Stale.objects.count() == 0

    def test_follows_what_changes(self, work: Work) -> None:
        person = make_person(name="王伟")
        work()
        people.change_person(
            actor=SYSTEM, at=MONDAY, person_id=person.pk, changes={"headline": "算法专家"}, tags=["储备"]
        )
        work()

        assert names_found("算法专家") == ["王伟"]
        assert names_found(tag="储备") == ["王伟"]

    def test_follows_a_merge_and_its_undoing(self, work: Work) -> None:
        stays, goes = make_person(name="陈一诺"), with_resume(name="陈一诺旧")
        merge = merging.merge_persons(actor=SYSTEM, at=MONDAY, stays_id=stays.pk, goes_id=goes.pk)
        work()

        assert names_found("订单系统") == ["陈一诺"]
        assert not Entry.objects.filter(person_id=goes.pk).exists()

        merging.undo_merge(actor=SYSTEM, at=MONDAY, merge_id=merge.pk)
        work()

        assert names_found("订单系统") == ["陈一诺旧"]


class TestWalk:
    def test_makes_everybodys_entry_and_tells_how_far_it_is(self) -> None:
        for _number in range(5):
            make_person()

        first = services.walk(at=MONDAY, size=2)
        steps = [(first.done, first.total, first.finished_at)]
        while not index_queries.is_walked():
            row = services.walk(at=MONDAY, size=2)
            steps.append((row.done, row.total, row.finished_at))

        assert steps == [(2, 5, None), (4, 5, None), (5, 5, MONDAY)]
        assert Entry.objects.count() == Person.objects.count() == 5

    def test_begins_anew_with_other_rules(self) -> None:
        make_person()
        services.walk(at=MONDAY)
        Walk.objects.update(version="0.old")
        Entry.objects.update(version="0.old")

        services.walk(at=MONDAY)

        assert Entry.objects.get().version == lexemes.version()

    def test_goes_on_in_the_background_once(self) -> None:
        services.walk(at=MONDAY, size=1)
        Walk.objects.update(finished_at=None)
        from procrastinate.contrib.django.models import ProcrastinateJob

        services.walk_in_background(at=MONDAY + timedelta(minutes=1))
        soon = ProcrastinateJob.objects.filter(task_name="talent.walk").count()
        services.walk_in_background(at=MONDAY + timedelta(minutes=10))
        late = ProcrastinateJob.objects.filter(task_name="talent.walk").count()

        assert (soon, late) == (0, 1)


class TestSaveSearch:
    def test_keeps_it_sealed_and_counts_who_came_since(self, work: Work) -> None:
        opening = make_opening()
        actor = actor_of(opening.owner)
        saved = services.save_search(
            actor=actor, at=MONDAY, name=" 数据 岗 ", search=Search("订单系统", {"city": ("上海",)})
        )

        make_application(opening, with_resume(name="陈一诺", city="上海"), at=MONDAY + timedelta(hours=1))
        work()
        news = queries.saved_with_news(actor, at=MONDAY + timedelta(hours=2))
        services.mark_seen(actor=actor, at=MONDAY + timedelta(hours=3), search_id=saved.pk)
        later = queries.saved_with_news(actor, at=MONDAY + timedelta(hours=4))

        assert [(one.row.name, one.new) for one in news] == [("数据 岗", 1)]
        assert [one.new for one in later] == [0]
        assert news[0].search == Search("订单系统", {"city": ("上海",)})
        assert "订单".encode() not in bytes(SavedSearch.objects.get().query_sealed)

    def test_replaces_ones_own_of_the_same_name(self) -> None:
        actor = actor_of(make_user())
        for text in ("一二", "三四"):
            services.save_search(actor=actor, at=MONDAY, name="a", search=Search(text))

        assert [one.search.text for one in queries.saved_of(actor)] == ["三四"]

    def test_shows_to_the_department_if_shared(self) -> None:
        department = make_department()
        mine, colleague = make_user(department=department), make_user(department=department)
        stranger = make_user(department=make_department())
        services.save_search(actor=actor_of(mine), at=MONDAY, name="own", search=Search("一二"))
        shared = services.save_search(
            actor=actor_of(mine), at=MONDAY, name="ours", search=Search("三四"), is_shared=True
        )

        assert [one.row.name for one in queries.saved_of(actor_of(colleague))] == ["ours"]
        assert queries.saved_of(actor_of(stranger)) == []
        with pytest.raises(NotFound):
            services.remove_search(actor=actor_of(colleague), search_id=shared.pk)

    def test_of_nothing_is_refused(self) -> None:
        actor = actor_of(make_user())

        for name, search in (("", Search("一二")), ("a", Search(" ")), ("a", Search())):
            with pytest.raises(NothingToSave):
                services.save_search(actor=actor, at=MONDAY, name=name, search=search)

    def test_has_an_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(services, "MOST_SAVED", 1)
        actor = actor_of(make_user())
        services.save_search(actor=actor, at=MONDAY, name="a", search=Search("一二"))

        with pytest.raises(TooManySaved):
            services.save_search(actor=actor, at=MONDAY, name="b", search=Search("一二"))

    def test_may_be_shared_only_by_some(self) -> None:
        with pytest.raises(Forbidden):
            services.save_search(
                actor=actor_of(make_user("hiring_manager")), at=MONDAY, name="a", search=Search("一二"), is_shared=True
            )


class TestFindByContact:
    def test_leaves_a_trace(self) -> None:
        person = make_person(phones=["13800009999"])

        assert services.find_by_contact(actor=SYSTEM, at=MONDAY, text="13800009999") == person.pk
        assert "talent.contact.searched" in [event.name for event in timeline.events_of(person.pk)]


class TestTagMany:
    def test_adds_and_removes(self) -> None:
        one, two = make_person(), make_person()
        people.change_person(actor=SYSTEM, at=MONDAY, person_id=one.pk, changes={}, tags=["储备", "旧"])

        changed = services.tag_many(
            actor=SYSTEM, at=MONDAY, person_ids=[one.pk, two.pk], add=["储备", "高潜"], remove=["旧"]
        )

        assert changed == 2
        assert Person.objects.get(pk=one.pk).tags == ["储备", "高潜"]
        assert Person.objects.get(pk=two.pk).tags == ["储备", "高潜"]

    def test_touches_nobody_if_one_is_not_ones_own(self) -> None:
        opening = make_opening()
        mine, other = make_application(opening).person, make_person()

        with pytest.raises(NotFound):
            services.tag_many(actor=actor_of(opening.owner), at=MONDAY, person_ids=[mine.pk, other.pk], add=["a"])

        assert Person.objects.get(pk=mine.pk).tags == []

    def test_of_nobody_or_nothing_is_refused(self) -> None:
        with pytest.raises(NobodyChosen):
            services.tag_many(actor=SYSTEM, at=MONDAY, person_ids=[], add=["a"])
        with pytest.raises(NoTags):
            services.tag_many(actor=SYSTEM, at=MONDAY, person_ids=[make_person().pk])
