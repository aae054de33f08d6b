"""When the steps of a playbook are due, and what keeps one from happening. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from zhiren.kernel.businesstime import WorkCalendar
from zhiren.playbooks.definition import Condition, Definition, Promise, PromiseStep, Wait
from zhiren.today.rules import Fact, first_match, fits

MAX_ATTEMPTS = 6


def begins(definition: Definition, *, name: str, payload: Mapping[str, Any]) -> bool:
    """Tell whether an event is one that begins this playbook."""
    return definition.trigger.event == name and fits(definition.trigger.where, payload)


def due_times(waits: Iterable[Wait | None], start: datetime, calendar: WorkCalendar) -> list[datetime]:
    """Return when each step is due; each wait counts from when the step before it was due."""
    times = []
    moment = start
    for wait in waits:
        moment = wait.after(moment, calendar) if wait else moment
        times.append(moment)
    return times


def plan(definition: Definition, start: datetime, calendar: WorkCalendar) -> list[datetime]:
    """Return when each step of a run that begins at `start` is due."""
    return due_times([step.wait for step in definition.steps], start, calendar)


def promised(definition: Definition, start: datetime, calendar: WorkCalendar) -> tuple[Promise, datetime] | None:
    """Return the first promise a run makes and the date it names; None if it makes none."""
    for step, due_at in zip(definition.steps, plan(definition, start, calendar), strict=True):
        if isinstance(step, PromiseStep):
            return step.given, promise_due(step.given, due_at, calendar)
    return None


def promise_due(promise: Promise, moment: datetime, calendar: WorkCalendar) -> datetime:
    """Return by when a promise made at a moment is to be kept: by the close of business of the day it names."""
    day = promise.within.after(moment, calendar)
    midnight = datetime.combine(day.astimezone(ZoneInfo(calendar.zone)).date() + timedelta(days=1), time())
    left = calendar.between(day, midnight.replace(tzinfo=ZoneInfo(calendar.zone)))
    return calendar.add_hours(day, left)


def resolved(
    conditions: Iterable[Condition], payload: Mapping[str, Any], *, owner: str | None = None
) -> list[dict[str, Any]]:
    """Return conditions as plain data, "$trigger.field" and "$owner" put in.

    >>> scored = Condition.model_construct(event="x", where={"interview_id": "$trigger.interview_id"}, ever=False)
    >>> resolved([scored], {"interview_id": "7"})
    [{'event': 'x', 'where': {'interview_id': '7'}}]
    """

    def value(found: Any) -> Any:
        if isinstance(found, list):
            return [value(one) for one in found]
        if found == "$owner":
            return owner
        if isinstance(found, str) and found.startswith("$trigger."):
            return payload.get(found.removeprefix("$trigger."))
        return found

    return [
        {"event": condition.event, "where": {name: value(found) for name, found in condition.where.items()}}
        for condition in conditions
    ]


def unless_met(
    conditions: Sequence[Condition],
    facts: Iterable[Fact],
    *,
    payload: Mapping[str, Any],
    since: datetime,
    until: datetime,
) -> Fact | None:
    """Return the first fact that makes a step needless: one from `since`, or from ever where a condition says so."""
    facts = [fact for fact in facts if fact.at <= until]
    application_id = payload.get("application_id")
    ever = resolved([condition for condition in conditions if condition.ever], payload)
    lately = resolved([condition for condition in conditions if not condition.ever], payload)
    recent = [fact for fact in facts if fact.at >= since]
    return first_match(ever, facts, application_id=application_id) or first_match(
        lately, recent, application_id=application_id
    )


def next_try(attempts: int) -> timedelta | None:
    """Return how long a step that failed so often waits for its next try; None when it is given up.

    >>> next_try(1), next_try(6)
    (datetime.timedelta(seconds=120), None)
    """
    return timedelta(minutes=2**attempts) if attempts < MAX_ATTEMPTS else None
