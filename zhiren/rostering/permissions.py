"""What a role may be allowed to do with shifts and rosters."""

from django.utils.translation import gettext_lazy as _

from zhiren.plumbing.permissions import permission

VIEW = permission("rostering.view", _("See shifts, groups and who works when"))
MANAGE = permission("rostering.manage", _("Change shifts, groups and who works when"))
