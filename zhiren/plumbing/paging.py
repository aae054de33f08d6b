"""Keyset pages: the cost of a page does not grow with how far down it is."""

import base64
import binascii
import contextlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Page(Generic[M]):
    """Some rows and the cursor after the last of them; an empty cursor ends the list."""

    rows: Sequence[M]
    next_cursor: str


def keyset_page(rows: QuerySet[M], *, order: Sequence[str], after: str = "", size: int = 50) -> Page[M]:
    """Return up to `size` rows after the cursor.

    `order` names columns that are never null, all ascending or all descending ("-at"), the last one unique.
    A cursor that was not made here starts the list anew.
    """
    descending = order[0].startswith("-")
    names = [name.lstrip("-") for name in order]
    page = rows.order_by(*order)
    values = _decode(after, len(names))
    if values is not None:
        operator = "lt" if descending else "gt"
        condition = Q()
        for position, name in enumerate(names):
            same = {names[before]: values[before] for before in range(position)}
            condition |= Q(**same, **{f"{name}__{operator}": values[position]})
        # the first column's bound alone lets the index begin where the page does
        condition &= Q(**{f"{names[0]}__{operator}e": values[0]})
        with contextlib.suppress(ValidationError, ValueError, TypeError):  # a cursor that was not made here
            page = page.filter(condition)
    return page_of(page[: size + 1], order=order, size=size)


def page_of(rows: Iterable[M], *, order: Sequence[str], size: int) -> Page[M]:
    """Return a page of rows in this order, of which one more was fetched than the page shows, if there is one."""
    found = list(rows)
    more = len(found) > size
    found = found[:size]
    return Page(rows=found, next_cursor=cursor_after(found[-1], order) if more else "")


def cursor_after(row: Model, order: Sequence[str]) -> str:
    """Return the cursor with which a page of this order goes on after a row."""
    values = []
    for name in order:
        value: Any = row
        for part in name.lstrip("-").split("__"):
            value = getattr(value, part)
        values.append(
            value.isoformat() if isinstance(value, datetime) else str(value) if not isinstance(value, int) else value
        )
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _decode(cursor: str, length: int) -> list[Any] | None:
    if not cursor:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        return None
    if not isinstance(values, list) or len(values) != length:
        return None
    return values
