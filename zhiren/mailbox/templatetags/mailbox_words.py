"""Reasons and problems in words: `{% load mailbox_words %}`."""

from django import template

from zhiren.mailbox import words
from zhiren.mailbox.models import Mail

register = template.Library()


@register.filter
def why(mail: Mail) -> str:
    """Return why a mail is where it is, in a sentence."""
    return words.why(mail.reason)


@register.filter
def account_problem(code: str) -> str:
    """Return why a mailbox cannot be read, and what to do."""
    return words.problem(code)
