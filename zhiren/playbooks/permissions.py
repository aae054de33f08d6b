"""What a role may be allowed to do with playbooks."""

from django.utils.translation import gettext_lazy as _

from zhiren.plumbing.permissions import permission

VIEW = permission("playbooks.view", _("See what the system does by itself"))
MANAGE = permission("playbooks.manage", _("Switch playbooks on and off and change them"))
