"""Decisions about interviews. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

LEVELS = (1, 2, 3, 4)
NOT_ASKED = 0
# From this mean on, an attribute is told to the candidate as a strength.
TOLD_FROM = 3.0

STRONG_NO, NO, MIXED, YES, STRONG_YES = "strong_no", "no", "mixed", "yes", "strong_yes"
_FOR = frozenset({YES, STRONG_YES})

SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=12)
FURTHEST = timedelta(days=731)

Attributes = Sequence[Mapping[str, Any]]


def roll_up(verdicts: Sequence[str]) -> str:
    """Return what interviewers found together: one strong no decides, else the majority, else "mixed".

    >>> roll_up(["yes", "strong_yes", "no"])
    'yes'
    >>> roll_up(["strong_yes", "strong_no"])
    'no'
    """
    if not verdicts:
        raise ValueError("nobody has given a verdict")
    if len(set(verdicts)) == 1:
        return verdicts[0]
    if STRONG_NO in verdicts:
        return NO
    votes_for = sum(verdict in _FOR for verdict in verdicts)
    if 2 * votes_for == len(verdicts):
        return MIXED
    return YES if 2 * votes_for > len(verdicts) else NO


def is_pass(verdict: str) -> bool:
    """Tell whether a verdict lets the candidate go on; "mixed" does not, people must decide."""
    return verdict in _FOR


def unrated(attributes: Attributes, ratings: Mapping[str, int]) -> list[Mapping[str, Any]]:
    """Return the attributes that are neither rated nor marked as not asked."""
    return [attribute for attribute in attributes if attribute["code"] not in ratings]


def known_ratings(attributes: Attributes, ratings: Mapping[str, Any]) -> bool:
    """Tell whether every rating is of the card and on its scale."""
    codes = {attribute["code"] for attribute in attributes}
    return all(code in codes and value in (NOT_ASKED, *LEVELS) for code, value in ratings.items())


def mean_rating(ratings: Mapping[str, int]) -> float | None:
    """Return the mean of what was rated, on the scale of 1 to 4; None if nothing was."""
    rated = [value for value in ratings.values() if value != NOT_ASKED]
    return sum(rated) / len(rated) if rated else None


@dataclass(frozen=True)
class CardForCandidate:
    """What of one scorecard goes into the words for the candidate: never concerns, evidence or the verdict."""

    attributes: Attributes
    ratings: Mapping[str, int]
    strengths: str


def words_for_candidate(cards: Iterable[CardForCandidate], language: str, *, talked_about: str) -> list[str]:
    """Return what may honestly be told to a candidate, a sentence each, without scores.

    First what interviewers wrote for them, then a sentence for every attribute whose mean is high, in the card's
    order. With neither, what was talked about: `talked_about` holds `%s` for the names of the attributes.
    """
    cards = list(cards)
    said = [" ".join(card.strengths.split()) for card in cards if card.strengths.strip()]
    given: dict[str, list[int]] = defaultdict(list)
    known: dict[str, Mapping[str, Any]] = {}
    for card in cards:
        for attribute in card.attributes:
            value = card.ratings.get(attribute["code"], NOT_ASKED)
            if value != NOT_ASKED:
                known.setdefault(attribute["code"], attribute)
                given[attribute["code"]].append(value)
    praise = [
        in_language(attribute["praise"], language)
        for code, attribute in known.items()
        if sum(given[code]) >= TOLD_FROM * len(given[code])
    ]
    if said or praise:
        return list(dict.fromkeys([*said, *praise]))
    names = [in_language(attribute["name"], language) for attribute in known.values()]
    return [talked_about % ("、" if language.startswith("zh") else ", ").join(names)] if names else []


def in_language(words: Mapping[str, str], language: str) -> str:
    """Return the words in a language, in Chinese where there are none in it.

    >>> in_language({"zh-hans": "沟通", "en": "Communication"}, "en")
    'Communication'
    """
    return words.get(language) or words.get("zh-hans") or next(iter(words.values()), "")


def moment_in(zone: str, day: date, clock: time) -> datetime | None:
    """Return the moment at which a clock on the wall of a zone shows this; None if it never does.

    In the hour that clocks skip there is no such moment; of an hour that comes twice, it is the first.

    >>> moment_in("Europe/Madrid", date(2026, 3, 29), time(2, 30)) is None
    True
    """
    try:
        tz = ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return None
    wall = datetime.combine(day, clock)
    try:
        moment = wall.replace(tzinfo=tz).astimezone(UTC)
    except OverflowError:
        return None
    return moment if moment.astimezone(tz).replace(tzinfo=None) == wall else None


def is_possible(*, starts_at: datetime, length: timedelta, zone: str, at: datetime) -> bool:
    """Tell whether an interview can be at this time: sound length, not decades away, a zone that exists."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return False
    return SHORTEST <= length <= LONGEST and abs(starts_at - at) <= FURTHEST


def same_clock(moment: datetime, zone: str, other: str) -> bool:
    """Tell whether clocks in two zones show the same at a moment."""
    return (
        zone == other or moment.astimezone(ZoneInfo(zone)).utcoffset() == moment.astimezone(ZoneInfo(other)).utcoffset()
    )


@dataclass(frozen=True)
class Feedback:
    """How many scorecards were due in a period, and how many of them came in time."""

    due: int
    in_time: int

    @property
    def percent(self) -> int:
        """The share in time, in whole percent."""
        return round(100 * self.in_time / self.due) if self.due else 0
