"""Which column of a table of punches is what: by its heading where there is one, by its content else. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from zhiren.attendance.filecells import badge_of, is_blank, text_of
from zhiren.attendance.filetables import Cell, Row, Table
from zhiren.attendance.filetimes import ORDERS, When, read_cell

_SAMPLE = 400
_ROWS_TO_SKIP = 60  # titles and headings above the first punch
_MOST = 0.5

# Headings, the surer ones first.
_BADGES = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"考勤号|登记号|^(ac|en)[-_ ]?no|badge|^pin\b|card|卡号|device ?user|user ?id",
        r"工号|人员编号|员工编号|员工号|用户编号|(emp|staff|person|personnel|user|member).*(id|no|num|code)|matricul|personalnr",
        r"^编号$|^id$|^(no|num|nr|nº|n°)\.?$|^number$|^code$|^person$|^employee$",
    )
]
_NAMES = re.compile(r"姓名|名字|^(full |employee |user |staff )?name$|^nombre|^vorname|^nachname", re.IGNORECASE)
_MADE = re.compile(r"打卡|刷卡|签到|签退|punch|clock|check|scan|log|^in$|^out$|time ?in|time ?out", re.IGNORECASE)
_PLANNED = re.compile(
    r"班次|应|规定|标准|计划|时长|工时|迟到|早退|加班|旷|实到|上传|创建|更新|导出|制表|入职|"
    r"schedul|plan|shift|duration|hours|late|early|overtime|total|upload|creat|updat|export|import|hired|birth",
    re.IGNORECASE,
)
_IDS = re.compile(r"^[A-Za-z]{0,5}[-_]?\d{1,14}$")
_SURE_DATE = re.compile(
    r"\d{1,4}\s*[-/.年\\]\s*(\d{1,2}|[A-Za-z]{3,9})\s*[-/.月\\]\s*\d{1,4}|^[A-Za-z]{3,9}\.?\s+\d|^\d{1,2}\s+[A-Za-z]{3}"
)


@dataclass(frozen=True)
class Columns:
    """What the columns of a table seem to be; `first_line` is the first with a punch."""

    first_line: int
    badge: int | None = None
    name: int | None = None
    day: int | None = None
    times: tuple[int, ...] = ()


def columns_of(table: Table) -> Columns:
    """Return what the columns of a table with a punch, or a few, in each line seem to be."""
    head, body = _parted(table.rows)
    if not body:
        return Columns(first_line=1)
    sample = body[:: max(1, len(body) // _SAMPLE)]
    width = max(len(row.cells) for row in sample)
    headings = _headings(head, width)
    kinds = [[_kind(row.cells[column]) for row in sample if column < len(row.cells)] for column in range(width)]

    def share(column: int, kind: str) -> float:
        filled = [found for found in kinds[column] if found]
        return sum(found == kind for found in filled) / len(sample) if filled else 0.0

    def usual(column: int, kind: str) -> bool:
        filled = [found for found in kinds[column] if found]
        return bool(filled) and sum(found == kind for found in filled) >= len(filled) * _MOST

    moments = [each for each in range(width) if usual(each, "moment") and not _PLANNED.search(headings[each])]
    dates = [each for each in range(width) if usual(each, "date")]
    times = [each for each in range(width) if usual(each, "time") and not _PLANNED.search(headings[each])]
    numbers = [each for each in range(width) if usual(each, "number") and not _PLANNED.search(headings[each])]
    day_column, time_columns = _when(moments, dates, times, numbers, headings)
    taken = {day_column, *time_columns}
    free = [each for each in range(width) if each not in taken]
    name = next((each for each in free if _NAMES.search(headings[each])), None)
    badge = _badge(free, headings, lambda column: share(column, "id") + share(column, "number"))
    if name is None:
        name = next((each for each in free if each != badge and _is_name(sample, each, headings[each])), None)
    return Columns(body[0].line, badge, name, day_column, time_columns)


def _parted(rows: Sequence[Row]) -> tuple[Sequence[Row], Sequence[Row]]:
    """Return the titles and headings, and what follows: from the first line with a date on."""
    for index, row in enumerate(rows[:_ROWS_TO_SKIP]):
        kinds = [_kind(cell) for cell in row.cells]
        timed = "moment" in kinds or ("date" in kinds and ("time" in kinds or len(rows) > index + 1))
        if timed and ("id" in kinds or "number" in kinds or kinds.count("") < len(kinds) - 1):
            return rows[:index], rows[index:]
    for index, row in enumerate(rows[:_ROWS_TO_SKIP]):
        if any(_is_number(cell) for cell in row.cells) and index:
            return rows[:index], rows[index:]
    return rows, ()


def _headings(head: Sequence[Row], width: int) -> list[str]:
    """Return the heading of each column, "" without one: the last row of the head with several texts."""
    for row in reversed(head):
        texts = [text_of(cell) for cell in row.cells]
        if sum(bool(text) for text in texts) > 1:
            return [*texts, *[""] * width][:width]
    return [""] * width


def _kind(cell: Cell) -> str:
    """Return `moment` (date with time), `date`, `time`, `number`, `id`, `text` or ""; bare numbers are no dates yet."""
    if is_blank(cell):
        return ""
    if _is_number(cell):
        return "number"
    if isinstance(cell, str):
        text = text_of(cell)
        if _SURE_DATE.search(text):
            return _kind_of(_in_any_order(cell))
        if ":" in text or "时" in text:
            return "time" if read_cell(cell, "ymd").clocks else "text"
        if len(text) == 14 and text.isdigit() and read_cell(cell, "ymd").clocks:
            return "moment"
        return "id" if _IDS.match(text) else "text"
    return _kind_of(read_cell(cell, "ymd")) if isinstance(cell, datetime | date) else "time"


def _is_number(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return False
    return isinstance(cell, float | int) or (isinstance(cell, str) and cell.strip().replace(".", "", 1).isdecimal())


def _in_any_order(cell: Cell) -> When:
    readings = [read_cell(cell, order) for order in ORDERS]
    return next((found for found in readings if found.on), readings[0])


def _kind_of(when: When) -> str:
    if when.on is None:
        return "time" if when.clocks else "text"
    return "moment" if when.clocks else "date"


def _when(
    moments: Sequence[int], dates: Sequence[int], times: Sequence[int], numbers: Sequence[int], headings: Sequence[str]
) -> tuple[int | None, tuple[int, ...]]:
    """Return the column of the date and those of the times."""
    made = [each for each in moments if _MADE.search(headings[each])]
    if moments:
        chosen = made or moments[:1]
        return (chosen[0], ()) if len(chosen) == 1 else (None, tuple(chosen))
    if dates:
        day = next((each for each in dates if not _PLANNED.search(headings[each])), dates[0])
        chosen = [each for each in times if _MADE.search(headings[each])] or list(times)
        return day, tuple(chosen)
    named = [each for each in numbers if re.search(r"时间|日期|time|date", headings[each], re.IGNORECASE)]
    if named:  # a spreadsheet's own numbers for dates
        return (named[0], tuple(named[1:])) if len(named) > 1 else (named[0], ())
    return None, ()


def _badge(free: Sequence[int], headings: Sequence[str], share: Callable[[int], float]) -> int | None:
    for pattern in _BADGES:
        found = [each for each in free if pattern.search(headings[each]) and not _NAMES.search(headings[each])]
        if found:
            return max(found, key=lambda column: (share(column) > _MOST, -column))
    if any(headings):
        return None
    return next((each for each in free if share(each) > _MOST), None)


def _is_name(sample: Sequence[Row], column: int, heading: str) -> bool:
    """Tell a column without heading in which letters stand that differ from line to line."""
    if heading:
        return False
    texts = [text_of(row.cells[column]) for row in sample if column < len(row.cells)]
    wordy = [text for text in texts if len(text) > 1 and not any(char.isdigit() for char in text) and badge_of(text)]
    return len(wordy) > len(sample) * _MOST and len(set(wordy)) > 1
