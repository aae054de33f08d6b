from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from tests.careers.resumes import READABLE, UNREADABLE
from tests.factories import MONDAY, SYSTEM, make_application, make_opening, make_person
from zhiren.careers import services
from zhiren.careers.errors import ResumeTooLarge, TooManyApplications, TooManyUploads
from zhiren.careers.models import Knock, Upload
from zhiren.kernel.refusals import NotFound
from zhiren.people import files
from zhiren.people import queries as people
from zhiren.people.models import Consent, Document, Person
from zhiren.recruiting import queries as recruiting
from zhiren.recruiting import services as recruiting_services
from zhiren.recruiting.models import Application, Opening
from zhiren.resumes import MAX_FILE_BYTES
from zhiren.timeline import queries as timeline

pytestmark = pytest.mark.django_db


@pytest.fixture
def opening() -> Opening:
    return recruiting_services.publish_opening(actor=SYSTEM, at=MONDAY, opening_id=make_opening().pk)


def apply(opening: Opening, at: datetime = MONDAY, **given: Any) -> Application:
    sent = {"name": "周小禾", "phone": "13800002071", "mail": "zhou.xiaohe@example.com", **given}
    return services.apply(at=at, opening_slug=opening.slug, **sent)


class TestApply:
    def test_makes_a_candidate_with_contacts_consent_and_source(self, opening: Opening) -> None:
        application = apply(opening, consents=["application", "talent_pool"], language="en")

        assert application.source == "careers"
        assert application.stage.kind == "new"
        assert application.person.language == "en"
        assert people.address_of(application.person_id) == "zhou.xiaohe@example.com"
        assert set(people.valid_consents(application.person).values_list("purpose", "door", "language")) == {
            ("application", "careers", "en"),
            ("talent_pool", "careers", "en"),
        }
        assert timeline.names_of(application.person_id) == [
            "people.person.added",
            "people.consent.given",
            "people.consent.given",
            "recruiting.application.received",
        ]

    def test_keeps_the_resume_and_what_was_read_from_it(self, opening: Opening) -> None:
        application = apply(opening, resume=("周小禾.txt", READABLE))
        person = Person.objects.get(pk=application.person_id)
        [(document, name)] = people.documents_of(person)

        assert (name, document.media_type) == ("周小禾.txt", "text/plain")
        assert people.document_bytes(document) == READABLE
        assert people.newest_resume(person) is not None
        assert person.headline == "后端工程师 · 拓扑网络科技有限公司"
        assert "PostgreSQL" in person.skills

    def test_keeps_an_unreadable_resume_as_a_task(self, opening: Opening) -> None:
        application = apply(opening, resume=("resume.pdf", UNREADABLE))
        [task] = recruiting.unreadable_files(SYSTEM)

        assert task.application_id == application.pk
        assert task.problem == "damaged"
        assert people.document_bytes(task.document) == UNREADABLE
        assert task.document.person_id == application.person_id

    def test_takes_a_resume_that_was_read_before(self, opening: Opening) -> None:
        upload = services.keep_upload(at=MONDAY, name="周小禾.txt", data=READABLE)

        application = apply(opening, upload_id=upload.pk)
        [(document, _name)] = people.documents_of(application.person)

        assert document.pk == upload.document_id
        assert people.newest_resume(application.person) is not None
        assert not Upload.objects.exists()

    def test_makes_one_application_of_two(self, opening: Opening) -> None:
        first = apply(opening)

        assert apply(opening, at=MONDAY + timedelta(minutes=1)) == first

    def test_lets_a_withdrawn_application_go_on(self, opening: Opening) -> None:
        first = apply(opening)
        services.withdraw_application(at=MONDAY + timedelta(hours=1), application_id=first.pk)

        again = apply(opening, at=MONDAY + timedelta(hours=2))

        assert (again.pk, again.state) == (first.pk, "active")

    def test_leaves_an_application_ended_that_the_company_declined(self, opening: Opening) -> None:
        first = apply(opening)
        reason = recruiting.exit_reasons().get(code="skill")
        recruiting_services.exit_application(
            actor=SYSTEM, at=MONDAY + timedelta(hours=1), application_id=first.pk, reason_id=reason.pk
        )

        assert apply(opening, at=MONDAY + timedelta(hours=2)).state == "exited"

    def test_knows_no_opening_that_is_not_published(self) -> None:
        draft = make_opening()

        with pytest.raises(NotFound):
            apply(draft)

    def test_keeps_nothing_of_a_resume_that_is_too_large(self, opening: Opening) -> None:
        with pytest.raises(ResumeTooLarge):
            apply(opening, resume=("resume.pdf", bytes(MAX_FILE_BYTES + 1)))

        assert not Person.objects.exists()
        assert not Document.objects.exists()

    def test_counts_five_an_hour_for_one_address_exactly(self, opening: Opening) -> None:
        for minute in range(5):
            at = MONDAY + timedelta(minutes=minute)
            apply(opening, at=at, phone=f"1380000000{minute}", mail=f"p{minute}@example.com", visitor="192.0.2.7")

        with pytest.raises(TooManyApplications) as refused:
            apply(opening, at=MONDAY + timedelta(minutes=59), visitor="192.0.2.7")
        assert refused.value.retry_after == 61
        assert Application.objects.count() == 5

        apply(opening, at=MONDAY + timedelta(minutes=59), visitor="192.0.2.8")
        apply(
            opening, at=MONDAY + timedelta(minutes=60), phone="13800000009", mail="p9@example.com", visitor="192.0.2.7"
        )

    def test_keeps_no_address_of_whoever_applied(self, opening: Opening) -> None:
        apply(opening, visitor="192.0.2.7")

        assert b"192.0.2.7" not in bytes(Knock.objects.get().visitor)


@pytest.mark.django_db(transaction=True)
class TestApplyAtOnce:
    def test_lets_five_of_eight_through(self) -> None:
        opening = recruiting_services.publish_opening(actor=SYSTEM, at=MONDAY, opening_id=make_opening().pk)

        def send(number: int) -> bool:
            try:
                apply(opening, phone=f"1380000001{number}", mail=f"at-once{number}@example.com", visitor="192.0.2.7")
            except TooManyApplications:
                return False
            finally:
                connection.close()
            return True

        with ThreadPoolExecutor(8) as threads:
            assert sum(threads.map(send, range(8))) == 5
        assert Application.objects.count() == 5

    def test_makes_one_person_of_two_presses(self) -> None:
        opening = recruiting_services.publish_opening(actor=SYSTEM, at=MONDAY, opening_id=make_opening().pk)

        def send(_number: int) -> UUID:
            try:
                return apply(opening).pk
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as threads:
            assert len(set(threads.map(send, range(2)))) == 1
        assert Person.objects.count() == 1


class TestKeepUpload:
    def test_keeps_a_file_of_nobody_yet_that_the_database_does_not_show(self) -> None:
        upload = services.keep_upload(at=MONDAY, name="周小禾.txt", data=READABLE)

        assert upload.document.person_id is None
        assert upload.problem == ""
        assert "周小禾".encode() not in bytes(upload.read_sealed or b"")

    def test_keeps_what_it_cannot_read(self) -> None:
        upload = services.keep_upload(at=MONDAY, name="resume.pdf", data=UNREADABLE)

        assert upload.problem == "damaged"
        assert people.document_bytes(upload.document) == UNREADABLE

    def test_reads_so_many_an_hour_for_one_address(self) -> None:
        for _ in range(20):
            Knock.objects.create(visitor=services.visitor_hash("192.0.2.7"), kind="upload", at=MONDAY)

        with pytest.raises(TooManyUploads):
            services.keep_upload(at=MONDAY, name="a.txt", data=READABLE, visitor="192.0.2.7")


class TestNoteView:
    def test_tells_it_once_an_hour(self) -> None:
        application = make_application()
        told = [
            services.note_view(at=MONDAY + timedelta(minutes=minutes), application_id=application.pk)
            for minutes in (0, 30, 59, 60, 70)
        ]

        assert told == [True, False, False, True, False]
        assert timeline.names_of(application.person_id).count("careers.page.viewed") == 2


class TestWithdrawApplication:
    def test_ends_it_with_the_candidates_reason(self) -> None:
        application = make_application()

        ended = services.withdraw_application(at=MONDAY, application_id=application.pk)

        assert ended.state == "exited"
        assert ended.exit_reason is not None
        assert (ended.exit_reason.side, ended.exit_reason.code) == ("they", "withdrew")

    def test_is_the_same_when_sent_twice(self) -> None:
        application = make_application()
        for _ in range(2):
            services.withdraw_application(at=MONDAY, application_id=application.pk)

        assert timeline.names_of(application.person_id).count("recruiting.application.exited") == 1


class TestWithdrawConsent:
    @staticmethod
    def consents_of(person_id: UUID) -> set[str]:
        return set(Consent.objects.filter(person=person_id, withdrawn_at=None).values_list("purpose", flat=True))

    def test_ends_all_applications_with_the_consent_to_handle_them(self, opening: Opening) -> None:
        first = apply(opening)
        second = make_application(person=first.person)

        services.withdraw_consent(at=MONDAY, application_id=first.pk, purpose="application")

        assert self.consents_of(first.person_id) == set()
        assert set(Application.objects.filter(pk__in=[first.pk, second.pk]).values_list("state", flat=True)) == {
            "exited"
        }

    def test_leaves_the_application_alone_when_other_jobs_are_meant(self, opening: Opening) -> None:
        application = apply(opening, consents=["application", "talent_pool"])

        services.withdraw_consent(at=MONDAY, application_id=application.pk, purpose="talent_pool")

        assert self.consents_of(application.person_id) == {"application"}
        assert Application.objects.get().state == "active"

    def test_knows_nobody_whose_data_was_erased(self) -> None:
        person = make_person()
        application = make_application(person=person)
        Person.objects.filter(pk=person.pk).update(erased_at=MONDAY)

        with pytest.raises(NotFound):
            services.withdraw_consent(at=MONDAY, application_id=application.pk, purpose="application")


class TestForget:
    def test_destroys_what_was_never_sent(self, django_capture_on_commit_callbacks: Any) -> None:
        upload = services.keep_upload(at=MONDAY, name="周小禾.txt", data=READABLE, visitor="192.0.2.7")
        place = files._place(upload.document_id)
        assert place.exists()

        with django_capture_on_commit_callbacks(execute=True):
            assert services.forget(MONDAY + timedelta(hours=24)) == 1

        assert not place.exists()
        assert not Document.objects.exists()
        assert not Knock.objects.exists()

    def test_leaves_what_is_younger_and_what_was_sent(self, opening: Opening) -> None:
        sent = services.keep_upload(at=MONDAY, name="a.txt", data=READABLE)
        application = apply(opening, upload_id=sent.pk)
        services.keep_upload(at=MONDAY + timedelta(hours=1), name="b.txt", data=READABLE)

        assert services.forget(MONDAY + timedelta(hours=24)) == 0
        assert Document.objects.filter(person=application.person_id).exists()
        assert Upload.objects.count() == 1
