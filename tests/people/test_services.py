"""Persons are found rather than created twice, and what is personal is sealed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories import MONDAY, SYSTEM, actor_of, make_person, make_user
from zhiren.kernel.ids import new_id
from zhiren.kernel.refusals import NotFound
from zhiren.people import queries, services
from zhiren.people.errors import ContactMalformed, ContactTaken, FileUnavailable
from zhiren.people.models import Contact, Person, PersonKey
from zhiren.people.services import PersonFacts
from zhiren.people.vault import open_vault
from zhiren.plumbing import crypto
from zhiren.timeline import queries as timeline

Meeting = tuple[Person, bool]


def meet(door: str = "upload", **facts: object) -> Meeting:
    given = {"name": "周明远", "phones": ["138 1234 2071"], "mails": ["Zhou@Example.com"], **facts}
    return services.add_or_find_person(actor=SYSTEM, at=MONDAY, facts=PersonFacts(**given), door=door)  # type: ignore[arg-type]  # facts


@pytest.mark.django_db
class TestAddOrFindPerson:
    def test_finds_who_has_the_phone_number_however_it_is_written(self) -> None:
        first, new = meet()

        again, new_again = meet(phones=["+86 １３８-1234-2071"], mails=["other@example.com"], name="周先生")

        assert (again.pk, new, new_again) == (first.pk, True, False)
        assert again.name == "周明远"

    def test_fills_gaps_without_overwriting(self) -> None:
        meet(city="上海")

        again, _new = meet(city="北京", degree="master")

        assert (again.city, again.degree) == ("上海", "master")

    def test_lets_no_stranger_put_an_address_into_a_known_persons_file(self) -> None:
        person, _new = meet(mails=[])

        meet(door="careers", mails=["stranger@example.com"])

        assert queries.address_of(person.pk, "mail") is None
        assert timeline.names_of(person.pk)[-1] == "people.note.written"

    def test_keeps_no_control_characters(self) -> None:
        person, _new = meet(name="周\x00明\u202e远")

        assert "\x00" not in person.name
        assert "\u202e" not in person.name


@pytest.mark.django_db(transaction=True)
class TestAddOrFindPersonAtOnce:
    def test_makes_one_person_though_another_door_adds_them_between_looking_and_writing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        others = meanwhile(monkeypatch, services.names, "grams", lambda: meet(mails=["zhou@work.example.com"]))

        person, new = meet()

        assert (person.pk, new) == (others[0][0].pk, False)
        assert Person.objects.count() == 1
        assert sorted(person.contacts.values_list("kind", flat=True)) == ["mail", "mail", "phone"]

    def test_adds_an_address_once_though_another_door_adds_it_between_looking_and_writing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        person, _new = meet(mails=[])
        meanwhile(monkeypatch, services, "open_vault", meet)

        meet(mails=["zhou@example.com", "zhou@work.example.com"])

        assert person.contacts.filter(kind="mail").count() == 2


def meanwhile(monkeypatch: pytest.MonkeyPatch, place: object, name: str, other: Callable[[], Meeting]) -> list[Meeting]:
    """Let something else happen, and be committed, just before a function of the service does its work for the first
    time; return where its result will be.
    """
    results: list[Meeting] = []
    usual = getattr(place, name)

    def elsewhere() -> Meeting:
        try:
            return other()
        finally:
            connection.close()

    def first(*given: Any) -> Any:
        monkeypatch.undo()
        with ThreadPoolExecutor(1) as thread:
            results.append(thread.submit(elsewhere).result(timeout=20))
        return usual(*given)

    monkeypatch.setattr(place, name, first)
    return results


@pytest.mark.django_db
class TestContact:
    def test_is_not_readable_in_the_database(self) -> None:
        meet()

        with connection.cursor() as cursor:
            cursor.execute("SELECT string_agg(encode(sealed, 'escape'), ' ') FROM people_contact")
            stored = cursor.fetchone()[0]

        assert "13812342071" not in stored
        assert "zhou@example.com" not in stored

    def test_does_not_open_in_another_row(self) -> None:
        person, _new = meet()
        phone, mail = person.contacts.get(kind="phone"), person.contacts.get(kind="mail")
        Contact.objects.filter(pk=phone.pk).update(sealed=bytes(mail.sealed))

        with pytest.raises(crypto.Tampered):
            queries.open_contact(open_vault(person.pk), person.contacts.get(kind="phone"))

    def test_belongs_to_one_person_by_the_databases_own_rule(self) -> None:
        person, _new = meet()
        other = make_person()
        index = person.contacts.get(kind="phone").index

        with pytest.raises(IntegrityError), transaction.atomic():
            Contact.objects.create(person=other, kind="phone", sealed=b"x", index=bytes(index))

    def test_is_lost_for_good_with_the_persons_key(self) -> None:
        person, _new = meet()

        PersonKey.objects.filter(person=person).delete()

        with pytest.raises(NotFound):
            queries.masked_contacts(person)

    def test_is_refused_when_malformed_or_taken(self) -> None:
        recruiter = actor_of(make_user("recruiter"))
        person = make_person(actor=recruiter)
        meet()

        with pytest.raises(ContactMalformed):
            services.add_contact(
                actor=recruiter, at=MONDAY, person_id=person.pk, kind="mail", value="a@b\r\nBcc: c@d.com"
            )
        with pytest.raises(ContactTaken):
            services.add_contact(actor=recruiter, at=MONDAY, person_id=person.pk, kind="phone", value="13812342071")


@pytest.mark.django_db
class TestDocument:
    def test_opens_with_the_persons_key_once_it_is_theirs(self) -> None:
        person, _new = meet()
        document = services.store_document(at=MONDAY, data=b"%PDF", name="周明远.pdf", media_type="application/pdf")

        document = services.assign_document(document_id=document.pk, person_id=person.pk)

        assert queries.document_bytes(document) == b"%PDF"
        assert queries.document_name(document) == "周明远.pdf"

    def test_says_so_when_the_stored_bytes_are_gone(self) -> None:
        document = services.store_document(at=MONDAY, data=b"%PDF", name="a.pdf", media_type="application/pdf")
        document.pk = document.id = new_id()

        with pytest.raises((FileUnavailable, crypto.Tampered)):
            queries.document_bytes(document)


class TestSeal:
    def test_refuses_a_single_changed_bit(self) -> None:
        key = crypto.new_key()
        sealed = bytearray(crypto.seal(key, b"13812342071", bound_to="t|c|1"))

        for place in range(len(sealed)):
            damaged = bytes(sealed[:place]) + bytes([sealed[place] ^ 1]) + bytes(sealed[place + 1 :])
            with pytest.raises(crypto.Tampered):
                crypto.unseal(key, damaged, bound_to="t|c|1")
