"""What time brings in the mailbox."""

from datetime import datetime

from zhiren.mailbox import services
from zhiren.plumbing.ticks import on_tick


@on_tick
def look_after_mails(at: datetime) -> None:
    """Read mails that a dying worker left unread, and give those that were read to the person they are of."""
    services.take_up_forgotten(at)
    services.link_filed(at)
