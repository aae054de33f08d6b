"""What is filled into the messages of a playbook."""

import re
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext, override

from zhiren.access.models import User
from zhiren.careers import links
from zhiren.interviews import queries as interviews
from zhiren.kernel.refusals import NotFound
from zhiren.playbooks import queries, rules, words
from zhiren.playbooks.definition import Definition, Send
from zhiren.playbooks.models import Run
from zhiren.today import rules as today

_AMOUNT = re.compile(r"\{\{\s*amount\s*\}\}")


def for_candidate(run: Run, given: Send, definition: Definition) -> dict[str, str]:
    """Return the values of a message to the candidate, in their language and, where they have one, their zone."""
    language = run.somebody.root.language
    values = {"next_step": given.next_step.read(language) if given.next_step else ""}
    calendar = queries.calendar_for(run)
    zone = run.somebody.root.zone or calendar.zone
    promise = rules.promised(definition, run.started_at, calendar)
    if promise:
        values["promise_date"] = values["next_step_date"] = on_the_clock(promise[1], zone=zone, language=language)
    return {**values, **_of_application(run, language), **_of_interview(run, language)}


def for_user(
    run: Run, user: User, why: Mapping[str, str], *, at: datetime, owner: User | None = None
) -> dict[str, str]:
    """Return the values of a message to a colleague, in their language."""
    with override(user.language):
        facts = {"candidate_name": run.somebody.root.name, "since": words.span(at - run.started_at)}
    said = today.filled(today.in_language(why, user.language), {**_of_application(run, user.language), **facts})
    return {
        **_of_application(run, user.language),
        "candidate_name": run.somebody.root.name,
        "why": said,
        "owner_name": name_of(owner, user.language) if owner else "",
        "today_link": settings.PUBLIC_URL + reverse("today:today"),
    }


def why_by_language(run: Run, why: Mapping[str, str], *, at: datetime) -> dict[str, str]:
    """Return a reason in each language, with how long ago it began."""
    said = {}
    for language, text in why.items():
        with override(language):
            said[language] = today.filled(text, {"since": words.span(at - run.started_at)})
    return said


def counted(run: Run, texts: Mapping[str, str]) -> dict[str, str]:
    """Return texts with `{{ amount }}` filled by what the run's event counted; the rest is filled when it is read."""
    amount = str(run.payload.get("amount", ""))
    return {language: _AMOUNT.sub(amount, text) for language, text in texts.items()}


def _of_application(run: Run, language: str) -> dict[str, str]:
    application = run.application
    if application is None:
        return {}
    english = language == "en"
    opening, stage = application.opening, application.stage
    return {
        "opening_title": (opening.title_en if english else "") or opening.title,
        "stage_name": (stage.name_en if english else "") or stage.name,
        "status_link": links.status_link(application.pk),
        "recruiter_name": name_of(opening.owner, language),
        "recruiter_mail": opening.owner.email,
    }


def _of_interview(run: Run, language: str) -> dict[str, str]:
    interview_id = run.payload.get("interview_id")
    if not interview_id:
        return {}
    interview = interviews.interviews_by_id([UUID(interview_id)]).get(UUID(interview_id))
    if interview is None:
        raise NotFound
    people = interviews.interviewers_of(interview.pk)
    separator = "、" if language != "en" else ", "
    english = language == "en"
    introductions = [(user.introduction_en if english else "") or user.introduction for user in people]
    return {
        "summary": interviews.summary_for_candidate(interview.pk, language),
        "interview_time": on_the_clock(
            interview.starts_at, zone=run.somebody.root.zone or interview.zone, language=language
        ),
        "interview_place": interview.place,
        "interviewer_name": separator.join(_with_title(user, language) for user in people),
        "interviewer_introduction": "\n".join(filter(None, introductions)),
    }


def name_of(user: User, language: str) -> str:
    """Return a colleague's name in a language."""
    return (user.name_en if language == "en" else "") or user.name


def _with_title(user: User, language: str) -> str:
    title = (user.title_en if language == "en" else "") or user.title
    if not title:
        return name_of(user, language)
    return f"{name_of(user, language)} ({title})" if language == "en" else f"{name_of(user, language)}（{title}）"


def on_the_clock(moment: datetime, *, zone: str, language: str) -> str:
    """Return a moment as it stands in a letter, with its weekday and whose clock it is by."""
    with override(language):
        here = timezone.localtime(moment, ZoneInfo(zone))
        place = gettext("Beijing time") if zone == "Asia/Shanghai" else zone.rpartition("/")[2].replace("_", " ")
        if language == "en":
            return f"{format_date(here, 'l j F, H:i')} ({place})"
        return f"{here.month} 月 {here.day} 日（{format_date(here, 'l')}）{here:%H:%M}（{place}）"
