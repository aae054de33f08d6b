"""What the apps above add to the page of a person; each part is loaded from its own URL."""

from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from zhiren.kernel.actors import Actor
from zhiren.kernel.registry import Registry
from zhiren.people import permissions


@dataclass(frozen=True)
class Panel:
    """A part of the person's page: a tab, a side card, the place to write in, or a part of the card of past attendance.

    `url_name` takes `person_id`.
    """

    slot: Literal["tab", "side", "compose", "past_attendance"]
    title: Any
    url_name: str
    permission: str
    order: int = 50


panels: Registry[Panel] = Registry("panel")


def panels_for(actor: Actor, slot: str) -> list[tuple[str, Panel]]:
    """Return the panels of a slot that this actor may see, in order, each with its key."""
    found = [(key, panel) for key, panel in panels.items() if panel.slot == slot and actor.may(panel.permission)]
    return sorted(found, key=lambda item: item[1].order)


panels.add(
    "past_attendance",
    Panel(
        slot="side",
        title=_("Past attendance"),
        url_name="people:past_attendance",
        permission=permissions.VIEW_PAST_ATTENDANCE,
        order=70,
    ),
)
panels.add(
    "sameness",
    Panel(slot="side", title=_("Same person"), url_name="people:sameness", permission=permissions.MERGE, order=80),
)
