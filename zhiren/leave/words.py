"""Amounts of leave in words."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import ngettext

from zhiren.leave import rules


def amount(minutes: int, *, in_hours: bool = False) -> str:
    """Return an amount of leave in the reader's language: 2.5 days, or 4 hours."""
    whole = 60 if in_hours else rules.DAY
    number = (Decimal(minutes) / whole).quantize(Decimal("0.01")).normalize()
    shown = number_format(number.to_integral_value() if number == number.to_integral_value() else number)
    many = 1 if abs(number) == 1 else 2
    if in_hours:
        return ngettext("%(number)s hour", "%(number)s hours", many) % {"number": shown}
    return ngettext("%(number)s day", "%(number)s days", many) % {"number": shown}
