"""Work with persons that is done in the background."""

from uuid import UUID

from zhiren.plumbing import clock
from zhiren.plumbing.jobs import job

# After so many a job hands on to the next, so that an upload need not wait for a long run.
_AT_ONCE = 20


@job(name="people.read_again")
def read_again(rereading_id: str) -> None:
    """Read one résumé again."""
    from zhiren.people import resume_rereading  # it defers this job, so it cannot be imported above

    resume_rereading.read_one_again(at=clock.now(), rereading_id=UUID(rereading_id))


@job(name="people.read_all_again")
def read_all_again(run_id: str) -> None:
    """Read the next résumés of a run, then let another job go on."""
    from zhiren.people import resume_rereading

    for _number in range(_AT_ONCE):
        if not resume_rereading.read_next(at=clock.now(), run_id=UUID(run_id)):
            return
    read_all_again.defer(run_id=run_id)


@job(name="people.take_all_over")
def take_all_over(run_id: str) -> None:
    """Take over the next proposals of a run, then let another job go on."""
    from zhiren.people import resume_rereading

    for _number in range(_AT_ONCE):
        if not resume_rereading.take_next(at=clock.now(), run_id=UUID(run_id)):
            return
    take_all_over.defer(run_id=run_id)


@job(name="people.find_duplicates")
def find_duplicates(person_id: str) -> None:
    """Look who may be the same as one person."""
    from zhiren.people import duplicates

    duplicates.find_duplicates_of(person_id=UUID(person_id), at=clock.now())


@job(name="people.find_duplicates_in_backlog")
def find_duplicates_in_backlog() -> None:
    """Look who may be the same among the next of those who were never compared, then let another job go on."""
    from zhiren.people import duplicates

    if duplicates.find_in_backlog(at=clock.now()):
        find_duplicates_in_backlog.defer()
