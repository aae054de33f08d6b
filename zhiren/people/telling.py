"""The events of this app in words."""

from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiren.kernel.actors import Actor
from zhiren.people import pairs
from zhiren.people.events import (
    ConsentGiven,
    ConsentWithdrawn,
    ContactRevealed,
    CorrectionWithdrawn,
    DocumentOpened,
    EmploymentEnded,
    EmploymentIdentified,
    EmploymentTransferred,
    KeyCandidateMarked,
    MergeUndone,
    NoteWritten,
    PastAttendanceNoted,
    PastAttendanceRemoved,
    PersonAdded,
    PersonChanged,
    PersonEmployed,
    PersonsMerged,
    ResumeCorrected,
    ResumeParsed,
    ResumeReread,
)
from zhiren.people.models import Employment, Note
from zhiren.people.resume_page import LABELS
from zhiren.people.vault import open_vaults
from zhiren.timeline.telling import Told, look_up, tells

_FIELDS = {
    "name": gettext_lazy("name"), "headline": gettext_lazy("current work"), "city": gettext_lazy("city"),
    "degree": gettext_lazy("degree"), "years": gettext_lazy("experience"), "skills": gettext_lazy("skills"),
    "tags": gettext_lazy("tags"), "phone": gettext_lazy("phone"), "mail": gettext_lazy("mail"),
    "wechat": gettext_lazy("WeChat"), "id_number": gettext_lazy("ID number"), "zone": gettext_lazy("time zone"),
    "preferred_channel": gettext_lazy("preferred channel"), "preferred_hours": gettext_lazy("good hours"),
    "concerns": gettext_lazy("what matters to them"), "language": gettext_lazy("language"),
}  # fmt: skip


@tells(PersonAdded, icon="user-plus", label=gettext_lazy("Person"))
def added(events: Sequence[PersonAdded], actor: Actor) -> list[Told]:
    """Tell how the person became known."""
    del actor
    doors = {
        "careers": _("Became known to us through the career site"),
        "upload": _("Became known to us through a résumé"),
    }
    return [Told(doors.get(event.door, _("Became known to us"))) for event in events]


@tells(PersonChanged, icon="pencil", label=gettext_lazy("Person"))
def changed(events: Sequence[PersonChanged], actor: Actor) -> list[Told]:
    """Tell which facts were corrected or filled in."""
    del actor
    return [
        Told(_("Updated: %(fields)s") % {"fields": _(", ").join(str(_FIELDS.get(name, name)) for name in event.fields)})
        for event in events
    ]


@tells(ContactRevealed, icon="eye", label=gettext_lazy("Access"))
def revealed(events: Sequence[ContactRevealed], actor: Actor) -> list[Told]:
    """Tell that somebody looked at a contact."""
    del actor
    return [Told(_("Looked at: %(field)s") % {"field": _FIELDS.get(event.kind, event.kind)}) for event in events]


@tells(DocumentOpened, icon="file-down", label=gettext_lazy("Access"))
def opened(events: Sequence[DocumentOpened], actor: Actor) -> list[Told]:
    """Tell that somebody opened an original file."""
    del actor
    return [Told(_("Opened the original résumé")) for _event in events]


@tells(NoteWritten, icon="notebook-pen", label=gettext_lazy("Note"))
def noted(events: Sequence[NoteWritten], actor: Actor) -> list[Told]:
    """Tell what was written down, in its words. One query for the notes, one for the key."""
    del actor
    rows = Note.objects.in_bulk([event.note_id for event in events])
    vaults = look_up("keys of persons", open_vaults, [row.person_id for row in rows.values()])
    told = []
    for event in events:
        row = rows.get(event.note_id)
        vault = vaults.get(row.person_id) if row else None
        text = vault.open(row.text_sealed, cell="people_note|text_sealed", row=row.pk) if row and vault else ""
        told.append(Told(_("Talked on the phone") if event.kind == Note.Kind.CALL else _("Note"), quote=text))
    return told


@tells(ConsentGiven, icon="handshake", label=gettext_lazy("Consent"))
def consented(events: Sequence[ConsentGiven], actor: Actor) -> list[Told]:
    """Tell what the person agreed to."""
    del actor
    purposes = {
        "application": _("Agreed to the handling of the application"),
        "talent_pool": _("Agreed to be kept in mind"),
        "past_attendance": _("Agreed that attendance at earlier employers is looked at"),
    }
    return [Told(purposes.get(event.purpose, _("Gave consent"))) for event in events]


@tells(ConsentWithdrawn, icon="ban", label=gettext_lazy("Consent"))
def withdrew(events: Sequence[ConsentWithdrawn], actor: Actor) -> list[Told]:
    """Tell that the person took a consent back."""
    del actor
    return [Told(_("Took a consent back")) for _event in events]


@tells(KeyCandidateMarked, icon="star", label=gettext_lazy("Person"))
def marked(events: Sequence[KeyCandidateMarked], actor: Actor) -> list[Told]:
    """Tell that the person was marked."""
    del actor
    return [
        Told(_("Marked as key candidate") if event.is_key else _("No longer marked as key candidate"))
        for event in events
    ]


@tells(ResumeParsed, icon="file-text", label=gettext_lazy("Résumé"))
def parsed(events: Sequence[ResumeParsed], actor: Actor) -> list[Told]:
    """Tell how much was read from a résumé."""
    del actor
    return [Told(_("Résumé filed, %(n)s facts read") % {"n": event.facts}) for event in events]


@tells(PersonsMerged, icon="git-merge", label=gettext_lazy("Person"))
def merged(events: Sequence[PersonsMerged], actor: Actor) -> list[Told | None]:
    """Tell that two records became one; while they are one, only once. One query."""
    del actor
    in_force = pairs.merges_in_force({event.merge_id for event in events})
    return [
        Told(_("Merged: another record of the same person is shown here"))
        if event.stays
        else None
        if event.merge_id in in_force
        else Told(_("Merged into another record of the same person"))
        for event in events
    ]


@tells(MergeUndone, icon="split", label=gettext_lazy("Person"))
def taken_apart(events: Sequence[MergeUndone], actor: Actor) -> list[Told | None]:
    """Tell that two records were taken apart again."""
    del actor
    return [
        Told(_("Taken apart: the other record stands alone again"))
        if event.stays
        else Told(_("Taken apart: this record stands alone again"))
        for event in events
    ]


@tells(ResumeCorrected, icon="pencil", label=gettext_lazy("Résumé"))
def resume_corrected(events: Sequence[ResumeCorrected], actor: Actor) -> list[Told]:
    """Tell which field of a résumé was corrected; not what it says."""
    del actor
    acts = {
        "change": _("Corrected in the résumé: %(field)s"),
        "remove": _("Taken out, not in the résumé: %(field)s"),
        "add": _("Added, missing from the reading: %(field)s"),
        "confirm": _("Confirmed in the résumé: %(field)s"),
    }
    return [Told(acts[event.act] % {"field": LABELS[event.field]}) for event in events]


@tells(CorrectionWithdrawn, icon="undo-2", label=gettext_lazy("Résumé"))
def correction_withdrawn(events: Sequence[CorrectionWithdrawn], actor: Actor) -> list[Told]:
    """Tell that a correction was taken back."""
    del actor
    return [Told(_("Correction withdrawn: %(field)s") % {"field": LABELS[event.field]}) for event in events]


@tells(ResumeReread, icon="refresh-cw", label=gettext_lazy("Résumé"))
def resume_reread(events: Sequence[ResumeReread], actor: Actor) -> list[Told]:
    """Tell that a newer reading was taken over."""
    del actor
    text = _("Newer reading of the résumé taken over, differences: %(n)s")
    return [Told(text % {"n": event.changed}) for event in events]


_PLACED = {
    "department": gettext_lazy("department"), "position": gettext_lazy("position"),
    "branch": gettext_lazy("place of work"), "manager": gettext_lazy("manager"),
}  # fmt: skip


@tells(PersonEmployed, icon="user-check", label=gettext_lazy("Employment with us"))
def employed(events: Sequence[PersonEmployed], actor: Actor) -> list[Told]:
    """Tell since when the person is employed."""
    del actor
    return [Told(_("Employed from %(day)s") % {"day": date_format(event.on)}) for event in events]


@tells(EmploymentTransferred, icon="move-right", label=gettext_lazy("Employment with us"))
def transferred(events: Sequence[EmploymentTransferred], actor: Actor) -> list[Told]:
    """Tell what about the placement changes, and when; not to what."""
    del actor
    text = _("Changed from %(day)s: %(fields)s")
    return [
        Told(text % {"day": date_format(event.on), "fields": _(", ").join(str(_PLACED[name]) for name in event.fields)})
        for event in events
    ]


_IDENTIFIED = {"number": gettext_lazy("staff number"), "badge": gettext_lazy("badge")}


@tells(EmploymentIdentified, icon="id-card", label=gettext_lazy("Employment with us"))
def identified(events: Sequence[EmploymentIdentified], actor: Actor) -> list[Told]:
    """Tell whether the staff number or the badge was corrected; not to what."""
    del actor
    return [
        Told(_("Corrected: %(fields)s") % {"fields": _(", ").join(str(_IDENTIFIED[name]) for name in event.fields)})
        for event in events
    ]


@tells(EmploymentEnded, icon="log-out", label=gettext_lazy("Employment with us"))
def ended(events: Sequence[EmploymentEnded], actor: Actor) -> list[Told]:
    """Tell the last day and why it is the last."""
    del actor
    reasons = dict(Employment.EndReason.choices)
    text = _("Last day: %(day)s (%(reason)s)")
    return [
        Told(text % {"day": date_format(event.on), "reason": reasons.get(event.reason, event.reason)})
        for event in events
    ]


@tells(PastAttendanceNoted, icon="clock", label=gettext_lazy("Past attendance"))
def past_attendance_noted(events: Sequence[PastAttendanceNoted], actor: Actor) -> list[Told]:
    """Tell that attendance at an earlier employer was noted, not what it was."""
    del actor
    return [Told(_("Attendance at an earlier employer was noted")) for _event in events]


@tells(PastAttendanceRemoved, icon="trash-2", label=gettext_lazy("Past attendance"))
def past_attendance_removed(events: Sequence[PastAttendanceRemoved], actor: Actor) -> list[Told]:
    """Tell that it was removed again."""
    del actor
    return [Told(_("Attendance at an earlier employer was removed")) for _event in events]
