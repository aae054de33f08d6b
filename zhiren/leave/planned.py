"""When somebody is to work: by their roster, else by the calendar of where they work."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from zhiren.kernel.businesstime import WeekHours, WorkCalendar
from zhiren.leave.rules import Spans
from zhiren.people.models import Employment
from zhiren.rostering import queries as rostering
from zhiren.rostering.queries import Planned

# An ordinary day where nobody plans: eight hours and a break in the middle.
_HOURS = WeekHours.of("09:00-12:00", "13:00-18:00")


def planned_work(employment: Employment, first: date, last: date) -> dict[date, Spans]:
    """Return the planned work of each date from the first to the last, in seconds since 1970; empty for a day off.

    A shift over midnight belongs to the date on which it begins.
    """
    calendar = WorkCalendar.for_region(employment.region, zone=employment.zone, hours=_HOURS)
    roster = rostering.roster([employment.pk], first, last).get(employment.pk, {})
    dates = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    found: dict[date, Spans] = {}
    for day in dates:
        planned = roster.get(day)
        if planned is None:
            found[day] = _ordinary(day, employment.zone) if calendar.is_workday(day) else []
        elif planned.plan.segments or not planned.plan.target:
            found[day] = list(_of_segments(planned))
        else:  # so many hours, at whichever time
            found[day] = _ordinary(day, planned.zone)
    return found


def midnights(day: date, zone: str) -> tuple[int, int]:
    """Return when a date begins and ends in a zone, in seconds since 1970."""
    return _instant(day, 0, zone), _instant(day + timedelta(days=1), 0, zone)


def _of_segments(planned: Planned) -> Iterator[tuple[int, int]]:
    for segment in planned.plan.segments:
        at = segment.start
        for begins, ends in sorted(segment.breaks):
            if begins > at:
                yield at, begins
            at = max(at, ends)
        if segment.end > at:
            yield at, segment.end


def _ordinary(day: date, zone: str) -> Spans:
    return [(_instant(day, start, zone), _instant(day, end, zone)) for start, end in _HOURS.make_up]


def _instant(day: date, minutes: int, zone: str) -> int:
    clock = datetime(day.year, day.month, day.day, minutes // 60, minutes % 60, tzinfo=ZoneInfo(zone))
    return int(clock.timestamp())
