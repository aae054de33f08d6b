"""What a role may be allowed to do in screening."""

from django.utils.translation import gettext_lazy as _

from zhiren.plumbing.permissions import permission

VIEW = permission("screening.view", _("See what candidates' résumés say to the conditions"))
SET_CONDITIONS = permission("screening.set_conditions", _("Set the hard conditions of openings"))
SETTLE = permission("screening.settle", _("Put candidates aside and bring them back"))
