"""What Today adds to the page of a person."""

from django.utils.translation import gettext_lazy as _

from zhiren.people.panels import Panel, panels
from zhiren.today import permissions

panels.add("today", Panel("side", _("To be done"), "today:of_person", permissions.USE, order=10))
