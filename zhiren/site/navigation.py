"""The entries of the menus. An entry shows once its page exists, to those whom the page would let in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, resolve, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhiren.kernel.actors import Actor
from zhiren.plumbing import menu
from zhiren.plumbing.rights import per_rights
from zhiren.plumbing.routes import Declared, Open


@dataclass(frozen=True, eq=False)
class Entry:
    """One page in a menu; `url_name` leads to it. Current also where the address begins with one of `also`."""

    url_name: str
    label: Any
    icon: str
    when: Callable[[], bool] = lambda: True
    also: tuple[str, ...] = ()


class Item(NamedTuple):
    """An entry as one reader sees it now."""

    label: str
    url: str
    icon: str
    waiting: int = 0
    current: bool = False


GROUPS: tuple[tuple[Entry, ...], ...] = (
    (
        Entry("today:today", _("Today"), icon="sun"),
        Entry("recruiting:openings", _("Jobs"), icon="briefcase", also=("/screening/",)),
        Entry("recruiting:candidates", _("Candidates"), icon="users", also=("/people/",)),
        Entry("interviews:interviews", _("Interviews"), icon="calendar-clock"),
        Entry("approvals:waiting", _("Approvals"), icon="file-check", also=("/approvals/",)),
        Entry("mailbox:unfiled", _("Unfiled mail"), icon="mailbox", also=("/mailbox/mails/",)),
        Entry("talent:search", _("Search"), icon="search", also=("/talent/",)),
        Entry("people:duplicates", _("Same person twice"), icon="git-merge"),
    ),
    (
        Entry("attendance:home", _("My attendance"), icon="fingerprint"),
        Entry("people:employees", _("Employees"), icon="users-round", also=("/people/employees/",)),
        Entry("leave:mine", _("My leave"), icon="calendar-days", also=("/leave/",)),
        Entry("leave:team", _("Leave"), icon="calendar", also=("/leave/people/",)),
        Entry("attendance:month", _("Attendance"), icon="clock", also=("/attendance/people/",)),
        Entry("attendance:exceptions", _("To look at"), icon="circle-alert"),
        Entry("rostering:shifts", _("Shifts"), icon="calendar-clock", also=("/rostering/groups/",)),
        Entry("attendance:closing", _("Closing months"), icon="lock"),
        Entry("attendance:imports", _("Files of punches"), icon="folder-input"),
        Entry(
            "attendance:devices",
            _("Devices"),
            icon="radio-tower",
            also=("/attendance/platforms", "/attendance/kiosks", "/attendance/phones"),
        ),
    ),
    (
        Entry("playbooks:playbooks", _("Automation"), icon="workflow"),
        Entry("approvals:policies", _("Approval rules"), icon="list-checks"),
        Entry("conversation:templates", _("Templates"), icon="message-square-text"),
        Entry("mailbox:accounts", _("Mailboxes"), icon="mail"),
        Entry("org:organisation", _("Organisation"), icon="network"),
        Entry("leave:types", _("Types of leave"), icon="list", also=("/leave/plans/",)),
        Entry("rostering:law", _("Working-time law"), icon="scale"),
        Entry("people:readings", _("Résumé reader"), icon="scan-text", also=("/people/reader",)),
        Entry("access:users", _("Users and rights"), icon="shield-check"),
        Entry("operations:caught_mail", _("Caught mail"), icon="inbox", when=lambda: bool(settings.SANDBOX)),
    ),
)
BOTTOM = 4  # as many fit on a phone beside "More"

CREATE: tuple[Entry, ...] = (
    Entry("recruiting:upload", _("Upload résumés"), icon="upload"),
    Entry("recruiting:new_opening", _("Job"), icon="briefcase"),
    Entry("recruiting:new_candidate", _("Candidate"), icon="user-plus"),
    Entry("interviews:new", _("Interview"), icon="calendar-plus"),
    Entry("approvals:new", _("Request"), icon="hand-helping"),
)
ACCOUNT: tuple[Entry, ...] = (
    Entry("access:preferences", _("My settings"), icon="settings"),
    Entry("account_change_password", _("Change password"), icon="key-round"),
    Entry("mfa_index", _("Two-step sign-in"), icon="smartphone"),
)


def items(entries: tuple[Entry, ...], actor: Actor, *, here: str = "") -> tuple[Item, ...]:
    """Return the entries an actor may open; the one whose page, or a page below it, is `here` is current."""
    return _grouped((entries,), actor, here=here)[0]


def groups(actor: Actor, *, here: str, at: datetime) -> tuple[tuple[Item, ...], ...]:
    """Return the groups of the main menu that are not empty for this actor; one entry at most is current.

    Beside an entry stands how many things wait there at `at`. One query.
    """
    return tuple(group for group in _grouped(GROUPS, actor, here=here, at=at) if group)


def _grouped(
    wanted: tuple[tuple[Entry, ...], ...], actor: Actor, *, here: str, at: datetime | None = None
) -> list[tuple[Item, ...]]:
    open_to = _open_to(actor, wanted, get_language(), get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())
    found = [[(entry, item) for entry, item in group if entry.when()] for group in open_to]
    beginnings = [(begin, item.url) for group in found for entry, item in group for begin in (item.url, *entry.also)]
    current = _longest_prefix(beginnings, here)
    counts = menu.counts_for((entry.url_name for group in found for entry, _item in group), actor, at=at) if at else {}
    return [
        tuple(
            item._replace(waiting=counts.get(entry.url_name, 0), current=item.url == current) for entry, item in group
        )
        for group in found
    ]


@per_rights
def _open_to(
    actor: Actor, wanted: tuple[tuple[Entry, ...], ...], language: str | None, urlconf: str, prefix: str
) -> list[list[tuple[Entry, Item]]]:
    """Return the entries whose pages would let in whoever is this, in a language; none counted, none current."""
    del language, prefix  # what says and leads looks for itself
    return [
        [
            (entry, Item(str(entry.label), url, entry.icon))
            for entry in entries
            if (url := _address(actor, entry.url_name, urlconf))
        ]
        for entries in wanted
    ]


def _address(actor: Actor, url_name: str, urlconf: str) -> str:
    try:
        url = reverse(url_name, urlconf=urlconf)
    except NoReverseMatch:
        return ""
    declared: Declared | None = getattr(resolve(url, urlconf=urlconf).func, "declared", None)
    if declared is None or isinstance(declared.needs, Open):
        return url
    if isinstance(declared.needs, str):
        return url if actor.may(declared.needs) else ""
    return url if actor.user_id else ""


def _longest_prefix(beginnings: list[tuple[str, str]], here: str) -> str:
    matching = [(begin, url) for begin, url in beginnings if here.startswith(begin)]
    return max(matching, key=lambda one: len(one[0]))[1] if matching else ""
