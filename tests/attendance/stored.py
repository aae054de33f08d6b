"""People as nasty as the rules allow, in the tables: shifts, groups, rosters, leave, requests and punches."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from tests.attendance import worlds
from tests.factories import MONDAY, make_department, make_person
from tests.factories.leave import make_type
from zhiren.attendance.models import Punch, Request
from zhiren.leave.models import Leave, LeaveDay
from zhiren.org.models import Department
from zhiren.people.models import Employment
from zhiren.rostering import queries as rostering
from zhiren.rostering.models import Assignment, Group, GroupVersion, Membership, Shift, ShiftVersion

DAY = timedelta(days=1)
LONG_AGO = date(2026, 1, 1)


def make_crowd(seed: int, people: int, month: date, *, departments: Sequence[Department] = ()) -> list[Employment]:
    """Return people with a month of everything that days are computed from, always the same for a seed."""
    rng = random.Random(seed)
    homes = departments or [make_department()]
    shifts = [_shift(rng, number) for number in range(6)]
    groups = [_group(rng, number, shifts, homes[number % len(homes)], month) for number in range(5)]
    rows = [_employment(rng, number, homes[number % len(homes)], month) for number in range(people)]
    for row in rows:
        _place(rng, row, groups, month)
        for _number in range(rng.choice((0, 0, 0, 1, 3))):
            on = month + DAY * rng.randrange(-1, 32)
            shift = rng.choice([*shifts, None])
            Assignment.objects.get_or_create(employment=row, on=on, defaults={"shift": shift, "made_at": MONDAY})
    ids = [row.pk for row in rows]
    roster = rostering.roster(ids, month - 2 * DAY, month + 33 * DAY)
    types = [make_type(is_paid=True), make_type(is_paid=False)]
    for row in rows:
        plans = [planned.plan for planned in roster.get(row.pk, {}).values()]
        _punched(row, worlds._punches(rng, plans))
        for number, (start, end) in enumerate(worlds._spans(rng, plans, share=0.1)):
            if number % 3 == 2:
                _request(row, rng.choice([Request.Kind.TRIP, Request.Kind.OUTING]), start, end)
            else:
                leave = Leave.objects.create(
                    employment=row, type=types[number % 3], state="approved", from_on=_moment(start).date(),
                    to_on=_moment(end).date(), minutes=1, requested_at=MONDAY,
                )  # fmt: skip
                LeaveDay.objects.create(
                    leave=leave, employment=row, day=_moment(start).date(), part="hours", minutes=1,
                    starts_at=_moment(start), ends_at=_moment(end),
                )  # fmt: skip
        for start, end in worlds._spans(rng, plans, share=0.3, late=True):
            _request(row, Request.Kind.OVERTIME, start, end)
    return rows


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _shift(rng: random.Random, number: int) -> Shift:
    shift = Shift.objects.create(name=f"班{rng.random()}{number}")
    for version, valid_from in ((1, LONG_AGO), (2, date(2026, 10, 15))):
        ShiftVersion.objects.create(
            shift=shift, number=version, valid_from=valid_from, definition=worlds._shift(rng).to_json(), made_at=MONDAY
        )
    return shift


def _group(rng: random.Random, number: int, shifts: list[Shift], home: Department, month: date) -> Group:
    group = Group.objects.create(name=f"组{number}", entity=home.entity)
    for version, valid_from in ((1, LONG_AGO), (2, month + DAY * rng.choice((-40, 10)))):
        GroupVersion.objects.create(
            group=group, number=version, valid_from=valid_from, zone=rng.choice(list(worlds.ZONES)), region="CN",
            pattern=[str(rng.choice(shifts).pk) if rng.random() < 0.75 else "" for _day in range(7)],
            pattern_from=date(2026, 1, 5), follows_holidays=rng.random() < 0.5, made_at=MONDAY,
            regime=rng.choice(("standard", "standard", "comprehensive", "irregular")),
        )  # fmt: skip
    return group


def _employment(rng: random.Random, number: int, home: Department, month: date) -> Employment:
    begins = rng.choice((LONG_AGO, LONG_AGO, LONG_AGO, month + 4 * DAY))
    return Employment.objects.create(
        person=make_person(), entity=home.entity, department=home, number=f"N{number}", from_on=begins,
        to_on=rng.choice((None, None, None, month + 20 * DAY)), created_at=MONDAY,
    )  # fmt: skip


def _place(rng: random.Random, row: Employment, groups: list[Group], month: date) -> None:
    """Put somebody into a group, into two one after the other with some dates between, or into none."""
    chance = rng.random()
    if chance < 0.7:
        Membership.objects.create(employment=row, group=rng.choice(groups), from_on=LONG_AGO)
    elif chance < 0.95:
        until = month + DAY * rng.randrange(28)
        Membership.objects.create(employment=row, group=rng.choice(groups), from_on=LONG_AGO, until_on=until)
        since = until + DAY * rng.choice((1, 1, 3))
        Membership.objects.create(employment=row, group=rng.choice(groups), from_on=since)


def _punched(row: Employment, moments: list[int]) -> None:
    Punch.objects.bulk_create(
        Punch(
            key=f"{row.pk}:{number}", employment=row, at=_moment(at) + timedelta(microseconds=number % 2 * 999_999),
            zone="UTC", source="api", received_at=MONDAY,
        )
        for number, at in enumerate(moments)
    )  # fmt: skip


def _request(row: Employment, kind: str, start: int, end: int) -> None:
    Request.objects.create(
        employment=row, kind=kind, state="approved", on=_moment(start).date(), starts_at=_moment(start),
        ends_at=_moment(end), zone="UTC", asked_at=MONDAY, settled_at=MONDAY,
    )  # fmt: skip
