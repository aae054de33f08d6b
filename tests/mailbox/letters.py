"""Mails as people and job boards send them; everybody in them is made up."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from tests.factories import MONDAY

TEXT = """郑亦安
电话：13900002222  邮箱：yian@example.com
现居：杭州

教育经历
2012.09 - 2016.06  浙江大学  计算机科学与技术  本科

工作经历
2016.07 - 2020.06  云帆数据有限公司  后端工程师
2020.07 - 至今  远山科技有限公司  高级后端工程师

技能
Python、Django、PostgreSQL
"""
BOARD_HTML = """<html><head><style>td{color:red}</style></head><body>
<img src="http://tracker.example/pixel.gif">
<table><tr><td>应聘职位：后端工程师</td></tr>
<tr><td>姓名：郑亦安</td></tr><tr><td>手机：13900002222</td></tr><tr><td>邮箱：yian@example.com</td></tr></table>
<h3>教育经历</h3><p>2012.09 - 2016.06 浙江大学 计算机科学与技术 本科</p>
<h3>工作经历</h3><p>2016.07 - 至今 远山科技有限公司 后端工程师</p>
<h3>专业技能</h3><p>Python、Django</p>
<script>alert(1)</script></body></html>"""
_count = iter(range(1, 1_000_000))


def resume(name: str = "郑亦安", phone: str = "13900002222", mail: str = "yian@example.com") -> bytes:
    """Return a résumé as plain text."""
    return TEXT.replace("郑亦安", name).replace("13900002222", phone).replace("yian@example.com", mail).encode()


def letter(
    subject: str = "应聘-后端工程师-郑亦安",
    *,
    body: str = "您好，附件是我的简历。",
    html: str = "",
    files: tuple[tuple[str, bytes], ...] = (),
    **headers: Any,
) -> bytes:
    """Return a mail with attachments."""
    mail = EmailMessage()
    given = {
        "From": "郑亦安 <yian@example.com>",
        "To": "jobs@yunshan.example",
        "Date": format_datetime(MONDAY),
        "Message-ID": f"<{next(_count)}@example.com>",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    mail["Subject"] = subject
    for name, value in given.items():
        if value is not None:
            mail[name] = value
    mail.set_content(body)
    if html:
        mail.add_alternative(html, subtype="html")
    for name, data in files:
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()
