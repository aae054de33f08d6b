"""The refusals of this app."""

from django.utils.translation import gettext_lazy as _

from zhiren.kernel.refusals import Invalid


class DefinitionInvalid(Invalid):
    """What was entered makes no playbook."""

    code = "playbooks.definition_invalid"
    message = _("This cannot be saved: %(problem)s. Nothing was changed.")
