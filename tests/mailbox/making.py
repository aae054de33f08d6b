"""Make mailboxes and mails for tests."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from tests.factories import MONDAY, SYSTEM
from zhiren.kernel.actors import Actor
from zhiren.mailbox import queries, services
from zhiren.mailbox.channels import Lying
from zhiren.mailbox.models import Mail, MailAccount
from zhiren.mailbox.services import AccountFacts
from zhiren.plumbing import jobs

LATER = MONDAY + timedelta(minutes=2)
_uids = iter(range(1, 1_000_000))


def facts(**given: Any) -> AccountFacts:
    """Return how a mailbox is reached."""
    usual: dict[str, Any] = {
        "name": "Jobs", "host": "imap.example.com", "port": 993, "tls": "tls", "user": "jobs@yunshan.example",
        "password": "correct-horse-battery", "since": date(2020, 1, 1),
    }  # fmt: skip
    return AccountFacts(**{**usual, **given})


def make_account(actor: Actor = SYSTEM, at: datetime = MONDAY, **given: Any) -> MailAccount:
    """Return a mailbox that nobody contacts in a test."""
    account = services.save_account(actor=actor, at=at, facts=facts(**given))
    services.begin_session(account_id=account.pk, uid_validity=1)
    return account


def take_in(account: MailAccount, raw: bytes, *, uid: int | None = None, validity: int = 1) -> Mail | None:
    """Store a mail as if it lay in the mailbox, and do not read it yet."""
    lying = Lying(uid or next(_uids), len(raw), MONDAY)
    return services.take_in(account_id=account.pk, uid_validity=validity, lying=lying, raw=raw, at=MONDAY)


def make_mail(account: MailAccount, raw: bytes) -> Mail:
    """Return a mail that was stored and read; its files were read too."""
    mail = take_in(account, raw)
    assert mail is not None
    jobs.run_due(LATER)
    return queries.mail_by_id(mail.pk)


def dying(*_given: Any, **_named: Any) -> None:
    """Stand for a worker that is killed at this very moment."""
    raise KeyboardInterrupt
