"""Checks that several tables share."""

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from zhiren.kernel.businesstime import WorkCalendar


def validate_zone(name: str) -> None:
    """Raise ValidationError unless `name` is an IANA time zone such as Asia/Shanghai."""
    if name not in available_timezones():
        raise ValidationError(
            _("%(name)s is not a time zone. Choose one such as Asia/Shanghai."), params={"name": name}
        )


def validate_region(code: str) -> None:
    """Raise ValidationError unless `code` is a country, or a part of one, whose holidays are known: DE, US-CA."""
    try:
        WorkCalendar.for_region(code, zone="UTC")
    except LookupError as error:
        raise ValidationError(
            _("Nobody knows the holidays of “%(code)s”. Choose a country such as CN, or a part of one such as US-CA."),
            params={"code": code},
        ) from error
