"""Dates and time ranges as résumés write them, in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

OLDEST_YEAR, NEWEST_YEAR = 1930, 2099

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july",
            "aug august", "sep sept september", "oct october", "nov november", "dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH_WORD = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?:19[3-9]\d|20\d\d)"
_MONTH = r"(?:1[0-2]|0?[1-9])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"

# Each alternative names its parts with a letter, so that two dates fit into one expression.
_DATE = rf"""(?:
    (?<!\d)(?P<{{0}}y1>{_YEAR})\s?[./\-年]\s?(?P<{{0}}m1>{_MONTH})(?!\d)(?:\s?月)?(?:\s?份)?
        (?:\s?[./\-]?\s?(?P<{{0}}d1>{_DAY})(?!\d)\s?[日号]|[./\-](?P<{{0}}d2>{_DAY})(?![\d./]))?
  | (?<![\w])(?P<{{0}}m2>{_MONTH_WORD})\s?(?:(?P<{{0}}d3>{_DAY})(?:st|nd|rd|th)?,?\s)?\s?
        [,/\-']?\s?(?P<{{0}}y2>{_YEAR})(?!\d)
  | (?<![\w])(?P<{{0}}d4>{_DAY})(?:st|nd|rd|th)?\s(?P<{{0}}m4>{_MONTH_WORD}),?\s(?P<{{0}}y4>{_YEAR})(?!\d)
  | (?<![\d./])(?P<{{0}}m3>{_MONTH})\s?[./]\s?(?P<{{0}}y3>{_YEAR})(?!\d)
  | (?<!\d)(?P<{{0}}y6>{_YEAR})(?P<{{0}}m6>0[1-9]|1[0-2])(?!\d)
  | (?<![\w])(?:spring|summer|fall|autumn|winter)\s(?P<{{0}}y7>{_YEAR})(?!\d)
  | (?<![\w.+@/#$¥￥])(?P<{{0}}y5>{_YEAR})(?![\d%+@])(?:\s?年(?!级|薪|度|代|龄|以|的|内|限))?
)"""
_NOW = r"(?:至今|迄今|目前|现在|今天?|present|current(?:ly)?|now|today|till\s(?:date|now)|to\sdate|ongoing)(?![a-z])"
_UNTIL = r"(?:\s*(?:-{1,3}|[–—−~～〜至到]|——|->|→|\bto\b|\buntil\b|\btill\b|\bthrough\b)\s*)"
_RANGE = re.compile(
    rf"""{_DATE.format("a")}
         (?:{_UNTIL}(?:(?P<now>{_NOW})|{_DATE.format("b")})
          | \s*(?P<now2>至今|迄今)
          | \s?起(?P<since>)(?!草|到|于|步)
         )""",
    re.VERBOSE | re.IGNORECASE,
)
_SAME_YEAR = re.compile(
    rf"(?<!\w)(?P<am2>{_MONTH_WORD})\s?[–—\-~to]+\s?(?P<bm2>{_MONTH_WORD})\s?,?\s?(?P<by2>{_YEAR})(?!\d)",
    re.IGNORECASE,
)
_SINCE = re.compile(rf"(?:\bsince|自|从)\s?{_DATE.format('a')}", re.VERBOSE | re.IGNORECASE)
_SINGLE = re.compile(_DATE.format("a"), re.VERBOSE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class When:
    """One date as written: `YYYY-MM-DD`, `YYYY-MM` or `YYYY`, and where it stands."""

    value: str
    start: int
    end: int

    @property
    def month(self) -> str:
        """The date without its day."""
        return self.value[:7]


@dataclass(frozen=True, slots=True)
class Range:
    """A stretch of time as written. `last` is None where it goes on to the present."""

    first: When
    last: When | None
    start: int
    end: int


def ranges_in(text: str) -> list[Range]:
    """Return the time ranges of one line, from left to right, none overlapping; backward ranges are left out."""
    found = []
    for match in _RANGE.finditer(text):
        first = _when(match, "a")
        ongoing = match["now"] or match["now2"] or match["since"] is not None
        last = None if ongoing else _when(match, "b")
        if first is None or (not ongoing and last is None):
            continue
        if last is None or last.month[: len(first.month)] >= first.month[: len(last.month)]:
            found.append(Range(first, last, match.start(), match.end()))
    for match in _SAME_YEAR.finditer(text):
        if any(match.start() < known.end and known.start < match.end() for known in found):
            continue
        year = match["by2"]
        first_month, last_month = (_MONTHS[match[name].lower().rstrip(".")] for name in ("am2", "bm2"))
        if first_month <= last_month:
            found.append(
                Range(
                    When(f"{year}-{first_month:02}", match.start("am2"), match.end("am2")),
                    When(f"{year}-{last_month:02}", match.start("bm2"), match.end("by2")),
                    match.start(),
                    match.end(),
                )
            )
    for match in _SINCE.finditer(text):
        if not any(match.start() < known.end and known.start < match.end() for known in found):
            first = _when(match, "a")
            if first:
                found.append(Range(first, None, match.start(), match.end()))
    return sorted(found, key=lambda item: item.start)


def dates_in(text: str) -> list[When]:
    """Return every single date of one line, from left to right."""
    return [when for match in _SINGLE.finditer(text) if (when := _when(match, "a"))]


def months_covered(spans: Iterable[tuple[str, str | None]], *, on: date) -> int:
    """Return how many months at least one span covers, up to `on`; an end of None means: still going on.

    Both named months count; a year without a month stands for its January. What lies after `on` or ends before it
    begins counts nothing.

    >>> months_covered([("2019-03", "2019-05"), ("2019-05", "2019-06")], on=date(2026, 1, 1))
    4
    """
    today = on.year * 12 + on.month - 1
    stretches = sorted(
        (_index(first), min(today, today if last is None else _index(last) + (len(last) > 4))) for first, last in spans
    )
    total, reached = 0, 0
    for first, last in stretches:
        first = max(first, reached)
        if last > first:
            total += last - first
            reached = last
    return total


def _index(value: str) -> int:
    return int(value[:4]) * 12 + (int(value[5:7]) - 1 if len(value) >= 7 else 0)


def _when(match: re.Match[str], letter: str) -> When | None:
    parts = {
        name[1]: (text, match.span(name))
        for name, text in match.groupdict().items()
        if text is not None and len(name) == 3 and name[0] == letter
    }
    if "y" not in parts:
        return None
    year = int(parts["y"][0])
    month = day = 0
    if "m" in parts:
        word = parts["m"][0].lower().rstrip(".")
        month = _MONTHS.get(word) or int(word)
    if "d" in parts:
        day = int(parts["d"][0])
    value = f"{year}-{month:02}-{day:02}" if month and day else f"{year}-{month:02}" if month else f"{year}"
    if day:
        try:
            date(year, month, day)
        except ValueError:
            return None
    return When(value, min(span[0] for _, span in parts.values()), max(span[1] for _, span in parts.values()))
