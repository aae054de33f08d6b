"""When corrections may be asked for: pure."""

from datetime import date, timedelta

from zhiren.kernel.businesstime import WorkCalendar

_DAY = timedelta(days=1)
_LAST_COMMON_DAY = 28


def cycle_of(on: date, *, first_day: int) -> tuple[date, date]:
    """Return the first and the last date of the cycle that a date lies in; each begins on a day of the month (1 to 28).

    >>> cycle_of(date(2026, 11, 17), first_day=21)
    (datetime.date(2026, 10, 21), datetime.date(2026, 11, 20))
    """
    day = min(max(first_day, 1), _LAST_COMMON_DAY)
    begins = on.replace(day=day)
    if begins > on:
        begins = (begins.replace(day=1) - _DAY).replace(day=day)
    following = (begins.replace(day=_LAST_COMMON_DAY) + 4 * _DAY).replace(day=day)
    return begins, following - _DAY


def last_day_to_ask(on: date, *, days: int | None, working: bool, region: str, zone: str) -> date | None:
    """Return until which date a day may be corrected: so many dates, or working days, after it. None: for ever.

    >>> last_day_to_ask(date(2026, 11, 13), days=2, working=True, region="CN", zone="Asia/Shanghai")
    datetime.date(2026, 11, 17)
    """
    if days is None:
        return None
    if not working:
        return on + days * _DAY
    calendar = WorkCalendar.for_region(region, zone=zone)
    until, left = on, days
    while left:
        until += _DAY
        left -= calendar.is_workday(until)
    return until
