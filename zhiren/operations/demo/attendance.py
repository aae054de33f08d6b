"""Who works at the demo company by which shift, and when they punched: drawn from one seed, computed by the rules."""

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from zhiren.access import services as access
from zhiren.attendance import kiosks
from zhiren.attendance import services as attendance
from zhiren.attendance.models import Device
from zhiren.attendance.services import Incoming
from zhiren.operations.demo.setup import SYSTEM, Company, description
from zhiren.people import employing
from zhiren.people import employment_queries as employments
from zhiren.people import services as people
from zhiren.people.models import Employment
from zhiren.people.services import PersonFacts
from zhiren.rostering import queries as plans
from zhiren.rostering import services as rostering
from zhiren.rostering.models import Shift
from zhiren.rostering.plans import Bank, Overtime
from zhiren.rostering.queries import Planned

DAY = timedelta(days=1)
_HIRED = date(2024, 3, 1)
_SERIAL = "DEMO-CLOCK-1"
KIOSK = "总部前台"


def play(company: Company, now: datetime) -> None:
    """Employ everybody of the company, plan them, and let the last two months of their punches arrive from a clock."""
    first = (now.date().replace(day=1) - DAY).replace(day=1)
    staff = _employ(company, now)
    shifts = _shifts(now)
    _groups(company, staff, shifts, now, first)
    device = attendance.greet_device(at=now, serial=_SERIAL, model_name="Made up")
    attendance.keep_device(
        actor=SYSTEM,
        at=now,
        device_id=device.pk,
        name="静安店门口",
        branch_id=company.branches["shanghai"].pk,
        zone="Asia/Shanghai",
        state=Device.State.CLAIMED,
    )
    kiosks.make_kiosk(actor=SYSTEM, at=now, name=KIOSK, branch_id=company.branches["shanghai"].pk)
    roster = plans.roster([row.pk for row in staff], first, now.date())
    punches = [one for number, row in enumerate(staff) for one in _punches(row, number, roster[row.pk], now, device.pk)]
    attendance.take_punches(at=now, punches=punches)
    attendance.compute_days(at=now, keys=[(row.pk, on) for row in staff for on in roster[row.pk]])


def _employ(company: Company, now: datetime) -> list[Employment]:
    """Return the employments of the users, then those of the staff of the stores."""
    found: dict[str, Employment] = {}
    for entry in description()["users"]:
        user = company.users[entry["key"]]
        row = employments.employment_of_user(user.pk, on=now.date())
        if row is None:
            boss = found.get(entry["manager"] or "")
            facts = PersonFacts(name=entry["name"]["zh"], mails=[entry["mail"]])
            row = _employed(company, now, facts, entry["department"], boss, len(found), user_id=user.pk)
        found[entry["key"]] = row
        access.grant_role(actor=SYSTEM, at=now, user_id=user.pk, role="employee", scope="own")
    staff = list(found.values())
    for number, name in enumerate(description()["staff"]):
        store = "store-jingan" if number % 3 else "store-xuhui"
        staff.append(_employed(company, now, PersonFacts(name=name), store, found["fang-min"], 100 + number))
    return staff


def _employed(
    company: Company,
    now: datetime,
    facts: PersonFacts,
    department: str,
    boss: Employment | None,
    number: int,
    **given: Any,
) -> Employment:
    person = people.add_or_find_person(actor=SYSTEM, at=now, facts=facts, door="demo")[0]
    place = company.departments[department]
    branch = next(row for row in company.branches.values() if row.entity_id == place.entity_id)
    return employing.employ(
        actor=SYSTEM,
        at=now,
        person_id=person.pk,
        department_id=place.pk,
        branch_id=branch.pk,
        manager_id=boss.pk if boss else None,
        from_on=_HIRED,
        number=f"YS{number:04d}",
        badge=str(1000 + number),
        **given,
    )


def _shifts(now: datetime) -> dict[str, Shift]:
    """Return the shifts of the demo by key."""
    return {
        entry["key"]: rostering.publish_shift(
            actor=SYSTEM,
            at=now,
            name=entry["name"]["zh"],
            name_en=entry["name"]["en"],
            definition=entry["definition"],
            valid_from=_HIRED,
        ).shift
        for entry in description()["shifts"]
    }


def _groups(company: Company, staff: list[Employment], shifts: dict[str, Shift], now: datetime, first: date) -> None:
    """Make the groups and place everybody, from the day on from which there are punches."""
    for entry in description()["groups"]:
        entity = company.entities[entry["entity"]]
        pattern: list[UUID | None] = [shifts[key].pk if key else None for key in entry["pattern"]]
        group = rostering.publish_group(
            actor=SYSTEM,
            at=now,
            entity_id=entity.pk,
            name=entry["name"]["zh"],
            name_en=entry["name"]["en"],
            way=rostering.Way(
                pattern=pattern,
                pattern_from=date(2024, 1, 1),
                zone=entity.zone,
                region=entity.region,
                follows_holidays=entry["follows_holidays"],
                corrections={"allowed": True, "per_cycle": 3, "cycle_day": 1, "days": 3, "working_days": True},
                bank=Bank.from_json(entry.get("bank", {})),
            ),
            valid_from=_HIRED,
        ).group
        departments = {company.departments[key].pk for key in entry["departments"]}
        for row in staff:
            if row.department_id in departments:
                rostering.place(actor=SYSTEM, at=now, employment_id=row.pk, group_id=group.pk, from_on=first)


def _punches(
    row: Employment, number: int, days: Mapping[date, Planned], now: datetime, device_id: UUID
) -> Iterator[Incoming]:
    """Yield somebody's punches: most come in time, a few are often late, now and then one is forgotten."""
    draw = random.Random(number * 7919)  # noqa: S311 - made-up punches
    tends = -8 if number % 6 else draw.choice([-3, 1, 3])
    for on, planned in days.items():
        stretches = [(segment.start, segment.end) for segment in planned.plan.segments]
        lends_a_hand = planned.plan.policy.ot_mode == Overtime.PUNCHED and (number + on.toordinal()) % 23 == 0
        if not stretches and lends_a_hand:  # on a day off, for some hours
            ten = int(datetime.combine(on, time(10), ZoneInfo(row.zone)).timestamp())
            stretches = [(ten, ten + 4 * 3600)]
        for stretch in stretches:
            overtime = 95 if draw.random() < 0.06 else 0
            minutes = [tends + draw.gauss(0, 3.5), abs(draw.gauss(6, 8)) + overtime]
            times = [at + round(60 * off) for at, off in zip(stretch, minutes, strict=True)]
            chance = draw.random()
            if chance < 0.012:
                continue
            if chance < 0.03:
                times.pop(draw.randrange(2))
            for seconds in times:
                at = datetime.fromtimestamp(seconds, tz=UTC)
                if at <= now:
                    yield Incoming(
                        key=f"{_SERIAL}:{row.badge}:{at:%Y%m%d%H%M%S}",
                        at=at,
                        zone=row.zone,
                        source="device",
                        badge=row.badge,
                        employment_id=row.pk,
                        device_id=device_id,
                    )
