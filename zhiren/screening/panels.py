"""What screening adds to the page of a person."""

from django.utils.translation import gettext_lazy as _

from zhiren.people.panels import Panel, panels
from zhiren.screening import permissions

panels.add(
    "screening",
    Panel(
        slot="side", title=_("Hard conditions"), url_name="screening:of_person", permission=permissions.VIEW, order=20
    ),
)
