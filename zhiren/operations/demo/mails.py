"""A few mails that nobody has filed yet, as the demo's mailbox received them; the mailbox itself is never contacted."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from zhiren.mailbox import services as mailbox
from zhiren.mailbox.channels import Lying
from zhiren.operations.demo.people import fictional_people
from zhiren.operations.demo.setup import SYSTEM, Company

_RESUME = """罗小满
邮箱：luo.xiaoman@example.com
现居：上海

教育经历
2013.09 - 2017.06  云岭大学  工业设计  本科

工作经历
2017.07 - 2021.03  南枝家居有限公司  产品助理
2021.04 - 至今  白鹭电器有限公司  产品经理
负责净化器产品线的需求和上市

技能
需求分析、原型设计、用户访谈
"""
# Sender, subject, text, an attachment (name and text), more headers, and how many hours ago it arrived.
_MAILS: tuple[tuple[str, str, str, tuple[str, str] | None, dict[str, str], int], ...] = (
    ("罗小满 <luo.xiaoman@example.com>", "应聘-产品经理-罗小满", "您好，附件是我的简历，期待与您沟通。",
     ("罗小满_产品经理.txt", _RESUME), {}, 3),
    ("智联招聘 <service@zhaopin.com>", "您有一位候选人等待处理", "登录企业后台查看候选人。", None, {}, 7),
    ("周明远 <{zhou-mingyuan}>", "Re: 面试安排", "您好，周四下午三点我可以，到时见。", None,
     {"In-Reply-To": "<demo@yunshan.example>"}, 20),
    ("Hua Lin <hua.lin@example.com>", "Application", "Hello, you find my details on my web page.", None, {}, 26),
    ("财务室 <finance@example.com>", "自动回复：您好", "我正在休假，下周一回复。", None,
     {"Auto-Submitted": "auto-replied"}, 30),
)  # fmt: skip


def receive(company: Company, now: datetime) -> None:
    """Have the demo's mailbox hold some mails, and read them; it is switched off, so that nothing is contacted."""
    account = mailbox.save_account(
        actor=SYSTEM,
        at=now - timedelta(days=30),
        facts=mailbox.AccountFacts(
            name="招聘邮箱",
            host="imap.yunshan.example",
            port=993,
            tls="tls",
            user="jobs@yunshan.example",
            password="demo",  # noqa: S106 - of a mailbox that does not exist
            since=(now - timedelta(days=30)).date(),
            entity_id=company.entities["shanghai"].pk,
            reader_ids=[user.pk for user in company.users.values()],
        ),
    )
    mailbox.switch_account(actor=SYSTEM, at=now - timedelta(days=30), account_id=account.pk, active=False)
    known = next(person.mail for person in fictional_people(on=now.date()) if person.key == "zhou-mingyuan")
    for number, (sender, subject, text, attachment, headers, hours) in enumerate(reversed(_MAILS), 1):
        at = now - timedelta(hours=hours)
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = (
            sender.replace("{zhou-mingyuan}", known),
            "jobs@yunshan.example",
            subject,
        )
        mail["Date"], mail["Message-ID"] = format_datetime(at), f"<demo-{number}@example.com>"
        for name, value in headers.items():
            mail[name] = value
        mail.set_content(text)
        if attachment:
            mail.add_attachment(attachment[1], filename=attachment[0])
        raw = mail.as_bytes()
        mailbox.take_in(
            account_id=account.pk,
            uid_validity=1,
            lying=Lying(number, len(raw), at),
            raw=raw,
            at=at + timedelta(seconds=8),
        )
