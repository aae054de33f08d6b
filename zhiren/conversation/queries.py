"""Every read of messages, templates and promises."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery

from zhiren.conversation import permissions, texts
from zhiren.conversation.channels import carrier_of
from zhiren.conversation.envelopes import Envelope, concerns
from zhiren.conversation.errors import NoTemplateText
from zhiren.conversation.models import Channel, Message, Promise, Template, TemplateVersion
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import NotFound
from zhiren.org import queries as org
from zhiren.people import queries as people
from zhiren.people.vault import Vault, open_vaults
from zhiren.plumbing.models import one

if TYPE_CHECKING:
    from zhiren.access.models import User
    from zhiren.people.models import Person

LANGUAGES = ("zh-hans", "en")


# Messages -------------------------------------------------------------------------------------------------------------


def messages_visible_to(actor: Actor) -> QuerySet[Message]:
    """Return the messages to the persons this actor may see."""
    rows = Message.objects.filter(person__isnull=False)
    if not actor.may(permissions.VIEW):
        return rows.none()
    return rows.filter(person__in=people.records_visible_to(actor))


def get_message(actor: Actor, message_id: UUID) -> Message:
    """Return one message with its person and template; NotFound as ever."""
    return one(
        messages_visible_to(actor).select_related("person__merged_into", "template_version__template"), message_id
    )


def lock_message(actor: Actor, message_id: UUID) -> Message:
    """Return one message to a person this actor may write to, locked until the transaction ends."""
    actor.require(permissions.WRITE)
    return one(Message.objects.select_for_update().filter(pk__in=messages_visible_to(actor).values("pk")), message_id)


def messages_of(actor: Actor, person_id: UUID) -> QuerySet[Message]:
    """Return the messages to one person, newest first; page by `queued_at`, `id`. NotFound as ever."""
    actor.require(permissions.VIEW)
    rows = Message.objects.filter(person_id__in=people.same_person_ids(people.get_person(actor, person_id).pk))
    return rows.select_related("template_version__template").order_by("-queued_at", "-id")


@dataclass(frozen=True)
class Words:
    """What a message says."""

    subject: str
    body: str


def words_of(
    messages: Iterable[Message], *, keys: Callable[[Collection[UUID]], Mapping[UUID, Vault]] = open_vaults
) -> dict[UUID, Words]:
    """Return what visible messages say, by message: one query, unless `keys` knows the vaults of the persons already.

    Messages of a person whose key was destroyed are left out.
    """
    by_person: dict[UUID | None, list[Message]] = defaultdict(list)
    for message in messages:
        by_person[concerns(message)].append(message)
    found: dict[UUID, Words] = {}
    vaults = keys([person_id for person_id in by_person if person_id])
    for person_id, group in by_person.items():
        if person_id is None or person_id in vaults:
            envelope = Envelope(person_id, vaults.get(person_id) if person_id else None)
            found.update({message.pk: Words(*envelope.open(message)) for message in group})
    return found


@dataclass(frozen=True)
class Line:
    """A message with what it says; `blocks` are the paragraphs and lists of its body."""

    message: Message
    subject: str
    blocks: list[texts.Block]


def lines_of(messages: Iterable[Message]) -> list[Line]:
    """Return visible messages with their words, in order; those that can no longer be read are left out."""
    rows = list(messages)
    said = words_of(rows)
    return [Line(row, said[row.pk].subject, texts.blocks(said[row.pk].body)) for row in rows if row.pk in said]


def messages_by_id(message_ids: Iterable[UUID]) -> dict[UUID, Message]:
    """Return messages by id, for telling about a visible person."""
    return Message.objects.select_related("template_version__template", "to_user").in_bulk(list(message_ids))


@dataclass(frozen=True)
class Said:
    """A message as its receiver knows it."""

    subject: str
    body: str
    at: datetime


def said_to_candidate(application_id: UUID, *, person_id: UUID | None = None) -> list[Said]:
    """Return what a candidate was sent, newest first, whoever asks: for their own link.

    That is all about the application and, with the person, what they were written without naming one.
    """
    wanted = Q(application_id=application_id, person__isnull=False)
    if person_id:
        wanted |= Q(application_id__isnull=True, person_id__in=people.same_person_ids(person_id))
    messages = list(Message.objects.filter(wanted, state=Message.State.SENT).order_by("-sent_at", "-id"))
    words = words_of(messages)
    return [
        Said(words[row.pk].subject, words[row.pk].body, row.sent_at)
        for row in messages
        if row.pk in words and row.sent_at
    ]


def said_with(person_ids: Iterable[UUID]) -> dict[UUID, list[Words]]:
    """Return what was said with each of these persons, newest first, whoever asks: for the search index.

    What a template said to everybody is left out. One query, and one for each person who is in it.
    """
    rows = Message.objects.filter(person_id__in=list(person_ids)).exclude(
        direction=Message.Direction.OUT, automatic=True
    )
    messages = list(rows.order_by("-queued_at", "-id"))
    words = words_of(messages)
    found: dict[UUID, list[Words]] = {}
    for row in messages:
        if row.person_id and row.pk in words:
            found.setdefault(row.person_id, []).append(words[row.pk])
    return found


def last_sent_before(message: Message) -> Message | None:
    """Return the last message that the same receiver got before this one was written."""
    rows = Message.objects.filter(state=Message.State.SENT, queued_at__lt=message.queued_at)
    if message.person_id:
        rows = rows.filter(person_id__in=people.same_person_ids(message.person_id))
    else:
        rows = rows.filter(to_user_id=message.to_user_id)
    return rows.order_by("-queued_at", "-id").first()


def mail_is_ready() -> bool:
    """Tell whether outgoing mail is set up."""
    return carrier_of(Channel.MAIL).is_ready()


def waiting_count() -> int:
    """Return how many messages wait to be sent, for the notice that mail is not set up."""
    return Message.objects.filter(state=Message.State.QUEUED).count()


# Templates ------------------------------------------------------------------------------------------------------------


def templates_visible_to(actor: Actor) -> QuerySet[Template]:
    """Return the templates, in the order of a candidate's way, each with when it was changed last."""
    rows = Template.objects.order_by("position", "key").annotate(changed_at=Max("versions__created_at"))
    return rows if actor.may(permissions.VIEW_TEMPLATES) else rows.none()


def get_template(actor: Actor, key: str) -> Template:
    """Return one template; NotFound if there is none, or this actor may not see any."""
    found = templates_visible_to(actor).filter(key=key).first()
    if found is None:
        raise NotFound
    return found


def versions_of(template: Template, language: str) -> QuerySet[TemplateVersion]:
    """Return a visible template's wordings in a language, newest first."""
    return template.versions.filter(language=language).order_by("-number")


def newest_versions(templates: Iterable[Template]) -> dict[tuple[UUID, str], TemplateVersion]:
    """Return the newest wording of visible templates by template and language, in one query."""
    newest = TemplateVersion.objects.filter(template=OuterRef("template"), language=OuterRef("language"))
    rows = TemplateVersion.objects.filter(template__in=list(templates)).annotate(
        last=Subquery(newest.order_by("-number").values("number")[:1])
    )
    return {(row.template_id, row.language): row for row in rows.filter(number=F("last"))}


def version_for(template_key: str, language: str) -> TemplateVersion:
    """Return the newest wording of a template in a language, else in another one, whoever asks.

    Raises:
        NotFound: there is no such template.
        NoTemplateText: it has no wording at all.
    """
    template = Template.objects.filter(key=template_key).first()
    if template is None:
        raise NotFound
    rows = TemplateVersion.objects.select_related("template").filter(template=template).order_by("-number")
    found = rows.filter(language=language).first() or rows.first()
    if found is None:
        raise NoTemplateText(key=template_key)
    return found


def filled(
    version: TemplateVersion, values: Mapping[str, str], *, person: Person | None = None, user: User | None = None
) -> tuple[str, str]:
    """Return subject and text of a wording with its values; the names of receiver and company come by themselves.

    A line whose value is missing is left out.
    """
    company, english = org.company(), version.language == "en"
    known = {
        "company_name": (company.name_en if english else "") or company.name,
        "candidate_name": person.name if person else "",
        "recipient_name": ((user.name_en if english else "") or user.name) if user else "",
        **{name: str(value) for name, value in values.items() if value},
    }
    return texts.fill_line(version.subject, known), texts.fill(version.text, known)


def placeholders() -> tuple[str, ...]:
    """Return what a template may ask to have filled in."""
    return texts.PLACEHOLDERS


# Promises -------------------------------------------------------------------------------------------------------------


def promises_visible_to(actor: Actor) -> QuerySet[Promise]:
    """Return the promises made to persons this actor may see."""
    rows = Promise.objects.all()
    if not actor.may(permissions.VIEW):
        return rows.none()
    return rows.filter(person__in=people.records_visible_to(actor))


def promises_of(actor: Actor, person_id: UUID) -> QuerySet[Promise]:
    """Return the promises made to one person, newest first; NotFound for a person one may not see."""
    actor.require(permissions.VIEW)
    records = people.records_of(people.get_person(actor, person_id).pk)
    return Promise.objects.filter(person__in=records).order_by("-made_at", "-id")


def open_promises(application_id: UUID) -> QuerySet[Promise]:
    """Return what a candidate waits for in an application, nearest date first, whoever asks: for their own link."""
    rows = Promise.objects.filter(application_id=application_id, state=Promise.State.OPEN)
    return rows.order_by("due_at", "id")


def promises_by_id(promise_ids: Iterable[UUID]) -> dict[UUID, Promise]:
    """Return promises by id, for telling about a visible person."""
    return Promise.objects.in_bulk(list(promise_ids))
