"""A mailbox that cannot be read, or a platform that fails, as a line for whoever looks after it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from zhiren.attendance import platform_queries as platforms
from zhiren.mailbox import queries as mailbox
from zhiren.today import permissions, queries, services
from zhiren.today.models import FollowUp

# Of each source: the queries to ask (`trouble_of`, `keepers_of`), the words before since when, the importance.
# Candidates write meanwhile, and nobody hears of it; punches come late, but are not lost.
_SOURCES: Mapping[str, tuple[Any, Any, int]] = {
    "mailbox": (mailbox, _("Cannot be read since"), 5),
    "platform": (platforms, _("Trouble since"), 4),
}


@transaction.atomic
def tell_keepers(*, source: str, account_id: UUID, at: datetime) -> int:
    """Tell whoever looks after an account what is the matter, since when and what to do; return how many they are.

    What was told of it before no longer holds. An account that works by now is passed over.
    """
    services.settle_about(subject_id=account_id, at=at)
    app, words, importance = _SOURCES[source]
    trouble = app.trouble_of(account_id)
    if trouble is None or queries.open_about_subject(account_id).filter(created_at__gt=at).exists():
        return 0
    why, since = {}, {}
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            why[language], since[language] = trouble.says, str(words)
    reason = services.Reason(why=why, evidence=[{"at": trouble.since.isoformat(), "text": since}])
    owners = app.keepers_of(account_id, who_also_may=permissions.USE)
    for owner_id in owners:
        services.open_follow_up(
            at=at,
            key=f"{source}:{account_id}:{at.isoformat()}:{owner_id}",
            person_id=None,
            owner_id=owner_id,
            reason=reason,
            due_at=at,
            action=FollowUp.Action.MEND,
            importance=importance,
            subject_id=account_id,
            source=source,
        )
    return len(owners)
