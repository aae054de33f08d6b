"""Every read of résumés beyond what they say: corrections, rereadings, the reader's own report."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from zhiren import resumes
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import NotFound
from zhiren.people.errors import PersonErased
from zhiren.people.models import Correction, ReadFacts, Rereading, RereadRun, Resume
from zhiren.people.queries import (
    OpenResume,
    get_person,
    open_resumes,
    records_visible_to,
    same_person_ids,
)
from zhiren.people.vault import open_vault
from zhiren.plumbing.models import one
from zhiren.resumes import corrections as resumes_corrections
from zhiren.resumes.corrections import applied
from zhiren.resumes.differences import Difference, differences


def get_resume(actor: Actor, person_id: UUID, resume_id: UUID) -> OpenResume:
    """Return one résumé of a person, opened; NotFound if there is none, or it is not this actor's to see."""
    person = get_person(actor, person_id)
    rows = Resume.objects.filter(person_id__in=same_person_ids(person.pk)).select_related("document")
    row = one(rows, resume_id)
    opened = open_resumes([row]).get(row.pk)
    if opened is None:
        raise PersonErased
    return opened


def field_of(opened: OpenResume, key: str) -> str:
    """Return the field a place of a résumé belongs to; NotFound if it has no such place."""
    if key in resumes_corrections.FACT_LISTS or key in resumes_corrections.SINGLE:
        return key
    path = next((path for path, known in opened.applied.keys.items() if known == key), "")
    if not path:
        raise NotFound
    return resumes_corrections.field_of(path)


def values_at(opened: OpenResume, key: str) -> dict[str, str]:
    """Return what a place of a résumé says now, as a correction holds it; NotFound if nothing stands there."""
    path = next((path for path, known in opened.applied.keys.items() if known == key), "")
    fact = dict(resumes.fact_paths(opened.facts)).get(path)
    if fact is None:
        raise NotFound
    values = {"value": fact.value, "code": fact.code}
    if path in resumes_corrections.PAYS:
        pay = getattr(opened.facts, path)
        values |= {"low": str(pay.low), "high": "" if pay.high is None else str(pay.high), "currency": pay.currency}
        values["months"] = str(pay.months or "")
    return values


def box_at(opened: OpenResume, key: str) -> tuple[float, float, float, float]:
    """Return where a place of a résumé stands on its page; NotFound if that is not known."""
    paths = [path for path, known in opened.applied.keys.items() if known == key]
    facts = dict(resumes.fact_paths(opened.facts))
    box = next((facts[path].box for path in paths if path in facts), None)
    if box is None:
        raise NotFound
    return box


def get_rereading(actor: Actor, person_id: UUID, rereading_id: UUID) -> Rereading:
    """Return a rereading of a résumé of a person this actor may see; else NotFound."""
    person = get_person(actor, person_id)
    rows = Rereading.objects.filter(resume__person_id__in=same_person_ids(person.pk))
    return one(rows.select_related("resume__document"), rereading_id)


def open_rereading_of(row: Resume) -> Rereading | None:
    """Return the rereading of a résumé that waits to be read or decided."""
    return row.rereadings.filter(state__in=[Rereading.State.WAITING, Rereading.State.PROPOSED]).first()


def rereading_differences(rereading: Rereading) -> tuple[list[Difference], list[resumes_corrections.Correction]]:
    """Return what a proposed reading changes, corrections laid over both, and which corrections lose their place.

    Both are empty for one that is not a proposal.
    """
    row = rereading.resume
    opened = open_resumes([row]).get(row.pk)
    if opened is None or rereading.state != Rereading.State.PROPOSED:
        return [], []
    after = applied(proposed_reading(rereading, row), opened.words)
    lost = set(after.unplaced) - set(opened.applied.unplaced)
    return differences(opened.facts, after.resume), [word for word in opened.words if word.id in lost]


def newest_runs(limit: int = 5) -> list[RereadRun]:
    """Return the newest runs over all résumés."""
    return list(RereadRun.objects.order_by("-started_at")[:limit])


def get_run(run_id: UUID) -> RereadRun:
    """Return one run; NotFound if there is none."""
    return one(RereadRun.objects.all(), run_id)


def states_of_run(run: RereadRun) -> dict[str, int]:
    """Return how many résumés of a run are in each state."""
    rows = run.rereadings.values_list("state").annotate(number=Count("pk"))
    return dict(rows)


def changes_of_run(run: RereadRun) -> dict[str, dict[str, int]]:
    """Return how many differences a run found, by field and kind. Added up by the database."""
    sql = """
        SELECT field.key, kind.key, sum(kind.value::int) FROM people_rereading,
        jsonb_each(changed) AS field, jsonb_each_text(field.value) AS kind WHERE run_id = %s GROUP BY 1, 2 ORDER BY 1, 2
    """
    found: dict[str, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, [run.pk])
        for field, kind, number in cursor.fetchall():
            found.setdefault(field, {})[kind] = int(number)
    return found


def proposals_of_run(actor: Actor, run: RereadRun) -> QuerySet[Rereading]:
    """Return what a run proposes for persons this actor may see."""
    rows = run.rereadings.filter(state=Rereading.State.PROPOSED, resume__person__in=records_visible_to(actor))
    return rows.select_related("resume__person")


def unread_by(parser: str) -> int:
    """Return how many résumés were read by another reader than this one."""
    return Resume.objects.filter(person__erased_at__isnull=True).exclude(parser=parser).count()


def parsers() -> list[str]:
    """Return the versions of the reader by which stored facts were counted, newest first."""
    return sorted(ReadFacts.objects.values_list("parser", flat=True).distinct(), reverse=True)


@dataclass(frozen=True)
class Performance:
    """How well one rule reads one field of one kind of file: counts of facts."""

    field: str
    layout: str
    rule: str
    read: int
    changed: int = 0
    invented: int = 0
    missed: int = 0
    confirmed: int = 0

    @property
    def percent(self) -> str | None:
        """The share of what was read that nobody corrected, in per cent; None where nothing was read.

        Rounded down to one decimal: not everything is right as long as something was corrected.
        """
        if not self.read:
            return None
        right = max(self.read - self.changed - self.invented, 0)
        return f"{right * 1000 // self.read / 10:.1f}"


def performance(parser: str, by: Sequence[str]) -> list[Performance]:
    """Return how often people corrected what a version of the reader read, most corrected first. Two queries.

    `by` names what is told apart: field, layout, rule. What is not told apart is empty. Codes and numbers only.
    """
    facts = ReadFacts.objects.filter(parser=parser).values_list(*by).annotate(number=Sum("number")).order_by()
    read = {tuple(row[:-1]): row[-1] for row in facts}
    said: dict[tuple[str, ...], dict[str, int]] = {}
    standing = Correction.objects.filter(parser=parser, withdrawn_at__isnull=True)
    missed = Q(act="add") | Q(act="change", rule="")
    counted = standing.values(*by).annotate(
        changed=Count("pk", filter=Q(act="change") & ~missed),
        invented=Count("pk", filter=Q(act="remove")),
        missed=Count("pk", filter=missed),
        confirmed=Count("pk", filter=Q(act="confirm")),
    )
    for row in counted.order_by():
        said[tuple(row.pop(name) for name in by)] = row
    found = []
    for key in {**read, **said}:
        parts = dict(zip(by, key, strict=True))
        counts = said.get(key, {})
        found.append(
            Performance(
                field=parts.get("field", ""),
                layout=parts.get("layout", ""),
                rule=parts.get("rule", ""),
                read=read.get(key, 0),
                **counts,
            )
        )
    return sorted(found, key=lambda one: (-(one.changed + one.invented + one.missed), one.field, one.layout, one.rule))


def resumes_to_read(run: RereadRun) -> QuerySet[Resume]:
    """Return the résumés a run has still to read."""
    rows = Resume.objects.filter(pk__gt=run.reached) if run.reached else Resume.objects.all()
    rows = rows.filter(person__erased_at__isnull=True)
    return rows if run.everything else rows.exclude(parser=run.parser)


def proposed_reading(rereading: Rereading, row: Resume) -> resumes.Resume:
    """Return the newer reading that a rereading proposes for its résumé."""
    text = open_vault(row.person_id).open(
        rereading.reading_sealed, cell="people_rereading|reading_sealed", row=rereading.pk
    )
    return resumes.Resume.from_json(json.loads(text))
