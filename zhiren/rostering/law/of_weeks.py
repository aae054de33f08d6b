"""The rules for weeks: their hours, the rest in them, days in a row, and averages of many weeks."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from zhiren.rostering.law.classes import Share
from zhiren.rostering.law.days import HOLIDAY, Row, Span, instant, is_sunday
from zhiren.rostering.law.findings import Code, Finding, Severity, Unit, grouped, too_much
from zhiren.rostering.law.terms import Law, Period, Term

_NEVER = (1 << 62, 1 << 62)
# Over how many weeks free days are counted, and the longest rest is looked for.
_RESTS = (
    (1, "weekly_rest_days", "weekly_rest"),
    (2, "fortnight_rest_days", "fortnight_rest"),
    (4, "four_week_rest_days", "four_week_rest"),
)
# By how many units of the average a week is divided; None: by its dates that are neither Sundays nor holidays.
_AVERAGED: Mapping[str, int | None] = {
    "average_week": 1,
    "average_workday": None,
    "night_average_workday": None,
    "night_average_day": 6,
}


def long_weeks(worked: Sequence[Row], _shares: Sequence[Share], law: Law) -> Iterator[Finding]:
    """Weeks of too many hours."""
    if not any("longest_week" in row.terms for row in worked):
        return
    for members in grouped(worked, lambda row: law.week_of(row.ordinal)).values():
        if term := members[-1].terms.get("longest_week"):
            yield from too_much(Code.LONGEST_WEEK, term, [(row, row.minutes) for row in members], Period.WEEK)


def rest_of_weeks(rows: Sequence[Row], _shares: Sequence[Share], law: Law) -> Iterator[Finding]:
    """Weeks, fortnights and four weeks, given whole, with too few free days or without a rest that is long enough."""
    terms = rows[0].terms.keys() | rows[-1].terms.keys()
    first_week = law.week_of(rows[0].ordinal - 1) + 1  # the first that can be there whole
    spans = [span for row in rows for span in row.day.work]
    for weeks, days, rest in _RESTS:
        if days not in terms and rest not in terms:
            continue
        stretches: dict[int, list[Row]] = {}
        for row in rows:
            stretches.setdefault((law.week_of(row.ordinal) - first_week) // weeks, []).append(row)
        for members in stretches.values():
            if len(members) == 7 * weeks:
                yield from _free_days(members, days, weeks)
                yield from _longest_rest(members, spans, rest, weeks)


def _free_days(members: Sequence[Row], name: str, weeks: int) -> Iterator[Finding]:
    terms = members[-1].terms
    if term := terms.get(name):
        minutes = [row.minutes for row in members]
        short_week, short_day = terms.get("rest_free_week"), terms.get("rest_free_day")
        if (short_week and sum(minutes) <= short_week.value) or (short_day and max(minutes) <= short_day.value):
            return
        yield from _too_little_rest(Code.REST_DAYS, members, minutes.count(0), term, unit=Unit.DAY, weeks=weeks)


def _longest_rest(members: Sequence[Row], spans: Sequence[Span], name: str, weeks: int) -> Iterator[Finding]:
    """Measure rest from the first midnight to the last; where the law says so, one begun in time counts in full."""
    terms, zone = members[-1].terms, members[0].day.zone
    if term := terms.get(name):
        begins, ends = instant(zone, members[0].ordinal, 0), instant(zone, members[-1].ordinal + 1, 0)
        begins_by = terms.get(f"{name}_begins_by")
        longest, free_from = 0, begins
        for start, end in (*spans[max(bisect_left(spans, (begins, begins)) - 1, 0) :], _NEVER):
            in_time = begins_by and free_from < instant(zone, members[-1].ordinal, begins_by.value)
            longest = max(longest, (start if in_time else min(start, ends)) - free_from)
            if start >= ends:
                break
            free_from = max(free_from, end)
        yield from _too_little_rest(Code.WEEKLY_REST, members, longest // 60, term, unit=Unit.MINUTE, weeks=weeks)


def _too_little_rest(
    code: Code, members: Sequence[Row], reached: int, term: Term, *, unit: Unit, weeks: int
) -> Iterator[Finding]:
    worked = [row for row in members if row.minutes]
    if reached < term.value and worked:
        yield Finding(
            code=code,
            severity=Severity.BREACH if worked[-1].is_done else Severity.SOON,
            reached=reached,
            limit=term.value,
            unit=unit,
            period=Period.WEEK,
            length=weeks,
            days=tuple(row.day.on for row in worked),
            source=term.source,
        )


def days_in_a_row(worked: Sequence[Row], _shares: Sequence[Share], _law: Law) -> Iterator[Finding]:
    """Too many dates with work, one after the other."""
    if not any("consecutive_days" in row.terms for row in worked):
        return
    places = {row.ordinal: place for place, row in enumerate(worked)}
    for run in grouped(
        worked, lambda row: row.ordinal - places[row.ordinal]
    ).values():  # the same while no date is left out
        term = run[-1].terms.get("consecutive_days")
        if term and len(run) > term.value:
            yield Finding(
                code=Code.CONSECUTIVE_DAYS,
                severity=Severity.BREACH if run[term.value].done else Severity.SOON,
                reached=len(run),
                limit=term.value,
                unit=Unit.DAY,
                period=Period.DAY,
                days=tuple(row.day.on for row in run),
                source=term.source,
            )


def substitute_days(rows: Sequence[Row], _shares: Sequence[Share], _law: Law) -> Iterator[Finding]:
    """Sundays and holidays worked for which no other day is free in time. Each free day makes up for one, the earliest.

    A date that was not given is free, so nothing is found while part of the time lies outside of what was given.
    """
    by_ordinal = {row.ordinal: row for row in rows}
    used: set[int] = set()
    for row in rows:
        name = "holiday_substitute" if row.day.kind == HOLIDAY else "sunday_substitute"
        term = row.terms.get(name)
        if not term or not row.minutes or not (row.day.kind == HOLIDAY or is_sunday(row.ordinal)):
            continue
        within = range(row.ordinal - term.value + 1, row.ordinal + term.value)
        free = next((each for each in within if each not in used and _is_free(by_ordinal.get(each), each)), None)
        if free is None:
            later = [by_ordinal[each] for each in within if each >= row.ordinal]
            yield Finding(
                code=Code.SUBSTITUTE_DAY,
                severity=Severity.BREACH if all(each.is_done for each in later) else Severity.SOON,
                reached=0,
                limit=1,
                unit=Unit.DAY,
                period=Period.WEEK,
                length=term.value // 7,
                days=(row.day.on,),
                source=term.source,
            )
        else:
            used.add(free)


def _is_free(row: Row | None, ordinal: int) -> bool:
    return not is_sunday(ordinal) and (row is None or (not row.minutes and row.day.kind != HOLIDAY))


def averages(rows: Sequence[Row], _shares: Sequence[Share], _law: Law) -> Iterator[Finding]:
    """The fullest period of each average that is passed: of a week's hours, of a working day's, of a night worker's."""
    for name, units_a_week in _AVERAGED.items():
        term, weeks = rows[-1].terms.get(name), rows[-1].terms.get(f"{name}_weeks")
        if term and weeks:
            yield from _average(name, term, weeks.value, units_a_week, rows)


def _average(name: str, term: Term, weeks: int, units_a_week: int | None, rows: Sequence[Row]) -> Iterator[Finding]:
    """Slide a window of so many weeks over the dates, without days of leave; dates that were not given are free."""
    length = weeks * 7
    kept = _without_leave(rows)
    fullest: tuple[int, int, int, int] | None = None
    minutes = units = start = 0
    for end, (place, row) in enumerate(kept):
        minutes += row.minutes
        units += _is_working_day(row)
        while place - kept[start][0] >= length:
            minutes -= kept[start][1].minutes
            units -= _is_working_day(kept[start][1])
            start += 1
        missing = length - (end - start + 1)
        divisor = weeks * units_a_week if units_a_week else units + missing * 6 // 7
        if minutes > term.value * divisor and (fullest is None or minutes * fullest[1] >= fullest[0] * divisor):
            fullest = minutes, divisor, start, end
    if fullest:
        minutes, divisor, start, end = fullest
        members = [row for _place, row in kept[start : end + 1] if row.minutes]
        yield Finding(
            code=Code(name),
            severity=Severity.BREACH if sum(row.done for row in members) > term.value * divisor else Severity.SOON,
            reached=-(-minutes // divisor),
            limit=term.value,
            unit=Unit.MINUTE,
            period=Period.WEEK,
            length=weeks,
            days=(members[0].day.on, members[-1].day.on),
            source=term.source,
        )


def _without_leave(rows: Sequence[Row]) -> list[tuple[int, Row]]:
    """Return the other days, each with its place among the dates that are left."""
    kept = []
    away = 0
    for row in rows:
        if row.day.away:
            away += 1
        else:
            kept.append((row.ordinal - away, row))
    return kept


def _is_working_day(row: Row) -> int:
    return int(row.day.kind != HOLIDAY and not is_sunday(row.ordinal))
