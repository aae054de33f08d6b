"""The working-time law in force for one person on a date, out of `parameters/<country>/`.

The code knows names, not countries: what a country does not have in its files does not apply there. A name may end in
`_if_<agreement>`: that value takes the place of the plain one for whoever has the agreement; `unlimited` takes it away.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from zhiren.kernel import parameters
from zhiren.kernel.parameters import Parameter

SUBJECTS = ("working_time", "overtime", "rest", "night")
PRESETS = "presets"
APPROVED = "approved"
_OVER_A_YEAR = frozenset({"overtime_year", "months_over", "free_sundays", "total_average"})
_DAYS_OF_A_YEAR = 366
# A row of days is told of as it is only as far back as is looked: two months are enough to act upon.
_WEEKS_OF_RULES = {"four_week_rest_days": 4, "consecutive_days": 9}
UNLIMITED = "unlimited"


class Regime(StrEnum):
    """How somebody's hours are reckoned."""

    STANDARD = "standard"
    COMPREHENSIVE = "comprehensive"
    IRREGULAR = "irregular"
    EXEMPT = "exempt"


class Period(StrEnum):
    """What a number is counted over."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Step(NamedTuple):
    """From so many minutes on, so many percent; counted as another class if `counts_as` names one."""

    over: int
    percent: int
    counts_as: str = ""


class Term(NamedTuple):
    """A number in force and its source. Lengths are minutes, clock times minutes after midnight."""

    value: Any
    source: str


Terms = Mapping[str, Term]


@dataclass(frozen=True, kw_only=True)
class Law:
    """The law of a country (a folder of `parameters/`) as it applies to one person.

    `agreed` names the agreements, permits and circumstances that change a number (`agreements`); of two that change the
    same, the later wins. `period` is that of comprehensive hours. A week begins on the ISO weekday `week_starts`, a
    year of overtime with the month `year_starts`. `preset` adds a house's own rules where the law has none.

    Raises:
        LookupError: nothing is known of the country.
        ValueError: the country knows no such agreement, or no comprehensive hours of this period.
    """

    country: str
    regime: Regime = Regime.STANDARD
    agreed: tuple[str, ...] = ()
    period: Period = Period.MONTH
    week_starts: int = 1
    year_starts: int = 1
    preset: str = ""

    def __post_init__(self) -> None:
        unknown = set(self.agreed) - agreements(self.country)
        if unknown:
            raise ValueError(f"{self.country} knows no agreement {', '.join(sorted(unknown))}")
        if self.regime == Regime.COMPREHENSIVE and self.period not in comprehensive_periods(self.country):
            raise ValueError(f"{self.country} has no comprehensive hours by the {self.period}")
        if not 1 <= self.week_starts <= 7 or not 1 <= self.year_starts <= 12:
            raise ValueError("a week starts on day 1 to 7, a year in month 1 to 12")

    def on(self, day: date) -> Terms:
        """Return the numbers in force on a date; none before the first that is known."""
        return self.at(day.toordinal())

    def at(self, ordinal: int) -> Terms:
        """Return the numbers in force on the date of this ordinal."""
        for since, terms in in_force(self.country, self.agreed, self.preset):
            if since <= ordinal:
                return terms
        return {}

    def look_back(self, day: date) -> int:
        """Return how many dates before a month must be known to judge it by the law of a date: at least a week."""
        terms = self.on(day)
        if _OVER_A_YEAR & terms.keys():
            return _DAYS_OF_A_YEAR
        weeks: list[int] = [term.value for name, term in terms.items() if name.endswith("_weeks")]
        weeks += [count for name, count in _WEEKS_OF_RULES.items() if name in terms]
        return 7 * max([1, *weeks])

    def week_of(self, ordinal: int) -> int:
        """Return a number that the dates of one week share; the next week has the next."""
        return (ordinal - self.week_starts) // 7

    def first_of_week(self, week: int) -> int:
        """Return the ordinal of the first date of a week."""
        return week * 7 + self.week_starts

    def year_of(self, day: date) -> int:
        """Return the calendar year in which the year of overtime began."""
        return day.year if day.month >= self.year_starts else day.year - 1


@lru_cache(maxsize=64)
def agreements(country: str) -> frozenset[str]:
    """Return the agreements that change something in the law of a country; LookupError if there is no such country."""
    if not set(SUBJECTS) & set(parameters.listed().get(country, ())):
        raise LookupError(f"no working-time law is known for {country!r}")
    conditions = {name.partition("_if_")[2] for name, _parameter in _parameters(country)}
    return frozenset(conditions - {""}) | {APPROVED}


def comprehensive_periods(country: str) -> Sequence[str]:
    """Return the periods over which a country lets hours be reckoned; none where it does not."""
    known = dict(_parameters(country))
    return known["comprehensive_periods"].values[-1].value if "comprehensive_periods" in known else ()


def countries() -> list[str]:
    """Return the countries whose working-time law is known."""
    return [name for name, subjects in parameters.listed().items() if set(SUBJECTS) & set(subjects)]


def country_of(region: str) -> str:
    """Return the country whose law holds in a region like CN or US-CA, "" where none is known.

    A part of a country without a law of its own has that of the whole.
    """
    known = countries()
    whole = region.partition("-")[0]
    names = (region.replace("-", "_").lower(), whole.lower())
    return next((name for name in names if name in known), "")


def _parameters(country: str) -> Iterable[tuple[str, Parameter]]:
    known = parameters.listed().get(country, ())
    for subject in SUBJECTS:
        if subject in known:
            yield from parameters.load(country, subject).items()


@lru_cache(maxsize=512)
def in_force(country: str, agreed: tuple[str, ...], preset: str) -> tuple[tuple[int, Terms], ...]:
    """Return the numbers by the ordinal from which they hold, the newest first."""
    wanted = dict(parameters.load(PRESETS, preset)) if preset else {}
    own = dict(_parameters(country))
    wanted.update((name, parameter) for name, parameter in own.items() if "_if_" not in name)
    for agreement in agreed:
        ending = f"_if_{agreement}"
        wanted.update((name.removesuffix(ending), own[name]) for name in own if name.endswith(ending))
    changes = sorted({dated.valid_from for parameter in wanted.values() for dated in parameter.values}, reverse=True)
    return tuple((day.toordinal(), _terms(wanted, day)) for day in changes)


def _terms(wanted: Mapping[str, Parameter], day: date) -> Terms:
    terms = {}
    for name, parameter in wanted.items():
        if parameter.values[0].valid_from <= day:
            dated = parameter.on(day)
            if dated.value != UNLIMITED:
                terms[name] = Term(_read(dated.value, parameter.unit), dated.source)
    return terms


def _read(value: Any, unit: str) -> Any:
    """Return a value as the rules take it."""
    match unit:
        case "hour":
            return round(value * 60)
        case "clock":
            hours, minutes = value.split(":")
            return int(hours) * 60 + int(minutes)
        case "hour and percent":
            return tuple(Step(round(step["over"] * 60), step["percent"], step.get("as", "")) for step in value)
        case "hour and minute":
            return tuple((round(step["over"] * 60), step["minutes"]) for step in value)
        case _:
            return tuple(value) if isinstance(value, list) else value
