"""Every write to mailboxes and to what came in through them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction

from zhiren.access import queries as access
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import Conflict, NotFound
from zhiren.mailbox import boards, channels, permissions, queries, reading, rules, signing_in
from zhiren.mailbox.channels import Box, Grant, Lying, Unavailable
from zhiren.mailbox.errors import (
    HostNotAllowed,
    MailDealtWith,
    NothingToFile,
    PasswordNeededAgain,
    PlainTextAway,
    ReasonNeeded,
)
from zhiren.mailbox.events import (
    MailAccountFailed,
    MailAccountRecovered,
    MailAccountSaved,
    MailFiled,
    MailPutAside,
    MailReceived,
    MailUnfiled,
)
from zhiren.mailbox.jobs import read_mail as read_mail_job
from zhiren.mailbox.models import Mail, MailAccount
from zhiren.mailbox.queries import Summary
from zhiren.mailbox.rules import Choice, Verdict
from zhiren.people import queries as people_queries
from zhiren.people import services as people
from zhiren.people.errors import FileUnavailable
from zhiren.people.events import DocumentOpened
from zhiren.plumbing import crypto
from zhiren.plumbing.models import one
from zhiren.recruiting import intake
from zhiren.recruiting import queries as recruiting
from zhiren.recruiting.errors import NothingUploaded
from zhiren.recruiting.models import Opening
from zhiren.timeline.services import record

MOST_BYTES = 50_000_000
# A mail that nobody has read for so long has lost its job, with a worker that died at the wrong moment.
_FORGOTTEN = timedelta(minutes=10)
_MOST_SECONDS = 2_147_483_647
_SYSTEM = Actor.system("mailbox")
_LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


# Accounts -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class AccountFacts:
    """How a mailbox is reached and read. A password, secret or token is empty where it stays as it is."""

    name: str
    host: str
    port: int
    tls: str
    user: str
    sign_in: str = "password"
    password: str = ""
    token_url: str = ""
    client_id: str = ""
    client_secret: str = ""
    refresh_token: str = ""
    scope: str = ""
    folder: str = "INBOX"
    after: str = "seen"
    move_to: str = ""
    since: date
    uses_idle: bool = True
    poll_minutes: int = 5
    entity_id: UUID | None = None
    opening_id: UUID | None = None
    reader_ids: Sequence[UUID] = ()


@transaction.atomic
def save_account(*, actor: Actor, at: datetime, facts: AccountFacts, account_id: UUID | None = None) -> MailAccount:
    """Set up a mailbox, or change how one is read; it is looked at again at once.

    Raises:
        HostNotAllowed: the installation does not allow this mail server.
        PlainTextAway: without encryption, and not on this machine.
        PasswordNeededAgain: what is stored was entered for another server or user.
        NotFound: the account, its entity or its opening is not this actor's.
    """
    actor.require(permissions.MANAGE_ACCOUNTS)
    check_hosts(facts)
    if account_id:
        queries.get_account(actor, account_id)
        account = queries.lock_account(account_id)
    else:
        account = MailAccount(created_at=at, created_by_id=actor.user_id)
    _check_reach(actor, account, facts)
    known = _known_secrets(account, facts) if account_id else _Secrets()
    secrets = _Secrets(*(new or old for new, old in zip(_given_secrets(facts), known, strict=True)))
    if account_id and not secrets.let_in:
        raise PasswordNeededAgain
    by_oauth = facts.sign_in == MailAccount.SignIn.OAUTH2
    given: dict[str, Any] = {
        "sign_in": facts.sign_in, "token_url": facts.token_url.strip() if by_oauth else "",
        "client_id": facts.client_id.strip() if by_oauth else "", "scope": facts.scope.strip() if by_oauth else "",
        "name": facts.name, "host": facts.host.strip(), "port": facts.port, "tls": facts.tls, "user": facts.user,
        "folder": facts.folder or "INBOX", "after": facts.after, "move_to": facts.move_to, "since": facts.since,
        "uses_idle": facts.uses_idle, "poll_minutes": facts.poll_minutes, "entity_id": facts.entity_id,
        "opening_id": facts.opening_id,
    }  # fmt: skip
    changed = {name for name, value in given.items() if account_id is None or getattr(account, name) != value}
    for name, value in given.items():
        setattr(account, name, value)
    if secrets != known:
        changed.add("password" if not by_oauth else "token")
    account.password_sealed = queries.seal_password(account.pk, secrets.password) if secrets.password else b""
    account.oauth_sealed = (
        signing_in.seal_secrets(account.pk, client_secret=secrets.client_secret, refresh_token=secrets.refresh_token)
        if by_oauth
        else b""
    )
    if {"host", "user", "folder"} & changed:
        account.uid_validity, account.last_uid, account.behind = None, 0, 0  # another folder: its numbers mean nothing
    if "since" in changed:
        account.last_uid = 0  # what lies further back is looked at too; what came already is known by its digest
    _forget_failure(account, at=at)
    account.save()
    account.readers.set(access.colleagues(actor).filter(pk__in=facts.reader_ids))
    fields = tuple(sorted(name.removesuffix("_id") for name in changed))
    record(MailAccountSaved(person_id=None, at=at, by=actor.user_id, account_id=account.pk, fields=fields))
    return account


def check_hosts(facts: AccountFacts) -> None:
    """Refuse a server that this installation may not ask, and one that would be told a password in the clear."""
    hosts = [(facts.host, facts.tls == MailAccount.Tls.NONE)]
    if facts.sign_in == MailAccount.SignIn.OAUTH2:
        address = urlsplit(facts.token_url.strip())
        hosts.append((address.hostname or facts.token_url, address.scheme != "https"))
    allowed = queries.hosts_allowed()
    for host, is_plain in hosts:
        if allowed and host.strip().casefold() not in allowed:
            raise HostNotAllowed(host=host[:100])
        if is_plain and host.strip().casefold() not in _LOCAL_HOSTS:
            raise PlainTextAway


class _Secrets(NamedTuple):
    password: str = ""
    client_secret: str = ""
    refresh_token: str = ""

    @property
    def let_in(self) -> bool:
        """Whether there is anything here that could let somebody in."""
        return any(self)


def _given_secrets(facts: AccountFacts) -> _Secrets:
    if facts.sign_in == MailAccount.SignIn.OAUTH2:
        return _Secrets("", facts.client_secret, facts.refresh_token)
    return _Secrets(facts.password)


def _known_secrets(account: MailAccount, facts: AccountFacts) -> _Secrets:
    """Return what is stored, as far as it would go where it was meant to go."""
    box, grant = queries.box_of(account), signing_in.grant_of(account)
    same = (box.host, box.port, box.tls, box.user) == (facts.host, facts.port, facts.tls, facts.user)
    if not same or account.sign_in != facts.sign_in:
        return _Secrets()
    if facts.sign_in == MailAccount.SignIn.PASSWORD:
        return _Secrets(box.password)
    same = (grant.token_url, grant.client_id) == (facts.token_url.strip(), facts.client_id.strip())
    return _Secrets("", grant.client_secret, grant.refresh_token) if same else _Secrets()


def _check_reach(actor: Actor, account: MailAccount, facts: AccountFacts) -> None:
    """Refuse an entity that is not the actor's, and an opening they may not fill."""
    reach = actor.reach(permissions.MANAGE_ACCOUNTS)
    if not reach.everything and facts.entity_id not in reach.entities:
        raise NotFound
    if facts.opening_id and facts.opening_id != account.opening_id and not actor.is_system:
        one(recruiting.openings_visible_to(actor), facts.opening_id)


@transaction.atomic
def switch_account(*, actor: Actor, at: datetime, account_id: UUID, active: bool) -> MailAccount:
    """Stop reading a mailbox, or begin again where it stopped. What came in stays."""
    actor.require(permissions.MANAGE_ACCOUNTS)
    queries.get_account(actor, account_id)
    account = queries.lock_account(account_id)
    if account.is_active != active:
        account.is_active = active
        _forget_failure(account, at=at)
        account.save()
        record(MailAccountSaved(person_id=None, at=at, by=actor.user_id, account_id=account.pk, fields=("is_active",)))
    return account


def _forget_failure(account: MailAccount, *, at: datetime) -> None:
    if account.told_problem:
        record(MailAccountRecovered(person_id=None, at=at, account_id=account.pk))
    account.told_problem = ""
    account.failures, account.problem, account.failing_since, account.failed_at = 0, "", None, None
    account.try_at = None


@dataclass(frozen=True)
class Tried:
    """What came of a try to sign in: the folders there are, or what is wrong (a code of `words.PROBLEMS`)."""

    folders: tuple[str, ...] = ()
    problem: str = ""


def try_account(*, actor: Actor, facts: AccountFacts, account_id: UUID | None = None) -> Tried:
    """Really sign in, and list the folders. Nothing is read, nothing is saved.

    Raises:
        HostNotAllowed, PlainTextAway: as `save_account`.
    """
    actor.require(permissions.MANAGE_ACCOUNTS)
    check_hosts(facts)
    known = _known_secrets(queries.get_account(actor, account_id), facts) if account_id else _Secrets()
    password, client_secret, refresh_token = (new or old for new, old in zip(_given_secrets(facts), known, strict=True))
    box = Box(host=facts.host, port=facts.port, tls=facts.tls, user=facts.user, password=password, folder=facts.folder)
    grant = Grant(
        token_url=facts.token_url.strip(),
        client_id=facts.client_id.strip(),
        client_secret=client_secret,
        refresh_token=refresh_token,
        scope=facts.scope.strip(),
    )
    try:
        if facts.sign_in == MailAccount.SignIn.OAUTH2:
            box = replace(box, password=signing_in.renewed(grant)[0].token, is_token=True)
        return Tried(folders=tuple(channels.postman().folders(box)))
    except Unavailable as error:
        return Tried(problem=error.problem)


@transaction.atomic
def note_contact(*, account_id: UUID, at: datetime, behind: int, look_again_at: datetime | None = None) -> None:
    """Note that a mailbox was reached, how many mails are still to be fetched there, and when to look again."""
    account = queries.lock_account(account_id)
    _forget_failure(account, at=at)
    account.last_contact_at, account.behind, account.try_at = at, behind, look_again_at
    account.save()


@transaction.atomic
def note_failure(*, account_id: UUID, at: datetime, problem: str, lasting: bool) -> MailAccount:
    """Note that a mailbox cannot be read, and when to try again: after 1, 2, 4 … 60 minutes.

    Where somebody has to change something first, the first try again is after half an hour, so that no account is
    locked for too many wrong passwords.
    """
    account = queries.lock_account(account_id)
    account.failures = min(account.failures + 1, 100)
    account.problem, account.failed_at = problem, at
    minutes = min(2 ** (account.failures - 1), 60)
    account.try_at = at + timedelta(minutes=max(minutes, 30) if lasting else minutes)
    account.failing_since = account.failing_since or at
    told = account.told_problem
    if rules.is_to_be_told(problem, failures=account.failures, lasting=lasting, told=told):
        account.told_problem = problem
        record(MailAccountFailed(person_id=None, at=at, account_id=account.pk, problem=problem))
    account.save()
    return account


@transaction.atomic
def begin_session(*, account_id: UUID, uid_validity: int) -> MailAccount:
    """Return a mailbox whose numbers on the server hold; where the server began anew, all is looked at again."""
    account = queries.lock_account(account_id)
    if account.uid_validity != uid_validity:
        account.uid_validity, account.last_uid = uid_validity, 0
        account.save(update_fields=["uid_validity", "last_uid"])
    return account


# Taking in ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def take_in(
    *, account_id: UUID, uid_validity: int, lying: Lying, raw: bytes | None, at: datetime, head: bytes = b""
) -> Mail | None:
    """Keep a mail whole and sealed, and have it read in the background; None where there is nothing new to keep.

    Safe to run twice with the same mail: it is known by its number on the server and, where the numbers began anew or
    the mail was moved, by its digest. The same mail out of another mailbox is put aside as a duplicate. `raw` is None
    for a mail that is gone (then `head` is empty) or larger than `MOST_BYTES`, which becomes a line that says so.
    """
    account = queries.lock_account(account_id)
    account.last_uid = max(account.last_uid, lying.uid)
    account.lag_seconds = min(max(int((at - lying.received_at).total_seconds()), 0), _MOST_SECONDS)
    account.save(update_fields=["last_uid", "lag_seconds"])
    known = Mail.objects.filter(account=account, uid_validity=uid_validity, uid=lying.uid).exists()
    if known or (raw is None and not head):
        return None
    digest = crypto.mac("mail-digest", reading.identity(raw if raw is not None else head))[:16]
    same = queries.same_mail(account, digest)
    if same:
        same.uid_validity, same.uid, same.marked_at = uid_validity, lying.uid, None
        same.save(update_fields=["uid_validity", "uid", "marked_at"])
        return None
    mail = Mail(
        account=account,
        uid_validity=uid_validity,
        uid=lying.uid,
        digest=digest,
        size=lying.size,
        received_at=lying.received_at,
        stored_at=at,
    )
    if raw is None or queries.came_elsewhere(digest):
        _take_unread(mail, raw if raw is not None else head, reason="too_large" if raw is None else "duplicate", at=at)
        return mail
    mail.document = people.store_document(at=at, data=raw, name="mail.eml", media_type="message/rfc822", kind="mail")
    mail.save(force_insert=True)
    record(MailReceived(person_id=None, at=at, mail_id=mail.pk, account_id=account.pk))
    read_mail_job.defer(mail_id=str(mail.pk))
    return mail


def _take_unread(mail: Mail, data: bytes, *, reason: str, at: datetime) -> None:
    """Keep of a mail only what a list shows: the same lies here already, or it is too large."""
    mail.state = Mail.State.ASIDE if reason == "duplicate" else Mail.State.UNFILED
    mail.reason = reason
    try:
        letter = reading.read(data)
    except reading.Unreadable:
        letter = None
    mail.summary_sealed = queries.seal_summary(mail, _summary(letter) if letter else Summary())
    mail.save(force_insert=True)
    record(MailReceived(person_id=None, at=at, mail_id=mail.pk, account_id=mail.account_id))
    _record_state(mail, at=at)


def mark_on_server(*, mail_ids: Sequence[UUID], at: datetime) -> None:
    """Note that the server was told that these mails were dealt with."""
    Mail.objects.filter(pk__in=mail_ids).update(marked_at=at)


# Reading --------------------------------------------------------------------------------------------------------------


def read_mail(*, mail_id: UUID, at: datetime) -> None:
    """Take a stored mail apart, and file it, leave it for somebody, or put it aside. Safe to run twice.

    Taking apart happens outside the transaction.
    """
    mail = queries.mail_by_id(mail_id)
    if mail.state != Mail.State.WAITING:
        return
    letter: reading.Letter | None = None
    problem = ""
    try:
        letter = queries.letter_of(mail)
    except FileUnavailable:
        problem = "file_missing"
    except reading.Unreadable as error:
        problem = error.problem
    with transaction.atomic():
        mail = queries.lock_mail(mail_id)
        if mail.state != Mail.State.WAITING:
            return
        if letter is None:
            _settle(mail, Verdict("unfiled", problem), at=at)
            return
        _decide(mail, letter, at=at)


def _decide(mail: Mail, letter: reading.Letter, *, at: datetime) -> None:
    delivery = _delivery(letter)
    direct = not delivery.board and not letter.origins
    sender = queries.sender_known(letter.from_address) if direct else None
    body = _body(mail, letter, delivery)
    choice = rules.choose_opening(
        recipients=letter.recipients,
        title=delivery.title,
        subject=reading.bare_subject(letter.origins[-1].subject) if letter.origins else letter.topic,
        city=delivery.city,
        jobs=queries.open_jobs(mail.account.entity_id),
        default=_default_opening(mail.account),
    )
    verdict = rules.judge(
        nature=letter.nature,
        board=delivery.board,
        board_known=delivery.is_known,
        files=len(letter.attachments),
        winmails=sum(one.is_winmail for one in letter.attachments),
        body_is_resume=rules.holds_resume(body, from_board=bool(delivery.board)),
        sender_is_known=sender is not None,
        choice=choice,
    )
    mail.board, mail.attachments = delivery.board, len(letter.attachments)
    if sender and verdict.reason == "letter":
        mail.person = sender
        if mail.document:
            mail.document = people.assign_document(document_id=mail.document.pk, person_id=sender.pk)
    mail.summary_sealed = queries.seal_summary(mail, _summary(letter, delivery))
    if verdict.state == "filed" and choice.opening_id:
        try:
            _file(mail, letter, choice, actor=_SYSTEM, at=at)
        except (NothingToFile, NotFound):  # a ZIP without files; an opening that was closed a moment ago
            _settle(mail, Verdict("unfiled", "no_resume"), at=at)
        return
    _settle(mail, verdict, at=at)


def _delivery(letter: reading.Letter) -> boards.Delivery:
    """Return what the mail says of itself; in a forwarded one, the mail within says it, the innermost first."""
    told = [(one.address, reading.bare_subject(one.subject)) for one in reversed(letter.origins)]
    found = [boards.recognise(address, about, letter.text) for address, about in told]
    found.append(boards.recognise(letter.from_address, letter.topic, letter.text))
    by_board = [one for one in found if one.board]
    titled = [one for one in (by_board or found) if one.title]
    return (titled or by_board or found)[0]


def _default_opening(account: MailAccount) -> UUID | None:
    if account.opening_id is None:
        return None
    rows = recruiting.openings_taking_candidates(_SYSTEM).filter(pk=account.opening_id, state=Opening.State.OPEN)
    return account.opening_id if rows.exists() else None


def _body(mail: Mail, letter: reading.Letter, delivery: boards.Delivery) -> str:
    """Return the mail's own text as a résumé: the company's and the board's addresses are taken out."""
    strangers = {*letter.recipients, mail.account.user}
    if delivery.board or letter.origins:
        strangers |= {letter.from_address, *(one.address for one in letter.origins if boards.board_of(one.address))}
    text = rules.own_words(letter.text, strangers=strangers - {""})
    named = delivery.name if delivery.name and delivery.name not in text else ""
    return f"{named}\n{text}" if named else text


def _body_file(mail: Mail, letter: reading.Letter) -> tuple[str, bytes]:
    delivery = _delivery(letter)
    sender = "" if delivery.board or letter.origins else letter.from_name
    return f"{delivery.name or sender or 'mail'}.txt", _body(mail, letter, delivery).encode()


def _summary(letter: reading.Letter, delivery: boards.Delivery | None = None) -> Summary:
    return Summary(
        from_name=letter.from_name,
        from_address=letter.from_address,
        subject=letter.subject[:300],
        files=tuple(one.name for one in letter.attachments[:100]),
        title=delivery.title if delivery else "",
        name=delivery.name if delivery else "",
    )


def _settle(mail: Mail, verdict: Verdict, *, at: datetime) -> None:
    mail.state, mail.reason = verdict.state, verdict.reason
    mail.save()
    _record_state(mail, at=at)


def _record_state(mail: Mail, *, at: datetime, by: UUID | None = None) -> None:
    event = MailPutAside if mail.state == Mail.State.ASIDE else MailUnfiled
    record(event(person_id=mail.person_id, at=at, by=by, mail_id=mail.pk, reason=mail.reason))


def _file(mail: Mail, letter: reading.Letter, choice: Choice, *, actor: Actor, at: datetime) -> None:
    """Have the mail's files, or its text, read into an opening."""
    if choice.opening_id is None:
        raise NothingToFile
    files = [(one.name, one.data) for one in letter.attachments] or [_body_file(mail, letter)]
    if not any(data.strip() for _name, data in files):
        raise NothingToFile
    try:
        started = intake.start_intake(
            actor=actor,
            at=at,
            opening_id=choice.opening_id,
            files=files,
            source=mail.source,
        )
    except NothingUploaded as error:
        raise NothingToFile from error
    mail.state, mail.reason, mail.note = Mail.State.FILED, choice.how, ""
    mail.opening_id, mail.intake, mail.is_linked = choice.opening_id, started, False
    mail.settled_at, mail.settled_by_id = at, actor.user_id
    mail.save()
    record(
        MailFiled(
            person_id=mail.person_id,
            at=at,
            by=actor.user_id,
            mail_id=mail.pk,
            opening_id=choice.opening_id,
            intake_id=started.pk,
            how=choice.how,
        )
    )


# By hand --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def file_mail(*, actor: Actor, at: datetime, mail_id: UUID, opening_id: UUID) -> Mail:
    """Have a mail's files, or its text, read into an opening, whatever the system thought of it.

    Raises:
        MailDealtWith: it was filed already.
        NothingToFile: nothing of it was kept, or it is empty.
        NotFound: the mail or the opening is not this actor's.
    """
    mail = _lock_for(actor, mail_id)
    if mail.state == Mail.State.FILED:
        raise MailDealtWith
    letter = queries.shown_letter(mail)
    if letter is None:
        raise NothingToFile
    _file(mail, letter, Choice(opening_id, "by_hand"), actor=actor, at=at)
    return mail


def file_many(*, actor: Actor, at: datetime, mail_ids: Sequence[UUID], opening_id: UUID) -> tuple[int, int]:
    """File several mails into one opening; return how many were filed and how many were not.

    One that somebody else dealt with, or that holds nothing, keeps nobody else back.
    """
    actor.require(permissions.FILE)
    one(recruiting.openings_taking_candidates(actor), opening_id)
    filed = 0
    for mail_id in mail_ids:
        try:
            file_mail(actor=actor, at=at, mail_id=mail_id, opening_id=opening_id)
        except (Conflict, NotFound, NothingToFile):
            continue
        filed += 1
    return filed, len(mail_ids) - filed


@transaction.atomic
def put_aside(*, actor: Actor, at: datetime, mail_id: UUID, note: str) -> Mail:
    """Put a mail aside that is no application; it stays kept, and can be taken back.

    Raises:
        MailDealtWith: it is not among the unfiled any more.
        ReasonNeeded: no reason was given.
    """
    mail = _lock_for(actor, mail_id)
    if mail.state != Mail.State.UNFILED:
        raise MailDealtWith
    note = " ".join(note.split())[:200]
    if not note:
        raise ReasonNeeded
    mail.state, mail.reason, mail.note = Mail.State.ASIDE, "by_hand", note
    mail.settled_at, mail.settled_by_id = at, actor.user_id
    mail.save()
    _record_state(mail, at=at, by=actor.user_id)
    return mail


@transaction.atomic
def take_back(*, actor: Actor, at: datetime, mail_id: UUID) -> Mail:
    """Put a mail that was put aside, by the system or by somebody, back among the unfiled."""
    mail = _lock_for(actor, mail_id)
    if mail.state != Mail.State.ASIDE:
        raise MailDealtWith
    mail.state, mail.reason, mail.note = Mail.State.UNFILED, "taken_back", ""
    mail.settled_at, mail.settled_by_id = None, None
    mail.save()
    _record_state(mail, at=at, by=actor.user_id)
    return mail


def _lock_for(actor: Actor, mail_id: UUID) -> Mail:
    actor.require(permissions.FILE)
    queries.get_mail(actor, mail_id)
    mail = queries.lock_mail(mail_id)
    if mail.state == Mail.State.WAITING:
        raise MailDealtWith
    return mail


@transaction.atomic
def open_attachment(*, actor: Actor, at: datetime, mail_id: UUID, number: int) -> tuple[str, bytes]:
    """Return the name and the bytes of a file in a mail, or of the mail itself for number 0; it is on the record."""
    mail = queries.get_mail(actor, mail_id)
    if mail.document is None:
        raise FileUnavailable
    record(DocumentOpened(person_id=mail.person_id, at=at, by=actor.user_id, document_id=mail.document.pk))
    if number == 0:
        return "mail.eml", people_queries.document_bytes(mail.document)
    attachment = queries.get_attachment(mail, number)
    return attachment.name, attachment.data


# What time brings -----------------------------------------------------------------------------------------------------


def link_filed(at: datetime) -> int:
    """Give the mails whose files were read to the person they are of, whose key seals them from then on.

    A mail that led to nobody, or to several people, stays sealed by the system.
    """
    del at
    linked = 0
    for mail_id in queries.to_link():
        with transaction.atomic():
            mail = queries.lock_mail(mail_id)
            if mail.is_linked or mail.intake_id is None:
                continue
            persons = queries.persons_of_intake(mail.intake_id)
            mail.is_linked = True
            if len(persons) == 1 and mail.person_id is None:
                summary = queries.summary_of(mail)
                mail.person_id = persons[0]
                mail.summary_sealed = queries.seal_summary(mail, summary)
                if mail.document:
                    people.assign_document(document_id=mail.document.pk, person_id=persons[0])
            mail.save(update_fields=["is_linked", "person", "summary_sealed"])
            linked += 1
    return linked


def take_up_forgotten(at: datetime) -> int:
    """Have mails read that were stored a while ago and that no job is reading; return how many."""
    forgotten = queries.waiting_since(at - _FORGOTTEN)
    for mail_id in forgotten:
        read_mail(mail_id=mail_id, at=at)
    return len(forgotten)
