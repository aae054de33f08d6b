"""Decisions about persons. Pure."""

import re

import phonenumbers

_MAIL = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")


def normal_phone(text: str, *, region: str = "CN") -> str | None:
    """Return a phone number as +8613800000000; None if it is not one. Full-width digits are understood.

    >>> normal_phone("１３８ 1234-2071")
    '+8613812342071'
    """
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normal_mail(text: str) -> str | None:
    """Return a mail address in lower case; None if it is not one (or could carry a header along)."""
    text = text.strip()
    return text.lower() if len(text) <= 254 and _MAIL.fullmatch(text) else None


def normal_contact(kind: str, text: str, *, region: str = "CN") -> str | None:
    """Return a contact in the one form that is compared; None if it is malformed."""
    if kind == "phone":
        return normal_phone(text, region=region)
    if kind == "mail":
        return normal_mail(text)
    plain = "".join(text.split()).upper() if kind == "id_number" else text.strip()
    return plain if 0 < len(plain) <= 100 else None
