"""What attendance adds to the page of a person."""

from django.utils.translation import gettext_lazy as _

from zhiren.people import permissions
from zhiren.people.panels import Panel, panels

panels.add(
    "own_attendance",
    Panel(
        slot="past_attendance",
        title=_("Our own records"),
        url_name="attendance:own_records",
        permission=permissions.VIEW_PAST_ATTENDANCE,
    ),
)
