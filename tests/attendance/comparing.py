"""What the kernel and the reference make of the same person, day by day."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from tests.attendance.reference import FLAG, Record, read_day
from tests.attendance.worlds import PersonMonth, random_person
from zhiren.attendance import bulk, rules
from zhiren.rostering.plans import PlanDay

MONTH, CROWD = 31, 500
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


def crowd_of(seed: int, bucket: int) -> list[PersonMonth]:
    """Return the people of a bucket, always the same ones; of one in four some dates have no plan."""
    rng = random.Random(f"{seed} {bucket}")
    people = [random_person(rng, MONTH) for _number in range(CROWD)]
    return [
        replace(person, plans=[plan for plan in person.plans if rng.random() < 0.8] or person.plans)
        if rng.random() < 0.25
        else person
        for person in people
    ]


@dataclass(frozen=True)
class Crowd:
    """The facts of the people of a bucket as columns; can be sent to another process."""

    seed: int

    def __call__(self, bucket: int) -> bulk.Frames:
        return frames_of(crowd_of(self.seed, bucket))


def frames_of(crowd: Sequence[PersonMonth]) -> bulk.Frames:
    """Return the facts of people as columns."""
    plans: list[PlanDay] = [plan for person in crowd for plan in person.plans]

    def columns(rows: list[tuple[int, ...]], *names: str) -> dict[str, Any]:
        table = np.array(rows, np.int64).reshape(-1, len(names))
        return {name: table[:, number].copy() for number, name in enumerate(names)}

    number = iter(range(len(plans)))
    roster = [(who, next(number)) for who, person in enumerate(crowd) for _plan in person.plans]
    punches = [(who, at) for who, person in enumerate(crowd) for at in person.punches]
    absences = [(who, *each) for who, person in enumerate(crowd) for each in person.absences]
    overtimes = [(who, *each) for who, person in enumerate(crowd) for each in person.overtimes]
    return bulk.Frames(
        plans=plans,
        roster=columns(roster, "employee", "plan"),
        punches=columns(punches, "employee", "at"),
        absences=columns(absences, "employee", "start", "end", "kind"),
        overtimes=columns(overtimes, "employee", "start", "end"),
    )


def row_of(days: bulk.Days, number: int) -> rules.Day:
    """Return a row of many days as the record of one."""
    values = [int(column[number]) for column in list(days.columns().values())[2:]]
    return rules.day_of(values)


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
