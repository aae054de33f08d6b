"""Changes of shifts: one asked for, one swapped with a colleague, one set by hand. Approved, the roster says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.formats import date_format

from zhiren.approvals import queries as approval_queries
from zhiren.approvals import services as approvals
from zhiren.approvals.kinds import Outcome
from zhiren.attendance import computing, queries, shift_queries
from zhiren.attendance.cycles import last_day_to_ask
from zhiren.attendance.errors import (
    AwayThen,
    CannotAgree,
    ChangeWaitsAlready,
    DayTooFar,
    MonthIsClosed,
    NotEmployedThen,
    NotPlannedThen,
    SameShift,
    TooLate,
)
from zhiren.attendance.models import ShiftChange, ShiftChangeDay
from zhiren.attendance.shift_queries import KIND, Line
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import Forbidden, NotFound, Refusal
from zhiren.leave import queries as leave
from zhiren.people import employing
from zhiren.people.models import Employment
from zhiren.people.vault import open_vault
from zhiren.plumbing.models import one
from zhiren.rostering import queries as rostering
from zhiren.rostering import services as rostering_services
from zhiren.rostering.models import Assignment
from zhiren.rostering.services import AssignedDay

_DAY = timedelta(days=1)
_FURTHEST = timedelta(days=366)


@dataclass(frozen=True)
class Wish:
    """Another shift on a date; or, with a colleague, each other's on it, and on `also_on` too."""

    on: date
    shift_id: UUID | None = None
    colleague_id: UUID | None = None
    also_on: date | None = None

    @property
    def dates(self) -> list[date]:
        """The dates that would change, in order."""
        return sorted({self.on, self.also_on or self.on} if self.colleague_id else {self.on})


@transaction.atomic
def ask(*, actor: Actor, at: datetime, employment_id: UUID, wish: Wish, reason: str = "") -> ShiftChange:
    """Ask to work another shift on a date, or to swap with a colleague, who is asked first. What each would work is
    frozen now. HR may ask for others within their reach.

    Raises:
        NotFound: it is not the actor's to ask for; no such shift, or no such colleague to swap with.
        whatever `check` says.
    """
    employment = queries.get_employment_to_ask_for(actor, employment_id)
    if wish.colleague_id:
        for each in sorted([employment.pk, wish.colleague_id]):
            queries.lock_employment(each)
    else:
        queries.lock_employment(employment.pk)
    lines = check(actor=actor, at=at, employment=employment, wish=wish)
    colleague = next((line.employment for line in lines if line.employment.pk != employment.pk), None)
    change = ShiftChange(employment=employment, colleague=colleague, asked_at=at)
    if reason.strip():
        vault = open_vault(employment.person_id)
        change.reason_sealed = vault.seal(
            reason.strip()[:500], cell="attendance_shiftchange|reason_sealed", row=change.pk
        )
    change.save(force_insert=True)
    try:
        with transaction.atomic():
            ShiftChangeDay.objects.bulk_create(
                ShiftChangeDay(
                    change=change,
                    employment=line.employment,
                    on=line.on,
                    before_id=line.before.shift_id,
                    after_id=line.after.shift_id,
                )
                for line in lines
            )
    except IntegrityError as error:
        _refuse_second(lines)
        raise ChangeWaitsAlready(name=employment.person.name, day=date_format(wish.on)) from error
    approvals.submit_request(
        actor=actor,
        at=at,
        kind=KIND,
        subject_id=change.pk,
        employment_id=employment.pk,
        values=_values(employment, colleague, lines, reason, today=employing.today_of(employment, at)),
        parties=[colleague.user_id] if colleague and colleague.user_id else [],
    )
    return change


def check(*, actor: Actor, at: datetime, employment: Employment, wish: Wish) -> list[Line]:
    """Return what each would work, once all is found well that can be found before it is sent.

    Raises:
        NotEmployedThen, NotPlannedThen, AwayThen: somebody is not there, or nobody plans them.
        DayTooFar, TooLate, MonthIsClosed: the day lies too far away, or too far back.
        SameShift: nothing would change. CannotAgree: the colleague does not sign in.
        ChangeWaitsAlready: one of the days is asked for already.
        NotFound: no such shift on that date, or no such colleague.
    """
    today = employing.today_of(employment, at)
    if any(abs(on - today) > _FURTHEST for on in wish.dates):
        raise DayTooFar
    people = [employment]
    if wish.colleague_id:
        people.append(_colleague(actor, employment, wish))
    for on in wish.dates:
        for who in people:
            _check_day(who, on)
        _check_time(employment, on, today)
    lines = _lines(employment, wish, people)
    _refuse_second(lines)
    return lines


def _colleague(actor: Actor, employment: Employment, wish: Wish) -> Employment:
    known = shift_queries.colleagues_of(employment, wish.on, but=actor.user_id)
    found = next((row for row in known if row.pk == wish.colleague_id), None)
    if found is None:
        raise NotFound
    if found.user_id is None or not approval_queries.active_users([found.user_id]):
        raise CannotAgree(name=found.person.name)
    return found


def _check_day(who: Employment, on: date) -> None:
    told = {"name": who.person.name, "day": date_format(on)}
    if not who.covers(on):
        raise NotEmployedThen(**told)
    if (who.entity_id, on.replace(day=1)) in queries.closed_months([who.entity_id]):
        raise MonthIsClosed(month=date_format(on, "YEAR_MONTH_FORMAT"))
    if leave.away_days([who.pk], on, on).get(who.pk):
        raise AwayThen(**told)


def _check_time(employment: Employment, on: date, today: date) -> None:
    """Refuse a day that lies further back than the person's group lets days be mended."""
    group = rostering.group_of(employment.pk, on)
    version = rostering.group_on(group.pk, on) if group else None
    rules: Mapping[str, Any] = version.corrections if version else {}
    until = last_day_to_ask(
        on, days=rules.get("days"), working=bool(rules.get("working_days")), region=employment.region,
        zone=employment.zone,
    )  # fmt: skip
    if until and today > until:
        raise TooLate(day=date_format(until))


def _lines(employment: Employment, wish: Wish, people: list[Employment]) -> list[Line]:
    """Return what each would work: the shift asked for, or on each date what the other is planned."""
    now = rostering.roster([who.pk for who in people], wish.dates[0], wish.dates[-1])
    for on in wish.dates:
        for who in people:
            if on not in now.get(who.pk, {}):
                raise NotPlannedThen(name=who.person.name, day=date_format(on))
    if len(people) == 1:
        if wish.shift_id not in {shift.pk for shift in shift_queries.shifts_on(wish.on)}:
            raise NotFound
        wanted: list[tuple[Employment, date, UUID | None]] = [(employment, wish.on, wish.shift_id)]
    else:
        wanted = [
            (who, on, now[other.pk][on].shift_id)
            for on in wish.dates
            for who, other in zip(people, reversed(people), strict=True)
        ]
    for who, on, shift_id in wanted:
        if now[who.pk][on].shift_id == shift_id:
            raise SameShift(day=date_format(on))
    return shift_queries.lines_of(wanted)


def _refuse_second(lines: Iterable[Line]) -> None:
    if other := shift_queries.waiting_day((line.employment.pk, line.on) for line in lines):
        raise ChangeWaitsAlready(name=other.employment.person.name, day=date_format(other.on))


def try_wish(*, actor: Actor, at: datetime, employment: Employment, wish: Wish) -> tuple[list[Line], Refusal | None]:
    """Return what each would work, and why it would be refused as it stands; nothing is sent."""
    try:
        return check(actor=actor, at=at, employment=employment, wish=wish), None
    except Refusal as refusal:
        return [], refusal


def _values(
    employment: Employment, colleague: Employment | None, lines: list[Line], reason: str, *, today: date
) -> dict[str, Any]:
    """Return what is frozen: names and hours in both languages' words, so that it reads alike for ever."""
    return {
        "kind": "swap" if colleague else "change",
        "name": employment.person.name,
        "colleague": colleague.person.name if colleague else "",
        "days_ahead": (lines[0].on - today).days,
        "warnings": len(shift_queries.findings_of(lines)),
        "reason": reason.strip()[:500],
        "days": [
            {
                "on": line.on.isoformat(),
                "name": line.employment.person.name,
                "before": shift_queries.as_values(line.before),
                "after": shift_queries.as_values(line.after),
            }
            for line in lines
        ],
    }


# What becomes of a change: called by approvals, at least once, so each is safe to run twice.


@transaction.atomic
def approve(outcome: Outcome) -> None:
    """Have the roster say what was approved; where somebody has left meanwhile, let it lapse."""
    change = shift_queries.lock_shift_change(outcome.subject_id)
    if change.state == ShiftChange.State.LAPSED:
        return
    days = list(change.days.all())
    if not all(day.employment.covers(day.on) for day in days):
        _settle(change, ShiftChange.State.LAPSED, outcome.at)
        return
    _settle(change, ShiftChange.State.APPROVED, outcome.at)
    rostering_services.assign_days(
        at=outcome.at,
        by=outcome.by,
        days=[AssignedDay(day.employment_id, day.on, day.after_id) for day in days],
        source=Assignment.Source.SWAP if change.colleague_id else Assignment.Source.CHANGE,
        request_id=change.pk,
    )
    _anew(((day.employment_id, day.on) for day in days), outcome.at)


@transaction.atomic
def decline(outcome: Outcome) -> None:
    """Note that the colleague or somebody after them said no."""
    _settle(shift_queries.lock_shift_change(outcome.subject_id), ShiftChange.State.DECLINED, outcome.at)


@transaction.atomic
def withdraw(outcome: Outcome) -> None:
    """Let what was planned before hold again, where it had been approved."""
    change = shift_queries.lock_shift_change(outcome.subject_id)
    _settle(change, ShiftChange.State.WITHDRAWN, outcome.at)
    rostering_services.take_days_back(at=outcome.at, by=outcome.by, request_id=change.pk)
    _anew(((day.employment_id, day.on) for day in change.days.all()), outcome.at)


def _settle(change: ShiftChange, state: ShiftChange.State, at: datetime) -> None:
    change.state, change.settled_at = state, at
    change.save(update_fields=["state", "settled_at"])
    ShiftChangeDay.objects.filter(change=change).update(waits=False)


def _anew(keys: Iterable[tuple[UUID, date]], at: datetime) -> None:
    """Compute days anew, and those beside them: what one date plans bears on the windows of the next."""
    wanted = {(employment_id, on + _DAY * by) for employment_id, on in keys for by in (-1, 0, 1)}
    computing.compute(at=at, keys=wanted)


# By hand --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def plan_by_hand(
    *, actor: Actor, at: datetime, employment_id: UUID, on: date, shift_id: UUID | None, note: str = ""
) -> None:
    """Have somebody work another shift on a date, or be off, by HR's own hand; never one's own day.

    Raises:
        NotEmployedThen: they are not employed on that date (of `rostering`).
        NotFound: there is no such shift, or the employment is not this actor's to see.
    """
    employment = _plannable(actor, employment_id)
    rostering_services.assign(actor=actor, at=at, employment_id=employment.pk, on=on, shift_id=shift_id, note=note)
    _anew([(employment.pk, on)], at)


@transaction.atomic
def let_group_plan(*, actor: Actor, at: datetime, employment_id: UUID, on: date) -> None:
    """Have somebody work on a date what their group says again; never one's own day."""
    employment = _plannable(actor, employment_id)
    rostering_services.let_group_plan(actor=actor, at=at, employment_id=employment.pk, on=on)
    _anew([(employment.pk, on)], at)


def _plannable(actor: Actor, employment_id: UUID) -> Employment:
    employment = one(queries.employments_visible_to(actor), employment_id)
    if employment.user_id and employment.user_id == actor.user_id:
        raise Forbidden
    return employment
