"""What was found, marked: `{% load talent_words %}`."""

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from html import escape  # what Django's does of a text, in a third of the time

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from zhiren.people import queries as people
from zhiren.talent import words
from zhiren.talent.queries import Chip, Known
from zhiren.talent.rules import Cut

register = template.Library()
_MOST_CHIPS, _MOST_TAGS = 3, 4


@register.filter
def cuts(found: Iterable[Cut]) -> SafeString:
    """Return text with what was looked for marked. Whatever is in it is text, never markup."""
    return SafeString(_marked(found))


def _marked(found: Iterable[Cut]) -> str:
    return "".join([f"<mark>{escape(cut.text)}</mark>" if cut.is_hit else escape(cut.text) for cut in found])


@register.filter
def zone(code: str) -> str:
    """Return what the part of somebody's record is called in which something was found."""
    return str(words.ZONES.get(code, ""))


@register.filter
def tones(found: Iterable[Iterable[Cut]]) -> SafeString:
    """Return each of several short texts in a frame, with what was looked for marked."""
    return SafeString("".join([f'<span class="tone" data-tone="outline">{_marked(one)}</span>' for one in found]))


@register.filter
def tags(found: Sequence[str]) -> SafeString:
    """Return the first of somebody's tags."""
    return SafeString("".join([f'<span class="tone">{_tag_icon()}{escape(tag)}</span>' for tag in found[:_MOST_TAGS]]))


@cache
def _tag_icon() -> str:
    return render_to_string("talent/search.html#tag_icon")


@register.filter
def applications(found: Sequence[Chip]) -> SafeString:
    """Return the newest of what somebody is a candidate for, each leading there."""
    language = get_language()
    return SafeString("".join([_application(chip, language) for chip in found[:_MOST_CHIPS]]))


@lru_cache(maxsize=2000)
def _application(chip: Chip, language: str | None) -> str:
    del language  # in which it is said that one has ended
    return (
        f'<a class="tone" data-tone="{"brand" if chip.stage else "outline"}" '
        f'href="{reverse("recruiting:opening", args=[chip.opening_id])}">'
        f"{escape(chip.title)} · {escape(chip.stage or _('Ended'))}</a>"
    )


@register.filter
def choosable(label: object, choice: words.Choice) -> SafeString:
    """Return a value of a filter as a line of its list, called as `label` says."""
    return SafeString(
        words.CHOICE.format(
            query=escape(choice.query),
            current=' aria-current="true"' if choice.is_chosen else "",
            label=escape(str(label)),
            count="" if choice.hits is None else choice.hits,
        )
    )


@register.filter
def in_short(person: Known) -> str:
    """Return where somebody lives, how long they have worked and what their degree is, as far as it is known."""
    return " · ".join(filter(None, (person.city, *_worked(person.years, person.degree, get_language()))))


@lru_cache(maxsize=2000)
def _worked(years: int | None, degree: str, language: str | None) -> tuple[str, str]:
    del language  # in which these words are said
    known = "" if years is None else ngettext("%(n)s year", "%(n)s years", years) % {"n": years}
    return known, people.degree_labels().get(degree, degree)
