"""What comes first, and what makes a follow-up needless. Pure."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from zhiren.kernel.businesstime import WorkCalendar

# Urgency doubles with each working day of this length.
WORKING_DAY = timedelta(hours=9)
# A key candidate counts as much again.
KEY_FACTOR = 2

# The events that may settle a follow-up; whoever opens one may wait for these and no others.
SETTLED_BY = (
    "conversation.message.sent",
    "conversation.promise.kept",
    "interviews.interview.arranged",
    "interviews.interview.cancelled",
    "interviews.interview.changed",
    "interviews.interview.completed",
    "interviews.scorecard.submitted",
    "people.note.written",
    "people.person.changed",
    "recruiting.application.exited",
    "recruiting.application.moved",
    "recruiting.application.received",
    "recruiting.application.reopened",
    "today.follow_up.done",
)


def urgency(due_at: datetime, *, at: datetime, calendar: WorkCalendar) -> float:
    """Return how urgent something is: 1 when it is due, 2 a working day later, a half a working day before."""
    return float(2 ** (calendar.between(due_at, at) / WORKING_DAY))


def weight(importance: int, *, is_key: bool) -> int:
    """Return what an importance of 1 to 5 counts for somebody: each counts twice the one below.

    A key candidate counts twice, too. So a person who passed an interview comes before a pile of overdue paperwork.

    >>> weight(1, is_key=False), weight(5, is_key=False), weight(4, is_key=True)
    (1, 16, 16)
    """
    step: int = 2 ** (importance - 1)
    return step * (KEY_FACTOR if is_key else 1)


def rank_at(due_at: datetime, *, importance: int, is_key: bool, calendar: WorkCalendar) -> datetime:
    """Return the moment by which the queue is ordered, the earliest first.

    It is the order of `urgency * weight` at any time: as urgency doubles daily, twice the weight is worth one working
    day. That order never changes by waiting, so it is stored and indexed instead of computed for every look.
    """
    return calendar.add_hours(due_at, -WORKING_DAY * math.log2(weight(importance, is_key=is_key)))


@dataclass(frozen=True)
class Fact:
    """An event as conditions see it."""

    name: str
    at: datetime
    payload: Mapping[str, Any]


def matches(condition: Mapping[str, Any], fact: Fact, *, application_id: str | None = None) -> bool:
    """Tell whether a fact is the one a condition `{"event": name, "where": {field: value or [values]}}` waits for.

    A fact about another application than `application_id` does not count; one about no application in particular does.

    >>> called = Fact("people.note.written", datetime(2026, 11, 16), {"kind": "call"})
    >>> matches({"event": "people.note.written", "where": {"kind": ["call", "visit"]}}, called)
    True
    """
    if fact.name != condition["event"]:
        return False
    about = fact.payload.get("application_id")
    if application_id and about and about != application_id:
        return False
    return fits(condition.get("where") or {}, fact.payload)


def fits(where: Mapping[str, Any], payload: Mapping[str, Any]) -> bool:
    """Tell whether every field named has the value, or one of the values, asked for."""
    for name, wanted in where.items():
        found = payload.get(name)
        if found not in wanted if isinstance(wanted, list) else found != wanted:
            return False
    return True


def first_match(
    conditions: Iterable[Mapping[str, Any]], facts: Iterable[Fact], *, application_id: str | None = None
) -> Fact | None:
    """Return the first fact that any of the conditions waits for; what was taken back does not count."""
    facts = list(facts)
    conditions = list(conditions)
    for fact in facts:
        wanted = any(matches(condition, fact, application_id=application_id) for condition in conditions)
        if wanted and not _taken_back(fact, facts):
            return fact
    return None


def _taken_back(fact: Fact, facts: list[Fact]) -> bool:
    """Tell whether a follow-up said to be done was opened again later."""
    if fact.name != "today.follow_up.done":
        return False
    key = fact.payload.get("follow_up_id")
    return any(
        other.name == "today.follow_up.reopened" and other.payload.get("follow_up_id") == key and other.at >= fact.at
        for other in facts
    )


_PLACEHOLDER = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its placeholders `{{ name }}` filled; one that is not known stays empty.

    >>> filled("{{ candidate_name }}，您好。", {"candidate_name": "周明远"})
    '周明远，您好。'
    """
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], ""), text)


def in_language(texts: Mapping[str, str], language: str) -> str:
    """Return the text in a language, else in the other one.

    >>> in_language({"zh-hans": "还没人联系", "en": ""}, "en")
    '还没人联系'
    """
    return texts.get(language) or next((text for text in texts.values() if text), "")


def snooze_times(at: datetime, zone: ZoneInfo) -> dict[str, datetime]:
    """Return when one may want to be reminded again, by code: in an hour, tomorrow and next Monday at nine."""
    here = at.astimezone(zone)
    tomorrow = (here + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
    monday = (here + timedelta(days=7 - here.weekday())).replace(hour=9, minute=0, second=0, microsecond=0)
    return {"hour": at + timedelta(hours=1), "tomorrow": tomorrow, "monday": monday}
