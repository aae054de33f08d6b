"""The page of a person."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import MONDAY, SYSTEM, actor_of, make_application, make_opening, make_person, make_user
from zhiren.access.models import User
from zhiren.people import merging, queries
from zhiren.timeline import queries as timeline


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.django_db
class TestPerson:
    def test_shows_the_recruiters_own_candidate_with_contacts_masked(self) -> None:
        recruiter = make_user("recruiter")
        person = make_person(name="周明远", phones=["13812342071"])
        make_application(make_opening(recruiter), person)

        page = signed_in(recruiter).get(reverse("people:person", args=[person.pk]))

        text = page.content.decode()
        assert page.status_code == 200
        assert "周明远" in text
        assert "138****2071" in text
        assert "13812342071" not in text

    def test_answers_for_another_recruiters_candidate_as_for_nobody(self) -> None:
        person = make_application().person
        client = signed_in(make_user("recruiter"))

        theirs = client.get(reverse("people:person", args=[person.pk]))
        nobodys = client.get(reverse("people:person", args=["00000000-0000-7000-8000-000000000000"]))

        assert (theirs.status_code, nobodys.status_code) == (404, 404)

    def test_asks_the_database_at_most_twelve_times(self, django_assert_max_num_queries: object) -> None:
        recruiter = make_user("recruiter")
        application = make_application(make_opening(recruiter))
        client = signed_in(recruiter)

        for name in ("people:person", "people:timeline", "people:resume"):
            with django_assert_max_num_queries(12):  # type: ignore[operator]  # a fixture
                assert client.get(reverse(name, args=[application.person_id])).status_code == 200


@pytest.mark.django_db
class TestReveal:
    def test_shows_the_number_and_notes_who_looked(self) -> None:
        recruiter = make_user("recruiter")
        person = make_person(phones=["13812342071"])
        make_application(make_opening(recruiter), person)
        contact = queries.masked_contacts(person)[-1]

        page = signed_in(recruiter).post(reverse("people:reveal", args=[person.pk, contact.id]))

        assert "+8613812342071" in page.content.decode()
        assert timeline.names_of(person.pk)[-1] == "people.contact.revealed"

    def test_is_not_for_whoever_lacks_the_right(self) -> None:
        manager = make_user("hiring_manager", scope="all")
        person = make_application().person
        contact = queries.masked_contacts(person)[0]

        assert signed_in(manager).post(reverse("people:reveal", args=[person.pk, contact.id])).status_code == 403


@pytest.mark.django_db
class TestFindByName:
    @pytest.mark.parametrize("typed", ["明远", "周明", "mingyuan", "zmy", "ZHOU"])
    def test_finds_two_characters_pinyin_and_initials(self, typed: str) -> None:
        recruiter = make_user("recruiter")
        person = make_person(name="周明远", actor=actor_of(recruiter))
        make_person(name="陈思雨", actor=actor_of(recruiter))

        assert queries.find_by_name(actor_of(recruiter), typed) == [person]

    def test_finds_who_stays_by_the_name_of_who_was_merged_after_those_who_have_it(self) -> None:
        recruiter = make_user("recruiter")
        stays, goes, namesake = (
            make_person(name=name, actor=actor_of(recruiter)) for name in ("周明远", "周小远", "周小远")
        )
        merging.merge_persons(actor=SYSTEM, at=MONDAY, stays_id=stays.pk, goes_id=goes.pk)

        assert queries.find_by_name(actor_of(recruiter), "小远") == [namesake, stays]
        assert queries.find_by_name(actor_of(recruiter), "小远", limit=1) == [namesake]

    def test_tells_nobody_of_whom_they_may_not_see(self) -> None:
        make_person(name="周明远", actor=actor_of(make_user("recruiter")))

        assert queries.find_by_name(actor_of(make_user("recruiter")), "明远") == []
