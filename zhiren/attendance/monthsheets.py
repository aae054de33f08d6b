"""The monthly sheets of Chinese time clocks: a column per day, several times in a cell. Pure.

Two layouts: a row per person, or a block per person (员工刷卡记录表: a line that names them, then a line of times).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from zhiren.attendance.filecells import badge_of, is_blank, text_of
from zhiren.attendance.filetables import Cell, Row, Table
from zhiren.attendance.filetimes import Clock, clocks_of, read_cell

FEWEST_DAYS = 7  # beside each other, that make a row of days
_TITLE_ROWS = 60  # above which the first row of days is looked for

_LABELS = (
    r"工\s*号|编\s*号|考勤号码?|登记号码?|人员编号|员工编号|用户编号|user\s*id|emp(?:loyee)?\s*(?:id|no)\.?|id|no\.?"
)
_BADGE_LABEL = re.compile(rf"^(?:{_LABELS})\s*(?P<colon>:)?\s*(?P<value>\S*)$", re.IGNORECASE)
_NAME_LABEL = re.compile(r"^(?:姓\s*名|(?:employee\s+|full\s+)?name)\s*(?P<colon>:)?\s*(?P<value>.*)$", re.IGNORECASE)
_DAY = re.compile(r"^0?(\d{1,2})\s*(?:日|号)?\s*(?:[(（]?\s*(?:星期|周)?[一二三四五六日天]\s*[)）]?|[A-Za-z]{2,9})?$")
_MONTH_DAY = re.compile(r"^(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?\s*\D*$")
_PERIOD = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?[^\d]{0,20}?[~～至到—–-]+\s*\d{2,4}\s*[-/.年月]\s*\d{1,2}"
)
_MONTH = re.compile(r"(?<!\d)(20\d{2})\s*[-/.年]\s*(1[0-2]|0?[1-9])(?!\d|\s*[-/.月]\s*\d)")
_TIME = re.compile(r"\d{1,2}\s*[:：]\s*\d{2}")


class Layout(StrEnum):
    """How a table holds punches."""

    ROWS = "rows"
    DAYS = "days"
    BLOCKS = "blocks"


@dataclass(frozen=True)
class DayCell:
    """What a person's cell of a day says; `on` is None for a day that the month does not have."""

    on: date | None
    clocks: tuple[Clock, ...]
    rest: str
    text: str


@dataclass(frozen=True)
class Line:
    """A row of a month's sheet: a heading, or somebody's times."""

    row: Row
    is_heading: bool = False
    badge: str = ""
    name: str = ""
    days: tuple[DayCell, ...] = ()


def layout_of(table: Table) -> Layout:
    """Return how a table holds punches: in rows unless it has a row of days with times below it."""
    header = next((index for index, row in enumerate(table.rows[:_TITLE_ROWS]) if days_of(row)), None)
    if header is None:
        return Layout.ROWS
    below = table.rows[header + 1 :]
    columns = days_of(table.rows[header])
    if not any(_has_time(_at(row, column)) for row in below[:200] for column in columns):
        return Layout.ROWS
    return Layout.BLOCKS if any(_person_in(row) for row in table.rows) else Layout.DAYS


def days_of(row: Row) -> dict[int, tuple[int, date | None]]:
    """Return, by column, the day of the month (and the date, where the row has it) of a row of days; {} for others."""
    found: dict[int, tuple[int, date | None]] = {}
    for column, cell in enumerate(row.cells):
        if day := _day_of(cell):
            found[column] = day
    run: list[int] = []
    best: list[int] = []
    for column in sorted(found):
        follows = run and column - run[-1] <= 2 and _follows(found[run[-1]][0], found[column][0])
        run = [*run, column] if follows else [column]
        best = max(best, run, key=len)
    return {column: found[column] for column in best} if len(best) >= FEWEST_DAYS else {}


def needs_begin(table: Table) -> bool:
    """Tell whether the days of a sheet are bare numbers, so that its month must be known."""
    return any(on is None for row in table.rows for _day, on in days_of(row).values())


def begins_of(table: Table) -> date | None:
    """Return the first date of a sheet, from its title, its dates or its name; None where none of them tells."""
    texts = [text_of(cell) for row in table.rows[:40] for cell in row.cells if isinstance(cell, str)]
    for text in texts:
        if period := _PERIOD.search(text):
            return _date(int(period[1]), int(period[2]), int(period[3]))
    for row in table.rows:
        if dates := [on for _day, on in days_of(row).values() if on]:
            return min(dates)
    for text in [*texts, text_of(table.name)]:
        if month := _MONTH.search(text):
            return _date(int(month[1]), int(month[2]), 1)
    whole = [on for text in texts if "制表" not in text and (on := read_cell(text, "").on)]
    return whole[0] if whole else None


def person_columns(table: Table) -> tuple[int | None, int | None]:
    """Return the columns of badge and name of a sheet with a row per person, by the headings beside the days."""
    for index, row in enumerate(table.rows):
        columns = days_of(row)
        if not columns:
            continue
        around = [row, *table.rows[max(0, index - 2) : index]]
        below = table.rows[index + 1 :]
        badges, names = (_columns_like(label, around, min(columns)) for label in (_BADGE_LABEL, _NAME_LABEL))
        return _fullest(badges, below), _fullest(names, below)
    return None, None


def lines_of(
    table: Table, layout: Layout, begins: date, *, badge: int | None = None, name: int | None = None
) -> Iterator[Line]:
    """Yield each row of a sheet: as a heading, or with the person and what their days say."""
    columns: dict[int, date | None] = {}
    who = ("", "")
    for row in table.rows:
        if days := days_of(row):
            columns = _dated(days, begins)
            yield Line(row, is_heading=True)
            continue
        if layout is Layout.BLOCKS and (person := _person_in(row)):
            who = person
            yield Line(row, is_heading=True)
            continue
        if not columns:
            yield Line(row, is_heading=True)
            continue
        cells = [_day_cell(on, row.cells[column]) for column, on in columns.items() if not is_blank(_at(row, column))]
        if layout is Layout.DAYS:
            own = (_text_at(row, badge), _text_at(row, name))
            who = own if any(own) else who
            if not any(own) and not any(cell.clocks for cell in cells):
                yield Line(row, is_heading=not any(_holds_digit(cell) for cell in row.cells))
                continue
        elif not any(cell.clocks or _holds_digit(cell.text) for cell in cells):
            yield Line(row, is_heading=True)
            continue
        yield Line(row, badge=badge_of(who[0]), name=who[1], days=tuple(cells))


def _day_of(cell: Cell) -> tuple[int, date | None] | None:
    """Return the day of the month a cell of a row of days names, and its date where it tells."""
    if isinstance(cell, bool) or is_blank(cell):
        return None
    if isinstance(cell, datetime | date):
        return cell.day, cell.date() if isinstance(cell, datetime) else cell
    if isinstance(cell, float | int):
        return (int(cell), None) if cell == int(cell) and 1 <= cell <= 31 else None
    text = text_of(cell)
    if match := _DAY.match(text):
        return (int(match[1]), None) if 1 <= int(match[1]) <= 31 else None
    if (match := _MONTH_DAY.match(text)) and 1 <= int(match[2]) <= 31:
        return int(match[2]), None
    when = read_cell(text, "") if len(text) >= 8 else None
    return (when.on.day, when.on) if when and when.on and not when.clocks else None


def _follows(day: int, after: int) -> bool:
    return after == day + 1 or (after == 1 and day >= 28)


def _dated(days: dict[int, tuple[int, date | None]], begins: date) -> dict[int, date | None]:
    """Return the date of each column: the next one with its day; None for a day that the month does not have."""
    found: dict[int, date | None] = {}
    at = begins
    for number, (column, (day, on)) in enumerate(days.items()):
        at = on or at
        limit = 31 if number == 0 else 1
        ahead = (at + timedelta(days=step) for step in range(limit))
        found[column] = next((each for each in ahead if each.day == day), None)
        at = (found[column] or at) + timedelta(days=1 if found[column] else 0)
    return found


def _day_cell(on: date | None, cell: Cell) -> DayCell:
    if isinstance(cell, str):
        clocks, rest = clocks_of(cell)
        return DayCell(on, () if _holds_digit(rest) else clocks, rest if _holds_digit(rest) or not clocks else "", cell)
    when = read_cell(cell, "")
    return DayCell(on, when.clocks, when.rest, str(cell))


def _person_in(row: Row) -> tuple[str, str] | None:
    """Return badge and name of the person a line names by labels, each followed by its value."""
    badge = _labelled(_BADGE_LABEL, row.cells)
    name = _labelled(_NAME_LABEL, row.cells)
    if badge is None or (name is None and sum(not is_blank(cell) for cell in row.cells) > 6):
        return None
    return badge_of(badge), name or ""


def _labelled(label: re.Pattern[str], cells: Sequence[Cell]) -> str | None:
    """Return what follows a label, in its own cell or the next that is filled."""
    for column, cell in enumerate(cells):
        match = label.match(text_of(cell)) if isinstance(cell, str) else None
        if match is None:
            continue
        if match["value"] and match["colon"]:
            return match["value"].strip()
        if match["value"]:
            continue
        following = next((text_of(each) for each in cells[column + 1 :] if not is_blank(each)), "")
        if following and (match["colon"] or not _looks_like_label(following)):
            return "" if _looks_like_label(following) else following
    return None


def _looks_like_label(text: str) -> bool:
    return (
        text.endswith(":")
        or any((match := label.match(text)) and not match["value"] for label in (_BADGE_LABEL, _NAME_LABEL))
        or text in ("部门", "职位", "姓名", "Department", "Dept.")
    )


def _columns_like(label: re.Pattern[str], rows: Sequence[Row], before: int) -> list[int]:
    """Return the columns that bear a label, of those left of the days."""
    found = set()
    for row in rows:
        for column in range(min(before, len(row.cells))):
            match = label.match(text_of(row.cells[column]))
            if match and not match["value"]:
                found.add(column)
    return sorted(found)


def _fullest(columns: Sequence[int], rows: Sequence[Row]) -> int | None:
    """Return the column in which most is written: a product may have a column of badges that nobody fills."""
    return max(columns, key=lambda column: sum(not is_blank(_at(row, column)) for row in rows), default=None)


def _at(row: Row, column: int) -> Cell:
    return row.cells[column] if column < len(row.cells) else ""


def _text_at(row: Row, column: int | None) -> str:
    return text_of(_at(row, column)) if column is not None else ""


def _has_time(cell: Cell) -> bool:
    return isinstance(cell, time) or (isinstance(cell, str) and _TIME.search(cell) is not None)


def _holds_digit(value: Cell | DayCell) -> bool:
    return any(char.isdigit() for char in (value.text if isinstance(value, DayCell) else str(value)))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
