"""Candidates as a spreadsheet: written row by row, so that ten thousand need no more memory than ten."""

import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import IO

from django.utils.translation import gettext as _

from zhiren.kernel.actors import Actor
from zhiren.people import queries as people
from zhiren.recruiting import lists, permissions, queries
from zhiren.recruiting.events import CandidatesExported
from zhiren.recruiting.lists import Exported, Filters
from zhiren.timeline.services import record

_BATCH = 2000
_WIDTHS = (14, 30, 10, 12, 10, 24, 12, 22, 12, 14, 18, 18, 12, 24, 14, 22)


def export_candidates(*, actor: Actor, at: datetime, filters: Filters, sources: dict[str, str]) -> IO[bytes]:
    """Return an open spreadsheet of the candidates that the filters let through; that it was made is on the record.

    Phone numbers and addresses are masked. Every cell is text or a number, never a formula, whatever a résumé said.
    Times are in the reader's zone. `sources` names the sources. The file vanishes when it is closed.
    """
    import xlsxwriter  # only an export needs it, and every process would load it

    actor.require(permissions.EXPORT_CANDIDATES)
    target: IO[bytes] = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - whoever gets it closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    sheet = book.add_worksheet(_("Candidates"))
    bold = book.add_format({"bold": True})
    for column, (title, width) in enumerate(zip(_titles(), _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, bold)
    sheet.freeze_panes(1, 1)
    count = 0
    for row in _rows(actor, filters, at, sources):
        count += 1
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(count, column, value)
            elif value:
                sheet.write_string(count, column, value)
    sheet.autofilter(0, 0, count, len(_WIDTHS) - 1)
    book.close()
    record(CandidatesExported(at=at, by=actor.user_id, count=count, opening_id=filters.opening))
    target.seek(0)
    return target


def _titles() -> list[str]:
    return [
        _("Name"),
        _("Current work"),
        _("Degree"),
        _("City"),
        _("Years"),
        _("Skills"),
        _("Key candidate"),
        _("Opening"),
        _("Source"),
        _("Stage"),
        _("Applied"),
        _("In stage since"),
        _("Overdue"),
        _("Reason of the end"),
        _("Phone"),
        _("Mail address"),
    ]


def _rows(actor: Actor, filters: Filters, at: datetime, sources: dict[str, str]) -> Iterator[tuple[str | int, ...]]:
    zone = actor.tzinfo
    yes = _("yes")
    degrees, reasons = people.degree_labels(), queries.reason_labels_by_id()
    named = {code: str(name) for code, name in sources.items()}
    for batch in _batches(lists.candidates_to_export(actor, filters, at=at)):
        contacts = people.masked_first([row.person_id for row in batch], ("phone", "mail"))
        openings = queries.opening_labels(actor, (row.opening_id for row in batch))
        stages = queries.stage_labels(row.stage_id for row in batch)
        for row in batch:
            yield (
                row.name,
                row.headline,
                degrees.get(row.degree, ""),
                row.city,
                row.years if row.years is not None else "",
                ", ".join(row.skills),
                yes if row.is_key else "",
                openings.get(row.opening_id, ""),
                named.get(row.source, row.source),
                stages.get(row.stage_id, ""),
                f"{row.applied_at.astimezone(zone):%Y-%m-%d %H:%M}",
                f"{row.entered_stage_at.astimezone(zone):%Y-%m-%d %H:%M}",
                yes if row.due_at and row.due_at <= at else "",
                reasons.get(row.exit_reason_id, "") if row.exit_reason_id else "",
                contacts.get((row.person_id, "phone"), ""),
                contacts.get((row.person_id, "mail"), ""),
            )


def _batches(rows: Iterable[Exported]) -> Iterator[list[Exported]]:
    left = iter(rows)
    while batch := list(islice(left, _BATCH)):
        yield batch
