"""What leave does about events: who is employed earns, and who leaves is settled with."""

from zhiren.leave import ledger, outcomes
from zhiren.people.events import EmploymentEnded, PersonEmployed
from zhiren.timeline import on


@on(PersonEmployed)
def open_accounts(event: PersonEmployed) -> None:
    """Open the newcomer's accounts. Twice is as good as once: one account per type."""
    ledger.open_accounts(at=event.at, employment_ids=[event.employment_id])


@on(EmploymentEnded)
def look_again(event: EmploymentEnded) -> None:
    """Take back leave behind the last day, and look at the leaver's accounts anew: the day has been set, or moved."""
    outcomes.end_with_employment(at=event.at, employment_id=event.employment_id)
    ledger.look_again(at=event.at, employment_id=event.employment_id)
