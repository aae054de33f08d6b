"""Sources, problems and time limits in words: `{% load recruiting_words %}`."""

from django import template
from django.utils.translation import ngettext

from zhiren.kernel.money import Money
from zhiren.people.models import Person
from zhiren.recruiting import words
from zhiren.recruiting.models import Opening

register = template.Library()

# A working day of the standard calendar.
_HOURS_A_DAY = 9


@register.filter
def source(code: str) -> str:
    """Return what a source is called."""
    return words.source(code)


@register.filter
def in_short(person: Person) -> str:
    """Return degree, years and city of somebody, as far as they are known; else what they do."""
    years = person.years
    told = [
        words.degree(person.degree),
        "" if years is None else ngettext("%(n)s year", "%(n)s years", years) % {"n": years},
        person.city or person.headline,
    ]
    return " · ".join(part for part in told if part)


@register.filter
def degree(person: Person) -> str:
    """Return what somebody's degree is called."""
    return words.degree(person.degree)


@register.filter
def problem(code: str) -> str:
    """Return why a file could not be read, and what to do."""
    return words.problem(code)


@register.filter
def limit(hours: int | None) -> str:
    """Return a time limit given in business hours: in working days where it is whole days, else in hours."""
    if not hours:
        return ""
    if hours % _HOURS_A_DAY == 0:
        days = hours // _HOURS_A_DAY
        return ngettext("within %(n)d working day", "within %(n)d working days", days) % {"n": days}
    return ngettext("within %(n)d working hour", "within %(n)d working hours", hours) % {"n": hours}


@register.filter
def pay(opening: Opening) -> str:
    """Return an opening's pay range per month; empty where there is none."""
    ends = [Money(amount, opening.currency).format() for amount in (opening.pay_from, opening.pay_to) if amount]
    return " – ".join(ends)
