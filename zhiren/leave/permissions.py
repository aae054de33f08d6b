"""What a role may be allowed to do with leave."""

from django.utils.translation import gettext_lazy as _

from zhiren.plumbing.permissions import permission

USE = permission("leave.use", _("Ask for leave, see one's own balances"))
VIEW = permission("leave.view", _("See who is on leave, and what leave is left"))
MANAGE = permission("leave.manage", _("Ask for leave for others, correct their balances"))
CONFIGURE = permission("leave.configure", _("Set up types of leave and how they are earned"))
