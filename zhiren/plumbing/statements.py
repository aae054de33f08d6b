"""Statements that are asked so often that the database should plan them once: prepared, on each connection.

Planning what a punch asks takes the database three times as long as answering it. A statement stays planned while its
text and the types of its values stay the same, so many values come as one: a list, or rows as JSON.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, DataError, connections
from django.db.backends.utils import CursorWrapper
from psycopg import RawCursor

# Not behind a backslash that is one itself.
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
Values = Sequence[Any] | Mapping[str, Any]


# `%s`, `%(name)s`, and `%%`, which is a percent sign.
_PLACE = re.compile(r"%(?:\((\w+)\))?([s%])")


class _Raw(RawCursor[Any]):
    """Takes statements as Django writes them. The driver looks through long ones for their places every time."""

    prepared = False

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        text, names = _numbered(query)
        given = [params[name] for name in names] if names else list(params or ())
        return super().execute(text, given, **{"prepare": self.prepared} | options)


class _Prepared(_Raw):
    prepared = True


@lru_cache(maxsize=2048)
def _numbered(statement: str) -> tuple[bytes, tuple[str, ...]]:
    """Return a statement with its places numbered as the database does, and what they are called if they have names."""
    names: list[str] = []
    count = 0

    def number(found: re.Match[str]) -> str:
        nonlocal count
        name, kind = found.groups()
        if kind == "%":
            return "%"
        if name and name not in names:
            names.append(name)
        count += 1
        return f"${names.index(name) + 1 if name else count}"

    return _PLACE.sub(number, statement).encode(), tuple(names)


def rows(statement: str, values: Values = ()) -> list[tuple[Any, ...]]:
    """Return what a statement of our own text answers."""
    return _answer(_Prepared, statement, values)


def rows_anew(statement: str, values: Values = ()) -> list[tuple[Any, ...]]:
    """Return what a statement answers that is planned anew each time: how many rows there are, its values tell."""
    return _answer(_Raw, statement, values)


def rows_blindly(statement: str, values: Values = ()) -> list[tuple[Any, ...]]:
    """Return what a statement answers that is planned once whatever its values are, though the database would rather
    plan it anew: for one that takes longer to plan than to answer.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if database.queries_logged:
        return rows(statement, values)
    cursor, around = _cursor(_Prepared), _cursor(_Prepared, 1)
    with database.wrap_database_errors, database.connection.pipeline():  # undone together where it fails
        around.execute("SET plan_cache_mode = force_generic_plan")
        cursor.execute(statement, values)
        around.execute("RESET plan_cache_mode")
    found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def run(statement: str, values: Values = ()) -> None:
    """Do what a statement of our own text says."""
    _cursor(_Prepared).execute(statement, values)


@contextmanager
def together() -> Iterator[None]:
    """Have all that is `run` within sent in one go, in its order: only at the end is the database waited for.

    Nothing else may be asked within.
    """
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    with database.wrap_database_errors, database.connection.pipeline():
        yield


@contextmanager
def under_way(*asked: tuple[str, Values]) -> Iterator[list[list[tuple[Any, ...]]]]:
    """Have statements answered while something else is done: what each answers is in the list after the block.

    Nothing else may be asked within.
    """
    database = connections[DEFAULT_DB_ALIAS]
    answers: list[list[tuple[Any, ...]]] = []
    if not asked or database.queries_logged:  # these are told of only where each waits for the one before
        yield answers
        answers += [rows(*one) for one in asked]
        return
    cursors = [_cursor(_Prepared, place) for place in range(len(asked))]
    with database.wrap_database_errors, database.connection.pipeline():
        for cursor, one in zip(cursors, asked, strict=True):
            cursor.execute(*one)
        yield answers
    answers += [cursor.fetchall() for cursor in cursors]


def as_ids(ids: Iterable[UUID]) -> str:
    """Return ids as one value, for `::uuid[]`: the driver takes ten times as long to make one of a list."""
    return "{" + ",".join([f"{one.int:032x}" for one in ids]) + "}"


def as_json(records: Iterable[Mapping[str, Any]]) -> str:
    """Return rows as one value, for `json_populate_recordset`.

    Raises:
        DataError: a text holds a NUL, as the database's driver says of a text by itself.
    """
    text = json.dumps(list(records), default=str, ensure_ascii=False)
    if _NUL.search(text):
        raise DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    return text


def _answer(kind: type[_Raw], statement: str, values: Values) -> list[tuple[Any, ...]]:
    cursor = _cursor(kind)
    cursor.execute(statement, values)
    found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _cursor(kind: type[_Raw], place: int = 0) -> CursorWrapper:
    """Return the cursor of this kind that the connection keeps: to make one takes as long as to send a statement.

    Those of other places are there for statements whose answers are not taken one by one.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if database.queries_logged:  # Django can tell only of its own cursors what they asked
        return database.cursor()
    database.close_if_health_check_failed()
    database.ensure_connection()
    kept: dict[tuple[type[_Raw], int], CursorWrapper] = vars(database).setdefault("kept_cursors", {})
    cursor = kept.get((kind, place))
    if cursor is None or cursor.cursor.connection is not database.connection:
        made: Any = kind(database.connection)
        cursor = kept[kind, place] = database.make_cursor(made)
    return cursor
