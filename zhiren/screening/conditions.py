"""The hard conditions an opening may have, as data. There is none on gender, marriage, birth, age or health."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

DEGREES = ("secondary", "associate", "bachelor", "master", "doctor")
LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2", "native")


@dataclass(frozen=True, kw_only=True, slots=True)
class Degree:
    """At least this degree, one of `DEGREES`, and one that is finished."""

    kind: ClassVar[str] = "degree"
    at_least: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Experience:
    """At least so many years in employment; with `field`, in jobs whose title or text names one of these words."""

    kind: ClassVar[str] = "experience"
    years: float
    field: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Skills:
    """All of `all_of` and, where it is not empty, one of `any_of`; synonyms count.

    With `silence_fails` a skill that the résumé does not name counts as missing; without, as unknown.
    """

    kind: ClassVar[str] = "skills"
    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    silence_fails: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class City:
    """Lives in one of these places: names, or administrative codes of a province (44), a city (4403) or a county."""

    kind: ClassVar[str] = "city"
    any_of: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pay:
    """Expects no more than `at_most` hundredths of `currency` a month at the lower end of what they name."""

    kind: ClassVar[str] = "pay"
    at_most: int
    currency: str = "CNY"


@dataclass(frozen=True, kw_only=True, slots=True)
class Language:
    """Knows a language (ISO 639-1), at least at one of `LEVELS` where one is given."""

    kind: ClassVar[str] = "language"
    code: str
    at_least: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """Can start within so many days."""

    kind: ClassVar[str] = "notice"
    days: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificate:
    """Holds one of these certificates or licences."""

    kind: ClassVar[str] = "certificate"
    any_of: tuple[str, ...]
    silence_fails: bool = False


Condition = Degree | Experience | Skills | City | Pay | Language | Notice | Certificate
KINDS: Mapping[str, type[Condition]] = {
    one.kind: one for one in (Degree, Experience, Skills, City, Pay, Language, Notice, Certificate)
}


def to_json(condition: Condition) -> dict[str, Any]:
    """Return a condition as plain JSON values."""
    return {"kind": condition.kind, **asdict(condition)}


def from_json(data: Mapping[str, Any]) -> Condition:
    """Return the condition that `to_json` wrote.

    Raises:
        ValueError: there is no such kind of condition, or it does not say enough.
    """
    kind = KINDS.get(str(data.get("kind")))
    if kind is None:
        raise ValueError(f"no condition of the kind {data.get('kind')!r}")
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in data.items() if name != "kind"
    }
    try:
        condition = kind(**values)
    except TypeError as error:
        raise ValueError(str(error)) from error
    _check(condition)
    return condition


def _check(condition: Condition) -> None:
    match condition:
        case Degree(at_least=degree) if degree not in DEGREES:
            raise ValueError(f"no degree {degree!r}")
        case Language(at_least=level) if level and level not in LEVELS:
            raise ValueError(f"no level {level!r}")
        case Experience(years=years) if not 0 < years <= 50:
            raise ValueError("years of experience between 0 and 50")
        case Skills(all_of=(), any_of=()) | City(any_of=()) | Certificate(any_of=()):
            raise ValueError("names nothing")
        case Pay(at_most=amount) if amount <= 0:
            raise ValueError("pay above nothing")
        case Notice(days=days) if not 0 <= days <= 730:
            raise ValueError("days between 0 and 730")
        case _:
            pass
