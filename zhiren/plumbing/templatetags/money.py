"""Money in templates: `{{ amount|money:"CNY" }}`, amounts in minor units."""

from django import template

from zhiren.kernel.money import Money

register = template.Library()


@register.filter
def money(amount: int | None, currency: str) -> str:
    """Return an amount as it is written; empty for none."""
    if amount is None:
        return ""
    return Money(amount, currency).format()
