"""When somebody is to work: by the plan of whoever plans them, else by the calendar of where they work."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from zhiren.kernel.businesstime import WeekHours, WorkCalendar
from zhiren.kernel.registry import Registry
from zhiren.leave.rules import Spans
from zhiren.people.models import Employment

# An ordinary day where nobody plans: eight hours and a break in the middle.
_HOURS = WeekHours.of("09:00-12:00", "13:00-18:00")


class Planner(Protocol):
    """Whoever plans work: an app of rosters."""

    def __call__(self, employment: Employment, first: date, last: date) -> Mapping[date, Spans]:
        """Return the planned work of each date that it plans, empty for a day off; others are left out.

        A shift over midnight belongs to the date on which it begins.
        """


planners: Registry[Planner] = Registry("planner of work")


def planned_work(employment: Employment, first: date, last: date) -> dict[date, Spans]:
    """Return the planned work of each date from the first to the last, in seconds since 1970."""
    calendar = WorkCalendar.for_region(employment.region, zone=employment.zone, hours=_HOURS)
    dates = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    found = {day: _by_calendar(calendar, day, employment.zone) for day in dates}
    for planner in planners.values():
        found.update(planner(employment, first, last))
    return found


def planned_hours(employment: Employment, day: date) -> float:
    """Return how many hours of work are planned on a date."""
    return sum(end - start for start, end in planned_work(employment, day, day)[day]) / 3600


def midnights(day: date, zone: str) -> tuple[int, int]:
    """Return when a date begins and ends in a zone, in seconds since 1970."""
    tz = ZoneInfo(zone)
    return (
        int(datetime(day.year, day.month, day.day, tzinfo=tz).timestamp()),
        int(datetime.combine(day + timedelta(days=1), datetime.min.time(), tz).timestamp()),
    )


def _by_calendar(calendar: WorkCalendar, day: date, zone: str) -> Sequence[tuple[int, int]]:
    if not calendar.is_workday(day):
        return []
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    spans = _HOURS.make_up  # the same on every day that is worked
    return [
        (
            int(midnight.replace(hour=start // 60, minute=start % 60).timestamp()),
            int(midnight.replace(hour=end // 60, minute=end % 60).timestamp()),
        )
        for start, end in spans
    ]
