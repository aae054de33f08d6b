"""What this app adds to the page of a person, and to the menu."""

from django.utils.translation import gettext_lazy as _

from zhiren.interviews import permissions, queries
from zhiren.kernel.actors import Actor
from zhiren.people.panels import Panel, panels
from zhiren.plumbing import menu

panels.add(
    "interviews",
    Panel(slot="tab", title=_("Interviews"), url_name="interviews:of_person", permission=permissions.VIEW, order=30),
)


@menu.counts("interviews:interviews")
def waiting(actor: Actor) -> int:
    """Return how many scorecards wait for the reader."""
    return queries.waiting_for(actor)
