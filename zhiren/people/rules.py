"""Decisions about persons. Pure."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import phonenumbers

from zhiren.resumes import Resume

_MOST_YEARS = 60
_MAIL = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")


def normal_phone(text: str, *, region: str = "CN") -> str | None:
    """Return a phone number as +8613800000000; None if it is not one. Full-width digits are understood.

    >>> normal_phone("１３８ 1234-2071")
    '+8613812342071'
    """
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normal_mail(text: str) -> str | None:
    """Return a mail address in lower case; None if it is not one (or could carry a header along)."""
    text = text.strip()
    return text.lower() if len(text) <= 254 and _MAIL.fullmatch(text) else None


def normal_contact(kind: str, text: str, *, region: str = "CN") -> str | None:
    """Return a contact in the one form that is compared; None if it is malformed."""
    if kind == "phone":
        return normal_phone(text, region=region)
    if kind == "mail":
        return normal_mail(text)
    plain = "".join(text.split()).upper() if kind == "id_number" else text.strip()
    return plain if 0 < len(plain) <= 100 else None


def headline(resume: Resume) -> str:
    """Return what somebody does, in one line: title · employer of the current job, else of the one named first."""
    if not resume.employers:
        return ""
    job = next((job for job in resume.employers if job.current), resume.employers[0])
    return " · ".join(fact.value for fact in (job.title, job.employer) if fact)


def years_of_experience(resume: Resume, *, on: date) -> int | None:
    """Return whole years at work up to a day, at most sixty; None where the résumé gives no dates."""
    years = resume.years_of_experience(on=on)
    return None if years is None else min(max(int(years), 0), _MOST_YEARS)


def columns_of(resume: Resume, *, on: date) -> dict[str, str | int | None]:
    """Return what a person's record takes over from a résumé, by column; skills apart."""
    return {
        "name": resume.name.value[:200] if resume.name else "",
        "headline": headline(resume)[:300],
        "city": resume.city.value[:100] if resume.city else "",
        "degree": resume.degree.value if resume.degree else "",
        "years": years_of_experience(resume, on=on),
    }


def column_changes(
    held: dict[str, str | int | None], before: dict[str, str | int | None], after: dict[str, str | int | None]
) -> dict[str, str | int | None]:
    """Return which columns follow a résumé from `before` to `after`: those that hold what it said, or nothing.

    What somebody typed over stays, and a name is never emptied.
    """
    return {
        name: value
        for name, value in after.items()
        if value != before[name] and held[name] in (before[name], "", None) and (value or name != "name")
    }


def skills_after(held: list[str], before: list[str], after: list[str]) -> list[str]:
    """Return a person's skills once their résumé says `after` instead of `before`; those from elsewhere stay."""
    gone = set(before) - set(after)
    kept = [skill for skill in held if skill not in gone]
    return [*kept, *(skill for skill in after if skill not in kept and skill not in before)][:80]


# Past attendance ------------------------------------------------------------------------------------------------------

LONGEST_CONSENT_MONTHS = 24
_DAYS_OF_A_MONTH = 31
_LONGEST_LIFE = timedelta(days=80 * 366)


def is_near(until: date, *, today: date) -> bool:
    """Tell whether a consent that ends on a day lasts no longer than one may."""
    return until - today <= timedelta(days=LONGEST_CONSENT_MONTHS * _DAYS_OF_A_MONTH)


def end_of_day(day: date, *, zone: str) -> datetime:
    """Return when a day is over in a zone."""
    following = day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=ZoneInfo(zone))


def disagreement(
    *,
    from_on: date,
    to_on: date,
    workdays: int,
    late: int,
    leaves: int,
    leave_days: int,
    longest_streak: int,
    steady: int,
    measured: int,
    today: date,
) -> str:
    """Return which numbers of past attendance cannot be together; empty where all can.

    >>> disagreement(from_on=date(2025, 1, 1), to_on=date(2025, 1, 31), workdays=22, late=30, leaves=0, leave_days=0,
    ...              longest_streak=5, steady=0, measured=0, today=date(2026, 1, 1))
    'late'
    """
    days = (to_on - from_on).days + 1
    wrong = {
        "period": not today - _LONGEST_LIFE < from_on <= to_on < today,
        "workdays": not 0 < workdays <= max(days, 1),
        "late": not 0 <= late <= workdays,
        "leave": not 0 <= leaves <= leave_days <= workdays,
        "streak": not 0 <= longest_streak <= workdays - min(leave_days, workdays),
        "steady": not 0 <= steady <= measured <= workdays,
    }
    return next((name for name, is_wrong in wrong.items() if is_wrong), "")
