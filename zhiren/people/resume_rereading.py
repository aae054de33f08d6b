"""Reading résumés again with a newer reader: what would change is shown before it is taken over."""

import json
from collections import Counter
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from zhiren import resumes
from zhiren.kernel.actors import Actor
from zhiren.people import permissions, queries, resume_correcting, resume_queries
from zhiren.people.errors import FileUnavailable, PersonErased, RereadingDecided, RunUnderWay
from zhiren.people.events import ResumeReread
from zhiren.people.jobs import read_again, read_all_again, take_all_over
from zhiren.people.models import Correction, Person, ReadFacts, Rereading, RereadRun, Resume
from zhiren.people.vault import open_vault
from zhiren.plumbing.models import one
from zhiren.resumes import corrections as laid
from zhiren.resumes.differences import Difference, differences
from zhiren.timeline.services import record

State = Rereading.State
# The file is no longer there, beside the reasons for which a file cannot be read (`resumes.REASONS`).
FILE_MISSING = "file_missing"


@transaction.atomic
def ask_rereading(*, actor: Actor, at: datetime, person_id: UUID, resume_id: UUID) -> Rereading:
    """Have one résumé read again in the background. One that waits, to be read or decided, is not read twice."""
    actor.require(permissions.EDIT)
    person = queries.get_person(actor, person_id)
    rows = Resume.objects.select_for_update().filter(person_id__in=queries.same_person_ids(person.pk))
    row = one(rows, resume_id)
    known = row.rereadings.filter(state__in=[State.WAITING, State.PROPOSED]).first()
    if known is not None and (known.state == State.WAITING or known.parser == resumes.VERSION):
        return known
    if known is not None:
        _close(known, State.LEFT, actor=actor, at=at)
    rereading = Rereading.objects.create(resume=row, parser=resumes.VERSION, asked_by=actor.user_id, at=at)
    read_again.defer(rereading_id=str(rereading.pk))
    return rereading


def read_one_again(*, at: datetime, rereading_id: UUID) -> None:
    """Read the file of a rereading that waits. Safe to run twice; one that was dealt with stays as it is.

    Reading happens outside the transaction, in a process of its own.
    """
    waiting = Rereading.objects.filter(pk=rereading_id, state=State.WAITING).select_related("resume__document").first()
    if waiting is None:
        return
    outcome = _outcome(waiting.resume)
    with transaction.atomic():
        rereading = Rereading.objects.select_for_update().get(pk=rereading_id)
        if rereading.state == State.WAITING:
            _settle(rereading, outcome, at=at)


def _outcome(row: Resume) -> resumes.Resume | str:
    try:
        document = row.document
        return queries.read_resume(queries.document_bytes(document), queries.document_name(document))
    except resumes.Unreadable as error:
        return error.reason.value
    except (FileUnavailable, PersonErased):
        return FILE_MISSING


def _settle(rereading: Rereading, outcome: resumes.Resume | str, *, at: datetime) -> None:
    """Write down what came of a reading. One that says the same is taken over at once: its evidence may be better."""
    row = Resume.objects.select_for_update(of=("self",)).select_related("document").get(pk=rereading.resume_id)
    opened = queries.open_resumes([row]).get(row.pk)
    if isinstance(outcome, str) or opened is None:
        rereading.state = State.UNREADABLE
        rereading.problem = outcome if isinstance(outcome, str) else FILE_MISSING
        rereading.save()
        return
    after = laid.applied(outcome, opened.words)
    found = differences(opened.facts, after.resume)
    rereading.changed = _counted(found)
    rereading.unplaced = len(set(after.unplaced) - set(opened.applied.unplaced))
    if found or rereading.unplaced:
        text = json.dumps(outcome.to_json(), ensure_ascii=False)
        rereading.reading_sealed = open_vault(row.person_id).seal(
            text, cell="people_rereading|reading_sealed", row=rereading.pk
        )
        rereading.state = State.PROPOSED
        rereading.save()
        return
    rereading.state, rereading.decided_at = State.SAME, at
    rereading.save()
    _replace(opened, outcome, parser=rereading.parser, at=at)


def _counted(found: list[Difference]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for difference in found:
        counts.setdefault(difference.field, Counter())[difference.kind] += 1
    return {field: dict(counter) for field, counter in counts.items()}


@transaction.atomic
def take_rereading(*, actor: Actor, at: datetime, person_id: UUID, rereading_id: UUID) -> None:
    """Take a newer reading over: it replaces the older one, corrections stay, the person's record follows.

    Raises:
        RereadingDecided: it was taken over or put aside before.
    """
    rereading = _proposed(actor, person_id, rereading_id)
    _take(rereading, actor=actor, at=at)


@transaction.atomic
def leave_rereading(*, actor: Actor, at: datetime, person_id: UUID, rereading_id: UUID) -> None:
    """Put a newer reading aside: the résumé stays as it was.

    Raises:
        RereadingDecided: it was taken over or put aside before.
    """
    _close(_proposed(actor, person_id, rereading_id), State.LEFT, actor=actor, at=at)


def _proposed(actor: Actor, person_id: UUID, rereading_id: UUID) -> Rereading:
    actor.require(permissions.EDIT)
    person = queries.get_person(actor, person_id)
    ids = queries.same_person_ids(person.pk)
    rereading = one(Rereading.objects.select_for_update().filter(resume__person_id__in=ids), rereading_id)
    if rereading.state != State.PROPOSED:
        raise RereadingDecided
    return rereading


def _close(rereading: Rereading, state: State, *, actor: Actor, at: datetime) -> None:
    rereading.state, rereading.reading_sealed = state, b""
    rereading.decided_at, rereading.decided_by = at, actor.user_id
    rereading.save(update_fields=["state", "reading_sealed", "decided_at", "decided_by"])


def _take(rereading: Rereading, *, actor: Actor, at: datetime) -> None:
    row = Resume.objects.select_for_update(of=("self",)).select_related("document").get(pk=rereading.resume_id)
    opened = queries.open_resumes([row]).get(row.pk)
    if opened is None:
        _close(rereading, State.LEFT, actor=actor, at=at)
        return
    reading = resume_queries.proposed_reading(rereading, row)
    after = laid.apply(reading, opened.words)
    person = Person.objects.get(pk=queries.root_of(row.person_id))
    resume_correcting.follow(person, row, opened.facts, after, actor=actor, at=at, strict=False)
    _replace(opened, reading, parser=rereading.parser, at=at)
    _close(rereading, State.TAKEN, actor=actor, at=at)
    changed = sum(sum(kinds.values()) for kinds in rereading.changed.values())
    record(ResumeReread(person_id=person.pk, at=at, by=actor.user_id, document_id=row.document_id, changed=changed))


def _replace(opened: queries.OpenResume, reading: resumes.Resume, *, parser: str, at: datetime) -> None:
    row = opened.row
    text = json.dumps(reading.to_json(), ensure_ascii=False)
    row.parsed_sealed = open_vault(row.person_id).seal(text, cell="people_resume|parsed_sealed", row=row.pk)
    row.parser, row.parsed_at = parser, at
    row.save(update_fields=["parsed_sealed", "parser", "parsed_at"])
    count_read(row, reading)
    _charge(opened, reading, parser=parser)


def _charge(opened: queries.OpenResume, reading: resumes.Resume, *, parser: str) -> None:
    """Hold against the newer reader what it reads wrong still: the report counts a correction where it is needed."""
    bare = laid.applied(reading, [])
    for correction, word in zip(opened.corrections, opened.words, strict=True):
        alone = laid.applied(reading, [word])
        if word.id in (*alone.idle, *alone.unplaced) or not differences(bare.resume, alone.resume):
            continue
        rule = resume_correcting.rule_of(reading, word)[:60]
        Correction.objects.filter(pk=correction.pk).update(parser=parser, rule=rule, layout=reading.layout[:60])


def count_read(row: Resume, reading: resumes.Resume) -> None:
    """Keep how many facts each rule read, in place of what was counted for the same résumé before."""
    counts = Counter((laid.field_of(path), fact.rule[:60]) for path, fact in resumes.fact_paths(reading))
    ReadFacts.objects.filter(resume=row).delete()
    ReadFacts.objects.bulk_create(
        ReadFacts(resume=row, field=field, rule=rule, layout=reading.layout[:60], parser=row.parser, number=number)
        for (field, rule), number in counts.items()
    )


@transaction.atomic
def start_run(*, actor: Actor, at: datetime, everything: bool = False) -> RereadRun:
    """Have all résumés read again in the background: those of older readers, or with `everything` all there are.

    Raises:
        RunUnderWay: a run has not ended yet.
    """
    actor.require(permissions.REPARSE)
    if RereadRun.objects.select_for_update().filter(ended_at=None, cancelled_at=None).exists():
        raise RunUnderWay
    run = RereadRun(by=actor.user_id, started_at=at, parser=resumes.VERSION, everything=everything)
    run.total = resume_queries.resumes_to_read(run).count()
    run.save(force_insert=True)
    read_all_again.defer(run_id=str(run.pk))
    return run


@transaction.atomic
def cancel_run(*, actor: Actor, at: datetime, run_id: UUID) -> None:
    """Stop a run after the résumé it is at; what was read stays. It can be resumed."""
    actor.require(permissions.REPARSE)
    run = one(RereadRun.objects.select_for_update(), run_id)
    if run.ended_at is None and run.cancelled_at is None:
        run.cancelled_at = at
        run.save(update_fields=["cancelled_at"])


@transaction.atomic
def resume_run(*, actor: Actor, run_id: UUID) -> None:
    """Go on with a cancelled run where it stopped."""
    actor.require(permissions.REPARSE)
    run = one(RereadRun.objects.select_for_update(), run_id)
    if run.cancelled_at is not None and run.ended_at is None:
        if RereadRun.objects.filter(ended_at=None, cancelled_at=None).exists():
            raise RunUnderWay
        run.cancelled_at = None
        run.save(update_fields=["cancelled_at"])
        read_all_again.defer(run_id=str(run.pk))


def read_next(*, at: datetime, run_id: UUID) -> bool:
    """Read the next résumé of a run; return whether there may be more. Two workers at one run do not read twice."""
    run = RereadRun.objects.get(pk=run_id)
    if run.ended_at or run.cancelled_at:
        return False
    row = resume_queries.resumes_to_read(run).select_related("document").order_by("pk").first()
    outcome = _outcome(row) if row else ""
    with transaction.atomic():
        locked = RereadRun.objects.select_for_update().get(pk=run_id)
        if locked.reached != run.reached or locked.ended_at or locked.cancelled_at:
            return not (locked.ended_at or locked.cancelled_at)
        if row is None:
            locked.ended_at = at
        else:
            locked.reached, locked.read = row.pk, F("read") + 1
            _settle_in_run(locked, row, outcome, at=at)
        locked.save()
    return row is not None


def _settle_in_run(run: RereadRun, row: Resume, outcome: resumes.Resume | str, *, at: datetime) -> None:
    if Rereading.objects.filter(run=run, resume=row).exists() or not Resume.objects.filter(pk=row.pk).exists():
        return
    Rereading.objects.filter(resume=row, state__in=[State.WAITING, State.PROPOSED]).update(
        state=State.LEFT, reading_sealed=b"", decided_at=at
    )
    rereading = Rereading.objects.create(resume=row, run=run, parser=run.parser, asked_by=run.by, at=at)
    _settle(rereading, outcome, at=at)


@transaction.atomic
def take_run(*, actor: Actor, at: datetime, run_id: UUID) -> None:
    """Take over everything a run proposes and nobody has decided yet, in the background."""
    actor.require(permissions.REPARSE)
    run = one(RereadRun.objects.select_for_update(), run_id)
    run.taking_at, run.taking_by = at, actor.user_id
    run.save(update_fields=["taking_at", "taking_by"])
    take_all_over.defer(run_id=str(run.pk))


def take_next(*, at: datetime, run_id: UUID) -> bool:
    """Take over the next proposal of a run; return whether there may be more."""
    run = RereadRun.objects.get(pk=run_id)
    actor = Actor(user_id=run.taking_by, label="reread") if run.taking_by else Actor.system("reread")
    with transaction.atomic():
        open_ones = Rereading.objects.select_for_update(skip_locked=True, of=("self",))
        rereading = open_ones.filter(run=run, state=State.PROPOSED).order_by("pk").first()
        if rereading is not None:
            _take(rereading, actor=actor, at=at)
    return rereading is not None
