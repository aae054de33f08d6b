"""What somebody types as a fact of a résumé, brought to the form facts have. Pure."""

import re
from collections.abc import Mapping

from zhiren.people.rules import normal_contact
from zhiren.resumes.corrections import ENTRY_FIELDS, NOW, PAYS
from zhiren.resumes.dates import dates_in
from zhiren.resumes.notice import days_in
from zhiren.resumes.pay import amounts_in
from zhiren.resumes.places import code_of
from zhiren.resumes.skills import canonical

MOST_LETTERS = 200
DEGREES = ("doctor", "master", "bachelor", "associate", "secondary")
DATES = frozenset({"start", "end", "date"})
_NOW = re.compile(r"(?:至今|迄今|今|现在|目前|now|present|current)", re.IGNORECASE)


def stated(field: str, text: str) -> dict[str, str] | None:
    """Return what a correction of `field` holds for a typed text; None where the text cannot be a value of it.

    >>> stated("employers.start", "2022年3月")
    {'value': '2022-03'}
    """
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())[:MOST_LETTERS]
    name, _dot, inner = field.partition(".")
    if not text:
        return None
    if name in PAYS:
        return _pay(text)
    if field == "city":
        return {"value": text, "code": code_of(text)}
    if field == "skills":
        known = canonical(text)
        return {"value": known.name, "code": known.code} if known else {"value": text}
    value = _value(name, inner, text)
    return {"value": value} if value else None


def stated_entry(name: str, typed: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return the fields of a whole entry, and which of the typed ones cannot be."""
    values, wrong = {}, []
    for inner in ENTRY_FIELDS[name]:
        text = typed.get(inner, "").strip()
        found = stated(f"{name}.{inner}", text) if text else None
        if found:
            values[inner] = found["value"]
        elif text:
            wrong.append(inner)
    return values, wrong


def _value(name: str, inner: str, text: str) -> str | None:
    if inner in DATES:
        if inner == "end" and name == "employers" and _NOW.fullmatch(text):
            return NOW
        return _date(text, longest=7)
    if name == "birth":
        return _date(text, longest=10)
    if "degree" in (name, inner):
        return text if text in DEGREES else None
    if name == "notice":
        return _days(text)
    if name in ("phones", "mails"):
        return normal_contact("phone" if name == "phones" else "mail", text)
    return text


def _date(text: str, *, longest: int) -> str | None:
    found = dates_in(text)
    return found[0].value[:longest] if len(found) == 1 else None


def _days(text: str) -> str | None:
    if text.isdecimal():
        return str(int(text)) if int(text) <= 365 else None
    found = days_in(text)
    return str(found[0]) if found else None


def _pay(text: str) -> dict[str, str] | None:
    amount = next(iter(amounts_in(text, currency="CNY")), None)
    if amount is None:
        return None
    return {
        "value": text,
        "low": str(amount.low),
        "high": "" if amount.high is None else str(amount.high),
        "currency": amount.currency,
        "months": str(amount.months or ""),
    }
