"""What was found, marked: `{% load talent_words %}`."""

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

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
