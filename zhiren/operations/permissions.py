"""What a role may be allowed to do with the installation itself."""

from django.utils.translation import gettext_lazy as _

from zhiren.plumbing.permissions import permission

VIEW_HEALTH = permission("operations.view_health", _("See how the system is doing"))
VIEW_CAUGHT_MAIL = permission("operations.view_caught_mail", _("Read the mail that the sandbox caught"))
