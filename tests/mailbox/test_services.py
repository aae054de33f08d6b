"""Mails stored, read, filed and put aside, with the real reader of résumés."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest

from tests.factories import MONDAY, SYSTEM, actor_of, make_entity, make_opening, make_person, make_position, make_user
from tests.mailbox.letters import BOARD_HTML, letter, resume
from tests.mailbox.making import LATER, facts, make_account, make_mail, take_in
from zhiren.kernel.refusals import Forbidden, NotFound
from zhiren.mailbox import queries, services
from zhiren.mailbox.channels import Lying
from zhiren.mailbox.errors import HostNotAllowed, MailDealtWith, NothingToFile, PlainTextAway, ReasonNeeded
from zhiren.mailbox.models import Mail, MailAccount
from zhiren.people import merging
from zhiren.people import queries as people
from zhiren.people.models import Document, Person, PersonKey
from zhiren.people.vault import open_vault
from zhiren.plumbing import crypto, jobs
from zhiren.recruiting import services as recruiting
from zhiren.recruiting.models import Application, IntakeFile, Opening
from zhiren.timeline import queries as timeline

pytestmark = pytest.mark.django_db


def backend(**given: object) -> Opening:
    """Return an open opening for a backend engineer."""
    return make_opening(position=make_position(title="后端工程师", title_en="Backend Engineer", **given))


def outcome(mail: Mail) -> tuple[str, str]:
    """Return where a mail is, and why."""
    return mail.state, mail.reason


def zipped(*members: tuple[str, bytes]) -> bytes:
    """Return a ZIP."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members:
            archive.writestr(name, data)
    return target.getvalue()


class TestSaveAccount:
    def test_seals_the_password(self) -> None:
        account = make_account(password="very secret words")

        account.refresh_from_db()
        assert b"secret" not in bytes(account.password_sealed)
        assert queries.box_of(account).password == "very secret words"

    def test_keeps_the_password_that_is_not_given_anew(self) -> None:
        account = make_account()

        services.save_account(actor=SYSTEM, at=LATER, account_id=account.pk, facts=facts(password="", name="New"))

        account.refresh_from_db()
        assert (account.name, queries.box_of(account).password) == ("New", "correct-horse-battery")

    def test_starts_anew_in_another_folder_and_forgets_a_failure(self) -> None:
        account = make_account()
        take_in(account, letter())
        services.note_failure(account_id=account.pk, at=MONDAY, problem="sign_in", lasting=True)

        services.save_account(actor=SYSTEM, at=LATER, account_id=account.pk, facts=facts(folder="Bewerbungen"))

        account.refresh_from_db()
        assert (account.last_uid, account.uid_validity, account.problem, account.try_at) == (0, None, "", None)

    def test_never_sends_a_password_in_the_clear_over_a_network(self) -> None:
        with pytest.raises(PlainTextAway):
            make_account(tls="none")

        assert not MailAccount.objects.exists()
        assert make_account(tls="none", host="127.0.0.1").tls == "none"

    def test_asks_only_the_servers_that_the_installation_names(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ZHIREN_MAIL_HOSTS", "imap.yunshan.example")

        with pytest.raises(HostNotAllowed):
            make_account(host="intern.example")
        assert make_account(host="IMAP.yunshan.example").pk

    def test_is_for_those_who_look_after_mailboxes_and_within_their_entity(self) -> None:
        manager = make_user("hr_manager", entity=make_entity())
        other = make_account()

        with pytest.raises(Forbidden):
            make_account(actor_of(make_user("recruiter")))
        with pytest.raises(NotFound):
            make_account(actor_of(manager), user="b")
        with pytest.raises(NotFound):
            services.save_account(actor=actor_of(manager), at=MONDAY, account_id=other.pk, facts=facts())
        [grant] = manager.grants.all()
        assert make_account(actor_of(manager), user="c", entity_id=grant.entity_id).pk


class TestTryAccount:
    def test_gives_the_stored_password_to_no_other_server(self, monkeypatch: pytest.MonkeyPatch) -> None:
        account = make_account(host="127.0.0.1", tls="none", port=1)

        elsewhere = services.try_account(
            actor=SYSTEM, account_id=account.pk, facts=facts(host="localhost", tls="none", port=2, password="")
        )

        assert elsewhere.problem == "unreachable"  # nothing listens there, and nothing was told


class TestTakeIn:
    def test_keeps_the_mail_whole_and_sealed_before_anybody_reads_it(self) -> None:
        raw = letter(files=(("a.txt", resume()),))

        mail = take_in(make_account(), raw)

        assert mail is not None
        assert mail.document is not None
        assert mail.state == "waiting"
        assert people.document_bytes(mail.document) == raw
        assert mail.document.kind == "mail"
        assert timeline.events_named(["mailbox.mail.received"]).count() == 1

    def test_takes_the_same_mail_once(self) -> None:
        account, raw = make_account(), letter()
        mail = take_in(account, raw, uid=5)
        assert mail is not None

        again = take_in(account, raw, uid=5)
        renumbered = take_in(account, b"Received: by mx.example\r\n" + raw, uid=1, validity=2)

        assert (again, renumbered) == (None, None)
        mail.refresh_from_db()
        assert (mail.uid_validity, mail.uid) == (2, 1)
        assert Document.objects.filter(kind="mail").count() == 1

    def test_puts_the_same_mail_out_of_another_mailbox_aside(self) -> None:
        raw = letter("应聘-会计")
        take_in(make_account(), raw)

        mail = take_in(make_account(user="hr"), raw)

        assert mail is not None
        assert outcome(mail) == ("aside", "duplicate")
        assert queries.summary_of(mail).subject == "应聘-会计"
        assert Document.objects.filter(kind="mail").count() == 1

    def test_says_of_a_mail_that_is_too_large_that_it_is(self) -> None:
        account = make_account()

        mail = services.take_in(
            account_id=account.pk,
            uid_validity=1,
            lying=Lying(7, 60_000_000, MONDAY),
            raw=None,
            head=b"From: a@example.com\r\nSubject: big\r\n\r\n",
            at=MONDAY,
        )

        assert mail is not None
        assert outcome(mail) == ("unfiled", "too_large")
        assert queries.summary_of(mail).subject == "big"

    def test_goes_on_after_a_mail_that_is_gone(self) -> None:
        account = make_account()

        gone = services.take_in(account_id=account.pk, uid_validity=1, lying=Lying(7, 10, MONDAY), raw=None, at=LATER)

        account.refresh_from_db()
        assert (gone, account.last_uid, account.lag_seconds) == (None, 7, 120)


class TestReadMail:
    def test_files_an_attachment_under_the_job_that_the_subject_names(self) -> None:
        opening = backend()

        mail = make_mail(make_account(), letter(files=(("a.txt", resume()),)))

        assert outcome(mail) == ("filed", "title")
        [application] = Application.objects.select_related("person")
        assert (application.opening, application.source, application.person.name) == (opening, "mail", "郑亦安")
        assert timeline.events_named(["mailbox.mail.filed"]).count() == 1

    def test_does_it_once_however_often_it_is_told(self) -> None:
        backend()
        mail = make_mail(make_account(), letter(files=(("a.txt", resume()),)))

        services.read_mail(mail_id=mail.pk, at=LATER)
        jobs.run_due(LATER)

        assert Application.objects.count() == IntakeFile.objects.count() == 1

    def test_takes_the_person_from_the_text_of_a_job_board(self) -> None:
        backend()
        raw = letter(
            "(Zhaopin.com) 应聘 后端工程师（上海）-郑亦安", From="智联招聘 <service@zhaopin.com>", html=BOARD_HTML,
            body="请使用支持HTML的客户端", Precedence="bulk",
        )  # fmt: skip

        mail = make_mail(make_account(), raw)

        assert outcome(mail) == ("filed", "title")
        [application] = Application.objects.select_related("person")
        assert (application.source, application.person.name) == ("mail:zhaopin", "郑亦安")
        assert people.address_of(application.person_id) == "yian@example.com"

    def test_takes_a_forwarded_boards_mail_for_what_it_is(self) -> None:
        backend()
        body = (
            "发件人：智联 <service@zhaopin.com>\n主题：(Zhaopin.com) 应聘 后端工程师（上海）-郑亦安\n\n"
            + resume().decode()
        )

        mail = make_mail(make_account(), letter("转发: 简历", From="lin@yunshan.example", body=body))

        assert (mail.state, mail.board) == ("filed", "zhaopin")
        [person] = Person.objects.all()
        assert person.name == "郑亦安"
        assert people.person_with_contact("mail", "lin@yunshan.example") is None

    def test_prefers_the_address_then_falls_back_on_the_account(self) -> None:
        opening, other = backend(), make_opening()
        by_address = make_mail(
            make_account(), letter("您好", To=f"jobs+{other.slug}@yunshan.example", files=(("a.txt", resume()),))
        )
        by_account = make_mail(
            make_account(user="b", opening_id=opening.pk),
            letter("您好", files=(("b.txt", resume("林晓", "13900003333", "b@example.com")),)),
        )

        assert (by_address.opening_id, by_address.reason) == (other.pk, "address")
        assert (by_account.opening_id, by_account.reason) == (opening.pk, "account")

    def test_leaves_to_people_what_names_no_open_job(self) -> None:
        closed = backend()
        recruiting.close_opening(actor=SYSTEM, at=MONDAY, opening_id=closed.pk)

        mail = make_mail(make_account(opening_id=closed.pk), letter(files=(("a.txt", resume()),)))

        assert outcome(mail) == ("unfiled", "no_opening")
        assert not Application.objects.exists()
        assert queries.summary_of(mail).files == ("a.txt",)

    def test_files_only_within_the_mailboxs_entity(self) -> None:
        backend()

        mail = make_mail(make_account(entity_id=make_entity().pk), letter(files=(("a.txt", resume()),)))

        assert outcome(mail) == ("unfiled", "no_opening")

    def test_makes_a_task_of_each_file_that_cannot_be_read(self) -> None:
        backend()
        inner = zipped(("inner.txt", resume()))
        files = (("all.zip", zipped(("a.txt", resume()), ("b.zip", inner))), ("cv.pdf", b"%PDF-1.7\nbroken"))

        mail = make_mail(make_account(), letter(files=files))

        assert mail.state == "filed"
        states = IntakeFile.objects.order_by("position").values_list("state", "problem")
        assert [state for state, _problem in states] == ["done", "unreadable", "unreadable"]
        assert states[1][1] == "unsupported"

    def test_files_hundreds_of_attachments_only_by_hand_and_then_all(self) -> None:
        opening = backend()
        files = (*((f"{number}.txt", b"") for number in range(299)), ("a.txt", resume()))
        mail = make_mail(make_account(), letter(files=files))
        assert (*outcome(mail), mail.attachments) == ("unfiled", "too_many", 300)

        services.file_mail(actor=SYSTEM, at=LATER, mail_id=mail.pk, opening_id=opening.pk)

        assert IntakeFile.objects.count() == 300

    @pytest.mark.parametrize(
        ("files", "reason"),
        [((("winmail.dat", b'x\x9f>"'),), "winmail"), ((("empty.zip", zipped()),), "no_resume"), ((), "no_resume")],
    )
    def test_says_why_it_found_no_resume(self, files: tuple[tuple[str, bytes], ...], reason: str) -> None:
        backend()

        assert outcome(make_mail(make_account(), letter(files=files))) == ("unfiled", reason)

    def test_tells_a_letter_of_somebody_known_from_an_application(self) -> None:
        backend()
        person = make_person(mails=["yian@example.com"])

        mail = make_mail(make_account(), letter("Re: 面试", body="周二下午可以。"))

        assert outcome(mail) == ("unfiled", "letter")
        assert mail.person == person
        assert mail.document is not None
        assert mail.document.person == person
        assert queries.summary_of(mail).subject == "Re: 面试"
        assert open_vault(person.pk).open(mail.summary_sealed, cell="mailbox_mail|summary_sealed", row=mail.pk)

    def test_keeps_a_reply_with_who_stays_of_a_merge_and_in_the_list_until_somebody_has_read_it(self) -> None:
        stays, goes = make_person(name="郑亦安"), make_person(mails=["yian@example.com"])
        merging.merge_persons(actor=SYSTEM, at=MONDAY, stays_id=stays.pk, goes_id=goes.pk)

        mail = make_mail(make_account(), letter("Re: 面试", body="周二下午可以。"))

        assert mail.person == stays
        assert [name for _document, name in people.documents_of(stays)] == ["mail.eml"]
        page, _after = queries.page_of_mails(SYSTEM, state="unfiled")
        assert [(line.mail.pk, line.person) for line in page] == [(mail.pk, stays)]
        shown = queries.shown_letter(mail)
        assert shown is not None
        assert "周二下午可以。" in shown.text

    def test_puts_automatic_mail_aside_and_keeps_it(self) -> None:
        mail = make_mail(make_account(), letter("自动回复：您好", Auto_Submitted="auto-replied"))

        assert outcome(mail) == ("aside", "automatic")
        assert mail.document is not None
        assert timeline.events_named(["mailbox.mail.put_aside"]).count() == 1

    def test_makes_a_line_of_a_mail_that_cannot_be_taken_apart(self) -> None:
        deep = b"x"
        for number in range(60):
            deep = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n%s\n--b%d--\n" % (
                number,
                number,
                deep,
                number,
            )

        assert outcome(make_mail(make_account(), deep)) == ("unfiled", "too_many_parts")


class TestFileMail:
    def test_files_what_somebody_looked_at_once(self) -> None:
        opening = backend()
        mail = make_mail(make_account(), letter("您好", files=(("a.txt", resume()),)))
        account = mail.account
        account.readers.set([opening.owner])

        services.file_mail(actor=actor_of(opening.owner), at=LATER, mail_id=mail.pk, opening_id=opening.pk)
        jobs.run_due(LATER)

        [application] = Application.objects.select_related("person")
        assert application.person.created_by == opening.owner_id
        with pytest.raises(MailDealtWith):
            services.file_mail(actor=actor_of(opening.owner), at=LATER, mail_id=mail.pk, opening_id=opening.pk)

    def test_hides_mail_and_openings_of_others(self) -> None:
        opening, reader = backend(), make_user("recruiter")
        mail = make_mail(make_account(), letter("您好", files=(("a.txt", resume()),)))

        with pytest.raises(NotFound):
            services.file_mail(actor=actor_of(reader), at=LATER, mail_id=mail.pk, opening_id=opening.pk)
        mail.account.readers.set([reader])
        with pytest.raises(NotFound):
            services.file_mail(actor=actor_of(reader), at=LATER, mail_id=mail.pk, opening_id=opening.pk)

    def test_has_nothing_to_file_where_nothing_was_kept(self) -> None:
        account, raw, opening = make_account(), letter(), backend()
        take_in(account, raw)
        duplicate = take_in(make_account(user="b"), raw)
        assert duplicate is not None

        with pytest.raises(NothingToFile):
            services.file_mail(actor=SYSTEM, at=LATER, mail_id=duplicate.pk, opening_id=opening.pk)

    def test_files_many_and_says_how_many_stay(self) -> None:
        opening, account = backend(), make_account()
        mails = [
            make_mail(
                account,
                letter(
                    "您好",
                    files=(
                        (
                            "a.txt",
                            resume(),
                        ),
                    ),
                ),
            )
            for _ in range(2)
        ]
        services.put_aside(actor=SYSTEM, at=LATER, mail_id=mails[0].pk, note="x")
        services.file_mail(actor=SYSTEM, at=LATER, mail_id=mails[0].pk, opening_id=opening.pk)

        filed = services.file_many(actor=SYSTEM, at=LATER, mail_ids=[mail.pk for mail in mails], opening_id=opening.pk)

        assert filed == (1, 1)


class TestPutAside:
    def test_can_be_taken_back(self) -> None:
        mail = make_mail(make_account(), letter("您好"))

        services.put_aside(actor=SYSTEM, at=LATER, mail_id=mail.pk, note="  a quote  ")
        aside = queries.mail_by_id(mail.pk)
        services.take_back(actor=SYSTEM, at=LATER, mail_id=mail.pk)

        assert (*outcome(aside), aside.note) == ("aside", "by_hand", "a quote")
        assert outcome(queries.mail_by_id(mail.pk)) == ("unfiled", "taken_back")

    def test_wants_a_reason(self) -> None:
        mail = make_mail(make_account(), letter("您好"))

        with pytest.raises(ReasonNeeded):
            services.put_aside(actor=SYSTEM, at=LATER, mail_id=mail.pk, note=" ")


class TestLinkFiled:
    def test_gives_a_mail_to_the_person_it_is_of(self) -> None:
        backend()
        mail = make_mail(make_account(), letter(files=(("a.txt", resume()),)))

        services.link_filed(LATER)

        mail = queries.mail_by_id(mail.pk)
        person = Person.objects.get()
        assert (mail.person, mail.document.person if mail.document else None) == (person, person)
        assert queries.summary_of(mail).from_address == "yian@example.com"
        PersonKey.objects.filter(person=person).delete()  # their erasure
        assert queries.summary_of(mail) == queries.Summary()

    def test_gives_a_mail_about_several_to_nobody(self) -> None:
        backend()
        files = (("a.txt", resume()), ("b.txt", resume("林晓", "13900003333", "b@example.com")))
        mail = make_mail(make_account(), letter(files=files))

        services.link_filed(LATER)

        assert queries.mail_by_id(mail.pk).person is None
        assert services.link_filed(LATER) == 0


class TestTakeUpForgotten:
    def test_reads_what_a_dying_worker_left_unread(self) -> None:
        backend()
        mail = take_in(make_account(), letter(files=(("a.txt", resume()),)))
        assert mail is not None

        assert services.take_up_forgotten(MONDAY + timedelta(minutes=1)) == 0
        assert services.take_up_forgotten(MONDAY + timedelta(hours=1)) == 1

        assert queries.mail_by_id(mail.pk).state == "filed"


class TestNoteFailure:
    def test_waits_longer_each_time_and_tells_once(self) -> None:
        account = make_account()
        waits = []
        for _ in range(8):
            failed = services.note_failure(account_id=account.pk, at=MONDAY, problem="unreachable", lasting=False)
            assert failed.try_at is not None
            waits.append(int((failed.try_at - MONDAY).total_seconds() / 60))

        assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
        assert timeline.events_named(["mailbox.account.failed"]).count() == 1

    def test_waits_half_an_hour_with_a_wrong_password(self) -> None:
        failed = services.note_failure(account_id=make_account().pk, at=MONDAY, problem="sign_in", lasting=True)

        assert failed.try_at == MONDAY + timedelta(minutes=30)
        assert queries.failing(SYSTEM).count() == 1


class TestSummary:
    def test_is_sealed(self) -> None:
        mail = make_mail(make_account(), letter("您好"))

        assert "您好".encode() not in bytes(mail.summary_sealed)
        with pytest.raises(crypto.Tampered):
            crypto.unseal(crypto.key_for("mail-summary"), mail.summary_sealed, bound_to="elsewhere")
