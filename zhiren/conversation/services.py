"""Every write to messages, templates and promises."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from zhiren.access import queries as access
from zhiren.conversation import jobs, permissions, queries, rules, shipped, texts
from zhiren.conversation.channels import Letter, Refused, Uncertain, carrier_of
from zhiren.conversation.envelopes import Envelope, concerns
from zhiren.conversation.errors import AlreadySettled, NoAddress, NothingToSay, TooLong, UnknownPlaceholder
from zhiren.conversation.events import (
    MessageFailed,
    MessageQueued,
    MessageSent,
    MessageUncertain,
    PromiseBroken,
    PromiseKept,
    PromiseMade,
    TemplateChanged,
)
from zhiren.conversation.models import Channel, Message, Promise, Template, TemplateVersion
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import NotFound
from zhiren.org import queries as org
from zhiren.people import queries as people
from zhiren.people.errors import PersonErased
from zhiren.plumbing import crypto
from zhiren.timeline.services import record

log = structlog.get_logger(__name__)

_TAKEN_UP_AT_ONCE = 200


# Writing --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def send_template(
    *,
    actor: Actor,
    at: datetime,
    template_key: str,
    business_key: str,
    values: Mapping[str, str],
    to_person: UUID | None = None,
    to_user: UUID | None = None,
    about_person: UUID | None = None,
    application_id: UUID | None = None,
    automatic: bool = True,
    not_before: datetime | None = None,
    words: tuple[str, str] | None = None,
) -> Message:
    """Write a message from a template's newest wording in the receiver's language, and have it sent.

    `words` (subject and text) take the place of the wording where somebody changed it for this once.

    Exactly one of `to_person` and `to_user` is given; a message to a user may be about a person. `business_key` says
    what the message is for: asking again for the same key returns the message there is. The names of receiver and
    company are filled in by themselves; a line whose value is missing is left out. Without an address the message is
    kept as failed.

    Raises:
        NotFound: there is no such template, or the actor may not see the person.
        NoTemplateText: the template has no wording.
    """
    if (to_person is None) == (to_user is None):
        raise ValueError("a message goes to a person or to a user")
    known = Message.objects.filter(business_key=business_key).first()
    if known:
        return known
    person_id = to_person or about_person
    person = people.get_person(actor, person_id) if person_id else None
    user = access.users_by_id([to_user]).get(to_user) if to_user else None
    if to_user and user is None:
        raise NotFound
    language = user.language if user else person.language if person else settings.LANGUAGE_CODE
    version = queries.version_for(template_key, language)
    message = Message(
        person_id=to_person,
        to_user_id=to_user,
        about_id=about_person if to_user else None,
        application_id=application_id,
        channel=version.template.channel,
        business_key=business_key,
        template_version=version,
        automatic=automatic,
        by=actor.user_id,
        language=version.language,
        queued_at=at,
        not_before=not_before,
    )
    if words:
        subject, body = rules.one_line(words[0]), rules.clean_text(words[1])[: rules.MAX_BODY]
    else:
        subject, body = queries.filled(version, values, person=person, user=user)
    return _queue(message, subject=subject, body=body)


@transaction.atomic
def write_message(
    *,
    actor: Actor,
    at: datetime,
    person_id: UUID,
    subject: str,
    body: str,
    business_key: str,
    application_id: UUID | None = None,
) -> Message:
    """Write to a person by hand, and have it sent; the same `business_key` sends once.

    Raises:
        NothingToSay: subject or body is empty.
        TooLong: the body is longer than a message may be.
        NoAddress: there is nowhere to send it to.
    """
    actor.require(permissions.WRITE)
    person = people.get_person(actor, person_id)
    known = Message.objects.filter(business_key=business_key).first()
    if known:
        return known
    subject, body = rules.one_line(subject), rules.clean_text(body)
    if not subject or not body:
        raise NothingToSay
    if len(body) > rules.MAX_BODY:
        raise TooLong(limit=rules.MAX_BODY)
    if not people.address_of(person.pk):
        raise NoAddress
    message = Message(
        person_id=person.pk,
        application_id=application_id,
        channel=Channel.MAIL,
        business_key=business_key,
        automatic=False,
        by=actor.user_id,
        language=person.language,
        queued_at=at,
    )
    return _queue(message, subject=subject, body=body)


def _queue(message: Message, *, subject: str, body: str) -> Message:
    """Store a new message and have it sent; of two with the same business key the second finds the first."""
    host = carrier_of(message.channel).host() or urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    message.message_id = rules.message_id(crypto.mac("message-id", message.business_key.encode()), host)
    message.next_try_at = message.not_before or message.queued_at + rules.LEASE
    Envelope(concerns(message)).seal(message, subject=subject, body=body)
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        known = Message.objects.filter(business_key=message.business_key).first()
        if known is None:
            raise
        return known
    _tell(MessageQueued, message, message.queued_at)
    if _address(message) is None:
        _fail(message, "no_address", "", at=message.queued_at)
    elif message.not_before is None or message.not_before <= message.queued_at:
        jobs.send.defer(message_id=str(message.pk))
    return message


def _tell(event: Callable[..., Any], message: Message, at: datetime, **more: object) -> None:
    version = message.template_version
    record(
        event(
            person_id=concerns(message),
            at=at,
            by=message.by,
            message_id=message.pk,
            channel=message.channel,
            automatic=message.automatic,
            template=version.template.key if version else "",
            application_id=message.application_id,
            to_user_id=message.to_user_id,
            **more,
        )
    )


def _address(message: Message) -> str | None:
    if message.person_id:
        return people.address_of(message.person_id)
    return message.to_user.email if message.to_user and message.to_user.is_active else None


# Sending --------------------------------------------------------------------------------------------------------------


def send_message(*, message_id: UUID, at: datetime) -> None:
    """Send a message that waits; safe to call at any time, any number of times, from any number of workers.

    That it is being sent is committed before anything leaves. Whoever finds it so, with nobody at work on it, knows
    that a worker died in between: the message goes out again with the same Message-ID, or waits for somebody to decide.
    Must not be called inside a transaction.
    """
    attempt = _claim(message_id, at)
    if attempt:
        _carry(message_id, attempt, at)


@transaction.atomic(durable=True)
def _claim(message_id: UUID, at: datetime) -> int:
    """Mark a message as being sent and return which attempt this is; 0 when there is nothing to do.

    Whoever is at work on a message holds its row's lock.
    """
    message = _rows().select_for_update(of=("self",), skip_locked=True).filter(pk=message_id).first()
    if message is None:
        return 0
    if message.state == Message.State.SENDING and not _may_resend(message):
        _mark_uncertain(message, at)
        return 0
    if message.state not in {Message.State.QUEUED, Message.State.SENDING}:
        return 0
    if not carrier_of(message.channel).is_ready():
        message.state, message.next_try_at = Message.State.QUEUED, at
        message.save(update_fields=["state", "next_try_at"])
        return 0
    message.state, message.sending_at, message.next_try_at = Message.State.SENDING, at, at + rules.LEASE
    message.attempts += 1
    message.save(update_fields=["state", "sending_at", "next_try_at", "attempts"])
    return message.attempts


@transaction.atomic(durable=True)
def _carry(message_id: UUID, attempt: int, at: datetime) -> None:
    """Hand the claimed message over and note what became of it."""
    rows = _rows().select_for_update(of=("self",))
    message = rows.filter(pk=message_id, state=Message.State.SENDING, attempts=attempt).first()
    if message is None:  # somebody else took it over in the moment between claim and lock
        return
    try:
        letter = _letter(message)
        carrier_of(message.channel).send(letter)
    except PersonErased:
        _fail(message, "erased", "", at=at)
    except Refused as refusal:
        detail = rules.one_line(refusal.detail.replace(_address(message) or "\0", "…"), 300)
        _put_off(message, refusal.problem, detail, permanent=refusal.permanent, at=at)
    except Uncertain:
        if _may_resend(message):
            _put_off(message, "lost", "", permanent=False, at=at)
        else:
            _mark_uncertain(message, at)
    else:
        message.state, message.sent_at, message.error, message.error_text = Message.State.SENT, at, "", ""
        message.save(update_fields=["state", "sent_at", "error", "error_text"])
        _tell(MessageSent, message, at)


def _rows() -> QuerySet[Message]:
    return Message.objects.select_related("template_version__template", "to_user", "person")


def _may_resend(message: Message) -> bool:
    version = message.template_version
    return rules.may_resend(version.template.on_unknown if version else None)


def _letter(message: Message) -> Letter:
    """Return a message as it goes out; Refused when there is nowhere to send it to."""
    address = _address(message)
    if address is None:
        raise Refused("no_address", permanent=True)
    subject, body = Envelope(concerns(message)).open(message)
    company = org.company()
    from_name = (company.name_en if message.language == "en" else "") or company.name
    writer = access.users_by_id([message.by]).get(message.by) if message.by and not message.automatic else None
    before = queries.last_sent_before(message)
    receiver = message.person.root.name if message.person else message.to_user.name if message.to_user else ""
    return Letter(
        to_address=address,
        to_name=rules.one_line(receiver),
        from_name=rules.one_line(from_name),
        reply_to=writer.email if writer else "",
        subject=subject,
        text=body,
        html=texts.as_html(body, subject=subject, sender=from_name, language=message.language),
        message_id=message.message_id,
        in_reply_to=before.message_id if before else "",
        at=message.queued_at,
        automatic=message.automatic,
        language=message.language,
    )


def _put_off(message: Message, problem: str, detail: str, *, permanent: bool, at: datetime) -> None:
    wait = None if permanent else rules.retry_after(message.attempts)
    if wait is None:
        _fail(message, problem if permanent else "gave_up", detail, at=at)
        return
    message.state, message.next_try_at = Message.State.QUEUED, at + wait
    message.error, message.error_text = problem, detail
    message.save(update_fields=["state", "next_try_at", "error", "error_text"])


def _fail(message: Message, problem: str, detail: str, *, at: datetime) -> None:
    message.state, message.error, message.error_text = Message.State.FAILED, problem, detail
    message.save(update_fields=["state", "error", "error_text"])
    _tell(MessageFailed, message, at, problem=problem)


def _mark_uncertain(message: Message, at: datetime) -> None:
    message.state, message.error = Message.State.UNKNOWN, "lost"
    message.save(update_fields=["state", "error"])
    _tell(MessageUncertain, message, at)


@transaction.atomic
def take_up_messages(at: datetime) -> int:
    """Have every message sent whose time has come, as far as mail is set up; return how many."""
    ready = [channel for channel in Channel.values if carrier_of(channel).is_ready()]
    rows = Message.objects.select_for_update(skip_locked=True).filter(
        state__in=[Message.State.QUEUED, Message.State.SENDING], channel__in=ready, next_try_at__lte=at
    )
    due = list(rows.order_by("next_try_at")[:_TAKEN_UP_AT_ONCE]) if ready else []
    for message in due:
        message.next_try_at = at + rules.LEASE
        message.save(update_fields=["next_try_at"])
        jobs.send.defer(message_id=str(message.pk))
    return len(due)


@transaction.atomic
def confirm_delivery(*, actor: Actor, at: datetime, message_id: UUID) -> Message:
    """Note that a message of uncertain fate did arrive.

    Raises:
        AlreadySettled: its fate is known.
    """
    message = queries.lock_message(actor, message_id)
    if message.state != Message.State.UNKNOWN:
        raise AlreadySettled
    message.state, message.sent_at, message.error, message.error_text = (
        Message.State.SENT,
        message.sending_at or at,
        "",
        "",
    )
    message.save(update_fields=["state", "sent_at", "error", "error_text"])
    _tell(MessageSent, message, at)
    return message


@transaction.atomic
def resend_message(*, actor: Actor, at: datetime, message_id: UUID) -> Message:
    """Send a message again that failed or whose fate is uncertain, with the same Message-ID.

    Raises:
        AlreadySettled: it is not in such a state.
        NoAddress: there is still nowhere to send it to.
    """
    message = queries.lock_message(actor, message_id)
    if message.state not in {Message.State.UNKNOWN, Message.State.FAILED}:
        raise AlreadySettled
    if _address(message) is None:
        raise NoAddress
    message.state, message.attempts, message.error, message.error_text = Message.State.QUEUED, 0, "", ""
    message.next_try_at = at + rules.LEASE
    message.save(update_fields=["state", "attempts", "error", "error_text", "next_try_at"])
    jobs.send.defer(message_id=str(message.pk))
    return message


# Templates ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_template(
    *, actor: Actor, at: datetime, template_key: str, language: str, subject: str, text: str
) -> TemplateVersion:
    """Add a new wording of a template in one language; the same words again add nothing.

    Raises:
        UnknownPlaceholder: it names something that cannot be filled in.
        NothingToSay: subject or text is empty.
        TooLong: the text is longer than a message may be.
    """
    actor.require(permissions.MANAGE_TEMPLATES)
    template = Template.objects.select_for_update().filter(key=template_key).first()
    if template is None or language not in queries.LANGUAGES:
        raise NotFound
    subject, text = rules.one_line(subject), rules.clean_text(text)
    if not subject or not text:
        raise NothingToSay
    if len(text) > rules.MAX_BODY:
        raise TooLong(limit=rules.MAX_BODY)
    unknown = texts.unknown_placeholder(subject) or texts.unknown_placeholder(text)
    if unknown:
        raise UnknownPlaceholder(name=unknown[:60])
    newest = queries.versions_of(template, language).first()
    if newest and (newest.subject, newest.text) == (subject, text):
        return newest
    version = TemplateVersion.objects.create(
        template=template,
        language=language,
        number=newest.number + 1 if newest else 1,
        subject=subject,
        text=text,
        created_at=at,
        by=actor.user_id,
    )
    record(TemplateChanged(at=at, by=actor.user_id, template=template.key, language=language, number=version.number))
    return version


@transaction.atomic
def ensure_shipped_templates(*, at: datetime) -> int:
    """Add the shipped templates that are missing and our newer wordings; what somebody changed stays theirs."""
    return shipped.put(Template.objects, TemplateVersion.objects, at=at)


# Promises -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def make_promise(
    *,
    at: datetime,
    person_id: UUID,
    application_id: UUID | None,
    what: str,
    due_at: datetime,
    key: str,
    message_id: UUID | None = None,
) -> Promise:
    """Note that a person was told a date by which they hear from us; the same `key` makes one promise."""
    promise, new = Promise.objects.get_or_create(
        key=key,
        defaults={
            "person_id": person_id,
            "application_id": application_id,
            "what": what,
            "due_at": due_at,
            "made_at": at,
            "message_id": message_id,
        },
    )
    if new:
        record(PromiseMade(person_id=person_id, at=at, promise_id=promise.pk, what=what, application_id=application_id))
    return promise


@transaction.atomic
def keep_promises(*, at: datetime, person_id: UUID, application_id: UUID | None, what: str | None = None) -> int:
    """Note that a person heard from us: every promise made to them before `at` is kept; return how many.

    With an application only those about it, with `what` only those of that kind. One that was broken stays broken, but
    the wait is over.
    """
    ids = people.same_person_ids(person_id)
    rows = Promise.objects.select_for_update().filter(person_id__in=ids, kept_at__isnull=True, made_at__lt=at)
    if application_id:
        rows = rows.filter(application_id=application_id)
    if what:
        rows = rows.filter(what=what)
    promises = list(rows.order_by("made_at"))
    for promise in promises:
        late = promise.state == Promise.State.BROKEN or promise.due_at < at
        if promise.state == Promise.State.OPEN:
            promise.state = Promise.State.KEPT
        promise.kept_at = at
        promise.save(update_fields=["state", "kept_at"])
        record(
            PromiseKept(
                person_id=promise.person_id,
                at=at,
                promise_id=promise.pk,
                what=promise.what,
                application_id=promise.application_id,
                late=late,
            )
        )
    return len(promises)


def keep_promises_by_message(*, message_id: UUID, at: datetime) -> None:
    """Keep the promises that a message settles: one written by hand, or from a template that tells the next step."""
    message = Message.objects.select_related("template_version__template").filter(pk=message_id).first()
    if message is None or message.person_id is None:
        return
    version = message.template_version
    if not message.automatic or (version and version.template.keeps_promises):
        keep_promises(at=at, person_id=message.person_id, application_id=message.application_id)


@transaction.atomic
def break_promises(at: datetime) -> int:
    """Note which promised dates have passed without a word; return how many."""
    rows = Promise.objects.select_for_update(skip_locked=True).filter(state=Promise.State.OPEN, due_at__lt=at)
    promises = list(rows.order_by("due_at")[:_TAKEN_UP_AT_ONCE])
    for promise in promises:
        promise.state = Promise.State.BROKEN
        promise.save(update_fields=["state"])
        record(
            PromiseBroken(
                person_id=promise.person_id,
                at=promise.due_at,
                promise_id=promise.pk,
                what=promise.what,
                application_id=promise.application_id,
            )
        )
    return len(promises)
