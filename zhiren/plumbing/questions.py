"""A query of rows that is made once and asked often: to make one takes Django longer than to read its rows."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from zhiren.plumbing import statements
from zhiren.plumbing.rights import at_moment

M = TypeVar("M", bound=Model)
Values = tuple[Any, ...]


class _Reader:
    """Makes a row of a model, and of what it is joined with, of the values in its columns."""

    def __init__(self, of_row: dict[str, Any], select: list[Any]) -> None:
        columns = of_row["select_fields"]
        self._columns = slice(columns[0], columns[-1] + 1)
        fields = [select[position][0].target for position in columns]
        self._names = [field.attname for field in fields]
        self._key = next(position for position, field in zip(columns, fields, strict=True) if field.primary_key)
        self._model: type[Model] = of_row["model"]
        self._joined = [
            (_Reader(other, select), other["local_setter"], other["remote_setter"])
            for other in of_row.get("related_klass_infos", ())
        ]

    def read(self, values: Values) -> Model | None:
        """Return the row; None if nothing was joined."""
        if values[self._key] is None:
            return None
        row = self._model.from_db(DEFAULT_DB_ALIAS, self._names, values[self._columns])
        for reader, tell_row, tell_other in self._joined:
            other = reader.read(values)
            tell_row(row, other)
            if other is not None:
                tell_other(other, row)
        return row


class Question(Generic[M]):
    """Rows of a model, with what they are joined with (`select_related`) and their annotations.

    Where the query has `rights.MOMENT` or a value of the caller's choice, each asking names another. Its plan is made
    anew each time. What `prefetch_related` names is not fetched.
    """

    def __init__(self, rows: QuerySet[M]) -> None:
        """Make the statement."""
        self._compiler = cast("SQLCompiler", rows.query.get_compiler(DEFAULT_DB_ALIAS))
        try:
            self._asked: tuple[str, Values] | None = self._compiler.as_sql()
        except EmptyResultSet:
            self._asked = None
            return
        select: list[Any] = self._compiler.select
        self._reader = _Reader(cast("dict[str, Any]", self._compiler.klass_info), select)
        self._converters = self._compiler.get_converters([expression for expression, _sql, _alias in select])

    def rows(self, at: datetime | None = None, given: Mapping[Any, Any] | None = None) -> list[M]:
        """Return the rows there are now, for a moment and with these values in the place of others.

        `given` names a list as a tuple.
        """
        if self._asked is None:
            return []
        statement, asked = self._asked
        given = given or {}
        values = [given.get(tuple(value) if isinstance(value, list) else value, value) for value in asked]
        found: Iterable[Any] = statements.rows_anew(statement, at_moment(values, at) if at else values)
        if self._converters:
            found = self._compiler.apply_converters(found, self._converters)
        return [self._made(values) for values in found]

    def _made(self, values: Values) -> M:
        row = cast("M", self._reader.read(values))
        for name, position in self._compiler.annotation_col_map.items():
            setattr(row, name, values[position])
        return row
