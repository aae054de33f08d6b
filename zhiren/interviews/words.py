"""Interviews in words: names in the reader's language, times on the interview's clock and on the reader's."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import dateformat, timezone
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from zhiren.interviews import rules
from zhiren.interviews.models import Interview

# Zones as people say them; any other is named by its city.
ZONES = {
    "Asia/Shanghai": _("Beijing"), "Asia/Hong_Kong": _("Hong Kong"), "Asia/Taipei": _("Taipei"),
    "Asia/Tokyo": _("Tokyo"), "Asia/Seoul": _("Seoul"), "Asia/Singapore": _("Singapore"),
    "Asia/Bangkok": _("Bangkok"), "Asia/Kolkata": _("Delhi"), "Asia/Dubai": _("Dubai"),
    "Europe/Moscow": _("Moscow"), "Europe/Berlin": _("Berlin"), "Europe/Paris": _("Paris"),
    "Europe/Madrid": _("Madrid"), "Europe/London": _("London"), "America/Sao_Paulo": _("São Paulo"),
    "America/New_York": _("New York"), "America/Chicago": _("Chicago"), "America/Denver": _("Denver"),
    "America/Los_Angeles": _("Los Angeles"), "Australia/Sydney": _("Sydney"), "Pacific/Auckland": _("Auckland"),
}  # fmt: skip


def called(user: Any) -> str:
    """Return what a user is called in the reader's language."""
    return str(user.label)


def titled(thing: Any) -> str:
    """Return the title of a user, an opening or a position in the reader's language."""
    return str((thing.title_en if get_language() == "en" else "") or thing.title)


def staged(stage: Any) -> str:
    """Return the name of a stage in the reader's language."""
    return str((stage.name_en if get_language() == "en" else "") or stage.name)


def zone_city(zone: str) -> str:
    """Return the city by which a zone is known: 马德里."""
    return str(ZONES.get(zone) or zone.rpartition("/")[2].replace("_", " "))


def clock_here(interview: Interview) -> str:
    """Return from when until when, on the reader's clock: 10:00–10:45."""
    return _clock(interview, timezone.get_current_timezone_name())


def elsewhere(interview: Interview) -> str:
    """Return the time on the interview's clock with its city: 马德里 03:00; "" when the reader's shows the same."""
    here = timezone.get_current_timezone_name()
    if rules.same_clock(interview.starts_at, interview.zone, here):
        return ""
    return f"{zone_city(interview.zone)} {interview.starts_at.astimezone(ZoneInfo(interview.zone)):%H:%M}"


def when_there(interview: Interview) -> str:
    """Return day and time on the clock of the zone it was arranged in, which is named."""
    return _when(interview, interview.zone)


def when_here(interview: Interview) -> str:
    """Return day and time on the reader's clock, with its city; "" when it shows the same as the interview's."""
    here = timezone.get_current_timezone_name()
    return "" if rules.same_clock(interview.starts_at, interview.zone, here) else _when(interview, here)


def day_here(interview: Interview) -> str:
    """Return the day on the reader's calendar with its weekday."""
    here = timezone.localtime(interview.starts_at)
    return f"{_day(here.date())} {dateformat.format(here, 'l')}"


def _day(when: date) -> str:
    if (get_language() or "").startswith("zh"):
        return f"{when.month}月{when.day}日"
    return dateformat.format(when, "j M")


def _when(interview: Interview, zone: str) -> str:
    local = interview.starts_at.astimezone(ZoneInfo(zone))
    return gettext("%(day)s %(weekday)s %(clock)s, %(city)s time") % {
        "day": _day(local.date()),
        "weekday": dateformat.format(local, "D"),
        "clock": _clock(interview, zone),
        "city": zone_city(zone),
    }


def _clock(interview: Interview, zone: str) -> str:
    tz = ZoneInfo(zone)
    return f"{interview.starts_at.astimezone(tz):%H:%M}–{interview.ends_at.astimezone(tz):%H:%M}"


def kind_icon(kind: str) -> str:
    """Return the icon of a kind of interview."""
    return {"phone": "phone", "video": "video"}.get(kind, "map-pin")


def verdict_tone(verdict: str) -> str:
    """Return the tone of a verdict."""
    return {"strong_no": "bad", "no": "bad", "mixed": "warn", "yes": "good", "strong_yes": "good"}.get(verdict, "")


def is_link(place: str) -> bool:
    """Tell whether a place is an address that a browser opens."""
    return place.startswith(("https://", "http://")) and not any(character.isspace() for character in place)


def panel(interview: Interview) -> str:
    """Return the names of the interviewers: 王磊、李娜."""
    return pgettext("list", ", ").join(called(row.user) for row in interview.panel)


def scored(interview: Interview) -> str:
    """Return how many of the scorecards are there: 已评 1/2."""
    sent = sum(1 for at in interview.cards_sent_at if at)
    return gettext("%(n)s of %(total)s scored") % {"n": sent, "total": len(interview.cards_sent_at)}
