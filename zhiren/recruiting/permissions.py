"""What a role may be allowed to do in recruiting."""

from django.utils.translation import gettext_lazy as _

from zhiren.plumbing.permissions import permission

VIEW_OPENINGS = permission("recruiting.view_openings", _("See openings"))
MANAGE_OPENINGS = permission("recruiting.manage_openings", _("Create, publish and close openings"))
VIEW_CANDIDATES = permission("recruiting.view_candidates", _("See candidates"))
MOVE_CANDIDATES = permission("recruiting.move_candidates", _("Move candidates between stages"))
ADD_CANDIDATES = permission("recruiting.add_candidates", _("Upload résumés"))
EXPORT_CANDIDATES = permission("recruiting.export_candidates", _("Export candidates"))
