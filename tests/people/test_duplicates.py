"""Who may be the same person is found, with reasons; nobody but a person decides."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

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
from zhiren import resumes
from zhiren.people import duplicates, merging, pairs, services, ticks
from zhiren.people.likeness import Profile, Stay, likeness, match_keys, reading, same_employer, same_school
from zhiren.people.models import Compared, DuplicateSuggestion, MatchKey, Person
from zhiren.plumbing import jobs
from zhiren.timeline.registry import handlers_of

FUDAN = Stay("复旦大学", "2014-09", "2018-06")
YUNSHAN = Stay("北京云杉科技有限公司", "2018-07", "2021-03")
QINGHE = Stay("青禾网络（上海）有限公司", "2021-04", "2024-01")
ZHOU = Profile("周明远", birth="1996-03-02", schools=[FUDAN], employers=[YUNSHAN, QINGHE])


def codes(one: Profile, other: Profile) -> list[str]:
    return [reason["code"] for reason in likeness(one, other).reasons]


def fact(value: str) -> resumes.Fact:
    return resumes.Fact(value=value, source="", page=None, line=None, start=0, end=0, confidence=1, rule="test")


def read(person: Person, profile: Profile = ZHOU, *, text: str = "", data: bytes | None = None) -> None:
    """Give a person a résumé that says what the profile says."""
    read_as = resumes.Resume(
        text=text,
        pages=1,
        language="zh",
        birth=fact(profile.birth) if profile.birth else None,
        schools=tuple(
            resumes.Education(school=fact(stay.name), start=fact(stay.start), end=fact(stay.end))
            for stay in profile.schools
        ),
        employers=tuple(
            resumes.Employment(employer=fact(stay.name), start=fact(stay.start), end=fact(stay.end))
            for stay in profile.employers
        ),
    )
    document = services.store_document(
        at=MONDAY, data=data or person.pk.bytes, name="a.pdf", media_type="application/pdf", person_id=person.pk
    )
    services.keep_resume(
        at=MONDAY, document=document, parsed_json=json.dumps(read_as.to_json()), facts=3, parser="test"
    )


def find(person: Person) -> int:
    return duplicates.find_duplicates_of(person_id=person.pk, at=MONDAY)


def make_pair_of(name: str) -> tuple[Person, Person]:
    """Return two records of one person, not compared yet, who share nothing with any other pair."""
    one, other = make_person(name=name), make_person(name=name)
    for person in (one, other):
        read(person, Profile(name, birth="1990-01-01", schools=[Stay(f"{name}大学", "2008", "2012")]))
    return one, other


def make_pair() -> tuple[Person, Person]:
    """Return two records of one person, compared."""
    one, other = make_person(name="周明远"), make_person(name="周明遠")
    for person in (one, other):
        read(person)
        find(person)
    return one, other


class TestLikeness:
    def test_of_another_version_of_the_resume_is_enough_without_a_contact(self) -> None:
        other = replace(ZHOU, name="周明遠", employers=[Stay("云杉科技（北京）有限公司", "2018", "2021")])
        contacts = {"contacts": frozenset({("phone", b"1")})}, {"contacts": frozenset({("phone", b"2")})}

        found = likeness(replace(ZHOU, **contacts[0]), replace(other, **contacts[1]))

        assert found.is_suggested
        assert found.score >= 90
        assert "other_phone" in [reason["code"] for reason in found.reasons]

    def test_of_a_common_name_alone_is_not(self) -> None:
        assert not likeness(Profile("张伟", city="上海"), Profile("张伟", city="上海")).is_suggested

    def test_of_classmates_with_other_names_is_not(self) -> None:
        other = replace(ZHOU, name="林静", birth="", employers=[YUNSHAN])

        assert not likeness(replace(ZHOU, birth="", employers=[YUNSHAN]), other).is_suggested

    def test_is_lowered_by_another_year_of_birth(self) -> None:
        other = replace(ZHOU, birth="1984-03-02")

        assert "other_birth" in codes(ZHOU, other)
        assert likeness(ZHOU, other).bits < likeness(ZHOU, ZHOU).bits - 15

    def test_is_lowered_by_another_id_number(self) -> None:
        one = Profile("周明远", schools=[FUDAN], contacts=frozenset({("id_number", b"1")}))
        other = Profile("周明远", schools=[FUDAN], contacts=frozenset({("id_number", b"2")}))

        assert not likeness(one, other).is_suggested

    def test_of_the_same_file_under_two_names_is_enough(self) -> None:
        one, other = Profile("周明远", files=frozenset({b"f"})), Profile("Zhou", files=frozenset({b"f"}))

        assert "same_file" in codes(one, other)

    def test_says_how_many_agree_and_when_without_a_word_of_the_records(self) -> None:
        (reason,) = [reason for reason in likeness(ZHOU, ZHOU).reasons if reason["code"] == "same_employers"]

        assert reason == {"code": "same_employers", "agree": 2, "of": 2, "from": "2018", "to": "2024"}

    @pytest.mark.parametrize(
        ("one", "other"),
        [("周明远", "Mingyuan Zhou"), ("欧阳修", "歐陽修"), ("Zhou, Ming-Yuan", "zhou mingyuan"), ("吕布", "Lü Bu")],
    )
    def test_reads_names_alike_however_they_are_written(self, one: str, other: str) -> None:
        assert reading(one) == reading(other)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("北京字节跳动科技有限公司", "字节跳动（北京）科技有限公司"),
            ("（上海）青禾网络股份有限公司", "青禾網絡"),
            ("Yunshan Technology Co., Ltd.", "Yunshan Technology (Beijing) Limited"),
        ],
    )
    def test_knows_an_employer_with_moved_brackets_and_other_legal_forms(self, one: str, other: str) -> None:
        assert same_employer(one, other)

    def test_keeps_employers_apart_that_share_only_the_place(self) -> None:
        assert not same_employer("上海青禾网络有限公司", "上海云杉网络有限公司")

    def test_knows_a_school_with_its_faculty(self) -> None:
        assert same_school("复旦大学", "復旦大學管理学院")
        assert not same_school("北京大学", "北京交通大学")


class TestMatchKeys:
    def test_have_one_in_common_after_a_slip_in_the_name(self) -> None:
        slipped = replace(ZHOU, name="周朋远")

        assert set(match_keys(ZHOU)) & set(match_keys(slipped))

    def test_have_none_in_common_for_two_of_one_name(self) -> None:
        namesake = Profile("周明远", schools=[Stay("浙江大学", "2001", "2005")], employers=[Stay("银杏食品公司")])

        assert not set(match_keys(ZHOU)) & set(match_keys(namesake))


@pytest.mark.django_db
class TestFindDuplicatesOf:
    def test_suggests_a_pair_once_from_either_side(self) -> None:
        one, other = make_pair()

        assert find(one) == find(other) == 1
        found = DuplicateSuggestion.objects.get()
        assert {found.first_id, found.second_id} == {one.pk, other.pk}
        assert found.first_id < found.second_id

    def test_keeps_no_personal_text(self) -> None:
        make_pair()

        stored = json.dumps(DuplicateSuggestion.objects.get().reasons, ensure_ascii=False)

        assert not any(word in stored for word in ("周", "复旦", "云杉"))
        assert all(len(bytes(row.index)) == 16 for row in MatchKey.objects.all())

    def test_finds_a_number_that_stands_in_a_note_about_another(self) -> None:
        one, other = make_person(name="林静", phones=["13800017171"]), make_person(name="Lin")
        services.write_note(actor=SYSTEM, at=MONDAY, person_id=other.pk, text="new number: 138 0001 7171")
        find(one)

        assert find(other) == 1
        assert DuplicateSuggestion.objects.get().reasons[0]["code"] == "same_phone"

    def test_finds_the_same_file_with_two_persons(self) -> None:
        one, other = make_person(name="林静"), make_person(name="林靜")
        for person in (one, other):
            read(person, Profile(person.name), data=b"the same file")
            find(person)

        assert "same_file" in [reason["code"] for reason in DuplicateSuggestion.objects.get().reasons]

    def test_leaves_strangers_alone(self) -> None:
        one, other = make_person(name="周明远"), make_person(name="林静")
        read(one)
        read(other, Profile("林静", schools=[Stay("浙江大学", "2001", "2005")]))

        assert find(one) + find(other) == 0

    def test_leaves_a_dismissed_pair_alone_until_there_is_more_evidence(self) -> None:
        one, other = make_pair()
        merging.dismiss_suggestion(actor=SYSTEM, at=MONDAY, suggestion_id=DuplicateSuggestion.objects.get().pk)
        assert find(one) == 0

        services.write_note(actor=SYSTEM, at=MONDAY, person_id=other.pk, text=f"13800{99:06d}")
        services.add_contact(actor=SYSTEM, at=MONDAY, person_id=one.pk, kind="phone", value=f"13800{99:06d}")

        assert find(one) == 1

    def test_does_not_suggest_again_who_was_taken_apart(self) -> None:
        one, other = make_pair()
        made = merging.merge_persons(actor=SYSTEM, at=MONDAY, stays_id=one.pk, goes_id=other.pk)
        merging.undo_merge(actor=SYSTEM, at=MONDAY, merge_id=made.pk)

        assert find(one) + find(other) == 0

    def test_takes_a_suggestion_back_whose_evidence_is_gone(self) -> None:
        one, other = make_pair()
        services.change_person(actor=SYSTEM, at=MONDAY, person_id=other.pk, changes={"name": "林静"})
        read(other, Profile("林静"), data=b"another person's file after all")
        other.resumes.order_by("pk").first().document.delete()  # type: ignore[union-attr]  # there is one

        assert find(other) == 0
        assert find(one) == 0

    def test_merges_nobody(self) -> None:
        make_pair()

        assert not Person.objects.filter(merged_into__isnull=False).exists()

    def test_is_begun_by_what_happens(self) -> None:
        for name in ("people.person.added", "people.resume.parsed", "people.person.merged"):
            assert any("find_duplicates" in handler for handler in handlers_of(name))


@pytest.mark.django_db
class TestFindInBacklog:
    def test_compares_everybody_once(self) -> None:
        for name in ("周明远", "周明遠"):
            read(make_person(name=name))

        assert duplicates.find_in_backlog(at=MONDAY) == 2
        assert duplicates.find_in_backlog(at=MONDAY) == 0
        assert DuplicateSuggestion.objects.count() == 1

    def test_goes_on_in_the_background_until_nobody_waits_and_is_begun_once(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def queued() -> int:
            return ProcrastinateJob.objects.filter(task_name="people.find_duplicates_in_backlog").count()

        jobs.run_due(MONDAY)
        make_person(name="林静")
        for name in ("周明远", "周明遠"):
            read(make_person(name=name))
        monkeypatch.setattr(duplicates, "AT_ONCE", 2)
        ticks.find_duplicates_in_backlog(MONDAY)
        ticks.find_duplicates_in_backlog(MONDAY)
        assert queued() == 1

        jobs.run_due(MONDAY)

        assert (Compared.objects.count(), queued()) == (3, 0)
        assert DuplicateSuggestion.objects.count() == 1

    def test_asks_as_often_for_many_as_for_few(self) -> None:
        def asked(*persons: Person) -> int:
            with CaptureQueriesContext(connection) as seen:
                duplicates.compare([person.pk for person in persons], at=MONDAY)
            return len(seen)

        pairs_of = [make_pair_of(f"赵{letter}") for letter in ("甲乙", "丙丁", "戊己", "庚辛")]
        few = asked(*pairs_of[0])
        many = asked(*pairs_of[1], *pairs_of[2], *pairs_of[3])

        assert many <= few
        assert DuplicateSuggestion.objects.count() == 4


@pytest.mark.django_db
class TestOpenSuggestions:
    def test_are_only_those_of_which_one_may_see_both(self) -> None:
        recruiter = make_user("recruiter")
        one, other = make_pair()
        opening = make_opening(recruiter)
        make_application(opening, one)
        assert list(pairs.open_suggestions(actor_of(recruiter))) == []

        make_application(opening, other)

        assert pairs.open_suggestions(actor_of(recruiter)).count() == 1

    def test_are_not_for_who_may_not_merge(self) -> None:
        manager = make_user("hiring_manager")
        make_pair()

        assert list(pairs.open_suggestions(actor_of(manager))) == []

    def test_leave_out_who_was_merged(self) -> None:
        one, _other = make_pair()
        merging.merge_persons(actor=SYSTEM, at=MONDAY, stays_id=make_person().pk, goes_id=one.pk)

        assert list(pairs.open_suggestions(SYSTEM)) == []


@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def client(self) -> Client:
        make_company()
        self.user = make_user("recruiter")
        client = Client()
        client.force_login(self.user)
        return client

    def pair_seen(self) -> tuple[Person, Person]:
        one, other = make_pair()
        opening = make_opening(self.user)
        for person in (one, other):
            make_application(opening, person)
        return one, other

    def test_list_pairs_with_at_most_twelve_queries(self, client: Client, django_assert_max_num_queries: Any) -> None:
        self.pair_seen()

        with django_assert_max_num_queries(12):
            page = client.get("/people/duplicates").content.decode()

        assert "周明遠" in page

    def test_lay_two_side_by_side_and_merge_them(self, client: Client) -> None:
        one, other = self.pair_seen()
        page = client.get(f"/people/{one.pk}/same-as/{other.pk}")
        assert page.status_code == 200
        assert "复旦大学" in page.content.decode()

        answer = client.post(f"/people/{one.pk}/same-as/{other.pk}")

        assert answer["Location"] == f"/people/{one.pk}"
        assert Person.objects.get(pk=other.pk).merged_into_id == one.pk
        assert "周明遠" in client.get(f"/people/{one.pk}/sameness").content.decode()

    def test_show_nobody_beside_themselves(self, client: Client) -> None:
        one, _other = self.pair_seen()

        assert client.get(f"/people/{one.pk}/same-as/{one.pk}").status_code == 404

    def test_show_no_pair_of_which_one_may_see_only_one(self, client: Client) -> None:
        one, _other = self.pair_seen()

        assert client.get(f"/people/{one.pk}/same-as/{make_person().pk}").status_code == 404

    def test_ask_a_fixed_number_of_times_for_two_side_by_side(
        self, client: Client, django_assert_max_num_queries: Any
    ) -> None:
        one, other = self.pair_seen()

        with django_assert_max_num_queries(12):
            client.get(f"/people/{one.pk}/same-as/{other.pk}")

    def test_put_a_pair_aside(self, client: Client) -> None:
        self.pair_seen()
        found = DuplicateSuggestion.objects.get()

        client.post(f"/people/duplicates/{found.pk}/dismiss")

        found.refresh_from_db()
        assert (found.state, found.decided_by) == ("dismissed", self.user.pk)

    def test_propose_who_has_more_history(self, client: Client) -> None:
        one, other = self.pair_seen()
        for _number in range(3):
            services.write_note(actor=SYSTEM, at=MONDAY + timedelta(hours=1), person_id=other.pk, text="x")

        found = pairs.pair(actor_of(self.user), one.pk, other.pk)

        assert found.stays.person.pk == other.pk
