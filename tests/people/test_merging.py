"""Two records become one person to everybody who reads, and two again by undoing; nothing is rewritten."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.test import Client

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
from zhiren.careers import queries as careers
from zhiren.conversation import queries as conversation
from zhiren.conversation import services as conversation_services
from zhiren.kernel.refusals import Forbidden, NotFound
from zhiren.people import merging, pairs, queries, services
from zhiren.people.errors import MergeUndoneAlready, SamePersonAlready
from zhiren.people.models import DuplicateSuggestion, Person, PersonMerge
from zhiren.people.services import PersonFacts
from zhiren.recruiting import queries as recruiting
from zhiren.recruiting import services as recruiting_services
from zhiren.recruiting.models import Application
from zhiren.timeline import queries as timeline
from zhiren.timeline.services import seal
from zhiren.timeline.verify import verify
from zhiren.today import queries as today
from zhiren.today import services as today_services


def merge(stays: Person, goes: Person, **given: Any) -> PersonMerge:
    return merging.merge_persons(**{"actor": SYSTEM, "at": MONDAY, "stays_id": stays.pk, "goes_id": goes.pk, **given})


def undo(made: PersonMerge) -> PersonMerge:
    return merging.undo_merge(actor=SYSTEM, at=MONDAY, merge_id=made.pk)


def note(person: Person, text: str) -> None:
    services.write_note(actor=SYSTEM, at=MONDAY, person_id=person.pk, text=text)


def columns(person: Person) -> dict[str, Any]:
    return Person.objects.filter(pk=person.pk).values().get()


@pytest.mark.django_db
class TestMergePersons:
    def test_shows_both_histories_under_the_one_who_stays(self) -> None:
        stays, goes = make_person(name="周明远"), make_person(name="周明遠")
        note(stays, "first")
        note(goes, "second")

        merge(stays, goes)

        ids = queries.same_person_ids(goes.pk)
        names = list(timeline.events_of(*ids).values_list("name", flat=True))
        assert ids == [stays.pk, goes.pk]
        assert names.count("people.note.written") == 2
        assert len(queries.masked_contacts(stays)) == 4
        assert queries.notes_of([stays.pk]) == {stays.pk: ["second", "first"]}

    @pytest.mark.usefixtures("data_folder")  # where no other test has noted the head of its chain
    def test_changes_no_event_and_no_row_of_either(self) -> None:
        stays, goes = make_person(), make_person()
        note(goes, "second")
        rows = timeline.events_of(goes.pk).order_by("number").values("number", "mac", "person_id")
        before = list(rows)
        seal()

        undo(merge(stays, goes))
        seal()

        assert verify().ok
        assert list(rows.all())[: len(before)] == before

    def test_leads_the_other_id_to_who_stays(self) -> None:
        stays, goes = make_person(), make_person()

        merge(stays, goes)

        assert queries.get_person(SYSTEM, goes.pk).pk == stays.pk
        assert goes.pk not in queries.persons_visible_to(SYSTEM).values_list("pk", flat=True)
        assert goes.pk in queries.records_visible_to(SYSTEM).values_list("pk", flat=True)

    def test_fills_gaps_and_overwrites_nothing(self) -> None:
        stays, goes = make_person(city="上海"), make_person(city="北京", degree="master", skills=["Go"])
        services.mark_key(actor=SYSTEM, at=MONDAY, person_id=goes.pk, is_key=True)

        merge(stays, goes)

        found = Person.objects.get(pk=stays.pk)
        assert (found.city, found.degree, found.skills, found.is_key) == ("上海", "master", ["Go"], True)

    def test_keeps_what_it_filled_unreadable(self) -> None:
        stays, goes = make_person(), make_person(city="哈尔滨")

        merge(stays, goes)

        assert "哈尔滨".encode() not in bytes(PersonMerge.objects.get().filled_sealed)

    def test_refuses_a_person_and_themselves(self) -> None:
        person = make_person()

        with pytest.raises(SamePersonAlready):
            merge(person, person)

    def test_refuses_to_merge_twice_whichever_id_is_named(self) -> None:
        stays, goes = make_person(), make_person()
        merge(stays, goes)

        with pytest.raises(SamePersonAlready):
            merge(goes, stays)

        assert PersonMerge.objects.count() == 1

    def test_is_not_for_who_sees_only_one_of_them(self) -> None:
        recruiter = make_user("recruiter")
        seen = make_application(make_opening(recruiter)).person

        with pytest.raises(NotFound):
            merge(seen, make_person(), actor=actor_of(recruiter))

    def test_is_not_for_who_may_not_merge(self) -> None:
        manager = make_user("hiring_manager")

        with pytest.raises(Forbidden):
            merge(make_person(), make_person(), actor=actor_of(manager))

    def test_lets_in_whoever_could_see_either(self) -> None:
        recruiter = make_user("recruiter")
        goes = make_application(make_opening(recruiter)).person
        stays = make_person()

        merge(stays, goes)

        assert queries.get_person(actor_of(recruiter), stays.pk).pk == stays.pk

    def test_leads_who_comes_again_with_the_number_of_the_merged_record_to_who_stays(self) -> None:
        stays, goes = make_person(), make_person(phones=["13800012345"])
        merge(stays, goes)

        found, new = services.add_or_find_person(
            actor=SYSTEM, at=MONDAY, facts=PersonFacts(name="周", phones=["138 0001 2345"]), door="careers"
        )

        assert (found.pk, new) == (stays.pk, False)

    def test_writes_to_an_address_of_the_merged_record_where_the_other_has_none(self) -> None:
        stays, goes = make_person(mails=[]), make_person(mails=["only@example.com"])

        merge(stays, goes)

        assert queries.address_of(stays.pk) == "only@example.com"

    def test_ends_a_consent_that_was_taken_back_under_the_other_record(self) -> None:
        stays, goes = make_person(), make_person()
        given: dict[str, Any] = {"purpose": "talent_pool", "notice_version": "1", "language": "en", "door": "test"}
        services.give_consent(at=MONDAY, person_id=stays.pk, **given)
        services.give_consent(at=MONDAY, person_id=goes.pk, **given)
        services.withdraw_consent(at=MONDAY + timedelta(days=1), person_id=goes.pk, purpose="talent_pool")

        merge(stays, goes)

        assert list(queries.valid_consents(stays)) == []

    def test_marks_the_suggestion_as_merged(self) -> None:
        stays, goes = sorted((make_person(), make_person()), key=lambda person: person.pk)
        found = DuplicateSuggestion.objects.create(first=stays, second=goes, score=90, found_at=MONDAY)

        merge(stays, goes)

        found.refresh_from_db()
        assert found.state == "merged"


@pytest.mark.django_db
class TestUndoMerge:
    def test_gives_each_what_it_had(self) -> None:
        stays, goes = make_person(), make_person(city="北京", degree="master", skills=["Go"])
        services.mark_key(actor=SYSTEM, at=MONDAY, person_id=goes.pk, is_key=True, reason="why")
        before = columns(stays), columns(goes)

        undo(merge(stays, goes))

        assert (columns(stays), columns(goes)) == before
        assert queries.same_person_ids(stays.pk) == [stays.pk]

    def test_leaves_what_somebody_put_there_since(self) -> None:
        stays, goes = make_person(), make_person(city="北京")
        made = merge(stays, goes)
        services.change_person(actor=SYSTEM, at=MONDAY, person_id=stays.pk, changes={"city": "广州"})

        undo(made)

        assert Person.objects.get(pk=stays.pk).city == "广州"

    def test_is_said_on_both_histories(self) -> None:
        stays, goes = make_person(), make_person()

        undo(merge(stays, goes))

        for person in (stays, goes):
            assert timeline.names_of(person.pk)[-2:] == ["people.person.merged", "people.person.merge_undone"]

    def test_twice_is_refused(self) -> None:
        made = merge(make_person(), make_person())
        undo(made)

        with pytest.raises(MergeUndoneAlready):
            undo(made)

    @pytest.mark.parametrize("first", [0, 1])
    def test_takes_a_chain_apart_in_any_order(self, first: int) -> None:
        a, b, c = make_person(city="北京"), make_person(degree="master"), make_person()
        before = [columns(person) for person in (a, b, c)]
        made = [merge(b, a), merge(c, b)]
        assert queries.root_of(a.pk) == c.pk
        assert (columns(c)["city"], columns(c)["degree"]) == ("北京", "master")

        undo(made[first])
        roots = {0: [a.pk, c.pk, c.pk], 1: [b.pk, b.pk, c.pk]}[first]
        assert [queries.root_of(person.pk) for person in (a, b, c)] == roots
        assert columns(c)["city"] == ""
        undo(made[1 - first])

        assert [columns(person) for person in (a, b, c)] == before

    def test_gives_the_gap_to_the_other_merged_record(self) -> None:
        stays, one, other = make_person(), make_person(city="北京"), make_person(city="广州")
        made = merge(stays, one)
        merge(stays, other)

        undo(made)

        assert Person.objects.get(pk=stays.pk).city == "广州"

    def test_keeps_them_from_being_suggested_again(self) -> None:
        stays, goes = make_person(), make_person()

        undo(merge(stays, goes))

        assert DuplicateSuggestion.objects.get().state == "dismissed"


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_make_one_merge(self) -> None:
        one, other = make_person(), make_person()
        refused: list[Exception] = []

        def work(stays: UUID, goes: UUID) -> None:
            try:
                merging.merge_persons(actor=SYSTEM, at=MONDAY, stays_id=stays, goes_id=goes)
            except SamePersonAlready as refusal:
                refused.append(refusal)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=work, args=ids) for ids in ((one.pk, other.pk), (other.pk, one.pk))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(refused) == 1
        assert PersonMerge.objects.count() == 1
        assert Person.objects.filter(merged_into__isnull=False).count() == 1


@pytest.mark.django_db
class TestApplications:
    def test_of_two_for_one_opening_one_goes_on(self) -> None:
        opening = make_opening()
        kept, ended = make_application(opening, stage="interview"), make_application(opening)

        made = merge(ended.person, kept.person)

        ended.refresh_from_db()
        assert ended.exit_reason is not None
        assert (ended.state, ended.exit_reason.code) == ("exited", "duplicate")
        assert Application.objects.get(pk=kept.pk).state == "active"
        assert made.settled == {"recruiting": [str(ended.pk)]}

    def test_the_one_that_was_chosen_goes_on(self) -> None:
        opening = make_opening()
        ended, kept = make_application(opening, stage="interview"), make_application(opening)
        (question,) = pairs.pair(SYSTEM, ended.person_id, kept.person_id).questions

        merge(kept.person, ended.person, answers={question.key: str(kept.pk)})

        assert Application.objects.get(pk=ended.pk).state == "exited"

    def test_go_on_both_after_undoing(self) -> None:
        opening = make_opening()
        first, second = make_application(opening), make_application(opening)

        undo(merge(first.person, second.person))

        assert list(Application.objects.values_list("state", flat=True)) == ["active", "active"]

    def test_stay_ended_where_somebody_ended_them_for_another_reason_since(self) -> None:
        opening = make_opening()
        first, second = make_application(opening), make_application(opening)
        made = merge(first.person, second.person)
        recruiting_services.reopen_application(actor=SYSTEM, at=MONDAY, application_id=second.pk)
        reason = recruiting.exit_reason("withdrew")
        recruiting_services.exit_application(actor=SYSTEM, at=MONDAY, application_id=second.pk, reason_id=reason.pk)

        undo(made)

        assert Application.objects.get(pk=second.pk).state == "exited"

    def test_are_all_shown_and_none_is_made_twice(self) -> None:
        first, second = make_application(), make_application()
        merge(first.person, second.person)

        again, new = recruiting_services.receive_application(
            actor=SYSTEM, at=MONDAY, person_id=first.person_id, opening=second.opening, source="careers"
        )

        assert (again.pk, new) == (second.pk, False)
        assert set(recruiting.applications_of(SYSTEM, first.person_id)) == {first, second}

    def test_open_by_the_link_of_the_ended_one_with_the_one_that_goes_on(self) -> None:
        opening = make_opening()
        kept, ended = make_application(opening, stage="interview"), make_application(opening)
        merge(kept.person, ended.person)

        assert careers.candidates_application(ended.pk).pk == kept.pk


@pytest.mark.django_db
class TestReading:
    def test_unites_messages_promises_and_lines_of_today(self) -> None:
        recruiter = make_user("recruiter")
        opening = make_opening(recruiter)
        stays, goes = make_application(opening).person, make_application(opening).person
        for number, person in enumerate((stays, goes)):
            conversation_services.write_message(
                actor=SYSTEM, at=MONDAY, person_id=person.pk, subject="a", body="b", business_key=f"test:{number}"
            )
            conversation_services.make_promise(
                at=MONDAY, person_id=person.pk, application_id=None, what="reply", due_at=MONDAY, key=f"test:{number}"
            )
            today_services.open_follow_up(
                at=MONDAY,
                key=f"test:{number}",
                person_id=person.pk,
                owner_id=recruiter.pk,
                reason=today_services.Reason(why={"en": "x", "zh-hans": "x"}),
                due_at=MONDAY,
            )

        merge(stays, goes)
        actor = actor_of(recruiter)

        assert conversation.messages_of(actor, stays.pk).count() == 2
        assert conversation.messages_visible_to(actor).count() == 2
        assert conversation.promises_of(actor, goes.pk).count() == 2
        assert today.open_about(actor, stays.pk).count() == 2
        assert today.counts(actor, MONDAY).waiting == 1


@pytest.mark.django_db
class TestPage:
    def client(self, role: str = "recruiter") -> tuple[Client, Any]:
        make_company()
        user = make_user(role)
        client = Client()
        client.force_login(user)
        return client, user

    def test_of_the_merged_record_leads_to_who_stays(self) -> None:
        client, user = self.client()
        opening = make_opening(user)
        stays, goes = make_application(opening).person, make_application().person
        merge(stays, goes)

        answer = client.get(f"/people/{goes.pk}")

        assert (answer.status_code, answer["Location"]) == (302, f"/people/{stays.pk}")

    def test_of_candidates_shows_the_name_of_who_stays(self) -> None:
        client, user = self.client()
        goes = make_application(make_opening(user), make_person(name="周明遠")).person
        merge(make_person(name="Zhou Mingyuan"), goes)

        page = client.get("/recruiting/candidates").content.decode()

        assert "Zhou Mingyuan" in page
        assert "周明遠" not in page
