"""Every read of mailboxes and of what came in through them."""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from zhiren.access import queries as access
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import NotFound
from zhiren.mailbox import permissions, reading, rules, words
from zhiren.mailbox.channels import Box
from zhiren.mailbox.models import Mail, MailAccount
from zhiren.people import queries as people
from zhiren.people.errors import FileUnavailable, PersonErased
from zhiren.people.models import Person
from zhiren.people.vault import Vault, open_vault, open_vaults
from zhiren.plumbing import crypto
from zhiren.plumbing.models import one
from zhiren.plumbing.paging import keyset_page
from zhiren.plumbing.permissions import within
from zhiren.recruiting import queries as recruiting
from zhiren.recruiting.models import IntakeFile, Opening

ROWS = 50
_CELL = "mailbox_mail|summary_sealed"
_COUNTED = 1_000  # the menu does not need to know more


# Accounts -------------------------------------------------------------------------------------------------------------


def accounts_visible_to(actor: Actor) -> QuerySet[MailAccount]:
    """Return the mailboxes this actor looks after: those of their entities, all for whom all is theirs."""
    reach = actor.reach(permissions.MANAGE_ACCOUNTS)
    rows = MailAccount.objects.filter(within(reach, own=Q(created_by=actor.user_id), department="opening__department"))
    return rows.select_related("entity", "opening")


def get_account(actor: Actor, account_id: UUID) -> MailAccount:
    """Return one mailbox; NotFound if there is none, or it is not this actor's to look after."""
    return one(accounts_visible_to(actor), account_id)


def lock_account(account_id: UUID) -> MailAccount:
    """Return one mailbox, locked until the transaction ends: for services that know who may touch it."""
    return one(MailAccount.objects.select_for_update(), account_id)


def names_of_accounts(account_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return what mailboxes are called, for lines about them that the reader may see."""
    return dict(MailAccount.objects.filter(pk__in=set(account_ids)).values_list("pk", "name"))


@dataclass(frozen=True)
class Trouble:
    """Why a mailbox cannot be read (a code of `words.PROBLEMS`), and since when."""

    problem: str
    since: datetime

    @property
    def says(self) -> str:
        """The reason and what to do, in the current language."""
        return words.problem(self.problem)


def trouble_of(account_id: UUID) -> Trouble | None:
    """Return what somebody should know of a mailbox; None where all is well, or nobody has to know yet."""
    account = account_by_id(account_id)
    if account is None or not account.told_problem or account.failing_since is None:
        return None
    return Trouble(account.told_problem, account.failing_since)


def keepers_of(account_id: UUID, *, who_also_may: str) -> list[UUID]:
    """Return who looks after a mailbox and has another permission too: who set it up, else their manager, else the
    HR managers whose it is. Nobody, where none of these may.
    """
    account = account_by_id(account_id)
    if account is None:
        return []
    creator = account.created_by_id or UUID(int=0)
    for users in ([creator], access.managers_of(creator), access.managers_of(UUID(int=0))):
        actors = [access.actor_of_id(user_id) for user_id in users]
        keepers = [actor.user_id for actor in actors if actor.may(who_also_may) and _looks_after(actor, account_id)]
        if found := [user_id for user_id in keepers if user_id]:
            return found
    return []


def _looks_after(actor: Actor, account_id: UUID) -> bool:
    return accounts_visible_to(actor).filter(pk=account_id).exists()


def account_by_id(account_id: UUID) -> MailAccount | None:
    """Return a mailbox, whoever asks: for the worker."""
    return MailAccount.objects.filter(pk=account_id).first()


def active_account_ids() -> list[UUID]:
    """Return which mailboxes are to be read."""
    return list(MailAccount.objects.filter(is_active=True).values_list("pk", flat=True))


def readers_of(account: MailAccount) -> list[UUID]:
    """Return who files what comes into a visible mailbox, besides those whose role reaches it."""
    return list(account.readers.values_list("pk", flat=True))


def failing_accounts(actor: Actor) -> list[MailAccount]:
    """Return the mailboxes that cannot be read and whose mail or settings are this actor's."""
    reach = actor.reach(permissions.VIEW)
    mine = Q(pk__in=accounts_visible_to(actor).values("pk"))
    if reach:
        mine |= within(reach, own=Q(readers=actor.user_id), department="opening__department")
    rows = MailAccount.objects.filter(mine, is_active=True, failing_since__isnull=False)
    return list(rows.distinct().order_by("name", "id")[:20])


def failing(actor: Actor) -> QuerySet[MailAccount]:
    """Return the mailboxes this actor looks after that cannot be read."""
    return accounts_visible_to(actor).filter(is_active=True, failing_since__isnull=False).order_by()


def seal_password(account_id: UUID, password: str) -> bytes:
    """Return a password as its row keeps it."""
    return crypto.seal(crypto.key_for("mail-password"), password.encode(), bound_to=_password_cell(account_id))


def box_of(account: MailAccount) -> Box:
    """Return where a mailbox is and how to get in. Only for connecting."""
    password = ""  # of OAuth 2 there is none: what lets in is asked for (`signing_in`)
    if sealed := account.password_sealed:
        password = crypto.unseal(crypto.key_for("mail-password"), sealed, bound_to=_password_cell(account.pk)).decode()
    return Box(
        host=account.host,
        port=account.port,
        tls=account.tls,
        user=account.user,
        password=password,
        folder=account.folder,
    )


def _password_cell(account_id: UUID) -> str:
    return f"mailbox_mailaccount|password_sealed|{account_id}"


def hosts_allowed() -> list[str]:
    """Return the mail servers that may be asked (`ZHIREN_MAIL_HOSTS`), none named: any."""
    return [host.strip().casefold() for host in os.environ.get("ZHIREN_MAIL_HOSTS", "").split(",") if host.strip()]


def try_to_hold(account_id: UUID) -> bool:
    """Take a mailbox for this database connection alone, until it is let go or the connection ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_lock_number(account_id)])
        return bool(cursor.fetchone()[0])


def let_go(account_id: UUID) -> None:
    """Give a mailbox back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_lock_number(account_id)])


def _lock_number(account_id: UUID) -> int:
    return int.from_bytes(crypto.mac("mail-account-lock", account_id.bytes)[:8], "big", signed=True)


# Mails ----------------------------------------------------------------------------------------------------------------


def mails_visible_to(actor: Actor) -> QuerySet[Mail]:
    """Return the received mails this actor may see: of mailboxes of their entities, and of those they file for."""
    reach = actor.reach(permissions.VIEW)
    if not reach:
        return Mail.objects.none()
    if reach.everything:
        return Mail.objects.all()
    accounts = MailAccount.objects.filter(within(reach, own=Q(readers=actor.user_id), department="opening__department"))
    return Mail.objects.filter(account__in=accounts.values("pk"))


def get_mail(actor: Actor, mail_id: UUID) -> Mail:
    """Return one received mail; NotFound as ever."""
    return one(mails_visible_to(actor).select_related("account", "opening", "intake", "document"), mail_id)


def lock_mail(mail_id: UUID) -> Mail:
    """Return one mail, locked until the transaction ends: for services that know who may touch it."""
    one(Mail.objects.select_for_update(), mail_id)
    return one(Mail.objects.select_related("account", "document"), mail_id)


def mail_by_id(mail_id: UUID) -> Mail:
    """Return a mail, whoever asks: for the worker."""
    return one(Mail.objects.select_related("account", "document"), mail_id)


def unfiled(actor: Actor) -> QuerySet[Mail]:
    """Return mails that wait for this actor to file them, at most a thousand, for the menu to count."""
    return mails_visible_to(actor).filter(state=Mail.State.UNFILED).order_by().only("pk")[:_COUNTED]


def same_mail(account: MailAccount, digest: bytes) -> Mail | None:
    """Return the same mail that this mailbox gave before."""
    return Mail.objects.select_for_update().filter(account=account, digest=digest).order_by("stored_at").first()


def came_elsewhere(digest: bytes) -> bool:
    """Tell whether the same mail came into any mailbox."""
    return Mail.objects.filter(digest=digest).exists()


def to_mark(account: MailAccount, uid_validity: int) -> list[tuple[UUID, int]]:
    """Return the mails (id and number on the server) that were dealt with while the server was not told yet."""
    rows = Mail.objects.filter(account=account, uid_validity=uid_validity, marked_at__isnull=True)
    return list(rows.exclude(state=Mail.State.WAITING).order_by("uid").values_list("pk", "uid")[:500])


def is_waiting(account: MailAccount) -> bool:
    """Tell whether a mail of this mailbox is still to be read."""
    return Mail.objects.filter(account=account, state=Mail.State.WAITING).exists()


def waiting_since(before: datetime) -> list[UUID]:
    """Return the mails that were stored before a moment and that nobody has read yet."""
    rows = Mail.objects.filter(state=Mail.State.WAITING, stored_at__lt=before).order_by("stored_at")
    return list(rows.values_list("pk", flat=True)[:200])


def to_link() -> list[UUID]:
    """Return the filed mails of which it is not known yet to whom they belong, though all their files were read."""
    rows = Mail.objects.filter(state=Mail.State.FILED, is_linked=False, intake__isnull=False)
    return list(rows.exclude(intake__files__state="waiting").values_list("pk", flat=True)[:200])


def persons_of_intake(intake_id: UUID) -> list[UUID]:
    """Return whom the files of an upload led to; two are enough to know that it was not one."""
    rows = IntakeFile.objects.filter(intake_id=intake_id, application__isnull=False)
    return list(rows.order_by().values_list("application__person_id", flat=True).distinct()[:2])


@dataclass(frozen=True)
class Summary:
    """What a list shows of a mail. Personal data: all of it."""

    from_name: str = ""
    from_address: str = ""
    subject: str = ""
    files: tuple[str, ...] = ()
    title: str = ""
    name: str = ""

    @property
    def sender(self) -> str:
        """Who wrote: the name, else the address."""
        return self.from_name or self.from_address


def seal_summary(mail: Mail, summary: Summary) -> bytes:
    """Return a summary as its row keeps it: by the person's key if it is known whose mail it is."""
    text = json.dumps(asdict(summary), ensure_ascii=False)
    if mail.person_id:
        return open_vault(mail.person_id).seal(text, cell=_CELL, row=mail.pk)
    return crypto.seal(crypto.key_for("mail-summary"), text.encode(), bound_to=f"{_CELL}|{mail.pk}")


def summary_of(mail: Mail) -> Summary:
    """Return the summary of a visible mail; an empty one if the person it belongs to was erased."""
    vault = None
    if mail.person_id:
        try:
            vault = open_vault(mail.person_id)
        except PersonErased:
            return Summary()
    return _opened(mail, vault)


def _opened(mail: Mail, vault: Vault | None) -> Summary:
    if not mail.summary_sealed or (mail.person_id and vault is None):
        return Summary()
    if vault:
        text = vault.open(mail.summary_sealed, cell=_CELL, row=mail.pk)
    else:
        key = crypto.key_for("mail-summary")
        text = crypto.unseal(key, mail.summary_sealed, bound_to=f"{_CELL}|{mail.pk}").decode()
    given: dict[str, Any] = json.loads(text)
    return Summary(**{**given, "files": tuple(given["files"])})


@dataclass(frozen=True)
class Line:
    """A mail as the list shows it; `person` only where the reader may see them."""

    mail: Mail
    summary: Summary
    person: Person | None


def page_of_mails(actor: Actor, *, state: str, after: str = "") -> tuple[list[Line], str]:
    """Return the visible mails in a state, newest first, fifty at a time, and the cursor after them. Three queries."""
    rows = mails_visible_to(actor).filter(state=state).select_related("account", "opening")
    page = keyset_page(rows, order=("-received_at", "-id"), after=after, size=ROWS)
    return _lines(actor, page.rows), page.next_cursor


def line_of(actor: Actor, mail: Mail) -> Line:
    """Return a visible mail as the list shows it."""
    return _lines(actor, [mail])[0]


def _lines(actor: Actor, mails: Sequence[Mail]) -> list[Line]:
    ids = {mail.person_id for mail in mails if mail.person_id}
    vaults = open_vaults(ids) if ids else {}
    persons = {row.pk: row for row in people.persons_visible_to(actor).filter(pk__in=ids)} if ids else {}
    return [
        Line(
            mail,
            _opened(mail, vaults.get(mail.person_id) if mail.person_id else None),
            persons.get(mail.person_id) if mail.person_id else None,
        )
        for mail in mails
    ]


def letter_of(mail: Mail) -> reading.Letter:
    """Return a visible mail taken apart.

    Raises:
        FileUnavailable: it was not kept whole, or its file is gone.
        reading.Unreadable: it cannot be taken apart.
    """
    if mail.document is None:
        raise FileUnavailable
    return reading.read(people.document_bytes(mail.document))


def shown_letter(mail: Mail) -> reading.Letter | None:
    """Return a visible mail taken apart; None where there is nothing to show but its summary."""
    try:
        return letter_of(mail)
    except (FileUnavailable, PersonErased, reading.Unreadable):
        return None


def open_jobs(entity_id: UUID | None) -> list[rules.Job]:
    """Return the openings that mail may be filed to by itself: the open ones, of one entity if it is named."""
    rows = recruiting.openings_taking_candidates(Actor.system("mailbox")).filter(state=Opening.State.OPEN)
    if entity_id:
        rows = rows.filter(entity_id=entity_id)
    return [
        rules.Job(row.pk, row.slug, tuple(title for title in (row.title, row.title_en) if title), row.city)
        for row in rows.only("slug", "title", "title_en", "city")[:5_000]
    ]


def sender_known(address: str) -> Person | None:
    """Return whose mail address this is."""
    return people.person_with_contact("mail", address) if address else None


def visible_ids(actor: Actor, mail_ids: Iterable[UUID]) -> list[UUID]:
    """Return which of these mails the actor may see, oldest first."""
    rows = mails_visible_to(actor).filter(pk__in=set(mail_ids)).order_by("received_at", "id")
    return list(rows.values_list("pk", flat=True))


def get_attachment(mail: Mail, number: int) -> reading.Attachment:
    """Return the file with this number, from 1, in a visible mail; NotFound if there is none."""
    letter = shown_letter(mail)
    if letter is None or not 1 <= number <= len(letter.attachments):
        raise NotFound
    return letter.attachments[number - 1]
