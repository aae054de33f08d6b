"""Decisions of recruiting. Pure."""

import re
from datetime import datetime
from pathlib import PurePosixPath

from zhiren.kernel.businesstime import WorkCalendar
from zhiren.people.rules import headline as headline
from zhiren.people.rules import years_of_experience as years_of_experience
from zhiren.resumes import Resume

# The stages an opening starts with unless it is told otherwise; limits in business hours.
STANDARD_STAGES = (
    {"kind": "new", "name": "新投递", "name_en": "New", "limit_hours": 9},
    {"kind": "screening", "name": "筛选", "name_en": "Screening", "limit_hours": 18},
    {"kind": "interview", "name": "面试", "name_en": "Interview", "limit_hours": 45},
    {"kind": "offer", "name": "录用", "name_en": "Offer", "limit_hours": 18},
    {"kind": "hired", "name": "入职", "name_en": "Hired", "limit_hours": None},
)

# The reason for the end of an application of which there is another: its code.
DUPLICATE = "duplicate"


def stage_due(entered_at: datetime, *, limit_hours: int | None, calendar: WorkCalendar) -> datetime | None:
    """Return when a stage's time limit ends; None for a stage without one. `limit_hours` are business hours."""
    return calendar.add_hours(entered_at, limit_hours) if limit_hours else None


def facts_found(resume: Resume) -> int:
    """Return how many facts a résumé gave."""
    single = (
        resume.name, resume.city, resume.birth, resume.degree,
        resume.notice, resume.expected_pay, resume.current_pay,
    )  # fmt: skip
    many = (
        resume.phones, resume.mails, resume.schools, resume.employers,
        resume.skills, resume.languages, resume.certificates,
    )  # fmt: skip
    return sum(fact is not None for fact in single) + sum(len(facts) for facts in many)


def provisional_name(file_name: str) -> str:
    """Return what to call somebody whose résumé names nobody: the file's name without ending and underscores.

    >>> provisional_name("resume_2026-final.pdf")
    'resume 2026 final'
    """
    stem = PurePosixPath(file_name.replace("\\", "/")).stem
    return " ".join(re.sub(r"[\s_\-–—+.]+", " ", stem).split())[:60].strip() or "?"


def median(numbers: list[float]) -> float | None:
    """Return the middle of some numbers, the mean of the two middle ones for an even count; None for none.

    >>> median([3, 1, 8, 4])
    3.5
    """
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    if not ordered:
        return None
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
