"""What the kernel and the reference make of the same person, day by day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, fields
from datetime import UTC, datetime
from typing import Any

from tests.attendance.reference import FLAG, Record, read_day
from tests.attendance.worlds import PersonMonth
from zhiren.attendance import rules

NAMES = [each.name for each in fields(Record)]


def readings(person: PersonMonth) -> Iterator[tuple[int, Record]]:
    """Return the reference's record of each day of somebody, with the number of its plan."""
    for number, plan in enumerate(person.plans):
        before = person.plans[number - 1] if number else None
        following = person.plans[number + 1] if number + 1 < len(person.plans) else None
        near = [at for at in person.punches if abs(at - plan.midnights[0]) < 6 * 86_400]
        yield number, read_day(before, plan, following, near, person.absences, person.overtimes)


def computed(person: PersonMonth, number: int) -> rules.Day:
    """Return the kernel's record of a day of somebody."""
    before = person.plans[number - 1] if number else None
    following = person.plans[number + 1] if number + 1 < len(person.plans) else None
    return rules.day(before, person.plans[number], following, person.punches, person.absences, person.overtimes)


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
