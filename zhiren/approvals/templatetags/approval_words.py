"""Words of requests as filters of templates."""

from django import template

from zhiren.approvals import words

register = template.Library()
for _word in (words.named, words.last_day):
    register.filter(_word.__name__, _word)
