"""Résumés: bytes in, facts with their source out. Pure: no Django, no disk, no network, no clock."""

from pathlib import Path

from zhiren.resumes.archives import Limits, Member, Refused, unpack
from zhiren.resumes.checks import FINDINGS, Finding, check
from zhiren.resumes.errors import REASONS, Reason, Unreadable
from zhiren.resumes.explain import fact_paths, table_of
from zhiren.resumes.facts import Certificate, Education, Employment, Fact, Language, Pay, Resume, Section
from zhiren.resumes.jsonresume import to_jsonresume
from zhiren.resumes.limits import MAX_FILE_BYTES
from zhiren.resumes.safely import ocr_is_available, parse_safely, render_page_safely

# Which reader made a stored reading; it rises when reading again would find more.
VERSION = "3"

__all__ = [
    "FINDINGS",
    "MAX_FILE_BYTES",
    "REASONS",
    "VERSION",
    "Certificate",
    "Education",
    "Employment",
    "Fact",
    "Finding",
    "Language",
    "Limits",
    "Member",
    "Pay",
    "Reason",
    "Refused",
    "Resume",
    "Section",
    "Unreadable",
    "check",
    "fact_paths",
    "ocr_is_available",
    "parse",
    "parse_safely",
    "render_page_safely",
    "table_of",
    "to_jsonresume",
    "unpack",
]


def parse(data: bytes, filename: str, *, models: Path | None = None) -> Resume:
    """Return what can be read from one file, in this very process: for bytes that are trusted, tests and the child.

    `models` is a folder of trained models (`zhiren train resumes`); without, those of the package serve.

    Raises:
        Unreadable: no résumé can be read from these bytes.
    """
    from zhiren.resumes.pipeline import parse as run  # the readers are heavy; who only asks does not load them

    return run(data, filename, models=models)
