"""What a role may be allowed to do with the company's structure."""

from django.utils.translation import gettext_lazy as _

from zhiren.plumbing.permissions import permission

VIEW = permission("org.view", _("See the organisation"))
MANAGE = permission("org.manage", _("Change the organisation"))
