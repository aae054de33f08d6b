"""Attendance for others to work with: the sums of a month as a spreadsheet, a closed month for payroll."""

import csv
import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO
from uuid import UUID

from django.utils.translation import gettext as _

from zhiren.attendance import findings, payroll, permissions, queries, services, team, words
from zhiren.attendance.errors import MonthOpen
from zhiren.attendance.events import AttendanceExported
from zhiren.attendance.models import TOTALS, Period
from zhiren.kernel.actors import Actor
from zhiren.timeline.services import record

_BOOK = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def export_month(*, actor: Actor, at: datetime, month: date, filters: team.Filters) -> IO[bytes]:
    """Return an open spreadsheet of the sums of a month; that it was made is on the record. Hours have two decimals."""
    import xlsxwriter  # only an export needs it, and every process would load it

    actor.require(permissions.VIEW)
    target: IO[bytes] = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - whoever gets it closes it
    book = xlsxwriter.Workbook(target, _BOOK)
    sheet = book.add_worksheet(f"{month:%Y-%m}")
    bold = book.add_format({"bold": True})
    titles = [_("Number"), _("Name"), _("Department"), *map(str, words.TOTALS.values()), *map(str, words.DAYS.values())]
    for column, title in enumerate(titles):
        sheet.set_column(column, column, 14)
        sheet.write_string(0, column, title, bold)
    sheet.freeze_panes(1, 2)
    count = 0
    for row in team.lines_for_export(actor, month, filters):
        count += 1
        for column, name in enumerate(("number", "name", "department")):
            sheet.write_string(count, column, str(row[name] or ""))
        for column, name in enumerate(TOTALS, start=3):
            sheet.write_number(count, column, round(row[name] / 60, 2))
        for column, name in enumerate(payroll.DAYS, start=3 + len(TOTALS)):
            sheet.write_number(count, column, row[name])
    sheet.autofilter(0, 0, count, len(titles) - 1)
    book.close()
    note_handed_out(actor=actor, at=at, month=month, people=count)
    target.seek(0)
    return target


@dataclass(frozen=True)
class Payroll:
    """A closed month of a legal entity as payroll gets it: whose law holds, how it was closed, and its lines."""

    region: str
    period: Period
    lines: Iterator[payroll.Line]


def payroll_of(*, actor: Actor, entity_id: UUID, month: date, after: UUID | None = None) -> Payroll:
    """Return a closed month of a legal entity for payroll: minutes of each person, closed and corrected afterwards.

    `after` goes on behind somebody. Whoever hands it out records that (`note_handed_out`).

    Raises:
        MonthOpen: it is not closed yet, so its numbers may change.
        NotFound: the entity is not this actor's to manage.
    """
    entity = services.entity_to_manage(actor, entity_id)
    period = queries.closing_of(entity.pk, month)
    if period is None:
        raise MonthOpen
    return Payroll(
        entity.region, period, payroll.lines(entity.pk, *team.bounds(month), closed_at=period.closed_at, after=after)
    )


def note_handed_out(*, actor: Actor, at: datetime, month: date, people: int) -> None:
    """Put on the record that somebody took the attendance of so many people out of the system."""
    record(AttendanceExported(at=at, by=actor.user_id, month=month, people=people))


_DAYS = (*payroll.DAYS, *payroll.ALLOWANCES)
_TITLES = ("staff_number", "name", "region", "row", *(f"{name}_minutes" for name in payroll.MINUTES), *_DAYS)


def _cells(line: payroll.Line, region: str) -> list[str | int]:
    """Return a line as the cells of a spreadsheet; texts are none that it takes for a formula."""
    return [
        _plain(line.number), _plain(line.name), region, line.kind,
        *(line.minutes.get(name, 0) for name in payroll.MINUTES), *(line.days.get(name, "") for name in _DAYS),
    ]  # fmt: skip


def payroll_csv(*, actor: Actor, at: datetime, entity_id: UUID, month: date) -> str:
    """Return a closed month for payroll as CSV; raises as `payroll_of`. The last line holds the checksum."""
    found = payroll_of(actor=actor, entity_id=entity_id, month=month)
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(_TITLES)
    people = 0
    for line in found.lines:
        people += line.kind == "month"
        lines.writerow(_cells(line, found.region))
    lines.writerow(["#checksum", *_closing_of(found.period)])
    note_handed_out(actor=actor, at=at, month=month, people=people)
    return out.getvalue()


def payroll_xlsx(*, actor: Actor, at: datetime, entity_id: UUID, month: date) -> IO[bytes]:
    """Return a closed month for payroll as an open spreadsheet; raises as `payroll_of`.

    The lines are those of the CSV; the checksum is on a sheet of its own.
    """
    import xlsxwriter  # as above

    found = payroll_of(actor=actor, entity_id=entity_id, month=month)
    target: IO[bytes] = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - whoever gets it closes it
    book = xlsxwriter.Workbook(target, _BOOK)
    sheet = book.add_worksheet(f"{month:%Y-%m}")
    bold = book.add_format({"bold": True})
    for column, title in enumerate(_TITLES):
        sheet.set_column(column, column, 14)
        sheet.write_string(0, column, title, bold)
    sheet.freeze_panes(1, 2)
    people = count = 0
    for count, line in enumerate(found.lines, 1):
        people += line.kind == "month"
        for column, cell in enumerate(_cells(line, found.region)):
            if isinstance(cell, int):
                sheet.write_number(count, column, cell)
            else:
                sheet.write_string(count, column, cell)
    sheet.autofilter(0, 0, count, len(_TITLES) - 1)
    proof = book.add_worksheet("checksum")
    proof.set_column(0, 0, 70)
    for row, text in enumerate(_closing_of(found.period)):
        proof.write_string(row, 0, text)
    book.close()
    note_handed_out(actor=actor, at=at, month=month, people=people)
    target.seek(0)
    return target


def _closing_of(period: Period) -> tuple[str, str, str]:
    """Return the checksum of a closed month, over how many days it goes, and when it was closed."""
    return period.checksum, f"{period.days} days", f"{period.closed_at:%Y-%m-%dT%H:%M:%SZ}"


def findings_csv(*, actor: Actor, at: datetime, entity_id: UUID, month: date) -> str:
    """Return what working-time law says to a month of a legal entity, a line for each finding, in the reader's words.

    Raises:
        NotFound: the entity is not this actor's to manage.
    """
    entity = services.entity_to_manage(actor, entity_id)
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(findings.COLUMNS)
    people = set()
    for cells in findings.for_export(entity.pk, month):
        people.add(cells[0])
        lines.writerow([_plain(cell) for cell in cells])
    note_handed_out(actor=actor, at=at, month=month, people=len(people))
    return out.getvalue()


def _plain(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t"} else text
