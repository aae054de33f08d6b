"""A mailbox that cannot be read, as a line for whoever looks after it."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from zhiren.mailbox import queries as mailbox
from zhiren.today import permissions, queries, services
from zhiren.today.models import FollowUp

# Candidates write meanwhile, and nobody hears of it.
_IMPORTANCE = 5


@transaction.atomic
def tell_keepers(*, account_id: UUID, at: datetime) -> int:
    """Tell whoever looks after a mailbox why it cannot be read, since when and what to do; return how many they are.

    What was told of it before no longer holds. A mailbox that can be read by now is passed over.
    """
    services.settle_about(subject_id=account_id, at=at)
    trouble = mailbox.trouble_of(account_id)
    if trouble is None or queries.open_about_subject(account_id).filter(created_at__gt=at).exists():
        return 0
    why, since = {}, {}
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            why[language], since[language] = trouble.says, _("Cannot be read since")
    reason = services.Reason(why=why, evidence=[{"at": trouble.since.isoformat(), "text": since}])
    owners = mailbox.keepers_of(account_id, who_also_may=permissions.USE)
    for owner_id in owners:
        services.open_follow_up(
            at=at,
            key=f"mailbox:{account_id}:{at.isoformat()}:{owner_id}",
            person_id=None,
            owner_id=owner_id,
            reason=reason,
            due_at=at,
            action=FollowUp.Action.MEND,
            importance=_IMPORTANCE,
            subject_id=account_id,
            source="mailbox",
        )
    return len(owners)
