"""What the kernel and the reference make of the same person, day by day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, fields
from datetime import UTC, datetime
from typing import Any

from tests.attendance.reference import FLAG, Record, read_day
from tests.attendance.worlds import PersonMonth
from zhiren.attendance import rules
from zhiren.rostering.plans import PlanDay

NAMES = [each.name for each in fields(Record)]


def beside(person: PersonMonth, number: int) -> tuple[PlanDay | None, PlanDay, PlanDay | None]:
    """Return a plan of somebody between those of the dates before and after, where there are such."""
    plan = person.plans[number]
    near = {each.work_date: each for each in person.plans[max(0, number - 1) : number + 2]}
    return near.get(plan.work_date - 1), plan, near.get(plan.work_date + 1)


def readings(person: PersonMonth) -> Iterator[tuple[int, Record]]:
    """Yield the reference's record of each day of somebody, with the number of its plan."""
    for number, plan in enumerate(person.plans):
        near = [at for at in person.punches if abs(at - plan.midnights[0]) < 6 * 86_400]
        yield number, read_day(*beside(person, number), near, person.absences, person.overtimes)


def computed(person: PersonMonth, number: int) -> rules.Day:
    """Return the kernel's record of a day of somebody."""
    return rules.day(*beside(person, number), person.punches, person.absences, person.overtimes)


def differences(found: tuple[Any, ...], expected: Record) -> dict[str, tuple[Any, Any]]:
    """Return what differs by name: first what was found, then what the reference says."""
    pairs = zip(NAMES, found, astuple(expected), strict=True)
    return {name: (_told(name, one), _told(name, other)) for name, one, other in pairs if one != other}


def _told(name: str, value: Any) -> Any:
    if name == "flags":
        return [flag for flag, bit in FLAG.items() if value & bit]
    if name in ("first_in", "last_out") and value is not None:
        return datetime.fromtimestamp(value, UTC).isoformat()
    return value
