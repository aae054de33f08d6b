"""Playbooks in words: when this happens, after so long, unless that happened, do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from zhiren.playbooks.definition import (
    AskHigher,
    Condition,
    Definition,
    Escalate,
    FollowUp,
    Notify,
    Promise,
    Send,
    Wait,
)
from zhiren.playbooks.models import Step
from zhiren.today.rules import filled

# What a trigger or a condition says, by event; more than one way of saying where its values matter.
_EVENTS: Mapping[str, Any] = {
    "approvals.request.approved": gettext_lazy("the request is approved"),
    "approvals.request.declined": gettext_lazy("the request is declined"),
    "approvals.request.withdrawn": gettext_lazy("the request is withdrawn"),
    "approvals.step.answered": gettext_lazy("somebody who was asked answers"),
    "approvals.step.asked": gettext_lazy("somebody is asked to approve a request"),
    "approvals.step.overdue": gettext_lazy("a request was not decided in its time"),
    "attendance.warning.raised": gettext_lazy("attendance shows a first sign"),
    "careers.page.viewed": gettext_lazy("the candidate looks at their own page"),
    "conversation.message.failed": gettext_lazy("a mail to the candidate cannot be sent"),
    "conversation.message.sent": gettext_lazy("a mail goes out"),
    "conversation.message.uncertain": gettext_lazy("it is uncertain whether a mail arrived"),
    "conversation.promise.broken": gettext_lazy("a promised date passes without a word"),
    "conversation.promise.kept": gettext_lazy("the promise is kept"),
    "interviews.interview.arranged": gettext_lazy("an interview is arranged"),
    "interviews.interview.cancelled": gettext_lazy("the interview is called off"),
    "interviews.interview.changed": gettext_lazy("the interview is changed"),
    "interviews.interview.completed": gettext_lazy("all scorecards of an interview are in"),
    "interviews.interview.held": gettext_lazy("an interview has ended"),
    "interviews.scorecard.submitted": gettext_lazy("the scorecard is sent"),
    "people.note.written": gettext_lazy("a note is written"),
    "people.person.changed": gettext_lazy("the person's data is corrected"),
    "people.person.key_marked": gettext_lazy("somebody becomes a key candidate"),
    "recruiting.application.exited": gettext_lazy("the application ends"),
    "recruiting.application.moved": gettext_lazy("the candidate moves to another stage"),
    "recruiting.application.received": gettext_lazy("somebody applies"),
    "recruiting.application.reopened": gettext_lazy("an ended application goes on"),
    "recruiting.application.stage_limit_exceeded": gettext_lazy("a candidate is too long in a stage"),
    "today.follow_up.done": gettext_lazy("the follow-up is done"),
}
_SPECIAL: Mapping[tuple[str, str, Any], Any] = {
    ("conversation.message.sent", "automatic", False): gettext_lazy("somebody writes to the candidate in person"),
    ("attendance.warning.raised", "kind", "late_first_week"): gettext_lazy(
        "a newcomer is late every day since the first"
    ),
    ("attendance.warning.raised", "kind", "much_leave"): gettext_lazy("somebody takes much leave in a month"),
    ("attendance.warning.raised", "kind", "drift"): gettext_lazy("somebody comes clearly later than they used to"),
    ("people.note.written", "kind", "call"): gettext_lazy("a call is noted"),
    ("interviews.interview.completed", "passed", True): gettext_lazy("an interview is passed"),
    ("interviews.interview.completed", "passed", False): gettext_lazy("an interview is not passed"),
    ("today.follow_up.done", "how", "by_hand"): gettext_lazy("the follow-up is ticked off by hand"),
}
_UNITS: Mapping[str, Any] = {
    "minutes": ngettext_lazy("%(n)d minute", "%(n)d minutes", "n"),
    "hours": ngettext_lazy("%(n)d hour", "%(n)d hours", "n"),
    "days": ngettext_lazy("%(n)d day", "%(n)d days", "n"),
    "business_hours": ngettext_lazy("%(n)d working hour", "%(n)d working hours", "n"),
    "business_days": ngettext_lazy("%(n)d working day", "%(n)d working days", "n"),
}
UNIT_NAMES: Mapping[str, Any] = {
    "minutes": gettext_lazy("minutes"),
    "hours": gettext_lazy("hours"),
    "days": gettext_lazy("days"),
    "business_hours": gettext_lazy("working hours"),
    "business_days": gettext_lazy("working days"),
}
_TO: Mapping[str, Any] = {
    "owner": gettext_lazy("the recruiter"),
    "stage_owner": gettext_lazy("whoever is in charge of the stage"),
    "interviewers": gettext_lazy("the interviewers who have not scored"),
    "employee_manager": gettext_lazy("the employee's manager"),
    "managers": gettext_lazy("the recruiter's manager"),
    "approvers": gettext_lazy("those who are asked and have not answered"),
}
ICONS: Mapping[str, str] = {
    "send": "send",
    "promise": "handshake",
    "follow_up": "bell",
    "escalate": "megaphone",
    "notify": "mail",
    "ask_higher": "arrow-up",
    "tag": "tag",
    "flag": "star",
}
OUTCOMES: Mapping[str, Any] = {
    "sent": gettext_lazy("Sent"),
    "promised": gettext_lazy("Promised"),
    "opened": gettext_lazy("Put into Today"),
    "escalated": gettext_lazy("The manager was told"),
    "notified": gettext_lazy("Colleagues were told"),
    "asked_higher": gettext_lazy("Whoever stands above was asked too"),
    "tagged": gettext_lazy("Tagged"),
    "flagged": gettext_lazy("Marked as key candidate"),
    "as_it_was": gettext_lazy("Was so already"),
    "nobody": gettext_lazy("There was nobody to tell"),
    "settled_before": gettext_lazy("Settled before it began"),
    "interview_past": gettext_lazy("The interview had begun already"),
    "unless": gettext_lazy("Not needed"),
    "exited": gettext_lazy("The application had ended"),
    "erased": gettext_lazy("The person's data was erased"),
    "switched_off": gettext_lazy("The playbook was switched off"),
    "refused": gettext_lazy("Refused"),
    "gave_up": gettext_lazy("Failed too often"),
    "would_do": gettext_lazy("Would have been done"),
    "would_wait": gettext_lazy("Would still wait"),
}


def event(name: str, where: Mapping[str, Any] | None = None) -> str:
    """Return what an event says, in the course of a sentence."""
    for field, value in (where or {}).items():
        if isinstance(value, str | bool | int) and (name, field, value) in _SPECIAL:
            return str(_SPECIAL[name, field, value])
    return str(_EVENTS.get(name, name))


def length(wait: Wait) -> str:
    """Return a length of time as one says it."""
    return str(_UNITS[wait.unit] % {"n": wait.amount})


def span(value: timedelta) -> str:
    """Return how long ago something was: in minutes, hours, or from two days on days."""
    minutes = max(int(value.total_seconds()) // 60, 1)
    if minutes < 60:
        return length(Wait(minutes=minutes))
    hours = minutes // 60
    return length(Wait(hours=hours) if hours < 48 else Wait(days=hours // 24))


@dataclass(frozen=True)
class StepWords:
    """One step in words; `more` is what it says to whom."""

    index: int
    icon: str
    wait: str
    unless: str
    do: str
    more: str


@dataclass(frozen=True)
class PlaybookWords:
    """A playbook in words."""

    name: str
    summary: str
    when: str
    steps: Sequence[StepWords]


def described(definition: Definition, language: str, templates: Mapping[str, str]) -> PlaybookWords:
    """Return a definition in words; `templates` gives the names of the message templates by key."""
    return PlaybookWords(
        name=definition.name.read(language),
        summary=definition.summary.read(language),
        when=event(definition.trigger.event, definition.trigger.where),
        steps=[_step(index, step, language, templates) for index, step in enumerate(definition.steps)],
    )


def _step(index: int, step: Any, language: str, templates: Mapping[str, str]) -> StepWords:
    given = step.given
    wait = _("after %(length)s") % {"length": length(step.wait)} if step.wait and step.wait.amount else _("at once")
    return StepWords(
        index=index,
        icon=ICONS[step.do],
        wait=wait,
        unless=_or(step.unless),
        do=_does(step.do, given, templates),
        more=_says(given, language),
    )


def _or(conditions: Iterable[Condition]) -> str:
    return _(" or ").join(dict.fromkeys(event(one.event, one.where) for one in conditions))


def _does(do: str, given: Any, templates: Mapping[str, str]) -> str:
    match given:
        case Send():
            return _("send the candidate “%(template)s”") % {"template": templates.get(given.template, given.template)}
        case Promise():
            return _("promise the candidate an answer within %(length)s") % {"length": length(given.within)}
        case Escalate():
            who = (
                _TO["managers"]
                if given.to == "owner"
                else gettext_lazy("the manager of whoever is in charge of the stage")
            )
            return _("tell %(who)s, by mail and in their Today") % {"who": who}
        case FollowUp():
            if given.within and given.within.amount:
                return _("remind %(who)s, to be dealt with within %(length)s") % {
                    "who": _TO[given.to],
                    "length": length(given.within),
                }
            return _("remind %(who)s, to be dealt with now") % {"who": _TO[given.to]}
        case Notify():
            return _("write a mail to %(who)s") % {"who": _TO[given.to]}
        case AskHigher():
            return _("let whoever stands above those who have not answered decide too")
    if do == "tag":
        return _("tag the person “%(tag)s”") % {"tag": given.tag}
    return _("mark the person as key candidate")


def _says(given: Any, language: str) -> str:
    text = getattr(given, "why", None) or getattr(given, "next_step", None) or getattr(given, "reason", None)
    return filled(text.read(language), {"since": "…", "stage_name": "…", "amount": "…"}) if text else ""


@dataclass(frozen=True)
class DoneWords:
    """What was done several times, and for whom, the latest first."""

    text: str
    icon: str
    steps: Sequence[Step]


def done_lately(steps: Iterable[Step], templates: Mapping[str, str]) -> list[DoneWords]:
    """Return what was done by itself, what was done most often first."""
    groups: dict[tuple[str, str], list[Step]] = {}
    for step in steps:
        groups.setdefault((step.do, step.what if step.do in {"send", "tag"} else ""), []).append(step)
    ordered = sorted(groups.items(), key=lambda item: -len(item[1]))
    return [
        DoneWords(_counted(do, len(found), templates.get(what, what)), ICONS[do], found)
        for (do, what), found in ordered
    ]


def _counted(do: str, n: int, name: str) -> str:
    words = {
        "send": ngettext("Sent “%(name)s” once", "Sent “%(name)s” %(n)d times", n),
        "promise": ngettext("Promised %(n)d answer with a date", "Promised %(n)d answers with a date", n),
        "follow_up": ngettext("Put %(n)d candidate into Today", "Put %(n)d candidates into Today", n),
        "escalate": ngettext("Told a manager of %(n)d candidate", "Told managers of %(n)d candidates", n),
        "notify": ngettext("Reminded colleagues of %(n)d candidate", "Reminded colleagues of %(n)d candidates", n),
        "ask_higher": ngettext("Asked higher about %(n)d request", "Asked higher about %(n)d requests", n),
        "tag": ngettext("Tagged %(n)d person “%(name)s”", "Tagged %(n)d persons “%(name)s”", n),
        "flag": ngettext("Marked %(n)d key candidate", "Marked %(n)d key candidates", n),
    }
    return words[do] % {"n": n, "name": name}


def outcome(code: str, event_name: str = "", at: datetime | None = None) -> str:
    """Return what came of a step."""
    if code == "unless" and event_name and at:
        return _("Not needed: %(event)s") % {"event": event(event_name)}
    return str(OUTCOMES.get(code, code))
