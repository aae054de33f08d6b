"""Leave in the background."""

from uuid import UUID

from zhiren.leave import ledger
from zhiren.plumbing import clock
from zhiren.plumbing.jobs import defer_once, job


@job(name="leave.go_on", retry=False)  # the tick begins anew
def go_on(after: str) -> None:
    """Do for the accounts after one what time brings, and let another job go on while there are more."""
    found = ledger.bring_up_to_date(at=clock.now(), after=UUID(after))
    if len(found) == ledger.BATCH:
        defer_once(go_on, after=str(found[-1]))
