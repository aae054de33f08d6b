"""The days that the law judges: what is worked when, by whose clock, on what kind of date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from zhiren.rostering.law.terms import Law, Terms, in_force

WORKDAY, REST_DAY, HOLIDAY = 0, 1, 2
MINUTES_A_DAY = 24 * 60

_LONG_AGO = -(1 << 62)

Span = tuple[int, int]
"""From and to, in UTC seconds; the end is not part of it."""


@dataclass(frozen=True, slots=True)
class Day:
    """What one person worked, or is to work, on one date: spans that ascend and do not overlap, without unpaid breaks.

    A shift over midnight belongs to the date it begins on. `kind` is a workday, a rest day (where the law tells rest
    days by law from others, one of those) or a public holiday. `away` marks a day of paid leave or sickness, which
    averages leave out.
    """

    on: date
    work: tuple[Span, ...] = ()
    zone: str = "UTC"
    kind: int = WORKDAY
    away: bool = False


@dataclass(slots=True)
class Row:
    """A day with what is worked out of it once; `done` of its minutes lie before the moment of the check."""

    day: Day
    ordinal: int
    terms: Terms
    minutes: int
    done: int
    first: int = 0
    last: int = 0

    @property
    def is_done(self) -> bool:
        """Whether nothing of it is still to come."""
        return self.done == self.minutes


def read(days: Sequence[Day], *, law: Law, at: int) -> list[Row]:
    """Return the days in order of date, each with the law in force on it.

    Raises:
        ValueError: two days of one date, or spans that overlap or run backwards.
    """
    rows: list[Row] = []
    changes = in_force(law.country, law.agreed, law.preset)
    before, last_edge = 0, _LONG_AGO
    for day in sorted(days, key=_by_date):
        ordinal = day.on.toordinal()
        if ordinal == before:
            raise ValueError(f"two days of {day.on}")
        before = ordinal
        terms = next((terms for since, terms in changes if since <= ordinal), {})
        seconds = done = 0
        for start, end in day.work:
            if not last_edge <= start < end:
                raise ValueError(f"the spans of {day.on} must ascend and not overlap those before")
            seconds += end - start
            done += max(min(end, at) - start, 0)
            last_edge = end
        row = Row(day, ordinal, terms, seconds // 60, done // 60)
        if day.work:
            row.first, row.last = day.work[0][0], day.work[-1][1]
        rows.append(row)
    return rows


def _by_date(day: Day) -> date:
    return day.on


def is_sunday(ordinal: int) -> bool:
    """Tell whether the date of an ordinal is a Sunday."""
    return ordinal % 7 == 0


@lru_cache(maxsize=16384)
def instant(zone: str, ordinal: int, minute: int) -> int:
    """Return the moment, in UTC seconds, at which a zone's clock shows so many minutes after midnight of a date.

    Of a time shown twice the first counts; one that is skipped is read with the offset before the change.
    """
    wall = datetime.combine(date.fromordinal(ordinal), time(), tzinfo=ZoneInfo(zone)) + timedelta(minutes=minute)
    return round(wall.timestamp())


def night_minutes(row: Row) -> int:
    """Return how much of a day's work lies in the night that the law names; 0 where it names none."""
    terms = row.terms
    if not row.minutes or "night_from" not in terms or "night_to" not in terms:
        return 0
    begins, ends, zone = terms["night_from"].value, terms["night_to"].value, row.day.zone
    ends += MINUTES_A_DAY if ends <= begins else 0
    seconds = 0
    for ordinal in (row.ordinal - 1, row.ordinal, row.ordinal + 1):
        dusk = instant(zone, ordinal, begins)
        if row.last <= dusk:
            break
        dawn = instant(zone, ordinal, ends)
        if dawn > row.first:
            seconds += sum(max(min(end, dawn) - max(start, dusk), 0) for start, end in row.day.work)
    return seconds // 60
