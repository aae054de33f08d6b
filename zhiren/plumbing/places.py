"""Fields for zones, countries and currencies: one types a name or a code, and what there is is offered meanwhile."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location
from babel.numbers import get_territory_currencies
from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhiren.kernel.businesstime import countries_with_holidays
from zhiren.kernel.money import CURRENCIES
from zhiren.plumbing.choices import validate_region, validate_zone

# Parts of countries that have a working-time law of their own here.
_PARTS = {"US-CA": "US"}
# Offered first.
_NEAR = ("CN", "HK", "MO", "TW", "SG", "JP", "KR", "DE", "GB", "US", "US-CA")


class ZoneField(forms.CharField):
    """A time zone such as Asia/Shanghai; cities are found by their names in the reader's language."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{"label": _("Time zone"), "max_length": 64, "widget": _Offering(zones_by_city), **options},
        )
        self.validators.append(validate_zone)


class RegionField(forms.CharField):
    """A country, or a part of one, whose holidays are known: CN, US-CA."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label": _("Country"), "max_length": 10, "widget": _Offering(countries), **options})
        self.validators.append(validate_region)

    def to_python(self, value: Any) -> str:
        """Return the code as codes are written."""
        return str(super().to_python(value)).upper()


class CurrencyField(forms.CharField):
    """A currency in which somebody pays today: CNY, EUR."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label": _("Currency"), "max_length": 3, "widget": _Offering(currencies), **options})
        self.validators.append(_validate_currency)

    def to_python(self, value: Any) -> str:
        """Return the code as codes are written."""
        return str(super().to_python(value)).upper()


def _validate_currency(code: str) -> None:
    if code not in _paid_in():
        raise ValidationError(_("“%(code)s” is not a currency. Choose one such as CNY or EUR."), params={"code": code})


@cache
def _paid_in() -> frozenset[str]:
    """Return the codes of the currencies that are legal tender somewhere."""
    return frozenset(code for place in get_global("territory_currencies") for code in get_territory_currencies(place))


@cache
def zones_by_city(language: str) -> SafeString:
    """Return the time zones, each with its city, as options."""
    locale = _locale(language)
    named = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    return _options((name, get_timezone_location(name, locale=locale, return_city=True)) for name in named)


@cache
def countries(language: str) -> SafeString:
    """Return the countries whose holidays are known, those nearby first, as options."""
    names = _locale(language).territories
    codes = dict.fromkeys([*_NEAR, *countries_with_holidays()])
    return _options((code, names.get(_PARTS.get(code, code), code)) for code in codes)


@cache
def currencies(language: str) -> SafeString:
    """Return the currencies, those most paid in first, as options."""
    names = _locale(language).currencies
    return _options((code, names.get(code, code)) for code in dict.fromkeys([*CURRENCIES, *sorted(_paid_in())]))


def _locale(language: str) -> Locale:
    return Locale.parse("en" if language == "en" else "zh_Hans")


def _options(named: Iterable[tuple[str, str]]) -> SafeString:
    return format_html_join("", '<option value="{}">{}</option>', named)


class _Offering(forms.TextInput):
    """A text with what is often meant, which a browser offers while one types."""

    def __init__(self, offered: Callable[[str], SafeString], attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self._offered = offered

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """Return the field and its list."""
        listed = f"{(attrs or {}).get('id') or name}_offered"
        field = super().render(name, value, {**(attrs or {}), "list": listed}, renderer)
        return format_html('{}<datalist id="{}">{}</datalist>', field, listed, self._offered(get_language() or ""))
