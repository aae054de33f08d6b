"""What the tests of the résumé reader ask a résumé."""

from zhiren.resumes import Fact, Resume, parse


def read(text: str) -> Resume:
    return parse(text.encode(), "cv.txt")


def value(fact: Fact | None) -> str | None:
    return fact.value if fact else None


def facts_of(resume: Resume) -> tuple[str | None, list[str], list[str], str | None, str | None, str | None]:
    """Name, phones, mails, city, birth, degree."""
    return (
        value(resume.name),
        [phone.value for phone in resume.phones],
        [mail.value for mail in resume.mails],
        value(resume.city),
        value(resume.birth),
        value(resume.degree),
    )


def jobs_of(resume: Resume) -> list[tuple[str | None, ...]]:
    """Employer, title, start, end of each job; a job that goes on ends in `now`."""
    return [
        (value(job.employer), value(job.title), value(job.start), "now" if job.current else value(job.end))
        for job in resume.employers
    ]


def stays_of(resume: Resume) -> list[tuple[str | None, ...]]:
    """School, degree, subject, start, end of each stay."""
    return [
        (value(stay.school), value(stay.degree), value(stay.major), value(stay.start), value(stay.end))
        for stay in resume.schools
    ]
