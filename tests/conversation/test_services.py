from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories import MONDAY, SYSTEM, actor_of, make_company, make_person, make_user
from zhiren.connectors.console.channel import ConsoleChannel
from zhiren.conversation import queries, rules, services
from zhiren.conversation.channels import Refused, Uncertain
from zhiren.conversation.errors import AlreadySettled, NoAddress, NothingToSay, TooLong, UnknownPlaceholder
from zhiren.conversation.models import Message, Promise, Template, TemplateVersion
from zhiren.kernel.ids import new_id
from zhiren.kernel.refusals import Forbidden, NotFound
from zhiren.people.models import Contact, PersonKey
from zhiren.people.services import write_note
from zhiren.plumbing import clock, jobs
from zhiren.timeline import queries as timeline
from zhiren.timeline.models import EventRow

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _that_monday() -> Iterator[None]:
    """Let jobs, which ask the clock, live on the same Monday."""
    with clock.travel(MONDAY + HOUR):
        yield


def acknowledge(person: Any, key: str = "ack:1", **given: Any) -> Message:
    """Return the acknowledgement of an application."""
    return services.send_template(
        **{
            "actor": SYSTEM,
            "at": MONDAY,
            "template_key": "application_received",
            "to_person": person.pk,
            "business_key": key,
            "values": {"opening_title": "后端工程师", "status_link": "https://hr.example/c/abc/"},
            **given,
        }
    )


def known_to(user: Any, **given: Any) -> Any:
    """Return a person whom this user brought in."""
    return make_person(actor=actor_of(user), **given)


def decline(person: Any, key: str = "no:1") -> Message:
    """Return a message that must never go out twice."""
    return acknowledge(person, key, template_key="application_declined")


def state_of(message: Message) -> str:
    """Return a message's state as the database has it."""
    return str(Message.objects.get(pk=message.pk).state)


def payloads(name: str) -> list[dict[str, Any]]:
    """Return what was recorded under a name."""
    return list(EventRow.objects.filter(name=name).order_by("number").values_list("payload", flat=True))


class TestSendTemplate:
    def test_sends_the_words_of_the_receivers_language(self, letters: ConsoleChannel) -> None:
        make_company()
        chinese, english = make_person(name="周明远"), make_person(name="Ann Lee", language="en")

        acknowledge(chinese, "a")
        acknowledge(english, "b")
        jobs.run_due(MONDAY)

        first, second = letters.letters
        assert first.subject == "已收到你的申请：后端工程师"
        assert "周明远，你好" in first.text
        assert "云杉科技（演示）" in first.text
        assert "https://hr.example/c/abc/" in first.text
        assert '<a href="https://hr.example/c/abc/"' in first.html
        assert second.subject == "We have your application: 后端工程师"
        assert "Yunshan (demo)" in second.text
        assert first.automatic
        assert first.from_name == "云杉科技（演示）"

    def test_sends_one_message_for_one_business_key(self, letters: ConsoleChannel) -> None:
        person = make_person()

        first, second = acknowledge(person, "same"), acknowledge(person, "same")
        jobs.run_due(MONDAY)
        jobs.run_due(MONDAY)

        assert first.pk == second.pk
        assert len(letters.letters) == 1

    def test_derives_a_stable_message_id_from_the_business_key(self, letters: ConsoleChannel) -> None:
        person = make_person()

        ids = {acknowledge(person, key).message_id for key in ("k1", "k2")}
        Message.objects.all().delete()

        assert acknowledge(person, "k1").message_id in ids
        assert all(value.endswith("@console.invalid>") for value in ids)

    def test_tells_what_became_of_it(self, letters: ConsoleChannel) -> None:
        person, application_id = make_person(), new_id()

        message = acknowledge(person, application_id=application_id)
        jobs.run_due(MONDAY)

        names = timeline.names_of(person.pk)
        assert names[-2:] == ["conversation.message.queued", "conversation.message.sent"]
        assert payloads("conversation.message.sent") == [
            {
                "message_id": str(message.pk),
                "channel": "mail",
                "automatic": True,
                "template": "application_received",
                "application_id": str(application_id),
                "to_user_id": None,
            }
        ]

    def test_keeps_a_message_without_an_address_as_failed(self, letters: ConsoleChannel) -> None:
        person = make_person(mails=[])

        message = acknowledge(person)
        jobs.run_due(MONDAY)

        assert (message.state, message.error) == ("failed", "no_address")
        assert payloads("conversation.message.failed")[0]["problem"] == "no_address"
        assert not letters.letters

    def test_keeps_the_words_sealed(self, letters: ConsoleChannel) -> None:
        message = acknowledge(make_person(name="周明远"))

        with connection.cursor() as cursor:
            cursor.execute("SELECT t::text FROM conversation_message t WHERE id = %s", [message.pk])
            row = cursor.fetchone()[0]

        assert "周明远".encode().hex() not in row
        assert "后端工程师".encode().hex() not in row
        assert "周明远" in queries.words_of([message])[message.pk].body

    def test_writes_to_a_colleague_about_a_person(self, letters: ConsoleChannel) -> None:
        person, manager = make_person(name="周明远"), make_user("hr_manager", name="王岚")

        message = services.send_template(
            actor=SYSTEM,
            at=MONDAY,
            template_key="follow_up_escalation",
            to_user=manager.pk,
            about_person=person.pk,
            business_key="esc:1",
            values={"opening_title": "后端工程师", "owner_name": "林晓", "why": "面试通过 25 个工作小时没有联系"},
        )
        jobs.run_due(MONDAY)

        letter = letters.letters[0]
        assert letter.to_address == manager.email
        assert letter.subject == "请留意：周明远 还没有人联系"
        assert "王岚，你好" in letter.text
        assert timeline.names_of(person.pk)[-1] == "conversation.message.sent"
        assert payloads("conversation.message.sent")[0]["to_user_id"] == str(manager.pk)
        PersonKey.objects.filter(person=person).delete()
        assert queries.words_of([message]) == {}

    def test_waits_until_it_may_go(self, letters: ConsoleChannel) -> None:
        acknowledge(make_person(), not_before=MONDAY + HOUR)

        services.take_up_messages(MONDAY + 59 * MINUTE)
        jobs.run_due(MONDAY)
        early = len(letters.letters)
        services.take_up_messages(MONDAY + HOUR)
        jobs.run_due(MONDAY)

        assert (early, len(letters.letters)) == (0, 1)

    def test_refuses_a_person_the_actor_may_not_see(self, letters: ConsoleChannel) -> None:
        with pytest.raises(NotFound):
            acknowledge(make_person(), actor=actor_of(make_user("recruiter")))

    def test_refuses_no_receiver_and_two(self, letters: ConsoleChannel) -> None:
        with pytest.raises(ValueError, match="to a person or to a user"):
            acknowledge(make_person(), to_person=None)
        with pytest.raises(ValueError, match="to a person or to a user"):
            acknowledge(make_person(), to_user=make_user().pk)

    def test_is_gone_with_the_transaction_that_wrote_it(self, letters: ConsoleChannel) -> None:
        person = make_person()

        with transaction.atomic():
            acknowledge(person)
            transaction.set_rollback(True)
        jobs.run_due(MONDAY)

        assert not letters.letters
        assert not Message.objects.exists()


class TestMessageTable:
    def test_holds_exactly_one_receiver(self) -> None:
        person, user = make_person(), make_user()
        given = {
            "message_id": "<x@y>", "business_key": "x", "automatic": True, "subject_sealed": b"", "body_sealed": b"",
            "language": "en", "queued_at": MONDAY, "next_try_at": MONDAY,
        }  # fmt: skip

        for receivers in ({}, {"person": person, "to_user": user}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Message.objects.create(**given, **receivers)


class TestWriteMessage:
    def write(self, user: Any, person: Any, **given: Any) -> Message:
        return services.write_message(
            **{
                "actor": actor_of(user),
                "at": MONDAY,
                "person_id": person.pk,
                "subject": "下周聊聊？",
                "body": "你好，\n\n下周二方便吗？",
                "business_key": "hand:1",
                **given,
            }
        )

    def test_sends_what_was_written_in_the_writers_name(self, letters: ConsoleChannel) -> None:
        owner = make_user("recruiter")
        person = known_to(owner)

        self.write(owner, person, application_id=new_id())
        jobs.run_due(MONDAY)

        letter = letters.letters[0]
        assert (letter.subject, letter.reply_to, letter.automatic) == ("下周聊聊？", owner.email, False)
        assert payloads("conversation.message.sent")[0]["automatic"] is False

    def test_answers_in_the_thread_of_the_last_message(self, letters: ConsoleChannel) -> None:
        owner = make_user("recruiter")
        person = known_to(owner)
        first = acknowledge(person)
        jobs.run_due(MONDAY)

        self.write(owner, person, at=MONDAY + HOUR)
        jobs.run_due(MONDAY)

        assert [letter.in_reply_to for letter in letters.letters] == ["", first.message_id]

    def test_takes_the_line_breaks_out_of_a_subject(self, letters: ConsoleChannel) -> None:
        owner = make_user("recruiter")
        person = known_to(owner)

        self.write(owner, person, subject="Hello\r\nBcc: all@example.com\x00")
        jobs.run_due(MONDAY)

        assert letters.letters[0].subject == "Hello Bcc: all@example.com"

    def test_refuses_an_empty_and_an_endless_text(self) -> None:
        owner = make_user("recruiter")
        person = known_to(owner)

        with pytest.raises(NothingToSay):
            self.write(owner, person, body=" \r\n ")
        with pytest.raises(NothingToSay):
            self.write(owner, person, subject="\r\n")
        with pytest.raises(TooLong):
            self.write(owner, person, body="x" * (rules.MAX_BODY + 1))

    def test_refuses_when_there_is_no_address(self) -> None:
        owner = make_user("recruiter")
        person = known_to(owner, mails=[])

        with pytest.raises(NoAddress):
            self.write(owner, person)

    def test_refuses_whom_the_writer_may_not_see_or_write_to(self) -> None:
        person = make_person()

        with pytest.raises(NotFound):
            self.write(make_user("recruiter"), person)
        with pytest.raises(Forbidden):
            self.write(make_user("interviewer"), person)


class TestSendMessage:
    def send(self, message: Message, after: timedelta = timedelta()) -> None:
        services.send_message(message_id=message.pk, at=MONDAY + after)

    def test_sends_once_however_often_it_is_called(self, letters: ConsoleChannel) -> None:
        message = acknowledge(make_person())

        for _ in range(3):
            self.send(message)

        assert len(letters.letters) == 1
        assert state_of(message) == "sent"

    def test_sends_again_with_the_same_id_what_a_dead_worker_left_behind(self, letters: ConsoleChannel) -> None:
        message = acknowledge(make_person())
        Message.objects.filter(pk=message.pk).update(state="sending", attempts=1, sending_at=MONDAY)

        self.send(message, MINUTE)

        assert state_of(message) == "sent"
        assert [letter.message_id for letter in letters.letters] == [message.message_id]

    def test_lets_somebody_decide_where_twice_would_be_wrong(self, letters: ConsoleChannel) -> None:
        declined = decline(make_person())
        Message.objects.filter(pk=declined.pk).update(state="sending", attempts=1, sending_at=MONDAY)

        self.send(declined, MINUTE)
        self.send(declined, HOUR)

        assert state_of(declined) == "unknown"
        assert not letters.letters
        assert len(payloads("conversation.message.uncertain")) == 1

    def test_tries_again_after_a_temporary_refusal(self, letters: ConsoleChannel) -> None:
        message = acknowledge(make_person())
        letters.answers.extend([Refused("busy", permanent=False, detail="451 later"), None])

        self.send(message)
        after_first = Message.objects.get(pk=message.pk)
        services.take_up_messages(MONDAY + 59 * timedelta(seconds=1))
        waiting = Message.objects.get(pk=message.pk).next_try_at
        services.take_up_messages(MONDAY + MINUTE)
        jobs.run_due(MONDAY)

        assert (after_first.state, after_first.error, after_first.error_text) == ("queued", "busy", "451 later")
        assert after_first.next_try_at == waiting == MONDAY + MINUTE
        assert state_of(message) == "sent"

    def test_gives_up_in_the_end(self, letters: ConsoleChannel) -> None:
        message = acknowledge(make_person())
        Message.objects.filter(pk=message.pk).update(attempts=rules.MAX_ATTEMPTS - 1)
        letters.answers.append(Refused("unreachable", permanent=False))

        self.send(message)

        assert payloads("conversation.message.failed")[0]["problem"] == "gave_up"
        assert state_of(message) == "failed"

    def test_fails_at_once_when_refused_for_good(self, letters: ConsoleChannel) -> None:
        person = make_person(mails=["gone@example.com"])
        message = acknowledge(person)
        letters.answers.append(
            Refused("mailbox_refused", permanent=True, detail="550 <gone@example.com>: no such\r\nuser")
        )

        self.send(message)

        failed = Message.objects.get(pk=message.pk)
        assert (failed.state, failed.error, failed.error_text) == ("failed", "mailbox_refused", "550 <…>: no such user")

    def test_resends_or_asks_when_the_connection_broke_at_the_end(self, letters: ConsoleChannel) -> None:
        harmless, grave = acknowledge(make_person(), "a"), decline(make_person(), "b")
        letters.answers.extend([Uncertain(), Uncertain()])

        self.send(harmless)
        self.send(grave)

        assert (state_of(harmless), state_of(grave)) == ("queued", "unknown")

    def test_waits_until_mail_is_set_up(self, settings: Any, letters: ConsoleChannel) -> None:
        settings.MAIL_CARRIER = "smtp"
        message = acknowledge(make_person())
        jobs.run_due(MONDAY)
        services.take_up_messages(MONDAY + HOUR)
        before = (state_of(message), queries.mail_is_ready(), queries.waiting_count())

        settings.MAIL_CARRIER = "console"
        services.take_up_messages(MONDAY + 2 * HOUR)
        jobs.run_due(MONDAY)

        assert before == ("queued", False, 1)
        assert state_of(message) == "sent"

    def test_has_nothing_to_send_once_the_person_is_erased(self, letters: ConsoleChannel) -> None:
        person = make_person()
        message = acknowledge(person)
        Contact.objects.filter(person=person).delete()
        PersonKey.objects.filter(person=person).delete()

        self.send(message)

        assert state_of(message) == "failed"
        assert not letters.letters

    @pytest.mark.django_db(transaction=True)
    def test_leaves_alone_what_another_worker_has_in_hand(self, letters: ConsoleChannel) -> None:
        import threading

        from django.db import connections

        services.ensure_shipped_templates(at=MONDAY)
        message = acknowledge(make_person())
        Message.objects.filter(pk=message.pk).update(state="sending", attempts=1)

        def other() -> None:
            self.send(message)
            connections.close_all()

        with transaction.atomic():
            Message.objects.select_for_update().get(pk=message.pk)
            worker = threading.Thread(target=other)
            worker.start()
            worker.join(timeout=10)

        assert not worker.is_alive()
        assert (state_of(message), len(letters.letters)) == ("sending", 0)

    @pytest.mark.django_db(transaction=True)
    def test_has_committed_that_it_is_sending_before_anything_leaves(self, letters: ConsoleChannel) -> None:
        from concurrent.futures import ThreadPoolExecutor

        from django.db import connections

        services.ensure_shipped_templates(at=MONDAY)
        message = acknowledge(make_person())
        seen = []

        def look() -> str:
            state = state_of(message)
            connections.close_all()
            return state

        class Watched(Refused):
            def __bool__(self) -> bool:
                with ThreadPoolExecutor(1) as pool:
                    seen.append(pool.submit(look).result())
                return False

        letters.answers.append(Watched("busy", permanent=False))
        self.send(message)

        assert seen == ["sending"]
        assert state_of(message) == "sent"


class TestConfirmDelivery:
    def test_settles_an_uncertain_message(self, letters: ConsoleChannel) -> None:
        owner = make_user("recruiter")
        message = decline(known_to(owner))
        letters.answers.append(Uncertain())
        jobs.run_due(MONDAY)

        services.confirm_delivery(actor=actor_of(owner), at=MONDAY + HOUR, message_id=message.pk)
        with pytest.raises(AlreadySettled):
            services.confirm_delivery(actor=actor_of(owner), at=MONDAY + HOUR, message_id=message.pk)

        assert state_of(message) == "sent"
        assert len(payloads("conversation.message.sent")) == 1

    def test_is_not_for_strangers(self, letters: ConsoleChannel) -> None:
        message = decline(make_person())

        with pytest.raises(NotFound):
            services.confirm_delivery(actor=actor_of(make_user("recruiter")), at=MONDAY, message_id=message.pk)


class TestResendMessage:
    def test_sends_again_with_the_same_message_id(self, letters: ConsoleChannel) -> None:
        owner = make_user("recruiter")
        message = decline(known_to(owner))
        letters.answers.append(Uncertain())
        jobs.run_due(MONDAY)

        services.resend_message(actor=actor_of(owner), at=MONDAY + HOUR, message_id=message.pk)
        jobs.run_due(MONDAY)

        assert [letter.message_id for letter in letters.letters] == [message.message_id]
        assert state_of(message) == "sent"

    def test_refuses_what_was_sent_and_what_has_no_address(self, letters: ConsoleChannel) -> None:
        owner = make_user("recruiter")
        sent = acknowledge(known_to(owner), "a")
        jobs.run_due(MONDAY)
        nowhere = acknowledge(known_to(owner, mails=[]), "b")

        with pytest.raises(AlreadySettled):
            services.resend_message(actor=actor_of(owner), at=MONDAY, message_id=sent.pk)
        with pytest.raises(NoAddress):
            services.resend_message(actor=actor_of(owner), at=MONDAY, message_id=nowhere.pk)


class TestSaveTemplate:
    def save(self, actor: Any = SYSTEM, **given: Any) -> TemplateVersion:
        return services.save_template(
            **{
                "actor": actor,
                "at": MONDAY,
                "template_key": "application_received",
                "language": "zh-hans",
                "subject": "收到 {{ opening_title }}",
                "text": "{{ candidate_name }}，收到了。",
                **given,
            }
        )

    def test_adds_a_version_and_leaves_the_old_one(self, letters: ConsoleChannel) -> None:
        before = TemplateVersion.objects.count()

        version = self.save()
        acknowledge(make_person())
        jobs.run_due(MONDAY)

        assert (version.number, TemplateVersion.objects.count()) == (2, before + 1)
        assert letters.letters[0].subject == "收到 后端工程师"

    def test_adds_nothing_for_the_same_words(self) -> None:
        assert self.save().pk == self.save().pk

    def test_refuses_a_name_nobody_can_fill_in(self) -> None:
        for field in ("subject", "text"):
            with pytest.raises(UnknownPlaceholder):
                self.save(**{field: "{{ salary }}"})
        assert TemplateVersion.objects.filter(number=2).count() == 0

    def test_is_only_for_those_who_manage_templates(self) -> None:
        with pytest.raises(Forbidden):
            self.save(actor_of(make_user("recruiter")))
        assert self.save(actor_of(make_user("hr_manager"))).number == 2

    def test_refuses_a_template_or_language_there_is_none_of(self) -> None:
        for given in ({"template_key": "nothing"}, {"language": "tlh"}):
            with pytest.raises(NotFound):
                self.save(**given)


class TestEnsureShippedTemplates:
    def test_finds_them_all_there_after_the_migrations(self) -> None:
        assert services.ensure_shipped_templates(at=MONDAY) == 0
        assert Template.objects.filter(on_unknown="wait").values_list("key", flat=True)[0] == "application_declined"

    def test_never_overwrites_what_somebody_wrote(self) -> None:
        ours = TemplateVersion.objects.filter(template__key="interview_thanks", language="en").get()
        theirs = TemplateVersion.objects.filter(template__key="interview_thanks", language="zh-hans").get()
        TemplateVersion.objects.filter(pk=ours.pk).update(text="an older wording of ours")
        TemplateVersion.objects.filter(pk=theirs.pk).update(text="my own words", by=make_user().pk)

        added = services.ensure_shipped_templates(at=MONDAY)

        assert added == 1
        assert queries.version_for("interview_thanks", "zh-hans").text == "my own words"
        assert queries.version_for("interview_thanks", "en").number == 2


class TestPromises:
    def promise(self, person: Any, key: str = "p1", **given: Any) -> Promise:
        return services.make_promise(
            **{
                "at": MONDAY,
                "person_id": person.pk,
                "application_id": None,
                "what": "next_step",
                "due_at": MONDAY + 24 * HOUR,
                "key": key,
                **given,
            }
        )

    def test_are_made_once_for_a_key(self) -> None:
        person = make_person()

        assert self.promise(person).pk == self.promise(person).pk
        assert timeline.names_of(person.pk).count("conversation.promise.made") == 1

    def test_break_when_the_date_has_passed(self) -> None:
        person = make_person()
        promise = self.promise(person)

        assert services.break_promises(promise.due_at) == 0
        assert services.break_promises(promise.due_at + MINUTE) == 1
        assert services.break_promises(promise.due_at + HOUR) == 0
        row = EventRow.objects.get(name="conversation.promise.broken")
        assert row.at == promise.due_at

    def test_are_kept_by_a_message_written_by_hand(self, letters: ConsoleChannel) -> None:
        owner = make_user("recruiter")
        person = known_to(owner)
        self.promise(person)

        services.write_message(
            actor=actor_of(owner), at=MONDAY + HOUR, person_id=person.pk, subject="s", body="b", business_key="h"
        )
        jobs.run_due(MONDAY + HOUR)

        assert Promise.objects.get().state == "kept"
        assert payloads("conversation.promise.kept")[0]["late"] is False

    def test_are_kept_by_a_call_but_not_by_a_note(self) -> None:
        owner = make_user("recruiter")
        person = known_to(owner)
        self.promise(person)

        write_note(actor=actor_of(owner), at=MONDAY + HOUR, person_id=person.pk, text="想了想", kind="note")
        jobs.run_due(MONDAY + HOUR)
        after_note = Promise.objects.get().state
        write_note(actor=actor_of(owner), at=MONDAY + HOUR, person_id=person.pk, text="聊了十分钟", kind="call")
        jobs.run_due(MONDAY + HOUR)

        assert (after_note, Promise.objects.get().state) == ("open", "kept")

    def test_are_not_kept_by_the_mail_that_makes_them(self, letters: ConsoleChannel) -> None:
        person = make_person()
        self.promise(person, at=MONDAY - HOUR)

        acknowledge(person, template_key="interview_thanks")
        jobs.run_due(MONDAY)
        after_thanks = Promise.objects.get().state
        acknowledge(person, "b", template_key="interview_invitation")
        jobs.run_due(MONDAY)

        assert (after_thanks, Promise.objects.get().state) == ("open", "kept")

    def test_stay_broken_when_kept_too_late(self) -> None:
        person = make_person()
        promise = self.promise(person)
        services.break_promises(promise.due_at + HOUR)

        kept = services.keep_promises(at=promise.due_at + 2 * HOUR, person_id=person.pk, application_id=None)

        found = Promise.objects.get()
        assert (kept, found.state, found.kept_at) == (1, "broken", promise.due_at + 2 * HOUR)
        assert payloads("conversation.promise.kept")[0]["late"] is True

    def test_of_another_application_stay_open(self) -> None:
        person, first, second = make_person(), new_id(), new_id()
        self.promise(person, "a", application_id=first)

        kept = services.keep_promises(at=MONDAY + HOUR, person_id=person.pk, application_id=second)

        assert kept == 0
        assert list(queries.open_promises(first)) == list(Promise.objects.all())
