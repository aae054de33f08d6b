"""The kind for whatever has no app of its own: a heading, what and why, what it costs."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from zhiren.approvals import services
from zhiren.approvals.kinds import Cancelling, Description, Field, Kind, Line, kinds
from zhiren.approvals.models import Request
from zhiren.approvals.queries import asking_of_user
from zhiren.kernel.actors import Actor
from zhiren.kernel.ids import new_id
from zhiren.kernel.money import Money

CODE = "general"


def ask(*, actor: Actor, at: datetime, title: str, text: str, cost: Money | None = None) -> Request:
    """Ask for something in one's own words; `cost` is what it would cost."""
    values: dict[str, Any] = {"title": title.strip()[:100], "text": text.strip()[:2000]}
    if cost is not None:
        values |= {"cost": float(cost.amount), "cost_minor": cost.amount_minor, "currency": cost.currency}
    employment_id = asking_of_user(actor.user_id, at).employment_id if actor.user_id else None
    return services.submit_request(
        actor=actor, at=at, kind=CODE, subject_id=new_id(), values=values, employment_id=employment_id
    )


def _described(values: Any) -> Description:
    lines = [Line(_("What and why"), values["text"])]
    if "cost_minor" in values:
        lines.append(Line(pgettext("request", "Cost"), Money(values["cost_minor"], values["currency"]).format()))
    return Description(values["title"], lines)


kinds.add(
    CODE,
    Kind(
        title=gettext_lazy("Something else"),
        icon="message-square-text",
        describe=_described,
        steps=({"ask": ["manager"]},),
        fields=(Field("cost", pgettext_lazy("request", "Cost")),),
        cancelling=Cancelling.FREELY,
    ),
)
