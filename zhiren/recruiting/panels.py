"""What recruiting adds to the page of a person."""

from django.utils.translation import gettext_lazy as _

from zhiren.people.mergeparts import merge_parts
from zhiren.people.panels import Panel, panels
from zhiren.recruiting import permissions
from zhiren.recruiting.merging import Applications

panels.add(
    "recruiting",
    Panel(
        slot="side",
        title=_("Applications"),
        url_name="recruiting:of_person",
        permission=permissions.VIEW_CANDIDATES,
        order=10,
    ),
)
merge_parts.add("recruiting", Applications())
