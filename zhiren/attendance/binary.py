"""Columns from PostgreSQL and back, in its binary format: no value becomes a Python object on the way."""

from collections.abc import Mapping, Sequence
from typing import Any, LiteralString
from uuid import UUID

import numpy as np
from django.db import connection
from numpy.typing import NDArray
from psycopg import Cursor

Numbers = NDArray[np.int64]

# PostgreSQL counts from 2000: microseconds, and days.
_EPOCH_S, _EPOCH_DAYS = 946_684_800, 10_957
_MICROSECONDS = 1_000_000
_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"
# What `MonthRecord.digests` has for each day.
_DAY_KEPT = np.dtype([("on", ">i4"), ("digest", ">i8")])
DAY_KEPT_BYTES = _DAY_KEPT.itemsize
# Before the elements of an array: dimensions, whether there are nulls, type, size, lower bound; four bytes each.
_ARRAY_HEADER = 20
_TYPES = {"uuid": "V16", "date": ">i4", "int4": ">i4", "int2": ">i2", "int8": ">i8", "bool": "i1", "timestamptz": ">i8"}


def arrays(query: LiteralString, values: Mapping[str, Any], *types: str) -> list[tuple[Numbers, Numbers]]:
    """Return, for each column of a query, which has arrays of a type, all elements in a row, and how many each had.

    No element is null. Moments are UTC seconds, dates days since 1970-01-01.
    """
    return [_elements(column, kind) for column, kind in zip(_columns(query, values), types, strict=True)]


def cells(query: LiteralString, values: Mapping[str, Any]) -> list[bytes | None]:
    """Return the only column of a query as the database sends it, row by row."""
    (column,) = _columns(query, values)
    return column


def _columns(query: LiteralString, values: Mapping[str, Any]) -> list[list[bytes | None]]:
    with Cursor(connection.connection) as cursor:
        cursor.execute(query, values, binary=True)
        result = cursor.pgresult
        if result is None:
            raise LookupError("the query gives no rows")
        rows = range(result.ntuples)
        return [[result.get_value(row, column) for row in rows] for column in range(result.nfields)]


def days_of(found: Sequence[bytes | None]) -> tuple[Numbers, Numbers, Numbers]:
    """Return the dates and the digests of `MonthRecord.digests`, all in a row, and how many days each had."""
    days = np.frombuffer(b"".join(one for one in found if one), _DAY_KEPT)
    counts = np.array([len(one) // DAY_KEPT_BYTES if one else 0 for one in found], np.int64)
    return days["on"].astype(np.int64) + _EPOCH_DAYS, days["digest"].astype(np.int64), counts


def days_as_kept(dates: Numbers, digest: Numbers) -> bytes:
    """Return what `days_of` reads, of days in order: dates, counted from 1970-01-01, and digests."""
    days = np.empty(len(dates), _DAY_KEPT)
    days["on"], days["digest"] = dates - _EPOCH_DAYS, digest
    return days.tobytes()


def _elements(found: Sequence[bytes | None], kind: str) -> tuple[Numbers, Numbers]:
    each = np.dtype([("length", ">i4"), ("value", _TYPES[kind])])
    counts = [(len(one) - _ARRAY_HEADER) // each.itemsize if one and len(one) > _ARRAY_HEADER else 0 for one in found]
    joined = b"".join(one[_ARRAY_HEADER:] for one in found if one)
    values = np.frombuffer(joined, each)["value"].astype(np.int64)
    if kind == "timestamptz":
        values //= _MICROSECONDS
        values += _EPOCH_S
    elif kind == "date":
        values += _EPOCH_DAYS
    return values, np.array(counts, np.int64)


def ids_of(employment_ids: Sequence[UUID]) -> NDArray[np.void]:
    """Return ids as a column."""
    return np.frombuffer(b"".join(one.bytes for one in employment_ids), "V16")


def copy_in(table: str, types: Mapping[str, str], columns: Mapping[str, Any], missing: int) -> None:
    """Append rows to a table by COPY; `types` names its columns. Moments that are `missing` become null.

    Moments are given as UTC seconds, dates as days since 1970-01-01.
    """
    names = ", ".join(f'"{name}"' for name in types)
    moments = [name for name, kind in types.items() if kind == "timestamptz"]
    # A null has no bytes, so rows with the same nulls are as long as one another, and are made together.
    alike = np.zeros(len(next(iter(columns.values()))), np.int64)
    for number, name in enumerate(moments):
        alike |= (columns[name] == missing).astype(np.int64) << number
    with (
        Cursor(connection.connection) as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)") as target,
    ):
        target.write(_HEADER)
        for pattern in np.unique(alike).tolist():
            chosen = np.flatnonzero(alike == pattern)
            nulls = {name for number, name in enumerate(moments) if pattern >> number & 1}
            target.write(_packed(types, {name: columns[name][chosen] for name in types if name not in nulls}))
        target.write(_TRAILER)


def _packed(types: Mapping[str, str], columns: Mapping[str, Any]) -> bytes:
    """Return rows as COPY takes them; columns that are not given are null."""
    parts: list[tuple[str, str]] = [("fields", ">i2")]
    for name, kind in types.items():
        parts += [(f"length of {name}", ">i4"), *([(name, _TYPES[kind])] if name in columns else [])]
    one = np.zeros(1, np.dtype(parts))
    one["fields"] = len(types)
    for name, kind in types.items():
        one[f"length of {name}"] = np.dtype(_TYPES[kind]).itemsize if name in columns else -1
    rows = np.repeat(one, len(next(iter(columns.values()))))
    for name, column in columns.items():
        if types[name] == "timestamptz":
            rows[name] = (column - _EPOCH_S) * _MICROSECONDS
        else:
            rows[name] = column - _EPOCH_DAYS if types[name] == "date" else column
    return rows.tobytes()
