"""Follow-ups as their reader sees them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from zhiren.access.models import User
from zhiren.kernel.actors import Actor
from zhiren.today.models import FollowUp
from zhiren.today.rules import filled, in_language
from zhiren.today.subjects import SUBJECTS

ACTIONS: Mapping[str, tuple[Any, str]] = {
    FollowUp.Action.CALL: (_("Call"), "phone"),
    FollowUp.Action.MAIL: (_("Write a mail"), "mail"),
    FollowUp.Action.WECHAT: (_("Write on WeChat"), "message-circle"),
    FollowUp.Action.SCORE: (_("Score"), "clipboard-check"),
    FollowUp.Action.OPEN: (_("Have a look"), "arrow-right"),
}


def length(value: timedelta) -> str:
    """Return a length of time as one says it: in minutes, hours, or from two days on days."""
    minutes = max(int(value.total_seconds()) // 60, 1)
    if minutes < 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return ngettext("%(n)d day", "%(n)d days", hours // 24) % {"n": hours // 24}


@dataclass(frozen=True)
class Line:
    """One line of the queue, in words. `subject`, `url` and `hint` are of what is no person."""

    follow_up: FollowUp
    why: str
    evidence: str
    evidence_at: datetime | None
    suggestion: str
    opening: str
    stage: str
    action: str
    icon: str
    is_mine: bool
    subject: str = ""
    url: str = ""
    hint: str = ""
    others: tuple["Line", ...] = ()

    @property
    def id(self) -> UUID:
        """The follow-up's id."""
        return self.follow_up.pk

    @property
    def is_about_person(self) -> bool:
        """Whether it is about a person."""
        return self.follow_up.person_id is not None

    @property
    def name(self) -> str:
        """The person's name, or what the line is about instead."""
        return str(self.follow_up.person.root.name) if self.follow_up.person else self.subject


def one_per_person(found: Iterable[Line]) -> list[Line]:
    """Return one line per person and owner, the most urgent, which carries the `others`."""
    groups: dict[tuple[UUID, UUID], list[Line]] = {}
    for line in found:
        about = line.follow_up.person.root.pk if line.follow_up.person else line.id
        groups.setdefault((about, line.follow_up.owner_id), []).append(line)
    return [replace(first, others=tuple(others)) for first, *others in groups.values()]


def lines(
    follow_ups: Iterable[FollowUp], *, actor: Actor, at: datetime, reader: User | None, company: tuple[str, str]
) -> list[Line]:
    """Return follow-ups in words, in the reader's language; what one could say is in the candidate's.

    `company` is its Chinese and its English name. `reader` is who would say it.
    """
    follow_ups = list(follow_ups)
    names: dict[UUID, str] = {}
    for source, subject in SUBJECTS.items():
        ids = {row.subject_id for row in follow_ups if row.subject_id and not row.person_id and row.source == source}
        names |= subject.names_of(ids) if ids else {}
    found = [_line(follow_up, actor=actor, at=at, reader=reader, company=company) for follow_up in follow_ups]
    return [line if line.follow_up.person_id else _about_subject(line, names) for line in found]


def _about_subject(line: Line, names: Mapping[UUID, str]) -> Line:
    """Return a line that is about no person with the words of what it is about."""
    follow_up = line.follow_up
    subject = SUBJECTS[follow_up.source]
    return replace(
        line,
        subject=str(subject.title) % {"name": names.get(follow_up.subject_id or line.id, "")},
        action=str(subject.action),
        icon=subject.icon,
        url=reverse(subject.url_name, args=[follow_up.subject_id]),
        hint=str(subject.hint),
    )


def _line(follow_up: FollowUp, *, actor: Actor, at: datetime, reader: User | None, company: tuple[str, str]) -> Line:
    evidence = follow_up.evidence[0] if follow_up.evidence else None
    began = datetime.fromisoformat(evidence["at"]) if evidence else follow_up.created_at
    own = actor.language
    theirs = follow_up.person.root.language if follow_up.person else own
    seen = {**_facts(follow_up, own), "since": length(at - began)}
    said = {
        **_facts(follow_up, theirs),
        "recruiter_name": _name(reader, theirs),
        "company_name": (company[1] if theirs == "en" else "") or company[0],
    }
    label, icon = ACTIONS.get(follow_up.action, ("", ""))
    return Line(
        follow_up=follow_up,
        why=filled(in_language(follow_up.why, own), seen),
        evidence=filled(in_language(evidence["text"], own), seen) if evidence else "",
        evidence_at=began if evidence else None,
        suggestion=filled(in_language(follow_up.suggestion, theirs), said),
        opening=seen.get("opening_title", ""),
        stage=seen.get("stage_name", ""),
        action=str(label),
        icon=icon,
        is_mine=follow_up.owner_id == actor.user_id,
    )


def first_why(follow_up: FollowUp, language: str) -> str:
    """Return why a line was opened, as it was when it was."""
    began = datetime.fromisoformat(follow_up.evidence[0]["at"]) if follow_up.evidence else follow_up.created_at
    since = length(follow_up.created_at - began)
    return filled(in_language(follow_up.why, language), {**_facts(follow_up, language), "since": since})


def _facts(follow_up: FollowUp, language: str) -> dict[str, str]:
    facts = {"candidate_name": follow_up.person.root.name if follow_up.person else ""}
    application = follow_up.application
    if application is not None:
        english = language == "en"
        opening, stage = application.opening, application.stage
        facts["opening_title"] = (opening.title_en if english else "") or opening.title
        facts["stage_name"] = (stage.name_en if english else "") or stage.name
    return facts


def _name(user: User | None, language: str) -> str:
    return ((user.name_en if language == "en" else "") or user.name) if user else ""
