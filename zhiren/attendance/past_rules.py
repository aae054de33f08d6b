"""What somebody's attendance came to over the time they worked here, in counts. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

# A day whose hours differ from the plan by no more minutes is as long as planned.
STEADY = 30


@dataclass(frozen=True)
class PastDay:
    """A planned day that is over: minutes planned and worked, and what was not as planned."""

    on: date
    planned: int
    worked: int
    is_late: bool = False
    is_on_leave: bool = False
    is_lacking: bool = False


@dataclass(frozen=True)
class Counts:
    """See `people.models.PastAttendance`."""

    workdays: int = 0
    late: int = 0
    leaves: int = 0
    leave_days: int = 0
    longest_streak: int = 0
    steady: int = 0
    measured: int = 0


def counts(days: Iterable[PastDay]) -> Counts:
    """Return the counts of planned days, in order of date.

    Days of leave that follow each other without a day of work between them are one leave. A streak is of days without
    leave on which nobody was late, left early or was missing. Hours are measured where somebody worked and was not on
    leave.

    >>> counts([PastDay(date(2026, 11, 16), 480, 480), PastDay(date(2026, 11, 17), 480, 470, is_late=True)])
    Counts(workdays=2, late=1, leaves=0, leave_days=0, longest_streak=1, steady=2, measured=2)
    """
    workdays = late = leaves = leave_days = longest = streak = steady = measured = 0
    was_on_leave = False
    for day in days:
        workdays += 1
        late += day.is_late
        leave_days += day.is_on_leave
        leaves += day.is_on_leave and not was_on_leave
        was_on_leave = day.is_on_leave
        streak = 0 if day.is_late or day.is_on_leave or day.is_lacking else streak + 1
        longest = max(longest, streak)
        if day.worked and not day.is_on_leave:
            measured += 1
            steady += abs(day.worked - day.planned) <= STEADY
    return Counts(workdays, late, leaves, leave_days, longest, steady, measured)
