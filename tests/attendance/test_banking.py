"""Overtime becomes time off where the group says so: the hours bank follows the days, whatever changes them."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from tests.factories import MONDAY, SYSTEM, make_employment
from tests.factories.attendance import make_shift
from zhiren.attendance import computing, months, payroll, services
from zhiren.attendance.models import Adjustment, Banked, Period
from zhiren.leave.models import Account, Entry
from zhiren.people.models import Employment
from zhiren.rostering import queries
from zhiren.rostering import services as rostering
from zhiren.rostering.plans import Bank, DayClass

pytestmark = pytest.mark.django_db
SATURDAY = date(2026, 11, 14)
AFTER = MONDAY + timedelta(days=2)
REST = frozenset({DayClass.REST_DAY})


def employed(bank: Bank | None = None) -> Employment:
    """Return somebody of a group that works on weekdays; on days off whatever is punched is overtime."""
    employment = make_employment()
    shift = make_shift()
    version = rostering.publish_group(
        actor=SYSTEM,
        at=MONDAY,
        entity_id=employment.entity_id,
        name="门店",
        valid_from=date(2026, 1, 1),
        way=rostering.Way(
            [shift.pk] * 5 + [None] * 2, date(2026, 1, 5), zone="Asia/Shanghai", follows_holidays=False, bank=bank
        ),
    )
    rostering.place(
        actor=SYSTEM, at=MONDAY, employment_id=employment.pk, group_id=version.group_id, from_on=date(2026, 11, 1)
    )
    return employment


def punch(employment: Employment, on: date, *hours: int, at: datetime = AFTER, is_computed: bool = True) -> None:
    rows = [
        services.Incoming(
            key=f"{employment.pk}:{on}:{hour}",
            at=datetime.fromisoformat(f"{on}T{hour:02d}:00:00+08:00"),
            zone="Asia/Shanghai",
            source="file",
            employment_id=employment.pk,
        )
        for hour in hours
    ]
    services.take_punches(at=at, punches=rows)
    if is_computed:
        services.compute_dirty(at=at)


def balance(employment: Employment) -> int:
    return sum(Entry.objects.filter(account__employment=employment).values_list("minutes", flat=True))


def banked(employment: Employment) -> list[tuple[int, int]]:
    return list(Banked.objects.filter(employment=employment).order_by("on").values_list("minutes", "overflow"))


class TestBank:
    def test_takes_overtime_of_the_classes_that_were_chosen_and_says_when_it_lapses(self) -> None:
        employment = employed(Bank(REST, days=90))

        punch(employment, SATURDAY, 9, 13)
        punch(employment, date(2026, 11, 13), 9, 20)  # a workday's overtime is paid

        (entry,) = Entry.objects.filter(account__employment=employment)
        assert (entry.kind, entry.minutes, entry.on) == ("earn", 240, SATURDAY)
        assert entry.expires_on == SATURDAY + timedelta(days=90)
        assert banked(employment) == [(240, 0)]

    def test_takes_nothing_where_the_group_keeps_none(self) -> None:
        employment = employed()

        punch(employment, SATURDAY, 9, 13)

        assert banked(employment) == []
        assert not Account.objects.filter(employment=employment, type__code="compensatory").exists()

    def test_holds_no_more_than_its_cap_and_notes_what_had_no_room(self) -> None:
        employment = employed(Bank(REST, cap=300))

        punch(employment, SATURDAY, 9, 13)
        punch(employment, SATURDAY + timedelta(days=1), 9, 12)

        assert banked(employment) == [(240, 0), (60, 120)]
        assert balance(employment) == 300

    def test_follows_a_day_that_changes_and_is_the_same_however_often_it_is_computed(self) -> None:
        employment = employed(Bank(REST, cap=300))
        punch(employment, SATURDAY, 9, 13)
        punch(employment, SATURDAY, 15)

        for _time in range(2):
            computing.compute(at=AFTER, keys=[(employment.pk, SATURDAY)])

        assert banked(employment) == [(300, 60)]
        assert balance(employment) == 300

    def test_gives_up_what_had_no_room_before_it_takes_anything_out(self) -> None:
        employment = employed(Bank(REST, cap=180))
        punch(employment, SATURDAY, 9, 13)
        assert banked(employment) == [(180, 60)]

        change_bank(employment, None)
        assert (banked(employment), balance(employment)) == ([(0, 0)], 0)

    def test_owes_what_was_earned_no_more_and_taken_already(self) -> None:
        employment = employed(Bank(REST))
        punch(employment, SATURDAY, 9, 13)
        account = Account.objects.get(employment=employment, type__code="compensatory")
        lot = account.entries.get()
        Entry.objects.create(account=account, kind="use", minutes=-240, on=SATURDAY, lot=lot, at=AFTER)

        change_bank(employment, None)

        assert balance(employment) == -240

    def test_follows_what_becomes_known_of_a_closed_month(self) -> None:
        employment = employed(Bank(REST))
        punch(employment, SATURDAY, 9, 13)
        Period.objects.create(
            entity_id=employment.entity_id, month=date(2026, 11, 1), closed_at=AFTER, days=1, checksum="a"
        )

        punch(employment, SATURDAY, 14)

        assert Adjustment.objects.filter(employment=employment, on=SATURDAY).exists()
        assert banked(employment) == [(300, 0)]


def change_bank(employment: Employment, bank: Bank | None) -> None:
    """Have the group keep another bank, or none, from the beginning on."""
    group = queries.group_of(employment.pk, SATURDAY)
    assert group is not None
    newest = group.versions.order_by("-number").first()
    assert newest is not None
    rostering.publish_group(
        actor=SYSTEM,
        at=AFTER,
        entity_id=employment.entity_id,
        name="门店",
        group_id=group.pk,
        valid_from=date(2026, 1, 1),
        way=rostering.Way(
            [UUID(one) if one else None for one in newest.pattern],
            newest.pattern_from,
            zone="Asia/Shanghai",
            follows_holidays=False,
            bank=bank,
        ),
    )
    computing.mark([(employment.pk, SATURDAY)], at=AFTER)
    services.compute_dirty(at=AFTER)


class TestPayroll:
    def test_is_told_what_became_time_off_when_the_month_was_closed_and_what_came_after(self) -> None:
        employment = employed(Bank(REST))
        punch(employment, SATURDAY, 9, 13)
        period = Period.objects.create(
            entity_id=employment.entity_id, month=date(2026, 11, 1), closed_at=AFTER, days=1, checksum="a"
        )
        punch(employment, SATURDAY, 14, at=AFTER + timedelta(hours=1))

        lines = payroll.lines(employment.entity_id, date(2026, 11, 1), date(2026, 11, 30), closed_at=period.closed_at)

        told = {line.kind: (line.minutes.get("ot_rest"), line.minutes.get("banked")) for line in lines}
        assert told == {"month": (240, 240), "adjustment": (60, 60)}


class TestWholeMonths:
    def test_come_to_the_same_in_the_bank(self) -> None:
        employment = employed(Bank(REST, cap=300))
        punch(employment, SATURDAY, 9, 13, is_computed=False)

        months.compute_month(at=AFTER, month=date(2026, 11, 1))

        assert banked(employment) == [(240, 0)]
