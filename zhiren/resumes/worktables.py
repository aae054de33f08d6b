"""Employments in the rows of a table whose head says what its columns hold; what every employment is made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from zhiren.resumes.dates import When, ranges_in
from zhiren.resumes.document import CELL, Line, fact
from zhiren.resumes.facts import Employment, Fact
from zhiren.resumes.titles import looks_like_employer, looks_like_title
from zhiren.resumes.vocabulary import confidence

_COLUMNS = tuple(
    (role, re.compile(rf"(?:{words})", re.IGNORECASE))
    for role, words in (
        ("dates", "period|dates?|time|duration|years?|起止时间|起止年月|工作时间|任职时间|时间|年月|日期"),
        ("employer", "employer|company|organi[sz]ation|firm|公司|公司名称|单位|单位名称|工作单位|任职公司|任职单位"),
        ("title", "(?:job )?title|position|role|post|designation|职位|职务|岗位|担任职[位务]|所任职[位务]"),
        (
            "other",
            (
                "duties|responsibilities|description|tasks|location|city|department|工作内容|工作职责|职责|主要职责|"
                "工作描述|描述|部门|所在部门|地点|工作地点|证明人|离职原因|备注"
            ),
        ),
    )
)
_FEWEST_COLUMNS = 3
_TELLS = {"employer": looks_like_employer, "title": looks_like_title}


def columns_of(line: Line) -> list[str]:
    """Return what each column of a table holds by the line at its head; empty where the line is none."""
    cells = line.folded.split(CELL)
    roles = [next((role for role, words in _COLUMNS if words.fullmatch(cell.strip())), "") for cell in cells]
    return roles if len(cells) >= _FEWEST_COLUMNS and all(roles) and "dates" in roles else []


def rows_of_table(lines: Sequence[Line]) -> list[Employment]:
    """Return the rows of a table whose head says what its columns hold; empty where the part is no such table."""
    head, columns = next(((place, roles) for place, line in enumerate(lines) if (roles := columns_of(line))), (0, []))
    rows: list[tuple[int, dict[str, tuple[int, int]]]] = []
    for place in range(head + 1, len(lines)) if columns else ():
        cells = _cells(lines[place])
        named = _named_cells(lines[place], columns, cells)
        when = ranges_in(lines[place].folded[slice(*named.get("dates", (0, 0)))])
        if when and len(cells) <= len(columns) and named.keys() & {"employer", "title"}:
            rows.append((place, named))
    found = []
    for number, (place, named) in enumerate(rows):
        line, stop = lines[place], rows[number + 1][0] if number + 1 < len(rows) else len(lines)
        begin = named["dates"][0]
        stretch = ranges_in(line.folded[slice(*named["dates"])])[0]
        first, last = (
            when and replace(when, start=begin + when.start, end=begin + when.end)
            for when in (stretch.first, stretch.last)
        )
        employer, title = (
            fact(line, named[role], confidence=confidence(rule), rule=rule) if role in named else None
            for role, rule in (("employer", "employer_column"), ("title", "title_column"))
        )
        found.append(
            Employment(
                employer=employer,
                title=title,
                start=date_fact(line, first),
                end=date_fact(line, last),
                current=last is None,
                text=_duties(line, columns, lines[place + 1 : stop]),
            )
        )
    return found


def _cells(line: Line) -> list[tuple[int, int]]:
    ends = [*(match.start() for match in re.finditer(CELL, line.folded)), len(line.folded)]
    return list(zip([0, *(end + 1 for end in ends[:-1])], ends, strict=True))


def _named_cells(line: Line, columns: list[str], cells: list[tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """Return the cell of each column that matters. Empty cells are not in the line: behind one, words must tell."""
    named: dict[str, tuple[int, int]] = {}
    missing = len(columns) - len(cells)
    for place, role in enumerate(columns):
        if role == "other":
            continue
        if missing <= 0 or "other" not in columns[:place]:
            if place < len(cells):
                named[role] = cells[place]
            continue
        tells = _TELLS.get(role)
        told = [
            cell for cell in cells[max(place - missing, 0) : place + 1] if tells and tells(line.folded[slice(*cell)])
        ]
        if len(told) == 1:
            named[role] = told[0]
    return named


def _duties(line: Line, columns: list[str], below: Sequence[Line]) -> Fact | None:
    """Return what was done there: the last cell where it is one for that, and the lines up to the next row."""
    cells = _cells(line)
    if len(cells) < len(columns) or columns[-1] != "other":
        return text_of(below)
    start = cells[-1][0]
    letters = len("".join(line.text[:start].split()))
    rest = replace(
        line,
        text=line.text[start:],
        folded=line.folded[start:],
        start=line.start + start,
        letters=line.letters[letters:],
    )
    return text_of([rest, *below])


def date_fact(line: Line, when: When | None) -> Fact | None:
    if when is None:
        return None
    return fact(line, (when.start, when.end), confidence=confidence("date_range"), rule="date_range", value=when.month)


def text_of(lines: Sequence[Line]) -> Fact | None:
    """Return what was done there as one span over its lines."""
    if not lines:
        return None
    first, last = lines[0], lines[-1]
    # The lines follow one another in the text; blank lines between them were left out and are put back here.
    gaps = [after.start - before.end for before, after in pairwise(lines)]
    source = "".join(line.text + "\n" * gap for line, gap in zip(lines, [*gaps, 0], strict=True))
    return Fact(
        value=source,
        source=source,
        page=first.page,
        line=first.number,
        start=first.start,
        end=last.end,
        confidence=confidence("text_between_heads"),
        rule="text_between_heads",
    )
