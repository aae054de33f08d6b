"""What a role may be allowed to do in Today."""

from django.utils.translation import gettext_lazy as _

from zhiren.plumbing.permissions import permission

USE = permission("today.use", _("Work through one's own follow-ups"))
VIEW_TEAM = permission("today.view_team", _("See and settle the follow-ups of the team"))
