"""The stages in their order: sniff, extract, segment, entities, assemble. Each can be replaced by a better one.

The last stage, `checks.check`, stands apart: it needs to know what day it is, and its findings are not kept.
"""

from __future__ import annotations

import re
from pathlib import Path

from zhiren.resumes import (
    certificates,
    contacts,
    education,
    employment,
    identity,
    languages,
    learned,
    notice,
    pay,
    places,
    skills,
)
from zhiren.resumes.doc import read_doc
from zhiren.resumes.document import Document
from zhiren.resumes.docx import read_docx, read_word_xml
from zhiren.resumes.errors import Reason, Unreadable
from zhiren.resumes.facts import Resume
from zhiren.resumes.html import read_html
from zhiren.resumes.limits import MAX_FILE_BYTES
from zhiren.resumes.mail import read_mail
from zhiren.resumes.odt import read_odt
from zhiren.resumes.pdf import read_pdf
from zhiren.resumes.plain import read_plain
from zhiren.resumes.rtf import read_rtf
from zhiren.resumes.segments import looks_like_resume, segments_of
from zhiren.resumes.sniff import Kind, check, sniff

_READERS = {
    Kind.PDF: read_pdf,
    Kind.DOCX: read_docx,
    Kind.DOC: read_doc,
    Kind.WORD_XML: read_word_xml,
    Kind.RTF: read_rtf,
    Kind.ODT: read_odt,
    Kind.HTML: read_html,
    Kind.MAIL: read_mail,
    Kind.TEXT: read_plain,
}


def parse(data: bytes, filename: str, *, models: Path | None = None) -> Resume:
    """Return what can be read from one file, with the models in a folder or those of the package.

    Raises:
        Unreadable: no résumé can be read from these bytes.
    """
    if len(data) > MAX_FILE_BYTES:
        raise Unreadable(Reason.TOO_LARGE, "file")
    return assemble(_READERS[check(data, filename)](data), models=models)


def parse_pictures(data: bytes, *, models: Path | None = None) -> Resume:
    """Return what can be read from a photograph, or from a PDF whose pages are pictures. It takes seconds a page.

    Raises:
        Unreadable: no résumé can be read from these bytes.
    """
    from zhiren.resumes import ocr  # an optional part, and heavy

    if len(data) > MAX_FILE_BYTES:
        raise Unreadable(Reason.TOO_LARGE, "file")
    read = ocr.read_picture if sniff(data) is Kind.IMAGE else ocr.read_scan
    return assemble(read(data), models=models)


def assemble(document: Document, *, models: Path | None = None) -> Resume:
    """Return the facts of a text."""
    segments = segments_of(document)
    language = language_of(document.text)
    mails = contacts.mails_in(document, segments)
    phones = contacts.phones_in(document, segments, chinese=language in {"zh", "mixed"})
    name = identity.name_in(document, segments, mails=mails, phones=phones)
    schools = education.schools_in(segments)
    employers = employment.employers_in(segments)
    if not employers and language in {"zh", "mixed"}:
        employers = learned.employments_told(document, models=models)
    is_resume = looks_like_resume(document, segments) or len(employers) > 1
    if name is None and is_resume and language != "other":
        name = learned.name_told(document, language=language, models=models)
    told = segments if is_resume else []
    expected_pay, current_pay = pay.pay_in(told, currency="CNY" if language in {"zh", "mixed"} else "")
    names = [stay.school for stay in schools] + [job.employer for job in employers if job.employer]
    warnings = [*document.warnings]
    if not is_resume:
        warnings.append("not_a_resume")
    if name is None and not phones and not mails:
        warnings.append("few_facts")
    return Resume(
        text=document.whole_text(),
        pages=document.pages,
        language=language,
        name=name,
        phones=tuple(phones),
        mails=tuple(mails),
        city=places.city_in(segments),
        birth=identity.birth_in(segments),
        degree=education.highest_degree_in(segments, schools),
        schools=tuple(schools),
        employers=tuple(employers),
        skills=tuple(skills.skills_in(told, names=names)),
        languages=tuple(languages.languages_in(told)),
        certificates=tuple(certificates.certificates_in(told)),
        expected_pay=expected_pay,
        current_pay=current_pay,
        notice=notice.notice_in(told),
        layout=document.layout,
        sections=(*(segment.as_section() for segment in segments), *document.hidden_sections()),
        warnings=tuple(warnings),
    )


def language_of(text: str) -> str:
    """Return `zh`, `en`, `mixed` or `other` by the scripts of the words; one Chinese character weighs like a word."""
    chinese = len(re.findall(r"[\u4e00-\u9fff]", text))
    latin = len(re.findall(r"[A-Za-z]{2,}", text))
    other = len(re.findall(r"[^\W\d_A-Za-z\u4e00-\u9fff\u00c0-\u024f]{2,}", text))
    total = chinese + latin + other
    if not total or other * 2 > total:
        return "other"
    if chinese * 5 < latin:
        return "en"
    return "zh" if latin * 2 < chinese else "mixed"
