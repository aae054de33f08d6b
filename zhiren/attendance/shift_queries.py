"""Every read of changes of shifts: who may swap with whom, what would be worked, why a day is planned as it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet

from zhiren.approvals import queries as approvals
from zhiren.attendance import queries
from zhiren.attendance.models import ShiftChange, ShiftChangeDay
from zhiren.kernel.actors import Actor
from zhiren.people import employment_queries as employments
from zhiren.people.models import Employment
from zhiren.people.vault import open_vault
from zhiren.plumbing.models import one
from zhiren.rostering import judging
from zhiren.rostering import queries as rostering
from zhiren.rostering.judging import Found
from zhiren.rostering.models import Assignment, Shift
from zhiren.rostering.queries import Planned

KIND = "shift_change"
_MOST_COLLEAGUES = 500


def shift_changes_visible_to(actor: Actor) -> QuerySet[ShiftChange]:
    """Return the changes of those whose attendance this actor may see, and those that a colleague asks of the actor."""
    own = Q(employment__in=queries.employments_visible_to(actor))
    asked = Q(colleague__user_id=actor.user_id) if actor.user_id else Q(pk__in=[])
    rows = ShiftChange.objects.filter(own | asked).select_related("employment__person", "colleague__person")
    return rows.prefetch_related(Prefetch("days", _days()))


def get_shift_change(actor: Actor, change_id: UUID) -> ShiftChange:
    """Return one change; NotFound as ever."""
    return one(shift_changes_visible_to(actor), change_id)


def shift_changes_of(employment_id: UUID) -> list[ShiftChange]:
    """Return the last changes that somebody asked for or that were asked of them. Whoever asks."""
    rows = ShiftChange.objects.filter(Q(employment=employment_id) | Q(colleague=employment_id))
    rows = rows.select_related("employment__person", "colleague__person").prefetch_related(Prefetch("days", _days()))
    return list(rows.order_by("-asked_at", "-pk")[:5])


def lock_shift_change(change_id: UUID) -> ShiftChange:
    """Return a change for its service, locked; NotFound if there is none."""
    rows = ShiftChange.objects.select_for_update(of=("self",)).select_related("employment")
    return one(rows.prefetch_related(Prefetch("days", _days())), change_id)


def _days() -> QuerySet[ShiftChangeDay]:
    return ShiftChangeDay.objects.select_related("employment__person", "before", "after").order_by("on", "pk")


def reason_of(change: ShiftChange) -> str:
    """Return why a change was asked for; empty if nobody said."""
    if not change.reason_sealed:
        return ""
    vault = open_vault(change.employment.person_id)
    return vault.open(change.reason_sealed, cell="attendance_shiftchange|reason_sealed", row=change.pk)


def shifts_on(day: date) -> list[Shift]:
    """Return the shifts that can be worked on a date, by name. Whoever asks."""
    rows = Shift.objects.filter(versions__valid_from__lte=day).distinct().order_by("name")
    return list(rows)


def colleagues_of(employment: Employment, on: date, *, but: UUID | None = None) -> list[Employment]:
    """Return with whom somebody may swap on a date: who is planned by the same group then, or is of the department.

    `but` is a user who is left out: who sends a request does not agree to it.
    """
    group = rostering.group_of(employment.pk, on)
    together = Q(department_id=employment.department_id)
    if group:
        together |= Q(pk__in=rostering.members_on(group.pk, on))
    rows = employments.employed_on(on).filter(together, entity_id=employment.entity_id).exclude(pk=employment.pk)
    rows = rows.exclude(user_id=but) if but else rows
    return list(rows.order_by("person__name", "pk")[:_MOST_COLLEAGUES])


def waiting_day(keys: Iterable[tuple[UUID, date]]) -> ShiftChangeDay | None:
    """Return one of these days that another change waits for; None where there is none."""
    keys = set(keys)
    rows = ShiftChangeDay.objects.filter(waits=True, employment__in={one for one, _on in keys})
    rows = rows.filter(on__in={on for _one, on in keys}).select_related("employment__person")
    return next((row for row in rows if (row.employment_id, row.on) in keys), None)


@dataclass(frozen=True)
class Line:
    """What one person is planned to work on one date, and what they would work."""

    employment: Employment
    on: date
    before: Planned
    after: Planned


def supposed(lines: Iterable[tuple[Employment, date, UUID | None]]) -> list[Assignment]:
    """Return single days as they would be stored: who works which shift when."""
    return [Assignment(employment_id=who.pk, on=on, shift_id=shift_id) for who, on, shift_id in lines]


def lines_of(days: Sequence[tuple[Employment, date, UUID | None]]) -> list[Line]:
    """Return what is planned on these days and what it would be with these shifts; days that nobody plans are left out.

    Without a shift somebody would be off.
    """
    if not days:
        return []
    ids = list(dict.fromkeys(who.pk for who, _on, _shift in days))
    first, last = min(on for _who, on, _shift in days), max(on for _who, on, _shift in days)
    now = rostering.roster(ids, first, last)
    then = rostering.roster(ids, first, last, supposing=supposed(days))
    return [Line(who, on, now[who.pk][on], then[who.pk][on]) for who, on, _shift in days if on in now.get(who.pk, {})]


def as_values(planned: Planned) -> dict[str, str]:
    """Return what is planned as plain values, by name and hours of its place; empty for a day off."""
    shift = Shift.objects.filter(pk=planned.shift_id).first() if planned.shift_id else None
    if shift is None:
        return {}
    zone = ZoneInfo(planned.zone)
    edges = [
        tuple(datetime.fromtimestamp(end, tz=UTC).astimezone(zone) for end in (one.start, one.end))
        for one in planned.plan.segments
    ]
    hours = ", ".join(f"{begins:%H:%M}–{ends:%H:%M}" for begins, ends in edges)
    return {"shift": shift.name, "shift_en": shift.name_en, "hours": hours}


def findings_of(lines: Sequence[Line]) -> list[Found]:
    """Return what working-time law says to these days that it does not say to them as they are planned now."""
    if not lines:
        return []
    now = judging.of_days(supposed((line.employment, line.on, line.before.shift_id) for line in lines))
    then = judging.of_days(supposed((line.employment, line.on, line.after.shift_id) for line in lines))
    known = {(one.finding, one.employment_ids) for one in now}
    return [one for one in then if (one.finding, one.employment_ids) not in known]


@dataclass(frozen=True)
class Because:
    """Why a date is planned otherwise than the group says: who is behind it, since when."""

    assignment: Assignment
    with_name: str = ""
    by: tuple[str, ...] = ()
    at: datetime | None = None


def because(employment_id: UUID, on: date) -> Because | None:
    """Return why somebody's date is planned as it is; None where the group plans it. Whoever asks."""
    row = rostering.assignment_on(employment_id, on)
    if row is None:
        return None
    if row.request_id is None:
        return Because(row, by=(row.made_by.label,) if row.made_by else (), at=row.made_at)
    change = ShiftChange.objects.filter(pk=row.request_id).select_related("employment__person", "colleague__person")
    found = change.first()
    others = [one for one in (found.employment, found.colleague) if one and one.pk != employment_id] if found else []
    return Because(
        row,
        with_name=others[0].person.name if others else "",
        by=tuple(approvals.approved_by(KIND, row.request_id)),
        at=row.made_at,
    )
