"""What a role may be allowed to do with incoming mail."""

from django.utils.translation import gettext_lazy as _

from zhiren.plumbing.permissions import permission

VIEW = permission("mailbox.view", _("See received mail that is not filed"))
FILE = permission("mailbox.file", _("File received mail, or put it aside"))
MANAGE_ACCOUNTS = permission("mailbox.manage_accounts", _("Set up the mailboxes that are read"))
