"""A human being is erased as a whole, whatever number of records they had."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import MONDAY, SYSTEM, make_application, make_employment, make_person
from zhiren.people import erasing, files, merging, queries, services
from zhiren.people.errors import EmploymentOnFile, FileUnavailable, PersonErased
from zhiren.people.models import Contact, Document, Employment, Note, Person, PersonKey, PersonMerge
from zhiren.recruiting import queries as recruiting
from zhiren.timeline import queries as timeline

pytestmark = pytest.mark.django_db


def merged() -> tuple[Person, Person]:
    """Return who stays and who went, each with something of their own."""
    stays = make_person(name="周明远", phones=["13900002222"])
    goes = make_person(name="周明遠", phones=["13900003333"], city="哈尔滨", skills=["Go"])
    for person in (stays, goes):
        services.write_note(actor=SYSTEM, at=MONDAY, person_id=person.pk, text="likes tea")
    merging.merge_persons(actor=SYSTEM, at=MONDAY, stays_id=stays.pk, goes_id=goes.pk)
    return stays, goes


def erase(person: Person) -> list[Any]:
    return erasing.erase_person(at=MONDAY, person_id=person.pk)


class TestErasePerson:
    @pytest.mark.parametrize("named", [0, 1])
    def test_leaves_nothing_of_any_record_whichever_is_named(self, named: int) -> None:
        both = merged()

        erased = erase(both[named])

        assert set(erased) == {person.pk for person in both}
        for person in Person.objects.all():
            assert (person.name, person.city, person.skills, person.name_grams) == ("", "", [], [])
            assert person.erased_at == MONDAY
        assert not PersonKey.objects.exists()
        assert not Contact.objects.exists()
        assert not Note.objects.exists()
        assert bytes(PersonMerge.objects.get().filled_sealed) == b""

    def test_takes_their_files_from_the_disk_once_it_is_certain(self, django_capture_on_commit_callbacks: Any) -> None:
        person = make_person()
        document = services.store_document(
            at=MONDAY, data=b"a resume", name="a.pdf", media_type="application/pdf", person_id=person.pk
        )
        key = queries.document_key(document)

        with django_capture_on_commit_callbacks() as later:
            erase(person)
            assert files.read(document.pk, key) == b"a resume"
        for callback in later:
            callback()

        with pytest.raises(FileUnavailable):
            files.read(document.pk, key)
        assert bytes(Document.objects.get().digest) != services.digest_of(b"a resume")

    def test_spares_who_was_taken_apart_before(self) -> None:
        stays, goes = merged()
        merging.undo_merge(actor=SYSTEM, at=MONDAY, merge_id=PersonMerge.objects.get().pk)

        erase(stays)

        goes.refresh_from_db()
        assert (goes.name, goes.city, goes.erased_at) == ("周明遠", "哈尔滨", None)
        assert queries.notes_of([goes.pk]) == {goes.pk: ["likes tea"]}

    def test_hides_them_and_knows_them_no_longer_when_they_come_again(self) -> None:
        stays, goes = merged()
        application = make_application(person=goes)

        erase(goes)

        assert not queries.persons_visible_to(SYSTEM).filter(pk__in=[stays.pk, goes.pk]).exists()
        assert queries.person_with_contact("phone", "13900003333") is None
        assert recruiting.get_application(SYSTEM, application.pk).person.name == ""
        assert make_person(name="周明远", phones=["13900002222"]).pk != stays.pk

    def test_is_on_the_record_of_each_without_a_word(self) -> None:
        stays, goes = merged()

        erase(stays)

        for person in (stays, goes):
            assert timeline.events_of(person.pk).filter(name="people.record.erased").get().payload == {}

    def test_is_refused_for_whom_the_law_has_kept(self) -> None:
        stays, goes = merged()
        make_employment(person=goes)

        with pytest.raises(EmploymentOnFile):
            erase(stays)

        assert PersonKey.objects.count() >= 2
        assert Employment.objects.exists()

    def test_twice_is_refused(self) -> None:
        person = make_person()
        erase(person)

        with pytest.raises(PersonErased):
            erase(person)
