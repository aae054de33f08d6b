"""Dates and times as people and machines write them into files. Pure; nothing is guessed here.

A date in numbers is read in one of three orders, `ymd`, `dmy` or `mdy`, which is decided for a whole file.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from zhiren.attendance.filetables import Cell

ORDERS = ("ymd", "dmy", "mdy")
FIRST_YEAR, LAST_YEAR = 1990, 2099

_MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTHS = {name: number for number, full in enumerate(_MONTH_NAMES, 1) for name in (full, full[:3])} | {"sept": 9}
_WEEKDAY = re.compile(
    r"[（(]?\s*(?:星期[一二三四五六日天]|周[一二三四五六日]|\b(?:mon|tue|wed|thu|fri|sat|sun)(?:[a-z]*day)?\b\.?,?)\s*[）)]?",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"^(\d{1,4})\s*[-/.年\\]\s*(\d{1,2})\s*[-/.月\\]\s*(\d{1,4})日?(?!\d)[T\s,]*")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:[T\s]*(\d{2})(\d{2})(\d{2})?)?$")
_DAY_MONTH = re.compile(r"^(\d{1,2})[-/.\s]*([A-Za-z]{3,9})[-/.,\s]*(\d{2,4})(?!\d)[T\s,]*")
_MONTH_DAY = re.compile(r"^([A-Za-z]{3,9})[-/.\s]*(\d{1,2})(?:st|nd|rd|th)?[-/.,\s]+(\d{2,4})(?!\d)[T\s,]*")
_TIME = re.compile(
    r"""(?P<next>次日|翌日|\(\+1\)|\+1\s*)?\s*
    (?P<before>上午|下午|凌晨|早上|中午|晚上|AM|PM)?\s*
    (?P<hour>\d{1,2})\s*[:时點点]\s*(?P<minute>\d{2})(?:\s*[:分]\s*(?P<second>\d{2})(?:[.,]\d{1,6})?秒?)?分?
    (?:\s*(?P<after>[AaPp]\.?\s?[Mm]\.?)(?![A-Za-z]))?""",
    re.VERBOSE,
)
_DURATION = re.compile(r"\d+(?:\.\d+)?\s*(?:分钟|小时|个小时|minutes?|min|hours?)")
_WITH_OFFSET = re.compile(
    r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})$", re.ASCII
)
_MACHINE_DATE = re.compile(r"^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})$", re.ASCII)
_YEAR_FIRST = re.compile(r"^\s*\d{4}[-/.年]")
_EXCEL_BEGINS = datetime.combine(date(1899, 12, 30), time())
_EXCEL_SERIAL = re.compile(r"^\d{5}(?:\.\d+)?$")
_EXCEL_FRACTION = re.compile(r"^0?\.\d+$")
_AFTER_NOON = {"下午", "晚上", "pm"}
_BEFORE_NOON = {"上午", "凌晨", "早上", "am"}


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day; `days` later than the date beside it."""

    at: time
    days: int = 0


@dataclass(frozen=True, slots=True)
class When:
    """What a cell says: a date, times of day, or both. `rest` is what else stands in it."""

    on: date | None = None
    clocks: tuple[Clock, ...] = ()
    rest: str = ""


def wall(on: date, clock: Clock) -> datetime:
    """Return the local wall time of a clock on a date."""
    return datetime.combine(on + timedelta(days=clock.days), clock.at)


def read_cell(cell: Cell, order: str, *, zone: str = "") -> When:
    """Return what a cell says when dates in numbers are read in this order; a zone turns offsets into local time."""
    if isinstance(cell, datetime):
        return _of(cell) if FIRST_YEAR <= cell.year <= LAST_YEAR else _of_fraction(cell)
    if isinstance(cell, date):
        return When(on=cell) if FIRST_YEAR <= cell.year <= LAST_YEAR else When(rest=str(cell))
    if isinstance(cell, time):
        return When(clocks=(Clock(cell.replace(microsecond=0)),))
    if isinstance(cell, bool):
        return When(rest=str(cell))
    if isinstance(cell, timedelta):
        return _of_seconds(round(cell.total_seconds()), str(cell))
    if isinstance(cell, float | int):
        return _of_number(float(cell))
    return _of_text(cell, order, zone)


def orders_of(cells: Sequence[Cell]) -> dict[str, int]:
    """Return for each order how many dates in numbers can be read in it; empty where no cell needs an order."""
    found: dict[str, int] = {}
    for cell in cells:
        if not isinstance(cell, str) or _YEAR_FIRST.match(cell):
            continue
        match = _NUMBERS.match(_plain(cell))
        if match is None or len(match[1]) == 4:
            continue
        for order in ORDERS:
            found[order] = found.get(order, 0) + (_date_of(match.groups(), order) is not None)
    return found


def clocks_of(text: str) -> tuple[tuple[Clock, ...], str]:
    """Return all times of day in a text, also where nothing stands between them, and what else is there."""
    text = _normal(text)
    clocks = []
    rest, at = [], 0
    for match in _TIME.finditer(text):
        clock = _clock(match)
        if clock is None:
            continue
        rest.append(text[at : match.start()])
        at = match.end()
        clocks.append(clock)
    rest.append(text[at:])
    return tuple(clocks), " ".join(_DURATION.sub("", part).strip(" \n\t,;/|、，；-~") for part in rest).strip()


def _of_text(text: str, order: str, zone: str) -> When:
    if machine := _MACHINE_DATE.match(text):
        year, month, day, hour, minute, second = map(int, machine.groups())
        if (
            FIRST_YEAR <= year <= LAST_YEAR
            and 1 <= month <= 12
            and 1 <= day <= 28
            and hour < 24
            and minute < 60 > second
        ):
            return When(date(year, month, day), (Clock(time(hour, minute, second)),))
    plain = _plain(text)
    if not plain:
        return When()
    if _WITH_OFFSET.match(plain):
        return _of_instant(plain, zone)
    if _EXCEL_SERIAL.match(plain) or _EXCEL_FRACTION.match(plain):
        return _of_number(float(plain))
    if compact := _COMPACT.match(plain):
        return _of_compact(compact, plain)
    on, rest = _leading_date(plain, order)
    if on is None and rest is not plain:
        return When(rest=plain)
    clocks, left = clocks_of(rest)
    return When(on, clocks, left)


def _leading_date(text: str, order: str) -> tuple[date | None, str]:
    """Return the date a text begins with and what follows; the text itself where none is tried."""
    if match := _NUMBERS.match(text):
        own = "ymd" if len(match[1]) == 4 else order
        return _date_of(match.groups(), own) if own else None, text[match.end() :]
    if match := _DAY_MONTH.match(text):
        return _named(match[3], match[2], match[1]), text[match.end() :]
    if match := _MONTH_DAY.match(text):
        return _named(match[3], match[1], match[2]), text[match.end() :]
    return None, text


def _date_of(parts: Sequence[str], order: str) -> date | None:
    values = dict(zip(order, parts, strict=True))
    if len(values["y"]) not in (2, 4) or len(values["m"]) > 2 or len(values["d"]) > 2:
        return None
    return _date(values["y"], int(values["m"]), values["d"])


def _named(year: str, month: str, day: str) -> date | None:
    number = _MONTHS.get(month.lower())
    return _date(year, number, day) if number and len(year) in (2, 4) else None


def _date(year: str, month: int, day: str) -> date | None:
    full = int(year) if len(year) == 4 else 2000 + int(year)
    try:
        return date(full, month, int(day)) if FIRST_YEAR <= full <= LAST_YEAR else None
    except ValueError:
        return None


def _of_compact(match: re.Match[str], text: str) -> When:
    on = _date(match[1], int(match[2]), match[3])
    if on is None:
        return When(rest=text)
    if match[4] is None:
        return When(on=on)
    try:
        return When(on, (Clock(time(int(match[4]), int(match[5]), int(match[6] or 0))),))
    except ValueError:
        return When(rest=text)


def _of_number(value: float) -> When:
    """Return what a number of a spreadsheet means: days since the end of 1899, or a part of a day."""
    if 0 <= value < 1:
        return _of_seconds(round(value * 86_400), str(value))
    try:
        moment = _EXCEL_BEGINS + timedelta(seconds=round(value * 86_400))
    except (OverflowError, ValueError):
        return When(rest=str(value))
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return When(rest=str(value))
    return When(on=moment.date()) if value == int(value) else _of(moment)


def _of_fraction(cell: datetime) -> When:
    """Return a time of more than a day, which a spreadsheet shows as a date of 1899 or 1900."""
    return (
        _of_seconds(round((cell - _EXCEL_BEGINS).total_seconds()), str(cell))
        if cell.year < 1901
        else When(rest=str(cell))
    )


def _of_seconds(seconds: int, text: str) -> When:
    days, rest = divmod(seconds, 86_400)
    if not 0 <= days <= 1:
        return When(rest=text)
    return When(clocks=(Clock(time(rest // 3600, rest // 60 % 60, rest % 60), days),))


def _of(moment: datetime) -> When:
    if moment.microsecond >= 500_000:
        moment += timedelta(seconds=1)
    return When(moment.date(), (Clock(moment.time().replace(microsecond=0, tzinfo=None)),))


def _of_instant(text: str, zone: str) -> When:
    """Return what the clocks of a zone show at an instant; without a zone, what was shown where it was written."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return When(rest=text)
    return _of((moment.astimezone(ZoneInfo(zone)) if zone else moment).replace(tzinfo=None))


def _clock(match: re.Match[str]) -> Clock | None:
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    half = re.sub(r"[.\s]", "", (match["before"] or match["after"] or "").lower())
    days = 1 if match["next"] else 0
    if half and not 0 <= hour <= 12 and half in ("am", "pm"):
        return None
    if half in _AFTER_NOON and hour < 12:
        hour += 12
    elif half in _BEFORE_NOON and hour == 12:
        hour = 0
    if 24 <= hour < 48 and not half:
        hour, days = hour - 24, days + 1
    if hour > 23 or minute > 59 or second > 59:
        return None
    return Clock(time(hour, minute, second), days)


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("\ufeff", "").replace("\x00", " ")


def _plain(cell: str) -> str:
    """Return a text without what says nothing: blanks, quotes, a weekday."""
    return _WEEKDAY.sub(" ", _normal(cell)).strip(" \t\n\r'\"`\x1a").strip()
