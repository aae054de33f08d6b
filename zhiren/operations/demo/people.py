"""Made-up applicants for the demo company: the same seed and month give the same people, none of whom exists."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from zhiren.kernel import yamls

SEED = 20261122

# Names under these endings can belong to nobody (RFC 2606).
MAIL_DOMAINS = ("example.com", "example.org", "example.net")

# First number of a block and how many numbers it holds. Germany, Britain and North America keep these blocks for
# films and plays. China keeps none, but a résumé with an impossible number would look broken and could not be told
# apart by phone: 162 0000 is a reseller block for which the public numbering data names neither operator nor city.
PHONE_BLOCKS = {
    "CN": (8616200000000, 10_000),
    "DE": (4917604069000, 100),
    "GB": (442079460000, 1_000),
    "US": (12025550100, 100),
}

SHORTEST_JOB_MONTHS = 10


@dataclass(frozen=True, kw_only=True)
class Schooling:
    """One course of study. `start` and `end` are first days of months; `degree` is in the person's language."""

    school: str
    major: str
    degree: str
    start: date
    end: date


@dataclass(frozen=True, kw_only=True)
class Job:
    """One employment. `start` and `end` are first days of the first and last month; no `end` means until today."""

    company: str
    title: str
    start: date
    end: date | None
    duties: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class FictionalPerson:
    """One applicant as their résumé tells it; studies and jobs from the earliest to the latest.

    `key` and `number` are unique. `opening` is a key in `company.yaml`. `phone` is in E.164. `expected_pay` is per
    month, in minor units of `currency`. `same_as` is the key of the person this one really is: same human being and
    phone number, another file.
    """

    key: str
    number: int
    opening: str
    intent: str
    name: str
    language: str
    phone: str
    mail: str
    city: str
    birth_year: int | None
    years: int
    degree: str
    education: tuple[Schooling, ...]
    employments: tuple[Job, ...]
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    certificates: tuple[str, ...]
    summary: str
    expected_pay: int
    currency: str
    same_as: str | None = None


def fictional_people(*, on: date, seed: int = SEED) -> list[FictionalPerson]:
    """Return the applicants of the demo company as they would present themselves in the month of `on`.

    Changing one entry of `people.yaml` leaves the others as they are.
    """
    people: dict[str, FictionalPerson] = {}
    for number, entry in enumerate(_sources()["people"]):
        # Invented people are no secret: what counts is that the same seed invents the same ones.
        rng = random.Random(f"{seed}:{entry['key']}")  # noqa: S311 - see above
        if "same_as" in entry:
            people[entry["key"]] = _second_file_of(people[entry["same_as"]], entry, number, rng)
        else:
            people[entry["key"]] = _person(entry, number, on, rng)
    return list(people.values())


def _person(entry: dict[str, Any], number: int, on: date, rng: random.Random) -> FictionalPerson:
    language = entry["language"]
    field = _sources()["openings"][entry["opening"]][language]
    education = _education(field, language, on.year - entry["years"], rng)
    tongues = _sources()["languages"][language]
    pay = _opening(entry["opening"])["pay_range"]
    return FictionalPerson(
        key=entry["key"],
        number=number,
        opening=entry["opening"],
        intent=field["intent"],
        name=entry["name"],
        language=language,
        phone=_phone(entry.get("country", "CN"), number),
        mail=f"{entry['mail']}@{rng.choice(MAIL_DOMAINS)}",
        city=entry["city"],
        birth_year=education[0].start.year - 18 if rng.random() < (0.75 if language == "zh" else 0.2) else None,
        years=entry["years"],
        degree=education[-1].degree,
        education=education,
        employments=_employments(field, entry["years"], education[-1].end, on, rng),
        skills=(*_some(field["core_skills"], 3, 6, rng), *_some(field["more_skills"], 2, 5, rng)),
        languages=(rng.choice(tongues["first"]), *_some(tongues["more"], 0, 1, rng)),
        certificates=tuple(_some(field["certificates"], 0, 2, rng)),
        summary=("" if language == "zh" else " ").join(rng.sample(field["summaries"], 2)),
        expected_pay=_expected_pay(pay["minimum"], pay["maximum"], entry["years"], rng),
        currency=pay["currency"],
    )


def _second_file_of(first: FictionalPerson, entry: dict[str, Any], number: int, rng: random.Random) -> FictionalPerson:
    """Return the same human being writing again: moved, with another mail address and the skills in another order."""
    return replace(
        first,
        key=entry["key"],
        number=number,
        city=entry["city"],
        mail=f"{entry['mail']}@{rng.choice(MAIL_DOMAINS)}",
        skills=tuple(rng.sample(first.skills, len(first.skills))),
        same_as=first.key,
    )


def _education(field: dict[str, Any], language: str, graduation_year: int, rng: random.Random) -> tuple[Schooling, ...]:
    """Return the studies that end with the highest degree in `graduation_year`; a master studied twice."""
    degrees = _sources()["degrees"][language]
    shares = field["degree_share"]
    highest = rng.choices(list(shares), weights=list(shares.values()))[0]
    studied = []
    end_year = graduation_year
    for degree in ("master", "bachelor") if highest == "master" else (highest,):
        schools = _sources()["schools"]["colleges" if degree == "college" else language]
        start_year = end_year - degrees[degree]["years"]
        studied.append(
            Schooling(
                school=rng.choice(schools),
                major=rng.choice(field["majors"]),
                degree=degrees[degree]["name"],
                start=date(start_year, 9, 1),
                end=date(end_year, 6, 1),
            )
        )
        end_year = start_year
    return tuple(reversed(studied))


def _employments(field: dict[str, Any], years: int, graduation: date, on: date, rng: random.Random) -> tuple[Job, ...]:
    """Return jobs from graduation to `on`, one after the other; a few with up to three empty months between."""
    first = _month_number(graduation) + 1
    months = _month_number(on) - first
    count = max(1, min(4, round(years / 3 + rng.uniform(-0.4, 0.8)), months // SHORTEST_JOB_MONTHS))
    starts = [first, *(first + cut for cut in _cuts(months, count, rng))]
    companies = rng.sample(field["employers"], count)
    duties = rng.sample(field["duties"], len(field["duties"]))
    share = min(5, len(duties) // count)
    highest = min(len(field["titles"]) - 1, max(1, years // 3))
    jobs = []
    for index, start in enumerate(starts):
        end: int | None
        if index + 1 < count:
            end = starts[index + 1] - 1 - rng.choice((0, 0, 0, 1, 3))
        else:
            end = _month_number(on) - rng.randint(1, 4) if rng.random() < 0.2 else None
        title = field["titles"][round(highest * (index + 1) / count) if count > 1 else highest - 1]
        mine = [duties.pop() for _ in range(rng.randint(share - 1, share))]
        if index + 1 == count and years > 3:
            mine.insert(0, rng.choice(field["lead_duties"]))
        jobs.append(
            Job(
                company=companies[index],
                title=title,
                start=_month(start),
                end=None if end is None else _month(end),
                duties=tuple(_with_numbers(duty, rng) for duty in mine),
            )
        )
    return tuple(jobs)


def _cuts(months: int, count: int, rng: random.Random) -> list[int]:
    """Return where, in months from the start, each job but the first begins; no part is shorter than allowed."""
    spare = months - count * SHORTEST_JOB_MONTHS
    shifts = sorted(rng.randint(0, max(spare, 0)) for _ in range(count - 1))
    return [shift + SHORTEST_JOB_MONTHS * (index + 1) for index, shift in enumerate(shifts)]


def _expected_pay(minimum: int, maximum: int, years: int, rng: random.Random) -> int:
    """Return what they ask for, per month in minor units: more with the years, now and then above the range."""
    wish = minimum + (maximum - minimum) * min(years / 10, 1.0) * rng.uniform(0.8, 1.25)
    step = minimum // 50 // 10_000 * 10_000 or 10_000
    return round(wish / step) * step


def _phone(country: str, number: int) -> str:
    """Return the person's own number; 3779 has no factor in common with any block's size, so no two meet."""
    first, size = PHONE_BLOCKS[country]
    return f"+{first + (1847 + number * 3779) % size}"


def _some(pool: Sequence[str], least: int, most: int, rng: random.Random) -> list[str]:
    return rng.sample(pool, min(len(pool), rng.randint(least, most)))


def _with_numbers(sentence: str, rng: random.Random) -> str:
    """Replace each {low..high} by a number between the two."""
    return re.sub(r"\{(\d+)\.\.(\d+)\}", lambda found: str(rng.randint(int(found[1]), int(found[2]))), sentence)


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _opening(key: str) -> dict[str, Any]:
    return next(opening for opening in _read("company.yaml")["openings"] if opening["key"] == key)


def _sources() -> dict[str, Any]:
    return _read("people.yaml")


@cache
def _read(name: str) -> dict[str, Any]:
    text = resources.files("zhiren.operations.demo").joinpath(name).read_text(encoding="utf-8")
    content: dict[str, Any] = yamls.load(text)
    return content
