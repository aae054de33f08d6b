"""Mails taken apart: names, charsets, forwards, what is no file of anybody's."""

from __future__ import annotations

import base64
from email import message_from_bytes
from email.message import EmailMessage

import pytest

from tests.mailbox.letters import BOARD_HTML, letter, resume
from zhiren.mailbox import reading

QUOTED = [
    """---------- Forwarded message ---------
From: Zheng <yian@example.com>
Date: Mon
Subject: 应聘-后端工程师
To: <lin@yunshan.example>

您好""",
    """------------------ 原始邮件 ------------------
发件人: "Zheng" <yian@example.com>;
发送时间: 2026年11月16日
收件人: "Lin";
主题: 应聘-后端工程师

您好""",
    """-------- 转发邮件信息 --------
发件人：Zheng <yian@example.com>
发送日期：2026-11-16
收件人：lin
主题：应聘-后端工程师
您好""",
]


def encoded(data: bytes) -> bytes:
    """Return an encoded word (RFC 2047) in GBK."""
    return b"=?GBK?B?" + base64.b64encode(data) + b"?="


class TestRead:
    def test_tells_sender_subject_recipients_and_files(self) -> None:
        raw = letter(
            files=(("简历 郑亦安.pdf", b"%PDF"),), Cc="Lin <hr+backend@yunshan.example>", Delivered_To="box@x.example"
        )

        read = reading.read(raw)

        assert (read.from_name, read.from_address) == ("郑亦安", "yian@example.com")
        assert read.subject == "应聘-后端工程师-郑亦安"
        assert read.recipients == ("jobs@yunshan.example", "hr+backend@yunshan.example", "box@x.example")
        assert [(one.name, one.data) for one in read.attachments] == [("简历 郑亦安.pdf", b"%PDF")]
        assert read.text == "您好，附件是我的简历。"
        assert (read.nature, read.is_answer, read.origins) == ("", False, ())

    @pytest.mark.parametrize(
        "disposition",
        [
            b"filename*=GBK''" + b"".join(b"%%%02X" % byte for byte in "简历.pdf".encode("gbk")),
            b'filename="=?gb2312?B?' + base64.b64encode("简历.pdf".encode("gbk")) + b'?="',
            b'filename="' + encoded("简历".encode("gbk")) + b"\r\n " + encoded(b".pdf") + b'"',
            b'filename="' + "简历.pdf".encode("gbk") + b'"',
            b'filename="' + "简历.pdf".encode() + b'"',
            b"filename*0*=UTF-8''%E7%AE%80;\r\n filename*1*=%E5%8E%86.pdf",
        ],
        ids=["rfc2231-gbk", "rfc2047-gb2312", "rfc2047-in-two", "bare-gbk", "bare-utf8", "rfc2231-in-two"],
    )
    def test_reads_the_name_of_a_file_however_it_was_written(self, disposition: bytes) -> None:
        raw = (
            b"From: a@example.com\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
            b"Content-Type: application/pdf\r\nContent-Disposition: attachment; "
            + disposition
            + b"\r\n\r\n%PDF\r\n--b--\r\n"
        )

        [attachment] = reading.read(raw).attachments

        assert attachment.name == "简历.pdf"

    @pytest.mark.parametrize(
        "subject",
        [
            "应聘-后端".encode("gbk"),
            "应聘-后端".encode(),
            b"=?GB2312?B?" + base64.b64encode("应聘-后端".encode("gbk")) + b"?=",
            # one character cut in two between two encoded words, as some programs do
            encoded("应聘-后端".encode("gbk")[:3]) + b" " + encoded("应聘-后端".encode("gbk")[3:]),
        ],
        ids=["bare-gbk", "bare-utf8", "encoded", "cut-in-two"],
    )
    def test_reads_the_subject_in_any_charset(self, subject: bytes) -> None:
        assert reading.read(b"From: a@example.com\r\nSubject: " + subject + b"\r\n\r\nx").subject == "应聘-后端"

    def test_reads_a_body_that_lies_about_its_charset(self) -> None:
        raw = b"From: a@b.example\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n" + "您好".encode("gb18030")

        assert reading.read(raw).text == "您好"

    def test_turns_html_into_words_and_nothing_else(self) -> None:
        read = reading.read(letter(body="请使用支持HTML的客户端", html=BOARD_HTML))

        assert read.text.startswith("应聘职位：后端工程师\n姓名：郑亦安\n手机：13900002222")
        assert "alert" not in read.text
        assert "color" not in read.text

    def test_takes_what_lies_in_a_forwarded_mail(self) -> None:
        inner = message_from_bytes(
            letter("(Zhaopin.com) 应聘 后端工程师(上海)-郑亦安", From="s@zhaopin.com", files=(("a.txt", resume()),))
        )
        outer = EmailMessage()
        outer["From"], outer["To"], outer["Subject"] = "Lin <lin@yunshan.example>", "jobs@yunshan.example", "Fwd: 看看"
        outer.set_content("请看")
        outer.make_mixed()
        part = EmailMessage()
        part["Content-Type"] = "message/rfc822"
        part.set_payload([inner])
        outer.attach(part)

        read = reading.read(outer.as_bytes())

        assert [one.name for one in read.attachments] == ["a.txt"]
        assert [(one.address, one.subject) for one in read.origins] == [
            ("s@zhaopin.com", "(Zhaopin.com) 应聘 后端工程师(上海)-郑亦安")
        ]

    @pytest.mark.parametrize("quoted", QUOTED, ids=["gmail", "qq", "163"])
    def test_finds_in_the_text_who_wrote_first_what_was_forwarded(self, quoted: str) -> None:
        [origin] = reading.read(letter("转发：应聘-后端工程师", body=quoted)).origins

        assert (origin.address, origin.subject) == ("yian@example.com", "应聘-后端工程师")
        assert reading.read(letter("回复: 应聘-后端工程师", body=quoted)).origins == ()

    def test_passes_over_pictures_in_the_text_signatures_and_appointments(self) -> None:
        mail = message_from_bytes(letter(files=(("cv.pdf", b"%PDF"),)))
        for kind, disposition in (
            ("image/png", "inline"),
            ("text/calendar", "attachment"),
            ("application/pkcs7-signature", "attachment"),
        ):
            part = EmailMessage()
            part["Content-Type"], part["Content-Disposition"] = kind, f'{disposition}; filename="x"'
            part.set_payload("x")
            mail.attach(part)

        assert [one.name for one in reading.read(mail.as_bytes()).attachments] == ["cv.pdf"]

    @pytest.mark.parametrize(
        ("headers", "nature"),
        [
            ({"Auto_Submitted": "auto-replied"}, "automatic"),
            ({"Auto_Submitted": "no"}, ""),
            ({"Precedence": "bulk"}, "bulk"),
            ({"List_Unsubscribe": "<mailto:a@b.example>"}, "bulk"),
            ({"X_Spam_Flag": "YES"}, "spam"),
            ({"From": "MAILER-DAEMON@mx.example"}, "bounce"),
            ({"Return_Path": "<>"}, "bounce"),
        ],
    )
    def test_tells_letters_from_what_machines_send(self, headers: dict[str, str], nature: str) -> None:
        assert reading.read(letter("您好", **headers)).nature == nature

    def test_knows_an_absence_by_its_subject(self) -> None:
        assert reading.read(letter("自动回复: 面试邀请")).nature == "automatic"

    def test_refuses_a_mail_nested_beyond_measure(self) -> None:
        deep = b"x"
        for number in range(60):
            deep = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n%s\n--b%d--\n" % (
                number,
                number,
                deep,
                number,
            )

        with pytest.raises(reading.Unreadable, match="too_many_parts"):
            reading.read(b"From: a@b.example\n" + deep)

    def test_reads_on_where_a_mail_is_broken(self) -> None:
        read = reading.read(b"\xff\xfe\x00garbage\r\nContent-Type: multipart/mixed\r\n\r\n--nothing")

        assert read.attachments == ()


class TestIdentity:
    def test_stays_when_servers_add_their_headers(self) -> None:
        raw = letter(Message_ID="<1@example.com>").replace(b"\n", b"\r\n")

        assert reading.identity(b"Received: from a\r\n by b\r\nX-Spam-Flag: NO\r\n" + raw) == reading.identity(raw)
        assert reading.identity(raw.replace(b"\r\n", b"\n")) == reading.identity(raw)

    def test_differs_for_another_text_under_the_same_number(self) -> None:
        one, two = (letter(body=body, Message_ID="<1@example.com>") for body in ("a", "b"))

        assert reading.identity(one) != reading.identity(two)
