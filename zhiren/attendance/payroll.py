"""What payroll gets of a closed month: each person's sums, the overtime of a period that ended, and corrections."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q

from zhiren.attendance import comprehensive, settling
from zhiren.attendance.models import TOTALS, Adjustment, DayRecord, MonthRecord, PeriodHours
from zhiren.leave import queries as leave
from zhiren.people.models import Employment
from zhiren.rostering.plans import DayClass

# Minutes by name: `banked` is the overtime that became time off and is not to be paid.
MINUTES = (*TOTALS, "banked")
DAYS = ("days_worked", "days_late", "days_early", "days_absent", "days_missing")
# Days by which allowances are paid: with work in the night hours, away on duty, with work on a holiday.
_ALLOWED = {
    "days_night": Q(night__gt=0),
    "days_duty": Q(duty__gt=0),
    "days_holiday": Q(day_class=DayClass.HOLIDAY) & (Q(worked__gt=0) | Q(ot_holiday__gt=0)),
}
ALLOWANCES = tuple(_ALLOWED)
_AT_ONCE = 2000


@dataclass(frozen=True)
class Line:
    """What payroll gets of one person: the closed month, the comprehensive hours of a period that ended with it, or
    what was corrected of either afterwards (`kind` month, period, adjustment). Minutes and days by name."""

    employment_id: UUID
    number: str
    name: str
    kind: str
    minutes: Mapping[str, int]
    days: Mapping[str, int]


def lines(
    entity_id: UUID, first: date, last: date, *, closed_at: datetime, after: UUID | None = None
) -> Iterator[Line]:
    """Yield what payroll gets of a month, by staff number; `after` goes on behind somebody. Whoever asks."""
    with_month = MonthRecord.objects.filter(month=first).values("employment_id")
    with_period = PeriodHours.objects.filter(month=first).values("employment_id")
    corrected = Adjustment.objects.filter(on__range=(first, last)).values("employment_id")
    people = Employment.objects.filter(entity_id=entity_id).filter(
        Q(pk__in=with_month) | Q(pk__in=with_period) | Q(pk__in=corrected)
    )
    ids = list(people.order_by("number", "pk").values_list("pk", flat=True))
    begins = ids.index(after) + 1 if after in ids else 0
    for start in range(begins, len(ids), _AT_ONCE):
        yield from _some(ids[start : start + _AT_ONCE], first, last, closed_at)


def _some(ids: Sequence[UUID], first: date, last: date, closed_at: datetime) -> Iterator[Line]:
    changed: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    rows = Adjustment.objects.filter(employment_id__in=ids, on__range=(first, last))
    for row in rows.order_by("employment_id", "on", "-made_at").distinct("employment_id", "on"):
        for name, minutes in row.minutes.items():
            changed[row.employment_id][name] += minutes
    settled = list(PeriodHours.objects.filter(employment_id__in=ids, month=first).order_by("first", "period"))
    for employment_id, differences in comprehensive.differences(settled).items():
        for name, minutes in differences.items():
            changed[employment_id][name] += minutes
    for late in settling.not_settled(ids, first, last):
        for name, minutes in (("ot_work", late.excess), ("ot_holiday", late.holiday)):
            if minutes:
                changed[late.employment_id][name] += minutes
    banked: dict[UUID, int] = defaultdict(int)
    for employment_id, minutes, at in leave.earned(ids, first, last):
        if at <= closed_at:
            banked[employment_id] += minutes
        else:
            changed[employment_id]["banked"] += minutes
    periods: dict[UUID, list[PeriodHours]] = defaultdict(list)
    for period in settled:
        periods[period.employment_id].append(period)
    days = DayRecord.objects.filter(employment_id__in=ids, on__range=(first, last)).values("employment_id")
    counted = days.annotate(**{name: Count("on", filter=condition) for name, condition in _ALLOWED.items()})
    allowed: dict[UUID, dict[str, int]] = {
        who: dict(zip(ALLOWANCES, found, strict=True))
        for who, *found in counted.order_by().values_list("employment_id", *ALLOWANCES)
    }
    months = {row.employment_id: row for row in MonthRecord.objects.filter(employment_id__in=ids, month=first)}
    people = Employment.objects.select_related("person").in_bulk(ids)
    for one in ids:
        who = (one, people[one].number, people[one].person.name)
        if month := months.get(one):
            sums = {name: getattr(month, name) for name in TOTALS} | {"banked": banked[one]}
            counts = {name: getattr(month, name) for name in DAYS} | allowed.get(one, dict.fromkeys(ALLOWANCES, 0))
            yield Line(*who, "month", sums, counts)
        for period in periods[one]:
            yield Line(*who, "period", {"ot_work": period.excess, "ot_holiday": period.holiday}, {})
        if one in changed:
            yield Line(*who, "adjustment", changed[one], {})
