"""The events of this app in words."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import dateformat, timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from zhiren.conversation import permissions, queries, words
from zhiren.conversation.events import (
    MessageFailed,
    MessageSent,
    MessageUncertain,
    PromiseBroken,
    PromiseKept,
    PromiseMade,
)
from zhiren.conversation.models import Message
from zhiren.kernel.actors import Actor
from zhiren.people.vault import open_vaults
from zhiren.timeline.telling import Told, look_up, tells

_MESSAGE = gettext_lazy("Message")
_PROMISE = gettext_lazy("Promise")


def _messages(ids: Sequence[UUID], actor: Actor) -> tuple[dict[UUID, Message], dict[UUID, queries.Words]]:
    """Return messages and, for whom they are to be read by, what they say."""
    rows = look_up("messages", queries.messages_by_id, ids)
    if not actor.may(permissions.VIEW):
        return rows, {}
    wanted = [rows[one] for one in ids if one in rows]
    return rows, queries.words_of(wanted, keys=lambda who: look_up("keys of persons", open_vaults, who))


def _told(text: str, message: Message | None, said: dict[UUID, queries.Words]) -> Told:
    if message is None or message.pk not in said:
        return Told(text)
    link = reverse("conversation:message", args=[message.pk]) if message.person_id else ""
    return Told(text, quote=said[message.pk].subject, link=link)


def _colleague(message: Message | None) -> str:
    return message.to_user.name if message and message.to_user else ""


@tells(MessageSent, icon="mail", label=_MESSAGE)
def sent(events: Sequence[MessageSent], actor: Actor) -> list[Told]:
    """Tell what was sent, and to which colleague if it was not to the person."""
    rows, said = _messages([event.message_id for event in events], actor)
    told = []
    for event in events:
        message = rows.get(event.message_id)
        if event.to_user_id:
            text = _("Reminded %(name)s by mail") % {"name": _colleague(message)}
        elif event.automatic:
            text = _("Sent a mail by itself: %(template)s") % {"template": words.template_name(message)}
        else:
            text = _("Sent a mail")
        told.append(_told(text, message, said))
    return told


@tells(MessageFailed, icon="mail-x", label=_MESSAGE)
def failed(events: Sequence[MessageFailed], actor: Actor) -> list[Told]:
    """Tell what could not be sent, and why."""
    rows, said = _messages([event.message_id for event in events], actor)
    return [
        _told(
            _("A mail was not sent. %(problem)s") % {"problem": words.problem(event.problem)},
            rows.get(event.message_id),
            said,
        )
        for event in events
    ]


@tells(MessageUncertain, icon="mail-question-mark", label=_MESSAGE)
def uncertain(events: Sequence[MessageUncertain], actor: Actor) -> list[Told]:
    """Tell what may or may not have gone out."""
    rows, said = _messages([event.message_id for event in events], actor)
    text = _("It is uncertain whether a mail went out. Please decide.")
    return [_told(text, rows.get(event.message_id), said) for event in events]


@tells(PromiseMade, icon="handshake", label=_PROMISE)
def promised(events: Sequence[PromiseMade], actor: Actor) -> list[Told]:
    """Tell what was promised by when."""
    del actor
    rows = queries.promises_by_id([event.promise_id for event in events])
    return [
        Told(
            _("Promised by %(when)s: %(what)s")
            % {"when": on_the_day(rows[event.promise_id].due_at), "what": words.promise(event.what)}
            if event.promise_id in rows
            else _("Promised: %(what)s") % {"what": words.promise(event.what)}
        )
        for event in events
    ]


@tells(PromiseKept, icon="badge-check", label=_PROMISE)
def kept(events: Sequence[PromiseKept], actor: Actor) -> list[Told]:
    """Tell that the person heard from us."""
    del actor
    return [
        Told((_("Kept late: %(what)s") if event.late else _("Kept: %(what)s")) % {"what": words.promise(event.what)})
        for event in events
    ]


@tells(PromiseBroken, icon="circle-alert", label=_PROMISE)
def broken(events: Sequence[PromiseBroken], actor: Actor) -> list[Told]:
    """Tell that the date passed without a word from us."""
    del actor
    return [
        Told(_("The date passed without a word from us: %(what)s") % {"what": words.promise(event.what)})
        for event in events
    ]


def on_the_day(moment: datetime) -> str:
    """Return a promised moment as its day and time in the reader's zone."""
    here = timezone.localtime(moment)
    if (get_language() or "").startswith("zh"):
        return f"{here.month}月{here.day}日 {here:%H:%M}"
    return dateformat.format(here, "j M, H:i")
