"""What the mailbox adds to the frame of every page."""

from django.db.models import QuerySet

from zhiren.kernel.actors import Actor
from zhiren.mailbox import queries
from zhiren.mailbox.models import Mail, MailAccount
from zhiren.plumbing import menu


@menu.counts("mailbox:unfiled")
def unfiled(actor: Actor) -> QuerySet[Mail]:
    """Return the mails that wait for this reader to file them."""
    return queries.unfiled(actor)


@menu.counts("mailbox:accounts")
def failing(actor: Actor) -> QuerySet[MailAccount]:
    """Return the mailboxes this reader looks after that cannot be read."""
    return queries.failing(actor)
