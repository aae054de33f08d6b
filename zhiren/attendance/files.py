"""Files of punches: a mapping says which column is what, `guess` proposes one, `read` follows it. Pure.

Every line of a file becomes punches, or a rejected line with its reason, or is one of the headings: nothing is lost,
and nothing is made up. Local wall times are read as they stand; whoever stores them knows the zone from the mapping.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from zhiren.attendance import monthsheets
from zhiren.attendance.filecells import badge_of, is_blank, text_of
from zhiren.attendance.fileguess import Columns, columns_of
from zhiren.attendance.filetables import Cell, Row, Table, tables_of
from zhiren.attendance.filetimes import ORDERS, orders_of, read_cell, wall
from zhiren.attendance.monthsheets import Layout

__all__ = ["Doubt", "Layout", "Mapping", "Punch", "Reading", "Rejected", "Unclear", "Why", "guess", "read", "tables_of"]

_CLEAR_CUT = 20  # so many times more dates must speak for an order than against it
_MOST_YEARS = 10
_FEWEST_DATES = 3  # that must ascend before their sequence decides


class Doubt(StrEnum):
    """What a mapping does not say yet, and a person must."""

    BADGE = "badge"
    TIME = "time"
    ORDER = "order"
    BEGINS = "begins"


class Why(StrEnum):
    """Why a line, or a cell of it, is no punch."""

    NO_BADGE = "no_badge"
    FEW_COLUMNS = "few_columns"
    BAD_DATE = "bad_date"
    NO_TIME = "no_time"
    BAD_TIME = "bad_time"
    NO_SUCH_DAY = "no_such_day"


class Unclear(Exception):
    """A file cannot be read by this mapping before a person has answered its doubts."""

    def __init__(self, doubts: Sequence[Doubt]) -> None:
        super().__init__(", ".join(doubts))
        self.doubts = tuple(doubts)


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """Which column is what; columns count from 0, lines from 1.

    `day` holds the date, `times` the times of day, or dates with times; without `times` they stand in `day`.
    `order` is how dates in numbers are written (`ymd`, `dmy`, `mdy`; "" where no date needs it or nobody knows).
    For sheets of a month `begins` is the first date they show.
    """

    layout: Layout = Layout.ROWS
    sheet: int = 0
    first_line: int = 1
    badge: int | None = None
    name: int | None = None
    day: int | None = None
    times: tuple[int, ...] = ()
    order: str = ""
    begins: date | None = None
    zone: str = "UTC"

    def __post_init__(self) -> None:
        if self.order and self.order not in ORDERS:
            raise ValueError(f"dates are written {', '.join(ORDERS)}, not {self.order}")


@dataclass(frozen=True, slots=True)
class Punch:
    """Somebody at a clock: local wall time, and the line it stands on."""

    badge: str
    at: datetime
    line: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """What is no punch: a line or a cell, and why."""

    line: int
    why: Why
    text: str


@dataclass(frozen=True)
class Reading:
    """All of a file. Each line with anything on it is in `punches`, `rejected` or `headings`; `lines` counts all."""

    punches: tuple[Punch, ...]
    rejected: tuple[Rejected, ...]
    headings: tuple[int, ...]
    lines: int

    def unaccounted(self, table: Table) -> set[int]:
        """Return the lines of the table that are in none of the three; there should be none."""
        told = {punch.line for punch in self.punches} | {each.line for each in self.rejected} | set(self.headings)
        return {row.line for row in table.rows} - told


@dataclass
class _Found:
    punches: list[Punch] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)


def guess(tables: Sequence[Table], *, zone: str = "UTC") -> Mapping:
    """Return the mapping that makes the most punches of the tables of a file; `doubts` says what it lacks."""
    proposals = [_guess_of(table, sheet, zone) for sheet, table in enumerate(tables)]
    if len(proposals) == 1:
        return proposals[0]
    return max(proposals, key=lambda mapping: _worth(tables[mapping.sheet], mapping), default=Mapping(zone=zone))


def doubts(table: Table, mapping: Mapping) -> tuple[Doubt, ...]:
    """Return what a person must say before the table can be read by this mapping."""
    if mapping.layout is not Layout.ROWS:
        missing = {Doubt.BEGINS: mapping.begins is None and monthsheets.needs_begin(table)}
        missing[Doubt.BADGE] = mapping.layout is Layout.DAYS and mapping.badge is None
        return tuple(doubt for doubt, is_missing in missing.items() if is_missing)
    columns = _time_columns(mapping)
    unsure = not mapping.order and _need_order(_cells(table, mapping, _date_columns(mapping)))
    missing = {Doubt.BADGE: mapping.badge is None, Doubt.TIME: not columns, Doubt.ORDER: unsure}
    return tuple(doubt for doubt, is_missing in missing.items() if is_missing)


def read(tables: Sequence[Table], mapping: Mapping) -> Reading:
    """Return everything the mapped table holds.

    Raises:
        Unclear: the mapping lacks something; nothing is guessed here.
    """
    table = tables[mapping.sheet]
    if open_questions := doubts(table, mapping):
        raise Unclear(open_questions)
    found = _Found()
    if mapping.layout is Layout.ROWS:
        for row in table.rows:
            if row.line < mapping.first_line:
                found.headings.append(row.line)
            else:
                _read_row(row, mapping, found)
    else:
        _read_month(table, mapping, found)
    return Reading(tuple(found.punches), tuple(found.rejected), tuple(found.headings), table.lines)


# One punch, or a few, in a line


def _read_row(row: Row, mapping: Mapping, found: _Found) -> None:
    def reject(why: Why, text: str = "") -> None:
        found.rejected.append(Rejected(row.line, why, text or row.text))

    columns, badge_column = _time_columns(mapping), mapping.badge or 0
    if len(row.cells) <= max(badge_column, min(columns)):
        reject(Why.FEW_COLUMNS)
        return
    badge = badge_of(row.cells[badge_column])
    if not badge:
        reject(Why.NO_BADGE)
        return
    name = text_of(_cell(row, mapping.name))
    on = read_cell(_cell(row, mapping.day), mapping.order).on if mapping.times else None
    seen = False
    for column in columns:
        cell = _cell(row, column)
        if is_blank(cell):
            continue
        seen = True
        when = read_cell(cell, mapping.order, zone=mapping.zone)
        own = when.on or on
        if any(char.isdigit() for char in when.rest):
            reject(Why.BAD_TIME if own else Why.BAD_DATE)
        elif own is None:
            reject(Why.BAD_DATE)
        elif not when.clocks:
            reject(Why.NO_TIME)
        else:
            found.punches += [Punch(badge, wall(own, clock), row.line, name) for clock in when.clocks]
    if not seen:
        reject(Why.NO_TIME)


def _time_columns(mapping: Mapping) -> tuple[int, ...]:
    return mapping.times or ((mapping.day,) if mapping.day is not None else ())


def _date_columns(mapping: Mapping) -> tuple[int, ...]:
    return (*mapping.times, *((mapping.day,) if mapping.day is not None else ()))


def _cell(row: Row, column: int | None) -> Cell:
    return row.cells[column] if column is not None and column < len(row.cells) else ""


def _cells(table: Table, mapping: Mapping, columns: Sequence[int]) -> list[Cell]:
    rows = (row for row in table.rows if row.line >= mapping.first_line)
    return [row.cells[column] for row in rows for column in columns if column < len(row.cells)]


# A month in a sheet


def _read_month(table: Table, mapping: Mapping, found: _Found) -> None:
    begins = mapping.begins or date.min
    for line in monthsheets.lines_of(table, mapping.layout, begins, badge=mapping.badge, name=mapping.name):
        if line.is_heading:
            found.headings.append(line.row.line)
            continue
        if not line.badge:
            found.rejected.append(Rejected(line.row.line, Why.NO_BADGE, line.row.text))
            continue
        if not line.days:
            found.rejected.append(Rejected(line.row.line, Why.NO_TIME, line.row.text))
        for day in line.days:
            if day.rest or not day.clocks:
                why = Why.BAD_TIME if any(char.isdigit() for char in day.rest) else Why.NO_TIME
                found.rejected.append(Rejected(line.row.line, why, day.text))
            elif day.on is None:
                found.rejected.append(Rejected(line.row.line, Why.NO_SUCH_DAY, day.text))
            else:
                found.punches += [
                    Punch(line.badge, wall(day.on, clock), line.row.line, line.name) for clock in day.clocks
                ]


# Guessing


def _guess_of(table: Table, sheet: int, zone: str) -> Mapping:
    layout = monthsheets.layout_of(table)
    if layout is not Layout.ROWS:
        badge, name = monthsheets.person_columns(table) if layout is Layout.DAYS else (None, None)
        begins = monthsheets.begins_of(table)
        return Mapping(layout=layout, sheet=sheet, badge=badge, name=name, begins=begins, zone=zone)
    columns: Columns = columns_of(table)
    mapping = Mapping(
        sheet=sheet, first_line=columns.first_line, badge=columns.badge, name=columns.name,
        day=columns.day, times=columns.times, zone=zone,
    )  # fmt: skip
    return replace(mapping, order=_order_of(_cells(table, mapping, _date_columns(mapping))))


def _need_order(cells: Sequence[Cell]) -> bool:
    """Tell whether more than a few broken lines of a file have dates that only an order makes readable."""
    fits = orders_of(cells)
    return max(fits.values(), default=0) * _CLEAR_CUT > len(cells)


def _order_of(cells: Sequence[Cell]) -> str:
    """Return the order of dates in numbers, decided over all of them; "" where they leave it open."""
    fits = sorted(orders_of(cells).items(), key=lambda found: -found[1])
    if not fits or not fits[0][1]:
        return ""
    best = [order for order, count in fits if count == fits[0][1]]
    worse = [count for _order, count in fits if count < fits[0][1]]
    if len(best) == 1:
        return best[0] if _is_clear(cells, best[0], worse) else ""
    for is_likely in (_is_of_one_time, _ascends):
        likely = [order for order in best if is_likely(cells, order)]
        if len(likely) == 1:
            return likely[0]
    return ""


def _is_clear(cells: Sequence[Cell], best: str, worse: Sequence[int]) -> bool:
    """Tell whether what speaks against an order is only a few broken dates."""
    if not worse:
        return True
    against = for_it = 0
    for cell in cells:
        fits = {order for order, count in orders_of([cell]).items() if count}
        against += bool(fits) and best not in fits
        for_it += fits == {best}
    return for_it >= against * _CLEAR_CUT


def _is_of_one_time(cells: Sequence[Cell], order: str) -> bool:
    """Tell whether a file, read in this order, is of a few years: days read as years are of a lifetime."""
    years = {on.year for cell in cells if (on := read_cell(cell, order).on)}
    return max(years) - min(years) <= _MOST_YEARS


def _ascends(cells: Sequence[Cell], order: str) -> bool:
    """Tell whether the dates of a file, read in this order, never go back."""
    dates = [on for cell in cells if (on := read_cell(cell, order).on)]
    return len(set(dates)) >= _FEWEST_DATES and dates == sorted(dates)


def _worth(table: Table, mapping: Mapping) -> int:
    """Return how many punches a mapping makes; a sheet that must be asked about comes before one without any."""
    if doubts(table, mapping):
        return int(mapping.layout is not Layout.ROWS or (mapping.badge is not None and bool(_time_columns(mapping))))
    return len(read([table], replace(mapping, sheet=0)).punches) * 2
