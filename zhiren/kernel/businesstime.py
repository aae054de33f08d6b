"""Business time: working hours in a zone, with the holidays and make-up working days of a region.

China follows the yearly notices (`parameters/cn/holidays.yaml`); the library `holidays` answers for other regions and
for Chinese years not announced yet. `WorkCalendar.confirmed` tells an announced year from an estimate.
Only aware datetimes are taken. Lengths are elapsed time: an hour is an hour on the day the clocks change.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from zhiren.kernel.parameters import get_parameter

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MONDAY_TO_FRIDAY = range(5)
_MINUTES_A_DAY = 24 * 60
_MINUTE = 60_000_000

Spans = tuple[tuple[int, int], ...]
"""Non-overlapping stretches from start to end, ascending."""


@dataclass(frozen=True)
class WeekHours:
    """Working hours by weekday, Monday first, in minutes after midnight; `make_up` holds those of a make-up day."""

    days: tuple[Spans, Spans, Spans, Spans, Spans, Spans, Spans]
    make_up: Spans

    def __post_init__(self) -> None:
        for spans in (*self.days, self.make_up):
            edges = [edge for span in spans for edge in span]
            if edges != sorted(set(edges)) or any(not 0 <= edge <= _MINUTES_A_DAY for edge in edges):
                raise ValueError(f"working hours must ascend within one day without touching: {spans}")
        if not any(self.days) or not self.make_up:
            raise ValueError("a week needs at least one working hour")

    @classmethod
    def of(cls, *spans: str, weekdays: Iterable[int] = _MONDAY_TO_FRIDAY) -> "WeekHours":
        """Return the same hours on each of the weekdays (Monday is 0), written like "09:00-12:00", "13:30-18:00"."""
        hours = tuple(_span(text) for text in spans)
        working = frozenset(weekdays)
        monday, tuesday, wednesday, thursday, friday, saturday, sunday = (
            hours if weekday in working else () for weekday in range(7)
        )
        return cls((monday, tuesday, wednesday, thursday, friday, saturday, sunday), make_up=hours)


def _span(text: str) -> tuple[int, int]:
    start, _, end = text.partition("-")
    return _minutes(start), _minutes(end)


def _minutes(text: str) -> int:
    hours, _, minutes = text.strip().partition(":")
    return int(hours) * 60 + int(minutes)


OFFICE_HOURS = WeekHours.of("09:00-18:00")


@dataclass(frozen=True)
class WorkCalendar:
    """When work is done somewhere.

    `region` is a country code, or country and subdivision as in "AU-NSW"; `overrides` says for single dates whether
    they are worked, before anything else.
    """

    region: str
    zone: str
    hours: WeekHours = OFFICE_HOURS
    overrides: tuple[tuple[date, bool], ...] = ()
    _tz: ZoneInfo = field(init=False, repr=False, compare=False)
    _own: dict[date, bool] = field(init=False, repr=False, compare=False)
    _spans: dict[int, Spans] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "_tz", ZoneInfo(self.zone))
        except (ValueError, OSError, LookupError) as error:
            raise LookupError(f"no time zone is called {self.zone!r}") from error
        object.__setattr__(self, "_own", dict(self.overrides))

    @classmethod
    def for_region(
        cls,
        region: str,
        *,
        zone: str,
        hours: WeekHours = OFFICE_HOURS,
        overrides: Mapping[date, bool] | None = None,
    ) -> "WorkCalendar":
        """Return the calendar of a region; equal ones are made once and keep the days they have worked out.

        Raises:
            LookupError: no such zone, or nothing is known about the region.
        """
        if region != "CN":
            _library_days(region, 2000)  # any year answers whether the region is known
        return _calendar(region, zone, hours, tuple(sorted((overrides or {}).items())))

    def confirmed(self, year: int) -> bool:
        """Tell whether the year's holidays are announced or fixed by law, rather than estimated."""
        return _confirmed(self.region, year)

    def is_workday(self, day: date) -> bool:
        """Tell whether work is done on a date."""
        return bool(self._hours_on(day))

    def is_public_holiday(self, day: date) -> bool:
        """Tell whether a date is a holiday by law, as against a day off that a notice moved there or made up for."""
        return day in _public_holidays(self.region, day.year)

    def next_open(self, moment: datetime) -> datetime:
        """Return the moment itself within working hours, else the next opening."""
        at = _to_microseconds(moment)
        ordinal = self._local_date(moment).toordinal()
        while True:
            for start, end in self._spans_on(ordinal):
                if at < end:
                    return moment if start <= at else _from_microseconds(start, moment)
            ordinal += 1

    def add_hours(self, moment: datetime, hours: float | timedelta) -> datetime:
        """Return the first moment by which that much business time has passed; before `moment` for a negative amount.

        A moment outside working hours counts from the next opening (backwards: from the last closing).
        Nothing added gives back the moment itself.
        """
        amount = (hours if isinstance(hours, timedelta) else timedelta(hours=hours)) // _MICROSECOND
        at = _to_microseconds(moment)
        if amount == 0:
            return moment
        ordinal = self._local_date(moment).toordinal()
        reached = self._forward(at, ordinal, amount) if amount > 0 else self._backward(at, ordinal, -amount)
        return _from_microseconds(reached, moment)

    def add_days(self, moment: datetime, days: int) -> datetime:
        """Return the same clock time of this calendar's zone on the Nth next working day, moved into working hours.

        A day off counts as the evening before it, so a later moment never ends earlier: one working day from a
        Saturday is Monday's closing. Negative numbers go back, a day off then counts as the morning after it.
        Zero gives the next moment within working hours.
        """
        if days == 0:
            return self.next_open(moment)
        _to_microseconds(moment)
        local = moment.astimezone(self._tz)
        day, step = local.date(), timedelta(days=1 if days > 0 else -1)
        if self.is_workday(day):
            clock = (local - local.replace(hour=0, minute=0, second=0, microsecond=0)) // _MICROSECOND
        else:
            clock = _MINUTES_A_DAY * _MINUTE if days > 0 else 0
        for _ in range(abs(days)):
            day += step
            while not self.is_workday(day):
                day += step
        return _from_microseconds(self._instant(day, _within(self._hours_on(day), clock)), moment)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the business time from one moment to another; negative if the second comes first."""
        first, last = _to_microseconds(start), _to_microseconds(end)
        if last < first:
            return -self.between(end, start)
        total = 0
        for ordinal in range(self._local_date(start).toordinal(), self._local_date(end).toordinal() + 2):
            for opens, closes in self._spans_on(ordinal):
                total += max(min(closes, last) - max(opens, first), 0)
        return total * _MICROSECOND

    def _forward(self, at: int, ordinal: int, left: int) -> int:
        while True:
            for opens, closes in self._spans_on(ordinal):
                begin = max(opens, at)
                if closes - begin >= left:
                    return begin + left
                left -= max(closes - begin, 0)
            ordinal += 1

    def _backward(self, at: int, ordinal: int, left: int) -> int:
        ordinal += 1  # a clock set back over midnight shows yesterday's date while today's hours have begun
        while True:
            for opens, closes in reversed(self._spans_on(ordinal)):
                finish = min(closes, at)
                if finish - opens >= left:
                    return finish - left
                left -= max(finish - opens, 0)
            ordinal -= 1

    def _hours_on(self, day: date) -> Spans:
        """Return the working minutes of a date, by the clock."""
        worked = self._own.get(day)
        if worked is None:
            worked = _special_days(self.region, day.year).get(day)
        usual = self.hours.days[day.weekday()]
        if worked is None:
            return usual
        return (usual or self.hours.make_up) if worked else ()

    def _spans_on(self, ordinal: int) -> Spans:
        """Return the working stretches of a date in microseconds since 1970, each worked out once."""
        spans = self._spans.get(ordinal)
        if spans is None:
            day = date.fromordinal(ordinal)
            spans = tuple(
                (self._instant(day, start * _MINUTE), self._instant(day, end * _MINUTE))
                for start, end in self._hours_on(day)
            )
            self._spans[ordinal] = spans
        return spans

    def _local_date(self, moment: datetime) -> date:
        return moment.astimezone(self._tz).date()

    def _instant(self, day: date, clock: int) -> int:
        """Return the moment at which this zone's clock shows that many microseconds after midnight.

        Of a time shown twice the first counts; a time that is skipped is the moment of the skip.
        """
        wall = datetime.combine(day, time()) + timedelta(microseconds=clock)
        at = (wall.replace(tzinfo=self._tz) - _EPOCH) // _MICROSECOND
        if self._shown(at) == wall:
            return at
        # skipped: the clock jumps somewhere between the readings by the offset after and by the offset before
        low, high = (wall.replace(tzinfo=self._tz, fold=1) - _EPOCH) // _MICROSECOND, at
        while high - low > 1:
            middle = (low + high) // 2
            if self._shown(middle) < wall:
                low = middle
            else:
                high = middle
        return high

    def _shown(self, at: int) -> datetime:
        """Return what this zone's clock shows at a moment."""
        return (_EPOCH + at * _MICROSECOND).astimezone(self._tz).replace(tzinfo=None)


@lru_cache(maxsize=512)
def _calendar(region: str, zone: str, hours: WeekHours, overrides: tuple[tuple[date, bool], ...]) -> WorkCalendar:
    return WorkCalendar(region=region, zone=zone, hours=hours, overrides=overrides)


def _within(spans: Spans, clock: int) -> int:
    """Return the time of day, in microseconds, moved to the nearest working time after it, else to closing."""
    for start, end in spans:
        if clock <= end * _MINUTE:
            return max(clock, start * _MINUTE)
    return spans[-1][1] * _MINUTE


def _to_microseconds(moment: datetime) -> int:
    if moment.utcoffset() is None:
        raise ValueError("business time needs a moment with a time zone")
    return (moment - _EPOCH) // _MICROSECOND


def _from_microseconds(at: int, like: datetime) -> datetime:
    """Return the moment in the zone of another one."""
    return (_EPOCH + at * _MICROSECOND).astimezone(like.tzinfo)


# Holidays -------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def _special_days(region: str, year: int) -> Mapping[date, bool]:
    """Return the dates of a year that differ from the week: True is worked, False is off."""
    if region == "CN":
        announced = {day: worked for day, worked in _announced_days().items() if day.year == year}
        return announced if _confirmed(region, year) else {**_library_days(region, year)[0], **announced}
    return _library_days(region, year)[0]


def _confirmed(region: str, year: int) -> bool:
    if region == "CN":
        return any(dated.valid_from.year == year for dated in get_parameter("cn", "holidays", "days").values)
    return _library_days(region, year)[1]


@lru_cache(maxsize=1)
def _announced_days() -> Mapping[date, bool]:
    """Return every date of the Chinese notices; a notice may also name days of the year before."""
    days: dict[date, bool] = {}
    for dated in get_parameter("cn", "holidays", "days").values:
        for holiday in dated.value["days_off"]:
            first, last = (date.fromisoformat(part) for part in holiday["days"].split("/"))
            days.update(
                (date.fromordinal(ordinal), False) for ordinal in range(first.toordinal(), last.toordinal() + 1)
            )
        days.update((date.fromisoformat(day), True) for day in dated.value["working"])
    return days


@lru_cache(maxsize=512)
def _library_days(region: str, year: int) -> tuple[Mapping[date, bool], bool]:
    """Return what the library `holidays` knows of a year, and whether all of it is fixed rather than estimated."""
    found = _known_to_library(region, year)
    days = {day: False for day in found if day.year == year}
    days.update((day, True) for day in found.weekend_workdays if day.year == year)
    fixed = region != "CN" and bool(days) and not any("estimated" in name for name in found.values())
    return days, fixed


@lru_cache(maxsize=512)
def _public_holidays(region: str, year: int) -> frozenset[date]:
    """Return the holidays by law of a year. In China those paid at 300 %, without days off moved there or made up."""
    found = _known_to_library(region, year)
    moved = ("day off", "observed") if region == "CN" else ()
    return frozenset(
        day for day, name in found.items() if day.year == year and not any(word in name.lower() for word in moved)
    )


@cache
def countries_with_holidays() -> tuple[str, ...]:
    """Return the codes of the countries whose holidays are known: CN, DE ..."""
    import holidays  # takes a quarter of a second, and announced Chinese years never need it

    return tuple(sorted(holidays.list_supported_countries(include_aliases=False)))


def _known_to_library(region: str, year: int) -> Any:
    """Return the holidays of a year, with what is asked about them.

    Raises:
        LookupError: nothing is known about the region.
    """
    import holidays  # as above

    country, _, subdivision = region.partition("-")
    # The library would take any name of its own for a country, and a dash with nothing behind it for none.
    if country not in countries_with_holidays() or region.endswith("-"):
        raise LookupError(f"no holidays are known for {region}")
    try:
        return holidays.country_holidays(country, subdiv=subdivision or None, years=year, language="en_US")
    except NotImplementedError as error:
        raise LookupError(f"no holidays are known for {region}") from error
