"""Overtime that becomes time off: each day over is put into the hours bank, which is the ledger of that leave."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from zhiren.attendance import queries
from zhiren.attendance.models import Banked
from zhiren.leave import ledger
from zhiren.rostering import queries as rostering
from zhiren.rostering.plans import Bank, DayClass

DAY = timedelta(days=1)
TYPE = "compensatory"
TOTALS = {DayClass.WORKDAY: "ot_work", DayClass.REST_DAY: "ot_rest", DayClass.HOLIDAY: "ot_holiday"}

Key = tuple[UUID, date]


def settle(*, at: datetime, keys: Iterable[Key]) -> int:
    """Have the bank hold what these days came to, in the caller's transaction; return how many it changed for.

    Days that are not over, or whose group keeps no bank, have nothing in it. What was put in and is no longer earned is
    taken out again; it may have been taken already, then it is owed. The people are locked by the caller.
    """
    wanted = sorted(set(keys))
    if not wanted or not rostering.keeps_a_bank():
        return 0
    earned = _earned(wanted)
    before = {(row.employment_id, row.on): row for row in queries.banked(wanted)}
    changed = 0
    for key in wanted:
        minutes, bank = earned.get(key, (0, None))
        row = before.get(key)
        if minutes != (row.minutes + row.overflow if row else 0):
            _put(key, row or Banked(employment_id=key[0], on=key[1]), minutes, bank, at)
            changed += 1
    return changed


def _earned(keys: list[Key]) -> dict[Key, tuple[int, Bank]]:
    """Return what overtime of these days belongs into a bank, and which; days of closed months as corrected."""
    banks = rostering.banks(keys)
    found = {}
    for row in queries.days_as_known(list(banks)):
        bank = banks[row.employment_id, row.on]
        if row.is_final:
            found[row.employment_id, row.on] = (sum(getattr(row, TOTALS[one]) for one in bank.classes), bank)
    return found


def _put(key: Key, row: Banked, minutes: int, bank: Bank | None, at: datetime) -> None:
    employment_id, on = key
    difference = minutes - row.minutes - row.overflow
    if difference < 0:  # what had no room is given up first
        spared = min(row.overflow, -difference)
        row.overflow -= spared
        difference += spared
    row.changes += 1
    given = ledger.earn(
        at=at,
        employment_id=employment_id,
        code=TYPE,
        minutes=difference,
        on=on,
        key=f"overtime:{on}:{row.changes}",
        cap=bank.cap if bank else 0,
        expires_on=on + DAY * bank.days if bank and bank.days else None,
    )
    row.minutes += given
    row.overflow += difference - given
    row.put_at = at
    row.save(force_insert=row.changes == 1)
