"""Work of search that is done in the background."""

from zhiren.plumbing import clock
from zhiren.plumbing.jobs import job

# So many batches are one job: a worker that is to stop waits a few seconds at most.
_BATCHES = 5


@job(name="talent.index_stale")
def index_stale() -> None:
    """Make the entries anew of those about whom something changed."""
    from zhiren.talent import services  # it defers this job

    services.index_stale()


@job(name="talent.walk")
def walk() -> None:
    """Make the next entries by the rules of today, and go on until everybody has one."""
    from zhiren.talent import services

    for _batch in range(_BATCHES):
        if services.walk(at=clock.now()).finished_at:
            return
    walk.defer()
