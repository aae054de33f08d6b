"""What falls between two plans: a zone that changes in mid-month, a transfer at noon, shifts that overlap, a clock that
tells everything again. Each punch counts for one day, and none is lost."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.factories import SYSTEM, make_branch, make_department
from tests.factories.attendance import NIGHT, make_group, make_shift, make_worker, punch, wall
from zhiren.attendance import months, queries, services
from zhiren.attendance.models import DayRecord, Punch
from zhiren.attendance.services import Stamped
from zhiren.people import employing
from zhiren.people.models import Employment
from zhiren.rostering import queries as rosters
from zhiren.rostering import services as rostering

pytestmark = pytest.mark.django_db
LATER = wall("2026-11-25 12:00")
BERLIN = ZoneInfo("Europe/Berlin")


def day(row: Employment, on: str) -> DayRecord:
    found = date.fromisoformat(on)
    return queries.days_of(row.pk, found, found)[found]


def counted(row: Employment) -> int:
    """Return how many punches somebody's days own."""
    return sum(DayRecord.objects.filter(employment=row).values_list("n_punches", flat=True))


class TestAZoneThatChangesInMidMonth:
    def test_lets_each_date_go_by_its_own_clock(self) -> None:
        worker = make_worker()
        group = rosters.group_of(worker.pk, date(2026, 11, 2))
        version = rosters.group_on(group.pk, date(2026, 11, 2))
        way = rostering.Way(
            pattern=[shift or None for shift in version.pattern],
            pattern_from=version.pattern_from,
            zone="Europe/Berlin",
        )
        rostering.publish_group(
            actor=SYSTEM, at=LATER, group_id=group.pk, entity_id=worker.entity_id, name="总部", way=way,
            valid_from=date(2026, 11, 17),
        )  # fmt: skip

        punch(worker, "2026-11-16 09:20", "2026-11-16 18:00", at=LATER)
        punch(worker, "2026-11-17 08:55", "2026-11-17 18:00", at=LATER, zone=BERLIN)
        services.mark_days(at=LATER, employment_ids=[worker.pk], first=date(2026, 11, 16), last=date(2026, 11, 17))
        services.compute_dirty(at=LATER)

        assert (day(worker, "2026-11-16").late, day(worker, "2026-11-16").worked) == (20, 460)
        assert (day(worker, "2026-11-17").late, day(worker, "2026-11-17").worked) == (0, 480)
        assert counted(worker) == 4
        assert months.compute_month(at=LATER, month=date(2026, 11, 1)).adjusted == 0
        assert counted(worker) == 4


class TestATransferAtNoon:
    def test_makes_the_day_one_of_where_they_work_from_that_day_on(self) -> None:
        worker = make_worker()
        other = make_department(entity=worker.entity)
        late = make_shift({"kind": 1, "segments": [{"start": 780, "end": 1260}], "policy": {"dup": 120}})
        group = make_group(worker, late)
        punch(worker, "2026-11-16 08:55", "2026-11-16 18:00", "2026-11-17 08:55", "2026-11-17 12:00", at=LATER)

        employing.transfer(
            actor=SYSTEM, at=LATER, employment_id=worker.pk, on=date(2026, 11, 17), department_id=other.pk,
            position_id=None, branch_id=make_branch(entity=worker.entity).pk, manager_id=None,
        )  # fmt: skip
        rostering.place(actor=SYSTEM, at=LATER, employment_id=worker.pk, group_id=group.pk, from_on=date(2026, 11, 17))
        punch(worker, "2026-11-17 12:58", "2026-11-17 21:03", at=LATER)
        services.mark_days(at=LATER, employment_ids=[worker.pk], first=date(2026, 11, 16), last=date(2026, 11, 17))
        services.compute_dirty(at=LATER)

        assert day(worker, "2026-11-16").worked == 480
        moved = day(worker, "2026-11-17")
        assert (moved.planned, moved.worked, moved.late) == (480, 480, 0)
        assert len(queries.punches_of(worker.pk, wall("2026-11-16 00:00"), LATER)) == 6
        assert counted(worker) == 5  # the one at 08:55 is too far from the new shift: it is kept, and of no day


class TestShiftsThatOverlap:
    def test_share_their_punches_out_at_the_middle(self) -> None:
        worker = make_worker(NIGHT)
        early = make_shift({"kind": 1, "segments": [{"start": 300, "end": 780}], "policy": {"dup": 120}})
        rostering.assign(actor=SYSTEM, at=LATER, employment_id=worker.pk, on=date(2026, 11, 17), shift_id=early.pk)

        punch(worker, "2026-11-16 21:55", "2026-11-17 05:20", "2026-11-17 05:40", "2026-11-17 13:05", at=LATER)

        night, morning = day(worker, "2026-11-16"), day(worker, "2026-11-17")
        assert (night.n_punches, morning.n_punches) == (2, 2)
        assert night.last_out == wall("2026-11-17 05:20")
        assert morning.first_in == wall("2026-11-17 05:40")


class TestAClockThatTellsEverythingAgain:
    def test_doubles_and_loses_nothing(self) -> None:
        worker = make_worker(badge="1001")
        device = services.greet_device(at=LATER, serial="CJ9Z200160001")
        device = services.keep_device(
            actor=SYSTEM, at=LATER, device_id=device.pk, name="", branch_id=None, zone="Asia/Shanghai", state="claimed"
        )
        first = wall("2026-11-16 08:00").replace(tzinfo=None)
        told = [Stamped("1001" if number % 2 else "77", first + timedelta(seconds=number)) for number in range(5000)]

        once, again = (services.take_from_device(at=LATER, device=device, stamped=told) for _time in range(2))
        mixed = services.take_from_device(
            at=LATER, device=device, stamped=[*reversed(told), *told[:9], Stamped("1001", first - timedelta(hours=1))]
        )

        assert (once.new, once.known, once.of_nobody) == (5000, 0, 2500)
        assert (again.new, again.known) == (0, 5000)
        assert (mixed.new, mixed.known) == (1, 5009)
        assert Punch.objects.filter(employment=worker).count() == 2501
