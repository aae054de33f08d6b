"""What a line may be about that is no person: a mailbox or a platform that needs somebody to look after it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhiren.attendance import platform_queries as platforms
from zhiren.kernel.actors import Actor
from zhiren.mailbox import queries as mailbox


@dataclass(frozen=True, kw_only=True)
class Subject:
    """How lines of one `FollowUp.source` speak of what they are about; `url_name` is its page, given its id."""

    title: Any
    action: Any
    icon: str
    hint: Any
    url_name: str
    names_of: Callable[[Iterable[UUID]], Mapping[UUID, str]]
    visible_to: Callable[[Actor], QuerySet[Any]]


SUBJECTS: Mapping[str, Subject] = {
    "mailbox": Subject(
        title=_("Mailbox “%(name)s”"),
        action=_("Mend the mailbox"),
        icon="mail-warning",
        hint=_("Only somebody who may set up this mailbox can take it over."),
        url_name="mailbox:account",
        names_of=mailbox.names_of_accounts,
        visible_to=mailbox.accounts_visible_to,
    ),
    "platform": Subject(
        title=_("Platform “%(name)s”"),
        action=_("Mend the connection"),
        icon="plug-zap",
        hint=_("Only somebody who may set up this platform can take it over."),
        url_name="attendance:platform",
        names_of=platforms.names_of_accounts,
        visible_to=platforms.accounts_visible_to,
    ),
}
