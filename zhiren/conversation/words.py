"""What went wrong with a message, and what can be filled into one, in words."""

from typing import Any

from django.utils.translation import gettext_lazy as _

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
}
