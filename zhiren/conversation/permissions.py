"""What a role may be allowed to do with messages."""

from django.utils.translation import gettext_lazy as _

from zhiren.plumbing.permissions import permission

VIEW = permission("conversation.view", _("Read what was written to persons"))
WRITE = permission("conversation.write", _("Write to persons"))
VIEW_TEMPLATES = permission("conversation.view_templates", _("See templates"))
MANAGE_TEMPLATES = permission("conversation.manage_templates", _("Change templates"))
