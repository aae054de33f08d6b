"""What a role may be allowed to do with requests. One's own, and those one is asked about, need no permission."""

from django.utils.translation import gettext_lazy as _

from zhiren.plumbing.permissions import permission

VIEW = permission("approvals.view", _("See everybody's requests and how they were decided"))
MANAGE = permission("approvals.manage", _("Say who must approve what, and stand in for somebody who is away"))
