"""What this app adds to the page of a person, and to the menu."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhiren.interviews import permissions, queries
from zhiren.interviews.models import Scorecard
from zhiren.kernel.actors import Actor
from zhiren.people.panels import Panel, panels
from zhiren.plumbing import menu
from zhiren.talent.panels import Panel as Comparison
from zhiren.talent.panels import panels as comparison

panels.add(
    "interviews",
    Panel(slot="tab", title=_("Interviews"), url_name="interviews:of_person", permission=permissions.VIEW, order=30),
)

comparison.add(
    "interviews", Comparison(title=_("Interviews"), url_name="interviews:compared", permission=permissions.VIEW)
)


@menu.counts("interviews:interviews")
def waiting(actor: Actor) -> QuerySet[Scorecard]:
    """Return the scorecards that wait for the reader."""
    return queries.waiting_for(actor)
