"""Attendance at earlier employers: only with the person's consent, and gone with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from tests.factories import MONDAY, SYSTEM, actor_of, make_application, make_opening, make_person, make_user
from zhiren.access.models import User
from zhiren.kernel.refusals import Forbidden, NotFound
from zhiren.people import erasing, files, past_attendance, past_queries, past_words, services
from zhiren.people.errors import ConsentEndsFirst, FiguresDisagree, NotAgreed, ProofMissing, ProofUnusable
from zhiren.people.models import Consent, Document, PastAttendance, Person
from zhiren.people.past_attendance import Figures
from zhiren.plumbing import clock
from zhiren.timeline import queries as timeline

pytestmark = pytest.mark.django_db
YEAR = date(2027, 11, 16)
PDF = ("证明.pdf", b"%PDF-1.7 ...")
FIGURES = Figures(
    from_on=date(2024, 1, 1), to_on=date(2024, 12, 31), workdays=250, late=5, leaves=4, leave_days=9,
    longest_streak=80, steady=180, measured=200,
)  # fmt: skip


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def monday() -> Iterator[None]:
    """The time of the tests is Monday."""
    with clock.travel(MONDAY):
        yield


@pytest.fixture
def person() -> Person:
    return make_person()


def agree(person: Person, **given: Any) -> Consent:
    given = {"actor": SYSTEM, "at": MONDAY, "door": "signed", "language": "zh-hans", "until": YEAR, **given}
    return past_attendance.note_consent(person_id=person.pk, **given)


def note(person: Person, **given: Any) -> PastAttendance:
    given = {
        "actor": SYSTEM, "at": MONDAY, "source": "employer", "employer": "云海科技", "figures": FIGURES, **given,
    }  # fmt: skip
    return past_attendance.note(person_id=person.pk, **given)


def known(person: Person, **given: Any) -> list[str]:
    given = {"at": MONDAY, **given}
    return [employer for _row, employer in past_queries.past_attendance_of(SYSTEM, person, **given)]


class TestNote:
    def test_is_refused_without_a_consent(self, person: Person) -> None:
        services.give_consent(
            at=MONDAY, person_id=person.pk, purpose="talent_pool", notice_version="1", language="en", door="test"
        )

        with pytest.raises(NotAgreed):
            note(person)
        assert PastAttendance.objects.count() == 0

    def test_keeps_counts_with_who_entered_them(self, person: Person) -> None:
        agree(person)

        row = note(person)

        assert known(person) == ["云海科技"]
        assert (row.late, row.workdays, row.entered_at, row.entered_by) == (5, 250, MONDAY, None)
        assert "people.past_attendance.noted" in timeline.names_of(person.pk)

    def test_needs_a_document_for_what_the_candidate_tells(self, person: Person) -> None:
        agree(person)

        with pytest.raises(ProofMissing):
            note(person, source="told")
        assert note(person, source="told", proof=PDF).document

    @pytest.mark.parametrize("proof", [("a.exe", b"MZ"), ("big.pdf", b"%PDF-" + b"0" * 10 * 1024 * 1024)])
    def test_refuses_a_document_nobody_can_look_at(self, person: Person, proof: tuple[str, bytes]) -> None:
        agree(person)

        with pytest.raises(ProofUnusable):
            note(person, proof=proof)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"late": 251}, {"workdays": 0}, {"workdays": 400}, {"leaves": 10}, {"leave_days": 251},
            {"longest_streak": 242}, {"steady": 201}, {"measured": 251}, {"to_on": date(2023, 12, 31)},
            {"to_on": date(2026, 11, 16)}, {"from_on": date(1800, 1, 1)},
        ],
    )  # fmt: skip
    def test_refuses_numbers_that_cannot_be_together(self, person: Person, wrong: dict[str, Any]) -> None:
        agree(person)

        with pytest.raises(FiguresDisagree):
            note(person, figures=Figures(**{**FIGURES.__dict__, **wrong}))

    def test_is_for_who_may_and_sees_the_person(self, person: Person) -> None:
        agree(person)

        with pytest.raises(Forbidden):
            note(person, actor=actor_of(make_user("interviewer")))
        with pytest.raises(NotFound):
            note(person, actor=actor_of(make_user("recruiter")))


class TestConsent:
    def test_hides_and_erases_when_taken_back(self, person: Person, django_capture_on_commit_callbacks: Any) -> None:
        agree(person)
        document = note(person, source="told", proof=PDF).document
        assert document

        with django_capture_on_commit_callbacks(execute=True):
            past_attendance.take_consent_back(actor=SYSTEM, at=MONDAY, person_id=person.pk)

        assert known(person) == []
        assert PastAttendance.objects.count() == 0
        assert not Document.objects.filter(pk=document.pk).exists()
        assert not files._place(document.pk).exists()
        with pytest.raises(NotAgreed):
            note(person)

    def test_hides_when_it_has_run_out_and_erases_soon(self, person: Person) -> None:
        agree(person, until=date(2026, 12, 1))
        note(person)
        later = MONDAY + timedelta(days=20)

        assert known(person, at=later) == []
        with pytest.raises(NotAgreed):
            note(person, at=later)
        assert services.forget_run_out(at=later) == 1
        assert PastAttendance.objects.count() == 0

    def test_can_be_given_again_after_it_has_run_out(self, person: Person) -> None:
        agree(person, until=date(2026, 12, 1))
        later = MONDAY + timedelta(days=20)

        agree(person, at=later)

        assert note(person, at=later).pk
        assert Consent.objects.filter(withdrawn_at=None, purpose="past_attendance").count() == 1

    @pytest.mark.parametrize("until", [date(2026, 11, 14), date(2029, 1, 1), date.max])
    def test_neither_lies_in_the_past_nor_lasts_for_years(self, person: Person, until: date) -> None:
        with pytest.raises(ConsentEndsFirst):
            agree(person, until=until)

    def test_goes_with_the_person(self, person: Person) -> None:
        agree(person)
        note(person, proof=PDF)

        erasing.erase_person(at=MONDAY, person_id=person.pk)

        assert PastAttendance.objects.count() == 0


class TestShown:
    def test_says_each_rate_with_its_counts(self, person: Person) -> None:
        agree(person)

        with override("en"):
            lines = past_words.shown(note(person), "云海科技", "").lines

        assert [(line.value, line.of) for line in lines] == [
            ("2.0 %", "5 of 250 days"),
            ("0.3 a month", "4 leaves, 9 days"),
            ("80 days", "of 250 days"),
            ("90.0 %", "180 of 200 days"),
        ]


@pytest.mark.usefixtures("monday")
class TestPages:
    @pytest.fixture
    def recruiter(self, person: Person) -> User:
        user = make_user("recruiter")
        make_application(make_opening(user), person)
        return user

    def at(self, name: str, *args: Any) -> str:
        return reverse(f"people:{name}", args=args)

    def test_lead_from_the_consent_to_the_figures(self, person: Person, recruiter: User) -> None:
        client: Client = client_of(recruiter)
        card = client.get(self.at("past_attendance", person.pk)).content.decode()
        assert self.at("past_consent", person.pk) in card
        client.post(self.at("past_consent", person.pk), {"door": "signed", "until": "2027-05-01"})
        told = dict(FIGURES.__dict__) | {"source": "told", "employer": "云海<b>"}
        proof = SimpleUploadedFile("a.pdf", PDF[1])
        answer = client.post(self.at("add_past_attendance", person.pk), {**told, "proof": proof})
        assert answer.status_code == 302
        card = client.get(self.at("past_attendance", person.pk)).content.decode()

        assert "云海&lt;b&gt;" in card
        assert "2.0" in card

    def test_say_why_a_form_is_not_taken(self, person: Person, recruiter: User) -> None:
        client = client_of(recruiter)
        agree(person)
        empty = client.post(self.at("add_past_attendance", person.pk), {"late": "-1", "from_on": "2024-02-30"})
        refused = client.post(
            self.at("add_past_attendance", person.pk),
            {**FIGURES.__dict__, "late": 900, "source": "employer", "employer": "x"},
        )

        assert empty.status_code == 422
        assert refused.status_code == 422

    def test_remove_and_take_back(self, person: Person, recruiter: User) -> None:
        client = client_of(recruiter)
        agree(person)
        row = note(person)
        assert client.post(self.at("remove_past_attendance", row.pk)).status_code == 302
        assert client.post(self.at("remove_past_attendance", row.pk)).status_code == 404
        client.post(self.at("take_past_consent_back", person.pk))

        assert past_queries.consent_of(person, at=MONDAY) is None

    def test_of_others_look_like_none(self, person: Person) -> None:
        agree(person)
        row = note(person)
        client = client_of(make_user("recruiter"))

        assert client.get(self.at("past_attendance", person.pk)).status_code == 404
        assert client.post(self.at("remove_past_attendance", row.pk)).status_code == 404
