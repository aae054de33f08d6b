"""Work of the mailbox that is done in the background: reading stored mails, and watching the mailboxes."""

import threading
from datetime import timedelta
from uuid import UUID

import structlog
from django.db import DatabaseError, close_old_connections, connection

from zhiren.mailbox import channels, queries, signing_in
from zhiren.mailbox.channels import Session, Unavailable
from zhiren.mailbox.models import MailAccount
from zhiren.plumbing import clock
from zhiren.plumbing.jobs import beside_the_worker, job

# How often it is looked which mailboxes there are, and whether a settings page changed one.
ROUND_SECONDS = 5.0
# How long a session waits for the server's call before it looks around by itself: for marks to set, for new settings.
WAIT_SECONDS = 20.0
# While mails are being read, their marks are near.
BUSY_SECONDS = 1.0
# A contact is noted at most this often.
_NOTE_AFTER = timedelta(seconds=60)
log = structlog.get_logger(__name__)


@job(name="mailbox.read_mail")
def read_mail(mail_id: str) -> None:
    """Take one stored mail apart."""
    from zhiren.mailbox import services  # it defers this job, so it cannot be imported above

    services.read_mail(mail_id=UUID(mail_id), at=clock.now())


@beside_the_worker
def keep_watch(stop: threading.Event) -> None:
    """Watch every active mailbox, each in a thread of its own, until told to stop.

    Of several workers one holds a mailbox, by a lock of its database connection; if it dies, another takes over.
    """
    held: dict[UUID, threading.Thread] = {}
    while not stop.is_set():
        try:
            wanted = queries.active_account_ids()
        except DatabaseError as error:
            log.warning("mailboxes_unknown", reason=type(error).__name__)
            connection.close()
            wanted = []
        for account_id in wanted:
            if account_id not in held or not held[account_id].is_alive():
                held[account_id] = threading.Thread(
                    target=hold, args=(account_id, stop), name=f"mailbox {account_id}", daemon=True
                )
                held[account_id].start()
        close_old_connections()
        stop.wait(ROUND_SECONDS)
    for thread in held.values():
        thread.join(1)
    connection.close()


def hold(account_id: UUID, stop: threading.Event) -> None:
    """Read one mailbox until it is switched off or `stop` is set; return at once if another worker does."""
    try:
        if not queries.try_to_hold(account_id):
            return
        while not stop.is_set():
            account = queries.account_by_id(account_id)
            if account is None or not account.is_active:
                return
            if account.try_at and account.try_at > clock.now():
                stop.wait(ROUND_SECONDS)
                continue
            visit(account, stop)
    except DatabaseError as error:
        log.warning("mailbox_let_go", account=str(account_id), reason=type(error).__name__)
    except Exception:  # a defect of ours must not become a hot loop, and must not hide
        log.exception("mailbox_failed", account=str(account_id))
        _note_failure(account_id, "defect", lasting=True)
    finally:
        connection.close()  # which lets the mailbox go


def visit(account: MailAccount, stop: threading.Event) -> None:
    """Open a mailbox, take in what lies there, and stay as long as the server can call; note how it went."""
    try:
        with channels.postman().open(signing_in.box_to_open(account, at=clock.now())) as session:
            _stay(account, session, stop)
    except Unavailable as error:
        log.info("mailbox_unavailable", account=str(account.pk), problem=error.problem)
        lasting = error.lasting
        if error.problem == "token_refused":  # one that was held for a while may just have been called in
            lasting = signing_in.forget(account.pk, at=clock.now())
        _note_failure(account.pk, error.problem, lasting=lasting)


def _stay(account: MailAccount, session: Session, stop: threading.Event) -> None:
    from zhiren.mailbox import services

    services.begin_session(account_id=account.pk, uid_validity=session.uid_validity)
    box, noted = queries.box_of(account), None
    while not stop.is_set():
        now = queries.account_by_id(account.pk)
        if now is None or not now.is_active or queries.box_of(now) != box:
            return
        _look(now, session, stop)
        _mark(now, session)
        waits = now.uses_idle and session.can_wait
        busy = queries.is_waiting(now)
        at = clock.now()
        if not waits and not busy:
            services.note_contact(
                account_id=now.pk, at=at, behind=0, look_again_at=at + timedelta(minutes=now.poll_minutes)
            )
            return
        if noted is None or now.failing_since or at - noted > _NOTE_AFTER:
            services.note_contact(account_id=now.pk, at=at, behind=0)
            noted = at
        if waits:
            session.wait(BUSY_SECONDS if busy else WAIT_SECONDS)
        else:
            stop.wait(BUSY_SECONDS)


def _look(account: MailAccount, session: Session, stop: threading.Event) -> None:
    """Take in every mail that lies there and is new, one after the other, oldest first."""
    from zhiren.mailbox import services

    lying = session.lying(after_uid=account.last_uid, since=account.since)
    for number, mail in enumerate(lying):
        if stop.is_set():
            return
        too_large = mail.size > services.MOST_BYTES
        raw = None if too_large else session.fetch(mail.uid)
        head = (session.fetch_head(mail.uid) or b"") if too_large else b""
        services.take_in(
            account_id=account.pk,
            uid_validity=session.uid_validity,
            lying=mail,
            raw=raw,
            head=head,
            at=clock.now(),
        )
        if number % 20 == 19:
            services.note_contact(account_id=account.pk, at=clock.now(), behind=len(lying) - number - 1)


def _mark(account: MailAccount, session: Session) -> None:
    """Tell the server which mails were dealt with, and note that it was told."""
    from zhiren.mailbox import services

    if account.after == MailAccount.After.LEAVE:
        return
    done = queries.to_mark(account, session.uid_validity)
    if not done:
        return
    uids = [uid for _mail_id, uid in done]
    if account.after == MailAccount.After.MOVE:
        session.move(uids, folder=account.move_to)
    else:
        session.mark_seen(uids)
    services.mark_on_server(mail_ids=[mail_id for mail_id, _uid in done], at=clock.now())


def _note_failure(account_id: UUID, problem: str, *, lasting: bool) -> None:
    from zhiren.mailbox import services

    services.note_failure(account_id=account_id, at=clock.now(), problem=problem, lasting=lasting)
