"""The refusals of this app."""

from django.utils.translation import gettext_lazy as _

from zhiren.kernel.refusals import Conflict


class NameTaken(Conflict):
    """Names are unique where they stand side by side."""

    code = "org.name_taken"
    message = _("There is already one with this name here. Nothing was changed.")


class OwnAncestor(Conflict):
    """A tree has no circles."""

    code = "org.own_ancestor"
    message = _("A department cannot lie below itself. Nothing was changed.")
