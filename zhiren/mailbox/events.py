"""What happened to incoming mail. Ids and codes only: never a subject, a sender or a text."""

from dataclasses import dataclass
from uuid import UUID

from zhiren.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class MailAccountSaved(Event):
    """Somebody set up a mailbox or changed how it is read; `fields` names what, never to what."""

    name = "mailbox.account.saved"
    account_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MailAccountFailed(Event):
    """A mailbox cannot be read, and somebody should know: at once where somebody has to change something, else when it
    has been so for a quarter of an hour. Told once, and again where it has become another problem. `problem` is a code.
    """

    name = "mailbox.account.failed"
    account_id: UUID
    problem: str


@dataclass(frozen=True, kw_only=True)
class MailAccountRecovered(Event):
    """What was told of a mailbox no longer holds: it is read again, was changed, or is no longer to be read."""

    name = "mailbox.account.recovered"
    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class MailReceived(Event):
    """A mail was taken in and is stored; nobody has read it yet. `at` is when it was stored."""

    name = "mailbox.mail.received"
    mail_id: UUID
    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class MailFiled(Event):
    """A mail's files are being read into an opening. `how` says what chose it: a code of `rules.HOW`."""

    name = "mailbox.mail.filed"
    mail_id: UUID
    opening_id: UUID
    intake_id: UUID
    how: str


@dataclass(frozen=True, kw_only=True)
class MailUnfiled(Event):
    """A mail waits for somebody to decide; `reason` is a code of `rules.WHY`."""

    name = "mailbox.mail.unfiled"
    mail_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class MailPutAside(Event):
    """A mail is no application: the system said so by `reason`, or somebody did (`by_hand`)."""

    name = "mailbox.mail.put_aside"
    mail_id: UUID
    reason: str
