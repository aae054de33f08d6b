"""What the screens say: what went wrong with a message, what was promised, what can be filled in, and samples of it."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhiren.conversation.models import Message, Template

PROBLEMS: dict[str, Any] = {
    "no_address": _("There is no mail address. Add one, then send again."),
    "bad_address": _("The mail address cannot be used. Correct it, then send again."),
    "erased": _("The person's data was erased; there is nothing left to send."),
    "unreachable": _("The mail server cannot be reached."),
    "busy": _("The mail server asked us to come back later."),
    "sign_in": _("The mail server does not accept our user name or password. Please tell your administrator."),
    "no_encryption": _("The mail server does not offer an encrypted connection. Please tell your administrator."),
    "sender_refused": _("The mail server does not let us send from this address. Please tell your administrator."),
    "mailbox_refused": _("The other side's mailbox refused the message."),
    "content_refused": _("The other side refused the message's content."),
    "lost": _("The connection broke while the message was handed over."),
    "gave_up": _("It could not be sent for more than a day, so we stopped trying."),
}


def problem(code: str) -> str:
    """Return a problem as a sentence; empty for none."""
    return str(PROBLEMS.get(code, "")) if code else ""


PLACEHOLDER_WORDS: dict[str, Any] = {
    "candidate_name": _("Candidate's name"),
    "company_name": _("Company"),
    "opening_title": _("Job"),
    "stage_name": _("Stage"),
    "status_link": _("Link to the candidate's own page"),
    "next_step": _("What happens next"),
    "next_step_date": _("By when it happens"),
    "promise_date": _("Date by which we answer"),
    "summary": _("What the interviewers liked"),
    "why": _("Reason"),
    "interview_time": _("Time of the interview"),
    "interview_place": _("Place of the interview"),
    "interviewer_name": _("Interviewer"),
    "interviewer_introduction": _("The interviewer in a sentence"),
    "recruiter_name": _("Recruiter"),
    "recruiter_phone": _("Recruiter's phone"),
    "recruiter_mail": _("Recruiter's mail"),
    "recipient_name": _("Colleague who gets the message"),
    "owner_name": _("Colleague in charge"),
    "today_link": _("Link to Today"),
    "request_title": _("What is asked for"),
    "request_facts": _("What is asked for, in detail"),
    "requester_name": _("Who asks"),
    "request_link": _("Link to the request"),
    "approval_link": _("Link to answer a request, for the receiver only"),
    "decision": _("What became of the request"),
}


PROMISES: dict[str, Any] = {
    "next_step": _("to say what comes next"),
    "feedback": _("to tell the result"),
    "answer": _("to answer the application"),
}


def promise(what: str) -> str:
    """Return what was promised, in words."""
    return str(PROMISES.get(what, _("to get back to them")))


def template_name(message: Message | None) -> str:
    """Return the name of the template that a message was made from; empty if it was written by hand."""
    version = message.template_version if message else None
    return named(version.template) if version else ""


def named(template: Template) -> str:
    """Return a template's name in the reader's language."""
    return template.name_en if get_language() == "en" else template.name


def purpose(template: Template) -> str:
    """Return what a template is for, in the reader's language."""
    return template.purpose_en if get_language() == "en" else template.purpose


LANGUAGE_NAMES: list[dict[str, str]] = [
    {"language": "zh-hans", "tag": "zh-Hans", "name": "中文"},
    {"language": "en", "tag": "en", "name": "EN"},
]

SAMPLES: dict[str, dict[str, str]] = {
    "zh-hans": {
        "candidate_name": "周明远",
        "company_name": "云杉科技",
        "opening_title": "后端工程师",
        "stage_name": "面试",
        "status_link": "https://careers.example/c/7hQ2mZ",
        "next_step": "部门负责人和你聊一次",
        "next_step_date": "11 月 26 日（周四）18:00",
        "promise_date": "11 月 26 日（周四）",
        "summary": "- 把复杂问题讲得很清楚\n- 主动想到了出错时怎么办",
        "why": "我们选择了经历更接近这个方向的候选人。",
        "interview_time": "11 月 24 日（周二）14:00–15:00，上海时间",
        "interview_place": "视频会议",
        "interviewer_name": "王磊",
        "interviewer_introduction": "王磊带平台研发组，平时管订单和库存那一块。",
        "recruiter_name": "林晓",
        "recruiter_phone": "021-0000 0000",
        "recruiter_mail": "lin@yunshan.example",
        "recipient_name": "王岚",
        "owner_name": "林晓",
        "today_link": "https://hr.example/today/",
        "request_title": "年假 3 天，从 12 月 1 日起",
        "request_facts": "- 天数：3\n- 还剩：4 天",
        "requester_name": "周明远",
        "request_link": "https://hr.example/approvals/1",
        "approval_link": "https://hr.example/approvals/mail/7hQ2mZ",
        "decision": "已通过",
    },
    "en": {
        "candidate_name": "Ann Lee",
        "company_name": "Yunshan Tech",
        "opening_title": "Backend Engineer",
        "stage_name": "Interview",
        "status_link": "https://careers.example/c/7hQ2mZ",
        "next_step": "a talk with the head of the department",
        "next_step_date": "Thursday, 26 November, 18:00",
        "promise_date": "Thursday, 26 November",
        "summary": "- Explained a hard problem clearly\n- Thought of failure cases unasked",
        "why": "We chose somebody whose experience is closer to this field.",
        "interview_time": "Tuesday, 24 November, 14:00–15:00, Shanghai time",
        "interview_place": "Video call",
        "interviewer_name": "Lei Wang",
        "interviewer_introduction": "Lei leads the platform team, which runs orders and stock.",
        "recruiter_name": "Xiao Lin",
        "recruiter_phone": "+86 21 0000 0000",
        "recruiter_mail": "lin@yunshan.example",
        "recipient_name": "Lan Wang",
        "owner_name": "Xiao Lin",
        "today_link": "https://hr.example/today/",
        "request_title": "Annual leave, 3 days from 1 December",
        "request_facts": "- Days: 3\n- Left: 4 days",
        "requester_name": "Ann Lee",
        "request_link": "https://hr.example/approvals/1",
        "approval_link": "https://hr.example/approvals/mail/7hQ2mZ",
        "decision": "Approved",
    },
}
