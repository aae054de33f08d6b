"""What somebody sees of a file of punches before it counts: its first rows, what they become, what is strange."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from zhiren.attendance import files
from zhiren.attendance.files import Layout, Mapping, Punch, Reading, Rejected, Unclear
from zhiren.attendance.filetables import Table
from zhiren.attendance.oddities import oddities_of

ROWS, EXAMPLES, COLUMNS, CELL = 8, 12, 60, 24


def mapping_to_json(mapping: Mapping) -> dict[str, Any]:
    """Return a mapping as its row keeps it."""
    given = asdict(mapping)
    return given | {"times": list(mapping.times), "begins": mapping.begins.isoformat() if mapping.begins else None}


def mapping_of(given: dict[str, Any]) -> Mapping:
    """Return a mapping that a row kept."""
    begins = given.get("begins")
    return Mapping(
        **given
        | {
            "layout": Layout(given["layout"]),
            "times": tuple(given["times"]),
            "begins": date.fromisoformat(begins) if begins else None,
        }
    )


def reading_of(tables: Sequence[Table], mapping: Mapping) -> tuple[Reading, tuple[str, ...]]:
    """Return what a file holds by a mapping, and what the mapping does not say yet; then nothing is read."""
    try:
        return files.read(tables, mapping), ()
    except Unclear as unclear:
        return Reading((), (), (), tables[mapping.sheet].lines), tuple(doubt.value for doubt in unclear.doubts)


def look_of(
    tables: Sequence[Table], mapping: Mapping, reading: Reading, *, doubts: Sequence[str], now: datetime
) -> dict[str, Any]:
    """Return what is shown of a file, ready to be kept; `now` tells what lies in the future, in the mapping's zone."""
    table = tables[mapping.sheet]
    return {
        "sheets": [one.name for one in tables],
        "columns": columns_of(table),
        "doubts": list(doubts),
        "rows": [
            {"line": row.line, "cells": [_short(cell) for cell in row.cells[:EXAMPLES]]} for row in table.rows[:ROWS]
        ],
        "read": [_told(punch) for punch in reading.punches[:ROWS]],
        "headings": len(reading.headings),
        "people": len({punch.badge for punch in reading.punches}),
        "whys": dict(Counter(each.why.value for each in reading.rejected)),
        "rejected": [rejected_to_json(each) for each in reading.rejected[:ROWS]],
        **_spans(reading.punches),
        "odd": _odd(reading.punches, now.astimezone(ZoneInfo(mapping.zone)).replace(tzinfo=None)),
    }


def columns_of(table: Table) -> list[str]:
    """Return the columns of a table by letter, heading or first content, so that somebody can tell them apart."""
    width = min(max((len(row.cells) for row in table.rows[:200]), default=0), COLUMNS)
    named = []
    for column in range(width):
        found = (_short(row.cells[column]) for row in table.rows[:50] if column < len(row.cells))
        distinct = list(dict.fromkeys(text for text in found if text))[:2]
        named.append(" · ".join([letters(column), *distinct]))
    return named


def letters(column: int) -> str:
    """Return what a spreadsheet calls a column.

    >>> letters(0), letters(27)
    ('A', 'AB')
    """
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def rejected_to_json(each: Rejected) -> dict[str, Any]:
    """Return a line that is no punch as it is kept."""
    return {"line": each.line, "why": each.why.value, "text": each.text}


def _told(punch: Punch) -> dict[str, Any]:
    return {"line": punch.line, "badge": punch.badge, "name": punch.name, "at": punch.at.isoformat(" ")}


def _spans(punches: Sequence[Punch]) -> dict[str, Any]:
    """Return the first and last punch, and the hours of the day at which most are made."""
    if not punches:
        return {"first": "", "last": "", "hours": []}
    hours = Counter(punch.at.hour for punch in punches)
    return {
        "first": min(punch.at for punch in punches).isoformat(" ", "minutes"),
        "last": max(punch.at for punch in punches).isoformat(" ", "minutes"),
        "hours": sorted(hour for hour, _count in hours.most_common(2)),
    }


def _odd(punches: Sequence[Punch], now: datetime) -> dict[str, dict[str, Any]]:
    """Return what is strange by kind: how often, and a few examples; nothing that did not happen."""
    odd = oddities_of(punches, now=now)
    told: dict[str, tuple[int, Iterable[Any]]] = {
        "doubles": (len(odd.doubles), (", ".join(map(str, one.lines[:4])) for one in odd.doubles[:EXAMPLES])),
        "near": (len(odd.near), odd.near[:EXAMPLES]),
        "quiet": (len(odd.quiet), (f"{first} – {last}" for first, last in odd.quiet[:EXAMPLES])),
        "future": (len(odd.future), odd.future[:EXAMPLES]),
        "far_back": (len(odd.far_back), odd.far_back[:EXAMPLES]),
        "names": (len(odd.names), (f"{badge}: {', '.join(names)}" for badge, names in odd.names.items())),
        "badges": (len(odd.badges), (f"{name}: {', '.join(badges)}" for name, badges in odd.badges.items())),
        "jumps": (len(odd.jumps), (one.line for one in odd.jumps[:EXAMPLES])),
    }
    return {
        kind: {"n": count, "examples": [str(each) for each in list(examples)[:EXAMPLES]]}
        for kind, (count, examples) in told.items()
        if count
    }


def _short(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = " ".join(str(cell).split())
    return text if len(text) <= CELL else text[: CELL - 1] + "…"


def count_beyond(punches: Iterable[Punch], zone: str, *, after: datetime, before: datetime) -> dict[str, int]:
    """Return how many punches lie so far ahead (`future`) or back (`old`) that they will belong to nobody."""
    clock, second = ZoneInfo(zone), timedelta(seconds=1)
    ahead, back = ((moment.astimezone(clock).replace(tzinfo=None)) for moment in (after, before))
    counts = Counter(
        "future" if punch.at >= ahead + second else "old" for punch in punches if not back <= punch.at <= ahead
    )
    return dict(counts)
