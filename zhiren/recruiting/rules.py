"""Decisions of recruiting. Pure."""

from datetime import datetime

from zhiren.kernel.businesstime import WorkCalendar

# The stages an opening starts with unless it is told otherwise; limits in business hours.
STANDARD_STAGES = (
    {"kind": "new", "name": "新投递", "name_en": "New", "limit_hours": 9},
    {"kind": "screening", "name": "筛选", "name_en": "Screening", "limit_hours": 18},
    {"kind": "interview", "name": "面试", "name_en": "Interview", "limit_hours": 45},
    {"kind": "offer", "name": "录用", "name_en": "Offer", "limit_hours": 18},
    {"kind": "hired", "name": "入职", "name_en": "Hired", "limit_hours": None},
)


def stage_due(entered_at: datetime, *, limit_hours: int | None, calendar: WorkCalendar) -> datetime | None:
    """Return when a stage's time limit ends; None for a stage without one. `limit_hours` are business hours."""
    return calendar.add_hours(entered_at, limit_hours) if limit_hours else None
