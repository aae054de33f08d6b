"""Attendance for others to work with: the sums of a month as a spreadsheet, a closed month for payroll."""

import csv
import io
import tempfile
from datetime import date, datetime
from typing import IO
from uuid import UUID

from django.utils.translation import gettext as _

from zhiren.attendance import permissions, queries, services, team, words
from zhiren.attendance.errors import MonthOpen
from zhiren.attendance.events import AttendanceExported
from zhiren.attendance.models import TOTALS
from zhiren.kernel.actors import Actor
from zhiren.timeline.services import record

_DAYS = ("days_worked", "days_late", "days_early", "days_absent", "days_missing")


def export_month(*, actor: Actor, at: datetime, month: date, filters: team.Filters) -> IO[bytes]:
    """Return an open spreadsheet of the sums of a month; that it was made is on the record. Hours have two decimals."""
    import xlsxwriter  # only an export needs it, and every process would load it

    actor.require(permissions.VIEW)
    target: IO[bytes] = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - whoever gets it closes it
    book = xlsxwriter.Workbook(
        target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
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
        for column, name in enumerate(_DAYS, start=3 + len(TOTALS)):
            sheet.write_number(count, column, row[name])
    sheet.autofilter(0, 0, count, len(titles) - 1)
    book.close()
    record(AttendanceExported(at=at, by=actor.user_id, month=month, people=count))
    target.seek(0)
    return target


def payroll_csv(*, actor: Actor, at: datetime, entity_id: UUID, month: date) -> str:
    """Return a closed month of a legal entity for payroll: minutes of each person, closed and corrected afterwards.

    The last line holds the checksum of the days it was made from.

    Raises:
        MonthOpen: it is not closed yet, so its numbers may change.
        NotFound: the entity is not this actor's to manage.
    """
    entity = services.entity_to_manage(actor, entity_id)
    period = queries.closing_of(entity.pk, month)
    if period is None:
        raise MonthOpen
    first, last = team.bounds(month)
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(["staff_number", "name", "region", "row", *(f"{name}_minutes" for name in TOTALS), *_DAYS])
    found = list(queries.payroll_lines(entity.pk, first, last))
    for row in found:
        lines.writerow(
            [
                _plain(row.number), _plain(row.name), entity.region, row.kind,
                *(row.minutes.get(name, 0) for name in TOTALS), *(row.days.get(name, "") for name in _DAYS),
            ]
        )  # fmt: skip
    lines.writerow(["#checksum", period.checksum, f"{period.days} days", f"{period.closed_at:%Y-%m-%dT%H:%M:%SZ}"])
    people = sum(row.kind == "month" for row in found)
    record(AttendanceExported(at=at, by=actor.user_id, month=month, people=people))
    return out.getvalue()


def _plain(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t"} else text
