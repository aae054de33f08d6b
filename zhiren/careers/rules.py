"""Decisions of the public pages. Pure."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import phonenumbers

from zhiren.kernel.money import Money

# What one network address may do within an hour.
APPLICATIONS_PER_HOUR = 5
UPLOADS_PER_HOUR = 20
AN_HOUR = timedelta(hours=1)
# A file that was read but not sent is gone after this.
UPLOAD_LIFE = timedelta(hours=24)
# Nobody fills in the form faster, not even with everything filled in for them.
FASTEST_HUMAN = timedelta(seconds=2)
# The wording of the privacy notice that a consent refers to: a changed text is a new version.
NOTICE_VERSION = "2026-11-22"

_WAY = ("new", "screening", "interview", "offer", "hired")


@dataclass(frozen=True)
class Step:
    """One step of a candidate's way. `state` is done, now or ahead."""

    kind: str
    state: str


def steps(kinds: Sequence[str], *, current: str) -> list[Step]:
    """Return the way through an opening's stages as a candidate sees it: each kind once, in the usual order.

    >>> [(step.kind, step.state) for step in steps(["new", "interview", "interview", "hired"], current="interview")]
    [('new', 'done'), ('interview', 'now'), ('hired', 'ahead')]
    """
    there = [kind for kind in _WAY if kind in kinds or kind == current]
    reached = there.index(current)
    return [
        Step(kind, "now" if place == reached else "done" if place < reached else "ahead")
        for place, kind in enumerate(there)
    ]


def visitor_of(address: str) -> str:
    """Return whom to count for at a network address: the address, or for IPv6 the network one household gets.

    >>> visitor_of("2001:db8:1:2:3:4:5:6"), visitor_of("192.0.2.7"), visitor_of("nonsense")
    ('2001:db8:1:2::/64', '192.0.2.7', '')
    """
    try:
        found = ipaddress.ip_address(address.strip())
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))


def looks_automatic(*, trap: str, opened_at: datetime | None, at: datetime, has_upload: bool) -> bool:
    """Tell whether a form was filled in by a program: the field nobody sees is not empty, or it took no time at all.

    Whoever had a résumé read has shown patience enough.
    """
    too_fast = opened_at is None or at - opened_at < FASTEST_HUMAN
    return bool(trap.strip()) or (too_fast and not has_upload)


def as_dialled(phone: str, *, region: str) -> str:
    """Return a phone number as people of a region write it, with the country code only where it is another's.

    >>> as_dialled("+8613800002071", region="CN"), as_dialled("+8613800002071", region="DE")
    ('138 0000 2071', '+86 138 0000 2071')
    """
    try:
        number = phonenumbers.parse(phone, region)
    except phonenumbers.NumberParseException:
        return phone
    own = phonenumbers.country_code_for_region(region) == number.country_code
    form = phonenumbers.PhoneNumberFormat.NATIONAL if own else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


def may_see_link(*, person_created_at: datetime, applied_at: datetime, at: datetime) -> bool:
    """Tell whether the page after sending may show the personal link: only to whoever just became known to us.

    Somebody who enters another's phone number must not be given that other's page; it goes to the address on file.
    """
    return person_created_at == applied_at == at


@dataclass(frozen=True)
class Posting:
    """What machines are told of a job. Pay is per month, None when it is not shown."""

    title: str
    description_html: str
    published_at: datetime
    url: str
    identifier: str
    company: str
    city: str
    address: str
    region: str
    pay_from: Money | None
    pay_to: Money | None


def structured_data(posting: Posting) -> dict[str, Any]:
    """Return a schema.org JobPosting, with no more than we know."""
    address = {
        "@type": "PostalAddress",
        "addressLocality": posting.city,
        "addressCountry": posting.region.partition("-")[0],
    }
    if posting.address:
        address["streetAddress"] = posting.address
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "title": posting.title,
        "description": posting.description_html,
        "datePosted": posting.published_at.date().isoformat(),
        "identifier": {"@type": "PropertyValue", "name": posting.company, "value": posting.identifier},
        "hiringOrganization": {"@type": "Organization", "name": posting.company},
        "jobLocation": {"@type": "Place", "address": address},
        "url": posting.url,
        "directApply": True,
    }
    bounds = {"minValue": posting.pay_from, "maxValue": posting.pay_to}
    pay = {name: _number(money) for name, money in bounds.items() if money is not None}
    currency = posting.pay_from or posting.pay_to
    if currency is not None:
        found["baseSalary"] = {
            "@type": "MonetaryAmount",
            "currency": currency.currency,
            "value": {"@type": "QuantitativeValue", **pay, "unitText": "MONTH"},
        }
    return found


def _number(money: Money) -> int | float:
    return int(money.amount) if money.amount == int(money.amount) else float(money.amount)
