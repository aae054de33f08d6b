import email
import email.policy
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from tests.connectors.servers import Judge, dying_server, real_server
from tests.factories import MONDAY, SYSTEM, make_person
from zhiren.connectors.smtp.channel import SmtpChannel
from zhiren.connectors.smtp.letters import as_mail
from zhiren.conversation import services
from zhiren.conversation.channels import Letter, Refused, Uncertain
from zhiren.conversation.models import Message
from zhiren.operations.catcher import _free_port

LETTER = Letter(
    to_address="zhou@example.com",
    to_name="周明远",
    from_name="云杉科技（演示）",
    reply_to="lin@yunshan.example",
    subject="谢谢你来面试：后端工程师",
    text="周明远，你好：\n\n.一个点开头的行\nFrom here on\n\n- 思路清楚",
    html="<p>周明远，你好</p>",
    message_id="<0123456789abcdef@yunshan.example>",
    in_reply_to="<before@yunshan.example>",
    at=MONDAY,
    automatic=True,
    language="zh-hans",
)


def use(settings: Any, port: int, **given: Any) -> SmtpChannel:
    """Return the channel to a server on a port of this machine."""
    settings.SMTP = {
        "host": "127.0.0.1", "port": port, "user": "", "password": "", "tls": "none",
        "sender": "Yunshan <hr@yunshan.example>", "timeout": 5, **given,
    }  # fmt: skip
    return SmtpChannel()


def read(data: bytes) -> EmailMessage:
    """Return a mail as its reader's program understands it."""
    mail = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


class TestAsMail:
    def test_carries_both_parts_and_every_header(self) -> None:
        mail = read(as_mail(LETTER, sender="hr@yunshan.example"))

        text, html = mail.get_body(("plain",)), mail.get_body(("html",))
        assert text is not None
        assert html is not None
        assert text.get_content().replace("\r\n", "\n").strip() == LETTER.text
        assert html.get_content().strip() == LETTER.html
        assert mail["Subject"] == LETTER.subject
        assert mail["From"].addresses[0].display_name == "云杉科技（演示）"
        assert mail["From"].addresses[0].addr_spec == "hr@yunshan.example"
        assert mail["To"].addresses[0].display_name == "周明远"
        assert mail["Reply-To"].addresses[0].addr_spec == "lin@yunshan.example"
        assert mail["Message-ID"] == LETTER.message_id
        assert mail["In-Reply-To"] == mail["References"] == "<before@yunshan.example>"
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail["Date"].datetime == MONDAY

    def test_is_plain_ascii_in_lines_that_every_server_takes(self) -> None:
        long = replace(LETTER, text="很长的一行" * 2000, subject="很长的标题" * 30)

        data = as_mail(long, sender="hr@yunshan.example")

        assert data.isascii()
        assert max(len(line) for line in data.split(b"\r\n")) <= 998
        assert read(data)["Subject"] == long.subject

    def test_says_nothing_of_a_thread_or_a_machine_that_is_not_there(self) -> None:
        mail = read(as_mail(replace(LETTER, in_reply_to="", automatic=False, reply_to=""), sender="hr@yunshan.example"))

        assert {"In-Reply-To", "References", "Auto-Submitted", "Reply-To"}.isdisjoint(mail.keys())

    @pytest.mark.parametrize(
        "changes", [{"subject": "Hi\r\nBcc: x@example.com"}, {"message_id": "<a@b>\nBcc: x@example.com"}]
    )
    def test_never_takes_a_second_header_along(self, changes: dict[str, str]) -> None:
        with pytest.raises(ValueError, match=r"linefeed|newline"):
            as_mail(replace(LETTER, **changes), sender="hr@yunshan.example")

    @pytest.mark.parametrize(
        "address", ["x@example.com\r\nBcc: y@example.com", "周@example.com", "two words@example.com"]
    )
    def test_refuses_what_is_no_address(self, address: str) -> None:
        with pytest.raises(Refused) as refusal:
            as_mail(replace(LETTER, to_address=address), sender="hr@yunshan.example")

        assert (refusal.value.problem, refusal.value.permanent) == ("bad_address", True)


class TestSend:
    def test_hands_a_letter_over_as_it_is(self, settings: Any) -> None:
        judge = Judge()
        with real_server(judge) as port:
            use(settings, port).send(LETTER)

        assert judge.receivers == ["zhou@example.com"]
        mail = read(judge.taken[0])
        text = mail.get_body(("plain",))
        assert text is not None
        assert text.get_content().replace("\r\n", "\n").strip() == LETTER.text

    @pytest.mark.parametrize(
        ("answers", "problem", "permanent"),
        [
            ({"to_receiver": "550 5.1.1 no such user"}, "mailbox_refused", True),
            ({"to_receiver": "451 4.2.0 try later"}, "busy", False),
            ({"to_receiver": "452 4.2.2 mailbox full"}, "busy", False),
            ({"to_content": "554 5.7.1 spam"}, "content_refused", True),
            ({"to_content": "421 4.3.2 going down"}, "busy", False),
        ],
    )
    def test_says_why_it_was_refused(
        self, settings: Any, answers: dict[str, str], problem: str, permanent: bool
    ) -> None:
        with real_server(Judge(**answers)) as port, pytest.raises(Refused) as refusal:
            use(settings, port).send(LETTER)

        assert (refusal.value.problem, refusal.value.permanent) == (problem, permanent)
        assert refusal.value.detail == next(iter(answers.values()))

    @pytest.mark.parametrize("after", ["EHLO", "MAIL", "RCPT", "DATA"])
    def test_knows_that_nothing_was_taken_when_the_server_dies_early(self, settings: Any, after: str) -> None:
        with dying_server(after=after) as port, pytest.raises(Refused) as refusal:
            use(settings, port).send(LETTER)

        assert (refusal.value.problem, refusal.value.permanent) == ("unreachable", False)

    def test_does_not_know_when_the_server_dies_over_the_content(self, settings: Any) -> None:
        with dying_server(after="content") as port, pytest.raises(Uncertain):
            use(settings, port).send(LETTER)

    def test_says_that_nobody_is_there(self, settings: Any) -> None:
        with pytest.raises(Refused) as refusal:
            use(settings, _free_port()).send(LETTER)

        assert (refusal.value.problem, refusal.value.permanent) == ("unreachable", False)

    def test_never_sends_in_the_clear_what_was_to_be_encrypted(self, settings: Any) -> None:
        judge = Judge()
        with real_server(judge) as port, pytest.raises(Refused) as refusal:
            use(settings, port, tls="starttls").send(LETTER)

        assert (refusal.value.problem, refusal.value.permanent, judge.taken) == ("no_encryption", False, [])

    def test_says_that_our_password_is_wrong(self, settings: Any) -> None:
        def nobody(*_: Any) -> Any:
            from aiosmtpd.smtp import AuthResult

            return AuthResult(success=False, handled=False)

        with (
            real_server(Judge(), authenticator=nobody, auth_require_tls=False) as port,
            pytest.raises(Refused) as refusal,
        ):
            use(settings, port, user="hr", password="wrong").send(LETTER)

        assert (refusal.value.problem, refusal.value.permanent) == ("sign_in", False)

    def test_puts_no_address_on_the_wire_that_could_carry_a_command(self, settings: Any) -> None:
        judge = Judge()
        with real_server(judge) as port, pytest.raises(Refused):
            use(settings, port).send(replace(LETTER, to_address="a@example.com>\r\nRCPT TO:<b@example.com"))

        assert judge.receivers == []


class TestIsReady:
    def test_needs_a_server_and_a_sender(self, settings: Any) -> None:
        assert use(settings, 25).is_ready()
        assert use(settings, 25).host() == "yunshan.example"
        assert not use(settings, 25, host="").is_ready()
        assert not use(settings, 25, sender="").is_ready()
        assert not use(settings, 25, sender="no address").is_ready()


@pytest.mark.django_db
class TestSendMessageBySmtp:
    """From the row to the other side's mailbox and back."""

    def acknowledge(self, template: str = "application_received") -> Message:
        return services.send_template(
            actor=SYSTEM, at=MONDAY, template_key=template, to_person=make_person().pk,
            business_key=f"smtp:{template}", values={"opening_title": "后端工程师"},
        )  # fmt: skip

    def state(self, message: Message) -> str:
        message.refresh_from_db()
        return message.state

    def test_arrives_once_when_a_worker_was_killed_before_and_one_while_sending(self, settings: Any) -> None:
        judge = Judge()
        with real_server(judge) as port:
            use(settings, port)
            message = self.acknowledge()
            Message.objects.filter(pk=message.pk).update(state="sending", attempts=1, sending_at=MONDAY)
            services.send_message(message_id=message.pk, at=MONDAY)
            services.send_message(message_id=message.pk, at=MONDAY)

        assert self.state(message) == "sent"
        assert [read(data)["Message-ID"] for data in judge.taken] == [message.message_id]

    def test_is_tried_again_with_the_same_id_after_the_server_died_over_it(self, settings: Any) -> None:
        with dying_server(after="content") as port:
            use(settings, port)
            message = self.acknowledge()
            services.send_message(message_id=message.pk, at=MONDAY)
        waiting = self.state(message)

        judge = Judge()
        with real_server(judge) as port:
            use(settings, port)
            services.send_message(message_id=message.pk, at=MONDAY + timedelta(minutes=1))

        assert (waiting, self.state(message)) == ("queued", "sent")
        assert read(judge.taken[0])["Message-ID"] == message.message_id

    def test_waits_for_somebody_when_a_refusal_letter_may_have_gone_out(self, settings: Any) -> None:
        with dying_server(after="content") as port:
            use(settings, port)
            message = self.acknowledge("application_declined")
            services.send_message(message_id=message.pk, at=MONDAY)

        assert self.state(message) == "unknown"

    def test_stays_refused_by_a_mailbox_that_is_not_there(self, settings: Any) -> None:
        with real_server(Judge(to_receiver="550 no such user")) as port:
            use(settings, port)
            message = self.acknowledge()
            services.send_message(message_id=message.pk, at=MONDAY)

        assert (self.state(message), message.error, message.error_text) == (
            "failed",
            "mailbox_refused",
            "550 no such user",
        )
