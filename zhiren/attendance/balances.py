"""Balances and periods: section 10 of `docs/attendance-rules.md`. Pure."""

from collections.abc import Iterable
from typing import NamedTuple


class Bank(NamedTuple):
    """What an hours bank holds, in the unit of its movements.

    `lots` are (date, what is left of it), oldest first; a negative balance has none. `expired`, `refused` and
    `overflow` are what was lost over time, could not be taken, and had no room, in all.
    """

    balance: int
    lots: tuple[tuple[int, int], ...]
    expired: int
    refused: int
    overflow: int


class Comprehensive(NamedTuple):
    """What a period of comprehensive hours came to, in minutes; `excess` and `holiday` are overtime."""

    standard: int
    worked: int
    excess: int
    holiday: int


def bank(
    movements: Iterable[tuple[int, int]], *, until: int, expire_days: int = 0, floor: int = 0, cap: int = 0
) -> Bank:
    """Return what an hours bank holds on a date, after movements (date, amount; negative takes) in order of date.

    Credits expire when they are more than `expire_days` old (0: never); the balance goes down to `-floor` and up to
    `cap` (0: no limit). Movements after `until` are left out.

    >>> bank([(1, 60), (2, -90), (3, 50)], until=3, floor=20)
    Bank(balance=30, lots=((3, 30),), expired=0, refused=10, overflow=0)
    """
    lots: list[tuple[int, int]] = []
    debt = expired = refused = overflow = 0

    def expire(on: int) -> int:
        gone = 0
        while expire_days and lots and on - lots[0][0] > expire_days:
            gone += lots.pop(0)[1]
        return gone

    for on, amount in movements:
        if on > until:
            break
        expired += expire(on)
        if amount < 0:
            wanted = -amount
            while wanted and lots:
                since, left = lots.pop(0)
                if left > wanted:
                    lots.insert(0, (since, left - wanted))
                wanted -= min(left, wanted)
            taken = min(wanted, max(floor - debt, 0))
            debt += taken
            refused += wanted - taken
        else:
            filled = min(debt, amount)
            debt -= filled
            amount -= filled
            fits = min(amount, max(cap - sum(left for _since, left in lots), 0)) if cap else amount
            overflow += amount - fits
            if fits:
                lots.append((on, fits))
    expired += expire(until)
    return Bank(sum(left for _since, left in lots) - debt, tuple(lots), expired, refused, overflow)


def comprehensive(days: Iterable[tuple[int, bool]], *, workdays: int, daily_minutes: int) -> Comprehensive:
    """Return what a period of comprehensive hours came to, given each day's (worked minutes, whether a holiday).

    >>> comprehensive([(600, False), (500, False), (480, True)], workdays=2, daily_minutes=480)
    Comprehensive(standard=960, worked=1100, excess=140, holiday=480)
    """
    worked = holiday = 0
    for minutes, is_holiday in days:
        if is_holiday:
            holiday += minutes
        else:
            worked += minutes
    standard = workdays * daily_minutes
    return Comprehensive(standard, worked, max(worked - standard, 0), holiday)
