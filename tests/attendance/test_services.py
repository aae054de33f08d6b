"""From a punch to the day, the month, and what happens when things are told twice, late or wrongly."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import Error, transaction

from tests.factories import MONDAY, SYSTEM, actor_of, make_branch, make_employment, make_user
from tests.factories.attendance import NIGHT, OFFICE, incoming, make_shift, make_worker, punch, wall
from zhiren.attendance import queries, rules, services
from zhiren.attendance.errors import DeviceNotInUse, MonthAlreadyClosed, MonthNotOver, NotAtWork, PlaceUnknown
from zhiren.attendance.models import Adjustment, DayRecord, Device, Dirty, Punch
from zhiren.attendance.services import Place, Stamped
from zhiren.people import employing
from zhiren.people.models import Employment
from zhiren.plumbing.jobs import run_due
from zhiren.rostering import queries as roster
from zhiren.rostering import services as rostering
from zhiren.timeline.models import EventRow

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 11, 17)
NEXT_DAY = wall("2026-11-18 12:00")
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def day(employment: Employment, on: date = TUESDAY) -> DayRecord:
    return queries.days_of(employment.pk, on, on)[on]


class TestTakePunches:
    def test_makes_the_day_and_the_month(self) -> None:
        worker = make_worker()

        punch(worker, "2026-11-17 09:10", "2026-11-17 18:00", at=NEXT_DAY)

        record, month = day(worker), queries.month_of(worker.pk, date(2026, 11, 1))
        assert (record.late, record.worked, record.planned) == (10, 470, 480)
        assert record.flags & rules.LATE
        assert month is not None
        assert (month.late, month.days_late, month.days_worked) == (10, 1, 1)

    def test_keeps_each_punch_once_however_often_it_is_told(self) -> None:
        worker = make_worker()
        told = list(incoming(worker, ["2026-11-17 08:55", "2026-11-17 18:05"]))

        first = services.take_punches(at=NEXT_DAY, punches=told)
        again = services.take_punches(at=NEXT_DAY, punches=[*told, *told])

        assert (first.new, again.new, again.known) == (2, 0, 4)
        assert Punch.objects.filter(employment=worker).count() == 2

    def test_gives_the_morning_after_a_night_shift_to_the_night(self) -> None:
        worker = make_worker(NIGHT, pattern=[True] * 7, follows_holidays=False)

        punch(worker, "2026-11-17 21:50", "2026-11-18 06:03", at=wall("2026-11-19 12:00"))

        record = day(worker)
        assert record.worked == 480
        assert record.night == 480
        assert record.last_out == wall("2026-11-18 06:03")
        assert not record.flags & (rules.MISSING_IN | rules.MISSING_OUT)

    def test_calls_nobody_absent_before_the_day_is_over(self) -> None:
        worker = make_worker()

        punch(worker, "2026-11-17 09:20", at=wall("2026-11-17 09:20:30"))
        going_on = day(worker)
        services.mark_days_to_close(at=NEXT_DAY)
        services.compute_dirty(at=NEXT_DAY)

        assert not going_on.is_final
        assert going_on.flags & rules.SERIOUSLY_LATE
        assert (going_on.absent, going_on.worked, going_on.flags & rules.MISSING_OUT) == (0, 0, 0)
        assert day(worker).is_final
        assert day(worker).flags & rules.MISSING_OUT

    def test_keeps_what_cannot_be_believed_apart(self) -> None:
        worker = make_worker()

        taken = punch(worker, "2026-11-20 09:00", "2016-11-17 09:00", at=NEXT_DAY)

        assert taken.new == taken.of_nobody == 2
        assert {row.details["strange"] for row in Punch.objects.all()} == {"future", "old"}
        assert queries.days_of(worker.pk, date(2016, 1, 1), date(2026, 12, 31)) == {}

    def test_gives_a_badge_that_two_people_have_to_neither(self) -> None:
        one, other = make_worker(badge="77"), make_worker(badge="77")
        told = services.Incoming(key="a", at=wall("2026-11-17 09:00"), zone="Asia/Shanghai", source="file", badge="77")

        taken = services.take_punches(at=NEXT_DAY, punches=[told])

        assert one.entity_id != other.entity_id
        assert taken.of_nobody == 1

    def test_gives_it_to_whom_the_entity_has(self) -> None:
        one, _other = make_worker(badge="77"), make_worker(badge="77")
        told = services.Incoming(key="a", at=wall("2026-11-17 09:00"), zone="Asia/Shanghai", source="file", badge="77")

        services.take_punches(at=NEXT_DAY, punches=[told], entity_id=one.entity_id)

        assert Punch.objects.get().employment_id == one.pk

    def test_is_never_changed_or_deleted(self) -> None:
        worker = make_worker()
        punch(worker, "2026-11-17 09:00", at=NEXT_DAY)

        with pytest.raises(Error, match="append-only"), transaction.atomic():
            Punch.objects.update(at=wall("2026-11-17 08:00"))
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            Punch.objects.all().delete()


class TestDaysToClose:
    def test_are_those_of_people_who_never_came(self) -> None:
        worker = make_worker()

        services.mark_days_to_close(at=NEXT_DAY)
        services.compute_dirty(at=NEXT_DAY)

        record = day(worker)
        assert record.is_final
        assert record.absent == 480
        assert record.flags & rules.ABSENT

    def test_are_none_again_once_they_are_known_to_be_over(self) -> None:
        make_worker()
        services.mark_days_to_close(at=NEXT_DAY)
        services.compute_dirty(at=NEXT_DAY)

        assert services.mark_days_to_close(at=NEXT_DAY + timedelta(minutes=1)) == 0

    def test_are_none_of_people_without_a_plan(self) -> None:
        make_employment()

        assert services.mark_days_to_close(at=NEXT_DAY) == 0


class TestCompute:
    def test_changes_nothing_the_second_time(self) -> None:
        worker = make_worker()
        punch(worker, "2026-11-17 09:10", "2026-11-17 18:00", at=NEXT_DAY)
        before = day(worker)

        services.mark_days(at=NEXT_DAY, employment_ids=[worker.pk], first=TUESDAY, last=TUESDAY)
        services.compute_dirty(at=NEXT_DAY + timedelta(hours=1))

        assert day(worker).computed_at == before.computed_at
        assert not Dirty.objects.exists()

    def test_tells_of_a_day_that_went_wrong_once_and_when_it_no_longer_did(self) -> None:
        worker = make_worker()
        punch(worker, "2026-11-17 09:10", "2026-11-17 18:00", at=NEXT_DAY)
        punch(worker, "2026-11-17 08:50", at=NEXT_DAY)

        told = EventRow.objects.filter(name="attendance.day.flagged", payload__on="2026-11-17").order_by("number")
        assert [row.payload["flags"] for row in told] == [rules.LATE, 0]

    def test_leaves_out_days_outside_the_employment(self) -> None:
        worker = make_worker()
        punch(worker, "2026-11-17 08:50", "2026-11-17 18:00", at=NEXT_DAY)
        employing.end_employment(
            actor=SYSTEM, at=NEXT_DAY, employment_id=worker.pk, to_on=date(2026, 11, 16), reason="resigned"
        )

        run_due(NEXT_DAY)

        assert queries.days_of(worker.pk, TUESDAY, TUESDAY) == {}


class TestWorkOnADayOff:
    SATURDAY = date(2026, 11, 14)

    def test_is_overtime_of_a_rest_day_as_the_shift_of_the_group_counts_it(self) -> None:
        worker = make_worker()

        punch(worker, "2026-11-14 10:00", "2026-11-14 13:00", at=NEXT_DAY)

        assert (day(worker, self.SATURDAY).ot_rest, day(worker, self.SATURDAY).worked) == (180, 0)

    def test_is_overtime_of_a_holiday_on_one(self) -> None:
        worker = make_worker()

        punch(worker, "2026-10-01 10:00", "2026-10-01 13:00", at=NEXT_DAY)

        assert day(worker, date(2026, 10, 1)).ot_holiday == 180

    def test_is_work_like_any_other_with_comprehensive_hours_but_for_holidays(self) -> None:
        worker = make_worker(regime="comprehensive")

        punch(worker, "2026-11-14 10:00", "2026-11-14 13:00", at=NEXT_DAY)
        punch(worker, "2026-11-17 08:59", "2026-11-17 20:00", at=NEXT_DAY)
        punch(worker, "2026-10-01 10:00", "2026-10-01 13:00", at=NEXT_DAY)

        assert (day(worker, self.SATURDAY).worked, day(worker, self.SATURDAY).ot_rest) == (180, 0)
        assert (day(worker).worked, day(worker).extra, day(worker).ot_work) == (600, 120, 0)
        assert day(worker, date(2026, 10, 1)).ot_holiday == 180


class TestIrregularHours:
    def test_let_nobody_be_late_or_absent_or_work_overtime(self) -> None:
        worker = make_worker(regime="irregular")

        punch(worker, "2026-11-17 11:00", "2026-11-17 23:00", at=NEXT_DAY)
        services.mark_days_to_close(at=NEXT_DAY)
        services.compute_dirty(at=NEXT_DAY)

        assert (day(worker).worked, day(worker).late, day(worker).ot_work) == (720, 0, 0)
        assert day(worker, date(2026, 11, 16)).absent == 0


class TestANewVersionOfAShift:
    def test_judges_anew_from_its_date_on_and_leaves_what_was_before(self) -> None:
        worker = make_worker()
        for on in ("2026-11-16", "2026-11-17"):
            punch(worker, f"{on} 09:30", f"{on} 18:30", at=NEXT_DAY)
        version = roster.group_on(roster.group_of(worker.pk, TUESDAY).pk, TUESDAY)
        later = {**OFFICE, "segments": [{"start": 570, "end": 1110, "breaks": [[720, 780]]}]}

        rostering.publish_shift(
            actor=SYSTEM,
            at=NEXT_DAY,
            shift_id=UUID(version.pattern[0]),
            name="改了",
            definition=later,
            valid_from=TUESDAY,
        )
        run_due(NEXT_DAY)

        assert day(worker, date(2026, 11, 16)).late == 30
        assert day(worker).late == 0


class TestCloseMonth:
    def test_freezes_the_days_and_notes_what_becomes_known_later(self) -> None:
        worker = make_worker()
        punch(worker, "2026-11-17 09:10", "2026-11-17 18:00", at=NEXT_DAY)
        december = wall("2026-12-02 12:00")

        period = services.close_month(actor=SYSTEM, at=december, entity_id=worker.entity_id, month=date(2026, 11, 1))
        punch(worker, "2026-11-17 08:40", at=december)

        assert period.days == DayRecord.objects.count()
        assert day(worker).late == 10
        adjustment = Adjustment.objects.get(on=TUESDAY)
        assert adjustment.minutes == {"late": -10, "worked": 10}

    def test_is_refused_before_the_month_is_over_and_the_second_time(self) -> None:
        worker = make_worker()
        month = date(2026, 11, 1)

        with pytest.raises(MonthNotOver):
            services.close_month(actor=SYSTEM, at=NEXT_DAY, entity_id=worker.entity_id, month=month)
        december = wall("2026-12-02 12:00")
        services.close_month(actor=SYSTEM, at=december, entity_id=worker.entity_id, month=month)
        with pytest.raises(MonthAlreadyClosed):
            services.close_month(actor=SYSTEM, at=december, entity_id=worker.entity_id, month=month)


class TestPunchByPhone:
    PLACES = ({"name": "静安门店", "lat": 31.2304, "lon": 121.4737, "radius_m": 200},)

    def test_counts_where_the_group_works(self) -> None:
        user = make_user("employee")
        worker = make_worker(user=user, places=self.PLACES)

        services.punch_by_phone(
            actor=actor_of(user), at=wall("2026-11-17 08:59"), key="a", place=Place(31.2305, 121.4738)
        )

        assert day(worker).first_in == wall("2026-11-17 08:59")
        assert Punch.objects.get().details == {"place": "静安门店"}

    def test_counts_on_the_morning_of_the_first_day_though_it_is_yesterday_in_utc(self) -> None:
        user = make_user("employee")
        worker = make_worker(user=user, from_on=TUESDAY)

        services.punch_by_phone(actor=actor_of(user), at=wall("2026-11-17 07:30"), key="a")

        assert day(worker).first_in == wall("2026-11-17 07:30")

    def test_counts_from_the_network_of_a_place_wherever_the_phone_says_it_is(self) -> None:
        user = make_user("employee")
        make_worker(user=user, places=[{**self.PLACES[0], "networks": ["203.0.113.0/24", "2001:db8::/32"]}])
        for number, address in enumerate(("203.0.113.9", "2001:db8::7")):
            services.punch_by_phone(actor=actor_of(user), at=wall("2026-11-17 08:59"), key=f"{number}", address=address)
        for odd in ("203.0.114.9", "", "unix:", "203.0.113.9, 10.0.0.1"):
            with pytest.raises(PlaceUnknown):
                services.punch_by_phone(actor=actor_of(user), at=wall("2026-11-17 08:59"), key="x", address=odd)

        assert [row.details for row in Punch.objects.all()] == [{"place": "静安门店", "network": True}] * 2

    def test_is_refused_elsewhere_and_without_a_place(self) -> None:
        user = make_user("employee")
        make_worker(user=user, places=self.PLACES)

        with pytest.raises(NotAtWork, match="静安门店"):
            services.punch_by_phone(
                actor=actor_of(user), at=wall("2026-11-17 08:59"), key="a", place=Place(31.25, 121.4737)
            )
        with pytest.raises(PlaceUnknown):
            services.punch_by_phone(actor=actor_of(user), at=wall("2026-11-17 08:59"), key="a")
        assert not Punch.objects.exists()


def take_in_turn(*told: tuple[datetime, str]) -> list[int | None]:
    """Have a device tell of single punches, each with what its clock showed; return how far off it was held to be."""
    device = services.greet_device(at=MONDAY, serial="CJ9Z200160001")
    services.keep_device(
        actor=SYSTEM, at=MONDAY, device_id=device.pk, name="前台", branch_id=None, zone="Asia/Shanghai",
        state=Device.State.CLAIMED,
    )  # fmt: skip
    found = []
    for at, shown in told:
        row = queries.device_by_serial(device.serial)
        assert row is not None
        stamped = Stamped("1", wall(f"2026-11-17 {shown}").replace(tzinfo=None))
        services.take_from_device(at=at, device=row, stamped=[stamped])
        found.append(Device.objects.get().clock_off_s)
    return found


class TestDevices:
    def test_wait_until_somebody_claims_them(self) -> None:
        worker = make_worker(badge="1001")
        device = services.greet_device(at=MONDAY, serial="CJ9Z200160001")
        told = [Stamped("1001", wall("2026-11-17 08:55").replace(tzinfo=None))]

        with pytest.raises(DeviceNotInUse):
            services.take_from_device(at=NEXT_DAY, device=device, stamped=told)
        branch = make_branch(entity=worker.entity)
        device = services.keep_device(
            actor=SYSTEM, at=MONDAY, device_id=device.pk, name="前台", branch_id=branch.pk, zone="Asia/Shanghai",
            state=Device.State.CLAIMED,
        )  # fmt: skip
        services.take_from_device(at=NEXT_DAY, device=device, stamped=told)

        assert Punch.objects.get().employment_id == worker.pk

    @pytest.mark.parametrize(("shown", "off"), [("11:00", 7200), ("07:00", -7200), ("09:25", 1500)])
    def test_are_named_whose_clock_is_off(self, shown: str, off: int) -> None:
        take_in_turn((wall("2026-11-17 09:00"), shown))

        assert Device.objects.get().clock_off_s == off
        assert EventRow.objects.filter(name="attendance.device.clock_off", payload__seconds=off).exists()

    def test_are_not_named_for_punches_that_waited_for_the_network(self) -> None:
        back = wall("2026-11-17 09:31")
        take_in_turn((back, "08:52"), (back + SECOND, "08:52:07"), (back + 2 * MINUTE, "09:14"), (back + HOUR, "10:31"))

        assert Device.objects.get().clock_off_s == 0
        assert Device.objects.get().doubt_s is None
        assert not EventRow.objects.filter(name="attendance.device.clock_off").exists()

    def test_are_named_whose_punches_keep_coming_as_late_until_one_comes_in_time(self) -> None:
        off = take_in_turn(
            (wall("2026-11-17 09:00"), "08:35"),
            (wall("2026-11-17 09:00:20"), "08:35:19"),
            (wall("2026-11-17 09:04"), "08:39:02"),
            (wall("2026-11-17 18:00"), "17:35:01"),
            (wall("2026-11-17 18:05"), "18:05"),
        )

        assert off == [None, None, -1498, -1499, 0]
        assert EventRow.objects.filter(name="attendance.device.clock_off").count() == 1

    def test_tell_how_late_their_newest_punch_came(self) -> None:
        device = services.greet_device(at=MONDAY, serial="CJ9Z200160001")
        services.keep_device(
            actor=SYSTEM, at=MONDAY, device_id=device.pk, name="前台", branch_id=None, zone="Asia/Shanghai",
            state=Device.State.CLAIMED,
        )  # fmt: skip
        found = []
        for at, *shown in (
            ("09:00:05", "09:00"), ("12:00:05", "09:10", "09:00"), ("12:00:06", "12:00"),
            ("12:00:09", "09:11", "09:10"),
        ):  # fmt: skip
            services.take_from_device(
                at=wall(f"2026-11-17 {at}"),
                device=Device.objects.get(),
                stamped=[Stamped("1", wall(f"2026-11-17 {one}").replace(tzinfo=None)) for one in shown],
            )
            found.append(Device.objects.get().lag_s)

        assert found == [5, 10205, 6, 10149]


class TestFindOwners:
    def test_gives_punches_to_whom_the_badge_was_given_later(self) -> None:
        told = [
            services.Incoming(key=text, at=wall(text), zone="Asia/Shanghai", source="file", badge="88")
            for text in ("2026-11-17 09:10", "2026-11-17 18:00")
        ]
        services.take_punches(at=NEXT_DAY, punches=told)
        worker = make_worker(badge="88")

        run_due(NEXT_DAY)

        assert {row.employment_id for row in Punch.objects.all()} == {worker.pk}
        assert day(worker).late == 10


def test_a_shift_without_a_version_yet_is_a_day_off() -> None:
    worker = make_worker()
    shift = make_shift(valid_from=date(2027, 1, 1))

    rostering.assign(actor=SYSTEM, at=MONDAY, employment_id=worker.pk, on=TUESDAY, shift_id=shift.pk)
    run_due(NEXT_DAY)

    assert day(worker).flags & rules.REST
