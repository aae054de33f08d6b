"""Word résumés for the made-up applicants.

Each function takes a résumé as `resumes.py` tells it and gives the bytes of a file that says it was written `at`.
"""

import zipfile
from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

ACCENT = RGBColor(0x2A, 0x7F, 0x6B)
HEADING = RGBColor(0x1F, 0x4E, 0x79)
MUTED = RGBColor(0x60, 0x67, 0x6E)


def plain(resume: dict[str, Any], *, at: datetime) -> bytes:
    """Headings, paragraphs, bullets: what most people type."""
    words = resume["words"]
    document = _document(resume, at=at, font="宋体" if resume["language"] == "zh" else "Calibri")
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(title, resume["name"], size=20, bold=True)
    contacts = document.add_paragraph()
    contacts.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(contacts, " | ".join(f"{c['label']}{words['colon']}{c['value']}" for c in resume["contacts"]), size=9.5)
    _line(document, words["intent"], resume["intent"], words)
    _heading(document, words["employments"])
    for job in resume["employments"]:
        _run(document.add_paragraph(), f"{job['period']}  {job['company']}  {job['title']}", bold=True)
        for duty in job["duties"]:
            document.add_paragraph(duty, style="List Bullet")
    _heading(document, words["education"])
    for study in resume["education"]:
        document.add_paragraph(f"{study['period']}  {study['school']}  {study['major']}  {study['degree']}")
    _heading(document, words["skills"])
    document.add_paragraph(words["comma"].join(resume["skills"]))
    _heading(document, words["languages"])
    document.add_paragraph(words["comma"].join(resume["languages"] + resume["certificates"]))
    _heading(document, words["summary"])
    document.add_paragraph(resume["summary"])
    return _saved(document, at)


def form(resume: dict[str, Any], *, at: datetime) -> bytes:
    """One ruled table from top to bottom."""
    words, facts = resume["words"], resume["facts"]
    document = _document(resume, at=at, font="宋体" if resume["language"] == "zh" else "Times New Roman")
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(title, words["title"], size=18, bold=True)
    table = document.add_table(rows=0, cols=4)
    table.style = "Table Grid"
    table.autofit = False
    pairs = ("name", "birth"), ("phone", "mail"), ("city", "years"), ("degree", "school"), ("major", "intent")
    for left, right in pairs:
        cells = table.add_row().cells
        for cell, key in ((cells[0], left), (cells[2], right)):
            _labelled(cell, words[key])
        cells[1].text, cells[3].text = facts.get(left, ""), facts.get(right, "")
    wide: list[tuple[str, list[str]]] = [(words["pay"], [facts["pay"]])]
    wide.append(
        (
            words["education"],
            [
                f"{study['period']}  {study['school']}  {study['major']}  {study['degree']}"
                for study in resume["education"]
            ],
        )
    )
    wide.append(
        (
            words["employments"],
            [
                line
                for job in resume["employments"]
                for line in (
                    f"{job['period']}  {job['company']}  {job['title']}",
                    *(f"- {duty}" for duty in job["duties"]),
                )
            ],
        )
    )
    wide.append((words["skills"], [words["comma"].join(resume["skills"])]))
    wide.append((words["languages"], [words["comma"].join(resume["languages"] + resume["certificates"])]))
    wide.append((words["summary"], [resume["summary"]]))
    for label, lines in wide:
        cells = table.add_row().cells
        _labelled(cells[0], label)
        merged = cells[1].merge(cells[3])
        merged.text = lines[0]
        for line in lines[1:]:
            merged.add_paragraph(line)
    _widen(table, (2.6, 5.6, 2.6, 6.2))
    return _saved(document, at)


def columns(resume: dict[str, Any], *, at: datetime) -> bytes:
    """A table without lines makes two columns: facts on a tinted left, the story on the right."""
    words = resume["words"]
    document = _document(resume, at=at, font="微软雅黑" if resume["language"] == "zh" else "Arial")
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    left, right = table.rows[0].cells
    _widen(table, (5.4, 11.8))
    _tint(left, "E8F1EF")
    _run(left.paragraphs[0], resume["name"], size=18, bold=True)
    _run(left.add_paragraph(), resume["intent"], colour=ACCENT)
    for contact in resume["contacts"]:
        _run(left.add_paragraph(), contact["label"], size=8.5, colour=MUTED)
        left.add_paragraph(contact["value"])
    for title, lines in (
        (words["skills"], resume["skills"]),
        (words["languages"], resume["languages"] + resume["certificates"]),
    ):
        _run(left.add_paragraph(), title, size=11, bold=True)
        for line in lines:
            left.add_paragraph(line)
    _run(right.paragraphs[0], words["summary"], size=12, bold=True)
    right.add_paragraph(resume["summary"])
    _run(right.add_paragraph(), words["employments"], size=12, bold=True)
    for job in resume["employments"]:
        _run(right.add_paragraph(), job["company"], bold=True)
        _run(right.add_paragraph(), f"{job['title']}  {job['period']}", colour=MUTED)
        for duty in job["duties"]:
            right.add_paragraph(duty, style="List Bullet")
    _run(right.add_paragraph(), words["education"], size=12, bold=True)
    for study in resume["education"]:
        right.add_paragraph(f"{study['school']}  {study['degree']}  {study['major']}")
        _run(right.add_paragraph(), study["period"], colour=MUTED)
    return _saved(document, at)


def _document(resume: dict[str, Any], *, at: datetime, font: str) -> Any:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.9)
    section.top_margin = section.bottom_margin = Cm(1.7)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = font, Pt(10.5)
    # Word keeps the face for Chinese apart from the one for Latin letters.
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    normal.paragraph_format.space_after = Pt(3)
    core = document.core_properties
    core.author = core.last_modified_by = resume["name"]
    core.title, core.comments = resume["words"]["title"], ""
    core.created = core.modified = at.replace(tzinfo=None)
    return document


def _run(
    paragraph: Any, text: str, *, size: float | None = None, bold: bool = False, colour: RGBColor | None = None
) -> None:
    run = paragraph.add_run(text)
    run.bold = bold
    if size:
        run.font.size = Pt(size)
    if colour:
        run.font.color.rgb = colour


def _heading(document: Any, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(8)
    _run(paragraph, text, size=12.5, bold=True, colour=HEADING)


def _line(document: Any, label: str, value: str, words: dict[str, str]) -> None:
    paragraph = document.add_paragraph()
    _run(paragraph, label + words["colon"], bold=True)
    _run(paragraph, value)


def _labelled(cell: Any, text: str) -> None:
    _run(cell.paragraphs[0], text, bold=True)
    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    _tint(cell, "F1F3F4")


def _widen(table: Any, widths: tuple[float, ...]) -> None:
    """Set the columns to these widths in centimetres; a merged cell is as wide as the columns it covers."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        cells = row.cells
        at = 0
        while at < len(cells):
            span = cells[at].grid_span
            cells[at].width = Cm(sum(widths[at : at + span]))
            at += span


def _tint(cell: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001  python-docx has no public way to colour a cell


def _saved(document: Any, at: datetime) -> bytes:
    """Return the file with every date inside it fixed: a ZIP otherwise remembers when each part was packed."""
    packed, steady = BytesIO(), BytesIO()
    document.save(packed)
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(steady, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = zipfile.ZipInfo(name, date_time=at.timetuple()[:6])
            part.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(part, source.read(name))
    return steady.getvalue()
