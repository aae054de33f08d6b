"""The words of `words.py` as filters of templates."""

from django import template

from zhiren.interviews import words

register = template.Library()
for _word in (
    words.called,
    words.titled,
    words.staged,
    words.zone_city,
    words.clock_here,
    words.elsewhere,
    words.when_there,
    words.when_here,
    words.day_here,
    words.kind_icon,
    words.verdict_tone,
    words.is_link,
    words.panel,
    words.scored,
):
    register.filter(_word.__name__, _word)
