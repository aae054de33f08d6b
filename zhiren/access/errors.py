"""The refusals of this app."""

from django.utils.translation import gettext_lazy as _

from zhiren.kernel.refusals import Conflict, Forbidden, Invalid


class LinkSpent(Conflict):
    """A sign-in link works once, and for a while."""

    code = "access.link_spent"
    message = _("This sign-in link was used already or has expired. Ask your administrator for a new one.")


class UserExists(Conflict):
    """Mail addresses are unique."""

    code = "access.user_exists"
    message = _("There is a user with this mail address already. Nothing was changed.")


class ScopeIncomplete(Invalid):
    """A department or entity scope must name which."""

    code = "access.scope_incomplete"
    message = _("Please choose the department or the legal entity that this role reaches. Nothing was changed.")


class OwnRights(Forbidden):
    """Nobody raises their own rights."""

    code = "access.own_rights"
    message = _("You cannot change your own roles. Ask another administrator.")
