"""Words on the public pages."""

from typing import Any

from django import template
from django.utils.translation import get_language

from zhiren.careers import words

register = template.Library()


@register.filter
def named(thing: Any) -> str:
    """Return what something of the company's is called in the reader's language; empty for nothing."""
    if thing is None:
        return ""
    return (thing.name_en if get_language() == "en" else "") or thing.name


@register.filter
def zone_name(zone: str) -> str:
    """Return a time zone as people say it."""
    return words.zone_name(zone)


@register.filter
def step_name(kind: str) -> str:
    """Return a stage's kind as a candidate is told it."""
    return str(words.STEPS[kind])
