"""What this app adds to the page of a person."""

from django.utils.translation import gettext_lazy as _

from zhiren.conversation import permissions
from zhiren.people.panels import Panel, panels

panels.add(
    "conversation",
    Panel(
        slot="tab",
        title=_("Conversation"),
        url_name="conversation:of_person",
        permission=permissions.VIEW,
        order=20,
    ),
)
panels.add(
    "compose",
    Panel(
        slot="compose",
        title=_("Write"),
        url_name="conversation:compose",
        permission=permissions.WRITE,
        order=10,
    ),
)
