"""What attendance does when something happened elsewhere: the days it bears on are computed anew."""

from datetime import date, timedelta
from uuid import UUID

from zhiren.attendance import jobs, judging, services, watching
from zhiren.attendance.events import DayFlagged
from zhiren.kernel.events import Event
from zhiren.leave.events import LeaveApproved, LeaveCancelled, LeaveEvent, LeaveShortened
from zhiren.people.events import EmploymentEnded, EmploymentIdentified, PersonEmployed
from zhiren.rostering import queries as rostering
from zhiren.rostering.events import DayAssigned, DayEvent, DayGivenBack, GroupPublished, MemberPlaced, ShiftPublished
from zhiren.timeline import on

DAY = timedelta(days=1)


@on(DayFlagged)
def look_for_first_signs(event: DayFlagged) -> None:
    """A day that went wrong may be one of several."""
    watching.look_at(at=event.at, employment_ids=[event.employment_id], on=event.on)


@on(LeaveApproved)
def look_at_leave(event: LeaveApproved) -> None:
    """Leave may be one of many."""
    watching.look_at(at=event.at, employment_ids=[event.employment_id], on=event.ends_at.date())


@on(ShiftPublished)
def shift_published(event: ShiftPublished) -> None:
    """Whoever works the shift is judged by what it says now, from the date on that it says so."""
    members = rostering.members_from(rostering.groups_working(event.shift_id), event.valid_from)
    everybody = {employment_id for employment_id, _from, _until in members}
    everybody |= {employment_id for employment_id, _on in rostering.assigned_to(event.shift_id, event.valid_from)}
    _anew(event, everybody, event.valid_from)


@on(GroupPublished)
def group_published(event: GroupPublished) -> None:
    """Whoever is in the group is judged by how it works now."""
    members = {
        employment_id for employment_id, _from, _until in rostering.members_from([event.group_id], event.valid_from)
    }
    _anew(event, members, event.valid_from)
    judging.judge_anew(employment_ids=members, first=event.valid_from)


@on(MemberPlaced)
def member_placed(event: MemberPlaced) -> None:
    """Somebody is judged by another group."""
    _anew(event, {event.employment_id}, event.from_on)
    judging.judge_anew(employment_ids=[event.employment_id], first=event.from_on)


@on(DayAssigned, DayGivenBack)
def day_assigned(event: DayEvent) -> None:
    """Somebody works another shift on a date, or their usual one again."""
    _anew(event, {event.employment_id}, event.on, event.on)


@on(PersonEmployed, EmploymentIdentified)
def badge_given(event: Event) -> None:
    """A badge may have found its owner."""
    del event
    jobs.find_owners.defer()


@on(EmploymentEnded)
def employment_ended(event: EmploymentEnded) -> None:
    """Days after the last one are none."""
    _anew(event, {event.employment_id}, event.on)


@on(LeaveApproved, LeaveShortened, LeaveCancelled)
def leave_changed(event: LeaveEvent) -> None:
    """Who is on leave is not absent, and who no longer is, is."""
    _anew(event, {event.employment_id}, event.starts_at.date(), event.ends_at.date())


def _anew(event: Event, employment_ids: set[UUID], first: date, last: date | None = None) -> None:
    """Mark days from `first` on, but none that has not begun anywhere, and have them computed."""
    today = event.at.date() + DAY
    if first <= today:
        services.mark_days(at=event.at, employment_ids=employment_ids, first=first, last=min(last or today, today))
        jobs.compute_dirty.defer()
