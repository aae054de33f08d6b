"""Attendance in the background."""

from uuid import UUID

from zhiren.plumbing import clock
from zhiren.plumbing.jobs import job

BATCH = 2000
LOOKED_AT = 500
JUDGED_AT = 200


@job(name="attendance.compute_dirty")
def compute_dirty() -> None:
    """Compute days that wait, and let another job go on while there are more."""
    from zhiren.attendance import services  # it defers this job, so it cannot be imported above

    if services.compute_dirty(at=clock.now(), limit=BATCH) == BATCH:
        compute_dirty.defer()


@job(name="attendance.judge_months")
def judge_months() -> None:
    """Hold months whose days changed against working-time law, and let another job go on while there are more."""
    from zhiren.attendance import judging

    if judging.judge_due(at=clock.now(), limit=JUDGED_AT) == JUDGED_AT:
        judge_months.defer()


@job(name="attendance.look_for_drift")
def look_for_drift(after: str = "") -> None:
    """Look at the arrivals of the next people, and let another job go on."""
    from zhiren.attendance import queries, watching

    at = clock.now()
    found = queries.employed_ids(UUID(after) if after else None, LOOKED_AT)
    watching.look_for_drift(at=at, employment_ids=found, on=at.date())
    if len(found) == LOOKED_AT:
        look_for_drift.defer(after=str(found[-1]))


@job(name="attendance.find_owners")
def find_owners(badge: str = "") -> None:
    """Give punches of nobody to their owners, and compute the days they touch."""
    from zhiren.attendance import services

    if services.find_owners(at=clock.now(), badges=[badge] if badge else []):
        compute_dirty.defer()


@job(name="attendance.look_at_file")
def look_at_file(import_id: str) -> None:
    """Read a file of punches, for somebody to see what is in it."""
    from zhiren.attendance import importing

    importing.look(import_id=UUID(import_id), at=clock.now())


@job(name="attendance.import_file")
def import_file(import_id: str) -> None:
    """Keep the punches of a file, part by part, from where the last worker was."""
    from zhiren.attendance import importing

    reading = importing.reading_of(UUID(import_id))
    if reading is None:
        return
    while importing.take_some(import_id=UUID(import_id), reading=reading, at=clock.now()):
        pass
    compute_dirty.defer()


@job(name="attendance.exchange", retry=False)  # the tick asks again, and what waits would hold up who asks by hand
def exchange(account_id: str) -> None:
    """Pull what is new on a platform outside, or tell it what is new here."""
    from zhiren.attendance import pulling

    pulling.exchange(account_id=UUID(account_id), at=clock.now())
