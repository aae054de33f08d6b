"""What a role may be allowed to do with users."""

from django.utils.translation import gettext_lazy as _

from zhiren.plumbing.permissions import permission

MANAGE_USERS = permission("access.manage_users", _("Invite users and give them roles"))
