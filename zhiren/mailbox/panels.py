"""What the mailbox adds to the frame of every page."""

from zhiren.kernel.actors import Actor
from zhiren.mailbox import queries
from zhiren.plumbing import menu


@menu.counts("mailbox:unfiled")
def unfiled(actor: Actor) -> int:
    """Tell how many mails wait for this reader to file them."""
    return queries.unfiled_count(actor)


@menu.counts("mailbox:accounts")
def failing(actor: Actor) -> int:
    """Tell how many of the mailboxes this reader looks after cannot be read."""
    return queries.failing_count(actor)
