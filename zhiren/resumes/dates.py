"""Dates and time ranges as résumés write them, in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from zhiren.resumes.vocabulary import small

OLDEST_YEAR, NEWEST_YEAR = 1930, 2099

# English, German, French, Spanish, Italian, Dutch, Portuguese; a word that two of them give two months is left out.
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar januari janv janvier enero ene gennaio gen janeiro",
            "feb february februar februari fév févr février febrero febbraio fevereiro",
            "mar march märz mrz maart mars marzo março",
            "apr april avr avril abril abr aprile",
            "may mai mei mayo maio maggio",
            "jun june juni juin junio giugno junho",
            "jul july juli juil juillet julio luglio julho",
            "aug august augustus août agosto ago",
            "sep sept september septembre septiembre settembre setembro",
            "oct october okt oktober octobre octubre ottobre outubro",
            "nov november novembre noviembre novembro",
            "dec december dez dezember déc décembre diciembre dicembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_CHINESE_MONTHS = {
    name: number
    for number, name in enumerate(("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"), start=1)
}
_MONTH_WORD = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_MONTH_BEFORE_YEAR = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_YEAR = r"(?:19[3-9]\d|20\d\d)"
_MONTH = r"(?:1[0-2]|0?[1-9])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"

_NO_YEAR = "(?!级|薪|度|代|龄|以|的|内|限|历史)"  # what makes a number of years or a school class of it

# Each alternative names its parts with a letter, so that two dates fit into one expression.
_DATE = rf"""(?:
    (?<!\d)(?P<{{0}}y1>{_YEAR})\s?[./\-年]\s?(?P<{{0}}m1>{_MONTH})(?!\d)(?:\s?月)?(?:\s?份)?
        (?:\s?[./\-]?\s?(?P<{{0}}d1>{_DAY})(?!\d)\s?[日号]|[./\-](?P<{{0}}d2>{_DAY})(?![\d./]))?
  | (?<![\w])(?P<{{0}}m2>{_MONTH_WORD})\s?(?:(?P<{{0}}d3>{_DAY})(?:st|nd|rd|th)?,?\s)?\s?
        [,/\-']?\s?(?P<{{0}}y2>{_YEAR})(?!\d)
  | (?<![\w])(?P<{{0}}d4>{_DAY})(?:st|nd|rd|th)?\s(?P<{{0}}m4>{_MONTH_WORD}),?\s(?P<{{0}}y4>{_YEAR})(?!\d)
  | (?<![\d./])(?P<{{0}}m3>{_MONTH})\s?[./]\s?(?P<{{0}}y3>{_YEAR})(?!\d)
  | (?<!\d)(?P<{{0}}y6>{_YEAR})(?P<{{0}}m6>0[1-9]|1[0-2])(?!\d)
  | (?<![\w])(?P<{{0}}m8>{_MONTH_BEFORE_YEAR})\s?月[.,]?\s?(?P<{{0}}y8>{_YEAR})(?!\d)
  | (?<![\w])(?P<{{0}}m9>{_MONTH_WORD})\s?['’\-]\s?(?P<{{0}}y9>\d\d)(?!\d|,?\s\d)
  | (?<![\w'’])['’](?P<{{0}}y0>[0-3]\d|9\d)(?![\d\w])
  | (?<![\w])(?:spring|summer|fall|autumn|winter)\s(?P<{{0}}y7>{_YEAR})(?!\d)
  | (?<![\w.+@/#$¥￥])(?P<{{0}}y5>{_YEAR})(?![\d%+@])(?:\s?年{_NO_YEAR})?
  | (?<=[\u4e00-\u9fff])(?<![近前约第今过])(?P<{{0}}ya>{_YEAR})\s?年{_NO_YEAR}
)"""
_NOW = (
    r"(?:至今|迄今|目前|现在|现今|仍?在职|今天?|(?:the\s)?present|current(?:ly)?|now|today|(?:till\s|to\s|"
    r"until\s)?(?:date|now)|ongoing|"
    r"heute|aujourd['’]hui|présent|presente|actualidad|actual(?:mente)?|oggi|heden)(?![a-z])"
)
_UNTIL = (
    r"(?:\s*(?:-{1,3}|[–—−~～〜至到]|——|->|→|\bto\b|\buntil\b|\btill\b|\bthrough\b|\bbis\b|\bhasta\b|\bà\b)"
    r"(?:\s*(?:-|[–—至到]))?\s*)"
)
_RANGE = re.compile(
    rf"""{_DATE.format("a")}
         (?:{_UNTIL}(?:(?P<now>{_NOW}(?:\s?[/(（]?\s?{_NOW}[)）]?)?)|{_DATE.format("b")})
          | \s*(?P<now2>至今|迄今)
          | \s?起(?P<since>)(?!草|到|于|步)
         )""",
    re.VERBOSE,
)
_SAME_YEAR = re.compile(
    rf"(?<!\w)(?P<am2>{_MONTH_WORD})\s?[–—\-~to]+\s?(?P<bm2>{_MONTH_WORD})\s?,?\s?(?P<by2>{_YEAR})(?!\d)"
)
_OPEN = re.compile(rf"{_DATE.format('a')}{_UNTIL}(?P<month>{_MONTH_WORD}|[a-z]{{2,8}}-|(?=$))\s*$", re.VERBOSE)
_MONTH_ALONE = re.compile(rf"(?:^|[\s(（\t]){_MONTH_WORD}\s*$")
_YEARS = re.compile(r"(?<![\w./\-])(?P<first>19[3-9]\d|20\d\d)\s?[-–—]\s?(?P<last>\d\d)(?![\w./\-年月])")
_REPUBLIC = re.compile(
    r"(?:民国\s?(?P<named>\d{2,3})|(?<=[-–—~至到 ])(?P<bare>\d{2,3}))\s?年"
    r"(?:\s?(?P<month>1[0-2]|0?[1-9])\s?月(?:\s?(?P<day>3[01]|[12]\d|0?[1-9])\s?日)?)?"
)
_SINCE = re.compile(rf"(?:\bsince|\bseit|\bdepuis|自|从)\s?{_DATE.format('a')}", re.VERBOSE)
_DIGITS = re.compile(r"\d\d")
_SINGLE = re.compile(_DATE.format("a"), re.VERBOSE)


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
    if not _DIGITS.search(text):
        return []
    text = small(text)
    found = _republican_ranges(text) if "民国" in text else []
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
        first_month, last_month = (_MONTHS[match[name].rstrip(".")] for name in ("am2", "bm2"))
        if first_month <= last_month:
            found.append(
                Range(
                    When(f"{year}-{first_month:02}", match.start("am2"), match.end("am2")),
                    When(f"{year}-{last_month:02}", match.start("bm2"), match.end("by2")),
                    match.start(),
                    match.end(),
                )
            )
    for match in _YEARS.finditer(text):
        if not any(match.start() < known.end and known.start < match.end() for known in found):
            first_year, last_year = int(match["first"]), int(match["first"]) // 100 * 100 + int(match["last"])
            # 2011-12 may be a month; 2016-20 can only be years
            if last_year % 100 > 12 and first_year <= last_year:
                ends = (When(str(first_year), *match.span("first")), When(str(last_year), *match.span("last")))
                found.append(Range(*ends, match.start(), match.end()))
    for match in _SINCE.finditer(text):
        if not any(match.start() < known.end and known.start < match.end() for known in found):
            first = _when(match, "a")
            if first:
                found.append(Range(first, None, match.start(), match.end()))
    return sorted(found, key=lambda item: item.start)


def dates_in(text: str) -> list[When]:
    """Return every single date of one line, from left to right."""
    if not _DIGITS.search(text):
        return []
    if "民国" in text:
        return _republican_dates(text)
    return [when for match in _SINGLE.finditer(small(text)) if (when := _when(match, "a"))]


def ends_open(text: str) -> bool:
    """Return whether a line breaks off in the middle of a range: `Sept 2018 –`, `Sept 2018 to May`, `(Sept`."""
    bare = small(text)
    if _MONTH_ALONE.search(bare):
        return True
    return _DIGITS.search(text) is not None and _OPEN.search(bare) is not None


def _republican_dates(text: str) -> list[When]:
    """Return the dates of a line that counts years from the founding of the Republic in 1912, as Taiwan does."""
    found = []
    for match in _REPUBLIC.finditer(text):
        year = int(match["named"] or match["bare"]) + 1911
        value = "-".join((str(year), *(f"{int(part):02}" for part in (match["month"], match["day"]) if part)))
        found.append(When(value, match.start(), match.end()))
    return found


def _republican_ranges(text: str) -> list[Range]:
    dates = _republican_dates(text)
    found = []
    for index, first in enumerate(dates):
        between = text[first.end : dates[index + 1].start] if index + 1 < len(dates) else ""
        if between and re.fullmatch(_UNTIL, between):
            last = dates[index + 1]
            if last.value[: len(first.value)] >= first.value[: len(last.value)]:
                found.append(Range(first, last, first.start, last.end))
        elif now := re.match(rf"{_UNTIL}?{_NOW}", text[first.end :]):
            found.append(Range(first, None, first.start, first.end + now.end()))
    return found


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
    if year < 100:
        year += 1900 if year > 50 else 2000
    month = day = 0
    if "m" in parts:
        word = parts["m"][0].rstrip(".")
        month = _MONTHS.get(word) or _CHINESE_MONTHS.get(word) or int(word)
    if "d" in parts:
        day = int(parts["d"][0])
    value = f"{year}-{month:02}-{day:02}" if month and day else f"{year}-{month:02}" if month else f"{year}"
    if day:
        try:
            date(year, month, day)
        except ValueError:
            return None
    return When(value, min(span[0] for _, span in parts.values()), max(span[1] for _, span in parts.values()))
