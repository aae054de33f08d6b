"""Erase a human being: all records of them, for no part of it is less theirs than another."""

import functools
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from zhiren.kernel.ids import new_id
from zhiren.people import files, merging, queries, services
from zhiren.people.errors import EmploymentOnFile, PersonErased
from zhiren.people.events import RecordErased
from zhiren.people.models import (
    Compared,
    Consent,
    Contact,
    Document,
    DuplicateSuggestion,
    Employment,
    MatchKey,
    Note,
    PastAttendance,
    Person,
    PersonKey,
    PersonMerge,
    Resume,
)
from zhiren.timeline.services import record

_EMPTY: dict[str, Any] = {
    "name": "", "name_grams": [], "headline": "", "city": "", "degree": "", "years": None, "skills": [], "tags": [],
    "zone": "", "preferred_channel": "", "preferred_hours": "", "concerns": "", "is_key": False, "key_reason": "",
}  # fmt: skip


@transaction.atomic
def erase_person(*, at: datetime, person_id: UUID, by: UUID | None = None) -> list[UUID]:
    """Destroy all that identifies a person, in every record that makes them up; return the ids of these records.

    Who was merged is one human being (PIPL, art. 47): whichever record is named, all go, and what one gave to another
    with them. Where two were merged by mistake, that is undone first; then each is erased for itself. The keys go,
    and with them whatever any app sealed; what lies in the clear is emptied; files leave the disk once that is
    certain. Ids, events and consents stay, as proof that says nothing about anybody.

    Raises:
        EmploymentOnFile: they are or were employed, which has to be kept as long as the law says.
        PersonErased: that was done before, or there never was such a person.
    """
    merging.one_at_a_time()
    ids = queries.same_person_ids(person_id)
    persons = Person.objects.select_for_update().filter(pk__in=ids, erased_at__isnull=True).order_by("pk")
    if not persons:
        raise PersonErased
    if Employment.objects.filter(person_id__in=ids).exists():
        raise EmploymentOnFile
    for purpose in set(Consent.objects.filter(person_id__in=ids).values_list("purpose", flat=True)):
        services.withdraw_consent(at=at, person_id=person_id, purpose=purpose)
    for model in (PastAttendance, Contact, Note, Resume, MatchKey, Compared, PersonKey):
        model.objects.filter(person_id__in=ids).delete()
    DuplicateSuggestion.objects.filter(Q(first__in=ids) | Q(second__in=ids)).delete()
    PersonMerge.objects.filter(Q(person__in=ids) | Q(into__in=ids)).update(filled_sealed=b"")
    for document in Document.objects.filter(person_id__in=ids):
        document.digest = new_id().bytes  # the same file is no longer known by what it was
        document.save(update_fields=["digest"])
        transaction.on_commit(functools.partial(files.remove, document.pk))
    Person.objects.filter(pk__in=ids).update(**_EMPTY, erased_at=at)
    for one in ids:
        record(RecordErased(person_id=one, at=at, by=by))
    return ids
