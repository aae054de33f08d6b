"""What was found, marked: `{% load talent_words %}`."""

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhiren.people.models import Person
from zhiren.talent import words
from zhiren.talent.rules import Cut

register = template.Library()


@register.filter
def cuts(found: Iterable[Cut]) -> SafeString:
    """Return text with what was looked for marked. Whatever is in it is text, never markup."""
    pieces = (f"<mark>{escape(cut.text)}</mark>" if cut.is_hit else escape(cut.text) for cut in found)
    return SafeString("".join(pieces))


@register.filter
def zone(code: str) -> str:
    """Return what the part of somebody's record is called in which something was found."""
    return str(words.ZONES.get(code, ""))


@register.filter
def tones(found: Iterable[Iterable[Cut]]) -> SafeString:
    """Return each of several short texts in a frame, with what was looked for marked."""
    return SafeString("".join(f'<span class="tone" data-tone="outline">{cuts(one)}</span>' for one in found))


@register.filter
def choosing(person: Person) -> str:
    """Return what the box beside a person does."""
    return _("Choose %(name)s") % {"name": person.name}


@register.filter
def in_short(person: Person) -> str:
    """Return where somebody lives, how long they have worked and what their degree is, as far as it is known."""
    known = [person.city]
    if person.years is not None:
        known.append(ngettext("%(n)s year", "%(n)s years", person.years) % {"n": person.years})
    known.append(str(person.get_degree_display()) if person.degree else "")
    return " · ".join(filter(None, known))
