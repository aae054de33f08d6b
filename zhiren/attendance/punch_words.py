"""How a punch came to be known, in the reader's words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from zhiren.attendance import phone_words
from zhiren.attendance.models import DoubtfulPunch, HandedOver, Punch

# What a source tells within so long came at once.
AT_ONCE = timedelta(minutes=10)
Source = Punch.Source


@dataclass(frozen=True)
class Origin:
    """From where a punch came, and what to know of how it came; nothing to know of most."""

    label: str
    notes: list[str]


def origin(row: Punch, zone: str) -> Origin:
    """Return how a punch came, by the clock of a zone. Its `device` and `doubtful` were read along."""
    made, received = (moment.astimezone(ZoneInfo(zone)) for moment in (row.at, row.received_at))
    given = {"made": f"{made:%H:%M}", "received": _moment(received, made), "line": row.details.get("line", "")}
    label, notes = _label(row), []
    if row.details.get("offline"):
        label = _("Phone, without a network")
        notes.append(_("Made on the phone without a network at %(made)s, received at %(received)s.") % given)
    elif row.source == Source.CORRECTION:
        notes.append(_("A missing punch that was asked for; approved at %(received)s.") % given)
    elif row.details.get("handed_over"):
        notes.append(_("By this badge, first taken for somebody else's; put right at %(received)s.") % given)
    elif row.source == Source.FILE:
        notes.append(_("Line %(line)s of a file that was taken in at %(received)s.") % given)
    elif row.details.get("network"):
        notes.append(_("The phone called from the network of this place."))
    elif received - made > AT_ONCE:
        notes.append(_("Received at %(received)s.") % given)
    if place := _place(row):
        label = f"{label} · {place}"
    doubtful = getattr(row, "doubtful", None)
    return Origin(label, notes + (doubts(doubtful, zone) if doubtful else []))


def handed_over(row: HandedOver, zone: str) -> str:
    """Return why a punch of a badge counts no more for whom it was taken for."""
    day = date_format(row.made_at.astimezone(ZoneInfo(zone)))
    return _("By badge %(badge)s, which was another's; put right on %(day)s.") % {"badge": row.punch.badge, "day": day}


def doubts(row: DoubtfulPunch, zone: str) -> list[str]:
    """Return what speaks against the time of a punch, and what HR said to it."""
    found = [str(phone_words.DOUBTS[name]) for name in row.doubts]
    if row.decided_at is None:
        return [*found, _("It counts once HR says so.")]
    day = {"day": date_format(row.decided_at.astimezone(ZoneInfo(zone)))}
    said = _("HR let it count on %(day)s.") if row.counts else _("HR did not let it count, on %(day)s.")
    return [*found, said % day]


def _label(row: Punch) -> str:
    return (row.device.name or row.device.serial) if row.device else str(row.get_source_display())


def _place(row: Punch) -> str:
    """Return where a source says that it was: the name of a kiosk, of a place of work, or what a platform tells."""
    return str(row.details.get("kiosk") or row.details.get("place") or "")


def _moment(moment: datetime, beside: datetime) -> str:
    """Return a moment as its clock shows it, with its date where that is another than the one beside it."""
    if moment.date() == beside.date():
        return f"{moment:%H:%M}"
    return str(date_format(moment.replace(tzinfo=None), "SHORT_DATETIME_FORMAT"))
