"""Who is found by what, and by whom; what the index holds."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import translation

from tests.factories import (
    MONDAY,
    SYSTEM,
    actor_of,
    make_application,
    make_department,
    make_opening,
    make_person,
    make_position,
    make_user,
)
from tests.talent.conftest import Work
from tests.talent.making import RESUME, names_found, with_resume
from zhiren.conversation import services as conversation
from zhiren.kernel.refusals import NotFound
from zhiren.people import services as people
from zhiren.people.models import Person, PersonKey
from zhiren.talent import comparison, lexemes, queries, reach, rules, services
from zhiren.talent.errors import NotComparable
from zhiren.talent.models import Entry
from zhiren.talent.queries import Cursor, Search

pytestmark = pytest.mark.django_db


class TestFind:
    def test_looks_into_the_resume(self, work: Work) -> None:
        with_resume(name="陈一诺")
        make_person(name="王伟")
        work()

        assert names_found("订单系统") == ["陈一诺"]
        assert names_found("kafka 重构") == ["陈一诺"]
        assert names_found("东海理工") == ["陈一诺"]
        assert names_found("rust") == []

    def test_looks_into_names_by_one_character_and_pinyin(self, work: Work) -> None:
        make_person(name="欧阳文博")
        work()

        assert names_found("欧") == names_found("ouyang") == ["欧阳文博"]

    def test_looks_into_notes_of_whoever_may_read_them(self, work: Work) -> None:
        opening = make_opening(make_user(department=make_department()))
        person = make_person(name="王伟")
        make_application(opening, person)
        people.write_note(actor=SYSTEM, at=MONDAY, person_id=person.pk, text="期望下周面试，愿意搬家")
        work()
        recruiter = actor_of(opening.owner)
        without = type(recruiter)(
            user_id=recruiter.user_id,
            label="",
            reaches={name: reach for name, reach in recruiter.reaches.items() if name != "people.view_timeline"},
        )

        assert names_found("搬家", recruiter) == ["王伟"]
        assert names_found("搬家", without) == []

    def test_looks_into_messages_of_whoever_may_read_them(self, work: Work) -> None:
        opening = make_opening()
        person = make_person(name="王伟")
        make_application(opening, person)
        recruiter = actor_of(opening.owner)
        conversation.write_message(
            actor=recruiter, at=MONDAY, person_id=person.pk, subject="复试", body="地点在静安大楼", business_key="a"
        )
        work()
        without = type(recruiter)(
            user_id=recruiter.user_id,
            label="",
            reaches={name: reach for name, reach in recruiter.reaches.items() if name != "conversation.view"},
        )

        assert names_found("静安大楼", recruiter) == ["王伟"]
        assert names_found("静安大楼", without) == []

    def test_finds_nobody_by_a_part_of_a_number(self, work: Work) -> None:
        make_person(name="王伟", phones=["13800001234"])
        with_resume("联系电话 13800001234", name="李娜", phones=[])
        work()

        assert names_found("13800001234") == names_found("1234") == names_found("138") == []

    @pytest.mark.parametrize("wide", [0.0, 1.0])
    def test_keeps_to_whom_one_may_see(self, work: Work, monkeypatch: pytest.MonkeyPatch, wide: float) -> None:
        monkeypatch.setattr(reach, "WIDE", wide)
        mine, other = make_opening(), make_opening()
        make_application(mine, with_resume(name="陈一诺"))
        make_application(other, with_resume(name="李娜"))
        work()

        assert names_found("订单系统", actor_of(mine.owner)) == ["陈一诺"]
        assert names_found("订单系统", actor_of(other.owner)) == ["李娜"]
        assert names_found("订单系统", actor_of(make_user())) == []
        assert names_found("订单系统") == ["李娜", "陈一诺"]

    def test_keeps_to_them_also_where_they_are_many(self, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reach, "FEW_OPENINGS", 0)
        mine, other = make_opening(), make_opening()
        make_application(mine, with_resume(name="陈一诺"))
        make_application(other, with_resume(name="李娜"))
        work()

        assert names_found("订单系统", actor_of(mine.owner)) == ["陈一诺"]

    def test_reaches_a_department(self, work: Work) -> None:
        department = make_department()
        opening = make_opening(position=make_position(department=department))
        make_application(opening, with_resume(name="陈一诺"))
        make_application(make_opening(), with_resume(name="李娜"))
        work()
        manager = make_user("hiring_manager", department=department)

        assert names_found("订单系统", actor_of(manager)) == ["陈一诺"]

    def test_finds_whom_one_brought_in(self, work: Work) -> None:
        user = make_user()
        make_person(name="王伟", actor=actor_of(user))
        work()

        assert names_found("王伟", actor_of(user)) == ["王伟"]

    def test_narrows_by_filters(self, work: Work) -> None:
        opening = make_opening()
        make_application(opening, make_person(name="陈一诺", city="上海", years=4, degree="master", skills=["Python"]))
        make_application(make_opening(), make_person(name="李娜", city="北京", years=12, skills=["python", "Go"]))
        work()

        assert names_found(city="上海") == ["陈一诺"]
        assert names_found(years="10+") == ["李娜"]
        assert names_found(degree="master") == ["陈一诺"]
        assert sorted(names_found(skill="PYTHON")) == ["李娜", "陈一诺"]
        assert names_found(opening=str(opening.pk)) == ["陈一诺"]
        assert len(names_found(stage="new")) == 2
        assert names_found(stage="offer") == []
        assert names_found("李娜", city="上海") == []

    def test_puts_the_newest_first_and_pages_through(self, work: Work) -> None:
        for number in range(5):
            make_person(name=f"甲乙{number}", at=MONDAY + timedelta(minutes=number))
        work()

        search, after, seen = Search("甲乙"), "", []
        for _page in range(3):
            page = queries.page_of(SYSTEM, search, at=MONDAY, after=after, size=2)
            after = page.after
            seen += [row.person.name for row in page.rows]

        assert seen == ["甲乙4", "甲乙3", "甲乙2", "甲乙1", "甲乙0"]
        assert after == ""

    def test_puts_the_best_first(self, work: Work) -> None:
        make_person(name="王伟", headline="订单系统架构师", at=MONDAY - timedelta(days=9))
        with_resume(name="陈一诺")
        work()

        assert names_found("订单系统", sort="newest") == ["陈一诺", "王伟"]
        assert names_found("订单系统", sort="best") == ["王伟", "陈一诺"]

    def test_goes_on_where_the_best_end(self, work: Work) -> None:
        make_person(name="王伟", headline="订单系统架构师", at=MONDAY - timedelta(days=9))
        with_resume(name="陈一诺")
        work()

        first = queries.page_of(SYSTEM, Search("订单系统", sort="best"), at=MONDAY, size=1)
        second = queries.page_of(SYSTEM, Search("订单系统", sort="best"), at=MONDAY, size=1, after=first.after)

        assert [row.person.name for row in (*first.rows, *second.rows)] == ["王伟", "陈一诺"]
        assert second.after == ""

    def test_marks_what_was_found_and_says_where(self, work: Work) -> None:
        with_resume(name="陈一诺")
        work()

        rows = queries.page_of(SYSTEM, Search("订单系统"), at=MONDAY).rows

        assert rows[0].zone == lexemes.TEXT
        assert [cut.text for cut in rows[0].snippet if cut.is_hit] == ["订单系统"]

    def test_leaves_out_who_holds_the_pairs_but_not_the_words(self, work: Work) -> None:
        with_resume("数据 与 据库 之说", name="王伟")
        with_resume("精通数据库", name="陈一诺")
        work()

        assert names_found("数据库") == ["陈一诺"]

    def test_finds_the_older_behind_the_newest(self, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
        for number in range(4):
            make_person(name=f"甲乙{number}", at=MONDAY + timedelta(minutes=number))
        work()

        services.settle_ages(sizes=(2, 1))
        monkeypatch.setattr(rules, "AGES", (2, 1))
        make_person(name="甲乙老", at=MONDAY - timedelta(days=1))
        work()

        assert names_found("甲乙") == ["甲乙3", "甲乙2", "甲乙1", "甲乙0", "甲乙老"]
        assert list(Entry.objects.order_by("-newest").values_list("age", flat=True)) == [0, 0, 1, 2, 2]


class TestCursor:
    @pytest.mark.parametrize("text", ["", "x", "0~x~y", "0~2026-11-16T02:00:00~no", "~~", "0~2026-11-16~" + "0" * 32])
    def test_that_was_not_made_here_begins_anew(self, text: str) -> None:
        assert Cursor.read(text) is None


class TestFacets:
    def test_count_the_hits_this_actor_may_see(self, work: Work) -> None:
        opening, other = make_opening(), make_opening()
        person = make_person(name="甲乙", city="上海", skills=["Python"], years=4)
        make_application(opening, person)
        make_application(other, person)
        make_application(opening, make_person(name="甲乙", city="北京", skills=["Python"]))
        work()
        actor = actor_of(opening.owner)

        found = queries.find(actor, Search("甲乙"), at=MONDAY)
        counted = queries.hits_of(actor, Search("甲乙"), found, counted=True).values

        assert [(one.code, one.hits) for one in counted["skill"]] == [("Python", 2)]
        assert {(one.code, one.hits) for one in counted["city"]} == {("上海", 1), ("北京", 1)}
        assert [(one.code, one.hits) for one in counted["opening"]] == [(str(opening.pk), 2)]
        assert [(one.code, one.hits) for one in counted["years"]] == [("3-5", 1)]


class TestEntry:
    def test_holds_no_word_in_the_clear(self, work: Work) -> None:
        person = with_resume(name="陈一诺")
        work()

        with connection.cursor() as cursor:
            cursor.execute("SELECT words::text, text_sealed FROM talent_entry WHERE person_id = %s", [person.pk])
            words, sealed = cursor.fetchone()

        assert "python" not in words.lower()
        assert "订单" not in words
        assert "订单".encode() not in bytes(sealed)
        assert b"Python" not in bytes(sealed)

    def test_goes_with_the_key(self, work: Work) -> None:
        person = with_resume(name="陈一诺")
        work()

        PersonKey.objects.filter(person=person).delete()

        assert not Entry.objects.filter(person_id=person.pk).exists()
        assert names_found("订单系统") == []

    def test_is_not_made_for_the_erased(self, work: Work) -> None:
        person = with_resume(name="陈一诺")
        Person.objects.filter(pk=person.pk).update(erased_at=MONDAY)
        work()

        assert not Entry.objects.filter(person_id=person.pk).exists()

    def test_differs_with_the_zone(self) -> None:
        assert lexemes.lexeme(lexemes.TEXT, "数 据") != lexemes.lexeme(lexemes.NOTES, "数 据")


class TestPersonWithContact:
    def test_is_whose_whole_number_it_is(self) -> None:
        opening = make_opening()
        person = make_person(phones=["13800009999"], mails=["whole@example.com"])
        make_application(opening, person)
        actor = actor_of(opening.owner)

        assert queries.person_with_contact(actor, "138 0000 9999") == (person.pk, "phone")
        assert queries.person_with_contact(actor, "Whole@example.com") == (person.pk, "mail")
        assert queries.person_with_contact(actor, "1380000") is None

    def test_is_nobody_for_others(self) -> None:
        make_person(phones=["13800009999"])
        manager = make_user("hiring_manager")

        assert queries.person_with_contact(actor_of(make_user()), "13800009999") is None
        assert queries.person_with_contact(actor_of(manager), "13800009999") is None


class TestCompare:
    def test_shows_each_value_with_what_it_was_read_from(self) -> None:
        one, two = with_resume(name="陈一诺", degree="bachelor"), make_person(name="王伟")

        with translation.override("en"):
            found = comparison.compare(SYSTEM, [one.pk, two.pk])
        lines = {str(line.label): line for line in found.lines}

        school = lines["Schools"].cells[0].values[0]
        assert "东海理工大学" in school.text
        assert "东海理工大学" in school.source
        assert RESUME.splitlines()[(school.line or 0) - 1].endswith("本科")
        assert lines["Schools"].cells[1].values == []
        assert lines["Schools"].differs

    @pytest.mark.parametrize(
        ("language", "names"), [("zh-hans", ["数据分析", "Python"]), ("en", ["Data Analysis", "Python"])]
    )
    def test_calls_skills_as_the_reader_does(self, language: str, names: list[str]) -> None:
        one = with_resume(RESUME.replace("Python、Java、PostgreSQL", "数据分析、Python"), name="陈一诺")
        two = make_person(name="王伟", skills=["Data Analysis"])

        with translation.override(language):
            (line,) = [
                line
                for line in comparison.compare(SYSTEM, [one.pk, two.pk]).lines
                if line.label == translation.gettext("Skills")
            ]

        shown = [value.text for value in line.cells[0].values]
        assert [name for name in shown if name in names] == names
        assert {value.text: value.source for value in line.cells[0].values}[names[0]] == "数据分析"
        assert [value.text for value in line.cells[1].values] == names[:1]

    def test_knows_a_skill_the_opening_names_by_its_chinese_name(self) -> None:
        opening = make_opening(description="负责数据分析，熟悉 Java")
        people_of = [
            make_application(opening, make_person(skills=skills)).person
            for skills in (["Data Analysis", "R"], ["JavaScript"])
        ]

        with translation.override("en"):
            found = comparison.compare(SYSTEM, [one.pk for one in people_of])
        named = {
            str(line.label): [[value.text for value in cell.values] for cell in line.cells] for line in found.lines
        }

        assert named["Skills the opening names"] == [["Data Analysis"], []]
        assert named["Other skills"] == [["R"], ["JavaScript"]]

    def test_names_the_opening_that_all_are_candidates_for(self) -> None:
        opening = make_opening()
        people_of = [make_application(opening).person for _number in range(2)]

        assert comparison.compare(SYSTEM, [one.pk for one in people_of]).opening == opening

    def test_takes_two_to_five(self) -> None:
        ids = [make_person().pk for _number in range(6)]

        for chosen in (ids[:1], ids, ids[:1] * 2):
            with pytest.raises(NotComparable):
                comparison.compare(SYSTEM, chosen)

    def test_knows_nobody_that_one_may_not_see(self) -> None:
        opening = make_opening()
        mine, other = make_application(opening).person, make_person()

        with pytest.raises(NotFound):
            comparison.compare(actor_of(opening.owner), [mine.pk, other.pk])
